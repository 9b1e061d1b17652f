"""Segments and ends in words."""

from __future__ import annotations

from typing import Any

import pytest

from reports.segments import chance, differing_segments, segment_words, start_to_end


def row(q: float | None = 0.01, **facts: Any) -> dict[str, Any]:
    return {
        "attribute": "plan", "attribute_value": "Max", "stage_name": "Use", "n_customers": 1200,
        "n_customers_other": 34, "mean_valence": -0.5, "ci_low": None, "ci_high": None, "difference": -0.25,
        "difference_ci_low": -0.4, "difference_ci_high": -0.1, "p_value": q, "q_value": q,
    } | facts  # fmt: skip


def test_only_findings_are_listed_and_ten_at_most() -> None:
    rows = [row(q) for q in (0.0, *[0.05] * 12, 0.1, 0.7, None)]
    listed = differing_segments(rows)
    assert [one.q for one in listed] == ["under .001", *[".050"] * 9]
    assert (listed[0].n, listed[0].ends, listed[0].mean_ends) == ("1,200 against 34", "−0.40 to −0.10", "")
    assert "Of 15\u00a0comparisons" in segment_words(rows)
    assert segment_words(rows).endswith(", 13 differ; the 10 surest are shown.")


def test_nothing_to_compare_and_nothing_found_are_told_apart() -> None:
    assert "none differs by more than chance" in segment_words([row(0.4)])
    assert segment_words([]).startswith("No attribute, channel or organisation")


def test_all_sources_are_shown_where_they_add_to_one() -> None:
    facts = {"n_units": 20, "n_customers": 20, "mean_first": 0.0, "mean_last": 0.0, "mean_change": 0.0}
    facts |= {"ci_low": None, "ci_high": None}
    for share in ("better", "worse"):
        facts |= {f"share_{share}": 0.0, f"share_{share}_ci_low": None, f"share_{share}_ci_high": None}
    rows = [
        {"source_id": source, "source_name": source, "unit_kind": kind} | facts
        for kind, sources in (("thread", "a all"), ("customer", "a b all"))
        for source in sources.split()
    ]
    assert [(one.unit, one.source) for one in start_to_end(rows)] == [
        ("Threads", "a"), ("Customers", "a"), ("Customers", "b"), ("Customers", "all"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "under .001"), (0.0449, ".045"), (0.0999, ".100"), (0.5, ".50"), (0.996, "1"), (1.0, "1")],
)
def test_chances_read_as_people_write_them(value: float, words: str) -> None:
    assert chance(value) == words
