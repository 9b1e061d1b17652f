"""What is out of line with the weeks before, what did not arrive, and whether changes worked, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reports.read import Answer, Published, Row
from reports.themes import named_apart
from reports.words import count, day, fixed, listing, percent, signed, week_span

KINDS = {"theme": "themes", "source": "themes within one source", "segment": "themes within one segment"}
PARTS_NAMED = 3
GAPS_NAMED = 6
VERDICTS = {
    "as expected": "It did what it was to do",
    "against expectation": "It did the opposite",
    "open": "Open",
    "unknown": "Not known",
}


@dataclass(frozen=True, slots=True)
class OutOfLine:
    """One theme, source or segment that is alerted or watched in the last week."""

    theme: str
    where: str
    tier: str
    direction: str
    found: str
    expected: str
    ratio: str
    ends: str
    first: str
    parts: str


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


@dataclass(frozen=True, slots=True)
class Surveilled:
    """The part of the page on what is out of line."""

    is_tested: bool
    words: str
    rows: list[OutOfLine]
    earlier: str
    gaps: list[str]
    changes: list[ChangeResult]
    alerts_sql: str
    changes_sql: str


def surveilled(published: Published) -> Surveilled:
    """What the published file says of it."""
    told, rates = published.ask("alerts"), published.ask("alert_rates").rows
    rows = named_apart(told.rows)
    last = [row for row in rows if row["is_last_week"]]
    effects = published.ask("change_effects")
    return Surveilled(
        is_tested=any(row["n_tested"] for row in rates),
        words=_rate_words(rates, last),
        rows=_shown(last),
        earlier=_earlier(rows),
        gaps=_gap_words(published.ask("load_gaps")),
        changes=[_change(row) for row in effects.rows],
        alerts_sql=told.sql,
        changes_sql=effects.sql,
    )


def _rate_words(rates: list[Row], last: list[Row]) -> str:
    """How many are alerted of how many, and how many of them chance alone would give."""
    tested = {row["series_kind"]: row for row in rates if row["n_tested"]}
    if not tested:
        return "Eight weeks of history are needed before a week can be called unusual."
    n_alerts = dict.fromkeys(tested, 0)
    for row in last:
        n_alerts[row["series_kind"]] += row["tier"] == "alert"
    counts = [
        f"{n_alerts[kind] or 'none'} of {tested[kind]['n_tested']:,} {name}"
        for kind, name in KINDS.items()
        if kind in tested
    ]
    yearly = sum(row["expected_false_alerts_per_year"] for row in tested.values())
    false = f"about {count(round(yearly), 'alert')} in all" if yearly >= 0.5 else "hardly any alert"
    return f"Alerted: {listing(counts)}. In a year without anything new there would be {false}."


def _shown(last: list[Row]) -> list[OutOfLine]:
    """Themes first, then sources and segments in which only they stand out; watched ones of themes only."""
    themes = [row for row in last if row["series_kind"] == "theme"]
    told = {(row["theme_id"], row["direction"]) for row in themes}
    parts = [row for row in last if row["series_kind"] != "theme" and row["tier"] == "alert"]
    alone = [row for row in parts if (row["theme_id"], row["direction"]) not in told]
    return [_out_of_line(row, parts) for row in themes] + [_out_of_line(row, []) for row in alone]


def _out_of_line(row: Row, parts: list[Row]) -> OutOfLine:
    inside = [
        f"{_where(part)} ({part['n_items']:,} against {_expected(part)})"
        for part in parts
        if (part["theme_id"], part["direction"]) == (row["theme_id"], row["direction"])
    ]
    return OutOfLine(
        theme=row["theme_name"],
        where=_where(row),
        tier=row["tier"],
        direction=row["direction"],
        found=count(row["n_items"], "item"),
        expected=_expected(row),
        ratio=_times(row["ratio"]),
        ends=f"{_times(row['ci_low'])} to {_times(row['ci_high'])}",
        first=day(row["first_week"], year=False),
        parts=f"also by itself: {listing(inside, PARTS_NAMED)}" if inside else "",
    )


def _where(row: Row) -> str:
    if row["series_kind"] == "theme":
        return "all sources"
    if row["series_kind"] == "source":
        return str(row["source_name"] or row["source_id"])
    return f"{row['attribute']}: {row['attribute_value']}"


def _expected(row: Row) -> str:
    return "hardly any" if row["expected"] < 0.5 else f"about {fixed(row['expected'], 0)}"


def _times(ratio: float) -> str:
    return "over 20" if ratio > 20 else fixed(ratio, 1)


def _earlier(rows: list[Row]) -> str:
    """Themes that were alerted in the weeks before and no longer are."""
    now = {row["theme_id"] for row in rows if row["is_last_week"]}
    first: dict[str, Row] = {}
    for row in rows:
        if row["series_kind"] == "theme" and row["tier"] == "alert" and row["theme_id"] not in now:
            first[row["theme_id"]] = row
    names = [
        f"{row['theme_name']} ({'more' if row['direction'] == 'rise' else 'less'} from "
        f"{day(row['first_week'], year=False)})"
        for row in first.values()
    ]
    return (
        f"Alerted in the eleven weeks before, but not in the last one: {listing(names, 6)}." if names else ""
    )


def _gap_words(gaps: Answer) -> list[str]:
    words = [_gap(row) for row in gaps.rows[:GAPS_NAMED]]
    rest = len(gaps.rows) - GAPS_NAMED
    return words + ([f"And {count(rest, 'earlier week')}."] if rest > 0 else [])


def _gap(row: Row) -> str:
    source, came = row["source_name"] or row["source_id"], row["n_items"]
    found = count(came, "item") if came else "nothing"
    usual = f"about {fixed(row['expected'], 0)} are usual"
    return f"{source}: {found} in the week of {week_span(row['week_start'])}, where {usual}."


def _change(row: Row) -> ChangeResult:
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


def _basis(row: dict[str, Any]) -> str:
    if row["n_weeks_before"] is None:
        return ""
    before, after = count(row["n_items_before"], "item"), count(row["n_items_after"], "item")
    return (
        f"{before} in {count(row['n_weeks_before'], 'week')} before, "
        f"{after} in {count(row['n_weeks_after'], 'week')} after; {row['method']}"
    )


def _relative(change: float) -> str:
    return f"{signed(change * 100, 0)}\u00a0%"
