"""Parquet files, read by row groups."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import SourceError
from pipeline.ingest.arrow_values import values_of
from pipeline.ingest.bounds import RATIO_LIMIT, SMALL_BYTES, SMALL_LETTERS, within_ratio
from pipeline.ingest.table_file import Parsed, TableFile, folded, not_blank
from pipeline.ingest.typed_cells import typed_line

ROWS_AT_ONCE = 2_000
TIGHT_RATIO = 10  # words are packed to a third or a fifth
_HOW_READ: Mapping[str, Any] = {"buffer_size": 1 << 20, "pre_buffer": False}
_BY_DIFFERENCE = frozenset({"DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"})
_TEXTS = (pa.string(), pa.large_string(), pa.binary(), pa.large_binary())


@dataclass(frozen=True, slots=True)
class ParquetFile(TableFile):
    """A Parquet file whose schema was read. `columns` are those of texts, numbers and dates."""

    path: Path

    def lines(self) -> Iterator[Parsed]:
        """Every row that is not blank, numbered from 1 with those that are.

        Raises
        ------
        SourceError
            A page of the file is damaged, or its texts are too many for its size. Records given before that
            are not to be kept.
        """
        return not_blank(within_ratio(self.path, self._lines()))

    def _lines(self) -> Iterator[Parsed]:
        numbers = itertools.count(1)
        try:
            for batch in self._batches():
                columns = [values_of(batch.column(name)) for name in self.columns]
                for values in zip(*columns, strict=True):
                    yield typed_line(next(numbers), values, self.columns)
        except (pa.ArrowException, OSError) as error:
            raise _refused(self.path, f"is damaged after record {next(numbers) - 1}") from error

    def _batches(self) -> Iterator[pa.RecordBatch]:
        """Some rows at a time, by row groups.

        Rows come with texts of their own. Where these may fill the memory, each different text of the row
        group is held but once, until its end. Of texts written by what is new in them, such as their ends,
        Arrow can do no such thing: few of them come at a time.
        """
        with (
            pq.ParquetFile(self.path, **_HOW_READ) as plain,
            pq.ParquetFile(self.path, **_HOW_READ, read_dictionary=list(self.columns)) as coded,
        ):
            for group in range(plain.num_row_groups):
                about = plain.metadata.row_group(group)
                how = {"row_groups": [group], "columns": list(self.columns), "use_threads": False}
                file, n_rows = plain, ROWS_AT_ONCE
                if longest := _longest_by_difference(about):
                    n_rows = min(max(SMALL_LETTERS // longest, 1), ROWS_AT_ONCE)
                elif _is_packed_tight(about) or _has_long_texts(coded.iter_batches(1, **how)):
                    file = coded
                yield from file.iter_batches(n_rows, **how)


def open_parquet(path: Path, wanted: Sequence[str]) -> ParquetFile:
    """Open a Parquet file and read its schema.

    Raises
    ------
    SourceError
        The file is damaged, unpacks to more than a hundred times its size, has two columns of one name, or
        holds lists or objects in a column that is wanted.
    """
    try:
        with pq.ParquetFile(path) as file:
            schema, metadata = file.schema_arrow, file.metadata
    except (pa.ArrowException, OSError) as error:
        raise _refused(path, "is no Parquet file that can be read") from error
    _check_ratio(path, metadata)
    names = frozenset(map(folded, wanted))
    for field in schema:
        if schema.names.count(field.name) > 1:
            raise _refused(path, f"has the column {field.name!r} {schema.names.count(field.name)} times")
        if folded(field.name) in names and _is_no_cell(field.type):
            raise _refused(path, f"holds {field.type} in the column {field.name!r}")
    kept = (one for one in schema if folded(one.name) in names or not _is_left_out(one.type))
    return ParquetFile(str(path), tuple(field.name for field in kept), path)


def _longest_by_difference(group: pq.RowGroupMetaData) -> int:
    """Bytes that a text may have which is written by what is new in it; 0 where none is."""
    chunks = map(group.column, range(group.num_columns))
    written_so = (one for one in chunks if _BY_DIFFERENCE.intersection(one.encodings))
    return max((one.total_uncompressed_size for one in written_so), default=0)


def _is_packed_tight(group: pq.RowGroupMetaData) -> bool:
    """Whether much is packed to far less."""
    chunks = map(group.column, range(group.num_columns))
    return any(
        one.total_uncompressed_size > max(SMALL_LETTERS, TIGHT_RATIO * one.total_compressed_size)
        for one in chunks
    )


def _has_long_texts(one_by_one: Iterator[pa.RecordBatch]) -> bool:
    """Whether a text that rows refer to by number is too long to stand in many: all come with the first."""
    first = next(one_by_one, None)
    columns = first.columns if first else []
    coded = (column.dictionary for column in columns if isinstance(column, pa.DictionaryArray))
    longest = (pc.max(pc.binary_length(texts)).as_py() for texts in coded if texts.type in _TEXTS)
    return any(length is not None and length * ROWS_AT_ONCE > SMALL_LETTERS for length in longest)


def _is_no_cell(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind) or pa.types.is_interval(kind))


def _is_left_out(kind: pa.DataType) -> bool:
    """Whether nothing is read of a column that is not wanted: bytes may be text, or a picture."""
    is_bytes = (
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    )
    return bool(is_bytes or _is_no_cell(kind))


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet files do."""
    with path.open("rb") as stream:
        return stream.read(4) == b"PAR1"


def _check_ratio(path: Path, metadata: pq.FileMetaData) -> None:
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for chunk in map(group.column, range(group.num_columns)):
            packed, unpacked = chunk.total_compressed_size, chunk.total_uncompressed_size
            if unpacked > max(SMALL_BYTES, RATIO_LIMIT * packed):
                raise _refused(path, f"unpacks {packed:,} bytes to {unpacked:,} in one column")


def _refused(path: Path, finding: str) -> SourceError:
    return SourceError(
        f"{path} {finding}; a Parquet file with texts, numbers and dates in its columns was expected",
        left_undone="nothing of this file was stored",
        next_command="write it anew from its source, or export it as CSV; then: heartline ingest",
        file=str(path),
    )
