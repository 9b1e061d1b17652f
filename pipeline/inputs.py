"""What each step depends on, as digests: a step whose digest has not changed has nothing to do."""

from __future__ import annotations

import hashlib
from importlib import metadata
from typing import Any

import duckdb

from models.registry import verified_manifest
from models.taxonomy import Journey, read_journey
from models.topics import TOPICS_VERSION
from pipeline.store.dictionary import SCHEMA_VERSION
from pipeline.workspace import Workspace


class Inputs:
    """Digests of the steps' inputs. Each follows from what stands in the work file now."""

    def __init__(self, workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> None:
        self.workspace = workspace
        self.connection = connection

    @property
    def tag_model_id(self) -> str:
        """Id of the shipped model, its weights checked."""
        return verified_manifest().model_id

    @property
    def theme_model_id(self) -> str:
        """Id of the themes fitted on the present sentences."""
        return f"{TOPICS_VERSION}+{self.themes()[:8]}"

    @property
    def journey(self) -> Journey:
        """The workspace's taxonomy."""
        return read_journey(self.workspace.taxonomy_file())

    def tag(self) -> str:
        """The files read, the customers' table and the model."""
        return _digest(self._records(), self.tag_model_id)

    def themes(self) -> str:
        """The segmented texts, the model that encoded them, and the settings of the themes."""
        settings = self.workspace.settings
        texts = self._one(
            "select string_agg(item_id || text_digest, '' order by item_id) from segmented_item"
        )
        return _digest(
            texts, self.tag_model_id, TOPICS_VERSION, settings.themes.model_dump_json(), str(settings.seed)
        )

    def publish(self) -> str:
        """Records, themes, taxonomy, own heads, settings of the marts, versions of schema and code."""
        settings = self.workspace.settings.model_dump_json(include={"name", "seed", "curve", "sources"})
        versions = (SCHEMA_VERSION, metadata.version("heartline"), self.journey.version)
        heads = (path.stem for path in self.workspace.own_head_files())
        return _digest(self._records(), self.themes(), settings, *versions, *heads)

    def _records(self) -> str:
        loads = self._one("select string_agg(load_id, ',' order by load_id) from load")
        customers = self._one("select string_agg(customer::varchar, ',' order by customer_id) from customer")
        return _digest(loads, customers)

    def _one(self, query: str) -> str:
        row: Any = self.connection.execute(query).fetchone()
        return str(row[0])


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
