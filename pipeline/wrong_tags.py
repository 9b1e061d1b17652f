"""`wrong_tags.jsonl`: what readers of the explorer called wrong, for the next training; no audit reads it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pipeline.files import append_line
from pipeline.workspace import Workspace

WRONG_TAGS_NAME = "wrong_tags.jsonl"


@dataclass(frozen=True, slots=True)
class WrongTag:
    """One tag of one segment that a reader found wrong.

    `shown` is the tag's label as the published file of run `run_id` has it, `should_be` what the reader would
    have said; None where they only say that it is wrong. Labels and ids only, never a customer's words.
    """

    segment_id: str
    tag: Literal["stage", "emotion", "sentiment", "theme", "pain"]
    shown: str | None
    should_be: str | None
    run_id: str


def report_wrong_tag(workspace: Workspace, wrong: WrongTag) -> Path:
    """Add one line to the workspace's file, on disk when this returns; gives the file.

    Several readers may report at once, and a job may run: a line is added in a single write.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    path = workspace.folder / WRONG_TAGS_NAME
    told = {"reported_at": datetime.now(UTC).isoformat(timespec="seconds")} | asdict(wrong)
    append_line(path, json.dumps(told, ensure_ascii=False))
    return path
