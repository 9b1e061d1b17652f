"""Qualtrics' CSV and TSV exports: three header records, previews among the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.config import ColumnMapping, SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.contract import ReadingRules, Record, Rejection, Row
from pipeline.ingest.csv_file import CsvFile, Line, Parsed, open_csv
from pipeline.ingest.table import RecordBuilder, mapped_columns

STATUS = "Status"
FIRST_NAME, LAST_NAME, EMAIL = "RecipientFirstName", "RecipientLastName", "RecipientEmail"
PREVIEWS = frozenset({"survey preview", "survey test", "1", "2"})  # as labels and as codes

_OWN_COLUMNS = {
    "record_id": "ResponseId",
    "customer_id": "ExternalReference",
    "written_at": "RecordedDate",
    "channel": "DistributionChannel",
}


def read_qualtrics(path: Path, source: SourceSettings, rules: ReadingRules) -> Iterator[Row]:
    """One row per response. The source maps the questions: `text` at least, `nps` and attributes.

    Raises
    ------
    SourceError
        The source does not say which question holds the text, or the file is no Qualtrics export.
    """
    if source.columns is None:
        raise SourceError(
            f"source {source.id} does not say which question holds the text",
            left_undone=f"{path} was not read",
            next_command=f'set columns.text = "Q2" or the like for {source.id}, then: heartline ingest',
            file=str(path),
        )
    columns = _with_own_columns(source.columns)
    file = open_csv(path, [*mapped_columns(columns), STATUS])
    builder = RecordBuilder.of(file, source, columns, rules)
    lines = _after_header(file)
    status = file.position(STATUS)
    first, last = file.position(FIRST_NAME), file.position(LAST_NAME)
    return (_row(line, builder, status, (first, last)) for line in lines)


def _with_own_columns(columns: ColumnMapping) -> ColumnMapping:
    given = columns.model_dump(exclude_none=True)
    known = tuple(dict.fromkeys((*columns.known_values, EMAIL)))
    return ColumnMapping.model_validate({**_OWN_COLUMNS, **given, "known_values": known})


def _after_header(file: CsvFile) -> Iterator[Parsed]:
    """Pass to the responses: the question texts and the import ids, records two and three, are checked."""
    lines = file.lines()
    questions, import_ids = next(lines, None), next(lines, None)
    if not (
        isinstance(questions, Line)
        and isinstance(import_ids, Line)
        and import_ids.cells[0].lstrip().startswith('{"ImportId"')
    ):
        raise SourceError(
            f"{file.path} does not have the three header records of a Qualtrics export "
            "(names, questions, import ids)",
            left_undone="nothing of this file was read",
            next_command="export it again with labels and all header rows, or read it with dialect = 'table'",
            file=str(file.path),
        )
    return lines


def _row(line: Parsed, builder: RecordBuilder, status: int, names: tuple[int, int]) -> Row:
    if isinstance(line, Rejection):
        return line
    found = line.cells[status].strip()
    if found.lower() in PREVIEWS:
        return Rejection(
            line.number, builder.record_id(line), "survey preview", STATUS, found, "an answer of a customer"
        )
    row = builder.row(line)
    full_name = " ".join(" ".join(line.cells[place] for place in names).split())
    if isinstance(row, Record) and full_name:
        return replace(row, known_values=(full_name, *row.known_values))
    return row
