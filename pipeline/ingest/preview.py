"""The first records of a file as they would be read: redacted, and nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from pipeline.config import SourceSettings
from pipeline.ingest.contract import Rejection, Row
from pipeline.ingest.database_table import open_database
from pipeline.ingest.readers import read_rows
from pipeline.ingest.recognise import named_source
from pipeline.ingest.table_file import TableFile
from pipeline.redact.pseudonym import is_personal
from pipeline.redact.redactor import Redactor
from pipeline.workspace import Workspace

ROWS = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """One record. `outcome` is `read`, or why it goes to quarantine; personal ids are not shown."""

    number: int
    outcome: str
    record_id: str | None
    has_customer: bool = False
    written_at: datetime | None = None
    rating: float | None = None
    title: str = ""
    text: str = ""


def preview(export: Path | TableFile, source: SourceSettings, redactor: Redactor) -> list[Preview]:
    """First `ROWS` records of an export, in its order. Raises `SourceError` as the readers do."""
    return [_previewed(row, redactor) for row in islice(read_rows(export, source), ROWS)]


def preview_of(workspace: Workspace, source: SourceSettings, redactor: Redactor) -> list[Preview]:
    """First `ROWS` records of a source: of its first file, or of its table of a database."""
    if source.database is None:
        named = named_source(workspace, source)
        return preview(workspace.files_of(named)[0], named, redactor)
    with open_database(source, workspace.database_of(source)) as table:
        return preview(table, source, redactor)


def _previewed(row: Row, redactor: Redactor) -> Preview:
    if isinstance(row, Rejection):
        return Preview(row.number, row.reason, _shown(row.record_id))
    title = redactor.redact(row.title, row.known_values).text
    return Preview(
        number=row.number,
        outcome="read",
        record_id=_shown(row.record_id),
        has_customer=row.customer_id is not None,
        written_at=row.written_at,
        rating=row.rating,
        title=title,
        text=redactor.redact(row.text, row.known_values).text or title,
    )


def _shown(record_id: str | None) -> str | None:
    return "a keyed digest" if record_id and is_personal(record_id) else record_id
