"""Tables are read in pieces: four times the rows take no more memory."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "ingest_forms.py"
MORE_MIB = 25  # what a peak may differ by from one process to another


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows(postgres: Any) -> None:
    forms = ["jsonl", "parquet", "duckdb", "postgres"]
    done = subprocess.run(
        [sys.executable, BENCHMARK, "60000", "--postgres", postgres.url, "--forms", *forms],
        capture_output=True,
        text=True,
        check=True,
    )
    _, *lines = (line.split() for line in done.stdout.splitlines())
    peaks = {form: (int(whole), int(quarter)) for form, _, whole, quarter in lines}
    print(f"peak MiB of 60,000 rows and of 15,000: {peaks}")
    assert list(peaks) == forms
    assert all(whole - quarter < MORE_MIB for whole, quarter in peaks.values())
