from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.ingest.contract import FileFacts
from pipeline.ingest.drift import notes_on


def test_columns_that_came_or_went_are_noted_once_and_stop_nothing(
    make_workspace: Callable[..., Path], loading: Any
) -> None:
    files = {
        "a.csv": "id,text,Shop\n1,Good\n",
        "b.csv": "shop,ID,text\n2,Fine,\n",
        "c.csv": "id,text,mood,Agent name\n3,Bad,1,2\n",
        "d.csv": "mood,id,text,shop,agent  NAME\n1,4,Slow,2,3\n",
    }
    folder = make_workspace({"files": files, "quarantine_limit": 1})
    with loading(folder) as loader:
        notes = {load.file_name: load.notes for load in loader.load_all()}
        again = [load.notes for load in loader.load_all()]
    assert notes == {
        "a.csv": (),
        "b.csv": (),
        "c.csv": (
            "2 columns that no file of this source had before, not read unless mapped: 'mood', 'Agent name'",
            "1 column gone that the last file of this source had, none of them mapped: 'shop'",
        ),
        "d.csv": (),
    }
    assert again == [()] * 4


def test_of_many_columns_ten_are_named(make_workspace: Callable[..., Path], loading: Any) -> None:
    with loading(make_workspace({"files": {"a.csv": "id,text\n1,Good\n"}})) as loader:
        loader.load_all()
        facts = FileFacts(("id", "text", *(f"q{number}" for number in range(12))))
        (note,) = notes_on(loader.connection, "survey", facts)
    assert note.startswith("12 columns that no file")
    assert note.endswith("'q9', and 2 more")


def test_a_reordered_file_gives_the_same_items(make_workspace: Callable[..., Path], loading: Any) -> None:
    found = []
    for number, rows in enumerate(["id,text\n1,Good\n", "text,id\nGood,1\n"]):
        folder = make_workspace({"files": {"a.csv": rows}}, folder=f"w{number}")
        (folder / "work").mkdir()
        (folder / "work" / "pseudonym.key").write_bytes(bytes(range(32)))
        with loading(folder) as loader:
            loader.load_all()
            query = "select * exclude (load_id) from item order by item_id"
            found.append(loader.connection.execute(query).fetchall())
    assert found[0] == found[1]
    assert len(found[0]) == 1


def test_ingest_says_what_is_new_about_a_file(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    files = {"a.csv": "id,text\n1,Good\n", "b.csv": "id,text,mood\n2,Bad,1\n"}
    folder = make_workspace({"files": files})
    said = heartline("ingest", "-w", folder)
    assert said.code == 0
    assert (
        "b.csv: 1 column that no file of this source had before, not read unless mapped: 'mood'" in said.err
    )
    assert "no file of this source" not in heartline("ingest", "-w", folder).err
