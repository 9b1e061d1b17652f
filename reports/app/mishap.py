"""Where something fails, its class and place are told: its message may hold a customer's words."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reports.app.inert import paragraph

_log = logging.getLogger(__name__)


@contextmanager
def view() -> Iterator[None]:
    """Draws a view; where that fails, a sentence stands in its place and the page around it stays."""
    try:
        yield
    except Exception as error:
        _log.exception("A view could not be made")
        paragraph(f"This view could not be made ({type(error).__name__}). The console says where it failed.")


def log_places_alone() -> None:
    """From here on whatever this process logs of an error, by any library, is its class and place."""
    make = logging.getLogRecordFactory()

    def made(*args: Any, **more: Any) -> logging.LogRecord:
        record = make(*args, **more)
        if record.exc_info and record.exc_info[1]:
            record.msg, record.args, record.exc_info = place(record.exc_info[1]), (), None
        return record

    logging.setLogRecordFactory(made)


def place(error: BaseException) -> str:
    """Class of an error, and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    return f"{type(error).__name__} at {where}"
