import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.tagger import Tagger
from pipeline.errors import SourceError
from pipeline.evaluate import demo_lines, evaluate_own, evaluate_shipped
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
    found = {(line.target, line.metric): line.score for line in evaluate_own(tagger, path)}
    assert set(found) == {
        *(("pain", metric) for metric in ("accuracy", "macro_f1", "kappa")),
        *(("valence", metric) for metric in ("r", "mae")),
    }
    assert found["pain", "accuracy"].n == 2
    assert found["pain", "accuracy"].value == 1
    assert found["valence", "r"].n == 3
    assert found["valence", "r"].value > 0.8


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


def test_the_demo_is_measured_on_every_text_of_its_plan(tagger: Tagger) -> None:
    lines = demo_lines(tagger)
    assert {line.score.n for line in lines} == {1947}
    assert {line.target for line in lines} == {"stage", "emotion", "pain", "valence"}


def test_without_the_public_files_the_demo_is_measured_and_the_rest_named(
    tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEARTLINE_DATA", raising=False)
    lines, missing = evaluate_shipped(tagger)
    assert {line.set for line in lines} == {"demo world"}
    assert "HEARTLINE_DATA" in missing[0]


def test_the_command_prints_json_a_program_can_read(tmp_path: Path) -> None:
    path = labelled(tmp_path, "text,stage\nThe screen went black.,use\n")
    result = CliRunner().invoke(app, ["evaluate", "--own", str(path), "--json"])
    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert [row["metric"] for row in content["scores"]] == ["accuracy", "macro_f1", "kappa"]
    assert content["scores"][0]["n"] == 1
