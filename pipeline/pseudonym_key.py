"""A workspace's pseudonyms: its key, or a refusal where the one that its records were read with is gone."""

from __future__ import annotations

import duckdb

from pipeline.errors import StoreMissing
from pipeline.redact.pseudonym import Pseudonyms, read_or_create_key
from pipeline.workspace import Workspace


def read_pseudonyms(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> Pseudonyms:
    """The pseudonyms of a workspace, under a new key where it has none and nothing was read yet.

    Raises
    ------
    StoreMissing
        The key is gone and customers have pseudonyms: with a new one each would be somebody else.
    ConfigError
        The file does not hold a key.
    """
    row = connection.execute("select count(*) from load").fetchone()
    if row and row[0] and not workspace.key_file.exists():
        raise StoreMissing(
            f"{workspace.key_file} is gone, and pseudonyms made with it stand in the work file",
            left_undone="nothing was read or changed",
            next_command=(
                f"put the key back; or move {workspace.work_file} away, and heartline run reads all "
                "exports anew under a new key"
            ),
            file=str(workspace.key_file),
        )
    return Pseudonyms(read_or_create_key(workspace.key_file))
