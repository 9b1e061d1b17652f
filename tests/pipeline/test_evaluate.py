import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.evaluation.page import page, summary
from models.tagger import Tagger
from models.taxonomy import STAGE_LABELS
from pipeline.errors import SourceError
from pipeline.evaluate import demo_scores, evaluate_own, evaluate_shipped
from reports.cli import app


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load(threads=2)


def labelled(folder: Path, text: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_own_labels_are_scored_by_column_and_empty_ones_left_out(tagger: Tagger, tmp_path: Path) -> None:
    path = labelled(
        tmp_path,
        "text,domain,pain,valence\n"
        "The app crashes every time I open it.,app,1,-2\n"
        '"I love it, thank you so much!",app,0,2\n'
        "It arrived on Tuesday.,shop,,0\n",
    )
    measured = evaluate_own(tagger, path)
    found = {(line.target, line.metric): line.score for line in measured.lines}
    assert set(found) == {
        *(("pain", metric) for metric in ("accuracy", "macro_f1", "kappa")),
        *(("valence", metric) for metric in ("r", "mae")),
    }
    assert found["pain", "accuracy"].n == 2
    assert found["pain", "accuracy"].value == 1
    assert found["valence", "r"].n == 3
    assert found["valence", "r"].value > 0.8
    assert [(line.target, line.score.label, line.score.n) for line in measured.classes] == [
        ("pain", "0", 1),
        ("pain", "1", 1),
    ]
    assert measured.confusions == ()


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        ("", "its columns are none"),
        ("words,stage\nFine.,use\n", "its columns are words, stage"),
        ("text,topic\nFine.,use\n", "its columns are text, topic"),
        ("text,stage\n", "it has no rows"),
        ("text,stage\nFine.,using\nOk.,use\n", "row 2: stage is 'using'"),
        ("text,valence\nFine.,3\n", "row 2: valence is '3'"),
    ],
)
def test_an_unfit_file_is_refused_with_what_was_found(
    tagger: Tagger, tmp_path: Path, content: str, finding: str
) -> None:
    with pytest.raises(SourceError, match="column text and any of stage") as error:
        evaluate_own(tagger, labelled(tmp_path, content))
    assert finding in error.value.message


@pytest.mark.slow
def test_the_demo_is_measured_on_every_text_of_its_plan(tagger: Tagger) -> None:
    demo = demo_scores(tagger)
    assert {line.score.n for line in demo.lines} == {1947}
    assert {line.target for line in demo.lines} == {"stage", "emotion", "pain", "valence"}
    assert {line.target for line in demo.classes} == {"stage", "emotion", "pain"}
    (stages,) = demo.confusions
    assert (stages.target, stages.labels) == ("stage", STAGE_LABELS)
    assert sum(map(sum, stages.counts)) == 1947


@pytest.mark.slow
def test_without_the_public_files_the_demo_is_measured_and_the_rest_named(
    tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEARTLINE_DATA", raising=False)
    measured, missing = evaluate_shipped(tagger)
    assert {line.set for line in (*measured.lines, *measured.classes)} == {"demo world"}
    assert "HEARTLINE_DATA" in missing[0]


def test_the_command_prints_json_a_program_can_read(tmp_path: Path) -> None:
    path = labelled(tmp_path, "text,stage\nThe screen went black.,use\n")
    result = CliRunner().invoke(app, ["evaluate", "--own", str(path), "--json"])
    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert [row["metric"] for row in content["scores"]] == ["accuracy", "macro_f1", "kappa"]
    assert content["scores"][0]["n"] == 1
    assert set(content) == {"model_id", "scores", "classes", "confusions", "missing"}
    assert set(content["scores"][0]) == {
        *("set", "part", "target", "metric", "majority", "vader", "value", "low", "high", "n")
    }
    (confusion,) = content["confusions"]
    assert confusion["labels"] == list(STAGE_LABELS)
    assert sum(map(sum, confusion["counts"])) == 1


def test_the_command_writes_all_of_it_into_a_folder(tmp_path: Path) -> None:
    path = labelled(tmp_path, "text,stage,pain\nThe screen went black.,use,1\nI love it.,use,0\n")
    folder = tmp_path / "a" / "b"
    command = ["evaluate", "--own", str(path), "--write", str(folder)]
    result = CliRunner().invoke(app, [*command, "--json"])
    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert json.loads((folder / "evaluation.json").read_text("utf-8")) == content
    assert (folder / "evaluation.md").read_text("utf-8") == page(content)
    assert str(folder / "evaluation.md") in result.stderr
    before = {file: file.read_bytes() for file in folder.iterdir()}
    printed = CliRunner().invoke(app, command)
    assert {file: file.read_bytes() for file in folder.iterdir()} == before
    assert printed.stdout == summary(content) + "\n"
