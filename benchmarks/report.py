"""How long the weekly report of a year takes: by default 150,000 segments, 8 stages, 40 themes, 52 weeks.

    python benchmarks/report.py [--segments 150000] [--customers 15000]

Makes the facts of a published file up, then times the marts (which publishing computes once) and the page
(which `heartline report` renders from them), and prints both with the page's size.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb
from facts import add_texts, make_facts

from pipeline.config import Settings
from pipeline.journey.marts import fill_marts
from pipeline.progress import peak_memory_mb
from pipeline.store.dictionary import SCHEMA_VERSION
from pipeline.store.work import read_sql
from reports.weekly import write_weekly_report


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--segments", type=int, default=150_000)
    parser.add_argument("--customers", type=int, default=15_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "published.duckdb"
        with duckdb.connect() as connection:
            make_facts(file, connection, segments=arguments.segments, customers=arguments.customers)
            add_texts(connection)
            started = time.perf_counter()
            last_week = fill_marts(connection, Settings())
            print(f"{arguments.segments:,} segments: all marts in {time.perf_counter() - started:.1f} s")
            _name_run(connection, last_week)
        started = time.perf_counter()
        page = write_weekly_report(file, Path(folder))
        seconds, size = time.perf_counter() - started, page.stat().st_size
        print(f"page in {seconds:.1f} s, {size:,} bytes; peak memory {peak_memory_mb():,.0f} MB")


def _name_run(connection: duckdb.DuckDBPyConnection, last_week: date | None) -> None:
    """What `publish` adds beside facts and marts, as far as the page reads it."""
    connection.execute(
        "insert into published.main.meta_run (run_id, schema_version, last_week_start, level) "
        "values ('benchmark', ?, ?, 0.95)",
        [SCHEMA_VERSION, last_week],
    )
    connection.execute(f"insert into published.main.meta_quality by name {read_sql('publish/meta_quality')}")
    connection.execute(
        "update published.main.dim_source as source set n_items = counted.n_items from (select source_id, "
        "count(*) as n_items from published.main.fct_item group by source_id) as counted "
        "where counted.source_id = source.source_id"
    )


if __name__ == "__main__":
    main()
