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
    assert caught.value.next_command == (
        f"iconv -f WINDOWS-1252 -t UTF-8 {path} > {tmp_path / 'export_utf8.csv'}"
    )
    assert caught.value.left_undone == "nothing of this file was read"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("id,text\n1,süß\n".encode("windows-1252"), "windows-1252"),
        ("id,text\n1,süß\n".encode(), "utf-8"),
        ("id,text\n1,süß\n".encode("utf-16"), "utf-16"),
    ],
)
def test_windows_1252_is_read_where_the_source_says_so_and_the_file_is_not_in_utf_8(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    assert detect_encoding(path, "windows-1252").name == expected


def test_what_is_not_in_the_declared_encoding_either_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"id,text\n1,\xfc\x81\n")
    with pytest.raises(SourceError, match=r"not in WINDOWS-1252: byte 11 cannot be read$"):
        detect_encoding(path, "windows-1252")


@pytest.mark.parametrize("name", ["UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"])
def test_wide_letters_without_a_mark_are_refused_by_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "an export.csv"
    path.write_bytes("id,text\n1,süß\n".encode(name))
    with pytest.raises(SourceError, match=f"is in {name}; UTF-8, or UTF-16 with") as caught:
        detect_encoding(path)
    assert caught.value.next_command == (
        f"iconv -f {name} -t UTF-8 '{path}' > '{tmp_path / 'an export_utf8.csv'}'"
    )


def test_utf_32_with_its_mark_is_not_taken_for_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("id,text\n".encode("utf-32"))
    with pytest.raises(SourceError, match="is in UTF-32LE"):
        detect_encoding(path)


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
        (b"BZh91AY", "a bzip2 archive"),
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


def test_a_folder_is_refused_with_what_reads_its_files(tmp_path: Path) -> None:
    (tmp_path / "my exports").mkdir()
    with pytest.raises(SourceError, match="my exports is a folder; a file was expected") as caught:
        detect_encoding(tmp_path / "my exports")
    assert caught.value.next_command == (
        f"for file in '{tmp_path}/my exports'/*.csv; do heartline ingest \"$file\"; done"
    )
