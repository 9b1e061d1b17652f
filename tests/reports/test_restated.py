"""Weeks told anew, in words."""

from datetime import date
from typing import Any

from reports.restated import OTHER_MODEL, RestatedWeek, restated_weeks, restated_words

ROW: dict[str, Any] = {
    "week_start": date(2026, 9, 21), "source_id": "tickets", "source_name": "Support tickets",
    "n_items_before": 1_200, "n_items_now": 1_180, "mean_valence_before": -0.413,
    "mean_valence_now": None, "is_same_model": True,
}  # fmt: skip


def test_nothing_restated_says_nothing() -> None:
    assert (restated_words([]), restated_weeks([])) == ("", [])


def test_a_week_is_told_then_and_now() -> None:
    assert restated_words([ROW]).replace("\u00a0", " ") == (
        "1 week of Support tickets reads otherwise than in the report before, since records came late, were "
        "corrected or were erased."
    )
    assert restated_weeks([ROW]) == [
        RestatedWeek(
            week="21 to 27\u00a0September 2026",
            source="Support tickets",
            items="1,200 → 1,180",
            items_moved="−20",
            mean="−0.41 → too few customers",
        )
    ]


def test_another_model_is_told_once_and_not_week_by_week() -> None:
    rows = [ROW | {"is_same_model": False}, ROW | {"is_same_model": False, "source_id": "survey"}]
    assert (restated_words(rows), restated_weeks(rows)) == (OTHER_MODEL, [])
