"""One theme: how often, where in the journey, felt how, by whom, in which words, and what became of it."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from reports.app import address, parts, theme_edit, theme_place
from reports.app.choice import Choice
from reports.app.inert import paragraph, safe
from reports.app.pages.overview import journey
from reports.app.snapshot import Snapshot, rows_of
from reports.app.surety import is_clear
from reports.charts.trend import theme_trend_chart
from reports.figure import Table
from reports.read import Row
from reports.segments import chance
from reports.themes import named_apart
from reports.words import count, fixed, listing, percent

TREND = (
    "Share of each week’s items that speak of it, in the last 52 complete weeks. Band: {level} intervals by "
    "Wilson, items taken as independent."
)
LIFT = (
    "Lift: how many times as often items of the value speak of the theme as items of the attribute’s other "
    "values, within sources; {level} intervals clustered by customer, q by Benjamini and Hochberg over the "
    "values of this table. Values of fewer than {claimed} customers are no segment."
)
SHOWN_SEGMENTS = 15


def show(snapshot: Snapshot) -> None:
    """Draw the page."""
    st.title("Theme")
    themes = named_apart(rows_of(snapshot.ask_named("themes").frame))
    if not themes:
        paragraph("There is no theme yet.")
        return
    by_id = {row["theme_id"]: row for row in themes}
    chosen = st.selectbox(
        "Theme",
        list(by_id),
        format_func=lambda theme_id: _label(by_id[theme_id]),
        key=address.bound("shown_theme", address.one_of(list(by_id)), themes[0]["theme_id"]),
    )
    theme = by_id[chosen]
    paragraph(about(theme), "extent")
    if len(theme["terms"]):
        paragraph(f"Typical terms: {', '.join(theme['terms'])}", "quiet")
    if theme["n_customers"] >= snapshot.least.shown:
        _trend(snapshot, theme)
        journey(snapshot, Choice(themes=(chosen,)))
        _segments(snapshot, theme)
    else:
        parts.too_few(theme["n_customers"], snapshot.least.shown)
    _words(theme)
    theme_place.show(snapshot, theme, themes)
    theme_edit.show(snapshot, theme, themes)


def about(theme: Row) -> str:
    """What stands in the theme, in a sentence."""
    if theme["status"] == "proposed":
        return f"Proposed, not yet accepted: it would take {count(theme['n_proposed_items'], 'item')}."
    pinned = ", pinned" if theme["is_pinned"] else ""
    family = f" of the family {theme['family']}" if theme["family"] else ""
    return (
        f"{theme['status'].capitalize()}{pinned} theme{family}: {count(theme['n_segments'], 'segment')} in "
        f"{count(theme['n_items'], 'item')} of {count(theme['n_customers'], 'customer')}."
    )


def lift_words(rows: list[Row]) -> str:
    """Which values have more or less of the theme than chance would give them."""
    if not rows:
        return "No attribute, channel or organisation has two values of enough customers to compare."
    found = [row for row in rows if is_clear(row)]
    if not found:
        return f"Of {count(len(rows), 'value')} compared none has a lift beyond noise."
    over = [f"{row['attribute']} {row['attribute_value']}" for row in found if row["lift"] > 1]
    under = [f"{row['attribute']} {row['attribute_value']}" for row in found if row["lift"] < 1]
    words = [
        f"{what}: {listing(names)}."
        for what, names in (("Over-represented", over), ("Under-represented", under))
        if names
    ]
    return " ".join([*words, f"{count(len(rows), 'value')} compared."])


def lift_table(rows: list[Row]) -> Table:
    """Values with their lift, the surest first."""
    heads = ["Attribute", "Value", "Lift", "Interval", "q", "Items with it", "Others’ items", "Customers"]
    cells = [
        [
            row["attribute"],
            row["attribute_value"],
            f"× {fixed(row['lift'], 2)}",
            f"{fixed(row['ci_low'], 2)} to {fixed(row['ci_high'], 2)}",
            chance(row["q_value"]),
            f"{row['n_items']:,} of {row['n_items_all']:,}",
            f"{row['n_items_other']:,} of {row['n_items_all_other']:,}",
            f"{row['n_customers']:,} against {row['n_customers_other']:,}",
        ]
        for row in rows
    ]
    return Table(heads, cells, frozenset({2, 3, 4, 5, 6, 7}))


def _label(theme: Row) -> str:
    status = "" if theme["status"] == "active" else f", {theme['status']}"
    return f"{theme['theme_name']} ({count(theme['n_segments'], 'segment')}{status})"


def _trend(snapshot: Snapshot, theme: Row) -> None:
    st.header("Week by week")
    asked = snapshot.ask_named("theme_trend", {"theme": theme["theme_id"]})
    rows = rows_of(asked.frame)
    if not rows:
        paragraph("No week of the last 52 complete ones has an item.")
        return
    parts.chart(parts.spec(theme_trend_chart(rows)))
    paragraph(TREND.format(level=percent(snapshot.run["level"])), "quiet")
    parts.numbers_and_sql(rows, asked, "the theme by week")


def _segments(snapshot: Snapshot, theme: Row) -> None:
    st.header("Who speaks of it")
    asked = snapshot.ask_named("theme_segments", {"theme": theme["theme_id"]})
    rows = rows_of(asked.frame)
    paragraph(lift_words(rows))
    if rows:
        shown = rows[:SHOWN_SEGMENTS]
        parts.table(lift_table(shown), f"{len(shown)} of {count(len(rows), 'value')}, the surest first")
        paragraph(LIFT.format(level=percent(snapshot.run["level"]), claimed=snapshot.least.claimed), "quiet")
        parts.numbers_and_sql(rows, asked, "lift by segment")


def _words(theme: Row) -> None:
    st.header("In customers’ words")
    for text in theme["exemplars"]:
        paragraph(text, "verbatim")
    st.html(
        Markup('<a href="{}" target="_self">{}</a>').format(
            f"verbatims?{urlencode({'theme': theme['theme_id']})}", safe("All verbatims of this theme")
        )
    )
