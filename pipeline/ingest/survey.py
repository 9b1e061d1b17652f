"""Surveys, whose questions are columns: which of them people answered in their own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.config import ColumnMapping, SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.cells import UnfitCellError
from pipeline.ingest.dialect import columns_among
from pipeline.ingest.table import NPS
from pipeline.ingest.table_dialect import TableDialect
from pipeline.ingest.table_file import Line, TableFile, folded

LOOKED_AT = 500  # responses
OPEN_WORDS = 3

_RECOMMENDATION = re.compile(r"how likely.*recommend", re.IGNORECASE | re.DOTALL)
_CONTACT = re.compile(
    r"\b(e-?mail|phone|mobile|(first|last|full|your) name|address)\b|^name\b", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class SurveyDialect(TableDialect):
    """A survey's responses: one record each, its open answers joined in the order of the questions.

    Which questions are open must not depend on the answers that a file happens to hold, so it is read off
    its header records, or named in the settings; answers are looked at only to propose such settings.

    Parameters
    ----------
    about
        Columns about the response that are not read: no questions.
    """

    about: tuple[str, ...] = ()

    def told(self, file: TableFile) -> ColumnMapping:
        """What the header records say of the questions."""
        return ColumnMapping()

    def settled(self, file: TableFile, source: SourceSettings) -> SourceSettings:
        """Source with its questions. Raises `SourceError` where no question is known to be open."""
        given = self.told(file).overridden_by(source.columns)
        if not given.text:
            raise _no_question(file, self.by_answers(file))
        return super().settled(file, source.model_copy(update={"columns": given}))

    def proposed(self, path: Path) -> ColumnMapping | None:
        """Questions that the answers point to, where the header does not tell which are open."""
        file = self.open(path, SourceSettings(id="survey", kind="survey", files=(path.name,)))
        return None if self.told(file).text else self.by_answers(file)

    def by_answers(self, file: TableFile) -> ColumnMapping:
        """Questions by what was answered.

        Of the answers to an open question, in the first `LOOKED_AT` responses, half or more have `OPEN_WORDS`
        words or more, and half or more differ. The recommendation question asks how likely people are to
        recommend, and has 0 to 10. A question for a name or an address has personal data.
        """
        lines = [line for line in islice(self.lines(file), LOOKED_AT) if isinstance(line, Line)]
        answers = {
            name: [line.cells[place].strip() for line in lines if line.cells[place].strip()]
            for place, name in self._questions(file)
        }
        contacts = tuple(name for name in answers if _CONTACT.search(name))
        return ColumnMapping(
            text=tuple(name for name, found in answers.items() if name not in contacts and _is_open(found)),
            nps=next((name for name, found in answers.items() if _is_recommendation(name, found)), None),
            known_values=(*columns_among(file.columns, self.columns).known_values, *contacts),
        )

    def _questions(self, file: TableFile) -> Iterator[tuple[int, str]]:
        """Place and name of each column that is a question and the only one of its name."""
        names = [folded(name) for name in file.columns]
        own = {folded(name) for names in self.columns.named().values() for name in names}
        own |= {folded(name) for name in (*self.signature, *self.also_read, *self.personal, *self.about)}
        return (
            (place, file.columns[place])
            for place, name in enumerate(names)
            if name and name not in own and names.count(name) == 1
        )


def _is_open(answers: Sequence[str]) -> bool:
    n_long = sum(len(answer.split()) >= OPEN_WORDS for answer in answers)
    return bool(answers) and min(n_long, len(set(answers))) * 2 >= len(answers)


def _is_recommendation(name: str, answers: Sequence[str]) -> bool:
    try:
        return bool(_RECOMMENDATION.search(name) and [NPS.number(answer, name) for answer in answers])
    except UnfitCellError:
        return False


def _no_question(file: TableFile, found: ColumnMapping) -> SourceError:
    likely = f"; by their answers these look open: {', '.join(map(repr, found.text))}" if found.text else ""
    return SourceError(
        f"{file.name} does not tell which questions are open ones, and its source does not say which "
        f"question holds the text{likely}",
        left_undone="nothing of this file was read",
        next_command='set columns.text = ["..."] for the source, or: heartline ingest FILE --source auto',
        file=file.name,
    )
