"""What stands on each sheet of the workbook: typed columns, and rows as they came out of the file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from reports.page import Page
from reports.ranking import Ranking
from reports.read import Answer, Row

_TABLES = Path(__file__).with_name("sheets.toml")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the rows, its head with the unit, its kind, and what it means."""

    name: str
    head: str
    kind: str
    note: str = ""
    has_bars: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its columns, its rows, and the SQL that made them, where SQL did."""

    name: str
    columns: list[Column]
    rows: list[Row]
    sql: str = ""


def table_sheets(page: Page) -> list[Sheet]:
    """Sheets of `sheets.toml` whose query was asked of this file, in that order."""
    answers = page.answers | _made(page)
    notes = {(row["table_name"], row["column_name"]): row["meaning"] for row in answers["columns"].rows}
    described = tomllib.loads(_TABLES.read_text(encoding="utf-8"))
    sheets = []
    for name, sheet in described.items():
        if sheet["query"] in answers:
            answer = answers[sheet["query"]]
            columns = [_column(key, parts, sheet["table"], notes) for key, parts in sheet["columns"].items()]
            sheets.append(Sheet(name, columns, answer.rows, answer.sql))
    return sheets


def _column(name: str, parts: list[str], table: str, notes: dict[tuple[str, str], str]) -> Column:
    head, kind, *published = parts
    note = notes.get((table, published[0] if published else name), "")
    return Column(name, head, kind.removesuffix(" bar"), note, kind.endswith(" bar"))


def _made(page: Page) -> dict[str, Answer]:
    """Answers put into another shape: points with name and owner, quotes together, quality by source."""
    answers = page.answers
    pains = _named(answers["pain_points"], page.ranked.pains)
    delights = _named(answers["delights"], page.ranked.delights)
    quotes = [
        *_quotes("pain point", pains, answers["pain_quotes"]),
        *_quotes("delight", delights, answers["delight_quotes"]),
    ]
    sql = f"{answers['pain_quotes'].sql};\n\n{answers['delight_quotes'].sql}"
    quality = answers["quality"]
    return {
        "pain_points": pains,
        "delights": delights,
        "quotes": Answer("quotes", sql, quotes),
        "quality_by_source": Answer(quality.name, quality.sql, _by_source(quality.rows)),
    }


def _named(points: Answer, ranking: Ranking) -> Answer:
    """Rows with one name for theme and stage, and with the owner, who is not in the published file."""
    told = [*ranking.first, *ranking.others]
    rows = [
        row | {"where": f"{row['theme_name']} at {row['stage_name']}", "owner": point.owner}
        for row, point in zip(points.rows, told, strict=True)
    ]
    return Answer(points.name, points.sql, rows)


def _quotes(kind: str, points: Answer, quotes: Answer) -> list[Row]:
    """Quotes in the order of their points."""
    by_point: dict[str, list[Row]] = {}
    for quote in quotes.rows:
        by_point.setdefault(quote["point_id"], []).append(quote)
    return [
        point | quote | {"kind": kind}
        for point in points.rows
        for quote in by_point.get(point["point_id"], [])
    ]


def _by_source(rows: list[Row]) -> list[Row]:
    """One row for each source, its measures side by side; all sources last."""
    found: dict[str, Row] = {}
    for row in rows:
        name = "All sources" if row["source_id"] == "all" else row["source_name"] or row["source_id"]
        found.setdefault(row["source_id"], {"source": name})[row["measure"]] = row["n"]
    return list(found.values())


def word_sheet(name: str, heads: tuple[str, str], rows: list[tuple[str, str]]) -> Sheet:
    """Sheet of statements: what it is about, and what there is to say."""
    columns = [Column("about", heads[0], "text"), Column("words", heads[1], "long")]
    return Sheet(name, columns, [{"about": about, "words": words} for about, words in rows])
