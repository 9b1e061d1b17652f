"""Part 7: how good the data and the models' reading of them are."""

from __future__ import annotations

from dataclasses import dataclass

from reports.audit import AuditNote, audit_note
from reports.figure import Table
from reports.languages import language_table, language_words
from reports.quality import SourceQuality, quality_words, source_quality
from reports.read import Published, Row


@dataclass(frozen=True, slots=True)
class Languages:
    """The items by language: what it means, the table, and the SQL behind it."""

    words: str
    table: Table
    sql: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What came in, what was held back, what people have checked, and which models read it."""

    words: list[str]
    sources: list[SourceQuality]
    sql: str
    quarantine: list[Row]
    languages: Languages
    audit: AuditNote
    models: list[Row]


def basis(published: Published, *, is_part: bool) -> Basis:
    """What a published file, or a part of one, says of its own quality."""
    quality, languages = published.ask("quality"), published.ask("languages")
    return Basis(
        words=quality_words(quality.rows, is_part=is_part),
        sources=source_quality(quality.rows),
        sql=quality.sql,
        quarantine=published.ask("quarantine").rows,
        languages=Languages(language_words(languages.rows), language_table(languages.rows), languages.sql),
        audit=audit_note(published),
        models=published.ask("models").rows,
    )
