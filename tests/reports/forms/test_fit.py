"""Widths of text, against the metrics of a font with Arial's widths."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.forms.fit import largest_size, n_lines, shortened, text_width

SANS = Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf")
TEXT = "Customers feel worst at Support (mean valence −0.9, 95 % interval −1.1 to −0.8, 296 customers)."


@pytest.mark.skipif(not SANS.exists(), reason="Liberation Sans is not installed")
@pytest.mark.parametrize("text", [TEXT, "WWW iii 0123456789", "“too big” at Use · 5,571 × 2 – it’s"])
def test_widths_are_those_of_the_font(text: str) -> None:
    fonts = pytest.importorskip("PIL.ImageFont")
    assert text_width(text, 100) * 72 == pytest.approx(
        fonts.truetype(str(SANS), 100).getlength(text), rel=0.01
    )


def test_lines_break_between_words_and_within_those_too_long() -> None:
    width = text_width("two words", 12)
    assert n_lines("two words", 12, width) == 1
    assert n_lines("two words more", 12, width) == 2
    assert n_lines("x" * 40, 12, text_width("x" * 10, 12)) == 4


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    width = text_width("late engineer, rude", 12)
    assert shortened("late engineer, rude", 12, (width, 1)) == "late engineer, rude"
    assert shortened("late engineer, rude on the phone", 12, (width, 1)) == "late engineer, ru…"
    assert shortened("late engineer, rude on the phone", 12, (width, 2)) == "late engineer, rude on the phone"


def test_the_largest_size_that_fits_is_taken() -> None:
    box = (3.0, 0.5)
    assert largest_size(["short"], (20, 16, 12), box) == 20
    assert largest_size(["a longer text that needs two lines of it"], (20, 16, 12), box) == 12
    assert largest_size(["too long " * 99], (20, 16, 12), box) == 12
