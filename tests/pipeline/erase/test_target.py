"""What an order means: which words are its own, and what of reports and theme book has them."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from models.registry import verified_manifest
from models.topics import Topic
from pipeline.audit_log import read_entries
from pipeline.book.book import Theme
from pipeline.book.fitted import first_book
from pipeline.book.forget import words_of
from pipeline.book.shelf import Stamp, edit_book, put_fitted, read_book
from pipeline.erase.erase import erase
from pipeline.erase.steps import Place
from pipeline.erase.target import Order
from pipeline.job import StepResult
from pipeline.progress import Reporter
from pipeline.store.work import open_work
from pipeline.terminal import Terminal
from pipeline.workspace import Workspace

OLDER = "It was fine. In the evening my two sons play, and the picture freezes."
NEWER = "The picture freezes when both of my children play. We  were  in the middle  of a game."
BENS = "It was fine. The picture freezes when both of my children read. My two sons play outside."
REGION = "Upper Valley and the River Islands"
ROWS = (
    ("id", "who", "at", "region", "text"),
    ("1", "ana", "2026-03-02", "Town", OLDER),
    ("1", "ana", "2026-03-04", "Town", NEWER),
    ("2", "ana", "2026-03-04", "Town", "It was fine. It's ok."),
    ("3", "ana", "2026-03-04", "Town", REGION),
    ("4", "ben", "2026-03-02", REGION, BENS),
)
COLUMNS = {"record_id": "id", "customer_id": "who", "updated_at": "at", "text": "text"}
STAMP = Stamp(datetime(2026, 3, 9, 8, 30, tzinfo=UTC), date(2026, 3, 9), "ana")


@pytest.fixture
def folder(make_workspace: Callable[..., Path], run_steps: Callable[..., list[StepResult]]) -> Path:
    """A workspace whose records have been read: an older and a newer text of Ana's, and one of Ben's."""
    table = io.StringIO()
    csv.writer(table).writerows(ROWS)
    columns = COLUMNS | {"attributes": ["region"]}
    found = make_workspace({"files": {"answers.csv": table.getvalue()}, "columns": columns})
    run_steps(found, "ingest")
    return found


def erased(folder: Path, order: Order) -> str:
    """Erase what is ordered from the workspace; gives what is said of it."""
    said = io.StringIO()
    erase(Place(Workspace.open(folder), Reporter(Terminal(file=said)), lambda *_: None), order)
    return " ".join(said.getvalue().split())


def erase_ana(folder: Path) -> str:
    """Erase Ana."""
    return erased(folder, Order("ana"))


def put_book(folder: Path, exemplars: Sequence[str]) -> str:
    """A fitted book of one theme; gives the theme's id."""
    topic = Topic(
        name="freezing picture",
        family="Picture",
        terms=("picture", "freezes"),
        centroid=np.eye(8, dtype=np.float32)[0],
        threshold=0.8,
        exemplars=tuple(exemplars),
        n=10,
    )
    encoder_id = verified_manifest().encoder_id
    book = first_book([topic], encoder_id=encoder_id, topics_version="topics-1", week=date(2026, 3, 2))
    return put_fitted(folder, book, STAMP).ids[0]


def only_theme(folder: Path) -> Theme:
    """The theme of that book as it is now."""
    book = read_book(folder)
    assert book is not None
    return book.themes[0]


def test_a_page_that_quotes_one_sentence_of_a_text_goes(folder: Path) -> None:
    quoted = {
        "older": "In the evening my two sons play, and the picture freezes.",
        "newer": "The picture freezes when both of my children play.",
        "spaced": "We were in the middle of a game.",
        "bens": "The picture freezes when both of my children read.",
        "both": "The picture freezes when both of my children",
        "region": REGION,
    }
    reports = folder / "reports"
    reports.mkdir()
    for name, words in quoted.items():
        (reports / f"{name}.html").write_text(f"<q>{words}</q>")
    with zipfile.ZipFile(reports / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/sharedStrings.xml", f"<t>{quoted['newer']}</t>")
    erase_ana(folder)
    assert {path.stem for path in reports.iterdir()} == {"bens", "both", "region"}
    facts = read_entries(Workspace.open(folder))[-1].facts
    # "It was fine.", which Ben wrote too, "It's ok.", and where Ben lives.
    assert (facts["n_items"], facts["n_sentences_too_short_to_search"]) == (3, 3)


def test_exemplars_that_have_words_of_the_erased_go(folder: Path) -> None:
    gone = (
        "Typical: In the evening my two sons play, and the picture freezes.",
        "Quote: evening my two sons play, and then",
        "In the evening\nmy two  sons\nplay, and the picture freezes.",
        "middle\nof  a game",
    )
    kept = (
        "It freezes.",
        "The picture freezes when both of my children read a book.",
        "My two sons play outside.",
        "Of nobody in here at all.",
    )
    put_book(folder, gone + kept)
    erase_ana(folder)
    assert only_theme(folder).exemplars == kept
    assert words_of(folder).exemplars == set(kept)


def test_a_theme_that_was_named_by_words_of_the_erased_is_named_by_its_id(folder: Path) -> None:
    theme_id = put_book(folder, ["It freezes."])
    names = ("my two sons play, and the picture freezes", "freezing", "in the evening my two sons play, and")
    for name in names:
        book = read_book(folder)
        assert book is not None
        edit_book(folder, book, [STAMP.edit("rename", theme=theme_id, name=name)])
    by_hand = (folder / "themes.toml").read_text().replace(names[-1], "both of my children play with it")
    (folder / "themes.toml").write_text(by_hand)
    assert f"heartline themes rename {theme_id} NAME" in erase_ana(folder)
    assert only_theme(folder).name == theme_id
    log = (folder / "themes.log.jsonl").read_text()
    assert log.count('"rename"') == 4
    assert [name in log for name in (*names, "children play")] == [False, True, False, False]


def test_an_address_is_erased_in_any_capitals_and_stays_so(
    make_workspace: Callable[..., Path], run_steps: Callable[..., list[StepResult]]
) -> None:
    rows = "id,who,text\n1,zed@example.org,Good\n2,Zed@Example.org,Bad\n3,ben@example.org,Slow\n"
    columns = {"record_id": "id", "customer_id": "who", "text": "text"}
    folder = make_workspace({"files": {"a.csv": rows}, "columns": columns})
    run_steps(folder, "ingest")
    erased(folder, Order("ZED@example.org"))
    (folder / "b.csv").write_text("id,who,text\n4,zED@example.org,Again\n")
    settings = folder / "heartline.toml"
    settings.write_text(settings.read_text().replace('"a.csv"', '"a.csv", "b.csv"'))
    run_steps(folder, "ingest")
    with open_work(Workspace.open(folder)) as connection:
        assert connection.execute("select record_id from item").fetchall() == [("3",)]


def test_months_to_keep_are_remembered_where_nothing_is_older(
    make_workspace: Callable[..., Path], run_steps: Callable[..., list[StepResult]]
) -> None:
    rows = "id,at,text\n1,2000-01-03,Good\n"
    columns = {"record_id": "id", "written_at": "at", "text": "text"}
    folder = make_workspace({"files": {"a.csv": "id,at,text\n"}, "columns": columns})
    run_steps(folder, "ingest")
    erased(folder, Order(months=24))
    (folder / "a.csv").write_text(rows)
    run_steps(folder, "ingest")
    with open_work(Workspace.open(folder)) as connection:
        assert connection.execute("select outcome from record_outcome").fetchall() == [("erased",)]
