"""What fails tells its class and place, on the page and on the console, and none of anybody's words."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from streamlit.logger import get_logger
from streamlit.testing.v1 import AppTest

from reports.app.mishap import log_places_alone

WORDS = "words of a customer"


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's test puts its script in the place of `__main__`, which new processes then start from."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def places_alone() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    log_places_alone()
    yield
    logging.setLogRecordFactory(before)


def failing_page() -> None:
    import streamlit as st

    from reports.app.mishap import view

    with view():
        raise ValueError("words of a customer")
    st.write("what stands below")


@pytest.mark.usefixtures("places_alone")
def test_a_view_that_fails_leaves_the_page_and_no_words(capfd: pytest.CaptureFixture[str]) -> None:
    page = AppTest.from_function(failing_page).run()
    assert not page.exception
    assert page.markdown[0].value == "what stands below"
    drawn = str([element.proto for element in page.main])
    assert "This view could not be made (ValueError)" in drawn
    said = capfd.readouterr()
    assert WORDS not in said.out + said.err + drawn


@pytest.mark.usefixtures("places_alone")
def test_an_error_that_streamlit_logs_comes_without_its_message(capfd: pytest.CaptureFixture[str]) -> None:
    logger = get_logger("streamlit.mishap")
    try:
        duckdb.execute("select cast(? as integer)", [WORDS])
    except duckdb.Error as error:
        logger.error("Uncaught app execution", exc_info=error)
    said = capfd.readouterr().err
    assert "ConversionException at test_mishap.py:" in said
    assert WORDS not in said


def page_of(file: str) -> None:
    from pathlib import Path

    from reports.app.main import main

    main(Path(file))


def test_a_file_that_went_away_is_told_with_the_next_command(tmp_path: Path) -> None:
    page = AppTest.from_function(page_of, args=(str(tmp_path / "heartline.duckdb"),)).run()
    assert not page.exception
    drawn = str([element.proto for element in page.main])
    assert "heartline.duckdb does not exist" in drawn
    assert "Next: heartline run, then reload this page." in drawn
