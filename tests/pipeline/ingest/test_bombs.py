"""Small files that would grow without bound are refused in two seconds, in a process held to 512 MB."""

import gzip
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

LIMIT_MB = 512
SECONDS = 2.0

READ_IT = f"""
import resource, sys, time
from pathlib import Path
from pipeline.config import SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.bounded_json import UnfitJsonError, read_document
from pipeline.ingest.contract import Rejection
from pipeline.ingest.readers import read_rows

resource.setrlimit(resource.RLIMIT_DATA, ({LIMIT_MB} << 20, {LIMIT_MB} << 20))
path = Path(sys.argv[1])
facts = {{"id": "s", "kind": "survey", "files": [path.name], "columns": {{"text": "text"}}}}
source = SourceSettings.model_validate(facts)
started = time.process_time()
try:
    rows = read_document(path, "utf-8") if path.suffix == ".json" else list(read_rows(path, source))
    said = [row.value for row in rows if isinstance(row, Rejection)]
except (SourceError, UnfitJsonError) as error:
    said = [str(error)]
print(f"{{time.process_time() - started:.2f}}", *said, sep="\\n")
"""


def gzip_bomb(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for _ in range(100):
            stream.write(bytes(1 << 20))


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("a.csv", b"text\n" + bytes(100 << 20))


def line_without_end(path: Path) -> None:
    path.write_bytes(b"text\n" + b"x" * (100 << 20))


def open_quote(path: Path) -> None:
    path.write_bytes(b'text\n"' + b"x\n" * (50 << 20))


def header_without_end(path: Path) -> None:
    path.write_bytes(b"text," * (20 << 20))


def deep_lines(path: Path) -> None:
    path.write_bytes(b'{"text": "good"}\n{"text": ' + b"[" * 900_000 + b"\n")


def deep_document(path: Path) -> None:
    path.write_bytes(b'{"tickets": ' + b"[" * 900_000)


def document_of_empty_lists(path: Path) -> None:
    path.write_bytes(b'{"tickets": [' + b"[]," * (20 << 20) + b"[]]}")


BOMBS = [
    ("a.csv", gzip_bomb, "is a gzip archive"),
    ("b.csv", zip_bomb, "is a zip archive or an Excel workbook"),
    ("c.csv", line_without_end, "is longer than 8 MiB"),
    ("d.csv", open_quote, "is longer than 8 MiB"),
    ("e.csv", header_without_end, "has no header"),
    ("f.jsonl", deep_lines, "JSON nested more than 64 deep"),
    ("g.json", deep_document, "JSON nested more than 64 deep"),
    ("h.json", document_of_empty_lists, "JSON of more than 2,000,000 values"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "make", "says"), BOMBS, ids=[bomb[1].__name__ for bomb in BOMBS])
def test_a_bomb_is_refused_in_time_and_memory(
    name: str, make: Callable[[Path], None], says: str, tmp_path: Path
) -> None:
    make(tmp_path / name)
    read_it = [sys.executable, "-c", READ_IT, tmp_path / name]
    done = subprocess.run(read_it, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    seconds, said = done.stdout.split("\n", 1)
    print(f"{make.__name__}: {seconds} s within {LIMIT_MB} MB")
    assert says in said
    assert float(seconds) < SECONDS
