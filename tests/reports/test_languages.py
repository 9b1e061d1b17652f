from typing import Any

from reports.languages import language_table, language_words
from reports.words import SPACE


def rows(**counts: int) -> list[dict[str, Any]]:
    """Rows as the query gives them; `none` is what is undecided."""
    total = sum(counts.values())
    return [
        {
            "language": None if code == "none" else code,
            "language_name": "undecided" if code == "none" else code.upper(),
            "n_items": n,
            "share_items": n / total,
        }
        for code, n in counts.items()
    ]


def told(*found: dict[str, Any]) -> str:
    return language_words(list(found)).replace(SPACE, " ")


def test_items_in_other_languages_and_undecided_ones_are_counted() -> None:
    assert told(*rows(en=900, de=40, fr=20, none=40)) == (
        "The models have learned from English only. 60 items (6.0 % of 1,000) in other languages are read "
        "all the same; how well, nobody has measured. The language of 40 items (4.0 %) is undecided: often "
        "the text is too short to tell."
    )


def test_english_alone_is_said_to_be_alone() -> None:
    assert told(*rows(en=12)) == (
        "The models have learned from English only. None of 12 items is told to be in another language."
    )
    assert told() == "No item was read. The models have learned from English only."


def test_beyond_the_most_frequent_the_languages_are_one_line() -> None:
    table = language_table(rows(en=60, de=20, fr=10, es=5, it=3, none=2), at_most=2)
    assert [[cell.replace(SPACE, " ") for cell in row] for row in table.rows] == [
        ["EN", "60", "60 %"],
        ["DE", "20", "20 %"],
        ["3 other languages", "18", "18 %"],
        ["undecided", "2", "2.0 %"],
    ]
    assert language_table([]).rows == []
