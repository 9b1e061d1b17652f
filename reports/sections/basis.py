"""Part 7: how good the data and the models' reading of them are."""

from __future__ import annotations

from dataclasses import dataclass

from reports.audit import AuditNote, audit_note
from reports.figure import Table
from reports.languages import language_table, language_words
from reports.near_duplicates import near_duplicate_table, near_duplicate_words
from reports.quality import SourceQuality, quality_words, source_quality
from reports.read import Published, Row


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know of the items: what it means, the table, and the SQL behind it."""

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
    languages: Remark
    near_duplicates: Remark
    audit: AuditNote
    models: list[Row]


def basis(published: Published, *, is_part: bool) -> Basis:
    """What a published file, or a part of one, says of its own quality."""
    quality, languages = published.ask("quality"), published.ask("languages")
    copies = published.ask("near_duplicates")
    return Basis(
        words=quality_words(quality.rows, is_part=is_part),
        sources=source_quality(quality.rows),
        sql=quality.sql,
        quarantine=published.ask("quarantine").rows,
        languages=Remark(language_words(languages.rows), language_table(languages.rows), languages.sql),
        near_duplicates=Remark(
            near_duplicate_words(copies.rows), near_duplicate_table(copies.rows), copies.sql
        ),
        audit=audit_note(published),
        models=published.ask("models").rows,
    )
