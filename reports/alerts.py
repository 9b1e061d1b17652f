"""What is out of line with the weeks before, in words, with what people decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.follow_up import AlertFollowUp, FollowUps
from reports.read import Published, Row
from reports.segments import chance
from reports.spark import Spark, spark
from reports.themes import named_apart
from reports.words import count, day, fixed, listing

KINDS = {"theme": "themes", "source": "themes within one source", "segment": "themes within one segment"}
STATES = ("open", "acknowledged", "snoozed")
PARTS_NAMED = 3
UNTESTED = "No theme was tested: that needs a theme, eight weeks of history, and items in the week itself."


@dataclass(frozen=True, slots=True)
class OutOfLine:
    """One theme, source or segment that is alerted or watched in the last week.

    `state` is open; acknowledged, where it was seen since it came up; or snoozed, `until` the day in words.
    """

    id: str
    theme: str
    where: str
    tier: str
    direction: str
    found: str
    customers: str
    expected: str
    ratio: str
    ends: str
    chance: str
    since: str
    parts: str
    state: str
    until: str
    owner: str
    note: str
    spark: Spark


@dataclass(frozen=True, slots=True)
class Surveilled:
    """What is out of line: `rows` as they ask for attention, what nobody has to look at now last."""

    is_tested: bool
    words: str
    rows: list[OutOfLine]
    earlier: str
    sql: str


def surveilled(published: Published, follow_ups: FollowUps) -> Surveilled:
    """What the published file says of it, and the workspace's follow-ups by today's themes."""
    told, rates = published.ask("alerts"), published.ask("alert_rates").rows
    rows = named_apart(told.rows)
    last = last_alerts(rows, follow_ups)
    sparks = _sparks(published.ask("alert_weeks").rows)
    shown = [_out_of_line(row, parts, sparks[row["alert_id"]]) for row, parts in _shown(last)]
    return Surveilled(
        is_tested=any(row["n_tested"] for row in rates),
        words=_rate_words(rates, last),
        rows=sorted(shown, key=lambda one: STATES.index(one.state)),
        earlier=_earlier(rows),
        sql=told.sql,
    )


def last_alerts(rows: list[Row], follow_ups: FollowUps) -> list[Row]:
    """Rows of `alerts.sql` of the last week, each with its state and what was decided about it."""
    last = []
    for row in rows:
        if row["is_last_week"]:
            decided = follow_ups.alert.get(row["alert_id"], AlertFollowUp())
            state = _state(decided, row["week_start"], row["since"])
            last.append(row | decided.model_dump() | {"state": state})
    return last


def _rate_words(rates: list[Row], last: list[Row]) -> str:
    """How many are alerted of how many, and how many of them chance alone would give."""
    tested = {row["series_kind"]: row for row in rates if row["n_tested"]}
    if not tested:
        return UNTESTED
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


def _shown(last: list[Row]) -> list[tuple[Row, list[Row]]]:
    """Themes with the sources and segments in which they stand out too, then those that stand out alone.

    Watched sources and segments are left out.
    """
    themes = [row for row in last if row["series_kind"] == "theme"]
    parts = [row for row in last if row["series_kind"] != "theme" and row["tier"] == "alert"]
    told = {_side(row) for row in themes}
    with_parts = [(row, [part for part in parts if _side(part) == _side(row)]) for row in themes]
    return with_parts + [(part, []) for part in parts if _side(part) not in told]


def _side(row: Row) -> tuple[str, str]:
    return row["theme_id"], row["direction"]


def _out_of_line(row: Row, parts: list[Row], line: Spark) -> OutOfLine:
    inside = [f"{_where(part)} ({part['n_items']:,} against {_expected(part)})" for part in parts]
    return OutOfLine(
        id=row["alert_id"],
        theme=row["theme_name"],
        where=_where(row),
        tier=row["tier"],
        direction=row["direction"],
        found=count(row["n_items"], "item"),
        customers=count(row["n_customers"], "customer"),
        expected=_expected(row),
        ratio=_times(row["ratio"]),
        ends=f"{_times(row['ci_low'])} to {_times(row['ci_high'])}",
        chance=chance(row["q"]),
        since=day(row["since"], year=False),
        parts=f"also by itself: {listing(inside, PARTS_NAMED)}" if inside else "",
        state=row["state"],
        until=day(row["snoozed_until"]) if row["state"] == "snoozed" else "",
        owner=row["owner"] or "",
        note=row["note"] or "",
        spark=line,
    )


def _state(decided: AlertFollowUp, week: date, since: date) -> str:
    if decided.snoozed_until and week < decided.snoozed_until:
        return "snoozed"
    return "acknowledged" if decided.acknowledged_week and since <= decided.acknowledged_week else "open"


def _sparks(weeks: list[Row]) -> dict[str, Spark]:
    """Lines of `alert_weeks.sql` by alert; weeks that could not be tested are gaps."""
    of_alert: dict[str, list[Row]] = {}
    for row in weeks:
        of_alert.setdefault(row["alert_id"], []).append(row)
    return {
        alert_id: spark(
            [row["n_items"] if row["tier"] != "unknown" else None for row in rows],
            [row["expected"] if row["tier"] != "unknown" else None for row in rows],
        )
        for alert_id, rows in of_alert.items()
    }


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
        f"{day(row['since'], year=False)})"
        for row in first.values()
    ]
    return (
        f"Alerted in the eleven weeks before, but not in the last one: {listing(names, 6)}." if names else ""
    )
