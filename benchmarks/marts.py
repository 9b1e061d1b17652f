"""How long all marts of a year take: by default a million segments, 8 stages, 40 themes, 52 weeks.

    python benchmarks/marts.py [--segments 1000000] [--customers 100000]

Fills the facts of a published file on disk with made-up rows, then times `fill_marts` as `heartline publish`
runs it, with the default settings (999 resamples), and prints seconds, rows of each mart and peak memory.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import duckdb
from facts import make_facts

from pipeline.config import Settings
from pipeline.journey.marts import fill_marts
from pipeline.progress import peak_memory_mb
from pipeline.store.dictionary import published_tables


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--segments", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        make_facts(
            Path(folder) / "published.duckdb",
            connection,
            segments=arguments.segments,
            customers=arguments.customers,
        )
        before = peak_memory_mb()
        started = time.perf_counter()
        fill_marts(connection, Settings())
        seconds = time.perf_counter() - started
        print(f"{arguments.segments:,} segments: all marts in {seconds:.1f} s")
        print(f"peak memory {peak_memory_mb():,.0f} MB, of it {before:,.0f} MB for making the rows up")
        for table in published_tables():
            if table.name.startswith("mart_"):
                count = connection.execute(f"select count(*) from published.main.{table.name}").fetchone()
                print(f"{table.name:28} {count[0]:>9,} rows" if count else table.name)


if __name__ == "__main__":
    main()
