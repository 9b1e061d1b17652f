"""Dialects that are tables with a header: most of them are a signature, a mapping and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from pipeline.config import ColumnMapping, SourceSettings
from pipeline.ingest.contract import ReadingRules, Record, Rejection, Row
from pipeline.ingest.dialect import Dialect, Layout, columns_among
from pipeline.ingest.open_table import open_table
from pipeline.ingest.quotation import own_html, own_lines
from pipeline.ingest.table import RecordBuilder, mapped_columns, rows_of
from pipeline.ingest.table_file import Parsed, TableFile, folded


@dataclass(frozen=True, kw_only=True)
class TableDialect(Dialect):
    """A table with a header.

    Parameters
    ----------
    channel
        Of every record, where no column says it.
    is_mail
        Whether texts are bodies of mails: HTML or plain text, with quotations, which are taken out.
    header_records
        Records after the header that are none of customers.
    spelled
        Words in lower case that stand for values, by column.
    """

    channel: str | None = None
    is_mail: bool = False
    header_records: int = 0
    spelled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def read(self, path: Path, source: SourceSettings, rules: ReadingRules) -> Iterator[Row]:
        """Rows of one table; a column that the source maps itself must be there."""
        file = self.open(path, source)
        settled = self.settled(file, source)
        columns = settled.columns or ColumnMapping()
        return self.rows(file, RecordBuilder.of(file, settled, columns, rules))

    def layout(self, path: Path, source: SourceSettings) -> Layout:
        """Columns of one table, and which of them are read as what."""
        file = self.open(path, source)
        columns = self.settled(file, source).columns or ColumnMapping()
        for name in mapped_columns(columns):
            file.position(name)
        return Layout(file.columns, columns)

    def open(self, path: Path, source: SourceSettings) -> TableFile:
        """Open a table. Raises `SourceError` where it lacks a column of the signature."""
        wanted = [*self.signature, *mapped_columns(source.columns or self.columns)]
        file = open_table(path, wanted, source.encoding, source.sheet)
        for name in self.signature:
            file.position(name)
        return self.renamed(file)

    def renamed(self, file: TableFile) -> TableFile:
        """Table with the names that its columns are known by."""
        return file

    def settled(self, file: TableFile, source: SourceSettings) -> SourceSettings:
        """Source with the columns of this file: those it maps, and the dialect's own that are there."""
        own = columns_among(file.columns, self.columns)
        return source.model_copy(update={"columns": own.overridden_by(source.columns)})

    def rows(self, file: TableFile, builder: RecordBuilder) -> Iterator[Row]:
        """Row for each record of customers."""
        return (self.finished(row) for row in rows_of(self.lines(file), builder))

    def lines(self, file: TableFile) -> Iterator[Parsed]:
        """Lines of a file after all of its header records, words that stand for values as values."""
        lines = islice(file.lines(), self.header_records, None)
        places = {file.columns.index(name): self.spelled[one] for one, name in self._spelled_in(file)}
        return (_spelled_out(line, places) for line in lines) if places else lines

    def _spelled_in(self, file: TableFile) -> list[tuple[str, str]]:
        return [(one, name) for one in self.spelled for name in file.columns if folded(one) == folded(name)]

    def finished(self, row: Row) -> Row:
        """Record with what holds for all records of the dialect."""
        if not isinstance(row, Record):
            return row
        found = replace(row, channel=row.channel or self.channel)
        return replace(found, text=own_lines(own_html(found.text))) if self.is_mail else found


def _spelled_out(line: Parsed, places: Mapping[int, Mapping[str, str]]) -> Parsed:
    if isinstance(line, Rejection):
        return line
    cells = list(line.cells)
    for place, values in places.items():
        cells[place] = values.get(cells[place].strip().lower(), cells[place])
    return replace(line, cells=cells)
