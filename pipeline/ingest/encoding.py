"""Which encoding a file is in, decided by its bytes before the first row is read."""

from __future__ import annotations

import codecs
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SourceError

CHUNK_BYTES = 1 << 20
HEAD_BYTES = 16

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ARCHIVES = (  # never unpacked here: what a few bytes unpack to has no bound
    (b"\x1f\x8b", "a gzip archive", "gunzip -k"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "unzip"),
    (b"BZh", "a bzip2 archive", "bunzip2 -k"),
    (b"\xfd7zXZ", "an xz archive", "unxz -k"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "unzstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "7z x"),
)
_NO_TEXT = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
)
_WIDE = (  # two or four bytes a letter, told by where the NULs of plain letters lie
    ("UTF-32LE", re.compile(rb"(?:\xff\xfe\0\0)?[^\0]\0\0\0[^\0]\0\0\0", re.DOTALL)),
    ("UTF-32BE", re.compile(rb"(?:\0\0\xfe\xff)?\0\0\0[^\0]\0\0\0[^\0]", re.DOTALL)),
    ("UTF-16LE", re.compile(rb"(?:[^\0]\0){4}", re.DOTALL)),
    ("UTF-16BE", re.compile(rb"(?:\0[^\0]){4}", re.DOTALL)),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to open a file as text, and whether a NUL stands in it."""

    name: str
    has_nul: bool


def detect_encoding(path: Path, otherwise: str | None = None) -> Encoding:
    """Detect a file's encoding: UTF-16 with its byte order mark, otherwise UTF-8, checked to the last byte.

    Latin-1 and Windows-1252 are never guessed: any bytes are valid in them, so a wrong guess would
    change customers' words in silence.

    Parameters
    ----------
    path
        The file.
    otherwise
        What a file is in that is not in UTF-8, where its source says so.

    Raises
    ------
    SourceError
        The file is missing, empty, no text, or not in UTF-8 or UTF-16 nor in what its source says.
    """
    head = _head(path)
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if head.startswith(mark)), None)
    try:
        return Encoding(marked or "utf-8", _check_to_the_end(path, marked or "utf-8"))
    except SourceError:
        if marked or otherwise is None:
            raise
        return Encoding(otherwise, _check_to_the_end(path, otherwise))


def check_there(path: Path) -> None:
    """Raise `SourceError` where there is no file, or one with nothing in it."""
    if path.is_dir():
        raise _refused(
            path,
            "is a folder; a file was expected",
            next_command=f'for file in {quoted(path)}/*.csv; do heartline ingest "$file"; done',
        )
    if not path.is_file():
        raise _refused(path, "is not there", next_command=f"ls {quoted(path.parent)}")
    if not path.stat().st_size:
        raise _refused(
            path,
            "is empty",
            next_command=(
                "export it again, or take it out of the files of its source in heartline.toml; then: "
                "heartline ingest"
            ),
        )


def _head(path: Path) -> bytes:
    """Give the first bytes of a file that may be text."""
    check_there(path)
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    for magic, what, unpack in _ARCHIVES:
        if head.startswith(magic):
            raise _refused(
                path,
                f"is {what}; a text export was expected: unpack it, or export it as CSV or JSON",
                next_command=f"{unpack} {quoted(path)}",
            )
    for magic, what in _NO_TEXT:
        if head.startswith(magic):
            raise _refused(path, f"is {what}; a text export was expected: export it as CSV or JSON")
    for name, pattern in _WIDE:
        if pattern.match(head):
            raise _refused(
                path,
                f"is in {name}; UTF-8, or UTF-16 with a byte order mark, was expected",
                next_command=_convert(path, name),
            )
    return head


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
    expected = "UTF-8" if name == "utf-8-sig" else name.upper()
    hint = (
        "; UTF-8, or UTF-16 with a byte order mark, was expected. Files saved on Windows are often in "
        'Windows-1252: convert such a file, or set encoding = "windows-1252" for its source'
    )
    return _refused(
        path,
        f"is not in {expected}: byte {position} cannot be read{hint if expected == 'UTF-8' else ''}",
        next_command=_convert(path, "WINDOWS-1252") if expected == "UTF-8" else f"file {quoted(path)}",
        byte=position,
    )


def _convert(path: Path, name: str) -> str:
    """Command that writes the same text in UTF-8."""
    converted = path.with_name(f"{path.stem}_utf8{path.suffix}")
    return f"iconv -f {name} -t UTF-8 {quoted(path)} > {quoted(converted)}"


def quoted(path: Path) -> str:
    """Path as one word of a shell's command."""
    return shlex.quote(str(path))


def line_shown(path: Path, line: int) -> str:
    """Command that shows how a line begins."""
    return f"sed -n '{line}p' {quoted(path)} | head -c 300"


def _refused(path: Path, finding: str, *, next_command: str = "", **facts: object) -> SourceError:
    return SourceError(
        f"{path} {finding}",
        left_undone="nothing of this file was read",
        next_command=next_command,
        file=str(path),
        **facts,
    )
