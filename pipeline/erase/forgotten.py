"""`work/erased.jsonl`: whom and what to forget, so that nothing erased comes back by an export.

Customers and records stand in it as keyed digests only: neither who they were nor their pseudonyms.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pandas as pd

from pipeline.errors import StoreDamaged
from pipeline.files import append_line, lines_of
from pipeline.redact.pseudonym import Pseudonyms, one_spelling
from pipeline.workspace import Workspace

Reason = Literal["erased on request", "past retention"]
EVERY_SOURCE = ""


def customer_digest(pseudonyms: Pseudonyms, customer_id: str, source_id: str = EVERY_SOURCE) -> str:
    """What stands for an erased customer, of one source or of all."""
    return pseudonyms.digest("erased customer", source_id, one_spelling(customer_id))


def record_digest(pseudonyms: Pseudonyms, source_id: str, record_id: str) -> str:
    """What stands for an erased record."""
    return pseudonyms.digest("erased record", source_id, record_id)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What must not be stored again: by digest, and everything written before a day."""

    pseudonyms: Pseudonyms
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    before: date | None = None

    def reason(
        self,
        source_id: str,
        record_id: str | None,
        customer_id: str | None = None,
        written_on: date | None = None,
    ) -> Reason | None:
        """Why a record met in an export is not stored; None where it is."""
        if self.before and written_on and written_on < self.before:
            return "past retention"
        if not self.reasons:
            return None
        ids = set() if record_id is None else {record_id, self.pseudonyms.record(record_id)}
        digests = [record_digest(self.pseudonyms, source_id, one) for one in ids]
        if customer_id is not None:
            digests += [
                customer_digest(self.pseudonyms, customer_id, source) for source in (EVERY_SOURCE, source_id)
            ]
        return next((self.reasons[digest] for digest in digests if digest in self.reasons), None)

    def has(self, digests: Iterable[str], before: str | None) -> bool:
        """Whether all of these are on the list, and a day as late as this one."""
        is_kept = before is None or (self.before is not None and self.before.isoformat() >= before)
        return is_kept and self.reasons.keys() >= set(digests)

    def customer(self, customer_id: str) -> bool:
        """Whether nothing at all of a customer is stored."""
        return customer_digest(self.pseudonyms, customer_id) in self.reasons


def read_forgotten(workspace: Workspace, pseudonyms: Pseudonyms) -> Forgotten:
    """What the workspace's list and its setting `retain_months` say today."""
    path, reasons, days = workspace.erased_file, {}, []
    for row, line in enumerate(lines_of(path), start=1):
        try:
            told = json.loads(line)
            if "before" in told:
                days.append(date.fromisoformat(told["before"]))
            else:
                reasons[told["digest"]] = told["reason"]
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(path, row, error) from error
    months = workspace.settings.retain_months
    if months is not None:
        days.append(first_day_kept(workspace, months))
    return Forgotten(pseudonyms, reasons, max(days, default=None))


def forget(
    workspace: Workspace, known: Forgotten, digests: Iterable[str], reason: Reason, before: date | None
) -> None:
    """Add to the list what is not on it yet."""
    told = [{"digest": digest, "reason": reason} for digest in digests if digest not in known.reasons]
    if before is not None and (known.before is None or before > known.before):
        told.append({"before": before.isoformat()})
    at = datetime.now(UTC).isoformat(timespec="seconds")
    if told:
        append_line(workspace.erased_file, "\n".join(json.dumps(one | {"at": at}) for one in told))


def first_day_kept(workspace: Workspace, months: int) -> date:
    """The first Monday that is at most `months` ago: whole weeks go, so that none is half there."""
    today = datetime.now(ZoneInfo(workspace.settings.time_zone)).date()
    day: date = (pd.Timestamp(today) - pd.DateOffset(months=months)).date()
    return day + timedelta(days=-day.weekday() % 7)


def _damaged(path: Path, row: int, error: Exception) -> StoreDamaged:
    return StoreDamaged(
        f"{path}, line {row}, names nothing that was erased: {error!r}",
        left_undone="nothing was read: without the line, what was erased might come back",
        next_command=f"put {path.name} back from a copy (it is only ever added to), then the same command",
        file=str(path),
        row=row,
    )
