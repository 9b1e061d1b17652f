"""Which themes moved: last week's share against the mean of the weeks before, with a small line each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from reports.charts.weeks import with_gaps
from reports.read import Row
from reports.words import count, percent, signed

SHOWN = 6
WIDTH, HEIGHT = 190, 34


@dataclass(frozen=True, slots=True)
class ProposedTheme:
    """A theme that was found new and that nobody has accepted yet, with sentences of it."""

    theme: str
    family: str
    items: str
    exemplars: list[str]


@dataclass(frozen=True, slots=True)
class Move:
    """One theme's move.

    `family` is empty where it says nothing more than the theme; `is_new` is True where it came in the last
    four weeks. `lines` are the sparkline's pieces, parted where a week is missing.
    """

    theme: str
    family: str
    is_new: bool
    share: str
    share_of: str
    ends: str
    before: str
    moved: str
    is_outside: bool
    lines: list[str]
    last: tuple[float, float] | None


def named_apart(rows: list[Row]) -> list[Row]:
    """Rows as they came; themes that share a name get their id behind it."""
    names = Counter(name for _, name in {(row["theme_id"], row["theme_name"]) for row in rows})
    return [
        row | {"theme_name": f"{row['theme_name']} ({row['theme_id']})"}
        if names[row["theme_name"]] > 1
        else row
        for row in rows
    ]


def family_above(row: Row) -> str:
    """Family to stand above a theme's name; empty where there is none, or it has the theme's own name."""
    family = row["family"] or ""
    return "" if family == row["theme_name"] else family


def proposed_themes(rows: list[Row]) -> list[ProposedTheme]:
    """Themes of `proposed_themes.sql`, as they came."""
    return [
        ProposedTheme(
            theme=row["theme_name"],
            family=family_above(row),
            items=count(row["n_proposed_items"], "item"),
            exemplars=list(row["exemplars"] or ()),
        )
        for row in rows
    ]


def largest_moves(moves: list[Row], weeks: list[Row]) -> list[Move]:
    """Themes whose share moved most, either way.

    Parameters
    ----------
    moves
        Rows of `theme_moves.sql`, largest first.
    weeks
        Rows of `theme_weeks.sql`.
    """
    series: dict[str, list[float | None]] = {}
    for row in with_gaps(weeks, "theme_id"):
        series.setdefault(row["theme_id"], []).append(row.get("share_items"))
    return [_move(row, series.get(row["theme_id"], [])) for row in moves[:SHOWN]]


def top_themes(weeks: list[Row], n: int = 8) -> list[Row]:
    """Rows of the `n` themes with most items; `weeks` comes with the largest theme first."""
    chosen = list(dict.fromkeys(row["theme_id"] for row in weeks))[:n]
    return [row for row in weeks if row["theme_id"] in chosen]


def spark_lines(values: list[float | None]) -> list[str]:
    """SVG point lists of a series on a `WIDTH` by `HEIGHT` field, one for each unbroken stretch."""
    highest = max((value for value in values if value is not None), default=0.0) or 1.0
    step = WIDTH / max(len(values) - 1, 1)
    lines: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            lines.append([])
        else:
            lines[-1].append(f"{place * step:.1f},{_height(value, highest):.1f}")
    return [" ".join(line) for line in lines if line]


def _move(row: Row, values: list[float | None]) -> Move:
    low, high = row["ci_low"], row["ci_high"]
    known = low is not None and high is not None
    lines = spark_lines(values)
    last = lines[-1].split(" ")[-1].split(",") if lines and values[-1] is not None else None
    return Move(
        theme=row["theme_name"],
        family=family_above(row),
        is_new=row["is_new"],
        share=percent(row["share_items"]),
        share_of=f"{row['n_items']:,} of {count(row['n_items_all'], 'item')}",
        ends=f"{percent(low)} to {percent(high)}" if known else "no interval",
        before=percent(row["share_before"]),
        moved=f"{signed(row['moved'] * 100)} points",
        is_outside=known and not low <= row["share_before"] <= high,
        lines=lines,
        last=(float(last[0]), float(last[1])) if last else None,
    )


def _height(value: float, highest: float) -> float:
    return 2 + (HEIGHT - 4) * (1 - value / highest)
