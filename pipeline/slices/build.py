"""A part of the published file as a file of its own, every mart by the same code as the whole's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from pipeline.config import Settings
from pipeline.errors import StoreMissing
from pipeline.journey.cells import read_source_mix
from pipeline.journey.marts import fill_journey_marts
from pipeline.slices.chosen import choose
from pipeline.slices.part import Part
from pipeline.store.contract import check_contract
from pipeline.store.dictionary import published_tables, quoted
from pipeline.store.metrics import metrics
from pipeline.store.work import beside, read_sql
from pipeline.theme_counts import count_themes

# Cut down by a statement of their own, in this order; meta_quality counts what the others hold.
CUT = (
    "fct_item",
    "fct_segment",
    "fct_item_theme",
    "fct_own_tag",
    "dim_source",
    "dim_customer",
    "dim_theme",
    "dim_theme_lineage",
    "meta_load",
    "meta_run",
)
# About the whole file, or about the theme book: taken over as they are, as is every other dim, fct and meta.
OF_THE_WHOLE = frozenset({"mart_theme_quality", "mart_journey_audited", "mart_share_audited"})
# Counted by the code that counts them for the whole, or left empty: what was told before was of the whole.
NOT_TAKEN = frozenset({*CUT, "meta_quality", "meta_restated"})


def last_week_of(published: Path, part: Part, settings: Settings) -> tuple[date | None, bool]:
    """Monday of the part's last week, and whether any item of it is dated. Raises what `choose` raises."""
    with _whole(published) as connection:
        monday = choose(connection, part, settings)
        n_dated = connection.execute(
            "select count(week_start) from whole.main.fct_item semi join chosen_item using (item_id)"
        ).fetchall()[0][0]
        return monday, n_dated > 0


def build_slice(published: Path, target: Path, part: Part, settings: Settings) -> None:
    """Write the part of a published file to `target`: a published file like any other.

    Raises
    ------
    ConfigError, ContractError
        What `choose` raises, or the new file breaks its contract.
    StoreMissing
        There is no published file.
    """
    with _whole(published) as connection:
        last_week = choose(connection, part, settings)
        connection.execute("create temp table slice_week as select ?::date as week_start", [last_week])
        connection.execute(f"attach {quoted(str(target))} as published")
        for table in published_tables():
            connection.execute(table.create_sql("published"))
        for metric in metrics():
            connection.execute(metric.create_sql("published"))
        _copy(connection, settings)
        mix = read_source_mix(connection, last_week)
        fill_journey_marts(connection, mix, last_week, settings)
        check_contract(connection, has_work=False)


def _copy(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Dimensions and facts: cut down where they can be, else as they are."""
    names = [table.name for table in published_tables() if table.name not in NOT_TAKEN]
    kept = [name for name in names if not name.startswith("mart_") or name in OF_THE_WHOLE]
    statements = {name: f"from whole.main.{name}" for name in kept}
    statements |= {name: read_sql(f"slices/{name}") for name in CUT}
    statements["meta_quality"] = read_sql("publish/meta_quality")
    for name, statement in statements.items():
        if name == "dim_theme":
            count_themes(connection, settings.curve)
        connection.execute(f"insert into published.main.{name} by name {statement}")


@contextmanager
def _whole(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    if not published.is_file():
        raise StoreMissing(
            f"{published} does not exist: nothing has been published yet",
            next_command="heartline run",
            file=str(published),
        )
    with beside(published.parent) as connection:
        connection.execute(f"attach {quoted(str(published))} as whole (read_only)")
        yield connection
