"""Forty hostile or odd files, and for each exactly what becomes of its records or why it is refused."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ContractError, SourceError
from pipeline.ingest.load import Loader
from pipeline.ingest.outcomes import check_quarantine, read_quarantine

COLUMNS = {"record_id": "id", "written_at": "at", "updated_at": "changed", "text": "text", "rating": "stars"}
SETTINGS = {"columns": COLUMNS, "rating_scale": {"worst": 1, "best": 5}, "quarantine_limit": 1}
HEADER = "id,at,changed,text,stars\n"
JSON_ROW = '{"id": "r1", "at": "", "changed": "", "text": "Good", "stars": 5}\n'
GOOD = HEADER + "r1,2026-01-05,,Süß und gut.,5\nr2,2026-01-06,,Too slow.,1\n"


@dataclass(frozen=True)
class Odd:
    """One fixture.

    `counts` are accepted, duplicate, superseded and quarantined; `bad` has line, column and reason of each
    quarantined record; `refused` is in the error and `next_command` ends it, {path} standing for the file.
    """

    name: str
    files: Mapping[str, bytes]
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)
    bad: tuple[tuple[int, str, str], ...] = ()
    refused: str = ""
    next_command: str = ""
    texts: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    over_limit: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


def one(content: str | bytes) -> dict[str, bytes]:
    """A single file, a.csv."""
    return {"a.csv": content if isinstance(content, bytes) else content.encode()}


def rows(*lines: str) -> dict[str, bytes]:
    """A single file with the usual header."""
    return one(HEADER + "".join(f"{line}\n" for line in lines))


def zipped(content: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", content)
    return buffer.getvalue()


CONVERT = "iconv -f {name} -t UTF-8 {{path}} > {{folder}}/a_utf8.csv"
ASK = 'set date_format = "day_first" or date_format = "month_first" for the source in heartline.toml'
AGAIN = "export it again, or take it out of the files of its source in heartline.toml; then: heartline ingest"
BOTH_GOOD = ("Süß und gut.", "Too slow.")
AUTO = {"date_format": "auto"}
DATE, FUTURE = "impossible date", "date in the future"
UNREADABLE = "unreadable row"

FORTY = [
    # encodings
    Odd("UTF-8", one(GOOD), (2, 0, 0, 0), texts=BOTH_GOOD),
    Odd("UTF-8 with its mark", one(GOOD.encode("utf-8-sig")), (2, 0, 0, 0), texts=BOTH_GOOD),
    Odd("UTF-16 little-endian", one(GOOD.encode("utf-16")), (2, 0, 0, 0), texts=BOTH_GOOD),
    Odd("UTF-16 big-endian", one(b"\xfe\xff" + GOOD.encode("utf-16-be")), (2, 0, 0, 0), texts=BOTH_GOOD),
    Odd(
        "UTF-16 little-endian without a mark",
        one(GOOD.encode("utf-16-le")),
        refused="is in UTF-16LE; UTF-8, or UTF-16 with a byte order mark, was expected",
        next_command=CONVERT.format(name="UTF-16LE"),
    ),
    Odd(
        "UTF-16 big-endian without a mark",
        one(GOOD.encode("utf-16-be")),
        refused="is in UTF-16BE; UTF-8, or UTF-16 with a byte order mark, was expected",
        next_command=CONVERT.format(name="UTF-16BE"),
    ),
    Odd(
        "UTF-32",
        one(GOOD.encode("utf-32")),
        refused="is in UTF-32LE; UTF-8, or UTF-16 with a byte order mark, was expected",
        next_command=CONVERT.format(name="UTF-32LE"),
    ),
    Odd(
        "UTF-16 cut in the middle of a letter",
        one(GOOD.encode("utf-16")[:-1]),
        refused="is not in UTF-16: byte",
        next_command="file {path}",
    ),
    Odd(
        "Windows-1252",
        one(GOOD.encode("windows-1252")),
        refused="is not in UTF-8: byte 41 cannot be read",
        next_command=CONVERT.format(name="WINDOWS-1252"),
    ),
    Odd(
        "Windows-1252 as declared",
        one(GOOD.encode("windows-1252")),
        (2, 0, 0, 0),
        texts=BOTH_GOOD,
        settings={"encoding": "windows-1252"},
    ),
    # no text at all
    Odd(
        "a gzip bomb",
        one(gzip.compress(bytes(20_000_000))),
        refused="is a gzip archive; a text export was expected",
        next_command="gunzip -k {path}",
    ),
    Odd(
        "a zip bomb",
        one(zipped(bytes(20_000_000))),
        refused="is a zip archive or an Excel workbook; a text export was expected",
        next_command="unzip {path}",
    ),
    Odd("a PDF", one(b"%PDF-1.7\n"), refused="is a PDF; a text export was expected"),
    Odd("an empty file", one(b""), refused="is empty", next_command=AGAIN),
    # headers
    Odd("a header only", one(HEADER)),
    Odd(
        "numbers where names should be",
        one("1,2026-01-05,,My name is Ada.,5\n"),
        refused="has no header: cell 1 of its first line is 1, where column names were expected",
        next_command="write the names of its columns into the first line of {path}",
    ),
    Odd(
        "a mapped name twice",
        one(HEADER.replace("at", "text", 1) + "r1,a,,b,5\n"),
        refused="has the column 'text' 2 times, as columns 2 and 4",
        next_command="give each its own name, where the table is exported or in its header; then the same "
        "command",
    ),
    Odd(
        "another name twice",
        one("id,at,changed,text,stars,x,x\nr1,,,Good.,5,1,2\n"),
        (1, 0, 0, 0),
    ),
    Odd(
        "a mapped column gone",
        one(GOOD.replace("text", "texts", 1)),
        refused="has no column 'text' (did you mean 'texts'?)",
        next_command="edit the source's columns in heartline.toml, then: heartline ingest",
    ),
    Odd(
        "a column that is new in the second file",
        {"a.csv": GOOD.encode(), "b.csv": b"id,at,changed,text,stars,mood\nr3,,,Fine.,4,1\n"},
        (3, 0, 0, 0),
        notes=("1 column that no file of this source had before, not read unless mapped: 'mood'",),
    ),
    Odd(
        "the same records with columns in another order",
        {
            "a.csv": GOOD.encode(),
            "b.csv": "stars,text,id,changed,at\n5,Süß und gut.,r1,,2026-01-05\n".encode(),
        },
        (2, 1, 0, 0),
    ),
    Odd("a delimiter at every end", one("id,at,changed,text,stars,\nr1,,,Good.,5,\n"), (1, 0, 0, 0)),
    # records
    Odd(
        "a delimiter at the rows' ends only",
        rows("r1,,,Good.,5,", "r2,,,Bad.,1"),
        (1, 0, 0, 1),
        bad=((2, "", UNREADABLE),),
    ),
    Odd(
        "ragged rows",
        rows("r1,,,Good, but slow.,5", "r2", "r3,,,Bad.,1"),
        (1, 0, 0, 2),
        bad=((2, "", UNREADABLE), (3, "", UNREADABLE)),
    ),
    Odd(
        "line ends of three kinds",
        one(HEADER.replace("\n", "\r\n") + "r1,,,A.,5\rr2,,,B.,5\nr3,,,C.,x\r\nr4,,,D.,5"),
        (3, 0, 0, 1),
        bad=((4, "stars", "not a number"),),
    ),
    Odd(
        "blank lines, also with delimiters",
        rows("", "r1,,,Good.,5", "", ",,,,", " ,,", "r2,,,Bad.,6", ",,,,", ",,,,"),
        (1, 0, 0, 1),
        ((7, "stars", "number out of scale"),),
    ),
    Odd("a NUL", rows("r1,,,Go\0od.,5", "r2,,,Bad.,1"), (1, 0, 0, 1), bad=((2, "", UNREADABLE),)),
    Odd(
        "a quote that is never closed",
        rows("r1,,,Good.,5", 'r2,,,"Bad.,1', "r3,,,Lost.,1"),
        refused="a quote that opens in the record on line 3 is not closed as CSV wants it",
        next_command="sed -n '3p' {path} | head -c 300",
    ),
    Odd(
        "a quote that closes in the middle of a cell",
        rows('r1,,,"Good" but slow.,5', "r2,,,Bad.,1"),
        (1, 0, 0, 1),
        bad=((2, "", UNREADABLE),),
    ),
    Odd(
        "a text over three lines before a bad row",
        rows('r1,,,"One\ntwo\r\nthree.",5', "r2,2026-02-30,,Bad.,1"),
        (1, 0, 0, 1),
        bad=((5, "at", DATE),),
        texts=("One\ntwo\nthree.",),
    ),
    Odd(
        "a cell of 5 MB",
        rows(f"r1,,,{'x' * 5_000_000},5", "r2,,,Bad.,1"),
        (1, 0, 0, 1),
        bad=((2, "text", "text too long"),),
    ),
    Odd(
        "a line of 9 MB",
        rows("r1,,,Good.,5", f"r2,,,{'x' * 9_000_000},5"),
        refused="a line or cell of the record on line 3 is longer than 8 MiB",
        next_command="sed -n '3p' {path} | head -c 300",
    ),
    Odd(
        "semicolons",
        one(GOOD.replace(",", ";").replace("gut", "gut, ja")),
        (2, 0, 0, 0),
        texts=("Süß und gut, ja.", "Too slow."),
    ),
    Odd(
        "letters that turn, hide and combine",
        rows("r1,,,\u202egood\u202c \u200bz\u0335 👩‍👩‍👧 \x1b[31mred.,5"),
        (1, 0, 0, 0),
        texts=("\u202egood\u202c \u200bz\u0335 👩‍👩‍👧 \x1b[31mred.",),
    ),
    Odd(
        "JSON nested 65 deep",
        {"a.jsonl": JSON_ROW.encode() + b'{"id": ' + b"[" * 65 + b"]" * 65 + b"}\n"},
        (1, 0, 0, 1),
        bad=((2, "", UNREADABLE),),
    ),
    Odd(
        "JSON with half an emoji",
        {"a.jsonl": JSON_ROW.replace("Good", "Good \\ud83d").encode()},
        (0, 0, 0, 1),
        bad=((1, "text", UNREADABLE),),
    ),
    # values
    Odd(
        "a rating that became a text",
        rows("r1,,,Good.,five", "r2,,,Bad.,one", "r3,,,Fine.,4"),
        (1, 0, 0, 2),
        bad=((2, "stars", "not a number"), (3, "stars", "not a number")),
        over_limit="source survey: 2 of 3 records are quarantined (66.7%; its limit is 2.0%)",
        settings={"quarantine_limit": 0.02},
    ),
    Odd(
        "no id",
        rows(",,,Good.,5", " ,,,Bad.,1"),
        (0, 0, 0, 2),
        ((2, "id", "missing record id"), (3, "id", "missing record id")),
    ),
    Odd("a date in the future", rows("r1,2999-01-01,,Good.,5"), (0, 0, 0, 1), bad=((2, "at", FUTURE),)),
    Odd(
        "dates that are none",
        rows("r1,2026-02-30,,A.,", "r2,1970-01-01,,B.,", "r3,45123,,C.,", "r4,2026-01-05,soon,D.,"),
        (0, 0, 0, 4),
        bad=((2, "at", DATE), (3, "at", DATE), (4, "at", DATE), (5, "changed", DATE)),
    ),
    Odd(
        "an hour that the clocks skipped, and one that came twice",
        rows("r1,2026-03-29 01:30,,Good.,", "r2,2025-10-26 01:30,,Bad.,"),
        (1, 0, 0, 1),
        bad=((2, "at", DATE),),
        settings={"time_zone": "Europe/London"},
    ),
    Odd(
        "milliseconds read as seconds",
        rows("r1,1775474004000,,Good.,", "r2,1775474004,,Bad.,"),
        (1, 0, 0, 1),
        bad=((2, "at", DATE),),
        settings={"date_format": "epoch_s"},
    ),
    Odd(
        "seconds read as milliseconds",
        rows("r1,1775474004000,,Good.,", "r2,1775474004,,Bad.,"),
        (1, 0, 0, 1),
        bad=((3, "at", DATE),),
        settings={"date_format": "epoch_ms"},
    ),
    Odd(
        "the month first, as one date shows",
        rows("r1,04/06/2026,,Good.,", "r2,04/13/2026,,Bad.,"),
        (2, 0, 0, 0),
        notes=("months come first (line 3, '04/13/2026' in 'at')",),
        settings=AUTO,
    ),
    Odd(
        "the day first and the month first",
        rows("r1,13/04/2026,,Good.,", "r2,04/13/2026,,Bad.,"),
        refused="first (line 2, '13/04/2026' in 'at') and dates with the month first (line 3, '04/13/2026'",
        next_command=f"{ASK}, then: heartline ingest",
        settings=AUTO,
    ),
    Odd(
        "dates that do not tell",
        rows("r1,04/06/2026,,Good.,", "r2,05/06/2026,,Bad.,"),
        refused="does not tell whether days or months come first: no number over 12 stands in line 2, '04/06",
        next_command=f"{ASK}, then: heartline ingest",
        settings=AUTO,
    ),
    # versions
    Odd("the same record twice", rows("r1,,,Good.,5", "r1,,,Good.,5"), (1, 1, 0, 0), texts=("Good.",)),
    Odd(
        "a correction, then the old version again",
        rows("r1,,2026-01-01,Old.,5", "r1,,2026-01-02,New.,5", "r1,,2026-01-01,Old.,5", "r1,,,Undated.,5"),
        (1, 1, 2, 0),
        texts=("New.",),
    ),
    Odd("the same bytes under two names", {"a.csv": GOOD.encode(), "b.csv": GOOD.encode()}, (2, 0, 0, 0)),
]


@pytest.fixture
def loader_of(make_workspace: Callable[..., Path], loading: Any) -> Callable[[Odd], Any]:
    """Opens a fixture's workspace on a work file in memory."""

    def open_loader(odd: Odd) -> Any:
        folder = make_workspace({"files": dict.fromkeys(odd.files, ""), **SETTINGS, **odd.settings})
        for name, content in odd.files.items():
            (folder / name).write_bytes(content)
        return loading(folder, in_memory=True)

    return open_loader


