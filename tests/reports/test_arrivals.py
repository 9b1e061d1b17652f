"""What came in, and what did not, in words."""

from datetime import date, timedelta
from typing import Any

from reports.arrivals import arrival_words, gap_words

LAST = date(2026, 9, 28)


def test_the_last_week_is_told_beside_the_one_before() -> None:
    rows: list[dict[str, Any]] = [
        {"source_id": "a", "source_name": "App reviews", "n_items": 1, "n_items_before": 1_204},
        {"source_id": "survey", "source_name": None, "n_items": 0, "n_items_before": 7},
    ]
    assert arrival_words(rows).replace("\u00a0", " ") == (
        "In the last week, and in brackets in the week before: 1 item from App reviews (1,204) and "
        "0 items from survey (7)."
    )
    assert arrival_words([]) == "There is no complete week with words to look at."


def test_many_gaps_are_counted() -> None:
    rows = [
        {
            "source_id": "t", "source_name": "Support tickets", "n_items": back, "expected": 31.0,
            "week_start": LAST - timedelta(weeks=back),
        }
        for back in range(9)
    ]  # fmt: skip
    gaps = [gap.replace("\u00a0", " ") for gap in gap_words(rows)]
    assert len(gaps) == 7
    assert gaps[0] == (
        "Support tickets: nothing in the week of 28 September to 4 October 2026, where about 31 are usual."
    )
    assert gaps[1].startswith("Support tickets: 1 item in the week of")
    assert gaps[-1] == "And 3 earlier weeks."
