"""One entry to all readers: a file and its source in, rows out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.config import RatingScale, SourceSettings
from pipeline.ingest.contract import Reader, ReadingRules, Row
from pipeline.ingest.google_play import STARS, read_google_play
from pipeline.ingest.qualtrics import read_qualtrics
from pipeline.ingest.table import read_table
from pipeline.ingest.zendesk import read_zendesk

READERS: Mapping[str, Reader] = {
    "google_play": read_google_play,
    "qualtrics": read_qualtrics,
    "table": read_table,
    "zendesk": read_zendesk,
}
CLOCK_TOLERANCE = timedelta(days=1)  # a source's clock may run ahead, or its zone be misread


def read_rows(
    path: Path,
    source: SourceSettings,
    *,
    not_after: datetime | None = None,
    digest: Callable[..., str] | None = None,
) -> Iterator[Row]:
    """Rows of one file, one per input record, as they come.

    The header and the encoding are checked before this returns; rows are read as they are asked for.

    Parameters
    ----------
    path
        The export.
    source
        How it is to be read.
    not_after
        The latest moment a record may carry, aware; a day from now by default.
    digest
        Makes ids for records without one, texts in and hex out; give a keyed one where ids are published.

    Raises
    ------
    SourceError
        The file cannot be read as its source declares it. It may also come while rows are read (an
        open quote): rows of the file given before it are then not to be kept.
    """
    rules = ReadingRules(
        not_after=not_after or datetime.now(UTC) + CLOCK_TOLERANCE, digest=digest or plain_digest
    )
    return READERS[source.dialect](path, source, rules)


def rating_scale_of(source: SourceSettings) -> RatingScale | None:
    """Scale of a source's ratings: the declared one, or the one its dialect always has."""
    if source.rating_scale is None and source.dialect == "google_play":
        return STARS
    return source.rating_scale


def plain_digest(*parts: str) -> str:
    """Digest of texts without a key: 32 hex digits of SHA-256, each part preceded by its length."""
    found = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        found.update(len(encoded).to_bytes(8, "big"))
        found.update(encoded)
    return found.hexdigest()[:32]
