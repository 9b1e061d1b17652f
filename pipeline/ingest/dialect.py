"""What a dialect is: an export format that is recognised by its header, and read without a mapping."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pipeline.config import DIALECT_NAMES, ColumnMapping, Kind, RatingScale, SourceSettings
from pipeline.ingest.contract import ReadingRules, Row
from pipeline.ingest.table_file import folded

STARS = RatingScale(worst=1, best=5, missing=())
USUAL_LIMIT = 0.02


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one file in their order, and which of them holds what."""

    header: tuple[str, ...]
    columns: ColumnMapping

    def among(self, names: Iterable[str]) -> list[str]:
        """Those of some names that the file has, as it spells them."""
        wanted = {folded(name) for name in names}
        return [name for name in self.header if folded(name) in wanted]

    def ignored(self, dialect: Dialect) -> list[str]:
        """Columns that nothing is read from, and whose keys within keys neither; personal ones apart."""
        mapped = [name for names in self.columns.named().values() for name in names]
        used = {folded(name) for name in (*mapped, *dialect.also_read, *dialect.personal)}
        return [
            name
            for name in self.header
            if folded(name) not in used and not any(one.startswith(f"{folded(name)}.") for one in used)
        ]


@dataclass(frozen=True, kw_only=True)
class Dialect(ABC):
    """One export format.

    Parameters
    ----------
    title
        What people call it.
    kind
        Of its records: ticket, review or survey.
    signature
        Names that every such file has, compared without case; of JSON, dotted keys of its first record. Empty
        where a file cannot be told by its header.
    columns
        Which of its columns holds what. A file need not have all of them.
    also_read
        Columns beside these whose cells are read.
    personal
        Columns of personal data that are not read: they never leave the export.
    rating_scale, date_format, time_zone
        As in a source's settings, which go first.
    quarantine_limit
        Share of records that are known to be unreadable in good files.
    note
        What whoever reads such a file should know.
    """

    title: str
    kind: Kind
    signature: tuple[str, ...] = ()
    columns: ColumnMapping = field(default_factory=ColumnMapping)
    also_read: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    rating_scale: RatingScale | None = None
    date_format: str = "iso"
    time_zone: str = "UTC"
    quarantine_limit: float = USUAL_LIMIT
    note: str = ""

    @abstractmethod
    def read(self, path: Path, source: SourceSettings, rules: ReadingRules) -> Iterator[Row]:
        """Rows of one file, one per record, read as `with_defaults` has the source.

        Raises
        ------
        SourceError
            The file is none of this dialect.
        """

    @abstractmethod
    def layout(self, path: Path, source: SourceSettings) -> Layout:
        """Columns of a file, and which of them are read as what. Raises `SourceError` as `read`."""

    def proposed(self, path: Path) -> ColumnMapping | None:
        """Columns that a file's answers point to and the settings must name; None where all is known."""
        return None

    def with_defaults(self, source: SourceSettings) -> SourceSettings:
        """Source with the dialect's own scale, date format and zone where its settings give none."""
        given = source.model_fields_set
        own = {name: getattr(self, name) for name in ("rating_scale", "date_format", "time_zone")}
        missing = {
            name: value
            for name, value in own.items()
            if value != getattr(source, name) and (name not in given or getattr(source, name) is None)
        }
        return source.model_copy(update=missing)


def columns_among(header: Iterable[str], columns: ColumnMapping) -> ColumnMapping:
    """Mapping without the columns that a header does not have."""
    there = {folded(name) for name in header}
    found = columns.model_dump()
    for holds, names in columns.named().items():
        kept = tuple(name for name in names if folded(name) in there)
        found[holds] = kept if isinstance(found[holds], tuple) else next(iter(kept), None)
    return ColumnMapping.model_validate(found)


@cache
def all_dialects() -> Mapping[str, Dialect]:
    """Every dialect by its name: the file in `pipeline/ingest/dialects` that it stands in."""
    return {name: find_dialect(name) for name in sorted(DIALECT_NAMES)}


def find_dialect(name: str) -> Dialect:
    """Dialect of a name that the settings have checked."""
    found: Dialect = importlib.import_module(f"pipeline.ingest.dialects.{name}").DIALECT
    return found
