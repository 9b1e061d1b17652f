"""The steps of the job: each says what it needs, does what is missing, and leaves the rest alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import duckdb

from pipeline.counted import counted
from pipeline.errors import ContractError
from pipeline.ingest.outcomes import check_quarantine, read_outcomes
from pipeline.inputs import Inputs
from pipeline.progress import Reporter
from pipeline.store.work import is_done, mark_done
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step did. `changed` is False where everything was already as it should be."""

    step: str
    changed: bool
    message: str
    facts: dict[str, Any] = field(default_factory=dict)


class Job:
    """The steps on one workspace, whose work file is open. Heavy parts are imported where they are used."""

    def __init__(
        self, workspace: Workspace, connection: duckdb.DuckDBPyConnection, reporter: Reporter
    ) -> None:
        self.workspace = workspace
        self.connection = connection
        self.reporter = reporter
        self.inputs = Inputs(workspace, connection)

    def run(self) -> list[StepResult]:
        """All steps up to the published file."""
        return [self.ingest(), *self.after_ingest()]

    def after_ingest(self) -> list[StepResult]:
        """The steps that make of the records what is published."""
        return [self.tag(), self.themes(), self.publish()]

    def ingest(self) -> StepResult:
        """Read the exports that are new.

        Raises
        ------
        ConfigError
            The settings name no source.
        SourceError
            A file cannot be read as its source declares it; none of its records was kept.
        ContractError
            An erasure broke off; or more records were quarantined than a source's limit allows.
        """
        from pipeline.ingest.load import Loader

        self.workspace.check_sources()
        self._needs(not self.workspace.journal_file.exists(), "an erasure broke off", "heartline erase")
        loads = Loader(self.workspace, self.connection, self.reporter).load_all()
        outcomes = read_outcomes(self.connection)
        n_new = sum(load.was_new for load in loads)
        facts = {
            "files": outcomes,
            "n_new_files": n_new,
            "notes": [f"{load.file_name}: {note}" for load in loads for note in load.notes],
        }
        check_quarantine(self.connection, self.workspace)
        n_back = sum(load.is_back for load in loads)
        if not n_new:
            back = f", {n_back} as they were before" if n_back else ""
            return StepResult("ingest", n_back > 0, f"{counted(len(loads), 'file')}, none new{back}", facts)
        n_records = sum(load.n_records for load in loads if load.was_new)
        message = f"{counted(n_new, 'new file')} with {counted(n_records, 'record')}"
        return StepResult("ingest", True, message, facts)

    def tag(self) -> StepResult:
        """Mark near-copies; split, encode and tag what has not been, in the languages the model reads.

        Nothing is done where too much is in quarantine.
        """
        self._needs(self._row("select count(*) from load") > 0, "no export has been read", "heartline ingest")
        check_quarantine(self.connection, self.workspace)
        digest = self.inputs.tag()
        if is_done(self.connection, "tag", digest):
            return StepResult("tag", False, "every sentence is tagged, nothing to encode")
        from models.tagger import Tagger
        from pipeline.enrich import encode_segments, segment_items, tag_items
        from pipeline.languages import languages_read, tell_languages
        from pipeline.near_duplicates import mark_near_duplicates

        tell_languages(self.connection, self.reporter)
        mark_near_duplicates(self.connection, self.reporter)
        n_items = segment_items(self.connection, languages_read(), self.reporter)
        tagger = Tagger.load()
        n_texts = encode_segments(self.connection, tagger, self.reporter)
        tag_items(self.connection, tagger)
        mark_done(self.connection, "tag", digest)
        message = f"{counted(n_items, 'item')} split, {n_texts:,} distinct sentences and passages encoded"
        return StepResult("tag", True, message, {"n_items": n_items, "n_encoded": n_texts})

    def themes(self) -> StepResult:
        """Do queued edits, then bring themes up to date where the sentences or the theme book have changed.

        Raises
        ------
        BookError
            The book's files are damaged, ask for what cannot be, or were made with another encoder.
        """
        self._needs(
            is_done(self.connection, "tag", self.inputs.tag()), "not every item is tagged", "heartline tag"
        )
        from pipeline.theme_desk import do_waiting_edits

        do_waiting_edits(self.inputs, self.reporter.say)
        if is_done(self.connection, "themes", self.inputs.themes()):
            n_themes = self._row("select count(*) from theme where status = 'active'")
            message = f"{counted(n_themes, 'theme')}, neither sentences nor book have changed"
            return StepResult("themes", False, message + self._advice())
        from pipeline.themes import update_themes

        update = update_themes(self.connection, self.inputs, self.reporter)
        mark_done(self.connection, "themes", self.inputs.themes())
        return StepResult("themes", True, update.message + self._advice(), asdict(update))

    def _advice(self) -> str:
        """What to do where the book was fitted otherwise than the settings say now; empty where not."""
        book, fit_version = self.inputs.book, self.inputs.fit_version
        if book is None or book.topics_version == fit_version:
            return ""
        return f"; fitted by {book.topics_version}: heartline themes refit fits them by {fit_version}"

    def publish(self) -> StepResult:
        """Build the published file where anything it depends on has changed."""
        self._needs(
            is_done(self.connection, "themes", self.inputs.themes()),
            "the themes are not up to date",
            "heartline themes",
        )
        digest, target = self.inputs.publish(), self.workspace.published_file
        if is_done(self.connection, "publish", digest) and target.is_file():
            return StepResult("publish", False, f"{target} is up to date", {"path": str(target)})
        from pipeline.publish import Run, publish

        run = Run(digest, self.inputs.tag_model_id, self.inputs.theme_model_id, self.inputs.journey)
        with self.reporter.task("curve, pain points, publish", None, "segments") as advance:
            publication = publish(self.connection, self.workspace, run)
            advance(self._row("select count(*) from segment"))
        mark_done(self.connection, "publish", digest)
        facts = {"path": str(target), "run_id": run.run_id, "content_digest": publication.content_digest}
        return StepResult("publish", True, str(target), facts)

    def _row(self, query: str) -> Any:
        row = self.connection.execute(query).fetchone()
        return row[0] if row else None

    def _needs(self, met: bool, message: str, next_command: str) -> None:
        if not met:
            raise ContractError(message, left_undone="this step did nothing", next_command=next_command)
