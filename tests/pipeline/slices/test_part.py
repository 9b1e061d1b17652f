"""What the command line asks for, as a part."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.errors import ConfigError
from pipeline.slices.part import Part, read_part


def test_a_week_and_segments_are_read() -> None:
    part = read_part("2022-W36", ["region=North", "plan = a=b ", "region=North"])
    assert part == Part(date(2022, 9, 5), (("region", "North"), ("plan", "a=b")))
    assert part.file_suffix == " region=North plan=a=b"
    assert read_part(None, []) == Part()


@pytest.mark.parametrize("week", ["W36", "2022-36", "2022-W54", "2022-W00", "2022-w36"])
def test_what_is_no_week_is_refused(week: str) -> None:
    with pytest.raises(ConfigError, match="expected an ISO week, such as 2022-W36"):
        read_part(week, [])


@pytest.mark.parametrize("segment", ["region", "=North", "region="])
def test_what_is_no_segment_is_refused(segment: str) -> None:
    with pytest.raises(ConfigError, match="expected key=value"):
        read_part(None, [segment])


def test_names_of_files_stay_in_their_folder_and_apart() -> None:
    suffixes = {
        Part(values=(("a", value),)).file_suffix
        for value in ("../x", "..\\x", "x" * 300, "y\n", "y\r", "\u202ey")
    }
    assert len(suffixes) == 6
    assert all(len(suffix) < 140 and not set(suffix) & set("/\\\n\r\u202e") for suffix in suffixes)
