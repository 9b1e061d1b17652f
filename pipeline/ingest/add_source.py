"""A file that was handed over becomes a source of the workspace, or one more file of a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from stat import S_IMODE

from pipeline.config import AUTO_DIALECT, DIALECT_NAMES, SourceSettings
from pipeline.errors import ColumnMissing, ConfigError, SourceError
from pipeline.files import replace_file
from pipeline.ingest.dialect import USUAL_LIMIT, Dialect, Layout, find_dialect
from pipeline.ingest.encoding import quoted
from pipeline.ingest.recognise import named_source, recognise, taken_ids
from pipeline.ingest.settings_text import NotPossibleError, free_id, toml_text, with_file, with_source
from pipeline.workspace import Workspace, check_name


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a file would be read: by which dialect, as part of which source, its columns as what.

    `settings_text` is heartline.toml with the file in it; None where it names the file already. `is_new`
    where the source is one that it did not have.
    """

    path: Path
    dialect: Dialect
    source: SourceSettings
    layout: Layout
    settings_text: str | None = None
    is_new: bool = False

    def accept(self, workspace: Workspace) -> None:
        """Put the file into heartline.toml."""
        if self.settings_text is not None:
            mode = workspace.config_file.stat().st_mode
            replace_file(workspace.config_file, self.settings_text.encode())
            workspace.config_file.chmod(S_IMODE(mode))


def propose_source(workspace: Workspace, path: Path, named: str = AUTO_DIALECT) -> Proposal:
    """How a file would be read in a workspace; nothing is changed.

    A source that has the file's dialect, and whose columns the file has, takes the file in; otherwise it
    becomes a source of its own.

    Parameters
    ----------
    workspace
        Where the file is to be read.
    path
        The export.
    named
        The name of its dialect; `auto` tells it by its header.

    Raises
    ------
    SourceError
        The file's header is that of no dialect, of several or not of the named one, none of its questions
        looks open, or its name is not UTF-8.
    ConfigError
        There is no such dialect, a source reads the file already by another one, or heartline.toml cannot
        take it in.
    """
    path = path.resolve()
    check_name(path)
    sources = [named_source(workspace, source) for source in workspace.settings.sources]
    for source in sources:
        if path in [file.resolve() for file in workspace.files_of(source)]:
            _check_reads(source, path, named)
            dialect = find_dialect(source.dialect)
            return Proposal(path, dialect, source, dialect.layout(path, source))
    name = recognise(path, taken_ids(workspace)) if named == AUTO_DIALECT else _checked(named)
    dialect = find_dialect(name)
    for place, source in enumerate(sources):
        layout = _layout(dialect, path, source) if source.dialect == name else None
        if layout is not None:
            change = partial(with_file, place=place, name=workspace.named(path))
            text = _changed(workspace, path, change)
            return Proposal(path, dialect, source, layout, text)
    try:
        source = _new_source(workspace, path, name)
        layout = dialect.layout(path, source)
    except ColumnMissing as error:
        raise _not_of(dialect, path, error) from error
    text = _changed(workspace, path, partial(with_source, source=source))
    return Proposal(path, dialect, source, layout, text, is_new=True)


def _check_reads(source: SourceSettings, path: Path, named: str) -> None:
    if named not in (AUTO_DIALECT, source.dialect):
        raise ConfigError(
            f"source {source.id} reads {path} already, by the dialect {source.dialect} and not {named}",
            left_undone="nothing was read",
            next_command=f"correct `dialect` of {source.id} in heartline.toml, or leave --source {named} out",
        )


def _not_of(dialect: Dialect, path: Path, error: ColumnMissing) -> SourceError:
    return SourceError(
        f"{error.message}; {dialect.title} was expected",
        left_undone=error.left_undone,
        next_command=f"heartline ingest {quoted(path)} --source auto, which knows it or says how to map it",
        **error.facts,
    )


def _checked(name: str) -> str:
    if name not in DIALECT_NAMES - {"table"}:
        raise ConfigError(
            f"--source {name} names no dialect that is read without a mapping; there are: auto, "
            f"{', '.join(sorted(DIALECT_NAMES - {'table'}))}",
            left_undone="nothing was read",
            next_command="heartline ingest FILE --source auto",
        )
    return name


def _layout(dialect: Dialect, path: Path, source: SourceSettings) -> Layout | None:
    """Layout of a file by a source's settings; None where it has not the columns they ask for."""
    try:
        return dialect.layout(path, source)
    except SourceError:
        return None


def _new_source(workspace: Workspace, path: Path, name: str) -> SourceSettings:
    dialect = find_dialect(name)
    settings: dict[str, object] = {
        "id": free_id(name, taken_ids(workspace)),
        "kind": dialect.kind,
        "name": dialect.title,
        "dialect": name,
        "files": [workspace.named(path)],
    }
    if dialect.quarantine_limit != USUAL_LIMIT:
        settings["quarantine_limit"] = dialect.quarantine_limit
    columns = dialect.proposed(path)
    if columns is not None and columns.text:
        settings["columns"] = columns.model_dump(exclude_defaults=True, exclude_none=True)
    return SourceSettings.model_validate(settings)


def _changed(workspace: Workspace, path: Path, change: Callable[[str], str]) -> str:
    try:
        return change(workspace.config_file.read_text(encoding="utf-8"))
    except NotPossibleError as error:
        name = toml_text(workspace.named(path))
        raise ConfigError(
            f"{workspace.config_file} is written in a way that {path} cannot be put into by itself",
            left_undone="it is as it was, and nothing was read",
            next_command=f"add {name} to the files of its sources by hand, then: heartline ingest",
        ) from error
