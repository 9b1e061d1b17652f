"""The theme book by command: looked into, edited, undone; what cannot be is refused, and changes nothing."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
FILES = ("themes.toml", "themes.safetensors", "themes.log.jsonl")


@pytest.fixture
def folder(demo_workspace: Path, tmp_path: Path) -> Path:
    """A copy of the demo's workspace, to be edited."""
    return Path(shutil.copytree(demo_workspace, tmp_path / "demo"))


@pytest.fixture
def themes(folder: Path, heartline: Callable[..., Any]) -> Callable[..., Any]:
    """Runs `heartline themes ... -w folder --json` and gives what it prints."""

    def call(*arguments: str) -> Any:
        said = heartline("themes", *arguments, "-w", folder, "--json")
        assert said.code == 0, said.err
        return json.loads(said.out)

    return call


def book_files(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in FILES]


def test_the_list_adds_up(themes: Callable[..., Any]) -> None:
    found = themes("list")
    sizes = [theme["n_sentences"] for theme in found["themes"] if theme["status"] == "active"]
    assert len(sizes) >= 10
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) + found["n_unsorted"] == found["n_sentences"]


def test_a_theme_is_shown_by_its_id_and_by_its_name(themes: Callable[..., Any]) -> None:
    first = themes("list")["themes"][0]
    shown = themes("show", first["theme_id"])
    assert shown == themes("show", first["name"].upper())
    assert shown["n_sentences"] == first["n_sentences"]
    assert len(shown["verbatims"]) == 10
    assert set(first["exemplars"]) <= set(shown["verbatims"])
    assert len(shown["near"]) == 3


def test_a_name_that_nobody_has_is_answered_with_those_like_it(
    folder: Path, themes: Callable[..., Any], heartline: Callable[..., Any]
) -> None:
    name = themes("list")["themes"][0]["name"]
    said = heartline("themes", "show", name + "s", "-w", folder)
    assert said.code == 3
    assert repr(name) in said.err
    assert "next: heartline themes list" in said.err


def test_edits_reach_the_published_file_and_stay_through_the_next_run(
    folder: Path,
    themes: Callable[..., Any],
    heartline: Callable[..., Any],
    published_rows: Callable[..., Any],
) -> None:
    one, two, three = (theme["theme_id"] for theme in themes("list")["themes"][:3])
    themes("rename", one, "What we call it")
    themes("move", one, "Ours")
    themes("merge", three, two)
    assert heartline("run", "-w", folder).code == 0
    query = f"select theme_name, family from dim_theme where theme_id = '{one}'"
    assert published_rows(folder, query) == [("What we call it", "Ours")]
    assert published_rows(folder, f"from fct_segment where theme_id = '{three}'") == []
    (facts,) = published_rows(
        folder, f"select status, merged_into_theme_id from dim_theme where theme_id = '{three}'"
    )
    assert facts == ("merged", two)
    events = [(line["event"], line["theme_id"]) for line in themes("history")]
    assert ("merge", three) in events


def test_every_edit_is_undone_by_another(themes: Callable[..., Any]) -> None:
    first, second = themes("list")["themes"][:2]
    theme_id = first["theme_id"]
    for there, back in (
        (("pin", theme_id), ("unpin", theme_id)),
        (("retire", theme_id), ("restore", theme_id)),
        (("merge", theme_id, second["theme_id"]), ("restore", theme_id)),
        (("rename", theme_id, "Other"), ("rename", theme_id, first["name"])),
    ):
        themes(*there)
        assert themes("show", theme_id)["status"] in {"active", "retired", "merged"}
        themes(*back)
        shown = themes("show", theme_id)
        assert (shown["name"], shown["status"]) == (first["name"], "active")
        assert shown["n_sentences"] == first["n_sentences"]


def test_a_split_shares_a_themes_sentences_out(themes: Callable[..., Any]) -> None:
    first = themes("list")["themes"][0]
    parts = themes("split", first["theme_id"])
    sizes = [themes("show", part["theme_id"])["n_sentences"] for part in parts]
    assert len(parts) == 2
    assert all(part["split_from"] == first["theme_id"] for part in parts)
    assert min(sizes) > 0
    assert 0.8 * first["n_sentences"] <= sum(sizes) <= 1.2 * first["n_sentences"]
    assert themes("show", first["theme_id"])["status"] == "split"


def test_a_split_by_examples_has_the_names_it_was_given(themes: Callable[..., Any]) -> None:
    first = themes("list")["themes"][0]
    one, two = themes("show", first["theme_id"])["verbatims"][::9]
    parts = themes("split", first["theme_id"], "--into", f"This={one}", "--into", f"That={two}")
    assert [part["name"] for part in parts] == ["This", "That"]


def test_a_theme_of_ones_own_gets_the_sentences_like_it(themes: Callable[..., Any]) -> None:
    (added,) = themes("add", "Shouting", "--example", "The man on the phone shouted at me.")
    shown = themes("show", added["theme_id"])
    assert (shown["status"], shown["pinned"]) == ("active", True)
    assert shown["family"]
    (defined,) = themes("add", "Wedding", "--definition", "Somebody gets married.", "--family", "Life")
    assert defined["family"] == "Life"


