"""What the heads of the user's own labels read in the published segments."""

from __future__ import annotations

import duckdb
import pandas as pd

from models.own_labels import OwnHead
from models.registry import verified_manifest
from pipeline.errors import ContractError
from pipeline.vectors import sentence_vectors
from pipeline.workspace import Workspace


def own_heads(workspace: Workspace) -> list[OwnHead]:
    """The workspace's heads, in the order of their ids.

    Raises
    ------
    ModelAltered
        A file is no head.
    ContractError
        Heads were learned on another encoder than the shipped one: its vectors mean nothing to them.
    """
    heads = [OwnHead.load(path) for path in workspace.own_head_files()]
    encoder_id = verified_manifest().encoder_id
    foreign = [head.id for head in heads if head.encoder_id != encoder_id]
    if foreign:
        raise ContractError(
            f"{', '.join(foreign)} in {workspace.own_heads_folder} were learned on another encoder than "
            f"{encoder_id}",
            left_undone="nothing was published",
            next_command="heartline learn with the same labels, then remove the old files",
        )
    return heads


def own_tags(connection: duckdb.DuckDBPyConnection, heads: list[OwnHead], model_id: str) -> pd.DataFrame:
    """`fct_own_tag`: what each head reads in each published segment."""
    if not heads:
        return pd.DataFrame()
    digests, _, vectors = sentence_vectors(connection, model_id)
    if not digests:
        return pd.DataFrame()
    segments = connection.execute("select segment_id, content_digest from segment").df()
    frames = []
    for head in heads:
        labels, probabilities = head.read(vectors)
        read = pd.DataFrame({"content_digest": digests, "label": labels, "probability": probabilities})
        frames.append(segments.merge(read, on="content_digest").assign(head_id=head.id, target=head.target))
    return pd.concat(frames).drop(columns="content_digest")
