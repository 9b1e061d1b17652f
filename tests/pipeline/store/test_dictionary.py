import re
from pathlib import Path

import duckdb
import pytest

from pipeline.store.dictionary import Column, Table, as_markdown, published_tables

DOCUMENT = Path(__file__).parents[3] / "docs" / "DICTIONARY.md"


def described() -> list[tuple[str, str, str, str]]:
    return sorted(
        (table.name, column.name, column.type, column.meaning)
        for table in published_tables()
        for column in table.columns
    )


def test_every_published_column_has_its_described_type_and_comment(demo: duckdb.DuckDBPyConnection) -> None:
    found = demo.execute(
        """
        select table_name, column_name, data_type, comment
        from duckdb_columns()
        where database_name = current_database() and schema_name = 'main' and not internal
        """
    ).fetchall()
    types = {"TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ"}
    assert (
        sorted((table, name, types.get(kind, kind), says) for table, name, kind, says in found) == described()
    )


def test_every_published_table_has_its_comment(demo: duckdb.DuckDBPyConnection) -> None:
    found = demo.execute(
        "select table_name, comment from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    assert sorted(found) == sorted((table.name, table.comment) for table in published_tables())


def test_the_published_file_holds_its_own_dictionary(demo: duckdb.DuckDBPyConnection) -> None:
    assert sorted(demo.execute("from meta_column").fetchall()) == described()


@pytest.mark.parametrize("table", published_tables(), ids=lambda table: table.name)
def test_a_table_says_in_sentences_what_it_and_its_columns_hold(table: Table) -> None:
    for text in (table.comment, *(column.meaning for column in table.columns)):
        assert re.fullmatch(r"\S.*\S\.", text), text
    assert set(table.key) <= {column.name for column in table.columns}


def test_quotes_in_a_comment_are_kept() -> None:
    table = Table("t", "It's a table.", ("a",), (Column("a", "VARCHAR", "The customer's 'word'."),))
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as published")
        connection.execute(table.create_sql("published"))
        comments = connection.execute(
            """
            select comment from duckdb_tables()
            union all
            select comment from duckdb_columns() where table_name = 't'
            """
        ).fetchall()
    assert comments == [("It's a table.",), ("The customer's 'word'.",)]


def test_the_markdown_names_every_table_and_column_once() -> None:
    text = as_markdown()
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == [table.name for table in published_tables()]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", text, re.MULTILINE)
    assert rows == [
        (column.name, column.type, column.meaning) for table in published_tables() for column in table.columns
    ]


def test_the_document_in_docs_is_what_the_dictionary_says() -> None:
    if not DOCUMENT.is_file():
        pytest.skip("docs/DICTIONARY.md is not written yet: heartline schema > docs/DICTIONARY.md")
    assert DOCUMENT.read_text(encoding="utf-8") == as_markdown()
