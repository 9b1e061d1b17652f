"""What becomes of a theme's words in a table: the same in the work file and in published ones."""

from __future__ import annotations

import duckdb

from pipeline.erase.target import Target

# By column, what stands there then; of a connection on which `hold_gone_words` was called.
THEME_WORDS = {
    "theme_name": "if(list_contains(getvariable('gone_labels'), theme_name), theme_id, theme_name)",
    "family": "if(list_contains(getvariable('gone_labels'), family), '', family)",
    "terms": "list_filter(terms, term -> not list_contains(getvariable('gone_labels'), term))",
    "exemplars": "list_filter(exemplars, text -> not list_contains(getvariable('gone_exemplars'), text))",
}


def hold_gone_words(connection: duckdb.DuckDBPyConnection, target: Target) -> None:
    """Tell a connection which exemplars, and which names, families and terms go."""
    connection.execute("set variable gone_exemplars = ?::varchar[]", [target.exemplars])
    connection.execute("set variable gone_labels = ?::varchar[]", [target.labels])
