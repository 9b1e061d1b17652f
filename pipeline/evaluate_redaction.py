"""How much personal data redaction takes out, beside Presidio's defaults, on public and on our own texts."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from models.names import FOLDER
from models.registry import read_manifest
from pipeline.redact.evaluation.baseline import METHOD, presidio_defaults
from pipeline.redact.evaluation.scores import as_rows, score
from pipeline.redact.evaluation.texts import OWN, PUBLIC, LabelledText, read_own, read_public
from pipeline.redact.redactor import REDACTION_VERSION, Redactor
from pipeline.redact.spans import Found

OURS = "heartline"


def evaluate_redaction() -> dict[str, Any]:
    """Scores on every set that is here, as JSON: `scores`, `missing` and what was measured."""
    redactor = Redactor.load()
    scores = []
    seconds, n_texts = 0.0, 0
    sets, missing = _sets()
    for name, texts in sets:
        plain = [text.text for text in texts]
        began = time.perf_counter()
        ours = _found(redactor, plain)
        seconds, n_texts = seconds + time.perf_counter() - began, n_texts + len(texts)
        scores += [score((name, OURS), texts, ours), score((name, METHOD), texts, presidio_defaults(plain))]
    return {
        "model_id": read_manifest(FOLDER).model_id,
        "redaction_version": REDACTION_VERSION,
        "texts_per_second": round(n_texts / seconds) if n_texts else None,
        "scores": as_rows(scores),
        "missing": missing,
    }


def _found(redactor: Redactor, texts: Sequence[str]) -> list[list[Found]]:
    redacted = redactor.redact_many(texts, [()] * len(texts))
    return [[Found(span.kind, span.start, span.end) for span in one.spans] for one in redacted]


def _sets() -> tuple[list[tuple[str, list[LabelledText]]], list[str]]:
    """Sets that are here with their texts, and what is not and why."""
    named = os.environ.get("HEARTLINE_DATA")
    if named is None:
        return [], ["all sets: HEARTLINE_DATA names no folder; see data/README.md"]
    folder = Path(named).expanduser()
    readers: dict[str, Callable[[], list[LabelledText]]] = {
        name: lambda name=name: read_public(folder, name)  # type: ignore[misc]
        for name in PUBLIC
    }
    readers[OWN] = lambda: read_own(folder)
    found, missing = [], []
    for name, read in readers.items():
        try:
            found.append((name, read()))
        except FileNotFoundError as error:
            missing.append(f"{name}: {error.filename} is not there; data/README.md lists the files")
    return found, missing
