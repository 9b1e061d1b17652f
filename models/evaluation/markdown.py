"""Scores, classes and confusions as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_NAMES = {
    "macro_f1": "macro-F1",
    "macro_recall": "macro-recall",
    "mae": "mean absolute error",
    "auc": "AUC",
    "ece": "calibration error",
    "nmi": "NMI",
}


def score_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """One line a metric, with intervals and baselines."""
    return table(
        ("set", "part", "what", "metric", "n", "this model [95 % interval]", "majority", "VADER"),
        [
            (
                row["set"],
                row["part"],
                row["target"],
                _NAMES.get(row["metric"], row["metric"]),
                f"{row['n']:,}",
                with_interval(row["value"], row["low"], row["high"]),
                number(row["majority"]),
                number(row["vader"]),
            )
            for row in rows
        ],
    )


def class_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """One line a class: how many texts are of it and read as it, precision, recall and F1."""
    return table(
        ("what", "class", "n", "read as it", "precision", "recall", "F1 [95 % interval]"),
        [
            (
                row["target"],
                row["label"],
                f"{row['n']:,}",
                f"{row['n_predicted']:,}",
                number(row["precision"]),
                number(row["recall"]),
                with_interval(row["f1"], row["f1_low"], row["f1_high"]),
            )
            for row in rows
        ],
    )


def confusion_table(confusion: Mapping[str, Any]) -> str:
    """One line a true label, one column a label read, in texts; a dot where there is none."""
    head = (f"{confusion['target']}: true, then read as", "n", *confusion["labels"])
    return table(
        head,
        [
            (label, f"{sum(counts):,}", *(f"{count:,}" if count else "·" for count in counts))
            for label, counts in zip(confusion["labels"], confusion["counts"], strict=True)
        ],
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown table of cells."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def number(value: float | None) -> str:
    """Two decimals; a dash for what is not defined."""
    return "–" if value is None else f"{value:.2f}"


def with_interval(value: float | None, low: float | None, high: float | None) -> str:
    """Two decimals, with the interval where there is one."""
    return number(value) if low is None else f"{number(value)} [{number(low)}, {number(high)}]"
