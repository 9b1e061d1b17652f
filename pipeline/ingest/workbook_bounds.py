"""What an Excel workbook may hold, looked at before anything is made of it.

A workbook is a zip archive of XML: a small one can unpack to what fills the memory.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree
from xml.parsers import expat

from pipeline.ingest.bounds import FIELD_LIMIT, RATIO_LIMIT, SMALL_BYTES

TOTAL_LIMIT = 1 << 30  # bytes of all parts, unpacked
STRINGS_LIMIT = 256 << 20  # bytes of the shared texts, which are held in memory
PART_LIMIT = 16 << 20  # bytes of any part that is read as a whole
RECORDS_LIMIT = 1 << 21  # rows of a sheet, or shared texts
ELEMENTS_LIMIT = 100_000  # of one row or text; a row of Excel has at most 16,384 cells

_CHUNK_BYTES = 1 << 16
_SHEETS, _STRINGS = "xl/worksheets/", "xl/sharedStrings.xml"
_STREAMED_TYPES = (".worksheet+xml", ".sharedStrings+xml")


DAMAGED = (  # what Python says of an archive or of XML that is none
    *(zipfile.BadZipFile, zlib.error, ElementTree.ParseError),
    *(KeyError, OSError, EOFError, RuntimeError, ValueError),  # RuntimeError: encrypted; ValueError: a name
)


class UnfitWorkbookError(ValueError):
    """A workbook that is none, is damaged, or holds more than may be read. Says what was found."""


def is_workbook(path: Path) -> bool:
    """Whether a file is a zip archive with a workbook in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, RuntimeError, ValueError):  # a directory that only looks like one
        return False


def check_workbook(path: Path) -> None:
    """Look at the archive's directory, then through its parts without keeping them.

    The directory's sizes can be relied on: no more than they say is ever unpacked.

    Raises
    ------
    UnfitWorkbookError
        The workbook is damaged or goes over a bound.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(parts, _content_types(archive))
            for part in parts:
                with archive.open(part) as stream:
                    _Scan(part.filename).run(stream)
    except UnfitWorkbookError:
        raise
    except DAMAGED as error:
        raise UnfitWorkbookError("is no Excel workbook, or a damaged one") from error


def _content_types(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """What each part is declared as."""
    listing = archive.getinfo("[Content_Types].xml")
    if listing.file_size > SMALL_BYTES:
        raise UnfitWorkbookError("lists more parts than a workbook has")
    overrides = ElementTree.fromstring(archive.read(listing))  # noqa: S314 expat bounds what entities make
    listed = overrides.iterfind("{*}Override")
    return {one.attrib["PartName"].lstrip("/"): one.attrib["ContentType"] for one in listed}


def _check_sizes(parts: list[zipfile.ZipInfo], types: Mapping[str, str]) -> None:
    total = sum(part.file_size for part in parts)
    if total > TOTAL_LIMIT:
        raise UnfitWorkbookError(f"unpacks to {total:,} bytes, more than {TOTAL_LIMIT >> 20:,} MiB")
    for part in parts:
        packed, unpacked, name = part.compress_size, part.file_size, part.filename
        if unpacked > max(SMALL_BYTES, RATIO_LIMIT * packed):
            raise UnfitWorkbookError(f"unpacks {packed:,} bytes to {unpacked:,} in its part {name!r}")
        is_streamed = name.startswith(_SHEETS) or name == _STRINGS
        if unpacked > PART_LIMIT and not (is_streamed and types.get(name, "").endswith(_STREAMED_TYPES)):
            raise UnfitWorkbookError(f"has {unpacked:,} bytes in its part {name!r}, which is no sheet")
        if unpacked > STRINGS_LIMIT and name == _STRINGS:
            raise UnfitWorkbookError(f"has texts of more than {STRINGS_LIMIT >> 20} MiB")


class _Scan:
    """Counts the elements of one part as they pass. A part that is no XML is passed over."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.n_records = 0
        self.n_elements = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._document_type

    def run(self, stream: IO[bytes]) -> None:
        """Read the part to its end or to its first error."""
        n_plain = 0
        try:
            while chunk := stream.read(_CHUNK_BYTES):
                n_plain = 0 if b"<" in chunk else n_plain + len(chunk)
                if n_plain > FIELD_LIMIT:
                    raise UnfitWorkbookError(
                        f"has a text of more than {FIELD_LIMIT >> 20} MiB in {self.name!r}"
                    )
                self.parser.Parse(chunk)
        except expat.ExpatError:
            return

    def _element(self, name: str, attributes: dict[str, Any]) -> None:
        self.n_elements += 1
        local = name.rpartition(":")[2]
        if local in {"row", "si"}:
            self.n_records += 1
            self.n_elements = 0
        elif local == "c" and attributes.get("r", "")[3:4].isalpha():
            raise UnfitWorkbookError(f"has a cell beyond the last column of Excel in {self.name!r}")
        if self.n_records > RECORDS_LIMIT or self.n_elements > ELEMENTS_LIMIT:
            raise UnfitWorkbookError(f"has more rows, cells or texts than Excel allows in {self.name!r}")

    def _document_type(self, *_: object) -> None:
        raise UnfitWorkbookError(f"declares entities in {self.name!r}, as no workbook does")
