"""Whether changes registered beforehand worked, in words."""

from __future__ import annotations

from dataclasses import dataclass

from reports.read import Row
from reports.words import SPACE, count, day, percent, signed

VERDICTS = {
    "as expected": "It did what it was to do",
    "against expectation": "It did the opposite",
    "open": "Open",
    "unknown": "Not known",
}


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """What a registered change did to one theme."""

    change: str
    since: str
    theme: str
    effect: str
    ends: str
    basis: str
    placebos: str
    verdict: str
    reason: str


def change_result(row: Row) -> ChangeResult:
    """One row of `change_effects.sql`."""
    known = row["effect"] is not None
    share = row["share_placebos"]
    return ChangeResult(
        change=row["change_name"],
        since=day(row["changed_on"]),
        theme=row["theme_name"],
        effect=_relative(row["effect"]) if known else "no figure",
        ends=f"{_relative(row['ci_low'])} to {_relative(row['ci_high'])}" if known else "",
        basis=_basis(row),
        placebos=f"{percent(share)} of {row['n_placebos']:,} placebos" if known and share is not None else "",
        verdict=VERDICTS[row["verdict"]],
        reason=row["reason"],
    )


def _basis(row: Row) -> str:
    if row["n_weeks_before"] is None:
        return ""
    before, after = count(row["n_items_before"], "item"), count(row["n_items_after"], "item")
    return (
        f"{before} in {count(row['n_weeks_before'], 'week')} before, "
        f"{after} in {count(row['n_weeks_after'], 'week')} after; {row['method']}"
    )


def _relative(change: float) -> str:
    return f"{signed(change * 100, 0)}{SPACE}%"
