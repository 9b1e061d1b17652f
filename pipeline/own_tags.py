"""What the heads of the user's own labels read in the published segments."""

from __future__ import annotations

import duckdb
import pandas as pd

from models.own_labels import OwnHead
from pipeline.workspace import Workspace


def own_heads(workspace: Workspace) -> list[OwnHead]:
    """The workspace's heads, in the order of their ids."""
    return [OwnHead.load(path) for path in workspace.own_head_files()]


def own_tags(connection: duckdb.DuckDBPyConnection, heads: list[OwnHead], model_id: str) -> pd.DataFrame:
    """`fct_own_tag`: what each head reads in each published segment."""
    sentences = connection.execute(
        """
        select distinct on (encoding.content_digest) encoding.content_digest, encoding.vector
        from encoding
        inner join segment using (content_digest)
        where encoding.model_id = ?
        order by encoding.content_digest
        """,
        [model_id],
    ).to_arrow_table()
    if not heads or not len(sentences):
        return pd.DataFrame()
    vectors = sentences.column("vector").combine_chunks().flatten().to_numpy().reshape(len(sentences), -1)
    digests = sentences.column("content_digest").to_pandas()
    segments = connection.execute("select segment_id, content_digest from segment").df()
    frames = []
    for head in heads:
        labels, probabilities = head.read(vectors)
        read = pd.DataFrame({"content_digest": digests, "label": labels, "probability": probabilities})
        frames.append(segments.merge(read, on="content_digest").assign(head_id=head.id, target=head.target))
    return pd.concat(frames).drop(columns="content_digest")
