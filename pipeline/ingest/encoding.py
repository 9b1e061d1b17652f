"""Which encoding a file is in, decided by its bytes before the first row is read."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SourceError

CHUNK_BYTES = 1 << 20

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to open a file as text, and whether a NUL stands in it."""

    name: str
    has_nul: bool


def detect_encoding(path: Path) -> Encoding:
    """Detect a file's encoding: UTF-16 with its byte order mark, otherwise UTF-8, checked to the last byte.

    Latin-1 and Windows-1252 are never guessed: any bytes are valid in them, so a wrong guess would
    change customers' words in silence.

    Raises
    ------
    SourceError
        The file is missing, empty, no text, or not in UTF-8 or UTF-16.
    """
    if not path.is_file():
        raise _refused(path, "is not there", next_command=f"ls {path.parent}")
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise _refused(path, "is empty", next_command="heartline ingest")
    for magic, what in _NO_TEXT:
        if head.startswith(magic):
            raise _refused(path, f"is {what}; a text export was expected: export it as CSV or JSON")
    name = next((name for mark, name in _BYTE_ORDER_MARKS if head.startswith(mark)), "utf-8")
    return Encoding(name, _check_to_the_end(path, name))


def _check_to_the_end(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)(errors="strict")
    has_nul = False
    offset = 0
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK_BYTES)
            try:
                has_nul = "\0" in decoder.decode(chunk, final=not chunk) or has_nul
            except UnicodeDecodeError as error:
                position = offset - (len(error.object) - len(chunk)) + error.start
                raise _undecodable(path, name, position) from error
            if not chunk:
                return has_nul
            offset += len(chunk)


def _undecodable(path: Path, name: str, position: int) -> SourceError:
    expected = "UTF-16" if name == "utf-16" else "UTF-8"
    return _refused(
        path,
        f"is not in {expected}: byte {position} cannot be read; UTF-8 or UTF-16 with a byte order mark was "
        "expected (files saved on Windows are often in Windows-1252)",
        next_command=f"iconv -f WINDOWS-1252 -t UTF-8 {path.name} > {path.stem}_utf8{path.suffix}",
        byte=position,
    )


def _refused(path: Path, finding: str, *, next_command: str = "", **facts: object) -> SourceError:
    return SourceError(
        f"{path} {finding}",
        left_undone="nothing of this file was read",
        next_command=next_command,
        file=str(path),
        **facts,
    )
