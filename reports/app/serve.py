"""`heartline explore`: the explorer on this machine's own address, for nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import io
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError, ContractError
from reports.charts import look

if TYPE_CHECKING:
    from streamlit.web.server import Server

ADDRESS = "127.0.0.1"
PORT, PORTS = 8510, 20
TURN_SECONDS = 0.0005  # after which a page being drawn lets the server answer; Python's 5 ms are felt
SCRIPT = Path(__file__).parent.with_name("explorer.py")
FONT = "Helvetica Neue, Arial, Liberation Sans, sans-serif"

OPTIONS: dict[str, object] = {
    "global.developmentMode": False,
    "logger.hideWelcomeMessage": True,
    "logger.level": "error",
    "logger.enableRich": False,
    "client.showErrorDetails": "type",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "client.disableDataExport": True,
    "client.allowedOrigins": [],
    "runner.magicEnabled": False,
    "server.address": ADDRESS,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.allowRunOnSave": False,
    "server.allowedHosts": [ADDRESS, "localhost"],
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "browser.gatherUsageStats": False,
    "theme.base": "light",
    "theme.primaryColor": look.STANDARD,
    "theme.backgroundColor": look.PAPER,
    "theme.secondaryBackgroundColor": "#f5f2eb",
    "theme.textColor": look.INK,
    "theme.borderColor": look.HAIRLINE,
    "theme.font": FONT,
    "theme.baseRadius": "small",
}


def serve(published_file: Path, port: int | None, say: Callable[[str], None]) -> None:
    """Serve the explorer until it is told to stop.

    Parameters
    ----------
    published_file
        The file to explore; opened here first, so that what is wrong with it is said at once.
    port
        The port to serve on; None for the first free one.
    say
        Called with the address once the explorer answers there.

    Raises
    ------
    StoreMissing
        Nothing has been published yet.
    ContractError
        The file has another schema, or lacks a table or a column.
    ConfigError
        The port is taken.
    """
    from streamlit import config
    from streamlit.web.server import Server

    from reports.app.mishap import log_places_alone

    chosen = free_port(port)
    config.get_config_options(force_reparse=True, options_from_flags={**OPTIONS, "server.port": chosen})
    _warm(published_file)
    sys.setswitchinterval(TURN_SECONDS)
    log_places_alone()
    sys.argv = [str(SCRIPT), str(published_file)]
    asyncio.run(
        _until_stopped(Server(str(SCRIPT), is_hello=False), lambda: say(f"http://{ADDRESS}:{chosen}"))
    )


def free_port(wanted: int | None) -> int:
    """`wanted`, or the first free port from 8510 on.

    Raises
    ------
    ConfigError
        It is taken, or all twenty are.
    """
    ports = [wanted] if wanted else range(PORT, PORT + PORTS)
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, port))
            except OSError:
                continue
            return port
    raise ConfigError(
        f"port {ports[0]} of {ADDRESS} is taken"
        if wanted
        else f"ports {PORT} to {PORT + PORTS - 1} of {ADDRESS} are taken",
        next_command="heartline explore --port NUMBER",
        left_undone="the explorer was not started",
    )


async def _until_stopped(server: Server, started: Callable[[], None]) -> None:
    await server.start()
    _answer_at_once(server)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, server)
    started()
    await server.stopped


def _answer_at_once(server: Server) -> None:
    """Send what is ready without waiting for the browser's receipt of what went before.

    Streamlit's socket does wait, and a browser takes 40 ms for a receipt: two seconds in the sixty files of
    a first page.
    """
    listening = getattr(server._starlette_server, "_socket", None)
    if listening is not None:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _stop(server: Server) -> None:
    """End the server without its farewell, which fails where nobody reads the output any more."""
    with contextlib.redirect_stdout(io.StringIO()):
        server.stop()


def _warm(published_file: Path) -> None:
    """Open the file and import what the first page needs, before anybody waits for it."""
    import duckdb

    from reports.app import main
    from reports.app.snapshot import current

    try:
        main.warm(current(published_file))
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise ContractError(
            f"{published_file} cannot be explored: it lacks a table or a column of this version",
            next_command="heartline run",
            left_undone="the explorer was not started",
        ) from error
