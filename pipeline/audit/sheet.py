"""What coders fill in: a sheet and a form with the same rows; the model's labels are in neither."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from models.taxonomy import Journey, read_emotions
from pipeline.audit.sample import Draw
from pipeline.spreadsheet import csv_text

COLUMNS = ("segment_id", "coder", "passage", "sentence", "stage", "emotion", "valence", "pain", "note")
VALENCES = (
    (-2, "very negative"),
    (-1, "negative"),
    (0, "neither, or both alike"),
    (1, "positive"),
    (2, "very positive"),
)
INSTRUCTIONS = (
    "Stage, emotion and valence are of the whole passage as it is shown: its main experience, and how the "
    "customer feels about that. The curve counts a sentence with the stage and valence of its passage, so "
    "this is what your labels are compared with.",
    "Pain is of the marked sentence alone: does it name a problem that the company could fix?",
    "Judge the customer's words only. Where no stage can be told, choose the stage that says so; give the "
    "valence all the same, 0 where nothing is felt.",
    "Rows are in an order of chance. Whoever stops early stops between two rows, and leaves out none that "
    "is hard.",
)


@dataclass(frozen=True, slots=True)
class Codebook:
    """The labels that may be given, each with what it means."""

    stages: tuple[tuple[str, str, str], ...]
    emotions: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, journey: Journey) -> Codebook:
        """The codebook of a taxonomy."""
        return cls(
            tuple((stage.id, stage.name, stage.definition) for stage in journey.stages),
            tuple((emotion.id, emotion.definition) for emotion in read_emotions()),
        )


def write_sheets(draw: Draw, coders: Sequence[str], codebook: Codebook, folder: Path) -> list[Path]:
    """Write each coder's sheet and form where they are not yet; none that is there is touched.

    Returns
    -------
    list of Path
        The files that were written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for coder in (one for one in coders if draw.of(one)):
        texts = {"csv": as_csv(draw, coder), "html": as_form(draw, coder, codebook)}
        for kind, text in texts.items():
            path = folder / f"{draw.draw_id}-{coder}.{kind}"
            if not path.exists():
                path.write_text(text, encoding="utf-8-sig" if kind == "csv" else "utf-8", newline="")
                written.append(path)
    return written


def as_csv(draw: Draw, coder: str) -> str:
    """A coder's sheet; what a spreadsheet would take for a formula gets an apostrophe before it."""
    rows = (
        [one["segment_id"], coder, one["passage"], one["sentence"], "", "", "", "", ""]
        for one in draw.of(coder)
    )
    return csv_text([COLUMNS, *rows])


def as_form(draw: Draw, coder: str, codebook: Codebook) -> str:
    """A coder's form: one page that asks for nothing, keeps what is typed, and gives back the sheet."""
    folder = Path(__file__).parent
    script = (folder / "form.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("form.html").render(
        draw_id=draw.draw_id,
        coder=coder,
        rows=[_row(segment) for segment in draw.of(coder)],
        columns=COLUMNS,
        codebook=codebook,
        valences=VALENCES,
        instructions=INSTRUCTIONS,
        policy=f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'",
        script=Markup(script),  # noqa: S704 our own script
    )


def _row(segment: dict[str, Any]) -> dict[str, Any]:
    start = int(segment["sentence_start"])
    return {
        "segment_id": segment["segment_id"],
        "passage": segment["passage"],
        "sentence": segment["sentence"],
        "start": start,
        "end": start + len(segment["sentence"]),
    }
