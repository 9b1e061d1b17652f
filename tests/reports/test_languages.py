from typing import Any

from reports.languages import language_table, language_words
from reports.words import SPACE

READ = {"en", "und"}


def rows(**counts: int) -> list[dict[str, Any]]:
    """Rows as the query gives them."""
    total = sum(counts.values())
    return [
        {
            "language": code,
            "language_name": "undecided" if code == "und" else code.upper(),
            "is_read": code in READ,
            "n_items": n,
            "share_items": n / total if total else None,
        }
        for code, n in counts.items()
    ]


def told(*found: dict[str, Any]) -> str:
    return language_words(list(found)).replace(SPACE, " ")


def test_items_in_other_languages_are_said_to_be_left_out_and_undecided_ones_to_be_read() -> None:
    assert told(*rows(en=900, de=40, fr=20, und=40)) == (
        "The models read EN only. 60 items (6.0 % of 1,000) told to be in DE or FR are kept and can be "
        "searched, but are in no tag, theme, curve or pain point. 40 items (4.0 %) too short or too mixed to "
        "tell are read all the same."
    )


def test_many_languages_are_counted_beyond_the_third() -> None:
    assert "in DE, FR, ES or 2 other languages are kept" in told(*rows(en=9, de=5, fr=4, es=3, it=2, pt=1))
    assert "1 item (50 % of 2) told to be in DE is kept" in told(*rows(en=1, de=1))


def test_english_alone_is_said_to_be_alone() -> None:
    assert told(*rows(en=12)) == (
        "The models read EN only. None of 12 items is told to be in another language."
    )
    assert told(*rows(en=0)) == "No item has words. The models read EN only."


def test_beyond_the_most_frequent_the_languages_are_one_line() -> None:
    table = language_table(rows(en=60, de=20, fr=10, es=5, it=3, und=2), at_most=2)
    assert [[cell.replace(SPACE, " ") for cell in row] for row in table.rows] == [
        ["EN", "yes", "60", "60 %"],
        ["DE", "no", "20", "20 %"],
        ["3 other languages", "no", "18", "18 %"],
        ["undecided", "yes", "2", "2.0 %"],
    ]
    assert language_table(rows(en=0, und=0)).rows == []
