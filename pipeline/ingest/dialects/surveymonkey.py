"""SurveyMonkey's CSV export: two header records, the question and its choice, condensed or expanded."""

from __future__ import annotations

from pipeline.config import ColumnMapping
from pipeline.errors import SourceError
from pipeline.ingest.html_text import plain_text
from pipeline.ingest.moments import AUTO
from pipeline.ingest.survey import SurveyDialect
from pipeline.ingest.table_file import Line, RenamedTable, TableFile

RESPONDENT = "Respondent ID"
OPEN_ANSWERS = ("open-ended response", "other (please specify)")
WHOLE_QUESTION = ("response", "open-ended response", "")


class _SurveyMonkey(SurveyDialect):
    """A column is known by its question, and by its choice where the question has several."""

    def renamed(self, file: TableFile) -> TableFile:
        """Table whose expanded questions have a name in every column: "Which of these? / Price"."""
        question, names = "", []
        for name, choice in zip(file.columns, self._choices(file), strict=True):
            question = plain_text(name) or question
            names.append(question if choice.lower() in WHOLE_QUESTION else f"{question} / {choice}")
        return RenamedTable(file.name, tuple(names), file)

    def told(self, file: TableFile) -> ColumnMapping:
        """Open questions: what was typed, also beside a choice."""
        pairs = zip(file.columns, self._choices(file), strict=True)
        return ColumnMapping(text=tuple(name for name, choice in pairs if choice.lower() in OPEN_ANSWERS))

    def _choices(self, file: TableFile) -> list[str]:
        line = next(file.lines(), None)
        if isinstance(line, Line) and not line.cells[0].strip():
            return [" ".join(plain_text(cell).split()) for cell in line.cells]
        raise SourceError(
            f"{file.name} does not have the two header records of a SurveyMonkey export (questions, choices)",
            left_undone="nothing of this file was read",
            next_command="export it again as All individual responses, or read it with dialect = 'table'",
            file=file.name,
        )


DIALECT = _SurveyMonkey(
    title="SurveyMonkey's export of individual responses",
    kind="survey",
    signature=(RESPONDENT, "Collector ID", "Start Date", "End Date"),
    columns=ColumnMapping(
        record_id=RESPONDENT,
        written_at="End Date",
        known_values=("Email Address", "First Name", "Last Name"),
    ),
    personal=("IP Address", "Custom Data 1"),
    about=("Collector ID", "Start Date"),
    date_format=AUTO,
    header_records=1,
    note="moments are in the account's time_zone; of dates such as 03/04/2026 the file must show the order",
)
