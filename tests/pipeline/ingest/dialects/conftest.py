"""Exports of literal rows, read as one dialect has them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import SourceSettings
from pipeline.ingest.contract import Row
from pipeline.ingest.dialect import find_dialect
from pipeline.ingest.readers import read_rows


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Writes an export: `export([header, row, ...])` a table, `export({...})` a JSON document."""

    def write(content: Any, name: str = "") -> Path:
        if isinstance(content, list) and all(isinstance(row, Sequence) for row in content):
            stream = io.StringIO(newline="")
            csv.writer(stream).writerows(content)
            path, text = tmp_path / (name or "a.csv"), stream.getvalue()
        else:
            path, text = tmp_path / (name or "a.json"), json.dumps(content)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    return write


@pytest.fixture
def read_as(export: Callable[..., Path]) -> Callable[..., list[Row]]:
    """Reads one: `read_as("trustpilot", [header, row], time_zone="Europe/London")`."""

    def read(dialect: str, content: Any, **settings: Any) -> list[Row]:
        path = export(content)
        source = SourceSettings.model_validate(
            {
                "id": "source",
                "kind": find_dialect(dialect).kind,
                "dialect": dialect,
                "files": [path.name],
                **settings,
            }
        )
        return list(read_rows(path, source, not_after=datetime(2026, 10, 1, tzinfo=UTC)))

    return read
