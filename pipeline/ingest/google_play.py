"""Google Play's monthly reviews: UTF-16, the id only in the link, edited reviews a second time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import ColumnMapping, RatingScale, SourceSettings
from pipeline.ingest.cells import Clock, UnfitCellError, shown
from pipeline.ingest.contract import ReadingRules, Record, Rejection, Row
from pipeline.ingest.csv_file import Line, Parsed, open_csv
from pipeline.ingest.table import RecordBuilder, mapped_columns

CHANNEL = "google_play"
STARS = RatingScale(worst=1, best=5, missing=())
LINK = "Review Link"
SUBMITTED = ("Review Submit Millis Since Epoch", "Review Submit Date and Time")
UPDATED = ("Review Last Update Millis Since Epoch", "Review Last Update Date and Time")

_COLUMNS = ColumnMapping(
    text="Review Text",
    title="Review Title",
    rating="Star Rating",
    attributes=("App Version Name", "Reviewer Language"),
    known_values=(),
)
_REVIEW_ID = re.compile(r"(?:reviewId|ReviewPlace:id)=([^&#\s]+)", re.IGNORECASE)


def read_google_play(path: Path, source: SourceSettings, rules: ReadingRules) -> Iterator[Row]:
    """One row per review. Stars without words are records with an empty text.

    Times are those in milliseconds, which are UTC. A review without a link, as Google writes for some
    without words, gets a digest of its cells as its id.

    Raises
    ------
    SourceError
        The file is no such export.
    """
    file = open_csv(path, [*mapped_columns(_COLUMNS), LINK, *SUBMITTED, *UPDATED])
    settings = source.model_copy(update={"rating_scale": source.rating_scale or STARS})
    reader = _Reviews(
        builder=RecordBuilder.of(file, settings, _COLUMNS, rules),
        clock=Clock("iso", ZoneInfo("UTC"), rules.not_after),
        link=file.position(LINK),
        submitted=(file.position(SUBMITTED[0]), file.position(SUBMITTED[1])),
        updated=(file.position(UPDATED[0]), file.position(UPDATED[1])),
    )
    return (reader.row(line) for line in file.lines())


@dataclass(frozen=True, slots=True)
class _Reviews:
    """What Google's columns need beyond a mapping. Pairs are the places of milliseconds and of a date."""

    builder: RecordBuilder
    clock: Clock
    link: int
    submitted: tuple[int, int]
    updated: tuple[int, int]

    def row(self, line: Parsed) -> Row:
        """Record of one line, or why it is none."""
        if isinstance(line, Rejection):
            return line
        row = self.builder.row(line)
        if isinstance(row, Rejection):
            return replace(row, record_id=self._review_id(line) or row.record_id)
        record_id = self._review_id(line) or row.record_id
        try:
            return self._dated(row, record_id, line)
        except UnfitCellError as unfit:
            return unfit.rejection(line.number, record_id)

    def _dated(self, row: Record, record_id: str, line: Line) -> Record:
        return replace(
            row,
            record_id=record_id,
            channel=CHANNEL,
            written_at=self._moment(line, self.submitted, SUBMITTED),
            updated_at=self._moment(line, self.updated, UPDATED),
        )

    def _review_id(self, line: Line) -> str | None:
        found = _REVIEW_ID.search(line.cells[self.link])
        return found.group(1) if found else None

    def _moment(self, line: Line, places: tuple[int, int], names: tuple[str, str]) -> datetime | None:
        millis = line.cells[places[0]].strip()
        if not millis:
            return self.clock.moment(line.cells[places[1]], names[1])
        try:
            found = datetime.fromtimestamp(int(millis) / 1000, tz=UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise UnfitCellError(
                "impossible date", names[0], shown(millis), "milliseconds since 1970-01-01"
            ) from error
        return self.clock.checked(found, millis, names[0])
