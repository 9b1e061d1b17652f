"""What is looked for stands in every form of a text, and in nobody else's."""

import html
import json

import pytest

from pipeline.erase.needles import Needles, runs
from reports.digest_forms import inert

TEXT = (
    'They said "we\'ll call & come" <today>:\nthe engineer never came to our house  on the hill, '
    "and café Zoë waited."
)


@pytest.mark.parametrize(
    "write", [str, html.escape, json.dumps, lambda text: json.dumps(text, ensure_ascii=False), inert]
)
def test_a_run_of_words_is_found_however_a_file_writes_the_text(write: object) -> None:
    found = Needles(runs(TEXT)).found([write(TEXT).encode()])  # type: ignore[operator]
    assert "the engineer never came to our house" in found


def test_a_quote_that_was_cut_is_found_by_its_head() -> None:
    text = "The engineer missed the appointment on Monday and never called back at all."
    assert Needles(runs(text)).found([text[:50].encode()]) == {text[:40].strip()}


def test_short_texts_have_no_run() -> None:
    assert set(runs("Customer support is bad")) == set()
    assert Needles([]).found([b"anything"]) == set()
