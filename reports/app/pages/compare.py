"""Two periods, or two segments of customers, side by side, and what of their difference is beyond noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from reports.app import found, parts
from reports.app.choice import Choice
from reports.app.filters import Options, choose, read_options, segment_of, single
from reports.app.inert import paragraph
from reports.app.pages.overview import extent_words
from reports.app.sides import emotion_pairs, mean_differences, stage_pairs, theme_ratios
from reports.app.snapshot import Asked, Snapshot, rows_of
from reports.app.surety import Least, by_surety, is_clear
from reports.figure import Table, plain_table
from reports.read import Row
from reports.segments import chance
from reports.words import count, fixed, interval, listing, percent, signed

Weeks = tuple[str, str]
RECENT, BEFORE = 4, 12  # weeks
SHOWN_THEMES = 20
COMPARED = {
    "curve_sums": "mean valence of A and B",
    "theme_sums": "themes of A and B",
    "emotion_sums": "emotions of A and B",
}
HOW = (
    "A minus B at the same mix of sources; {level} intervals clustered by customer; q by Benjamini and "
    "Hochberg over the rows compared. A side of fewer than {shown} customers is not shown, and one of "
    "fewer than {claimed} carries no claim. Means beside it are of the sources as they come."
)
THEMES = (
    "Ratio: how many times as often A’s items speak of the theme as B’s, within sources; {level} intervals "
    "clustered by customer, q by Benjamini and Hochberg over all {n} themes compared."
)


def show(snapshot: Snapshot) -> None:
    """Draw the page."""
    base = choose(snapshot)
    st.title("Compare")
    a, b = _sides(snapshot, base)
    extents = [found.extent(snapshot, side) for side in (a, b)]
    whole = found.extent(snapshot, Choice())
    for name, extent in zip("AB", extents, strict=True):
        paragraph(f"{name}: {extent_words(extent, whole)}", "extent")
    if a == b:
        paragraph("A and B are the same: choose other weeks or another segment for one of them.")
    elif min(extent.n_customers for extent in extents) < snapshot.least.shown:
        paragraph(f"One side has fewer than {snapshot.least.shown} customers: nothing is compared.")
    else:
        for draw in (_stages, _themes, _emotions):
            draw(snapshot, (a, b))


def noise_words(rows: list[Row], what: str, least: Least, several: str = "") -> str:
    """Which rows differ beyond noise, and of how many."""
    compared = [row for row in rows if row["q_value"] is not None]
    if not compared:
        return f"No {what} has {least.shown} customers of the same sources on both sides."
    found_clear = [row for row in sorted(compared, key=by_surety) if is_clear(row) and is_claimed(row, least)]
    moved = [f"“{row['name']}”" for row in found_clear]
    if not moved:
        return f"No difference beyond noise: {count(len(compared), what, several)} compared."
    verb = "differs" if len(moved) == 1 else "differ"
    return f"{listing(moved)} {verb} beyond noise, of {count(len(compared), what, several)} compared."


def how(snapshot: Snapshot) -> str:
    """How means are compared, and of how many customers."""
    least = snapshot.least
    return HOW.format(level=percent(snapshot.run["level"]), shown=least.shown, claimed=least.claimed)


def is_claimed(row: Row, least: Least) -> bool:
    """Whether both sides are large enough to be named as different; of themes each side has all its items."""
    sides = row.get("n_customers_a", least.claimed), row.get("n_customers_b", least.claimed)
    return bool(min(sides) >= least.claimed)


def side_table(
    rows: list[Row], say: Callable[[float], str], say_ends: Callable[[float, float], str]
) -> Table:
    """Both sides and their difference: `say` writes a value, `say_ends` an interval."""
    heads = ["Of", "A", "Interval", "Customers", "B", "Interval", "Customers", "A minus B", "Interval", "q"]

    def known(row: Row, value: str, low: str, high: str) -> list[str]:
        if row[value] is None:
            return ["–", "–"]
        return [say(row[value]), "none" if row[low] is None else say_ends(row[low], row[high])]

    cells = [
        [
            row["name"],
            *known(row, "mean_a", "a_ci_low", "a_ci_high"),
            f"{row['n_customers_a']:,}",
            *known(row, "mean_b", "b_ci_low", "b_ci_high"),
            f"{row['n_customers_b']:,}",
            *known(row, "difference", "ci_low", "ci_high"),
            "–" if row["q_value"] is None else chance(row["q_value"]),
        ]
        for row in rows
    ]
    return Table(heads, cells, frozenset(range(1, len(heads))))


def _sides(snapshot: Snapshot, base: Choice) -> tuple[Choice, Choice]:
    offered = read_options(snapshot)
    recent, before = default_weeks(snapshot.run["last_week_start"], offered.get("week"))
    columns = st.columns(2, gap="large")
    sides = []
    for column, name, weeks in zip(columns, "ab", (recent, before), strict=True):
        with column:
            st.header(name.upper())
            sides.append(_side(name, base, offered, weeks))
    return sides[0], sides[1]


def default_weeks(last_week: date | None, options: Options | None) -> tuple[Weeks, Weeks]:
    """The last four complete weeks, and the twelve before: first and last Monday, empty where undated."""
    if last_week is None or options is None:
        return ("", ""), ("", "")
    week = pd.Timestamp(last_week).date()
    starts = (week - timedelta(weeks=weeks - 1) for weeks in (RECENT, RECENT + BEFORE))
    ends = (week, week - timedelta(weeks=RECENT))
    known = sorted(options.values)
    recent, before = (
        [one for one in known if start.isoformat() <= one <= end.isoformat()]
        for start, end in zip(starts, ends, strict=True)
    )
    return (recent[0], recent[-1]) if recent else ("", ""), (before[0], before[-1]) if before else ("", "")


def _side(name: str, base: Choice, offered: dict[str, Options], weeks: Weeks) -> Choice:
    first = single(f"{name}_from", "From week", offered.get("week"), "as in the filters", weeks[0])
    last = single(f"{name}_to", "To week", offered.get("week"), "as in the filters", weeks[1])
    segment = single(f"{name}_segment", "Segment of customers", offered.get("segment"), "as in the filters")
    return replace(
        base,
        first_week=date.fromisoformat(first) if first else base.first_week,
        last_week=date.fromisoformat(last) if last else base.last_week,
        segment=segment_of(segment) if segment else base.segment,
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _differences(_snapshot: Snapshot, run_id: str, what: str, sides: tuple[Choice, Choice]) -> list[Row]:
    """Rows of one comparison; the sums behind it are not kept, as they may be many."""
    if what == "curve_sums":
        a, b = (found.stage_sums(_snapshot, side) for side in sides)
    else:
        a, b = (_snapshot.fetch(*found.chosen(what, side)) for side in sides)
    level = float(_snapshot.run["level"])
    if what == "theme_sums":
        return theme_ratios(a, b, level, _snapshot.least.shown)
    mix = _snapshot.ask("select source_id, weight from mart_source_mix order by source_id")
    pairs = stage_pairs if what == "curve_sums" else emotion_pairs
    return mean_differences(pairs(a, b, mix), mix, level, _snapshot.least.shown)


def _stages(snapshot: Snapshot, sides: tuple[Choice, Choice]) -> None:
    st.header("How customers feel")
    by_stage = {row["name"]: row for row in _differences(snapshot, snapshot.run_id, "curve_sums", sides)}
    stages = rows_of(snapshot.ask("select stage_id, stage_name from dim_journey_stage order by stage_order"))
    rows = [
        by_stage[stage["stage_id"]] | {"name": stage["stage_name"]}
        for stage in stages
        if stage["stage_id"] in by_stage
    ]
    paragraph(noise_words(rows, "stage", snapshot.least))
    content = side_table(rows, lambda value: signed(value, 2), lambda low, high: interval(low, high, 2))
    parts.table(content, "Mean valence by stage, -2 to 2")
    paragraph(how(snapshot), "quiet")
    _numbers(rows, "curve_sums", sides)


def _emotions(snapshot: Snapshot, sides: tuple[Choice, Choice]) -> None:
    st.header("Which emotions")
    found_rows = _differences(snapshot, snapshot.run_id, "emotion_sums", sides)
    rows = [row for row in found_rows if row["mean_a"] or row["mean_b"]]
    paragraph(noise_words(rows, "group of emotions", snapshot.least, "groups of emotions"))
    content = side_table(rows, _points, lambda low, high: f"{_points(low)} to {_points(high)}")
    parts.table(content, "Share of segments at a stage, in percent")
    paragraph(how(snapshot), "quiet")
    _numbers(rows, "emotion_sums", sides)


def _themes(snapshot: Snapshot, sides: tuple[Choice, Choice]) -> None:
    st.header("What they speak of")
    names = rows_of(snapshot.ask("select theme_id, theme_name from dim_theme"))
    by_id = {row["theme_id"]: row["theme_name"] for row in names}
    ratios = _differences(snapshot, snapshot.run_id, "theme_sums", sides)
    rows = [{"name": by_id.get(row["theme_id"], row["theme_id"])} | row for row in ratios]
    paragraph(noise_words(rows, "theme", snapshot.least))
    if rows:
        shown = rows[:SHOWN_THEMES]
        parts.table(theme_table(shown), f"{len(shown)} of {count(len(rows), 'theme')}, the surest first")
        paragraph(THEMES.format(level=percent(snapshot.run["level"]), n=len(rows)), "quiet")
        _numbers(rows, "theme_sums", sides)


def theme_table(rows: list[Row]) -> Table:
    """Themes with the ratio of their shares."""
    heads = ["Theme", "A", "B", "Ratio", "Interval", "q", "Customers A", "Customers B"]
    cells = [
        [
            row["name"],
            f"{percent(row['n_items'] / row['n_items_all'])} ({row['n_items']:,} of {row['n_items_all']:,})",
            f"{percent(row['n_items_other'] / row['n_items_all_other'])} "
            f"({row['n_items_other']:,} of {row['n_items_all_other']:,})",
            f"× {fixed(row['lift'], 2)}",
            f"{fixed(row['ci_low'], 2)} to {fixed(row['ci_high'], 2)}",
            chance(row["q_value"]),
            f"{row['n_customers']:,}",
            f"{row['n_customers_other']:,}",
        ]
        for row in rows
    ]
    return Table(heads, cells, frozenset(range(1, len(heads))))


def _numbers(rows: list[Row], what: str, sides: tuple[Choice, Choice]) -> None:
    """All numbers, and for each side the query that gives the sums by customer behind them."""
    caption = COMPARED[what]

    def draw() -> None:
        parts.table(plain_table(rows), caption)
        for name, side in zip("AB", sides, strict=True):
            paragraph(f"Sums of {name}")
            parts.sql(Asked(pd.DataFrame(), *found.chosen(what, side)))

    parts.folded(f"Numbers and SQL: {caption}", draw)


def _points(share: float) -> str:
    return fixed(100 * share, 1)
