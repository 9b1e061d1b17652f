"""A workspace: a folder with `heartline.toml`, and what the job keeps under it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.config import CONFIG_NAME, Settings, SourceSettings, read_settings
from pipeline.errors import ConfigError, SourceError


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where everything of one workspace lies."""

    folder: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path, **flags: Any) -> Workspace:
        """The workspace in `folder`, its settings read and checked."""
        return cls(folder=folder.resolve(), settings=read_settings(folder, **flags))

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
    def published_file(self) -> Path:
        """The DuckDB file that readers open."""
        return self.folder / "published" / "heartline.duckdb"

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

    def files_of(self, source: SourceSettings) -> list[Path]:
        """The exports of `source`, patterns resolved, in order of their names.

        Raises
        ------
        SourceError
            A name or a pattern finds no file.
        """
        found: set[Path] = set()
        for name in source.files:
            path = self.data_folder / Path(name).expanduser()
            matches = sorted(path.parent.glob(path.name)) if "*" in path.name else [path]
            if not matches or not all(match.is_file() for match in matches):
                raise SourceError(
                    f"source {source.id}: there is no file {path}",
                    left_undone="nothing of this run was loaded",
                    next_command=f"correct `files` of {source.id} in {self.config_file}, then heartline run",
                    file=str(path),
                    source=source.id,
                )
            found.update(matches)
        return sorted(found)

    def customers_file(self) -> Path | None:
        """The customers' table, if there is one."""
        customers = self.settings.customers
        return None if customers is None else self.data_folder / Path(customers.file).expanduser()

    def taxonomy_file(self) -> Path | None:
        """The user's own journey taxonomy, if there is one."""
        return None if self.settings.taxonomy is None else self.folder / self.settings.taxonomy
