from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import CurveSettings, read_settings
from pipeline.errors import ConfigError, StoreMissing

SOURCE = """
[[sources]]
id = "survey"
kind = "survey"
files = ["a.csv"]
columns = { text = "text" }
"""


@pytest.fixture
def folder_with(tmp_path: Path) -> Callable[[str], Path]:
    def write(settings: str) -> Path:
        (tmp_path / "heartline.toml").write_text(settings, encoding="utf-8")
        return tmp_path

    return write


def test_an_empty_file_gives_the_defaults(folder_with: Callable[[str], Path]) -> None:
    settings = read_settings(folder_with(""))
    assert settings.model_dump() == {
        "name": "heartline",
        "seed": 20_260_406,
        "time_zone": "UTC",
        "data_folder": ".",
        "taxonomy": None,
        "retain_months": None,
        "group_may_read": False,
        "sources": (),
        "customers": None,
        "redact": {"places": True},
        "curve": {"hollow_below": 20, "suppressed_below": 10, "level": 0.95, "resamples": 999},
        "themes": {"size": "normal", "fit_at_most": 30_000},
        "changes": (),
        "notify": {"urls": ()},
    }


def test_a_column_that_is_named_by_nothing_is_left_out(folder_with: Callable[[str], Path]) -> None:
    empty = SOURCE.replace("columns = {", 'columns = { record_id = "", written_at = "", channel = "way",')
    (source,) = read_settings(folder_with(empty)).sources
    assert source.columns is not None
    assert source.columns.named() == {"text": ("text",), "channel": ("way",)}


