"""One entry to all forms of table: a file and the columns wanted of it in, its records out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.ingest.csv_file import open_csv
from pipeline.ingest.encoding import check_there, quoted
from pipeline.ingest.jsonl_file import open_jsonl
from pipeline.ingest.parquet_file import is_parquet, open_parquet
from pipeline.ingest.table_file import TableFile
from pipeline.ingest.workbook_bounds import is_workbook
from pipeline.ingest.xlsx_file import open_xlsx

WORKBOOKS, PARQUET, JSON_LINES = (".xlsx", ".xlsm"), (".parquet",), (".jsonl", ".ndjson", ".json")


def open_table(
    path: Path, wanted: Sequence[str], encoding: str | None = None, sheet: str | None = None
) -> TableFile:
    """Open a table and read its header.

    Parameters
    ----------
    path
        The file. Its suffix says which form it has, and its first bytes must agree: .xlsx, .parquet,
        .jsonl, .ndjson or .json; anything else is delimited text.
    wanted
        Columns that the source maps.
    encoding
        Of a text that is in no UTF.
    sheet
        Which sheet of a workbook; its first by default.

    Raises
    ------
    SourceError
        The file is not there, is empty or not what its suffix says, or its header is broken.
    """
    suffix = path.suffix.lower()
    check_there(path)
    _check_name(path, suffix)
    if suffix in WORKBOOKS:
        return open_xlsx(path, wanted, sheet)
    if suffix in PARQUET:
        return open_parquet(path, wanted)
    if suffix in JSON_LINES:
        return open_jsonl(path, wanted, encoding)
    return open_csv(path, wanted, encoding)


def _check_name(path: Path, suffix: str) -> None:
    """Refuse a workbook or a Parquet file under another name, and another file under theirs."""
    for suffixes, what, is_one in (
        (WORKBOOKS, "an Excel workbook", is_workbook(path)),
        (PARQUET, "a Parquet file", is_parquet(path)),
    ):
        if suffix in suffixes and not is_one:
            raise _misnamed(path, f"is named as {what} and is none", f"file {quoted(path)}")
        if suffix not in suffixes and is_one:
            right_name = quoted(path.with_suffix(suffixes[0]))
            raise _misnamed(path, f"is {what}", f"mv {quoted(path)} {right_name}")


def _misnamed(path: Path, finding: str, next_command: str) -> SourceError:
    return SourceError(
        f"{path} {finding}; its form is told by its suffix: .csv, .tsv, .jsonl, .parquet or .xlsx",
        left_undone="nothing of this file was read",
        next_command=next_command,
        file=str(path),
    )
