"""The published file described once: its tables, columns, types and meanings."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SCHEMA_VERSION = "2.2"
TABLES = Path(__file__).parent / "tables"
PARTS = (
    "dimensions",
    "facts",
    "journey",
    "touchpoints",
    "audit",
    "drivers",
    "pain_points",
    "delights",
    "themes",
    "alerts",
    "meta",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One published column."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One published table. `key` names the columns that tell its rows apart."""

    name: str
    comment: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def create_sql(self, catalog: str) -> str:
        """Statements that make the empty table in `catalog`, comments included."""
        target = f"{catalog}.main.{self.name}"
        columns = ", ".join(f"{column.name} {column.type}" for column in self.columns)
        comments = [f"comment on table {target} is {quoted(self.comment)}"] + [
            f"comment on column {target}.{column.name} is {quoted(column.meaning)}" for column in self.columns
        ]
        return ";\n".join([f"create table {target} ({columns})", *comments]) + ";"


def quoted(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


@cache
def published_tables() -> tuple[Table, ...]:
    """All tables of the published file, in the order of `PARTS` and of each part's file in `tables/`."""
    described = {
        name: table
        for part in PARTS
        for name, table in tomllib.loads((TABLES / f"{part}.toml").read_text(encoding="utf-8")).items()
    }
    return tuple(
        Table(
            name=name,
            comment=table["comment"],
            key=tuple(table["key"]),
            columns=tuple(
                Column(column, kind, meaning) for column, (kind, meaning) in table["columns"].items()
            ),
        )
        for name, table in described.items()
    )


def as_markdown() -> str:
    """The data dictionary as Markdown: a heading and a table of columns for each table."""
    intro = f"The published file, schema version {SCHEMA_VERSION}. All tables stand in `main`."
    parts = [f"# Data dictionary\n\n{intro}"]
    for table in published_tables():
        rows = [f"| `{column.name}` | {column.type} | {column.meaning} |" for column in table.columns]
        head = [f"## {table.name}", "", f"{table.comment} Key: {', '.join(table.key)}.", ""]
        parts.append("\n".join([*head, "| column | type | meaning |", "| --- | --- | --- |", *rows]))
    return "\n\n".join(parts) + "\n"


def is_readable_schema(found: str) -> bool:
    """Whether a file of this schema version has all that today's readers ask for.

    >>> is_readable_schema(SCHEMA_VERSION), is_readable_schema("1.9"), is_readable_schema("")
    (True, False, False)
    """
    found_major, _, found_minor = found.partition(".")
    major, _, minor = SCHEMA_VERSION.partition(".")
    return found_major == major and found_minor.isdecimal() and int(found_minor) >= int(minor)
