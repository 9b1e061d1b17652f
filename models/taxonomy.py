"""The journey's stages and the emotions: what the model's labels are called, and in which order."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.errors import TaxonomyError

FOLDER = Path(__file__).parent / "taxonomy"
STAGE_LABELS = (
    "awareness",
    "consideration",
    "purchase",
    "onboarding",
    "use",
    "support",
    "retention",
    "advocacy",
    "unclear",
)
_STAGE_KEYS = {"id", "name", "definition", "model_labels", "on_curve"}
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Stage:
    """One stage: its place from 1 (`order`; None where it is not on the curve) and the labels in it."""

    id: str
    name: str
    definition: str
    model_labels: tuple[str, ...]
    order: int | None

    @property
    def on_curve(self) -> bool:
        """Whether the journey curve shows the stage."""
        return self.order is not None


@dataclass(frozen=True)
class Journey:
    """Stages in the order of the journey; `version` ends in eight hex digits of their content."""

    version: str
    stages: tuple[Stage, ...]

    def stage_of(self, label: str) -> str:
        """Id of the stage that a label of the model falls into.

        Raises
        ------
        KeyError
            The model has no such label.
        """
        return {known: stage.id for stage in self.stages for known in stage.model_labels}[label]


@dataclass(frozen=True)
class Emotion:
    """One emotion: its polarity (negative, neutral, positive) and place from 1, the most negative."""

    id: str
    definition: str
    polarity: str
    order: int


def read_journey(path: Path | None = None) -> Journey:
    """Journey taxonomy from a TOML file, by default the one that comes with heartline.

    Raises
    ------
    TaxonomyError
        The file is missing, is no TOML, or breaks a rule; all broken rules are named at once.
    """
    path = path or FOLDER / "journey.toml"
    content = _read_toml(path)
    wrong = list(_journey_faults(content))
    if wrong:
        raise TaxonomyError(
            f"{path} is no journey taxonomy: {'; '.join(wrong)}",
            next_command=f"correct {path.name}, then: heartline doctor",
            left_undone="no stage was assigned",
            file=str(path),
            faults=wrong,
        )
    stages, order = [], 0
    for entry in content["stage"]:
        on_curve = entry.get("on_curve", True)
        order += on_curve
        stages.append(
            Stage(
                id=entry["id"],
                name=entry["name"],
                definition=entry["definition"],
                model_labels=tuple(entry["model_labels"]),
                order=order if on_curve else None,
            )
        )
    digest = hashlib.sha256(json.dumps([asdict(stage) for stage in stages]).encode()).hexdigest()[:8]
    return Journey(f"{content['version']}+{digest}", tuple(stages))


def read_emotions() -> tuple[Emotion, ...]:
    """Read the 13 emotions, the most negative first."""
    entries = _read_toml(FOLDER / "emotions.toml")["emotion"]
    return tuple(
        Emotion(entry["id"], entry["definition"], entry["polarity"], order)
        for order, entry in enumerate(entries, start=1)
    )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TaxonomyError(
            f"{path} cannot be read as TOML: {error}",
            next_command=f"correct {path.name}, then: heartline doctor",
            left_undone="no stage was assigned",
            file=str(path),
        ) from error


def _journey_faults(content: dict[str, Any]) -> list[str]:
    """Every rule the file breaks, in the words of its author."""
    faults = [f"unknown key {key!r}" for key in sorted(content.keys() - {"version", "stage"})]
    if not (isinstance(content.get("version"), str) and content["version"]):
        faults.append('`version` must be a text, such as version = "ours-1"')
    stages = content.get("stage")
    if not isinstance(stages, list) or not all(isinstance(entry, dict) for entry in stages):
        return [*faults, "there must be [[stage]] tables"]
    for number, entry in enumerate(stages, start=1):
        faults += [f"stage {number} ({entry.get('id', 'no id')}): {fault}" for fault in _stage_faults(entry)]
    ids = [entry.get("id") for entry in stages]
    faults += [f"stage id {name!r} stands twice" for name in _twice(ids)]
    if not any(entry.get("on_curve", True) is True for entry in stages):
        faults.append("no stage is on the curve")
    return faults + _label_faults(stages)


def _stage_faults(entry: dict[str, Any]) -> list[str]:
    faults = [f"unknown key {key!r}" for key in sorted(entry.keys() - _STAGE_KEYS)]
    for key in ("id", "name", "definition"):
        if not (isinstance(entry.get(key), str) and entry[key].strip()):
            faults.append(f"`{key}` must be a text")
    if isinstance(entry.get("id"), str) and not _ID.fullmatch(entry["id"]):
        faults.append("`id` must be lower-case letters, digits and _, starting with a letter")
    if not isinstance(entry.get("on_curve", True), bool):
        faults.append("`on_curve` must be true or false")
    if not _labels(entry):
        faults.append("`model_labels` must list at least one of the model's labels")
    return faults


def _label_faults(stages: list[dict[str, Any]]) -> list[str]:
    """Labels of the model that are in no stage or in several, and labels it does not have."""
    places = {label: [entry for entry in stages if label in _labels(entry)] for label in STAGE_LABELS}
    used = [label for entry in stages for label in _labels(entry)]
    faults = [f"the model's label {label!r} is in no stage" for label in STAGE_LABELS if not places[label]]
    faults += [
        f"the model's label {label!r} is in {' and '.join(str(entry.get('id')) for entry in places[label])}"
        if len(places[label]) > 1
        else f"the model's label {label!r} stands twice in {places[label][0].get('id')}"
        for label in _twice(used)
        if label in places
    ]
    unknown = sorted(set(used) - set(STAGE_LABELS))
    return faults + [
        f"the model has no label {label!r}: it has {', '.join(STAGE_LABELS)}" for label in unknown
    ]


def _labels(entry: dict[str, Any]) -> list[str]:
    labels = entry.get("model_labels")
    return [str(label) for label in labels] if isinstance(labels, list) else []


def _twice(names: list[Any]) -> list[str]:
    return sorted({str(name) for name in names if name is not None and names.count(name) > 1})
