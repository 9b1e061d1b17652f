import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.book.book import Book
from pipeline.book.edits import part
from pipeline.book.files import as_bytes, read_tensors
from pipeline.book.lineage import Lineage, lineage
from pipeline.book.log import as_line, read_log
from pipeline.book.shelf import Stamp, edit_book, open_book, put_fitted, read_book
from pipeline.errors import BookError

NAMES = ("themes.toml", "themes.safetensors", "themes.log.jsonl")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def reopened(folder: Path, stamp: Stamp) -> Book:
    book, _ = open_book(folder, encoder_id="encoder+1", stamp=stamp)
    assert book is not None
    return book


def edit_file(folder: Path, old: str, new: str) -> None:
    path = folder / "themes.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_an_empty_workspace_has_no_book(tmp_path: Path, stamp: Stamp) -> None:
    assert read_book(tmp_path) is None
    assert open_book(tmp_path, encoder_id="e", stamp=stamp) == (None, [])
    assert snapshot(tmp_path) == {}


def test_a_book_is_kept_in_three_files_and_its_fit(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, book = shelf
    kept = snapshot(folder)
    assert {name for name in kept if "/" not in name} == set(NAMES)
    assert [name.startswith("themes/") for name in kept if "/" in name] == [True]
    before = as_bytes(book)
    assert as_bytes(reopened(folder, stamp)) == before
    assert snapshot(folder) == kept


def test_edits_are_logged_and_on_disk(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, book = shelf
    one, two, _ = book.ids
    after = edit_book(folder, book, [stamp.edit("merge", theme=one, into=two)])
    assert as_bytes(read_tensors(folder / "themes.safetensors")) == as_bytes(after)
    line = (folder / "themes.log.jsonl").read_text("utf-8").splitlines()[-1]
    assert json.loads(line) == {
        "when": "2026-03-09T08:30:00+00:00",
        "week": "2026-03-09",
        "edit": "merge",
        "by": "ana",
        "arguments": {"theme": one, "into": two},
    }


def test_a_refused_edit_changes_nothing(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, book = shelf
    kept = snapshot(folder)
    one, two, _ = book.ids
    for edits in (
        [stamp.edit("rename", theme=one, name="new"), stamp.edit("merge", theme=one, into=one)],
        [stamp.edit("rename", theme=one, name=book.theme(two).name)],
    ):
        with pytest.raises(BookError):
            edit_book(folder, book, edits)
        assert snapshot(folder) == kept


def test_hand_edits_are_found_once_and_logged(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, _ = shelf
    edit_file(folder, '"late bus"', '"Bus late"')
    after, found = open_book(folder, encoder_id="encoder+1", stamp=stamp)
    assert after is not None
    assert after.themes[0].name == "Bus late"
    assert [(edit.kind, edit.by) for edit in found] == [("rename", "themes.toml")]
    assert read_log(folder)[-1] == found[0]
    kept = snapshot(folder)
    assert open_book(folder, encoder_id="encoder+1", stamp=stamp)[1] == []
    assert snapshot(folder) == kept


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"late bus"', '"rude driver"', "cannot be taken over"),
        ("[theme.", "[theme.x", "which is no theme of the book"),
        ("revision = 1", "revision = 7", "is of revision 7, and the book of 1: it is another copy"),
        ("[theme.", "[theme", "has an unknown key theme"),
        ("[theme.", "theme.", "is not TOML"),
    ],
)
def test_a_bad_hand_edit_changes_nothing(
    shelf: tuple[Path, Book], stamp: Stamp, old: str, new: str, says: str
) -> None:
    folder, _ = shelf
    edit_file(folder, old, new)
    kept = snapshot(folder)
    with pytest.raises(BookError, match=says) as refusal:
        open_book(folder, encoder_id="encoder+1", stamp=stamp)
    assert refusal.value.exit_code == 3
    assert "remove themes.toml, and the next command writes it anew" in refusal.value.next_command
    assert snapshot(folder) == kept


def test_a_book_of_another_encoder_is_refused(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, _ = shelf
    kept = snapshot(folder)
    with pytest.raises(BookError, match=r"encoder encoder\+1; the present one is encoder\+2") as refusal:
        open_book(folder, encoder_id="encoder+2", stamp=stamp)
    assert refusal.value.next_command.startswith("heartline themes refit")
    assert snapshot(folder) == kept


def test_what_an_editor_adds_to_every_file_is_no_edit(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, _ = shelf
    path = folder / "themes.toml"
    written = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + written.replace(b"\n", b"\r\n"))
    assert open_book(folder, encoder_id="encoder+1", stamp=stamp)[1] == []
    assert path.read_bytes() == written
    path.write_bytes(written + b"# caf\xe9\n")
    with pytest.raises(BookError, match="is not UTF-8"):
        reopened(folder, stamp)


@pytest.mark.parametrize("lost", ["themes.toml", "themes.safetensors"])
def test_a_lost_file_is_made_anew(shelf: tuple[Path, Book], stamp: Stamp, lost: str) -> None:
    folder, book = shelf
    edit_book(folder, book, [stamp.edit("rename", theme=book.ids[0], name="Bus late")])
    kept = snapshot(folder)
    (folder / lost).unlink()
    reopened(folder, stamp)
    assert snapshot(folder) == kept


@pytest.mark.parametrize("n_writes", [0, 1, 2])
def test_a_crash_between_the_files_loses_nothing(
    shelf: tuple[Path, Book], stamp: Stamp, monkeypatch: pytest.MonkeyPatch, n_writes: int
) -> None:
    folder, book = shelf
    edits = [stamp.edit("rename", theme=book.ids[0], name="Bus late")]
    left = [n_writes]
    from pipeline.book import shelf as module

    write = module.replace_file

    def breaking(path: Path, content: bytes) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        write(path, content)

    monkeypatch.setattr(module, "replace_file", breaking)
    with pytest.raises(KeyboardInterrupt):
        edit_book(folder, book, edits)
    monkeypatch.setattr(module, "replace_file", write)
    if n_writes:  # a person edits before heartline runs again
        edit_file(folder, '"rude driver"', '"unfriendly driver"')
    after = reopened(folder, stamp)
    names = [theme.name for theme in after.themes]
    assert names[:2] == (["Bus late", "unfriendly driver"] if n_writes else ["late bus", "rude driver"])
    assert as_bytes(read_tensors(folder / "themes.safetensors")) == as_bytes(after)
    assert as_bytes(reopened(folder, stamp)) == as_bytes(after)


def test_a_refit_starts_the_replay_anew_and_is_found_again(
    shelf: tuple[Path, Book], stamp: Stamp, with_theme: Callable[..., Book]
) -> None:
    folder, book = shelf
    one, two, _ = book.ids
    book = edit_book(folder, book, [stamp.edit("pin", theme=one)])
    book = with_theme(book, two, status="retired")
    book = put_fitted(folder, book, stamp, [Lineage(two, "death", None, stamp.week, 0.0)])
    book = edit_book(folder, book, [stamp.edit("rename", theme=one, name="Bus late")])
    assert (book.revision, len(read_log(folder))) == (4, 4)
    (folder / "themes.safetensors").unlink()
    assert as_bytes(reopened(folder, stamp)) == as_bytes(book)
    events = [(line.theme_id, line.event) for line in lineage(read_log(folder))]
    assert events == [*((theme_id, "birth") for theme_id in book.ids), (two, "death")]


def test_lineage_tells_births_merges_splits_and_ends(book: Book, stamp: Stamp) -> None:
    one, two, three = book.ids
    centroid = np.eye(8, dtype=np.float32)[6]
    new = [part(name, name, centroid, 0.8, terms=(), exemplars=()) for name in ("t_a", "t_b", "t_c")]
    edits = [
        stamp.edit("rename", theme=one, name="x"),
        stamp.edit("propose", part=new[2], family=""),
        stamp.edit("accept", theme="t_c"),
        stamp.edit("split", theme=one, parts=new[:2]),
        stamp.edit("merge", theme=two, into=three),
        stamp.edit("retire", theme="t_b"),
    ]
    assert [(line.theme_id, line.event, line.other_theme_id) for line in lineage(edits)] == [
        ("t_c", "proposed", None),
        ("t_c", "accepted", None),
        ("t_a", "split", one),
        ("t_b", "split", one),
        (two, "merge", three),
        ("t_b", "death", None),
    ]


@pytest.mark.parametrize(
    ("content", "row"),
    [(b"{}\n", 1), (b"no json\n", 1), (b"[]\n", 1), (b"{", 1), (b"\xff\n", 1)],
)
def test_a_damaged_log_is_refused_by_its_line(tmp_path: Path, content: bytes, row: int) -> None:
    (tmp_path / "themes.log.jsonl").write_bytes(content)
    with pytest.raises(BookError, match=rf"themes.log.jsonl, line {row}, is no edit") as refusal:
        read_log(tmp_path)
    assert refusal.value.facts["row"] == row


def test_a_log_cut_off_in_a_line_is_refused(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, book = shelf
    path = folder / "themes.log.jsonl"
    path.write_bytes(path.read_bytes() + as_line(stamp.edit("pin", theme=book.ids[0])).encode()[:-9])
    with pytest.raises(BookError, match="line 2, is no edit of a theme book: it has no end"):
        read_book(folder)


def test_files_that_do_not_belong_together_are_refused(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, book = shelf
    log = folder / "themes.log.jsonl"
    first = log.read_bytes()
    edit_book(folder, book, [stamp.edit("pin", theme=book.ids[0])])
    log.write_bytes(first)
    with pytest.raises(BookError, match=r"themes.log.jsonl has 1 lines, and the book 2"):
        read_book(folder)
    log.unlink()
    with pytest.raises(BookError, match=r"there is themes.toml and no themes.log.jsonl"):
        read_book(folder)
    log.write_text(as_line(stamp.edit("pin", theme=book.ids[0])), "utf-8")
    with pytest.raises(BookError, match="names no fit: its first lines are missing"):
        read_book(folder)


def test_a_lost_fit_is_missed_only_where_it_is_needed(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, _ = shelf
    (fitted,) = (folder / "themes").iterdir()
    fitted.unlink()
    reopened(folder, stamp)
    (folder / "themes.safetensors").unlink()
    with pytest.raises(BookError, match="is missing or altered"):
        read_book(folder)
