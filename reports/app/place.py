"""Where the explorer answers: on this machine alone, or on other machines to whoever knows a token."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

from pipeline.errors import ConfigError

LOOPBACK = "127.0.0.1"
FIRST_PORT, PORTS = 8510, 20
LEAST_TOKEN = 16  # characters
NOT_STARTED = "the explorer was not started"


@dataclass(frozen=True, slots=True)
class Place:
    """An IPv4 address of this machine, a port of it, and the token that has to be given there.

    `port` None means the first free one; `token` None asks for none.

    Raises
    ------
    ConfigError
        It is no such address; it is not the loopback and there is no token; or the token is too short.
    """

    address: str = LOOPBACK
    port: int | None = None
    token: str | None = None

    def __post_init__(self) -> None:
        """Refuse a place that is open to anybody."""
        try:
            is_loopback = ipaddress.IPv4Address(self.address).is_loopback
        except ValueError as error:
            raise ConfigError(
                f"--address is {self.address!r}; expected an IPv4 address of this machine, such as 0.0.0.0",
                next_command="heartline explore",
                left_undone=NOT_STARTED,
            ) from error
        if self.token is None and not is_loopback:
            raise ConfigError(
                f"{self.address} answers other machines, and customers' words are to be read there: "
                "expected a token",
                next_command="HEARTLINE_EXPLORE_TOKEN=... heartline explore --address " + self.address,
                left_undone=NOT_STARTED,
            )
        if self.token is not None and len(self.token) < LEAST_TOKEN:
            raise ConfigError(
                f"the token has {len(self.token)} characters; expected {LEAST_TOKEN} or more",
                next_command="python -c 'import secrets; print(secrets.token_urlsafe())' makes one",
                left_undone=NOT_STARTED,
            )

    @property
    def hosts(self) -> list[str]:
        """Names by which a browser may call it: any where a token is asked for, which no name replaces."""
        return [LOOPBACK, "localhost", self.address] if self.token is None else ["*"]

    def free_port(self) -> int:
        """`port`, or the first free one from 8510 on.

        Raises
        ------
        ConfigError
            It is taken, or all twenty are; or the address is none of this machine's.
        """
        ports = [self.port] if self.port else range(FIRST_PORT, FIRST_PORT + PORTS)
        for port in ports:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((self.address, port))
                except OSError:
                    continue
                return port
        several = f"ports {FIRST_PORT} to {FIRST_PORT + PORTS - 1} of {self.address} are"
        raise ConfigError(
            f"{f'port {self.port} of {self.address} is' if self.port else several} taken, or the address is "
            "none of this machine's",
            next_command="heartline explore --port NUMBER",
            left_undone=NOT_STARTED,
        )
