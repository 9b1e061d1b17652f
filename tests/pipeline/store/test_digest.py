from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipeline.store.dictionary import published_tables
from pipeline.store.digest import NOT_CONTENT, content_digest

THEMES = [
    {"theme_id": "t_1", "theme_name": "late engineer", "terms": ["late", "engineer"], "n_items": 3},
    {"theme_id": "t_2", "theme_name": "price", "terms": ["price"], "n_items": None},
    {"theme_id": "t_3", "theme_name": None, "terms": [], "mean_valence": -0.25},
]


@pytest.fixture
def digest_of(published_catalog: Any) -> Iterator[Any]:
    def digest(table: str, *rows: dict[str, Any]) -> str:
        published_catalog.connection.execute(f"delete from published.main.{table}")
        published_catalog.insert(table, *rows)
        return content_digest(published_catalog.connection, "published")

    return digest


def test_the_order_of_insertion_does_not_matter(digest_of: Any) -> None:
    assert digest_of("dim_theme", *THEMES) == digest_of("dim_theme", *reversed(THEMES))


@pytest.mark.parametrize(
    "change",
    [
        {"theme_name": "late engineers"},
        {"theme_name": None},
        {"theme_name": ""},
        {"terms": ["late engineer"]},
        {"terms": ["engineer", "late"]},
        {"n_items": 4},
        {"mean_valence": 0.0},
        {"theme_id": "t_9"},
    ],
)
def test_one_changed_cell_changes_it(digest_of: Any, change: dict[str, Any]) -> None:
    changed = [{**THEMES[0], **change}, *THEMES[1:]]
    assert digest_of("dim_theme", *changed) != digest_of("dim_theme", *THEMES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "a", "text": "b, c"}, {"title": "a, b", "text": "c"}),
        ({"title": None, "text": "x"}, {"title": "NULL", "text": "x"}),
        ({"title": "'a'", "text": "x"}, {"title": "a", "text": "x"}),
        ({"attributes": {"a": "b, c=d"}}, {"attributes": {"a": "b", "c": "d"}}),
    ],
)
def test_cells_that_look_alike_side_by_side_are_told_apart(
    digest_of: Any, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert digest_of("fct_item", {"item_id": "i", **one}) != digest_of("fct_item", {"item_id": "i", **other})


def test_a_missing_and_a_doubled_row_change_it(digest_of: Any) -> None:
    full = digest_of("dim_theme", *THEMES)
    assert len({full, digest_of("dim_theme", *THEMES[1:]), digest_of("dim_theme", *THEMES, THEMES[0])}) == 3


def test_the_same_rows_in_another_table_are_not_the_same(digest_of: Any) -> None:
    in_item = digest_of("fct_item", {"item_id": "a"})
    digest_of("fct_item")
    assert in_item != digest_of("fct_segment", {"item_id": "a"})


def test_the_run_does_not_matter(digest_of: Any) -> None:
    one, other = ({"segment_id": "i-001", "text": "Good", "run_id": run} for run in ("r_1", "r_2"))
    assert digest_of("fct_segment", one) == digest_of("fct_segment", other)


def test_it_covers_all_tables_but_the_run_and_its_files(published_catalog: Any) -> None:
    connection: duckdb.DuckDBPyConnection = published_catalog.connection
    changed = set()
    before = content_digest(connection, "published")
    for table in published_tables():
        connection.execute(f"insert into published.main.{table.name} ({table.key[-1]}) values (null)")
        after = content_digest(connection, "published")
        if after != before:
            changed.add(table.name)
        before = after
    assert changed == {table.name for table in published_tables()} - NOT_CONTENT
    assert {"meta_run", "meta_load", "meta_column", "meta_metric", "meta_restated"} == NOT_CONTENT
