"""`heartline explore`: the explorer, on this machine's own address unless another is asked for."""

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

from pipeline.errors import ContractError
from reports.app.place import NOT_STARTED, Place
from reports.charts import look

if TYPE_CHECKING:
    from streamlit.web.server import Server

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
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.allowRunOnSave": False,
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


def serve(published_file: Path, place: Place, say: Callable[[str], None]) -> None:
    """Serve the explorer until it is told to stop.

    Parameters
    ----------
    published_file
        The file to explore; opened here first, so that what is wrong with it is said at once.
    place
        Where to serve it, and to whom.
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
    from altair.utils.schemapi import disable_debug_mode
    from streamlit import config
    from streamlit.web.server import Server

    from reports.app import gate
    from reports.app.mishap import log_places_alone

    port = place.free_port()
    served = {"server.address": place.address, "server.port": port, "server.allowedHosts": place.hosts}
    config.get_config_options(force_reparse=True, options_from_flags=OPTIONS | served)
    disable_debug_mode()  # a chart is not checked against its schema at every click: the tests do that
    ask_nobody()
    gate.ask_for(place.token)
    _warm(published_file)
    sys.setswitchinterval(TURN_SECONDS)
    log_places_alone()
    sys.argv = [str(SCRIPT), str(published_file)]
    server = Server(str(SCRIPT), is_hello=False)
    asyncio.run(_until_stopped(server, lambda: say(f"http://{place.address}:{port}")))


def ask_nobody() -> None:
    """Keep Streamlit from asking the network for this machine's addresses.

    It does when a page of another origin knocks, to see whether that origin is its own: here no other is.
    """
    from streamlit import net_util

    net_util.get_external_ip = net_util.get_internal_ip = lambda: None


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
            left_undone=NOT_STARTED,
        ) from error
