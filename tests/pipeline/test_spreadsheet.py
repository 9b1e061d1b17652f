from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from pipeline.spreadsheet import csv_text, inert


def test_what_could_start_a_formula_gets_an_apostrophe(payloads: Callable[[str], list[str]]) -> None:
    assert [text for text in payloads("formulas") if inert(text) != f"'{text}"] == []


@pytest.mark.parametrize("text", ["", "1 = 1", "a@b", "-5", "+3.2", "-1,5", "'=1", "e-mail", "5-5", " 7"])
def test_words_and_numbers_are_left_alone(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize("text", ["-5+2", "+1-1", "-1=1", "-a", "--1", "=5", "﹢1", "\x00=1", "- a point"])
def test_what_only_begins_like_a_number_is_no_number(text: str) -> None:
    assert inert(text) == f"'{text}"


def test_rows_keep_their_numbers_and_their_new_lines() -> None:
    rows = [["text", "n"], ['a "b"\nc', -5], ["=1;2,3", None]]
    assert list(csv.reader(io.StringIO(csv_text(rows), newline=""))) == [
        ["text", "n"],
        ['a "b"\nc', "-5"],
        ["'=1;2,3", ""],
    ]
