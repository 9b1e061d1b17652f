"""The process that runs one free query: it limits itself, then reads the query from its standard input."""

from __future__ import annotations

import os
import resource
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.store.published import open_published

REFUSED = 3  # exit code; the reason is on standard output
CUT = b"heartline_cut"  # in the answer's metadata where rows were left out
ALLOWED = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
LONGEST_REASON = 2_000  # characters
MEGABYTE = 1 << 20
OPEN_FILES = 32


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take: seconds, of the clock and of the processor; memory; rows and size it gives."""

    seconds: int = 10
    memory_mb: int = 2_048
    n_rows: int = 10_000
    answer_mb: int = 32


class Refused(Exception):
    """Why a query is not run, or its answer not given."""


def answer(connection: duckdb.DuckDBPyConnection, sql: str, limits: Limits) -> pa.Table:
    """Rows of the one statement in `sql`, marked in the metadata where more were left out.

    Raises
    ------
    Refused
        There is no statement or more than one, it may do something else than read, or the answer is too big.
    duckdb.Error
        DuckDB cannot run it.
    """
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise Refused(f"expected one statement, found {len(statements)}")
    if statements[0].type not in ALLOWED:
        raise Refused(f"expected a statement that reads, such as select, not {statements[0].type.name}")
    reader = connection.execute(statements[0]).to_arrow_reader(limits.n_rows + 1)
    batches, n_rows, size = [], 0, 0
    for batch in reader:
        batches.append(batch)
        n_rows, size = n_rows + len(batch), size + batch.nbytes
        if size > limits.answer_mb * MEGABYTE:
            raise Refused(f"the answer has more than {limits.answer_mb} MB: ask for fewer columns or rows")
        if n_rows > limits.n_rows:
            break
    table = pa.Table.from_batches(batches, reader.schema).slice(0, limits.n_rows)
    return table.replace_schema_metadata({CUT: b"1"} if n_rows > limits.n_rows else None)


def main(published: str, *numbers: str) -> int:
    """Run the query on standard input; the answer as an Arrow stream, or the reason against it, goes out."""
    limits = Limits(*map(int, numbers))
    _limit_this_process(limits)
    settings = {
        "memory_limit": f"{limits.memory_mb // 2}MB",
        "threads": "1",
        "python_enable_replacements": "false",
    }
    try:
        with open_published(Path(published), **settings) as connection:
            table = answer(connection, sys.stdin.read(), limits)
    except (duckdb.Error, Refused, MemoryError, pa.ArrowException) as error:
        reason = str(error) or "the query needs more memory than it is given"
        sys.stdout.buffer.write(reason[:LONGEST_REASON].encode("utf-8", "replace"))
        return REFUSED
    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)
    return 0


def _limit_this_process(limits: Limits) -> None:
    """No more memory, time or open files than these, and not one byte into any file."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_mb * MEGABYTE),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.environ.clear()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
