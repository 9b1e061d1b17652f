"""The language of every distinct text, told once and kept in the work file."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from models.languages import LANGUAGE_MODEL_ID, UNDECIDED, languages_of
from models.registry import read_manifest
from pipeline.progress import Reporter
from pipeline.text_facts import TextFact, tell_of_texts

_LANGUAGE = TextFact(
    table="text_language",
    method_column="model_id",
    method_id=LANGUAGE_MODEL_ID,
    value_column="language",
    value_type=pa.string(),
    step="languages",
    doing="tell languages",
    tell=languages_of,
)


def languages_read() -> list[str]:
    """Codes of the languages whose items are tagged: those the model reads, and `und`, mostly short texts."""
    return [*read_manifest().languages, UNDECIDED]


def tell_languages(connection: duckdb.DuckDBPyConnection, reporter: Reporter) -> int:
    """Tell the language of the texts that are new; forget those of texts that are gone.

    Returns
    -------
    int
        Distinct texts whose language was looked for.
    """
    return tell_of_texts(connection, _LANGUAGE, reporter)
