"""Rows a second of one processor, and peak memory, of reading one table in every form, before redaction.

    python benchmarks/ingest_forms.py [ROWS] [--forms csv xlsx] [--postgres postgresql://USER@HOST/NAME]

Each form is read twice, by a process of its own: a quarter of the rows, then all of them. Memory is flat
where both peaks are the same. Of a workbook the shared texts are held in memory, so its peak grows. The
Postgres database gets a table `heartline_benchmark`, which is dropped afterwards.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from pydantic import SecretStr

from pipeline.config import SourceSettings
from pipeline.ingest.contract import Row
from pipeline.ingest.database_table import open_database
from pipeline.ingest.readers import read_rows

FORMS = ("csv", "tsv", "jsonl", "parquet", "xlsx", "duckdb", "postgres")
ROWS = """
select
    'r' || i as id, 'c' || i % 5000 as customer, (date '2026-01-01' + (i % 300)::int)::date as written,
    'The engineer of visit ' || i || ' never came, and nobody called back about the bill for it. '
        || repeat('Still waiting. ', (i % 12)::int) as answer,
    i % 5 + 1 as stars, 'shop ' || i % 40 as shop
from generate_series(1, {n}) as numbers(i)
"""
COLUMNS = {
    "record_id": "id",
    "customer_id": "customer",
    "written_at": "written",
    "text": "answer",
    "rating": "stars",
    "attributes": ["shop"],
}
TABLE = "heartline_benchmark"


def main() -> None:
    """Measure every form and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="?", type=int, default=200_000)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS)
    parser.add_argument("--postgres", default="", help="without it that form is left out")
    parser.add_argument("--read", help="read this file or database in this process")
    asked = parser.parse_args()
    if asked.read:
        print(json.dumps(read(asked.read)))
        return
    print(f"{'form':10} {'rows/s':>10} {'peak MiB':>9} {'of a quarter':>13}")
    with tempfile.TemporaryDirectory() as folder:
        for form in (form for form in asked.forms if form != "postgres" or asked.postgres):
            quarter, whole = (
                measure(write(form, Path(folder), rows, asked.postgres))
                for rows in (asked.rows // 4, asked.rows)
            )
            print(f"{form:10} {whole['rows_per_second']:10,.0f} {whole['peak']:9,} {quarter['peak']:13,}")
    if asked.postgres:
        run_psql(asked.postgres, f"drop table {TABLE}")


def measure(place: str) -> dict[str, float]:
    """Figures of a process that only reads."""
    command = [sys.executable, __file__, "--read", place]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def read(place: str) -> dict[str, float]:
    """Read one table to its end."""
    start = time.process_time()
    n_rows = sum(1 for _ in rows_of(place))
    seconds = time.process_time() - start
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    return {"rows_per_second": n_rows / seconds, "peak": int(peak.split()[1]) >> 10}


def rows_of(place: str) -> Iterator[Row]:
    """Records as a load reads them: a table of a database twice, once for its digest."""
    facts = {"id": "survey", "kind": "survey", "columns": COLUMNS}
    if not place.endswith(".duckdb") and "://" not in place:
        source = SourceSettings.model_validate({**facts, "files": [place]})
        yield from read_rows(Path(place), source)
        return
    source = SourceSettings.model_validate({**facts, "database": place, "table": TABLE})
    with open_database(source, SecretStr(place)) as table:
        table.digest()
        yield from read_rows(table, source)


def write(form: str, folder: Path, n_rows: int, postgres: str) -> str:
    """Write the table in one form; gives its path or address."""
    path = folder / f"{n_rows}.{form}"
    query = ROWS.format(n=n_rows)
    if form == "postgres":
        run_psql(postgres, f"drop table if exists {TABLE}; create table {TABLE} as {query}")
        return postgres
    if form == "duckdb":
        with duckdb.connect(path) as connection:
            connection.execute(f"create table {TABLE} as {query}")
        return str(path)
    table = duckdb.sql(query).to_arrow_table()
    writers = {"parquet": write_parquet, "xlsx": write_xlsx, "jsonl": write_jsonl}
    writers.get(form, write_delimited)(table, path)
    return str(path)


def run_psql(address: str, statements: str) -> None:
    """Run statements by Postgres' own program."""
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", address, "-c", statements], check=True)


def write_parquet(table: pa.Table, path: Path) -> None:
    """Row groups of 50,000 rows."""
    pq.write_table(table, path, row_group_size=50_000)


def write_jsonl(table: pa.Table, path: Path) -> None:
    """An object a line."""
    with path.open("w") as stream:
        for batch in table.to_batches(10_000):
            stream.writelines(json.dumps(row, default=str) + "\n" for row in batch.to_pylist())


def write_delimited(table: pa.Table, path: Path) -> None:
    """Commas, or tabs in a .tsv."""
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t" if path.suffix == ".tsv" else ",")
        writer.writerow(table.column_names)
        for batch in table.to_batches(10_000):
            writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def write_xlsx(table: pa.Table, path: Path) -> None:
    """Texts shared, as Excel writes them."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, table.column_names)
        columns = zip(*(column.to_pylist() for column in table.columns), strict=True)
        for number, row in enumerate(columns, start=1):
            sheet.write_row(number, 0, row)


if __name__ == "__main__":
    main()
