"""The distinct sentences of the work file with their vectors, without a second copy of them in memory."""

from __future__ import annotations

import duckdb
import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder

ROWS_AT_ONCE = 8_192


def sentence_vectors(
    connection: duckdb.DuckDBPyConnection, model_id: str
) -> tuple[list[str], list[str], NDArray[np.float32]]:
    """Every distinct sentence that the model has encoded.

    Only digests and texts are sorted; the vectors, most of the file, stream into their places.

    Returns
    -------
    digests : list of str
        Digests of n sentences, in their order.
    texts : list of str
        Their words.
    vectors : NDArray[np.float32]
        Their vectors, shape (n, 384).
    """
    connection.execute(
        """
        create or replace temp table sentence as
        select content_digest, min(text) as text, row_number() over (order by content_digest) - 1 as place
        from segment
        semi join (from encoding where model_id = ?) as known using (content_digest)
        group by content_digest
        """,
        [model_id],
    )
    rows = connection.execute("select content_digest, text from sentence order by place").fetchall()
    vectors = np.empty((len(rows), Encoder.dimensions), dtype=np.float32)
    found = connection.execute(
        """
        select sentence.place, encoding.vector
        from encoding
        inner join sentence using (content_digest)
        where encoding.model_id = ?
        """,
        [model_id],
    )
    for batch in found.to_arrow_reader(ROWS_AT_ONCE):
        places = batch.column("place").to_numpy()
        vectors[places] = batch.column("vector").flatten().to_numpy().reshape(len(places), -1)
    connection.execute("drop table sentence")
    return [digest for digest, _ in rows], [text for _, text in rows], vectors
