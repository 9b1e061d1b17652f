import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, SourceError
from pipeline.workspace import Workspace

ROWS = "id,text\n1,Good\n"


def names_found(folder: Path, *patterns: str) -> list[str]:
    workspace = Workspace.open(folder)
    source = workspace.settings.sources[0].model_copy(update={"files": patterns})
    return [path.name for path in workspace.files_of(source)]


@pytest.fixture
def folder(make_workspace: Callable[..., Path]) -> Path:
    return make_workspace({"files": {"survey_2.csv": ROWS, "survey_1.csv": ROWS, "other.csv": ROWS}})


def test_everything_lies_under_the_workspace(folder: Path) -> None:
    workspace = Workspace.open(folder)
    assert [
        path.relative_to(folder).as_posix()
        for path in (
            workspace.config_file,
            workspace.work_file,
            workspace.lock_file,
            workspace.key_file,
            workspace.published_file,
            workspace.reports_folder,
        )
    ] == [
        "heartline.toml",
        "work/heartline_work.duckdb",
        "work/lock",
        "work/pseudonym.key",
        "published/heartline.duckdb",
        "reports",
    ]


def test_files_come_in_the_order_of_their_names(folder: Path) -> None:
    assert names_found(folder, "survey_2.csv", "other.csv") == ["other.csv", "survey_2.csv"]


def test_a_pattern_finds_its_files_and_none_twice(folder: Path) -> None:
    assert names_found(folder, "survey_*.csv", "survey_1.csv") == ["survey_1.csv", "survey_2.csv"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a [2026].csv", ["a [2026].csv"]),
        ("a [2026]*.csv", ["a [2026] b.csv", "a [2026].csv"]),
        ("a?*.csv", ["a?1*2.csv"]),
        ("a?**.csv", ["a?1*2.csv"]),
        ("a?1*2.csv", ["a?1*2.csv"]),
        ("a*2.csv", ["a*2.csv"]),
        ("a*2*.csv", ["a 2.csv", "a [2026] b.csv", "a [2026].csv", "a*2.csv", "a12.csv", "a?1*2.csv"]),
    ],
)
def test_only_a_star_makes_a_pattern_and_only_where_no_file_has_it_in_its_name(
    make_workspace: Callable[..., Path], name: str, found: list[str]
) -> None:
    names = ("a [2026].csv", "a [2026] b.csv", "a 2.csv", "a?1*2.csv", "a*2.csv", "a12.csv")
    assert names_found(make_workspace({"files": dict.fromkeys(names, ROWS)}), name) == found


@pytest.mark.parametrize("name", ["gone.csv", "gone_*.csv"])
def test_a_file_that_is_not_there_is_named_with_its_source(folder: Path, name: str) -> None:
    with pytest.raises(SourceError) as caught:
        names_found(folder, "other.csv", name)
    assert caught.value.message == f"source survey: there is no file {folder / name}"
    assert caught.value.left_undone == "nothing of this run was loaded"
    assert caught.value.facts == {"file": str(folder / name), "source": "survey"}
    assert caught.value.exit_code == 3


def test_a_name_that_is_not_utf_8_is_refused_in_letters_that_can_be_read(folder: Path) -> None:
    (folder / os.fsdecode(b"M\xe4rz.csv")).write_text(ROWS)
    with pytest.raises(SourceError, match=r"the name of .*/M\\xe4rz\.csv is not UTF-8"):
        names_found(folder, "*.csv")
    assert names_found(folder, "survey_*.csv") == ["survey_1.csv", "survey_2.csv"]


def test_a_folder_is_refused_with_a_pattern_for_its_files(folder: Path) -> None:
    (folder / "weekly").mkdir()
    with pytest.raises(SourceError, match=r"weekly is a folder, of which weekly/\*\.csv would name files"):
        names_found(folder, "weekly")


def test_the_data_folder_is_found_by_an_environment_variable(
    make_workspace: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_workspace(data_folder="$EXPORTS/weekly")
    monkeypatch.setenv("EXPORTS", str(tmp_path / "exports"))
    assert Workspace.open(folder).data_folder == tmp_path / "exports" / "weekly"


def test_an_environment_variable_that_is_not_set_is_named(
    make_workspace: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_workspace(data_folder="$EXPORTS/weekly")
    monkeypatch.delenv("EXPORTS", raising=False)
    with pytest.raises(ConfigError) as caught:
        _ = Workspace.open(folder).data_folder
    assert "data_folder is '$EXPORTS/weekly'" in caught.value.message
    assert caught.value.next_command == "export EXPORTS=/folder/of/the/data"


def test_customers_and_taxonomy_are_optional(make_workspace: Callable[..., Path]) -> None:
    without = Workspace.open(make_workspace(folder="without"))
    assert (without.customers_file(), without.taxonomy_file()) == (None, None)
    folder = make_workspace(
        folder="with", taxonomy="stages.toml", customers={"file": "c.csv", "customer_id": "id"}
    )
    workspace = Workspace.open(folder)
    assert (workspace.customers_file(), workspace.taxonomy_file()) == (
        folder / "c.csv",
        folder / "stages.toml",
    )
