"""What came in, what was held back, how far the tags are checked, and which models made them."""

from __future__ import annotations

from functools import partial

import streamlit as st

from reports.app import parts
from reports.app.inert import paragraph
from reports.app.snapshot import Snapshot, rows_of
from reports.figure import Table
from reports.languages import language_table, language_words
from reports.near_duplicates import near_duplicate_table, near_duplicate_words
from reports.quality import OUTCOMES, quality_words, source_quality
from reports.read import Row
from reports.words import count, day, fixed, iso_week

MEASURES = {
    "people": "people among themselves, Krippendorff’s alpha",
    "model": "model with people, Krippendorff’s alpha",
    "accuracy": "share that the model reads as people do",
}
COUNTS = "Counts of this file, without an interval: nothing is estimated here."


def show(snapshot: Snapshot) -> None:
    """Draw the page."""
    st.title("Data quality")
    _came_in(snapshot)
    _held_back(snapshot)
    _languages(snapshot)
    _near_duplicates(snapshot)
    _gaps(snapshot)
    _audit(snapshot)
    _models(snapshot)


def _came_in(snapshot: Snapshot) -> None:
    st.header("What came in")
    asked = snapshot.ask_of_report("quality")
    rows = rows_of(asked.frame)
    for sentence in quality_words(rows):
        paragraph(sentence)
    sources = source_quality(rows)
    heads = ["Source", "Records", *(outcome.capitalize() for outcome in OUTCOMES), "Adds up"]
    cells = [
        [one.name, one.records, *one.outcomes, "yes" if one.adds_up else "no: records are missing"]
        for one in sources
    ]
    parts.table(Table(heads, cells, frozenset(range(1, len(heads)))), "What became of the records")
    heads = ["Source", "Without text", "Fillers", "Undated", "No customer"]
    heads += ["Segments", "No content", "Unsorted", "Unsure of stage"]
    cells = [[one.name, *one.of_items, one.segments, *one.of_segments] for one in sources]
    parts.table(Table(heads, cells, frozenset(range(1, len(heads)))), "What the items and segments are like")
    paragraph(COUNTS, "quiet")
    parts.numbers_and_sql(rows, asked, "measures by source")
    files = snapshot.ask_named("file_outcomes")
    parts.numbers_and_sql(rows_of(files.frame), files, "records by file and outcome")


def _held_back(snapshot: Snapshot) -> None:
    st.header("Quarantine")
    asked = snapshot.ask_of_report("quarantine")
    rows = rows_of(asked.frame)
    if not rows:
        paragraph("No record was held back.")
        return
    cells = [
        [row["source_name"] or "–", row["reason"], f"{row['n_records']:,}", f"{row['n_files']:,}"]
        for row in rows
    ]
    parts.table(
        Table(["Source", "Reason", "Records", "Files"], cells, frozenset({2, 3})), "Records held back"
    )
    parts.numbers_and_sql(rows, asked, "quarantine")


def _languages(snapshot: Snapshot) -> None:
    st.header("Languages")
    asked = snapshot.ask_of_report("languages")
    rows = rows_of(asked.frame)
    paragraph(language_words(rows))
    parts.table(language_table(rows), "Items by language")
    paragraph(COUNTS, "quiet")
    parts.numbers_and_sql(rows, asked, "languages")


def _near_duplicates(snapshot: Snapshot) -> None:
    st.header("Near-copies")
    asked = snapshot.ask_of_report("near_duplicates")
    rows = rows_of(asked.frame)
    paragraph(near_duplicate_words(rows))
    if rows:
        parts.table(near_duplicate_table(rows), "The largest groups of near-copies")
        paragraph(COUNTS, "quiet")
        parts.numbers_and_sql(rows, asked, "near-copies")


def _gaps(snapshot: Snapshot) -> None:
    st.header("Weeks that a source left out")
    asked = snapshot.ask_of_report("load_gaps")
    rows = rows_of(asked.frame)
    if not rows:
        paragraph("None in the last 52 complete weeks.")
        return
    cells = [
        [
            row["source_name"] or row["source_id"],
            iso_week(row["week_start"]),
            f"{row['n_items']:,}",
            fixed(row["expected"], 0),
        ]
        for row in rows
    ]
    parts.table(Table(["Source", "Week", "Items", "Usual"], cells, frozenset({2, 3})), "Load gaps")
    paragraph("Usual: the median of the normal weeks among the 13 before; no interval.", "quiet")
    parts.numbers_and_sql(rows, asked, "load gaps")


def _audit(snapshot: Snapshot) -> None:
    st.header("Audit")
    asked = snapshot.ask_of_report("audit")
    state = rows_of(asked.frame)[0]
    if state["badge"] == "none":
        paragraph("Read by a model and not yet audited by people: how often it is right here is not known.")
        return
    since = "" if state["first_week"] is None else f" since {day(state['first_week'])}"
    read = f"{count(state['n_passages'], 'passage')} of {count(state['n_customers'], 'customer')}"
    paragraph(
        f"{state['badge']}: {read}, read by {count(state['n_coders'], 'person', 'people')}{since}. "
        f"{state['reason'] or ''}"
    )
    scores = snapshot.ask_named("audit_scores")
    cells = [_score(row) for row in rows_of(scores.frame)]
    heads = ["Agreement", "Of", "Label", "Value", "Interval", "Passages", "Customers"]
    parts.table(Table(heads, cells, frozenset({3, 4, 5, 6})), "How well people and model agree")
    parts.numbers_and_sql(rows_of(scores.frame), scores, "agreement")
    parts.folded("SQL of the audit’s state", partial(parts.sql, asked))


def _score(row: Row) -> list[str]:
    known = row["ci_low"] is not None
    return [
        MEASURES.get(row["measure"], row["measure"]),
        row["target"],
        row["label"],
        "–" if row["value"] is None else fixed(row["value"], 2),
        f"{fixed(row['ci_low'], 2)} to {fixed(row['ci_high'], 2)}" if known else "no interval",
        f"{row['n_passages']:,}",
        f"{row['n_customers']:,}",
    ]


def _models(snapshot: Snapshot) -> None:
    st.header("Models and versions")
    asked = snapshot.ask_of_report("models")
    rows = rows_of(asked.frame)
    cells = [[row["model_role"], row["model_id"], row["description"], row["licence"] or "–"] for row in rows]
    parts.table(Table(["Role", "Model", "What it is", "Licence"], cells, frozenset()), "Models")
    run = snapshot.ask_named("run")
    facts = [[name.replace("_", " "), str(value)] for name, value in rows_of(run.frame)[0].items()]
    parts.table(Table(["Of this file", "Value"], facts, frozenset()), "The run that published it")
    parts.numbers_and_sql(rows, asked, "models")
