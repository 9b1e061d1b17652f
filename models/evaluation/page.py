"""What was measured, to read: on a terminal, and whole as a page beside its JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.evaluation.markdown import class_table, confusion_table, score_table

NAME = "evaluation"
ABOUT = """\
Intervals are 95 % percentile bootstrap intervals over texts (1,000 resamples; none below 20 texts, of a class
none below 20 texts of that class): they tell of the sampling of texts, not of errors in the labels. Majority
is the most frequent training label, VADER its lexicon. Confusions count texts: a line is what the text is, a
column what it was read as, a dot none."""
Content = Mapping[str, Any]


def summary(content: Content) -> str:
    """All scores, then confusion and classes of the first set that has classes."""
    parts = [score_table(content["scores"])]
    for name, part in _places(content)[:1]:
        parts.append(_classes_of(content, name, part, heading=""))
    return "\n\n".join(parts)


def page(content: Content) -> str:
    """Everything: all scores, then each set's and part's confusion and classes."""
    parts = [f"# Evaluation of `{content['model_id']}`", ABOUT, "## Scores", score_table(content["scores"])]
    parts += [_classes_of(content, name, part, heading="## ") for name, part in _places(content)]
    if content["missing"]:
        parts.append("## Left out\n\n" + "\n".join(f"- {what}" for what in content["missing"]))
    return "\n\n".join(parts) + "\n"


def write_evaluation(content: Content, folder: Path) -> tuple[Path, Path]:
    """Write `evaluation.json` and `evaluation.md` into the folder, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    facts, text = folder / f"{NAME}.json", folder / f"{NAME}.md"
    facts.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
    text.write_text(page(content), "utf-8")
    return facts, text


def _places(content: Content) -> list[tuple[str, str]]:
    """Sets and parts that have classes, in their order."""
    return list(dict.fromkeys((row["set"], row["part"]) for row in content["classes"]))


def _classes_of(content: Content, name: str, part: str, *, heading: str) -> str:
    """Confusions and classes of one part of a set, under its name."""

    def here(rows: Sequence[Content]) -> list[Content]:
        return [row for row in rows if (row["set"], row["part"]) == (name, part)]

    tables = [confusion_table(confusion) for confusion in here(content["confusions"])]
    return "\n\n".join([f"{heading}{name}, {part}", *tables, class_table(here(content["classes"]))])
