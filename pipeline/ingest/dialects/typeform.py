"""Typeform's CSV export: a column for each question, its text as the name, at times with HTML in it."""

from __future__ import annotations

from pipeline.config import ColumnMapping
from pipeline.ingest.html_text import plain_text
from pipeline.ingest.survey import SurveyDialect
from pipeline.ingest.table_file import RenamedTable, TableFile


class _Typeform(SurveyDialect):
    def renamed(self, file: TableFile) -> TableFile:
        """Table whose questions are plain text."""
        names = (" ".join(plain_text(name).split()) for name in file.columns)
        return RenamedTable(file.name, tuple(names), file)


DIALECT = _Typeform(
    title="Typeform's export of responses",
    kind="survey",
    signature=("#", "Submit Date (UTC)", "Network ID"),
    columns=ColumnMapping(record_id="#", written_at="Submit Date (UTC)"),
    about=("Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Tags"),
    personal=("Network ID",),
    note="the header does not tell which questions are open: the settings name them",
)
