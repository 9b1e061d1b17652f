import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import SourceError
from pipeline.ingest import parquet_file
from pipeline.ingest.contract import Rejection
from pipeline.ingest.parquet_file import open_parquet
from pipeline.ingest.table_file import Line


def write(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


def cells(path: Path, columns: dict[str, Any]) -> list[Line | Rejection]:
    return list(open_parquet(write(path, columns), ["text"]).lines())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.parquet"


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array([2**63, None], pa.uint64()), ["9223372036854775808", ""]),
        (pa.array([123.0, float("nan")]), ["123", ""]),
        (pa.array([0.1, 1e300]), ["0.1", str(int(1e300))]),
        (pa.array([Decimal("12345678901234567890.10")]), ["12345678901234567890.10"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([dt.date(2026, 3, 29), None]), ["2026-03-29", ""]),
        (pa.array([dt.datetime(2026, 3, 29, 1, 30)]), ["2026-03-29T01:30:00"]),
        (pa.array([1774747800], pa.timestamp("s", "Europe/London")), ["2026-03-29T01:30:00+00:00"]),
        (pa.array([1774747800123456789], pa.timestamp("ns", "UTC")), ["2026-03-29T01:30:00.123456+00:00"]),
        (pa.array([dt.timedelta(hours=27, minutes=5)]), ["27:05:00"]),
        (pa.array(["b", "a", "b"]).dictionary_encode(), ["b", "a", "b"]),
        (pa.array([b"caf\xc3\xa9"]), ["café"]),
        (pa.array([97_500_000_000_001], pa.duration("ns")), ["27:05:00"]),
        (pa.array([34_200_000_000_001], pa.time64("ns")), ["09:30:00"]),
        (pa.array([bytes(range(16))], pa.uuid()), ["00010203-0405-0607-0809-0a0b0c0d0e0f"]),
    ],
)
def test_typed_cells_are_texts_without_loss(path: Path, values: pa.Array, texts: list[str]) -> None:
    expected = [Line(number, [text]) for number, text in enumerate(texts, start=1) if text]
    assert cells(path, {"text": values}) == expected


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (pa.array([b"good", b"caf\xe9"]), "4 bytes"),
        (pa.array([b"good", b"caf\xe9"]).view(pa.string()), "4 bytes"),
        (pa.array(["good", "a\0b"]), "a NUL byte"),
    ],
)
def test_a_cell_that_is_no_text_rejects_its_record(path: Path, values: pa.Array, found: str) -> None:
    good, bad = cells(path, {"text": values})
    assert good == Line(1, ["good"])
    assert isinstance(bad, Rejection)
    assert (bad.number, bad.reason, bad.column, bad.value) == (2, "unreadable row", "text", found)


def test_a_moment_beyond_what_python_knows_is_the_number_that_stands_for_it(path: Path) -> None:
    rows = cells(path, {"text": pa.array([0, 2**62], pa.timestamp("us", "UTC"))})
    assert rows == [Line(1, ["1970-01-01T00:00:00+00:00"]), Line(2, [str(2**62)])]


def test_lists_are_refused_where_a_cell_is_wanted_and_left_out_elsewhere(path: Path) -> None:
    write(path, {"text": ["a", "b"], "tags": [["x"], ["y", "z"]]})
    assert list(open_parquet(path, ["text"]).lines()) == [Line(1, ["a"]), Line(2, ["b"])]
    with pytest.raises(SourceError, match="holds list<element: string> in the column 'tags'"):
        open_parquet(path, ["text", "Tags"])


def test_all_row_groups_are_read_once(path: Path) -> None:
    texts = [f"text {number}" for number in range(5_001)]
    write(path, {"text": texts}, row_group_size=700)
    rows = list(open_parquet(path, ["text"]).lines())
    assert rows == [Line(number, [text]) for number, text in enumerate(texts, start=1)]


def test_a_damaged_page_refuses_the_file(path: Path) -> None:
    write(
        path,
        {"text": [f"text {number}" for number in range(5_000)]},
        compression="zstd",
        use_dictionary=False,
    )
    content = bytearray(path.read_bytes())
    content[2_000:2_400] = bytes(400)
    path.write_bytes(content)
    with pytest.raises(SourceError, match="is damaged after record"):
        list(open_parquet(path, ["text"]).lines())


def test_a_cut_file_is_refused(path: Path) -> None:
    write(path, {"text": ["a"]})
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(SourceError, match="is no Parquet file that can be read"):
        open_parquet(path, ["text"])


def test_a_column_that_unpacks_to_a_hundred_times_its_size_is_refused(path: Path) -> None:
    write(path, {"text": ["x" * 1_000_000] * 40}, compression="zstd", use_dictionary=False)
    with pytest.raises(SourceError, match=r"unpacks [\d,]+ bytes to 40,000,\d+ in one column"):
        open_parquet(path, ["text"])


def test_a_picture_that_nobody_maps_is_left_out(path: Path) -> None:
    assert cells(path, {"photo": pa.array([b"\xff\xd8"]), "text": ["good"]}) == [Line(1, ["good"])]


def test_two_columns_of_one_name_are_refused(path: Path) -> None:
    pq.write_table(pa.Table.from_arrays([pa.array(["a"])] * 3, names=["x", "text", "x"]), path)
    with pytest.raises(SourceError, match="has the column 'x' 2 times"):
        open_parquet(path, ["text"])


def test_one_long_text_in_every_row_is_refused(path: Path) -> None:
    words = np.random.default_rng(1).integers(97, 123, 900_000, dtype=np.uint8).tobytes().decode()
    write(path, {"text": pa.DictionaryArray.from_arrays(pa.array([0] * 4_000), pa.array([words]))})
    with pytest.raises(
        SourceError, match=r"unpacks to more than .* characters by row 101, 100 times its size"
    ):
        list(open_parquet(path, ["text"]).lines())


@pytest.mark.parametrize(
    "how",
    [{}, {"use_dictionary": False, "compression": "zstd"}],
    ids=["by number", "packed tight"],
)
def test_long_values_that_stand_in_many_rows_are_not_copied(
    path: Path, how: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_file, "SMALL_LETTERS", 100_000)
    words = "the same words " * 3_000
    write(path, {"text": ["others", None, words] * 4, "id": range(12)}, **how)
    other, none, first, *_, second = (line.cells[0] for line in open_parquet(path, ["text"]).lines())
    assert (first, none, other) == (words, "", "others")
    assert first is second


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_texts_that_are_written_by_what_is_new_in_them_are_read(
    path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    def values_of(column: pa.Array) -> list[Any]:
        taken.append(column.nbytes)
        return list(column.to_pylist())

    monkeypatch.setattr(parquet_file, "values_of", values_of)
    monkeypatch.setattr(parquet_file, "SMALL_LETTERS", 100_000)
    texts = [f"{'the same words ' * 2_000}{number}" for number in range(90)]
    how = {"use_dictionary": False, "column_encoding": encoding, "compression": "none"}
    write(path, {"text": texts}, **how)
    assert [line.cells[0] for line in open_parquet(path, ["text"]).lines()] == texts
    assert max(taken) < 110_000
