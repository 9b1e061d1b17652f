"""The coders' form in a real browser: by keyboard alone, kept over a reload, saved as the sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.taxonomy import read_journey
from pipeline.audit.desk import AuditDesk
from pipeline.audit.labels import import_sheets
from pipeline.audit.sample import Draw, Order
from pipeline.audit.sheet import Codebook, as_csv, as_form
from pipeline.inputs import Inputs
from pipeline.spreadsheet import inert
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium to open the form in"),
]


@pytest.fixture
def form(workspace: Workspace) -> Path:
    with AuditDesk.open(workspace) as desk:
        written = desk.sample(Order(seed=7, coders=("anna",), n=40))[1]
    return next(path for path in written if path.suffix == ".html")


def test_the_form_is_filled_in_by_keyboard_kept_and_saved_as_a_sheet(
    workspace: Workspace, form: Path, tmp_path: Path, read_sheet: Callable[[Path], list[dict[str, str]]]
) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    asked: list[str] = []
    messages: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: messages.append(message.text))
        tab.on("pageerror", lambda error: messages.append(str(error)))
        tab.goto(form.as_uri())
        for key in ("6", "c", "-", "-", "y", "Enter", "5", "m", "+", "n", "Enter"):
            tab.keyboard.press(key)
        assert tab.text_content("#progress").startswith("row 3 of ")
        tab.fill("#note", '=unsure, "really"')
        tab.reload()
        assert tab.text_content("#progress").endswith(", 2 done")
        assert tab.text_content("mark")
        with tab.expect_download() as saved:
            tab.click("#save")
        sheet = tmp_path / saved.value.suggested_filename
        saved.value.save_as(sheet)
        browser.close()
    assert messages == []
    assert {url for url in asked if not url.startswith("blob:")} == {form.as_uri()}
    assert sheet.name == form.with_suffix(".csv").name
    rows, empty = read_sheet(sheet), read_sheet(form.with_suffix(".csv"))
    texts = ("segment_id", "coder", "passage", "sentence")
    assert [[row[name] for name in texts] for row in rows] == [[row[name] for name in texts] for row in empty]
    labels = [[row[name] for name in ("stage", "emotion", "valence", "pain")] for row in rows[:3]]
    assert labels == [["support", "frustration", "-2", "yes"], ["use", "joy", "1", "no"], [""] * 4]
    assert rows[2]["note"] == '\'=unsure, "really"'
    with open_work(workspace) as connection:
        assert import_sheets(connection, [sheet], Inputs(workspace, connection).journey).new == 2


def test_texts_of_customers_stay_text(tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \U0001f642 <b>here</b>"
    segment: dict[str, Any] = {"segment_id": "i-001", "passage": f"Well. {hostile}", "sentence": hostile}
    draw = Draw("a_1", True, "", (None, None), [segment | {"sentence_start": 6, "coders": ["anna"]}])
    path = tmp_path / "form.html"
    path.write_text(as_form(draw, "anna", Codebook.of(read_journey())), encoding="utf-8")
    dialogs: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page()
        tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        tab.goto(path.as_uri())
        found = tab.text_content("mark")
        browser.close()
    assert found == hostile
    assert dialogs == []


@pytest.mark.slow
def test_the_saved_sheet_holds_no_formula_and_the_same_texts_as_the_written_one(
    payloads: Callable[[str], list[str]], tmp_path: Path
) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    texts = [*payloads("formulas"), "-5", "+3.2", "-5+2", "plain", "\t", "a\rb"]
    segments: list[dict[str, Any]] = [
        {
            "segment_id": f"s{place}",
            "passage": text,
            "sentence": text,
            "sentence_start": 0,
            "coders": ["anna"],
        }
        for place, text in enumerate(texts)
    ]
    draw = Draw("a_1", True, "", (None, None), segments)
    form, written = tmp_path / "form.html", as_csv(draw, "anna")
    form.write_text(as_form(draw, "anna", Codebook.of(read_journey())), encoding="utf-8")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page()
        tab.goto(form.as_uri())
        with tab.expect_download() as saved:
            tab.click("#save")
        sheet = saved.value.path().read_bytes().decode("utf-8-sig")
        browser.close()
    rows, expected = (list(csv.reader(io.StringIO(text, newline=""))) for text in (sheet, written))
    formulas = [cell for row in rows for cell in row if inert(cell) != cell]
    print(f"{len(texts)} payloads in the coders' sheet and in what the form saves, {len(formulas)} formulas")
    assert rows == expected
    assert formulas == []
