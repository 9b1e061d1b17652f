"""Rows of an export as the work file keeps them: redacted, pseudonymised, in the week they count for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from pipeline.config import SourceSettings
from pipeline.erase.forgotten import Forgotten
from pipeline.ingest.contract import Finding, Record, Rejection, Row
from pipeline.ingest.filler import is_filler
from pipeline.ingest.readers import rating_scale_of
from pipeline.redact.redactor import Redacted, Redactor


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Makes rows of one file into rows of the table `record`: the one place where raw words end.

    Parameters
    ----------
    source
        What the file belongs to.
    load_id
        Of the file.
    zone
        Where days and weeks are counted.
    forgotten, redactor
        What keeps erased records and personal data out.
    """

    source: SourceSettings
    load_id: str
    zone: ZoneInfo
    forgotten: Forgotten
    redactor: Redactor

    def table(self, rows: Sequence[Row]) -> pa.Table:
        """Some rows, in their order. Each is made of itself alone: how they are grouped does not matter."""
        erased = [self._erased(row) for row in rows]
        kept = [
            row for row, reason in zip(rows, erased, strict=True) if isinstance(row, Record) and not reason
        ]
        words = self._redacted(kept)
        stored = [
            self._common(row) | ({"reason": reason} if reason else self._rest(row, words))
            for row, reason in zip(rows, erased, strict=True)
        ]
        return pa.Table.from_pylist(stored, schema=_RECORD_SCHEMA)

    def _erased(self, row: Row) -> str | None:
        """Why nothing of a record is kept but its place; None where it is kept."""
        if isinstance(row, Rejection):
            return self.forgotten.reason(self.source.id, row.record_id)
        return self.forgotten.reason(self.source.id, row.record_id, row.customer_id, self._day(row))

    def _redacted(self, records: Sequence[Record]) -> Iterator[tuple[Redacted, Redacted]]:
        """Title and text of each record."""
        known = [record.known_values for record in records]
        titles = self.redactor.redact_many([record.title for record in records], known)
        texts = self.redactor.redact_many([record.text for record in records], known)
        return zip(titles, texts, strict=True)

    def _common(self, row: Row) -> dict[str, Any]:
        return {"load_id": self.load_id, "record_number": row.number, "source_id": self.source.id}

    def _rest(self, row: Row, words: Iterator[tuple[Redacted, Redacted]]) -> dict[str, Any]:
        return self._rejection(row) if isinstance(row, Rejection) else self._item(row, *next(words))

    def _rejection(self, row: Rejection) -> dict[str, Any]:
        return {
            "record_id": row.record_id and self.forgotten.pseudonyms.record(row.record_id),
            "reason": row.reason,
            "bad_column": self.redactor.redact_label(row.column),  # JSON may have ids for names
            "bad_value": self._bad_value(row.value),
            "expected": row.expected,
        }

    def _bad_value(self, value: str) -> str:
        """Value as it is kept: any column may hold anything; of a number that goes, its length stays."""
        if isinstance(value, Finding):
            return str(value)
        redacted = self.redactor.redact(value).text
        return f"{len(value)} digits" if redacted != value and value.isdecimal() else redacted

    def _day(self, record: Record) -> date | None:
        return record.written_at.astimezone(self.zone).date() if record.written_at else None

    def _item(self, record: Record, title: Redacted, text: Redacted) -> dict[str, Any]:
        pseudonyms = self.forgotten.pseudonyms
        record_id = pseudonyms.record(record.record_id)
        item_id = "i_" + digest(self.source.id, record_id)[:16]
        customer_id = pseudonyms.customer(record.customer_id) if record.customer_id else None
        label = partial(self.redactor.redact_label, known_values=record.known_values)
        words = text.text or title.text
        written_on = self._day(record)
        return {
            "record_id": record_id,
            "item_id": item_id,
            "content_digest": pseudonyms.digest(repr(record).partition(", ")[2]),
            "updated_at": record.updated_at,
            "customer_id": customer_id,
            "cluster_id": customer_id or item_id,
            "thread_id": record.thread_id and pseudonyms.record(record.thread_id),
            "written_at": record.written_at,
            "written_on": written_on,
            "week_start": _monday(written_on),
            "channel": record.channel and label(record.channel),
            "organisation": (record.organisation and label(record.organisation)) or self.source.organisation,
            "title": title.text,
            "text": words,
            "rating": record.rating,
            "rating_share": _rating_share(record.rating, self.source),
            "nps": record.nps,
            "csat": record.csat,
            "ces": record.ces,
            "attributes": [(name, label(value)) for name, value in record.attributes.items()],
            "has_text": bool(words.strip()),
            "is_filler": is_filler(words),
            "n_redactions": len(title.spans) + len(text.spans),
        }


def _monday(day: date | None) -> date | None:
    return None if day is None else day - timedelta(days=day.weekday())


def _rating_share(rating: float | None, source: SourceSettings) -> float | None:
    scale = rating_scale_of(source)
    if rating is None or scale is None:
        return None
    return (rating - scale.worst) / (scale.best - scale.worst)


def digest(*parts: str) -> str:
    """SHA-256 of names and digests, in hex."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


ATTRIBUTES = pa.map_(pa.string(), pa.string())
_RECORD_SCHEMA = pa.schema(
    {
        "load_id": pa.string(),
        "record_number": pa.int64(),
        "source_id": pa.string(),
        "record_id": pa.string(),
        "reason": pa.string(),
        "bad_column": pa.string(),
        "bad_value": pa.string(),
        "expected": pa.string(),
        "item_id": pa.string(),
        "content_digest": pa.string(),
        "updated_at": pa.timestamp("us", tz="UTC"),
        "customer_id": pa.string(),
        "cluster_id": pa.string(),
        "thread_id": pa.string(),
        "written_at": pa.timestamp("us", tz="UTC"),
        "written_on": pa.date32(),
        "week_start": pa.date32(),
        "channel": pa.string(),
        "organisation": pa.string(),
        "title": pa.string(),
        "text": pa.string(),
        "rating": pa.float64(),
        "rating_share": pa.float64(),
        "nps": pa.float64(),
        "csat": pa.float64(),
        "ces": pa.float64(),
        "attributes": ATTRIBUTES,
        "has_text": pa.bool_(),
        "is_filler": pa.bool_(),
        "n_redactions": pa.int32(),
    }
)
