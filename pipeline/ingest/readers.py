"""One entry to all readers: a file and its source in, rows out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.config import RatingScale, SourceSettings
from pipeline.ingest.contract import FileFacts, ReadingRules, Row
from pipeline.ingest.dialect import find_dialect
from pipeline.ingest.table import mapped_rows
from pipeline.ingest.table_file import TableFile

READERS_VERSION = "4"  # raise it when the same file may be read otherwise: loads are then redone
CLOCK_TOLERANCE = timedelta(days=1)  # a source's clock may run ahead, or its zone be misread


def read_rows(
    export: Path | TableFile,
    source: SourceSettings,
    *,
    not_after: datetime | None = None,
    digest: Callable[..., str] | None = None,
    facts: FileFacts | None = None,
) -> Iterator[Row]:
    """Rows of one export, one per input record, as they come.

    The header and the encoding are checked before this returns; rows are read as they are asked for.

    Parameters
    ----------
    export
        The file, or a table that is open: one of a database.
    source
        How it is to be read.
    not_after
        The latest moment a record may carry, aware; a day from now by default.
    digest
        Makes ids for records without one, texts in and hex out; give a keyed one where ids are published.
    facts
        Is given what the reader finds out beside the rows, before this returns.

    Raises
    ------
    SourceError
        The file cannot be read as its source declares it. It may also come while rows are read (an
        open quote): rows of the file given before it are then not to be kept.
    """
    rules = ReadingRules(
        not_after=not_after or datetime.now(UTC) + CLOCK_TOLERANCE,
        digest=digest or plain_digest,
        facts=facts or FileFacts(),
    )
    if isinstance(export, TableFile):
        return mapped_rows(export, source, rules)
    dialect = find_dialect(source.dialect)
    return dialect.read(export, dialect.with_defaults(source), rules)


def rating_scale_of(source: SourceSettings) -> RatingScale | None:
    """Scale of a source's ratings: the declared one, or the one its dialect always has."""
    return find_dialect(source.dialect).with_defaults(source).rating_scale


def plain_digest(*parts: str) -> str:
    """Digest of texts without a key: 32 hex digits of SHA-256, each part preceded by its length."""
    found = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        found.update(len(encoded).to_bytes(8, "big"))
        found.update(encoded)
    return found.hexdigest()[:32]
