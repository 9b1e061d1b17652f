"""Records from the lines of a table, by the columns that are mapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.config import ColumnMapping, RatingScale, SourceSettings
from pipeline.ingest.cells import Clock, Scale, UnfitCellError, label, prose
from pipeline.ingest.contract import ReadingRules, Record, Rejection, Row
from pipeline.ingest.day_order import settle_day_order
from pipeline.ingest.moments import AUTO
from pipeline.ingest.table_file import Line, Parsed, TableFile

NPS = Scale(0, 10)
CSAT = Scale(0, 1)
CES = Scale()


def mapped_rows(file: TableFile, source: SourceSettings, rules: ReadingRules) -> Iterator[Row]:
    """One row per record of a table that is open, by its source's mapping. Raises as `RecordBuilder.of`."""
    columns = source.columns or ColumnMapping()
    return rows_of(file.lines(), RecordBuilder.of(file, source, columns, rules))


def rows_of(lines: Iterator[Parsed], builder: RecordBuilder) -> Iterator[Row]:
    """One row per parsed line: rejections pass through."""
    for line in lines:
        yield line if isinstance(line, Rejection) else builder.row(line)


def mapped_columns(columns: ColumnMapping) -> list[str]:
    """Columns of a file that a mapping names."""
    return [name for names in columns.named().values() for name in names]


def _rating_range(scale: RatingScale | None) -> Scale:
    """Range that a source's ratings must lie in: any number where it declares none."""
    if scale is None:
        return Scale()
    return Scale(min(scale.worst, scale.best), max(scale.worst, scale.best), frozenset(scale.missing))


def _date_form(file: TableFile, source: SourceSettings, columns: ColumnMapping, rules: ReadingRules) -> str:
    """Form of a file's dates: the declared one, or what its dates tell."""
    if source.date_format != AUTO:
        return source.date_format
    order = settle_day_order(file, [name for name in (columns.written_at, columns.updated_at) if name])
    rules.facts.day_order = str(order)
    return order.form


@dataclass(frozen=True, slots=True)
class RecordBuilder:
    """Makes records of a table's lines. `places` gives each mapped column's place from 0."""

    names: ColumnMapping
    places: Mapping[str, int]
    header: Sequence[str]
    clock: Clock
    rating: Scale
    organisation: str | None
    rules: ReadingRules

    @classmethod
    def of(
        cls, file: TableFile, source: SourceSettings, columns: ColumnMapping, rules: ReadingRules
    ) -> RecordBuilder:
        """Make the builder for one file.

        Raises
        ------
        SourceError
            A mapped column is missing, or the order of day and month is to be told and cannot be.
        """
        rules.facts.columns = file.columns
        return cls(
            names=columns,
            places={name: file.position(name) for name in mapped_columns(columns)},
            header=file.columns,
            clock=Clock(
                _date_form(file, source, columns, rules), ZoneInfo(source.time_zone), rules.not_after
            ),
            rating=_rating_range(source.rating_scale),
            organisation=source.organisation,
            rules=rules,
        )

    def cell(self, line: Line, column: str | None) -> str:
        """Cell under a mapped column; empty where the column is not mapped."""
        return "" if column is None else line.cells[self.places[column]]

    def record_id(self, line: Line) -> str | None:
        """Give the record's own id; where none is mapped, a digest of all its cells, whatever their order."""
        if self.names.record_id is not None:
            return label(self.cell(line, self.names.record_id))
        pairs = sorted(zip(self.header, line.cells, strict=True))
        return self.rules.digest(*(part for pair in pairs for part in pair))

    def row(self, line: Line) -> Row:
        """Record on a line, or its rejection."""
        record_id = self.record_id(line)
        if record_id is None:
            return Rejection(line.number, None, "missing record id", self.names.record_id or "", "", "an id")
        try:
            return self._record(line, record_id)
        except UnfitCellError as unfit:
            return unfit.rejection(line.number, record_id)

    def _record(self, line: Line, record_id: str) -> Record:
        names = self.names
        return Record(
            number=line.number,
            record_id=record_id,
            customer_id=label(self.cell(line, names.customer_id)),
            thread_id=label(self.cell(line, names.thread_id)),
            written_at=self.clock.moment(self.cell(line, names.written_at), names.written_at or ""),
            updated_at=self.clock.moment(self.cell(line, names.updated_at), names.updated_at or ""),
            title=prose(self.cell(line, names.title), names.title or ""),
            text=self._text(line),
            rating=self.rating.number(self.cell(line, names.rating), names.rating or ""),
            nps=NPS.number(self.cell(line, names.nps), names.nps or ""),
            csat=CSAT.number(self.cell(line, names.csat), names.csat or ""),
            ces=CES.number(self.cell(line, names.ces), names.ces or ""),
            channel=label(self.cell(line, names.channel)),
            organisation=label(self.cell(line, names.organisation)) or self.organisation,
            attributes=self._attributes(line),
            known_values=self._known_values(line),
        )

    def _text(self, line: Line) -> str:
        """Answers of the mapped columns, a blank line between them."""
        answers = (prose(self.cell(line, name), name) for name in self.names.text)
        return "\n\n".join(answer for answer in answers if answer)

    def _attributes(self, line: Line) -> dict[str, str]:
        found = {name.lower(): label(self.cell(line, name)) for name in self.names.attributes}
        return {name: value for name, value in found.items() if value is not None}

    def _known_values(self, line: Line) -> tuple[str, ...]:
        found = (label(self.cell(line, name)) for name in self.names.known_values)
        return tuple(value for value in found if value is not None)
