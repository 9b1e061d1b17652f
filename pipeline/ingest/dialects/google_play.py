"""Google Play's monthly reviews: UTF-16, the id only in the link, edited reviews a second time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config import ColumnMapping
from pipeline.ingest.cells import Clock, UnfitCellError
from pipeline.ingest.contract import Record, Rejection, Row
from pipeline.ingest.dialect import STARS
from pipeline.ingest.table import RecordBuilder
from pipeline.ingest.table_dialect import TableDialect
from pipeline.ingest.table_file import Line, Parsed, TableFile

LINK = "Review Link"
SUBMITTED = ("Review Submit Millis Since Epoch", "Review Submit Date and Time")
UPDATED = ("Review Last Update Millis Since Epoch", "Review Last Update Date and Time")

_REVIEW_ID = re.compile(r"(?:reviewId|ReviewPlace:id)=([^&#\s]+)", re.IGNORECASE)


class _GooglePlay(TableDialect):
    """Times are those in milliseconds, which are UTC. Stars without words are records with an empty text.

    A review without a link, as Google writes for some without words, gets a digest of its cells as its id.
    """

    def rows(self, file: TableFile, builder: RecordBuilder) -> Iterator[Row]:
        """Row for each review."""
        reviews = _Reviews(
            builder=builder,
            link=file.position(LINK),
            submitted=(file.position(SUBMITTED[0]), file.position(SUBMITTED[1])),
            updated=(file.position(UPDATED[0]), file.position(UPDATED[1])),
        )
        return (self.finished(reviews.row(line)) for line in file.lines())


DIALECT = _GooglePlay(
    title="Google Play's monthly reviews",
    kind="review",
    signature=("Review Text", "Star Rating", LINK, *SUBMITTED, *UPDATED),
    columns=ColumnMapping(
        text="Review Text",
        title="Review Title",
        rating="Star Rating",
        attributes=("App Version Name", "Reviewer Language"),
    ),
    also_read=(LINK, *SUBMITTED, *UPDATED),
    rating_scale=STARS,
    channel="google_play",
)


@dataclass(frozen=True, slots=True)
class _Reviews:
    """What Google's columns need beyond a mapping. Pairs are the places of milliseconds and of a date."""

    builder: RecordBuilder
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
            written_at=self._moment(line, self.submitted, SUBMITTED),
            updated_at=self._moment(line, self.updated, UPDATED),
        )

    def _review_id(self, line: Line) -> str | None:
        found = _REVIEW_ID.search(line.cells[self.link])
        return found.group(1) if found else None

    def _moment(self, line: Line, places: tuple[int, int], names: tuple[str, str]) -> datetime | None:
        for form, place, name in zip(("epoch_ms", "iso"), places, names, strict=True):
            clock = Clock(form, ZoneInfo("UTC"), self.builder.rules.not_after)
            moment = clock.moment(line.cells[place], name)
            if moment is not None:
                return moment
        return None
