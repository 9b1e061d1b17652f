"""A workspace: a folder with `heartline.toml`, and what the job keeps under it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from pipeline.config import CONFIG_NAME, POSTGRES, Settings, SourceSettings, read_settings
from pipeline.errors import ConfigError, SourceError
from pipeline.files import keep_private
from pipeline.variables import unset_variables


def files_named(path: Path) -> list[Path]:
    """What a name of heartline.toml stands for: the file of this very name, or a pattern's files in order.

    Only `*` makes a pattern; brackets and question marks are letters of names. A name that is no pattern is
    given back, also where there is no such file.
    """
    if "*" not in path.name or path.is_file():
        return [path]
    pattern = re.sub(r"\*+", "*", path.name)
    return sorted(path.parent.glob(re.sub(r"[\[?]", r"[\g<0>]", pattern)))


def check_name(path: Path) -> None:
    """Raise `SourceError` where a file's name is not UTF-8: no file that heartline writes could say it."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        shown = os.fsencode(path).decode(errors="backslashreplace")
        raise SourceError(
            f"the name of {shown} is not UTF-8; names packed on Windows often are not",
            left_undone="nothing of this run was loaded",
            next_command="give the file another name, then the same command",
            file=shown,
        ) from error


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where everything of one workspace lies."""

    folder: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path, **flags: Any) -> Workspace:
        """The workspace in `folder`, its settings read and checked; files are made private from here on."""
        settings = read_settings(folder, **flags)
        keep_private(group_may_read=settings.group_may_read)
        return cls(folder=folder.resolve(), settings=settings)

    @property
    def config_file(self) -> Path:
        """`heartline.toml`."""
        return self.folder / CONFIG_NAME

    @property
    def work_folder(self) -> Path:
        """What only the job reads."""
        return self.folder / "work"

    @property
    def work_file(self) -> Path:
        """The DuckDB file the job writes."""
        return self.work_folder / "heartline_work.duckdb"

    @property
    def lock_file(self) -> Path:
        """Held while a job runs."""
        return self.work_folder / "lock"

    @property
    def key_file(self) -> Path:
        """The key of this workspace's pseudonyms."""
        return self.work_folder / "pseudonym.key"

    @property
    def audit_log_file(self) -> Path:
        """What was done to this workspace, line by line."""
        return self.work_folder / "audit_log.jsonl"

    @property
    def erased_file(self) -> Path:
        """Whom and what to forget, as keyed digests."""
        return self.work_folder / "erased.jsonl"

    @property
    def journal_file(self) -> Path:
        """What is being erased, for as long as it is."""
        return self.work_folder / "erasing.json"

    @property
    def audit_folder(self) -> Path:
        """Sheets and forms of the audit."""
        return self.folder / "audit"

    @property
    def published_file(self) -> Path:
        """The DuckDB file that readers open."""
        return self.folder / "published" / "heartline.duckdb"

    def kept_files(self) -> list[Path]:
        """Published files of earlier weeks, in the order of their names."""
        return sorted(self.published_file.parent.glob(f"{self.published_file.stem}-*.duckdb"))

    @property
    def own_heads_folder(self) -> Path:
        """Heads learned from the user's own labels."""
        return self.folder / "heads"

    def own_head_files(self) -> list[Path]:
        """Those heads, in the order of their names."""
        return sorted(self.own_heads_folder.glob("*.safetensors"))

    @property
    def book_folder(self) -> Path:
        """Where the theme book's files lie: beside the settings, to be kept in git like them."""
        return self.folder

    @property
    def reports_folder(self) -> Path:
        """The weekly reports."""
        return self.folder / "reports"

    @property
    def sent_file(self) -> Path:
        """A digest of the last digest that was sent, and of where to."""
        return self.work_folder / "alerts_sent"

    @property
    def data_folder(self) -> Path:
        """Where relative names of exports start."""
        named = os.path.expandvars(self.settings.data_folder)
        if "$" in named:
            variable = self.settings.data_folder.split("/")[0].strip("${}")
            raise ConfigError(
                f"{self.config_file}: data_folder is {self.settings.data_folder!r}, and the environment does "
                "not set that variable",
                next_command=f"export {variable}=/folder/of/the/data",
            )
        return self.folder / Path(named).expanduser()

    def check_sources(self) -> None:
        """Raise `ConfigError` where the settings name no source."""
        if not self.settings.sources:
            raise ConfigError(
                f"{self.config_file} names no source",
                left_undone="nothing was read",
                next_command=f"add a [[sources]] table to {self.config_file}, then heartline run",
            )

    def files_of(self, source: SourceSettings) -> list[Path]:
        """The exports of `source`, patterns resolved, in order of their names.

        Raises
        ------
        SourceError
            A name or a pattern finds no file, or one whose name is not UTF-8.
        """
        found: set[Path] = set()
        for name in source.files:
            path = self.data_folder / Path(name).expanduser()
            matches = files_named(path)
            if not matches or not all(match.is_file() for match in matches):
                is_folder = f"{path} is a folder, of which {name}/*.csv would name files"
                raise SourceError(
                    f"source {source.id}: {is_folder if path.is_dir() else f'there is no file {path}'}",
                    left_undone="nothing of this run was loaded",
                    next_command=f"correct `files` of {source.id} in {self.config_file}, then heartline run",
                    file=str(path),
                    source=source.id,
                )
            found.update(matches)
        for path in found:
            check_name(path)
        return sorted(found)

    def named(self, path: Path) -> str:
        """Name of a file as heartline.toml gives it: from the data folder on where it lies in it."""
        folder = self.data_folder.resolve()
        path = path.resolve()
        return str(path.relative_to(folder) if path.is_relative_to(folder) else path)

    def database_of(self, source: SourceSettings) -> SecretStr:
        """The path of the source's DuckDB file, or the address of its Postgres database; variables filled in.

        Raises
        ------
        ConfigError
            The environment does not set a variable.
        SourceError
            There is no such file.
        """
        given = source.database.get_secret_value() if source.database else ""
        unset = unset_variables(given)
        if unset:
            raise ConfigError(
                f"{self.config_file} names ${unset[0]} in `database` of {source.id}, and the environment "
                "does not set it",
                next_command=f"export {unset[0]}=..., then heartline run",
            )
        filled = os.path.expandvars(given)
        if filled.startswith(POSTGRES):
            return SecretStr(filled)
        path = self.data_folder / Path(filled).expanduser()
        if not path.is_file():
            raise SourceError(
                f"source {source.id}: there is no DuckDB file {path}",
                left_undone="nothing of this run was loaded",
                next_command=f"correct `database` of {source.id} in {self.config_file}, then heartline run",
                file=str(path),
                source=source.id,
            )
        return SecretStr(str(path))

    def customers_file(self) -> Path | None:
        """The customers' table, if there is one."""
        customers = self.settings.customers
        return None if customers is None else self.data_folder / Path(customers.file).expanduser()

    def taxonomy_file(self) -> Path | None:
        """The user's own journey taxonomy, if there is one."""
        return None if self.settings.taxonomy is None else self.folder / self.settings.taxonomy
