"""Qualtrics' older CSV export: two header records, the second with the questions' texts."""

from __future__ import annotations

from pipeline.config import ColumnMapping
from pipeline.ingest.dialects.qualtrics import STATUS, QualtricsDialect

DIALECT = QualtricsDialect(
    title="Qualtrics' older export of responses",
    kind="survey",
    signature=("ResponseID", "ResponseSet", STATUS),
    columns=ColumnMapping(
        record_id="ResponseID",
        customer_id="ExternalDataReference",
        written_at="EndDate",
        known_values=("Name", "EmailAddress"),
    ),
    also_read=(STATUS,),
    personal=("IPAddress", "LocationLatitude", "LocationLongitude", "LocationAccuracy"),
    about=("StartDate", "Finished"),
    header_records=1,
    note="the header does not tell which questions are open: the settings name them",
)
