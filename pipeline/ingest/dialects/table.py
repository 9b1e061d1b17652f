"""Any table: nothing is known of its columns but what the source maps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.config import SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.contract import ReadingRules, Row
from pipeline.ingest.table_dialect import TableDialect


class _AnyTable(TableDialect):
    def read(self, path: Path, source: SourceSettings, rules: ReadingRules) -> Iterator[Row]:
        """Rows of one table by the source's mapping. Raises `SourceError` where it maps no text."""
        if source.columns is None or not source.columns.text:
            raise SourceError(
                f"source {source.id} is of the dialect table and maps no columns; at least text was expected",
                left_undone=f"{path} was not read",
                next_command="add [sources.columns] to it in heartline.toml, then: heartline ingest",
                file=str(path),
            )
        return super().read(path, source, rules)


DIALECT = _AnyTable(title="Any table, by its source's mapping", kind="survey")
