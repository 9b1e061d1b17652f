from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.taxonomy import STAGE_LABELS
from pipeline.errors import ContractError

ROWS = "id,text\n1,The engineer never came. I waited all day.\n2,Great app.\n"
SOURCE = {"files": {"a.csv": ROWS}}


@pytest.mark.parametrize(
    ("done", "step", "next_command"),
    [
        ([], "tag", "heartline ingest"),
        ([], "themes", "heartline tag"),
        ([], "publish", "heartline themes"),
        (["ingest"], "themes", "heartline tag"),
        (["ingest", "tag"], "publish", "heartline themes"),
    ],
)
def test_a_step_before_its_time_names_the_step_that_is_missing(
    done: list[str],
    step: str,
    next_command: str,
    make_workspace: Callable[..., Path],
    run_steps: Callable[..., Any],
) -> None:
    folder = make_workspace(SOURCE)
    if done:
        run_steps(folder, *done)
    with pytest.raises(ContractError) as caught:
        run_steps(folder, step)
    assert caught.value.next_command == next_command
    assert caught.value.exit_code == 3


def test_all_steps_change_something_once(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    folder = make_workspace(SOURCE)
    assert [(result.step, result.changed) for result in run_steps(folder)] == [
        ("ingest", True), ("tag", True), ("themes", True), ("publish", True),
    ]  # fmt: skip
    published = folder / "published" / "heartline.duckdb"
    before = published.read_bytes(), published.stat().st_mtime_ns
    assert [(result.step, result.changed) for result in run_steps(folder)] == [
        ("ingest", False), ("tag", False), ("themes", False), ("publish", False),
    ]  # fmt: skip
    assert (published.read_bytes(), published.stat().st_mtime_ns) == before


@pytest.mark.parametrize(
    ("settings", "changed"),
    [
        ({"name": "other"}, ["publish"]),
        ({"curve__level": 0.9}, ["publish"]),
        ({"seed": 5}, ["publish"]),
        ({"changes": [{"id": "fix", "on": "2026-07-27", "themes": ["app"]}]}, ["publish"]),
        ({"themes__size": "fine"}, ["themes", "publish"]),
        ({"data_folder": "./"}, []),
    ],
)
def test_a_changed_setting_redoes_what_depends_on_it_and_no_more(
    settings: dict[str, Any],
    changed: list[str],
    make_workspace: Callable[..., Path],
    run_steps: Callable[..., Any],
) -> None:
    run_steps(make_workspace(SOURCE))
    results = run_steps(make_workspace(SOURCE, **settings))
    assert [result.step for result in results if result.changed] == changed


def test_another_taxonomy_redoes_the_marts_and_encodes_nothing(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    run_steps(make_workspace(SOURCE))
    folder = make_workspace(SOURCE, taxonomy="stages.toml")
    (folder / "stages.toml").write_text(
        'version = "ours"\n[[stage]]\nid = "everything"\nname = "All"\ndefinition = "All of it."\n'
        f"model_labels = {list(STAGE_LABELS)}\n"
    )
    assert [result.step for result in run_steps(folder) if result.changed] == ["publish"]
    assert published_rows(folder, "select distinct stage_id from fct_segment") == [("everything",)]


def test_new_records_encode_only_their_own_sentences(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    run_steps(make_workspace(SOURCE))
    more = ROWS + "3,Great app. It crashes now.\n"
    _, tag, *_ = run_steps(make_workspace({"files": {"a.csv": ROWS, "b.csv": more}}))
    assert tag.facts == {"n_items": 1, "n_encoded": 2}


def test_the_same_inputs_have_the_same_run_id_in_every_workspace_with_the_same_key(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    ids = {run_steps(make_workspace(SOURCE, folder=name))[-1].facts["run_id"] for name in ("one", "two")}
    assert len(ids) == 1


def test_a_published_file_that_was_removed_is_made_again(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    folder = make_workspace(SOURCE)
    first = run_steps(folder)[-1].facts
    (folder / "published" / "heartline.duckdb").unlink()
    assert run_steps(folder)[-1].facts == first


def test_nothing_is_tagged_while_the_quarantine_is_over_its_limit(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    folder = make_workspace({"files": {"a.csv": "id,text\n1,Fine app.\n,Lost.\n"}})
    with pytest.raises(ContractError):
        run_steps(folder, "ingest")
    with pytest.raises(ContractError):
        run_steps(folder, "tag")
