"""A reader says that a tag is wrong: kept for the next training, read by no audit."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Literal

import streamlit as st

from pipeline.workspace import Workspace
from pipeline.wrong_tags import WrongTag, report_wrong_tag
from reports.app.inert import paragraph
from reports.app.snapshot import Snapshot
from reports.app.verbatim import Verbatim

Tag = Literal["stage", "emotion", "pain"]
UNCHANGED = "as it is"
PAIN = {True: "yes", False: "no"}


@st.dialog("A wrong tag")
def ask(snapshot: Snapshot, row: Verbatim) -> None:
    """Ask what the tags should be, and keep the answer in the workspace."""
    paragraph(row["words"], "verbatim")
    shown = shown_tags(row)
    answers = {
        tag: st.selectbox(
            tag.capitalize(),  # Markdown: no place for what a taxonomy calls a stage
            [UNCHANGED, *(label for label in labels if label != shown[tag])],
            format_func=partial(_answer, shown[tag]),
            key=f"wrong_{tag}",
        )
        for tag, labels in _labels(snapshot).items()
    }
    paragraph("Kept in wrong_tags.jsonl for the next training; the audit never reads it.", "quiet")
    if st.button("Report"):
        for wrong in wrong_tags(row, answers, snapshot.run_id):
            report_wrong_tag(Workspace.open(workspace_folder(snapshot.path)), wrong)
        st.session_state["reported"] = row["segment_id"]
        st.rerun()


def wrong_tags(row: Verbatim, answers: dict[Tag, str], run_id: str) -> list[WrongTag]:
    """What a reader's answers say is wrong; nothing for tags left as they are."""
    shown = shown_tags(row)
    return [
        WrongTag(row["segment_id"], tag, shown[tag], answer, run_id)
        for tag, answer in answers.items()
        if answer != UNCHANGED
    ]


def shown_tags(row: Verbatim) -> dict[Tag, str]:
    """The tags of a segment as the page shows them."""
    return {"stage": row["stage_id"], "emotion": row["emotion_id"], "pain": PAIN[bool(row["is_pain"])]}


def _answer(shown: str, answer: str) -> str:
    return f"{shown}, as it is" if answer == UNCHANGED else answer


def workspace_folder(published_file: Path) -> Path:
    """Folder of the workspace that a published file belongs to."""
    return published_file.parent.parent


def _labels(snapshot: Snapshot) -> dict[Tag, list[str]]:
    stages = snapshot.ask("select stage_id from dim_journey_stage order by stage_order nulls last, stage_id")
    emotions = snapshot.ask("select emotion_id from dim_emotion order by emotion_order, emotion_id")
    return {"stage": stages.stage_id.tolist(), "emotion": emotions.emotion_id.tolist(), "pain": ["yes", "no"]}
