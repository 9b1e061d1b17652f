"""What was measured of the redaction, as tables to read and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.evaluation.markdown import table
from pipeline.redact.evaluation.scores import WORDS

NAME = "redaction"
TEXT = Path(__file__).parent / "page_text.md"
Row = Mapping[str, Any]


def summary(rows: Sequence[Row]) -> str:
    """Recall and precision of every promised kind by set, and other words that went too; then the rest."""
    parts = []
    for name in dict.fromkeys(row["set"] for row in rows):
        here = [row for row in rows if row["set"] == name]
        parts.append(f"### {name}, {here[0]['n_texts']:,} texts\n\n{_set_table(here)}")
        others = [row for row in here if not row["is_promised"]]
        if others:
            parts.append(_not_promised(others))
    return "\n\n".join(parts)


def page(content: Mapping[str, Any]) -> str:
    """The whole page: what the figures mean, then all of them."""
    text = TEXT.read_text("utf-8")
    for place in ("model_id", "redaction_version", "texts_per_second"):
        text = text.replace("{{" + place + "}}", str(content[place]))
    text = text.replace("{{scores}}", summary(content["scores"]))
    missing = "\n".join(f"- left out: {what}" for what in content["missing"])
    return f"{text.rstrip()}\n" + (f"\n{missing}\n" if missing else "")


def write_page(content: Mapping[str, Any], folder: Path) -> tuple[Path, Path]:
    """Write `redaction.json` and `redaction.md` into the folder, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    facts, text = folder / f"{NAME}.json", folder / f"{NAME}.md"
    facts.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
    text.write_text(page(content), "utf-8")
    return facts, text


def _set_table(rows: Sequence[Row]) -> str:
    methods = list(dict.fromkeys(row["method"] for row in rows))
    found = {(row["kind"], row["method"]): row for row in rows if row["is_promised"]}
    ours = methods[0]
    lines = []
    for kind in dict.fromkeys(kind for kind, _ in found):
        row = found[kind, ours]
        measure = "over_redacted" if kind == WORDS else "recall"
        if row[f"{measure}_n"] or row.get("precision_n"):
            cells = [_cell(found[kind, method], measure) for method in methods]
            cells += [_cell(found[kind, method], "precision") for method in methods]
            what = "other words taken out" if kind == WORDS else kind
            lines.append((what, f"{row[f'{measure}_n']:,}", *cells))
    head = (
        "kind",
        "n",
        *(f"recall, {name}" for name in methods),
        *(f"precision, {name}" for name in methods),
    )
    return table(head, lines)


def _cell(row: Row, measure: str) -> str:
    """A share in per cent with its interval; of a precision also how many pieces there were."""
    value = row.get(measure)
    if value is None:
        return "–"
    low, high = (100 * row[f"{measure}_{end}"] for end in ("low", "high"))
    n = f" (n {row['precision_n']:,})" if measure == "precision" else ""
    return f"{100 * value:.1f} % [{low:.1f}, {high:.1f}]{n}"


def _not_promised(rows: Iterable[Row]) -> str:
    listed = [
        f"{row['kind']} {100 * row['recall']:.0f} % of {row['recall_n']:,}"
        for row in rows
        if row["method"] == "heartline" and row["recall"] is not None
    ]
    return f"Not promised, and gone all the same: {', '.join(listed)}."
