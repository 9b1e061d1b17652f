from collections.abc import Iterator

import duckdb
import pytest

from models.languages import LANGUAGE_MODEL_ID, UNDECIDED
from pipeline import text_facts
from pipeline.languages import tell_languages
from pipeline.progress import Reporter
from pipeline.store.work import read_sql

GERMAN, ENGLISH = "Das Paket kam zwei Tage zu spät.", "The parcel came two days late."
TOLD = "select text, language from text_language join item on md5(text) = text_digest order by item_id"


@pytest.fixture
def work() -> Iterator[duckdb.DuckDBPyConnection]:
    """A work file in memory."""
    with duckdb.connect() as connection:
        connection.execute(read_sql("work_schema"))
        yield connection


def tell(work: duckdb.DuckDBPyConnection, *texts: str) -> int:
    """Make these the items, and tell their languages; "n/a" is a filler."""
    work.execute("delete from record")
    for number, text in enumerate(texts):
        work.execute(
            """
            insert into record (
                load_id, record_number, source_id, item_id, content_digest, text, has_text, is_filler
            ) values ('l', $1, 's', 'i' || $1, md5($2), $2, $2 != '', $2 = 'n/a')
            """,
            [number, text],
        )
    return tell_languages(work, Reporter())


def test_every_distinct_text_is_told_once(
    work: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_facts, "TEXTS_AT_ONCE", 2)
    assert tell(work, GERMAN, ENGLISH, GERMAN, "n/a", "", "Hm?") == 3
    assert work.execute(TOLD).fetchall() == [
        (GERMAN, "de"),
        (ENGLISH, "en"),
        (GERMAN, "de"),
        ("Hm?", UNDECIDED),
    ]
    assert tell(work, GERMAN, ENGLISH, "Hm?") == 0


def test_texts_that_are_gone_are_forgotten(work: duckdb.DuckDBPyConnection) -> None:
    tell(work, GERMAN, ENGLISH)
    assert tell(work, ENGLISH) == 0
    assert work.execute("select language from text_language").fetchall() == [("en",)]


def test_another_model_tells_anew(work: duckdb.DuckDBPyConnection) -> None:
    tell(work, GERMAN)
    work.execute("update text_language set model_id = 'earlier', language = 'xx'")
    assert tell(work, GERMAN) == 1
    assert work.execute("from text_language").fetchall() == [
        (work.execute("select md5(?)", [GERMAN]).fetchone()[0], LANGUAGE_MODEL_ID, "de")
    ]