def test_the_environment_wins_over_the_file(
    folder_with: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_with("seed = 1\nname = 'file'\n[curve]\nlevel = 0.9\nresamples = 200\n")
    monkeypatch.setenv("HEARTLINE_SEED", "2")
    monkeypatch.setenv("HEARTLINE_CURVE__LEVEL", "0.8")
    settings = read_settings(folder)
    assert (settings.seed, settings.name) == (2, "file")
    assert settings.curve == CurveSettings(level=0.8, resamples=200)


def test_flags_win_over_the_environment(
    folder_with: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_SEED", "2")
    assert read_settings(folder_with("seed = 1"), seed=3).seed == 3


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("seed = ", "is not valid TOML"),
        ("sede = 1", "sede: Extra inputs are not permitted"),
        ("seed = 'many'", "seed: Input should be a valid integer"),
        ("[curve]\nlevle = 0.9", "curve.levle: Extra inputs are not permitted"),
        ("[curve]\nlevel = 95", "curve.level: Input should be less than 1"),
        ("[themes]\nsize = 'huge'", "themes.size: Input should be 'coarse', 'normal' or 'fine'"),
        ("time_zone = 'Middle Earth'", "time_zone: Value error, 'Middle Earth' is no IANA time zone"),
        ("time_zone = 'Europe'", "time_zone: Value error, 'Europe' is no IANA time zone"),
        (
            SOURCE + "time_zone = 'Mars/Base'",
            "sources.0.time_zone: Value error, 'Mars/Base' is no IANA time zone",
        ),
        (SOURCE + SOURCE, "sources: Value error, ids stand twice: survey"),
        (SOURCE.replace("survey", "Our survey", 1), "sources.0.id: String should match pattern"),
        (SOURCE.replace('"survey"\nfiles', '"letter"\nfiles'), "sources.0.kind: Input should be"),
        (
            SOURCE + "quarantine_limit = 2",
            "sources.0.quarantine_limit: Input should be less than or equal to 1",
        ),
        (
            SOURCE + "rating_scale = { worst = 3, best = 3 }",
            "sources.0.rating_scale: Value error, worst and best",
        ),
        (
            SOURCE.replace("columns = { text =", "columns = { words ="),
            "sources.0.columns.words: Extra inputs are not permitted",
        ),
        (
            SOURCE + "date_format = 'ISO'",
            "sources.0.date_format: Value error, 'ISO' is none of iso, day_first",
        ),
        (
            SOURCE + "date_format = '%d/%m/%Y %Z'",
            "sources.0.date_format: Value error, %Z, the name of a zone",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_its_file_and_place(
    settings: str, says: str, folder_with: Callable[[str], Path]
) -> None:
    folder = folder_with(settings)
    with pytest.raises(ConfigError) as caught:
        read_settings(folder)
    assert caught.value.message.startswith(str(folder / "heartline.toml"))
    assert says in caught.value.message
    assert caught.value.facts == {"file": str(folder / "heartline.toml")}
    assert caught.value.exit_code == 2


def test_all_wrong_settings_are_named_at_once(folder_with: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError, match=r"seed: .*; curve\.level: "):
        read_settings(folder_with("seed = 'x'\n[curve]\nlevel = 3"))


def test_a_file_that_is_not_in_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "heartline.toml").write_bytes("name = 'Café'".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"heartline\.toml is not valid TOML"):
        read_settings(tmp_path)


def test_an_environment_variable_that_is_no_json_is_refused_by_name(
    folder_with: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_SOURCES", "survey")
    with pytest.raises(ConfigError, match="sources"):
        read_settings(folder_with(""))


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing) as caught:
        read_settings(tmp_path)
    assert caught.value.message == f"{tmp_path} is no workspace: it holds no heartline.toml"
    assert caught.value.next_command == f"heartline init {tmp_path}"


def test_settings_cannot_be_changed_once_read(folder_with: Callable[[str], Path]) -> None:
    settings: Any = read_settings(folder_with(""))
    with pytest.raises(ValueError, match="frozen"):
        settings.seed = 5


def test_a_change_is_registered_with_its_day_and_themes(folder_with: Callable[[str], Path]) -> None:
    text = "[[changes]]\nid = 'fix'\non = 2026-07-27\nthemes = ['missed appointment']\n"
    (change,) = read_settings(folder_with(text)).changes
    assert (change.on.isoformat(), change.expected, change.window_weeks) == ("2026-07-27", "down", 26)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("themes = []", "changes.0.themes"),
        ("themes = ['a']\non = 'soon'", "changes.0.on"),
        ("themes = ['a']\non = 2026-07-27\nexpected = 'better'", "changes.0.expected"),
        ("themes = ['a']\non = 2026-07-27\nwindow_weeks = 3", "changes.0.window_weeks"),
        (
            "themes = ['a']\non = 2026-07-27\n[[changes]]\nid = 'fix'\nthemes = ['b']\non = 2026-07-27",
            "twice",
        ),
    ],
)
def test_a_change_that_cannot_be_is_refused(line: str, says: str, folder_with: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError, match=says):
        read_settings(folder_with(f"[[changes]]\nid = 'fix'\n{line}\n"))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", 'name either files = ["export.csv"], or database = "feedback.duckdb" and table = "feedback"'),
        ('files = ["a.csv"]\ndatabase = "a.duckdb"\ntable = "t"', "name either files"),
        ('database = "postgresql://user:secret@db/x"', "database and table go together"),
        ('files = ["a.csv"]\ntable = "t"', "database and table go together"),
        ('database = "a.duckdb"\ntable = "t"', "needs [sources.columns] with text and its key, record_id"),
        (
            'database = "a.duckdb"\ntable = "t"\ndialect = "qualtrics"\n'
            'columns = { text = "t", record_id = "i" }',
            "a table of a database is read with dialect = \"table\", not 'qualtrics'",
        ),
    ],
)
def test_a_source_comes_from_files_or_from_a_table(
    lines: str, says: str, folder_with: Callable[[str], Path]
) -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings(folder_with(f'[[sources]]\nid = "survey"\nkind = "survey"\n{lines}\n'))
    assert says in caught.value.message
    assert "secret" not in caught.value.message
