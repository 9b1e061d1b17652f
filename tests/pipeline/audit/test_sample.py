from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.audit.desk import AuditDesk
from pipeline.audit.sample import Order
from pipeline.errors import StoreMissing
from pipeline.workspace import Workspace

ORDER = Order(seed=7, coders=("anna", "ben"), n=60)
Rows = list[dict[str, str]]


def draw(workspace: Workspace, order: Order = ORDER) -> list[Path]:
    with AuditDesk.open(workspace) as desk:
        return desk.sample(order)[1]


def ids(sheets: list[Path], read_sheet: Callable[[Path], Rows]) -> dict[str, list[str]]:
    return {
        path.stem.split("-")[1]: [row["segment_id"] for row in read_sheet(path)]
        for path in sheets
        if path.suffix == ".csv"
    }


def test_a_fifth_is_for_both_coders_and_the_rest_for_one(
    workspace: Workspace, read_sheet: Callable[[Path], Rows]
) -> None:
    found = ids(draw(workspace), read_sheet)
    both, every = set(found["anna"]) & set(found["ben"]), set(found["anna"]) | set(found["ben"])
    assert len(both) == pytest.approx(len(every) / 5, abs=1)
    assert abs(len(found["anna"]) - len(found["ben"])) <= 3


def test_the_draw_is_of_the_last_eight_weeks_with_fillers_and_is_kept(
    workspace: Workspace, work_rows: Callable[[Path, str], list[tuple[object, ...]]]
) -> None:
    draw(workspace)
    rows = work_rows(
        workspace.folder,
        """
        select draw.first_week, draw.last_week, sum(n_frame), sum(n_drawn), count(*) filter (where is_filler)
        from audit_draw as draw group by all
        """,
    )
    assert rows == [(date(2026, 1, 19), date(2026, 3, 9), 192, rows[0][3], 2)]
    drawn = work_rows(
        workspace.folder, "select count(*), count(*) filter (where is_filler) from audit_draw_segment"
    )
    assert drawn[0][0] == rows[0][3]
    assert drawn[0][1] >= 4  # type: ignore[operator]


def test_the_same_order_changes_nothing_and_another_seed_is_another_draw(
    workspace: Workspace, read_sheet: Callable[[Path], Rows]
) -> None:
    sheets = draw(workspace)
    before = {path: path.read_bytes() for path in sheets}
    with AuditDesk.open(workspace) as desk:
        again, written = desk.sample(ORDER)
    assert (again.is_new, written) == (False, [])
    assert {path: path.read_bytes() for path in sheets} == before
    sheets[0].unlink()
    assert draw(workspace) == [sheets[0]]
    assert sheets[0].read_bytes() == before[sheets[0]]
    other = draw(workspace, Order(seed=8, coders=("anna", "ben"), n=60))
    assert ids(other, read_sheet) != ids(sheets, read_sheet)


def test_the_model_s_labels_are_in_no_sheet_or_form(
    workspace: Workspace, read_sheet: Callable[[Path], Rows]
) -> None:
    for path in draw(workspace):
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".csv":
            for row in read_sheet(path):
                assert [row[name] for name in ("stage", "emotion", "valence", "pain", "note")] == [""] * 5
                assert row["sentence"].lstrip("'") in row["passage"]
        else:
            data = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)
            assert data is not None
            assert not re.search("stage_id|probab|emotion_id|is_pain|frustration", data[1])


def test_what_a_spreadsheet_would_compute_is_made_text(
    workspace: Workspace, read_sheet: Callable[[Path], Rows]
) -> None:
    passages = {
        row["passage"] for path in draw(workspace) if path.suffix == ".csv" for row in read_sheet(path)
    }
    assert any(passage.startswith("'=1+1 The price") for passage in passages)
    assert not any(passage.startswith(("=", "+", "-", "@")) for passage in passages)


def test_passages_are_drawn_as_often_as_their_chance_says(workspace: Workspace) -> None:
    seen: dict[str, int] = {}
    with AuditDesk.open(workspace) as desk:
        for seed in range(40):
            order = Order(seed=seed, coders=("one",), n=60)
            for segment in desk.sample(order)[0].segments:
                seen[segment["item_id"]] = seen.get(segment["item_id"], 0) + 1
        chances = desk.connection.execute(
            """
            select item_id, least(1, draw.chance * count(*))
            from published.main.fct_segment
            inner join audit_draw as draw using (stage_id, source_id)
            where not is_filler and draw_id = (select min(draw_id) from audit_draw)
                and week_start between first_week and draw.last_week
            group by item_id, passage_start, draw.chance
            """
        ).fetchall()
    misses = [abs(seen.get(item, 0) / 40 - chance) for item, chance in chances]
    assert sum(misses) / len(misses) < 0.08
    assert max(misses) < 0.35


def test_weeks_all_draws_from_everything(
    workspace: Workspace, work_rows: Callable[[Path, str], list[tuple[object, ...]]]
) -> None:
    draw(workspace, Order(seed=7, coders=("one",), weeks=None, n=60))
    query = "select distinct first_week, last_week, sum(n_frame) over () from audit_draw"
    assert work_rows(workspace.folder, query) == [(None, date(2026, 3, 9), 240)]


def test_nothing_is_drawn_before_anything_is_published(make_workspace: Callable[..., Path]) -> None:
    empty = Workspace.open(make_workspace({"files": {"a.csv": "id,text\n1,Fine.\n"}}))
    with pytest.raises(StoreMissing, match="nothing to draw from"), AuditDesk.open(empty):
        pass