def test_examples_are_redacted_before_they_are_kept(themes: Callable[..., Any]) -> None:
    (added,) = themes("add", "Calls", "--example", "Call me back on 07700 900123 or ana@example.com please.")
    assert "900123" not in added["exemplars"][0]
    assert "ana@" not in added["exemplars"][0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("rename", "t_00000000", "New"), "no theme 't_00000000'"),
        (("merge", "{first}", "{first}"), "into itself"),
        (("rename", "{first}", "{second name}"), "have the same name"),
        (("accept", "{first}"), "is active: expected proposed"),
        (("restore", "{first}"), "is active: expected retired or merged"),
        (("split", "{first}", "--into", "no sentence"), "not NAME=SENTENCE"),
        (("split", "{first}", "--into", "one part=The bill is wrong."), "expected two or more"),
        (("refit", "--yes", "--same", "t_00000000=1"), "no theme 't_00000000'"),
        (("rename", "{first}", "New", "--by", "a\nb"), "is no name"),
        (("add", "Thanks", "--example", "  Thank you! "), "says nothing"),
        (("add", "Nothing"), "needs an example"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(
    arguments: tuple[str, ...],
    says: str,
    folder: Path,
    themes: Callable[..., Any],
    heartline: Callable[..., Any],
) -> None:
    first, second = themes("list")["themes"][:2]
    places = {"{first}": first["theme_id"], "{second name}": second["name"]}
    before = book_files(folder)
    said = heartline("themes", *(places.get(one, one) for one in arguments), "-w", folder)
    assert said.code == 3
    assert says in said.err
    assert "next: " in said.err
    assert book_files(folder) == before


def test_names_are_shown_as_they_are(
    themes: Callable[..., Any], heartline: Callable[..., Any], folder: Path
) -> None:
    first = themes("list")["themes"][0]
    themes("rename", first["theme_id"], "[/bold] bills [red]")
    for command in ("list", "quality"):
        said = heartline("themes", command, "-w", folder)
        assert (said.code, "[/bold] bills [red]" in said.out) == (0, True)


def test_a_theme_put_away_is_found_by_its_name(themes: Callable[..., Any]) -> None:
    first = themes("list")["themes"][0]
    themes("retire", first["theme_id"])
    assert themes("restore", first["name"])[0]["status"] == "active"


def test_a_file_that_cannot_be_written_is_named(folder: Path, heartline: Callable[..., Any]) -> None:
    (folder / "reports" / "theme-intrusion.csv").mkdir()
    said = heartline("themes", "intrusion", "-w", folder)
    assert said.code == 1
    assert "theme-intrusion.csv: Is a directory" in said.err
    assert "fault of heartline" not in said.err


def test_without_a_book_every_command_says_how_one_is_made(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace({"files": {"a.csv": "id,text\n1,Fine.\n"}})
    said = heartline("themes", "list", "-w", folder)
    assert said.code == 3
    assert f"next: heartline run -w {folder}" in said.err


def test_a_refit_is_shown_first_and_replaces_the_book_on_a_yes(
    folder: Path, themes: Callable[..., Any], heartline: Callable[..., Any]
) -> None:
    first, second = themes("list")["themes"][:2]
    themes("rename", first["theme_id"], "Kept name")
    themes("pin", second["theme_id"])
    before = book_files(folder)
    said = heartline("themes", "refit", "-w", folder)
    assert said.code == 0
    assert "themes stay; " in said.out
    assert "nothing was changed\nnext: heartline themes refit --yes" in said.out
    assert book_files(folder) == before
    done = themes("refit", "--yes")
    assert done["replaced"] is True
    assert ("same", first["theme_id"]) in [(line["event"], line["theme_id"]) for line in done["lineage"]]
    assert book_files(folder) != before
    assert themes("show", first["theme_id"])["name"] == "Kept name"
    assert themes("show", second["theme_id"])["pinned"] is True
    assert heartline("themes", "refit", "--same", "nonsense", "-w", folder).code == 3


def test_quality_speaks_of_every_theme(themes: Callable[..., Any]) -> None:
    found = themes("quality")["book"]
    assert [one["theme_id"] for one in found["themes"]]
    assert found["share_unsorted"] <= 0.1
    assert 0 < found["diversity"] <= 1
    assert all(-1 <= one["cohesion"] <= 1 for one in found["themes"])


def test_fits_in_another_order_agree_and_fits_of_fewer_mostly(
    fitted: Path, heartline: Callable[..., Any]
) -> None:
    said = heartline("themes", "quality", "--fit-again", "-w", fitted, "--json")
    steady = json.loads(said.out)["steadiness"]
    assert steady["order"]["ari"] == steady["order"]["ami"] == 1
    assert 0.3 < steady["subsample"]["ari"] <= 1
    assert steady["weeks"]["n"] < steady["order"]["n"]
    assert "fit again: 4 fits" in said.err


def test_an_intrusion_sheet_is_written_filled_in_and_scored(folder: Path, themes: Callable[..., Any]) -> None:
    sheet = Path(themes("intrusion", "--most", "6")["sheet"])
    key = json.loads(sheet.with_suffix(".key.json").read_text())
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + len(key) == 7
    for row, answer in zip(rows[1:], key, strict=True):
        row[-1] = str(answer["intruder"])
    rows[1][-1] = str(key[0]["intruder"] % 6 + 1)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    scored = themes("intrusion", "--score", str(sheet))
    assert scored["n_answered"] == 6
    assert scored["share_found"] == pytest.approx(5 / 6)
    assert scored["missed"] == [key[0]["theme_id"]]
