"""What the charts draw, and what they leave out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reports.charts.axes import stage_axis
from reports.charts.groups import group_chart
from reports.charts.mix import grouped
from reports.charts.theme_map import theme_map_chart
from reports.charts.touchpoints import touchpoint_strip
from reports.charts.weeks import with_gaps
from reports.journey import StagePoint
from reports.themes import named_apart


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


def test_themes_of_one_name_are_told_apart() -> None:
    rows = [{"theme_id": "t1", "theme_name": "bill"}, {"theme_id": "t2", "theme_name": "bill"}]
    assert [row["theme_name"] for row in named_apart(rows)] == ["bill (t1)", "bill (t2)"]
    assert named_apart(rows[:1]) == rows[:1]


def on_the_map(name: str, x: float, y: float, radius: float) -> dict[str, Any]:
    return {
        "theme_id": name, "theme_name": name, "family": "Service", "n_segments": 12, "n_items": 9,
        "map_x": x, "map_y": y, "map_radius": radius,
    }  # fmt: skip


def test_the_map_has_every_theme_and_every_dot_inside_its_edges() -> None:
    themes = [on_the_map("late", -1.0, 0.5, 0.4), on_the_map("rude", 0.8, -0.2, 0.2)]
    points = [
        {"theme_id": "late", "x": -1.3, "y": 0.5, "n": 1},
        {"theme_id": "rude", "x": 0.8, "y": -0.3, "n": 7},
        {"theme_id": "gone", "x": 0.0, "y": 0.0, "n": 1},
    ]
    drawn = theme_map_chart(themes, points).to_dict()
    discs, dots, *names = (drawn["datasets"][layer["data"]["name"]] for layer in drawn["layer"])
    assert [disc["theme"] for disc in discs] == ["late", "rude"]
    assert discs[0]["size"] / discs[1]["size"] == pytest.approx(4, rel=0.01)
    assert [(dot["theme"], dot["size"]) for dot in dots] == [("late", 9), ("rude", 45)]
    assert [[name["name"] for name in layer] for layer in names] == [[["late"], ["rude"]]] * 2
    low, high = drawn["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low < -1.4
    assert high > 1.0
    assert drawn["width"] / drawn["height"] == pytest.approx((high - low) / 1.36, rel=0.01)


def test_the_touchpoint_strip_shows_no_number_of_few_and_no_colour_of_hardly_enough() -> None:
    met = {"touchpoint": "chat", "stage_name": "Use", "stage_order": 4, "ci_low": -1.2, "ci_high": -0.8}
    rows = [
        met | {"n_customers": 120, "mean_valence": -1.0, "is_hollow": False},
        met | {"touchpoint": "fax", "n_customers": 12, "mean_valence": -1.0, "is_hollow": True},
        met
        | {"touchpoint": "web", "n_customers": 4, "mean_valence": None, "is_hollow": True, "ci_low": None},
        met | {"stage_order": 9, "n_customers": 30, "mean_valence": 1.0, "is_hollow": False},
    ]
    drawn = touchpoint_strip(rows, {4: 0}, stage_axis(1), 912).to_dict()
    cells = [
        (cell["touchpoint"], cell["mean"], cell["n"], cell["filled"])
        for cell in drawn["datasets"][drawn["data"]["name"]]
    ]
    assert cells == [
        ("chat", "−1.0", "n 120", True), ("fax", "−1.0", "n 12", False), ("web", "–", "too few", False),
    ]  # fmt: skip


def test_a_group_without_a_stage_has_a_gap_there() -> None:
    def point(name: str, order: int, n: int, mean: float | None) -> StagePoint:
        return StagePoint(name, order, n, mean, -1.0, 1.0, is_hollow=n < 20, is_suppressed=mean is None)

    pooled = [point("Use", 1, 90, 0.1), point("Support", 2, 80, 0.2)]
    drawn = group_chart(
        {"North": [point("Support", 2, 30, -0.5)], "South": [point("Use", 1, 4, None)]}, pooled
    )
    spec = drawn.to_dict()
    rows = spec["datasets"][spec["data"]["name"]]
    assert [(row["group"], row["stage"], row["mean"], row["customers"]) for row in rows] == [
        ("North", "Use", None, 0),
        ("North", "Support", -0.5, 30),
        ("South", "Use", None, 4),
        ("South", "Support", None, 0),
    ]
