"""Qualtrics' CSV and TSV exports: three header records, previews and spam among the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.config import ColumnMapping, SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.bounded_json import UnfitJsonError, parse_json
from pipeline.ingest.contract import Record, Rejection, RejectionReason, Row
from pipeline.ingest.survey import SurveyDialect
from pipeline.ingest.table import RecordBuilder
from pipeline.ingest.table_file import Line, Parsed, TableFile

STATUS = "Status"
RECORDED = "RecordedDate"
FULL_NAME = ("RecipientFirstName", "RecipientLastName")
REASONS: Mapping[str, RejectionReason] = {  # as labels and as codes
    **dict.fromkeys(("survey preview", "1", "survey test", "2"), "survey preview"),
    **dict.fromkeys(("survey preview spam", "9", "offline survey preview", "17"), "survey preview"),
    **dict.fromkeys(("spam", "8", "imported spam", "12", "ex spam", "40"), "spam"),
}

_OPEN_QUESTION = re.compile(r"QID\d+(_\d+)*_TEXT")  # QID1_4_TEXT: what was typed beside a choice


class QualtricsDialect(SurveyDialect):
    """Responses among which previews, tests and spam stand."""

    def rows(self, file: TableFile, builder: RecordBuilder) -> Iterator[Row]:
        """Row for each response."""
        status = file.position(STATUS)
        names = [file.position(name) for name in FULL_NAME if name in file.columns]
        return (_row(line, builder, status, names) for line in self.lines(file))


class _Qualtrics(QualtricsDialect):
    """The third header record tells by its import ids which questions people answered in their own words."""

    def told(self, file: TableFile) -> ColumnMapping:
        """Open questions, and the one with the groups of a recommendation score beside it."""
        names = {str(found.get("ImportId")): name for name, found in _import_ids(file).items()}
        return ColumnMapping(
            text=tuple(names[one] for one in names if _OPEN_QUESTION.fullmatch(one)),
            nps=next((names[one] for one in names if f"{one}_NPS_GROUP" in names), None),
        )

    def settled(self, file: TableFile, source: SourceSettings) -> SourceSettings:
        """Source with its questions, and with the zone that the header names."""
        settled = super().settled(file, source)
        zone = _import_ids(file).get(RECORDED, {}).get("timeZone")
        if zone is None or "time_zone" in source.model_fields_set:
            return settled
        return settled.model_copy(update={"time_zone": "UTC" if zone == "Z" else zone})


DIALECT = _Qualtrics(
    title="Qualtrics' export of responses",
    kind="survey",
    signature=("ResponseId", RECORDED, STATUS, "DistributionChannel"),
    columns=ColumnMapping(
        record_id="ResponseId",
        customer_id="ExternalReference",
        written_at=RECORDED,
        channel="DistributionChannel",
        known_values=("RecipientEmail",),
    ),
    also_read=(STATUS, *FULL_NAME),
    personal=("IPAddress", "LocationLatitude", "LocationLongitude"),
    header_records=2,
)


def _import_ids(file: TableFile) -> dict[str, dict[str, Any]]:
    """Third header record by column: what Qualtrics calls each, and for moments their zone."""
    lines = file.lines()
    questions, import_ids = next(lines, None), next(lines, None)
    try:
        if isinstance(questions, Line) and isinstance(import_ids, Line):
            found = [parse_json(cell) for cell in import_ids.cells]
            if all(isinstance(one, dict) and "ImportId" in one for one in found):
                return dict(zip(file.columns, found, strict=True))
    except UnfitJsonError:
        pass
    raise SourceError(
        f"{file.name} does not have the three header records of a Qualtrics export "
        "(names, questions, import ids)",
        left_undone="nothing of this file was read",
        next_command="export it again with labels and all header rows, or read it with dialect = 'table'",
        file=file.name,
    )


def _row(line: Parsed, builder: RecordBuilder, status: int, names: Sequence[int]) -> Row:
    if isinstance(line, Rejection):
        return line
    found = line.cells[status].strip()
    reason = REASONS.get(found.lower())
    if reason:
        return Rejection(
            line.number, builder.record_id(line), reason, STATUS, found, "an answer of a customer"
        )
    row = builder.row(line)
    full_name = " ".join(" ".join(line.cells[place] for place in names).split())
    if isinstance(row, Record) and full_name:
        return replace(row, known_values=(full_name, *row.known_values))
    return row
