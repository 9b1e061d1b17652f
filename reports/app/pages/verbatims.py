"""The customers' own words: search, sort, read in context, take away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st
from markupsafe import Markup

from reports.app import address, export, found, parts, wrong_tag
from reports.app.choice import Choice
from reports.app.filters import choose
from reports.app.inert import paragraph
from reports.app.pages.customer import link
from reports.app.pages.overview import extent_words
from reports.app.snapshot import Asked, Snapshot, read_query, rows_of
from reports.app.surety import LEAST_QUOTED
from reports.app.verbatim import Verbatim, facts, is_cut, marked, unread_facts
from reports.words import count, day, signed

PAGE_SIZE = 20
MARKS = (
    "{pages} of {size} each. The marked sentence carries theme and problem; stage and feeling are read from "
    "the underlined passage around it."
)
TOO_FEW = (
    f"These filters name people, and fewer than {LEAST_QUOTED} customers are left: no words are listed "
    "under the name of a segment. Without the filters of segment, organisation, language and rating they are."
)
SORTS = {
    "newest": "item.written_at desc nulls last, segment.segment_id",
    "strongest": "segment.intensity desc nulls last, segment.segment_id",
    "most typical of its theme": "segment.theme_score desc nulls last, segment.segment_id",
    "most negative": "segment.valence, segment.segment_id",
}


def show(snapshot: Snapshot) -> None:
    """Draw the page."""
    choice = choose(snapshot)
    st.title("Verbatims")
    chosen, whole = found.extent(snapshot, choice), found.extent(snapshot, Choice())
    paragraph(extent_words(chosen, whole), "extent")
    unread = untagged(snapshot, choice)
    n_unread = int(unread.frame.n_customers.max()) if len(unread.frame) else 0
    if chosen.n_segments:
        _guarded(choice, chosen.n_customers, partial(_read, snapshot, choice, chosen.n_segments))
    elif not n_unread:
        parts.nothing_found()
    if n_unread:
        _guarded(choice, n_unread, partial(_unread, unread))


def _guarded(choice: Choice, n_customers: int, draw: Callable[[], None]) -> None:
    """Words that are drawn, unless the filters name people and these are so few that it tells who wrote."""
    if choice.is_of_people and n_customers < LEAST_QUOTED:
        paragraph(TOO_FEW)
    else:
        draw()


def _read(snapshot: Snapshot, choice: Choice, n_segments: int) -> None:
    """One page of the chosen segments, and files of all of them."""
    n_pages = -(-n_segments // PAGE_SIZE)
    sort, page = _place(choice, n_pages)
    asked = listed(snapshot, choice, sort, page)
    paragraph(MARKS.format(pages=count(n_pages, "page"), size=PAGE_SIZE), "quiet")
    _reported()
    for row in asked.frame.to_dict("records"):
        _verbatim(snapshot, row)
    _take_away(snapshot, choice, n_segments)
    parts.folded("SQL of this list", partial(parts.sql, asked))


def listed(snapshot: Snapshot, choice: Choice, sort: str, page: int) -> Asked:
    """One page of the chosen segments in the order named; texts as they are, as offsets count in them."""
    sql, parameters = found.chosen("verbatims", choice)
    sql = sql.replace("$sorted", SORTS[sort])
    parameters |= {"page_size": PAGE_SIZE, "before": (page - 1) * PAGE_SIZE}
    return Asked(snapshot.ask(sql, parameters), sql, parameters)


def untagged(snapshot: Snapshot, choice: Choice) -> Asked:
    """The newest chosen items whose language the models do not read."""
    where = choice.where_items()
    sql = read_query("unread").replace("$chosen", where.sql)
    return Asked(snapshot.ask(sql, where.parameters), sql, where.parameters)


def _unread(unread: Asked) -> None:
    rows = unread.frame.to_dict("records")
    n_unread = int(rows[0]["n_unread"])
    st.header("Not read")
    shown = f" The newest {len(rows)} are shown." if n_unread > len(rows) else ""
    paragraph(f"{count(n_unread, 'item')} in languages that the models do not read, so without tags.{shown}")
    for row in rows:
        paragraph(unread_facts(row), "quiet")
        paragraph(row["text"], "verbatim")
        if isinstance(row["customer_id"], str):
            st.html(Markup('<p class="quiet">Customer {}</p>').format(link(row["customer_id"])))
    with st.expander("SQL of the items not read"):
        parts.sql(unread)


def _place(choice: Choice, n_pages: int) -> tuple[str, int]:
    """Order and page of the list; other filters or another order start at the first page."""
    sorts, pages = st.columns([3, 1])
    sort = sorts.selectbox(
        "Order", list(SORTS), key=address.bound("order", address.one_of(list(SORTS)), "newest")
    )
    key = address.bound("page", address.whole_number(1, 10**7), 1)
    before = st.session_state.setdefault("list", (choice, sort))
    if before != (choice, sort):
        st.session_state["list"], st.session_state[key] = (choice, sort), 1
    st.session_state[key] = min(st.session_state[key], n_pages)
    page = pages.number_input("Page", min_value=1, max_value=n_pages, step=1, key=key)
    return sort, int(page)


def _verbatim(snapshot: Snapshot, row: Verbatim) -> None:
    wide, narrow = st.columns([6, 1], vertical_alignment="center")
    with wide:
        paragraph(facts(row), "quiet")
    if narrow.button("Wrong tag", key=f"wrong:{row['segment_id']}", type="tertiary"):
        wrong_tag.ask(snapshot, row)
    st.html(marked(row))
    if isinstance(row["customer_id"], str):
        st.html(Markup('<p class="quiet">Customer {}</p>').format(link(row["customer_id"])))
    has_thread = isinstance(row["thread_id"], str)
    if has_thread or is_cut(row):
        with st.expander("In context"):
            _context(snapshot, row, has_thread)


def _context(snapshot: Snapshot, row: Verbatim, has_thread: bool) -> None:
    """The whole text, and the other items of its thread in order."""
    st.html(marked(row, whole=True))
    if not has_thread:
        return
    asked = snapshot.ask_named("thread", {"source_id": row["source_id"], "thread_id": row["thread_id"]})
    for item in rows_of(asked.frame):
        if item["item_id"] == row["item_id"]:
            paragraph("The text above stands here in its thread.", "quiet")
            continue
        when = "undated" if item["written_on"] is None else day(item["written_on"])
        feeling = "" if item["valence"] is None else f" · valence {signed(item['valence'])}"
        paragraph(f"{when}{feeling}", "quiet")
        paragraph(item["text"], "verbatim")


def _reported() -> None:
    if st.session_state.pop("reported", None):
        paragraph("Thank you: the wrong tag is noted for the next training.")


def _take_away(snapshot: Snapshot, choice: Choice, n_segments: int) -> None:
    """Files of all chosen segments, made when they are asked for."""
    st.header("Take away")
    paragraph(f"All {count(n_segments, 'row')} that the filters leave in, one per segment.")
    for place, (name, form) in zip(st.columns(len(export.FORMS)), export.FORMS.items(), strict=True):
        place.download_button(
            name,
            partial(_file, snapshot, choice, form),
            file_name=f"segments.{form.ending}",
            mime=form.media_type,
            on_click="ignore",
        )


def _file(snapshot: Snapshot, choice: Choice, form: export.Form) -> bytes:
    sql, parameters = found.chosen("taken", choice)
    return form.write(snapshot.fetch(sql, parameters))
