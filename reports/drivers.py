"""What goes with rating, NPS and CSAT, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from reports.read import Answer, Row
from reports.words import count, interval, listing, percent, signed

TOP_THEMES = 10
BAR_WIDTH = 110
OUTCOMES = {"rating": "Rating", "nps": "NPS", "csat": "CSAT"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A share with its interval, on a scale of `BAR_WIDTH` units from 0 to the widest of its table."""

    width: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """Penalty or reward in points of 100 with its interval and how many items it rests on."""

    value: str
    ends: str
    n: str


@dataclass(frozen=True, slots=True)
class Driver:
    """One stage or theme; a side that too few customers met is None."""

    name: str
    bar: Bar | None
    share: str
    share_ends: str
    penalty: Contrast | None
    reward: Contrast | None
    kano: str
    is_moment: bool


@dataclass(frozen=True, slots=True)
class OutcomeDrivers:
    """The drivers of one outcome."""

    name: str
    stage_words: str
    stages: list[Driver]
    moment_words: str
    theme_words: str
    themes: list[Driver]


@dataclass(frozen=True, slots=True)
class Drivers:
    """Drivers of all outcomes, the one to show first at their head, with the SQL behind them."""

    outcomes: list[OutcomeDrivers]
    sql: str


def driver_section(answer: Answer) -> Drivers:
    """All outcomes of `drivers.sql`, the one that most customers gave first."""
    by_outcome = [(name, list(rows)) for name, rows in groupby(answer.rows, lambda row: row["outcome"])]
    by_outcome.sort(key=lambda pair: -pair[1][0]["n_customers"])
    return Drivers([_outcome(OUTCOMES[name], rows) for name, rows in by_outcome], answer.sql)


def _outcome(name: str, rows: list[Row]) -> OutcomeDrivers:
    stages = [row for row in rows if row["level"] == "stage"]
    themes = [row for row in rows if row["level"] == "theme"]
    return OutcomeDrivers(
        name=name,
        stage_words=_explained(name, "stages", stages),
        stages=_drivers(stages),
        moment_words=_moments(stages),
        theme_words=_explained(name, "themes", themes),
        themes=_drivers(themes[:TOP_THEMES]),
    )


def _explained(name: str, level: str, rows: list[Row]) -> str:
    """How much of the outcome's variance the level goes with."""
    if not rows:
        return ""
    first, said = rows[0], name.lower() if name == "Rating" else name
    return (
        f"How the {level} were met goes with {percent(first['r_squared'])} of the differences in {said} "
        f"within sources ({count(first['n_items'], 'item')} of {count(first['n_customers'], 'customer')}; "
        f"{percent(first['r_squared_by_chance'])} would be expected by chance)."
    )


def _moments(stages: list[Row]) -> str:
    """Which stages are moments of truth, with the reason."""
    found = [row for row in stages if row["is_moment_of_truth"]]
    near = [row for row in stages if ", but " in (row["moment_reason"] or "")]
    parts = [f"{row['driver_name']} ({row['moment_reason']})" for row in found or near]
    if found:
        return f"Moment{'s' if len(found) > 1 else ''} of truth: {listing(parts)}."
    said = "No stage stands clear of the others as a moment of truth"
    return f"{said}; nearest: {listing(parts)}." if near else f"{said}."


def _drivers(rows: list[Row]) -> list[Driver]:
    widest = max((row["share_of_r2_ci_high"] or 0.0 for row in rows), default=0.0) or 1.0
    return [
        Driver(
            name=row["driver_name"],
            bar=_bar(row, widest),
            share="" if row["share_of_r2"] is None else percent(row["share_of_r2"]),
            share_ends=""
            if row["share_of_r2_ci_low"] is None
            else f"{percent(row['share_of_r2_ci_low'])} to {percent(row['share_of_r2_ci_high'])}",
            penalty=_contrast(row, "penalty", row["n_low"]),
            reward=_contrast(row, "reward", row["n_high"]),
            kano=row["kano_class"],
            is_moment=bool(row["is_moment_of_truth"]),
        )
        for row in rows
    ]


def _bar(row: Row, widest: float) -> Bar | None:
    if row["share_of_r2"] is None or row["share_of_r2_ci_low"] is None:
        return None
    ends = (row[name] for name in ("share_of_r2", "share_of_r2_ci_low", "share_of_r2_ci_high"))
    return Bar(*(round(BAR_WIDTH * end / widest, 1) for end in ends))


def _contrast(row: Row, side: str, n: int) -> Contrast | None:
    if row[side] is None or row[f"{side}_ci_low"] is None:
        return None
    ends = interval(row[f"{side}_ci_low"] * 100, row[f"{side}_ci_high"] * 100)
    return Contrast(signed(row[side] * 100), ends, count(n, "item"))
