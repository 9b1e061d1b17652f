"""What people read and say of items, without those of erased ones: audit sheets and forms, wrong tags."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Collection

import duckdb

from pipeline.erase.needles import Needles
from pipeline.erase.search import n_found
from pipeline.files import files_under, lines_of, replace_file
from pipeline.inputs import Inputs
from pipeline.store.dictionary import quoted
from pipeline.workspace import Workspace
from pipeline.wrong_tags import WRONG_TAGS_NAME


def clean_sheets(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, item_ids: Collection[str]
) -> None:
    """Take the rows of items out of sheets, filled in or not; forms are written anew from their draw."""
    named = Needles(item_ids)
    files = [path for path in files_under(workspace.audit_folder) if n_found(path, named)]
    if not files:
        return
    from pipeline.audit.sample import read_draw  # these take half a second, which a run does not need
    from pipeline.audit.sheet import Codebook, as_form

    codebook = Codebook.of(Inputs(workspace, connection).journey)
    connection.execute(f"attach {quoted(str(workspace.published_file))} as published (read_only)")
    for path in files:
        if path.suffix == ".csv":
            replace_file(path, _rows_kept(path.read_bytes(), item_ids))
        elif path.suffix == ".html":
            draw_id, _, coder = path.stem.partition("-")
            replace_file(path, as_form(read_draw(connection, draw_id), coder, codebook).encode())
    connection.execute("detach published")


def clean_wrong_tags(workspace: Workspace, item_ids: Collection[str]) -> None:
    """Take the lines about segments of items out of what readers called wrong."""
    path = workspace.folder / WRONG_TAGS_NAME
    lines = lines_of(path)
    kept = [line for line in lines if _item_of(json.loads(line)["segment_id"]) not in item_ids]
    if kept != lines:
        replace_file(path, b"".join(line + b"\n" for line in kept))


def _rows_kept(content: bytes, item_ids: Collection[str]) -> bytes:
    """A sheet without the rows of items; what a spreadsheet wrote in another encoding stays as it is."""
    head = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    text = content[len(head) :].decode("utf-8", "surrogateescape")
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    place = rows[0].index("segment_id") if rows and "segment_id" in rows[0] else None
    if place is None:
        return content
    stream = io.StringIO(newline="")
    kept = (row for row in rows if len(row) <= place or _item_of(row[place]) not in item_ids)
    csv.writer(stream, delimiter=mark).writerows(kept)
    return head + stream.getvalue().encode("utf-8", "surrogateescape")


def _item_of(segment_id: str) -> str:
    return segment_id.partition("-")[0]
