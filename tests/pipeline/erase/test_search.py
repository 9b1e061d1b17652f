"""Words are found in a file however it encodes them, and wherever they lie in it."""

from pathlib import Path

import pytest

from pipeline.erase import search
from pipeline.erase.needles import Needles
from pipeline.erase.search import n_found

RUN = "Zoë waited all day for the engineer"
SHEET = f"segment_id,text\ns-1,{RUN} \U0001f600\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("bytes_at_once", [31, 2**20])
def test_words_are_found_in_every_encoding_a_spreadsheet_saves(
    encoding: str, bytes_at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BYTES_AT_ONCE", bytes_at_once)
    path = tmp_path / "sheet.csv"
    path.write_bytes(SHEET.encode(encoding))
    assert n_found(path, Needles([RUN, "The invoice was charged two times"])) == 1


@pytest.mark.parametrize("content", [b"", b"\xff", b"\xff\xfe\x00\xd8", bytes(range(256)) * 3])
def test_a_file_that_is_no_text_holds_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(content)
    assert n_found(path, Needles([RUN])) == 0
