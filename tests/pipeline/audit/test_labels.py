from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.audit.desk import AuditDesk
from pipeline.audit.labels import Imported, import_sheets
from pipeline.audit.sample import Order
from pipeline.errors import SourceError
from pipeline.inputs import Inputs
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

Fill = Callable[..., Path]


@pytest.fixture
def sheets(workspace: Workspace) -> dict[str, Path]:
    with AuditDesk.open(workspace) as desk:
        written = desk.sample(Order(seed=7, coders=("anna", "ben"), n=60))[1]
    return {path.stem.split("-")[1]: path for path in written if path.suffix == ".csv"}


def take_over(workspace: Workspace, *paths: Path) -> Imported:
    with open_work(workspace) as connection:
        return import_sheets(connection, paths, Inputs(workspace, connection).journey)


def labels(workspace: Workspace) -> list[tuple[Any, ...]]:
    with open_work(workspace) as connection:
        return connection.execute("from audit_label order by all").fetchall()


def test_labels_are_taken_over_once_and_corrected_ones_take_their_place(
    workspace: Workspace, sheets: dict[str, Path], fill: Fill
) -> None:
    path = fill(sheets["anna"], lambda row: {"note": "ok"})
    first = take_over(workspace, path)
    n = first.new
    assert first == Imported(n, 0, 0, 0)
    assert n > 20
    assert take_over(workspace, path) == Imported(0, 0, n, 0)
    assert {row[1:] for row in labels(workspace)} == {("anna", "use", "neutral", 0.0, False, "ok")}
    fill(path, lambda row: {"valence": "-1.5", "pain": "Yes", "note": "ok"}, 3)
    assert take_over(workspace, path) == Imported(0, 3, n - 3, 0)
    assert len(labels(workspace)) == n
    assert sum(row[4:6] == (-1.5, True) for row in labels(workspace)) == 3


def test_what_is_not_read_yet_stays_open(workspace: Workspace, sheets: dict[str, Path], fill: Fill) -> None:
    found = take_over(workspace, fill(sheets["anna"], lambda row: {}, 5), sheets["ben"])
    assert (found.new, found.open > 30) == (5, True)
    assert found.words.startswith("5 new labels, 0 corrected, 0 as they were, ")


def test_every_bad_row_is_told_at_once_and_nothing_is_taken_over(
    workspace: Workspace, sheets: dict[str, Path], fill: Fill, read_sheet: Callable[[Path], Any]
) -> None:
    ids = [row["segment_id"] for row in read_sheet(sheets["anna"])]
    wrong: dict[str, dict[str, str]] = {
        ids[0]: {"segment_id": "i_0-001"},
        ids[1]: {"stage": "delight"},
        ids[2]: {"emotion": "hope", "valence": "3"},
        ids[3]: {"valence": "nan", "pain": "maybe"},
        ids[4]: {"passage": "Something else."},
        ids[5]: {"stage": ""},
        ids[6]: {"coder": "carl"},
        ids[8]: {"segment_id": ids[7]},
    }
    path = fill(sheets["anna"], lambda row: wrong.get(row["segment_id"], {}))
    with pytest.raises(SourceError) as error:
        take_over(workspace, path, fill(sheets["ben"], lambda row: {}))
    found = error.value.facts["faults"]
    emotions = "anger, sadness, frustration"
    assert isinstance(found, list)
    for fault, expected in zip(
        found,
        (
            "row 2: segment 'i_0-001' is in no draw",
            "row 3: stage is 'delight'; expected awareness, consideration, purchase",
            f"row 4: emotion is 'hope'; expected {emotions}",
            "row 4: valence is '3'; expected a number from -2 to 2",
            "row 5: valence is 'nan'; expected a number from -2 to 2",
            "row 5: pain is 'maybe'; expected yes or no",
            f"row 6: the text of segment '{ids[4]}' was changed",
            "row 7: stage is ''; expected awareness",
            f"row 8: segment '{ids[6]}' was not drawn for coder 'carl'",
            "row 10: ",
        ),
        strict=True,
    ):
        assert fault.startswith(f"{path.name} {expected}"), fault
    assert "no label was taken over" in error.value.left_undone
    assert "heartline audit import" in error.value.next_command
    assert labels(workspace) == []


def test_a_segment_that_stands_twice_is_told_with_both_places(
    workspace: Workspace, sheets: dict[str, Path], fill: Fill
) -> None:
    path = fill(sheets["anna"], lambda row: {})
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(
        SourceError, match=r"row \d+: segment .* of coder 'anna' stands twice, first at .* row 2"
    ):
        take_over(workspace, path)


def test_two_sheets_may_hold_a_segment_if_they_say_the_same(
    workspace: Workspace, sheets: dict[str, Path], fill: Fill, tmp_path: Path
) -> None:
    path, other = fill(sheets["anna"], lambda row: {}), tmp_path / "other.csv"
    shutil.copy(path, other)
    assert take_over(workspace, path, other).corrected == 0
    fill(other, lambda row: {"stage": "support"}, 1)
    with pytest.raises(SourceError, match=r"row 2: .* has other labels in another sheet"):
        take_over(workspace, path, other)


def test_a_sheet_as_a_spreadsheet_saves_it_is_read(
    workspace: Workspace, sheets: dict[str, Path], fill: Fill, read_sheet: Callable[[Path], Any]
) -> None:
    rows = read_sheet(fill(sheets["anna"], lambda row: {}))
    lines = [";".join(rows[0]), *(";".join(f'"{cell}"' for cell in row.values()) for row in rows), ";;;;;;;;"]
    sheets["anna"].write_text("\r\n".join(lines), encoding="utf-8-sig")
    assert take_over(workspace, sheets["anna"]).new == len(rows)


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "lacks the columns"), ("segment_id,coder\n", "lacks the columns passage"), ("\xff\xfe", "lacks")],
)
def test_what_is_no_sheet_is_refused(workspace: Workspace, tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=says):
        take_over(workspace, path)
    with pytest.raises(SourceError, match="cannot be read"):
        take_over(workspace, tmp_path / "missing.csv")


def test_a_sheet_without_labels_is_refused(workspace: Workspace, sheets: dict[str, Path]) -> None:
    with pytest.raises(SourceError, match="no row has labels"):
        take_over(workspace, sheets["anna"])
