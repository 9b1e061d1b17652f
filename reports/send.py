"""The digest to the addresses that the workspace names: the only thing of heartline's reports that sends."""

from __future__ import annotations

import hashlib
import logging
import os
from typing import Any

from models.errors import ExtraMissing
from pipeline.audit_log import note
from pipeline.errors import ConfigError, SendError
from pipeline.files import replace_file
from pipeline.store.work import open_work
from pipeline.variables import unset_variables
from pipeline.workspace import Workspace


def send(workspace: Workspace, title: str, html: str) -> int:
    """Send a digest by apprise; gives to how many addresses, 0 where all of them have this one already.

    Addresses are never shown or logged; an error names their place in the list.

    Raises
    ------
    ConfigError
        The settings name no address, one that apprise does not know, or a variable that is not set.
    ExtraMissing
        The extra `notify` is not installed.
    SendError
        An address did not take it. Those before it have it.
    StoreLocked
        A job holds the workspace, whose audit log the sending belongs into; nothing was sent.
    """
    addresses = _addresses(workspace)
    told = hashlib.sha256("\n".join((html, *addresses)).encode()).hexdigest().encode()
    if workspace.sent_file.is_file() and workspace.sent_file.read_bytes() == told:
        return 0
    services = [_service(workspace, address, place) for place, address in enumerate(addresses, start=1)]
    with open_work(workspace) as connection:
        _send_to(services, title, html)
        replace_file(workspace.sent_file, told)
        note(workspace, "send", {"n_addresses": len(services), "digest": told.decode()}, connection)
    return len(addresses)


def _send_to(services: list[Any], title: str, html: str) -> None:
    for place, service in enumerate(services, start=1):
        if not service.notify(title=title, body=html, body_format="html"):
            raise SendError(
                f"address {place} of {len(services)} in [notify] urls did not take the digest",
                left_undone=f"sent to the {place - 1} before it only; the digest itself is written",
                next_command="heartline alert --send",
            )


def _addresses(workspace: Workspace) -> list[str]:
    """The addresses with variables filled in."""
    given = [url.get_secret_value() for url in workspace.settings.notify.urls]
    if not given:
        raise _wrong(workspace, "names no address under [notify] urls", "add one, as its template shows")
    unset = [name for url in given for name in unset_variables(url)]
    if unset:
        finding = f"has ${unset[0]} in [notify] urls, and the environment does not set it"
        raise _wrong(workspace, finding, f"export {unset[0]}=...")
    return [os.path.expandvars(url) for url in given]


def _service(workspace: Workspace, address: str, place: int) -> Any:
    """One address as apprise sends to it, without pictures from outside and without a word on the log."""
    try:
        import apprise
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            "the digest is sent by apprise, which is not installed",
            left_undone="nothing was sent; the digest itself is written",
            next_command="pip install 'heartline[notify]', then heartline alert --send",
        ) from error
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    asset = apprise.AppriseAsset(app_id="heartline", app_url="", image_url_mask="", image_url_logo="")
    service = apprise.Apprise(asset=asset)
    if not service.add(address):
        finding = f"has an address under [notify] urls, number {place}, that apprise does not know"
        raise _wrong(workspace, finding, "correct it, then heartline alert --send")
    return service


def _wrong(workspace: Workspace, finding: str, next_command: str) -> ConfigError:
    return ConfigError(
        f"{workspace.config_file} {finding}",
        left_undone="nothing was sent; the digest itself is written",
        next_command=next_command,
    )
