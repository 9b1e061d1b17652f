import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.near_duplicates import mark_near_duplicates
from pipeline.progress import Reporter
from pipeline.store.work import read_sql

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
TEMPLATE = "In accordance with the act the account {} has violated my rights and must be removed at once."
PRAISE = "The young man at the desk was friendly, quick and knew at once what was wrong with my phone."
MARKED = "select item_id, near_duplicate_of from near_duplicate order by item_id"


@pytest.fixture
def work() -> Iterator[duckdb.DuckDBPyConnection]:
    """A work file in memory."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(read_sql("work_schema"))
        yield connection


def put(work: duckdb.DuckDBPyConnection, items: Sequence[tuple[str, str, int | None]]) -> None:
    """Make these the items: id, text, and on which day each was written; None is undated."""
    work.execute("delete from record")
    for number, (item, text, days) in enumerate(items):
        written = None if days is None else FIRST + timedelta(days=days)
        work.execute(
            """
            insert into record (
                load_id, record_number, source_id, item_id, content_digest, text, written_at, has_text,
                is_filler
            ) values ('l', $1, 's', $2, md5($3), $3, $4, true, false)
            """,
            [number, item, text, written],
        )


def marked(
    work: duckdb.DuckDBPyConnection, items: Sequence[tuple[str, str, int | None]]
) -> list[tuple[str, str]]:
    put(work, items)
    mark_near_duplicates(work, Reporter())
    return work.execute(MARKED).fetchall()


def test_near_copies_name_the_earliest_of_their_group(work: duckdb.DuckDBPyConnection) -> None:
    items = [
        ("a", TEMPLATE.format("of XXXX"), 9),
        ("b", TEMPLATE.format("12345"), 2),
        ("c", TEMPLATE.format("12345"), None),
        ("d", PRAISE, 1),
        ("e", "Good service", 3),
        ("f", "Good service", 4),
        ("g", PRAISE.upper(), 5),
    ]
    assert marked(work, items) == [("a", "b"), ("c", "b"), ("g", "d")]


def test_what_is_gone_is_forgotten_and_what_is_known_is_not_signed_again(
    work: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [("a", TEMPLATE.format("1"), 1), ("b", TEMPLATE.format("2"), 2)]
    assert marked(work, first) == [("b", "a")]
    monkeypatch.setattr("pipeline.near_duplicates.signatures", lambda texts: [None for _ in texts])
    assert marked(work, first) == [("b", "a")]
    assert marked(work, first[1:]) == []
    assert work.execute("select count(*) from text_signature").fetchall() == [(1,)]


def test_another_method_signs_anew(work: duckdb.DuckDBPyConnection) -> None:
    items = [("a", TEMPLATE.format("1"), 1), ("b", TEMPLATE.format("2"), 2)]
    put(work, items)
    mark_near_duplicates(work, Reporter())
    work.execute("update text_signature set method_id = 'earlier', signature = null")
    assert marked(work, items) == [("b", "a")]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(12)), st.integers(0, 12))
def test_neither_order_nor_splitting_changes_what_is_marked(
    work: duckdb.DuckDBPyConnection, order: list[int], n_first: int
) -> None:
    items = [
        (f"i{n:02}", TEMPLATE.format(n) if n % 2 else f"{PRAISE} {'Yes. ' * n}", n % 5) for n in range(12)
    ]
    expected = marked(work, items)
    assert len(expected) >= 5
    work.execute("delete from text_signature")
    marked(work, [items[place] for place in order[:n_first]])
    assert marked(work, [items[place] for place in order]) == expected


def test_planted_copies_are_found_and_others_are_not(work: duckdb.DuckDBPyConnection) -> None:
    """Of 200 made texts of 40 words each has a copy with two words changed; no two of them are near."""
    chance = random.Random(5)
    words = [f"word{number}" for number in range(500)]
    items: list[tuple[str, str, int | None]] = []
    for number in range(200):
        text = chance.choices(words, k=40)
        items.append((f"original-{number}", " ".join(text), 0))
        for place in chance.sample(range(40), 2):
            text[place] = "changed"
        items.append((f"planted-{number}", " ".join(text), 1))
    found = marked(work, items)
    right = [(copy, earliest) for copy, earliest in found if copy[8:] == earliest[9:]]
    print(f"{len(right)} of 200 planted copies found, {len(found) - len(right)} others marked")
    assert len(found) == len(right) >= 195
