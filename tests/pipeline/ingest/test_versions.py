"""Which version of an item counts: the same one in whatever order and in whichever files its records come."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SETTINGS = """
[[sources]]
id = "survey"
kind = "survey"
files = ["*.csv"]
quarantine_limit = 1
rating_scale = { worst = 1, best = 5 }
columns = { record_id = "id", written_at = "at", updated_at = "changed", text = "text", rating = "stars" }
"""
HEADER = "row,id,at,changed,text,stars\n"
KEY = bytes(range(32))
FOLDERS = itertools.count()


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Workspaces under one pseudonym key: `make({"a.csv": [...]})`; a row of None ends nothing."""

    def make_one(files: dict[str, list[str]], folder: Path | None = None) -> Path:
        place = folder or tmp_path / f"w{next(FOLDERS)}"
        (place / "work").mkdir(parents=True, exist_ok=True)
        (place / "work" / "pseudonym.key").write_bytes(KEY)
        (place / "heartline.toml").write_text(SETTINGS, encoding="utf-8")
        for name, rows in files.items():
            (place / name).write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return place

    return make_one


@pytest.fixture
def items(loading: Any) -> Callable[..., tuple[Any, ...]]:
    """Loads a workspace; gives its items without where they stand, and the records by outcome."""

    def load(folder: Path, *, in_memory: bool = False) -> tuple[Any, ...]:
        with loading(folder, in_memory=in_memory) as loader:
            loader.load_all()
            rows = loader.connection.execute(
                """
                select text, * exclude (load_id, record_number, text) replace (
                    epoch_us(written_at) as written_at, epoch_us(updated_at) as updated_at
                )
                from item order by record_id
                """
            ).fetchall()
            outcomes = loader.connection.execute("select outcome, count(*) from record_outcome group by 1")
            return rows, dict(outcomes.fetchall())

    return load


def texts(found: tuple[Any, ...]) -> list[str]:
    return [row[0] for row in found[0]]


ROW = st.tuples(
    st.sampled_from(["r1", "r2", "r3", ""]),
    st.sampled_from(["2026-01-05", "2026-01-06", ""]),
    st.sampled_from(["2026-02-01", "2026-02-02T10:00Z", "2026-02-30", ""]),
    st.sampled_from(["Good.", "Bad.", ""]),
    st.sampled_from(["5", "1", "six", ""]),
)


@st.composite
def two_cuts(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """Records, and the same ones shuffled and cut into files."""
    rows = [f"{n},{','.join(cells)}" for n, cells in enumerate(draw(st.lists(ROW, min_size=1, max_size=12)))]
    shuffled = draw(st.permutations(rows))
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=3)))
    bounds = [0, *cuts, len(rows)]
    return rows, [list(shuffled[start:end]) for start, end in itertools.pairwise(bounds)]


@pytest.mark.parametrize("examples", [15, pytest.param(150, marks=pytest.mark.slow)])
def test_any_order_and_any_cut_into_files_gives_the_same_items_and_counts(
    examples: int, make: Any, items: Any
) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(cut=two_cuts())
    def check(cut: tuple[list[str], list[list[str]]]) -> None:
        rows, parts = cut
        whole = items(make({"a.csv": rows}), in_memory=True)
        cut_up = make({f"{number}.csv": part for number, part in enumerate(parts)})
        assert items(cut_up, in_memory=True) == whole
        assert sum(whole[1].values()) == len(rows)

    check()
    print(f"{examples} sets of records in two orders and cuts, 0 differences")


@pytest.mark.parametrize("order", ["abc", "acb", "bac", "bca", "cab", "cba"])
def test_the_order_in_which_files_are_read_does_not_matter(order: str, make: Any, items: Any) -> None:
    rows = {
        "a": ["1,r1,2026-01-05,,First.,", "2,r2,2026-01-05,2026-02-01,Old.,5"],
        "b": ["3,r1,2026-01-05,,Second.,", "4,r2,2026-01-05,2026-02-02,New.,1"],
        "c": ["5,r1,2026-01-05,,First.,", "6,r2,2026-01-05,,Undated.,1"],
    }
    folder = make({})
    for name in order:
        found = items(make({f"{name}.csv": rows[name]}, folder))
    assert found == items(make({f"{name}.csv": lines for name, lines in rows.items()}))
    assert texts(found)[1] == "New."
    assert found[1] == {"accepted": 2, "superseded": 3, "duplicate": 1}


def test_without_an_update_the_later_written_version_counts(make: Any, items: Any) -> None:
    rows = ["1,r1,2026-01-05,,Early.,", "2,r1,2026-01-06,,Late.,", "3,r1,,,Undated.,"]
    assert texts(items(make({"a.csv": rows}))) == ["Late."]


@pytest.mark.parametrize("words", [("Red.", "Blue."), ("Blue.", "Red."), ("One.", "Two."), ("Two.", "One.")])
def test_a_corrected_file_counts_before_what_it_overwrote(
    words: tuple[str, str], make: Any, items: Any
) -> None:
    folder = make({})
    for word in words:
        found = items(make({"a.csv": [f"1,r1,2026-01-05,,{word},", "2,r2,2026-01-05,,Same.,"]}, folder))
    assert sorted(texts(found)) == sorted([words[1], "Same."])
    assert found[1] == {"accepted": 2, "superseded": 1, "duplicate": 1}


def test_what_says_it_was_updated_later_counts_even_where_it_was_overwritten(make: Any, items: Any) -> None:
    folder = make({"a.csv": ["1,r1,2026-01-05,2026-02-02,New.,"]})
    items(folder)
    assert texts(items(make({"a.csv": ["1,r1,2026-01-05,2026-02-01,Old.,"]}, folder))) == ["New."]


def test_records_of_a_file_that_is_gone_stay(make: Any, items: Any) -> None:
    folder = make({"a.csv": ["1,r1,2026-01-05,,Old.,"], "b.csv": ["2,r2,2026-01-05,,Good.,"]})
    before = items(folder)
    (folder / "a.csv").unlink()
    assert items(folder) == before
    assert len(before[0]) == 2


def test_late_records_go_to_the_week_they_were_written_in(make: Any, items: Any, loading: Any) -> None:
    folder = make({"a.csv": ["1,r1,2026-02-02,,On time.,"]})
    items(folder)
    items(make({"b.csv": ["2,r2,2026-01-05,,Late.,"]}, folder))
    with loading(folder) as loader:
        weeks = loader.connection.execute("select week_start::varchar, text from item order by 1").fetchall()
    assert weeks == [("2026-01-05", "Late."), ("2026-02-02", "On time.")]
