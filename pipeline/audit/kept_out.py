"""What was drawn for an audit is kept out of training: whoever has seen the questions cannot be examined."""

from __future__ import annotations

from pipeline.audit.sample import text_digest
from pipeline.store.work import open_work
from pipeline.workspace import Workspace


def drawn_texts(workspace: Workspace, texts: list[str]) -> list[bool]:
    """Whether each text is, but for case, punctuation and spaces, an item, passage or sentence of a draw."""
    if not workspace.work_file.is_file():
        return [False] * len(texts)
    with open_work(workspace) as connection:
        rows = connection.execute(
            "select distinct unnest([passage_digest, sentence_digest, item_digest]) from audit_draw_segment"
        ).fetchall()
    drawn = {row[0] for row in rows}
    return [text_digest(text) in drawn for text in texts]
