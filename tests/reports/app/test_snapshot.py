from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import ContractError, StoreMissing
from pipeline.store.published import open_published
from reports.app.snapshot import Snapshot, current, identity, rows_of

COUNT = "select count(*) as n from fct_segment"
SLOW = "select sum(hash(a.segment_id, b.item_id) % 7) as n from fct_segment as a, fct_item as b, range(40)"


@pytest.fixture
def place(tmp_path: Path, published_file: Path) -> Path:
    return Path(shutil.copy(published_file, tmp_path / "heartline.duckdb"))


def test_a_new_file_is_read_while_a_query_on_the_old_one_goes_on(
    place: Path, tmp_path: Path, publish_again: Callable[..., Path]
) -> None:
    following = publish_again(tmp_path / "next", run_id="r_second", n_customers=30)
    old, found = current(place), []
    thread = threading.Thread(target=lambda: found.append(int(old.fetch(SLOW).n[0])))
    thread.start()
    os.replace(following, place)
    new = current(place)
    assert (new.run_id, int(new.ask(COUNT).n[0])) == ("r_second", 240)
    assert thread.is_alive(), "the query was too quick to show anything"
    thread.join()
    assert (old.run_id, int(old.fetch(COUNT).n[0])) == ("r_first", 1200)
    assert found == [int(old.fetch(SLOW).n[0])]


def test_the_same_file_is_opened_once(place: Path) -> None:
    assert current(place) is current(place)
    assert identity(place) == current(place).identity


def test_answers_are_kept_by_run(place: Path, tmp_path: Path, publish_again: Callable[..., Path]) -> None:
    assert int(current(place).ask(COUNT).n[0]) == 1200
    os.replace(publish_again(tmp_path / "next", run_id="r_other", n_customers=20), place)
    assert int(current(place).ask(COUNT).n[0]) == 160


def test_nothing_is_left_beside_the_file(place: Path) -> None:
    Snapshot(place).ask(COUNT)
    assert [path.name for path in place.parent.iterdir()] == ["heartline.duckdb"]


def test_a_copy_where_no_link_can_be_made_is_for_its_owner_alone(
    place: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies, modes = tmp_path_factory.mktemp("copies"), []

    def cannot(*names: object) -> None:
        raise OSError("no links here")

    def opened(name: Path) -> duckdb.DuckDBPyConnection:
        modes.append((name.parent, oct(name.stat().st_mode & 0o777)))
        return open_published(name)

    monkeypatch.setattr("os.link", cannot)
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    monkeypatch.setattr("reports.app.snapshot.open_published", opened)
    assert int(Snapshot(place).ask(COUNT).n[0]) == 1200
    assert modes == [(copies, "0o600")]
    assert list(copies.iterdir()) == []


def test_a_reader_changes_nothing_and_reaches_no_other_file(place: Path) -> None:
    snapshot = Snapshot(place)
    for sql in ("delete from fct_item", "select * from read_csv('/etc/passwd')", "copy fct_item to '/tmp/x'"):
        with pytest.raises(duckdb.Error):
            snapshot.fetch(sql)


def test_no_file_names_the_next_command(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing) as raised:
        current(tmp_path / "heartline.duckdb")
    assert raised.value.next_command == "heartline run"


@pytest.mark.parametrize("version", ["9.0", "2.0"])
def test_a_file_of_another_schema_or_an_earlier_one_is_refused(place: Path, version: str) -> None:
    with duckdb.connect(str(place)) as connection:
        connection.execute("update meta_run set schema_version = ?", [version])
    with pytest.raises(ContractError, match=f"schema version {version}"):
        Snapshot(place)


def test_rows_have_none_for_what_is_missing_and_printable_text(snapshot: Snapshot) -> None:
    frame = snapshot.ask("select null::double as a, null::varchar as b, 'x' || chr(8238) || 'y' as c, 3 as d")
    assert rows_of(frame) == [{"a": None, "b": None, "c": "xy", "d": 3}]


def test_counts_with_a_gap_stay_whole(snapshot: Snapshot) -> None:
    frame = snapshot.ask("from (values (8, 0.5), (null, 1)) as t(n, share) order by n nulls last")
    assert [repr(row["n"]) for row in rows_of(frame)] == ["8", "None"]
    assert [row["share"] for row in rows_of(frame)] == [0.5, 1.0]
