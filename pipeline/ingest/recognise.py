"""Which dialect a file is of, told by its header alone."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from pathlib import Path

from pipeline.config import AUTO_DIALECT, SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.dialect import Dialect, all_dialects
from pipeline.ingest.encoding import quoted
from pipeline.ingest.json_dialect import JsonDialect, json_header
from pipeline.ingest.json_file import begins_with, lines_made, open_json
from pipeline.ingest.open_table import open_table
from pipeline.ingest.settings_text import block_to_fill_in
from pipeline.ingest.table_file import folded
from pipeline.workspace import Workspace

JSON_LINES = {".jsonl", ".ndjson"}  # tables whose names are dotted keys too


def recognise(path: Path, taken: Container[str] = ()) -> str:
    """Name of the dialect whose signature a file's header has.

    Of several such dialects the one whose signature holds all that the others ask for is taken. The block
    that a refusal may show has none of the ids that are `taken`.

    Raises
    ------
    SourceError
        The header has the signature of no dialect, or of several; the file holds no records whose keys
        could tell, or cannot be read at all.
    """
    header = read_header(path)
    if not header:
        raise _without_records(path)
    there = {folded(name) for name in header}
    matches = {name: asked for name, asked in _signatures().items() if asked <= there}
    best = [name for name, asked in matches.items() if all(asked >= other for other in matches.values())]
    if len(best) == 1:
        return best[0]
    if matches:
        raise _refused(
            path,
            f"has the signatures of several dialects: {', '.join(matches)}",
            f"heartline ingest {quoted(path)} --source {next(iter(matches))}, or another of them",
        )
    raise _unknown(path, header, taken)


def named_source(workspace: Workspace, source: SourceSettings) -> SourceSettings:
    """Source with the name of its dialect: where the settings say `auto`, that of its first file."""
    if source.dialect != AUTO_DIALECT:
        return source
    name = recognise(workspace.files_of(source)[0], taken_ids(workspace))
    return source.model_copy(update={"dialect": name})


def taken_ids(workspace: Workspace) -> set[str]:
    """Ids of a workspace's sources."""
    return {source.id for source in workspace.settings.sources}


def read_header(path: Path) -> tuple[str, ...]:
    """Names of a table's columns, or dotted keys of a JSON document's first record."""
    if path.suffix.lower() not in JSON_LINES and begins_with(path, b"{", b"["):
        list_keys = [one.list_key for one in all_dialects().values() if isinstance(one, JsonDialect)]
        return json_header(open_json(path, "an export of a known dialect"), *list_keys)
    wanted = {name for asked in _signatures().values() for name in asked}
    return open_table(path, sorted(wanted)).columns


def _signatures() -> Mapping[str, set[str]]:
    """Signature of every dialect that has one."""
    return {name: _asked(one) for name, one in all_dialects().items() if one.signature}


def _asked(dialect: Dialect) -> set[str]:
    return {folded(name) for name in dialect.signature}


def _without_records(path: Path) -> SourceError:
    names = [name for name, one in all_dialects().items() if isinstance(one, JsonDialect)]
    return _refused(
        path,
        "holds no records, so nothing tells its dialect",
        f"export it again, or name its dialect ({', '.join(names)}): "
        f"heartline ingest {quoted(path)} --source DIALECT",
    )


def _unknown(path: Path, header: Sequence[str], taken: Container[str]) -> SourceError:
    there = {folded(name) for name in header}
    signatures = _signatures()
    nearest = max(signatures, key=lambda name: len(signatures[name] & there) / len(signatures[name]))
    dialect = all_dialects()[nearest]
    missing = [repr(name) for name in dialect.signature if folded(name) not in there]
    finding = (
        f"; the nearest is {nearest} ({dialect.title}), but it lacks {', '.join(missing)}"
        if len(missing) < len(dialect.signature)
        else ""
    )
    if begins_with(path, b"["):
        finding += "; as any other table it is to be JSON Lines, an object a line"
        return _refused(path, f"has the signature of no dialect{finding}", lines_made(path))
    return _refused(
        path,
        f"has the signature of no dialect{finding}",
        "put this into heartline.toml, fill it in, then: heartline ingest\n\n"
        + block_to_fill_in(path, header, taken),
    )


def _refused(path: Path, finding: str, next_command: str) -> SourceError:
    return SourceError(
        f"{path} {finding}",
        left_undone="nothing was read, and heartline.toml is as it was",
        next_command=next_command,
        file=str(path),
    )
