"""Edits of a theme: done at once where no job holds the workspace, else queued for the next one."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from models.errors import HeartlineError
from pipeline.config import CONFIG_NAME
from pipeline.theme_queue import QUEUE_NAME, AskedEdit, read_queue
from pipeline.workspace import Workspace
from reports.app.inert import paragraph
from reports.app.snapshot import Snapshot
from reports.read import Row
from reports.words import count

ACTIVE = {
    "rename": "Rename",
    "move": "Put into another family",
    "merge": "Merge into another theme",
    "split": "Split in two, where it parts best",
    "retire": "Retire",
}
PIN = {"pin": "Pin: keep it as it is through refits"}
UNPIN = {"unpin": "Unpin: let refits change it again"}
PROPOSED = {"accept": "Accept into the book", "retire": "Reject", "rename": "Rename"}
PUT_AWAY = {"restore": "Bring back"}
ABOUT = (
    "An edit is a line in the theme book’s log and is undone by another. Numbers change at the next publish: "
    "heartline run. A split by example sentences is heartline themes split."
)
DONE = "Done: it stands in the book’s log. Numbers change at the next publish (heartline run)."
QUEUED = (
    "A job holds the workspace: the edit is queued and will be done, or refused, by the next heartline run "
    "or themes command. Numbers change at the publish after that."
)
TOLD = "told_edit"


def kinds(theme: Row) -> dict[str, str]:
    """The edits that a theme's status allows, by their kind."""
    if theme["status"] == "proposed":
        return PROPOSED
    if theme["status"] == "active":
        return ACTIVE | (UNPIN if theme["is_pinned"] else PIN)
    return PUT_AWAY if theme["status"] in {"retired", "merged"} else {}


def show(snapshot: Snapshot, theme: Row, themes: list[Row]) -> None:
    """The form, what became of the last edit, and the queue."""
    folder = snapshot.path.parents[1]
    if not (folder / CONFIG_NAME).is_file():
        return
    st.header("Edit")
    paragraph(ABOUT, "quiet")
    allowed = kinds(theme)
    if allowed:
        _form(folder, theme, themes, allowed)
    else:
        paragraph(f"Nothing can be done to a theme that was {theme['status']}.")
    for line in st.session_state.pop(TOLD, []):
        paragraph(line)
    _queue(folder)


def _form(folder: Path, theme: Row, themes: list[Row], allowed: dict[str, str]) -> None:
    kind = st.selectbox("What to do", list(allowed), format_func=allowed.__getitem__, key="edit_kind")
    value = _value(kind, theme, themes)
    by = st.text_input("Your name, for the history", key="edit_by", max_chars=80).strip()
    asked = AskedEdit(kind, theme["theme_id"], value, by or None)
    if st.button("Do it", type="primary", disabled=kind in {"rename", "merge"} and not value):
        st.session_state[TOLD] = told(folder, asked)


def told(folder: Path, asked: AskedEdit) -> list[str]:
    """Have an edit done or queued; says which, or why not."""
    from pipeline.theme_desk import ask_edit  # takes seconds, and most readers edit nothing

    try:
        is_done = ask_edit(Workspace.open(folder), asked)
    except HeartlineError as error:
        return [f"Refused: {error.message}.", f"Next: {error.next_command}"][: 1 + bool(error.next_command)]
    return [DONE if is_done else QUEUED]


def _value(kind: str, theme: Row, themes: list[Row]) -> str:
    """What the edit takes beside the theme."""
    if kind == "merge":
        names = {
            row["theme_id"]: row["theme_name"]
            for row in themes
            if row["status"] == "active" and row["theme_id"] != theme["theme_id"]
        }
        chosen = st.selectbox("Into", list(names), format_func=names.__getitem__, index=None, key="edit_into")
        return chosen or ""
    if kind == "rename":
        return st.text_input("New name", key="edit_name", max_chars=80).strip()
    if kind == "move":
        return st.text_input("Family", key="edit_family", max_chars=80).strip()
    return ""


def _queue(folder: Path) -> None:
    """What is queued, and what became of it."""
    try:
        queued = read_queue(folder)
    except HeartlineError as error:
        paragraph(error.message)
        return
    if not queued:
        return
    with st.expander(f"Queue: {count(len(queued), 'edit')}, in {QUEUE_NAME}"):
        for one in reversed(queued):
            asked = one.asked
            value = f" “{asked.value}”" if asked.value else ""
            by = f", by {asked.by}" if asked.by else ""
            paragraph(f"{one.number}. {asked.kind} {asked.theme}{value}{by}: {one.outcome or 'waiting'}")
