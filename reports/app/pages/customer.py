"""One customer's items in time, from the first to the last."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from reports.app import address, parts
from reports.app.inert import paragraph, safe
from reports.app.snapshot import Snapshot, rows_of
from reports.charts.timeline import timeline_chart
from reports.read import Row
from reports.words import count, day, signed

NAME = "customer"
ABOUT = (
    "One customer alone: nothing here is an estimate, so nothing has an interval. Valence, stage and emotion "
    "are the model’s, of the whole text; names are pseudonyms and texts are redacted."
)


def show(snapshot: Snapshot) -> None:
    """Draw the page."""
    st.title("Customer")
    customer = st.text_input("Customer, by pseudonym", key=address.bound(NAME, address.text, "")).strip()
    if not customer:
        _who(snapshot)
        return
    asked = snapshot.ask_named("timeline", {"customer": customer})
    rows = rows_of(asked.frame)
    if not rows:
        paragraph("Nobody of that pseudonym has written anything in this file.")
        return
    for sentence in start_to_end(rows):
        paragraph(sentence, "extent")
    told = [row for row in rows if row["written_on"] is not None and row["valence"] is not None]
    if told:
        parts.chart(parts.spec(timeline_chart(told)))
    paragraph(ABOUT, "quiet")
    for row in rows:
        paragraph(facts(row), "quiet")
        paragraph("\n".join(part for part in (row["title"], row["text"]) if part) or "no text", "verbatim")
    parts.numbers_and_sql([_without_text(row) for row in rows], asked, "the items")


def link(customer: str) -> Markup:
    """A link to the customer's page, with the pseudonym as its words."""
    return Markup('<a href="{}" target="_self">{}</a>').format(
        f"customer?{urlencode({NAME: customer})}", safe(customer)
    )


def start_to_end(rows: list[Row]) -> list[str]:
    """How many items there are, and how the customer felt in the first and in the last dated one."""
    dated = [row for row in rows if row["written_on"] is not None]
    told = [row for row in dated if row["valence"] is not None]
    span = f", {day(dated[0]['written_on'])} to {day(dated[-1]['written_on'])}" if dated else ", undated"
    words = [f"{count(len(rows), 'item')}{span}."]
    if len(told) > 1:
        first, last = told[0], told[-1]
        words.append(
            f"Start to end: {signed(first['valence'])} in the first ({_where(first)}), "
            f"{signed(last['valence'])} in the last ({_where(last)}), "
            f"{_moved(last['valence'] - first['valence'])}."
        )
    return words


def facts(row: Row) -> str:
    """When and where an item was written, and how it is tagged."""
    words = [
        "undated" if row["written_on"] is None else day(row["written_on"]),
        row["source_name"],
        row["channel"],
        row["stage_name"],
        row["emotion_id"],
        None if row["valence"] is None else f"valence {signed(row['valence'])}",
        None if row["themes"] is None else f"themes: {', '.join(row['themes'])}",
        "names a problem" if row["is_pain"] else None,
    ]
    return " · ".join(word for word in words if word)


def _who(snapshot: Snapshot) -> None:
    asked = snapshot.ask_named("customers")
    rows = rows_of(asked.frame)
    if not rows:
        paragraph("No source of this file says who wrote.")
        return
    paragraph("Those who wrote on most days:")
    items = Markup("").join(
        Markup("<li>{}: {} on {}, {} to {}</li>").format(
            link(row["customer_id"]),
            count(row["n_items"], "item"),
            count(row["n_days"], "day"),
            day(row["first_on"]),
            day(row["last_on"]),
        )
        for row in rows
    )
    st.html(Markup("<ul>{}</ul>").format(items))
    parts.folded("SQL of this list", partial(parts.sql, asked))


def _where(row: Row) -> str:
    return ", ".join(word for word in (row["source_name"], row["stage_name"]) if word)


def _moved(change: float) -> str:
    if abs(change) < 0.5:
        return "less than half a point apart"
    return f"{signed(change)}: {'better' if change > 0 else 'worse'}"


def _without_text(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in {"title", "text", "themes"}}
