"""Answers to the NHS Friends and Family Test, one record an answer; 1 is very good, 5 very poor."""

from __future__ import annotations

from pipeline.config import ColumnMapping, RatingScale
from pipeline.ingest.table_dialect import TableDialect

DIALECT = TableDialect(
    title="The NHS Friends and Family Test",
    kind="survey",
    signature=("Comment ID", "Trust", "Respondent ID", "FFT categorical answer", "FFT answer"),
    columns=ColumnMapping(
        text="FFT answer",
        record_id="Comment ID",
        customer_id="Respondent ID",
        written_at="Date",
        rating="FFT categorical answer",
        organisation="Trust",
        attributes=("Service type 1", "FFT question"),
    ),
    rating_scale=RatingScale(best=1, worst=5, missing=("6", "7")),
    date_format="%d/%m/%Y",
    time_zone="Europe/London",
    quarantine_limit=0.05,
    note="in the published file 289 of 7,908 dates have the month first and go to quarantine",
)
