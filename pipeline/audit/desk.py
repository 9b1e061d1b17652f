"""The audit of one workspace: its work file held, its published file beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

import duckdb

from pipeline.audit.sample import Draw, Order, draw_sample
from pipeline.audit.sheet import Codebook, write_sheets
from pipeline.errors import StoreMissing
from pipeline.inputs import Inputs
from pipeline.store.work import open_work, read_sql
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AuditDesk:
    """Draws and tells of the audit. `connection` has the published file attached as `published`."""

    workspace: Workspace
    connection: duckdb.DuckDBPyConnection

    @classmethod
    @contextmanager
    def open(cls, workspace: Workspace) -> Iterator[Self]:
        """The desk of a workspace that has been published.

        Raises
        ------
        StoreMissing
            Nothing has been published yet.
        StoreLocked
            Another job holds the work file.
        """
        path = workspace.published_file
        if not path.is_file():
            raise StoreMissing(
                f"{path} does not exist: there is nothing to draw from yet", next_command="heartline run"
            )
        with open_work(workspace) as connection:
            quoted = str(path).replace("'", "''")
            connection.execute(f"attach '{quoted}' as published (read_only)")
            yield cls(workspace, connection)

    def sample(self, order: Order) -> tuple[Draw, list[Path]]:
        """Draw as ordered and write the sheets that are not there yet."""
        journey = Inputs(self.workspace, self.connection).journey
        draw = draw_sample(
            self.connection, order, last_week=self._last_week(), unclear_stage_id=journey.stage_of("unclear")
        )
        return draw, write_sheets(draw, order.coders, Codebook.of(journey), self.workspace.audit_folder)

    def status(self) -> dict[str, Any]:
        """What each coder has read of each draw, the published badge, and how many labels wait for it."""
        draws = self.connection.execute(read_sql("audit/progress")).df().to_dict("records")
        state = {"badge": "none", "reason": "Nothing of the audit has been published.", "agreement": None}
        tables = "select table_name from duckdb_tables() where database_name = 'published'"
        waiting = "select count(*) from audit_label"
        if ("meta_audit",) in self.connection.execute(tables).fetchall():
            published = self.connection.execute(read_sql("audit/badge")).df().astype(object)
            state = published.where(published.notna(), None).to_dict("records")[0]
            waiting += (
                " anti join published.main.fct_audit_label using (segment_id, coder, stage_id, emotion_id"
            )
            waiting += ", valence, is_pain)"
        row = self.connection.execute(waiting).fetchone()
        return {"draws": draws, **state, "n_waiting": row[0] if row else 0}

    def _last_week(self) -> date | None:
        row = self.connection.execute("select last_week_start from published.main.meta_run").fetchone()
        return row[0] if row else None
