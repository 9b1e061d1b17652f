"""What readers call wrong is kept, line by line, whoever else writes."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from pipeline.workspace import Workspace
from pipeline.wrong_tags import WrongTag, report_wrong_tag


def wrong(segment_id: str = "i1:0001", should_be: str | None = "support") -> WrongTag:
    return WrongTag(segment_id, "stage", "use", should_be, "r_0123456789ab")


def test_a_report_is_one_line_with_all_that_is_known(make_workspace: Callable[..., Path]) -> None:
    workspace = Workspace.open(make_workspace())
    path = report_wrong_tag(workspace, wrong())
    report_wrong_tag(workspace, wrong('a "b"\n', None))
    first, second = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    age = datetime.now(UTC) - datetime.fromisoformat(first.pop("reported_at"))
    assert path == workspace.folder / "wrong_tags.jsonl"
    assert 0 <= age.total_seconds() < 60
    assert first == {
        "segment_id": "i1:0001", "tag": "stage", "shown": "use", "should_be": "support",
        "run_id": "r_0123456789ab",
    }  # fmt: skip
    assert (second["segment_id"], second["should_be"]) == ('a "b"\n', None)


def test_readers_who_report_at_once_lose_no_line(make_workspace: Callable[..., Path]) -> None:
    workspace = Workspace.open(make_workspace())
    ids = [f"i{number}" for number in range(100)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: report_wrong_tag(workspace, wrong(one)), ids))
    lines = (workspace.folder / "wrong_tags.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["segment_id"] for line in lines) == sorted(ids)
