"""What each step depends on, as digests: a step whose digest has not changed has nothing to do."""

from __future__ import annotations

import hashlib
from importlib import metadata
from typing import Any

import duckdb

from models.languages import LANGUAGE_MODEL_ID
from models.near_duplicates import NEAR_DUPLICATES_ID
from models.registry import verified_manifest
from models.taxonomy import Journey, read_journey
from models.topics import TOPICS_VERSION
from pipeline.book.book import Book
from pipeline.book.files import as_bytes
from pipeline.book.shelf import read_book
from pipeline.book.written import BOOK_NAME
from pipeline.languages import languages_read
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
    def encoder_id(self) -> str:
        """Id of the shipped encoder alone, whose vectors the themes are centres of."""
        return verified_manifest().encoder_id

    @property
    def fit_version(self) -> str:
        """How themes would be fitted now: the method and its settings."""
        settings = self.workspace.settings.themes
        return f"{TOPICS_VERSION}-{settings.size}-{settings.fit_at_most}"

    @property
    def book(self) -> Book | None:
        """The theme book as its log has it; None before the first fit."""
        return read_book(self.workspace.book_folder)

    @property
    def theme_model_id(self) -> str:
        """Id of the book: how it was fitted, and a digest of what it says now."""
        book = self.book
        return "none" if book is None else f"{book.topics_version}+{_book_digest(book)[:8]}"

    @property
    def journey(self) -> Journey:
        """The workspace's taxonomy."""
        return read_journey(self.workspace.taxonomy_file())

    def tag(self) -> str:
        """Files, customers' table, model, languages that are read, what tells them and near-copies."""
        methods = (self.tag_model_id, LANGUAGE_MODEL_ID, NEAR_DUPLICATES_ID)
        return _digest(self._records(), *methods, *languages_read())

    def themes(self) -> str:
        """The segmented texts, the model that encoded them, the book, and what hands have made of its file.

        The settings of the fit count only until there is a book.
        """
        texts = self._one(
            "select string_agg(item_id || text_digest, '' order by item_id) from segmented_item"
        )
        book, written = self.book, self.workspace.book_folder / BOOK_NAME
        by_hand = written.read_bytes().hex() if written.is_file() else ""
        state = self.fit_version if book is None else _book_digest(book)
        return _digest(texts, self.tag_model_id, state, by_hand)

    def publish(self) -> str:
        """Tags, themes, taxonomy, heads, audit, settings of the marts; versions of schema and code."""
        settings = self.workspace.settings.model_dump_json(
            include={"name", "seed", "curve", "sources", "changes"}
        )
        versions = (SCHEMA_VERSION, metadata.version("heartline"), self.journey.version)
        heads = (path.stem for path in self.workspace.own_head_files())
        return _digest(self.tag(), self.themes(), self._audit(), settings, *versions, *heads)

    def _audit(self) -> str:
        """Draws and labels of the audit."""
        orders = {"audit_draw": "draw_id, stage_id, source_id, is_filler", "audit_label": "segment_id, coder"}
        return _digest(
            *(
                self._one(f"select string_agg({table}::varchar, ',' order by {order}) from {table}")
                for table, order in orders.items()
            )
        )

    def _records(self) -> str:
        loads = self._one(
            "select string_agg(load_id || if(is_standing, '', ' overwritten'), ',' order by load_id) "
            "from load_standing"
        )
        customers = self._one("select string_agg(customer::varchar, ',' order by customer_id) from customer")
        erased = self._one(
            "select string_agg(load_id || record_number, ',' order by load_id, record_number) "
            "from record_outcome where outcome = 'erased'"
        )
        return _digest(loads, customers, erased)

    def _one(self, query: str) -> str:
        row: Any = self.connection.execute(query).fetchone()
        return str(row[0])


def _book_digest(book: Book) -> str:
    return hashlib.sha256(as_bytes(book)).hexdigest()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