def counts(loader: Loader) -> tuple[int, ...]:
    found = dict(
        loader.connection.execute("select outcome, count(*) from record_outcome group by 1").fetchall()
    )
    return tuple(found.get(outcome, 0) for outcome in ("accepted", "duplicate", "superseded", "quarantined"))


@pytest.mark.parametrize("odd", [odd for odd in FORTY if odd.refused], ids=lambda odd: odd.name)
def test_a_file_that_cannot_be_read_is_refused_and_leaves_nothing(odd: Odd, loader_of: Any) -> None:
    with loader_of(odd) as loader:
        with pytest.raises(SourceError) as caught:
            loader.load_all()
        folder = loader.workspace.folder
        assert odd.refused in caught.value.message
        assert caught.value.message.startswith(str(folder / "a.csv"))
        assert caught.value.next_command.startswith(
            odd.next_command.format(path=folder / "a.csv", folder=folder)
        )
        assert caught.value.left_undone.startswith("nothing of this file was")
        assert (caught.value.exit_code, counts(loader)) == (3, (0, 0, 0, 0))
        assert loader.connection.execute("select count(*) from load").fetchone() == (0,)


@pytest.mark.parametrize("odd", [odd for odd in FORTY if not odd.refused], ids=lambda odd: odd.name)
def test_every_record_of_a_file_that_can_be_read_is_accounted_for(odd: Odd, loader_of: Any) -> None:
    with loader_of(odd) as loader:
        loads = loader.load_all()
        assert counts(loader) == odd.counts
        bad = read_quarantine(loader.connection)
        assert [(row["row"], row["column"], row["reason"]) for row in bad] == list(odd.bad)
        assert tuple(note for load in loads for note in load.notes) == odd.notes
        if odd.texts is not None:
            stored = loader.connection.execute("select text from item order by record_id").fetchall()
            assert tuple(text for (text,) in stored) == odd.texts
        _check_limit(odd, loader)


def _check_limit(odd: Odd, loader: Loader) -> None:
    if not odd.over_limit:
        return check_quarantine(loader.connection, loader.workspace)
    with pytest.raises(ContractError) as caught:
        check_quarantine(loader.connection, loader.workspace)
    assert caught.value.message.splitlines()[0] == odd.over_limit
    assert caught.value.exit_code == 3
    return None


def test_there_are_forty_of_them() -> None:
    print(f"{len(FORTY)} hostile or odd files, each with its exact outcome")
    assert len({odd.name for odd in FORTY}) == len(FORTY) >= 40
