"""What the charts draw, and what they leave out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reports.charts.mix import grouped
from reports.charts.weeks import with_gaps
from reports.themes import named_apart, spark_lines


def test_emotions_are_stacked_in_six_groups_that_fill_the_bar() -> None:
    rows = [
        {"stage_order": 1, "stage_name": "Use", "emotion_id": emotion, "polarity": polarity, "n_segments": n}
        for emotion, polarity, n in [
            ("anger", "negative", 1), ("frustration", "negative", 2), ("pride", "positive", 3),
            ("joy", "positive", 4),
        ]
    ]  # fmt: skip
    pieces = grouped(rows)
    assert [(piece["group"], piece["segments"]) for piece in pieces if piece["segments"]] == [
        ("anger, frustration", 3),
        ("trust, relief", 3),
        ("joy, gratitude", 4),
    ]
    assert pieces[0]["start"] == 0
    assert pieces[-1]["end"] == pytest.approx(1)


def test_a_missing_week_is_a_gap() -> None:
    rows: list[dict[str, Any]] = [
        {"stage_name": "Use", "week_start": date(2026, 9, 14), "mean_valence": 1.0},
        {"stage_name": "Use", "week_start": date(2026, 9, 28), "mean_valence": 0.5},
    ]
    assert with_gaps(rows, "stage_name") == [
        rows[0],
        {"stage_name": "Use", "week_start": date(2026, 9, 21)},
        rows[1],
    ]
    assert with_gaps([], "stage_name") == []


def test_sparklines_break_where_a_week_is_missing() -> None:
    assert spark_lines([1.0, None, 1.0]) == ["0.0,2.0", "190.0,2.0"]
    assert spark_lines([0.0]) == ["0.0,32.0"]
    assert spark_lines([]) == []


def test_themes_of_one_name_are_told_apart() -> None:
    rows = [{"theme_id": "t1", "theme_name": "bill"}, {"theme_id": "t2", "theme_name": "bill"}]
    assert [row["theme_name"] for row in named_apart(rows)] == ["bill (t1)", "bill (t2)"]
    assert named_apart(rows[:1]) == rows[:1]
