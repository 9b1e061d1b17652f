from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.ingest import encoding
from pipeline.ingest.encoding import Encoding, detect_encoding


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("id,text\n1,süß\n".encode(), Encoding("utf-8", has_nul=False)),
        ("id,text\n1,süß\n".encode("utf-8-sig"), Encoding("utf-8-sig", has_nul=False)),
        ("id,text\n1,süß\n".encode("utf-16"), Encoding("utf-16", has_nul=False)),
        (b"\xfe\xff" + "id,text\n".encode("utf-16-be"), Encoding("utf-16", has_nul=False)),
        (b"id,text\n1,a\0b\n", Encoding("utf-8", has_nul=True)),
    ],
)
def test_encoding_is_told_by_the_bytes(tmp_path: Path, content: bytes, expected: Encoding) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    assert detect_encoding(path) == expected


def test_latin_1_is_refused_with_the_byte_and_the_command(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("id,text\n1,süß\n".encode("latin-1"))
    with pytest.raises(SourceError, match=r"export\.csv is not in UTF-8: byte 11 cannot be read") as caught:
        detect_encoding(path)
    assert caught.value.facts["byte"] == 11
    assert caught.value.next_command == "iconv -f WINDOWS-1252 -t UTF-8 export.csv > export_utf8.csv"
    assert caught.value.left_undone == "nothing of this file was read"


def test_byte_position_counts_over_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "CHUNK_BYTES", 4)
    path = tmp_path / "export.csv"
    path.write_bytes("abcé".encode() + b"defgh\xff\n")
    with pytest.raises(SourceError) as caught:
        detect_encoding(path)
    assert caught.value.facts["byte"] == 10


def test_utf_16_cut_in_the_middle_of_a_letter_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("id,text\n".encode("utf-16")[:-1])
    with pytest.raises(SourceError, match="not in UTF-16"):
        detect_encoding(path)


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "a zip archive or an Excel workbook"),
        (b"\x1f\x8brest", "a gzip archive"),
        (b"%PDF-1.7", "a PDF"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, finding: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=finding):
        detect_encoding(path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone\.csv is not there"):
        detect_encoding(tmp_path / "gone.csv")
