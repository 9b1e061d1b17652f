"""Whether a file holds any of the needles: byte by byte, and where it packs its content, unpacked too.

Needles are looked for as UTF-8 and as UTF-16, in which spreadsheets save text.
"""

from __future__ import annotations

import zipfile
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.erase.needles import Needles
from pipeline.store.dictionary import quoted
from pipeline.store.faults import faults_told
from pipeline.store.work import beside

BYTES_AT_ONCE = 16 * 2**20
ROWS_AT_ONCE = 10_000
UTF_16 = ("utf-16-le", "utf-16-be")
PACKED_BY_ZIP = (".xlsx", ".pptx")


def n_found(path: Path, needles: Needles, *, unpacked: bool = True) -> int:
    """How many of the needles a file holds.

    Raises
    ------
    StoreDamaged
        A DuckDB file cannot be unpacked.
    """
    found = needles.found(_overlapping(_bytes_of(path), needles.longest))
    if path.suffix != ".duckdb":
        for encoding in UTF_16:
            found |= needles.found(_overlapping(_as_utf_8(_bytes_of(path), encoding), needles.longest))
    if not unpacked:
        return len(found)
    if path.suffix == ".duckdb":
        found |= needles.found(_cells_of(path))
    elif path.suffix in PACKED_BY_ZIP and zipfile.is_zipfile(path):  # a lock file of Excel is none
        with zipfile.ZipFile(path) as parts:
            found |= needles.found(parts.read(name) for name in parts.namelist())
    return len(found)


def _bytes_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(BYTES_AT_ONCE):
            yield chunk


def _as_utf_8(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = getincrementaldecoder(encoding)("surrogatepass")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "surrogatepass")


def _overlapping(chunks: Iterable[bytes], overlap: int) -> Iterator[bytes]:
    """Each chunk after the end of what came before it, so that what lies on both is seen."""
    window = b""
    for chunk in chunks:
        window = (window[-overlap:] if overlap else b"") + chunk
        yield window


def _cells_of(path: Path) -> Iterator[bytes]:
    """All cells of all tables that hold text, since DuckDB packs it."""
    with faults_told(path, f"move {path} away, then the same command"), beside(path.parent) as connection:
        connection.execute(f"attach {quoted(str(path))} as searched (read_only)")
        columns = connection.execute(
            """
            select table_name, list(column_name order by column_index)
            from duckdb_columns()
            where database_name = 'searched' and not internal and data_type ilike '%varchar%'
                and table_name in (select table_name from duckdb_tables() where database_name = 'searched')
            group by table_name
            """
        ).fetchall()
        for table, names in columns:
            cells = ", ".join(f'"{name}"::varchar' for name in names)
            cursor = connection.execute(f'select concat_ws(chr(10), {cells}) from searched.main."{table}"')
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield "\n".join(text or "" for (text,) in rows).encode("utf-8", "surrogatepass")
