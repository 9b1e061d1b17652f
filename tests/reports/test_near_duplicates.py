from datetime import date
from typing import Any

from reports.near_duplicates import near_duplicate_table, near_duplicate_words
from reports.words import SPACE


def group(n_items: int, begins: str | None = None) -> dict[str, Any]:
    return {
        "source_name": "Tickets", "written_on": date(2026, 3, 2), "n_items": n_items, "begins": begins,
        "n_copied": 41, "n_copies": 312,
    }  # fmt: skip


def test_near_copies_are_counted_with_their_largest_group() -> None:
    assert near_duplicate_words([group(87), group(3)]).replace(SPACE, " ") == (
        "312 items are near-copies of 41 earlier ones (templates, bots, the same sent twice); the largest "
        "group has 87. They count like any item: where a theme or a rise rests on them, few may be speaking."
    )
    assert near_duplicate_words([]).startswith("No item of ten words or more")


def test_small_groups_show_no_words() -> None:
    rows = near_duplicate_table([group(87, "Dear <PERSON>"), group(3)]).rows
    assert [[cell.replace(SPACE, " ") for cell in row] for row in rows] == [
        ["87", "Tickets", "2 March 2026", "Dear <PERSON>"],
        ["3", "Tickets", "2 March 2026", "–"],
    ]
