import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.tagger import Tagger
from pipeline.errors import SourceError
from pipeline.evaluate_themes import evaluate_themes, read_labels
from reports.cli import app

SUBJECTS = {
    "refund": ("the refund for my {} has not arrived", "I still wait for the money back for the {}"),
    "battery": ("the battery of the {} is empty after an hour", "this {} does not hold its charge at all"),
    "courier": ("the courier left my {} in the rain", "the driver never rang the bell with the {}"),
}
THINGS = (
    *("camera", "phone", "printer", "speaker", "router", "tablet", "watch", "drill", "kettle", "toaster"),
    *("lamp", "scale", "radio", "shaver", "mixer", "monitor", "keyboard", "headset", "vacuum", "fan"),
)


def labelled(path: Path, rows: list[tuple[str, str]]) -> Path:
    lines = ["text,label", *(f'"{text}",{label}' for text, label in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        (pattern.format(thing), label)
        for label, patterns in SUBJECTS.items()
        for pattern in patterns
        for thing in THINGS
    ]
    return labelled(tmp_path_factory.mktemp("labels") / "labels.csv", rows)


def test_clear_subjects_are_found_and_the_same_in_any_order(subjects: Path) -> None:
    found = evaluate_themes(Tagger.load(threads=2), subjects)
    assert (found.n_texts, found.n_labels) == (120, 3)
    assert 2 <= found.n_themes <= 8
    assert found.unassigned_as_one_class.nmi > 0.6
    assert found.assigned_only.n == round(120 * (1 - found.share_unassigned))
    assert (found.stability.seeds, found.stability.orders) == (1.0, 1.0)
    assert sum(theme.n for theme in found.themes) == found.assigned_only.n


@pytest.mark.slow
def test_the_command_prints_json(subjects: Path) -> None:
    result = CliRunner().invoke(app, ["themes", "evaluate", str(subjects), "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert {"nmi", "ari", "ami", "n"} == set(found["unassigned_as_one_class"])
    assert found["n_themes"] == len(found["themes"])


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        ("text,topic\na,b\n", "missing: label"),
        ("", "its columns are none"),
        ("text,label\n" + "good,a\n" * 29, "it has 29 rows"),
        ("text,label\n" + "good,a\n" * 30, "all have the label 'a'"),
        ("text,label\ngood,\n" + "good,a\n" * 30, "row 2: label is empty"),
    ],
)
def test_a_file_that_cannot_be_measured_says_why(tmp_path: Path, content: str, finding: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_labels(path)
    assert finding in str(caught.value)
    assert str(path) in str(caught.value)
    assert "heartline themes evaluate" in caught.value.next_command


def test_texts_too_short_to_make_a_theme_are_said_to_be(tmp_path: Path) -> None:
    path = labelled(tmp_path / "short.csv", [(f"good {n}", "ab"[n % 2]) for n in range(40)])
    with pytest.raises(SourceError, match="have 4 words or more"):
        evaluate_themes(Tagger.load(threads=2), path)
