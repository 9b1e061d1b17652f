"""App Store Connect's customer reviews as its API gives them; there is no table of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.config import ColumnMapping, SourceSettings
from pipeline.ingest.cells import Clock, Scale, UnfitCellError, prose
from pipeline.ingest.contract import ReadingRules, Record, Rejection, Row
from pipeline.ingest.dialect import STARS
from pipeline.ingest.json_dialect import JsonDialect
from pipeline.ingest.json_file import NO_OBJECT, Object, text_of

RATING = Scale(1, 5)


class _AppStore(JsonDialect):
    def read(self, path: Path, source: SourceSettings, rules: ReadingRules) -> Iterator[Row]:
        """One row per review, numbered from 1. Territories stay as they are: ISO 3166, three letters."""
        clock = Clock("iso", ZoneInfo(source.time_zone), rules.not_after)
        return (_row(review, number, clock) for number, review in enumerate(self.records(path), start=1))


DIALECT = _AppStore(
    title="App Store Connect's customer reviews",
    kind="review",
    signature=(
        "id",
        "attributes.rating",
        "attributes.body",
        "attributes.createdDate",
        "attributes.territory",
    ),
    list_key="data",
    columns=ColumnMapping(
        text="attributes.body",
        title="attributes.title",
        record_id="id",
        written_at="attributes.createdDate",
        rating="attributes.rating",
        attributes=("attributes.territory",),
        known_values=("attributes.reviewerNickname",),
    ),
    rating_scale=STARS,
    note="it holds no version and no language; of a review that comes again the later one counts",
)


def _row(review: Any, number: int, clock: Clock) -> Row:
    attributes = review.get("attributes") if isinstance(review, dict) else None
    if not isinstance(attributes, dict):
        return Rejection(number, None, "unreadable row", "attributes", NO_OBJECT, "a review")
    record_id = text_of(review.get("id"))
    if record_id is None:
        return Rejection(number, None, "missing record id", "id", "", "an id")
    try:
        return _record(attributes, number, record_id, clock)
    except UnfitCellError as unfit:
        return unfit.rejection(number, record_id)


def _record(attributes: Object, number: int, record_id: str, clock: Clock) -> Record:
    created = clock.moment(text_of(attributes.get("createdDate")) or "", "createdDate")
    territory, nickname = text_of(attributes.get("territory")), text_of(attributes.get("reviewerNickname"))
    return Record(
        number=number,
        record_id=record_id,
        written_at=created,
        updated_at=created,
        title=prose(str(attributes.get("title") or ""), "title"),
        text=prose(str(attributes.get("body") or ""), "body"),
        rating=RATING.number(text_of(attributes.get("rating")) or "", "rating"),
        channel="app_store",
        attributes={} if territory is None else {"territory": territory},
        known_values=() if nickname is None else (nickname,),
    )
