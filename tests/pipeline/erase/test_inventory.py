"""What may hold customers' words is written down, and the page that tells of it is the same list."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.erase.inventory import INVENTORY, files_in, treatment_of
from pipeline.erase.work_file import OF_ITEMS, OF_TEXTS
from pipeline.store.work import read_sql
from pipeline.workspace import Workspace

PAGE = Path(__file__).parents[3] / "docs" / "PRIVACY.md"


def test_the_page_names_every_kind_of_file_and_no_other() -> None:
    rows = [
        line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    assert {name for row in rows for name in re.findall(r"`([^`]+)`", row)} == {name for name, _ in INVENTORY}


@pytest.mark.parametrize(
    ("name", "treatment"),
    [
        ("work/heartline_work.duckdb", "anew"),
        ("work/heartline_work.duckdb.wal", "leftover"),
        ("work/.heartline_work.duckdb.part", "leftover"),
        ("published/.part-x/part.duckdb", "leftover"),
        ("published/heartline-2026-W01.duckdb", "anew"),
        ("reports/2026-W01 region=North.html", "anew"),
        ("notes/of the team.txt", "people"),
        ("old/themes.toml", "people"),
    ],
)
def test_files_are_told_apart_by_their_names(
    name: str, treatment: str, make_workspace: Callable[..., Path]
) -> None:
    workspace = Workspace.open(make_workspace())
    assert treatment_of(workspace, workspace.folder / name) == treatment


def test_exports_are_the_users_own(make_workspace: Callable[..., Path]) -> None:
    workspace = Workspace.open(make_workspace({"files": {"a [1].csv": "id,text\n"}}))
    (workspace.folder / "b.csv").write_text("")
    assert [path.name for path in files_in(workspace)] == ["b.csv", "heartline.toml"]


def test_every_table_of_the_work_file_is_emptied_of_the_erased_or_holds_nothing_of_them() -> None:
    tables = set(re.findall(r"create table if not exists (\w+)", read_sql("work_schema")))
    nothing = {"work_version", "ledger", "load", "export_held", "step_done", "audit_head", "audit_draw"}
    of_themes = {"theme_lineage", "theme_period", "theme_quality", "theme_disc", "theme_look"}
    assert tables == {
        *OF_ITEMS,
        *OF_TEXTS,
        "record",
        "customer",
        "near_duplicate",
        "theme",
        *nothing,
        *of_themes,
    }
