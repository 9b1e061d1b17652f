"""The model card: facts as JSON, and the same facts as a page to read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.evaluation.markdown import class_table, confusion_table, score_table, table, with_interval
from models.languages import language_names

TEXT = Path(__file__).parent / "card_text.md"
GOLD = {"set": "gold dev", "part": "all"}


def write_card(facts: Mapping[str, Any], folder: Path) -> None:
    """Write `<model>.json` and `<model>.md` into the folder."""
    content = json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
    (folder / f"{facts['model']}.json").write_text(content, "utf-8")
    (folder / f"{facts['model']}.md").write_text(render(facts), "utf-8")


def render(facts: Mapping[str, Any]) -> str:
    """Page of the card: the standing text with the facts in its places."""
    scores = facts["scores"]
    headline = [row for row in scores if row["part"] in {"all", "sources trained on", "other sources"}]
    places = {
        "model": facts["model"],
        "model_id": facts["model_id"],
        "languages": " and ".join(language_names()[code] for code in facts["languages"]),
        "weights": table(
            ("file", "bytes", "sha256", "licence"),
            [(row["file"], f"{row['bytes']:,}", row["sha256"], row["licence"]) for row in facts["weights"]],
        ),
        "data": table(
            ("set", "texts", "passes", "what for"),
            [(row["set"], f"{row['n']:,}", f"{row['passes']:g}", row["use"]) for row in facts["training"]],
        ),
        "stage_wrong": _share_wrong(scores, "stage"),
        "emotion_wrong": _share_wrong(scores, "emotion"),
        "thresholds": ", ".join(f"{name} {value:g}" for name, value in sorted(facts["thresholds"].items())),
        "temperatures": ", ".join(f"{name} {value:g}" for name, value in facts["temperatures"].items()),
        "encoder": _encoder_text(facts["encoder"]),
        "scores": score_table(headline),
        "stage_confusion": "\n\n".join(
            confusion_table(row) for row in _of(facts["confusions"], **GOLD, target="stage")
        ),
        "classes": class_table(
            [row for target in ("stage", "emotion") for row in _of(facts["classes"], **GOLD, target=target)]
        ),
        "by_source": _source_table(scores),
        "by_vader_set": score_table(
            [row for row in scores if row["set"] == "VADER test part" and row["part"] != "all"]
        ),
    }
    page = TEXT.read_text("utf-8")
    for name, value in places.items():
        page = page.replace("{{" + name + "}}", value)
    return page


def _of(rows: Sequence[Mapping[str, Any]], **facts: str) -> list[Mapping[str, Any]]:
    """The rows that have all the facts."""
    return [row for row in rows if facts.items() <= row.items()]


def _source_table(scores: Sequence[Mapping[str, Any]]) -> str:
    """One line a source: kappa of the labels, r of the valence, with intervals where n allows them."""
    columns = (("stage", "kappa"), ("emotion", "kappa"), ("pain", "kappa"), ("valence", "r"))
    sources = sorted({row["part"] for row in scores if row["part"].startswith("source ")})
    lines = []
    for source in sources:
        found = {(row["target"], row["metric"]): row for row in scores if row["part"] == source}
        cells = [with_interval(*(found[key][end] for end in ("value", "low", "high"))) for key in columns]
        lines.append((source.removeprefix("source "), str(found[columns[0]]["n"]), *cells))
    return table(("source", "n", *(f"{target} {metric}" for target, metric in columns)), lines)


def _share_wrong(scores: Sequence[Mapping[str, Any]], target: str) -> str:
    """Per cent of wrong labels on the gold dev rows of sources that were not trained on."""
    (row,) = _of(scores, set="gold dev", part="other sources", target=target, metric="accuracy")
    return f"{100 * (1 - row['value']):.0f} %"


def _encoder_text(facts: Mapping[str, Any]) -> str:
    return table(
        ("measured", "value"),
        [
            ("texts (customers' items, training rows)", f"{facts['n_texts']:,}"),
            ("cosine to float32, mean", f"{facts['cosine_mean']:.5f}"),
            ("cosine to float32, smallest", f"{facts['cosine_min']:.5f}"),
            ("largest difference of a number, alone or in a batch", f"{facts['alone_max_difference']:.1e}"),
            ("largest difference of a number, in another order", f"{facts['order_max_difference']:.1e}"),
            ("texts a second, this encoder", f"{facts['texts_per_second']:.0f}"),
            ("texts a second, the same graph in float32", f"{facts['texts_per_second_fp32']:.0f}"),
            ("threads; texts in a batch", f"{facts['threads']}; {facts['batch_size']}"),
        ],
    )
