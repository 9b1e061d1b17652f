from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from models.own_labels import OwnHead, TooFewExamples
from models.tagger import Tagger
from pipeline.audit_log import check_log, read_entries
from pipeline.errors import ContractError, SourceError, StoreLocked
from pipeline.learn import learn
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

ROWS = "id,text\n1,The nurses were kind.\n2,We waited three hours.\n"
PRAISE = ["lovely", "great", "wonderful", "superb", "charming", "delightful", "splendid", "excellent", "fine"]
WAITS = ["an hour", "two hours", "a day", "a week", "ages", "forever", "ten days", "a month", "too long"]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load(threads=2)


def labelled(folder: Path) -> Path:
    rows = [f"The staff were {word}.,people" for word in PRAISE]
    rows += [f"I waited {time} for a reply.,waiting" for time in WAITS]
    path = folder / "labels.csv"
    path.write_text("text,stage\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_head_is_checked_kept_and_read_into_the_published_file(
    tagger: Tagger, make_workspace: Callable[..., Path], run_steps: Callable[..., object], tmp_path: Path
) -> None:
    folder = make_workspace({"files": {"a.csv": ROWS}})
    run_steps(folder)
    workspace = Workspace.open(folder)
    (head,) = learn(workspace, tagger, labelled(tmp_path))
    (noted,) = read_entries(workspace)
    assert (noted.action, noted.facts["heads"]) == ("learn", [head.head_id])
    line = workspace.audit_log_file.read_bytes()
    workspace.audit_log_file.write_bytes(b"")
    with open_work(workspace) as connection:
        assert check_log(workspace, connection) == "line 1 is missing: the work file remembers 1 line"
    workspace.audit_log_file.write_bytes(line)
    assert head.labels == ("people", "waiting")
    assert [score.metric for score in head.scores] == ["accuracy", "macro_f1", "kappa"]
    assert head.scores[0].score.value > 0.9
    run_steps(folder)
    with duckdb.connect(str(workspace.published_file), read_only=True) as published:
        rows = published.execute(
            """
            select text, target, label, head_id
            from fct_own_tag join fct_segment using (segment_id)
            order by text
            """
        ).fetchall()
        n_stages = published.execute("select count(stage_id) from fct_segment").fetchone()
    assert rows == [
        ("The nurses were kind.", "stage", "people", head.head_id),
        ("We waited three hours.", "stage", "waiting", head.head_id),
    ]
    assert n_stages == (2,)


def test_the_same_labels_give_the_same_head(
    tagger: Tagger, make_workspace: Callable[..., Path], tmp_path: Path
) -> None:
    workspace = Workspace.open(make_workspace({"files": {"a.csv": "id,text\n1,Fine.\n"}}))
    first, second = (learn(workspace, tagger, labelled(tmp_path))[0] for _ in range(2))
    assert first.head_id == second.head_id
    assert len(workspace.own_head_files()) == 1


def test_too_few_examples_leave_no_head(
    tagger: Tagger, make_workspace: Callable[..., Path], tmp_path: Path
) -> None:
    workspace = Workspace.open(make_workspace({"files": {"a.csv": "id,text\n1,Fine.\n"}}))
    path = tmp_path / "labels.csv"
    path.write_text("text,stage\nFine.,a\nBad.,b\n", encoding="utf-8")
    with pytest.raises(TooFewExamples, match="a: 1, b: 1"):
        learn(workspace, tagger, path)
    assert workspace.own_head_files() == []


def test_a_second_column_with_too_few_examples_leaves_no_head_of_the_first(
    tagger: Tagger, make_workspace: Callable[..., Path], tmp_path: Path
) -> None:
    workspace = Workspace.open(make_workspace({"files": {"a.csv": "id,text\n1,Fine.\n"}}))
    heading, first, second, *others = labelled(tmp_path).read_text().splitlines()
    rows = [f"{heading},emotion", f"{first},joy", f"{second},fear", *(f"{line}," for line in others)]
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
    with pytest.raises(TooFewExamples, match="fear: 1, joy: 1"):
        learn(workspace, tagger, tmp_path / "labels.csv")
    assert (workspace.own_head_files(), read_entries(workspace)) == ([], [])


def test_while_a_job_holds_the_workspace_nothing_is_learned(
    tagger: Tagger, make_workspace: Callable[..., Path], tmp_path: Path
) -> None:
    workspace = Workspace.open(make_workspace({"files": {"a.csv": "id,text\n1,Fine.\n"}}))
    with open_work(workspace), pytest.raises(StoreLocked):
        learn(workspace, tagger, labelled(tmp_path))
    assert (workspace.own_head_files(), read_entries(workspace)) == ([], [])


def test_a_file_without_labels_is_refused(
    tagger: Tagger, make_workspace: Callable[..., Path], tmp_path: Path
) -> None:
    workspace = Workspace.open(make_workspace({"files": {"a.csv": "id,text\n1,Fine.\n"}}))
    path = tmp_path / "labels.csv"
    path.write_text("text\nFine.\n", encoding="utf-8")
    with pytest.raises(SourceError, match="its columns are text"):
        learn(workspace, tagger, path)


def test_a_head_of_another_encoder_is_not_read(
    tagger: Tagger, make_workspace: Callable[..., Path], run_steps: Callable[..., object], tmp_path: Path
) -> None:
    folder = make_workspace({"files": {"a.csv": ROWS}})
    workspace = Workspace.open(folder)
    (learned,) = learn(workspace, tagger, labelled(tmp_path))
    head = OwnHead.load(learned.path)
    learned.path.unlink()
    foreign = replace(head, encoder_id="another")
    foreign.save(workspace.own_heads_folder, {})
    with pytest.raises(ContractError, match=f"{foreign.id} .* another encoder"):
        run_steps(folder)
    assert not workspace.published_file.exists()
