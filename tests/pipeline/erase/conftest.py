"""A workspace in which a customer has left words in every kind of file there is."""

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline.redact.pseudonym import Pseudonyms
from pipeline.store.published import open_published
from pipeline.theme_queue import AskedEdit, put_in_queue
from pipeline.workspace import Workspace
from pipeline.wrong_tags import WrongTag, report_wrong_tag

CUSTOMER = "c0-0"
EXAMPLE = "A heron stands on my modem every single morning and will not leave."
FIRST_NAME = "A heron stands on my modem every"


@dataclass(frozen=True)
class World:
    """The workspace; its customer's id, what he wrote, sentence by sentence, his items and his pseudonym."""

    folder: Path
    customer: str
    words: list[str]
    item_ids: list[str]
    pseudonym: str

    @property
    def traces(self) -> list[str]:
        """All that must be gone."""
        return [*self.words, FIRST_NAME, *self.item_ids, self.pseudonym]


def call(*arguments: str | Path) -> None:
    """Run heartline in this process."""
    from reports.cli import main

    before = sys.argv
    sys.argv = ["heartline", *map(str, arguments)]
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise AssertionError(arguments) from ended
    finally:
        sys.argv = before


@pytest.fixture(scope="session")
def world_once(fitted_once: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Themes fitted on six weeks, one more with what a person made a theme of, and all that is made of it."""
    folder = tmp_path_factory.mktemp("erase") / "world"
    shutil.copytree(fitted_once, folder)
    (folder / "customers.csv").write_text(f"id,region\n{CUSTOMER},North\nc0-1,South\n")
    with (folder / "heartline.toml").open("a") as settings:
        settings.write('[customers]\nfile = "customers.csv"\ncustomer_id = "id"\nattributes = ["region"]\n')
    only_weeks = (folder / "heartline.toml").read_text().replace('"*.csv"', '"week*.csv"')
    (folder / "heartline.toml").write_text(only_weeks)
    rows = f"7-0,{CUSTOMER},2026-02-18,{EXAMPLE}\n7-1,c0-1,2026-02-18,Nothing to say about it.\n"
    (folder / "week7.csv").write_text("id,who,at,text\n" + rows)
    call("run", "-w", folder)
    call("themes", "add", FIRST_NAME, "--example", EXAMPLE, "-w", folder)
    call("run", "-w", folder)
    call("themes", "rename", FIRST_NAME, "heron", "-w", folder)
    call("run", "-w", folder)
    call("report", "--xlsx", "--pptx", "-w", folder)
    call("audit", "sample", "--coders", "anna,ben", "--weeks", "all", "--n", "400", "-w", folder)
    _fill_in(folder)
    put_in_queue(folder, AskedEdit("pin", "heron"))
    call("run", "-w", folder)
    with open_published(folder / "published" / "heartline.duckdb") as published:
        pseudonym = Pseudonyms(bytes(range(32))).customer(CUSTOMER)
        rows = published.execute("select item_id from fct_item where customer_id = ?", [pseudonym])
        items = [item for (item,) in rows.fetchall()]
        said = "select distinct text from fct_segment where list_contains(?, item_id) and text != ?"
        words = [text for (text,) in published.execute(said, [items, "Thank you."]).fetchall()]
    found = World(folder, CUSTOMER, words, items, pseudonym)
    for item_id in (items[0], "i_other"):
        wrong = WrongTag(f"{item_id}-001", "stage", "use", None, "r_1")
        report_wrong_tag(Workspace.open(folder), wrong)
    _leave_behind(found)
    return found


def _fill_in(folder: Path) -> None:
    """Anna's sheet, filled in and taken over."""
    sheet = next((folder / "audit").glob("*anna.csv"))
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row |= {"stage": "support", "emotion": "anger", "valence": "-1", "pain": "yes"}
    with sheet.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    call("audit", "import", sheet, "-w", folder)


def _leave_behind(world: World) -> None:
    """An earlier week's page, and what a killed job leaves."""
    (world.folder / "reports" / "2025-W01.html").write_text(f"<q>{world.words[0]}</q>")
    (world.folder / "reports" / "2025-W01.pdf").write_bytes(b"%PDF")
    (world.folder / "reports" / "2025-W02.html").write_text("<q>Of somebody else.</q>")
    published = world.folder / "published" / "heartline.duckdb"
    shutil.copy(published, published.with_name(".heartline.draft.duckdb"))


@pytest.fixture
def world(world_once: World, tmp_path: Path) -> World:
    """A copy of that workspace."""
    folder = shutil.copytree(world_once.folder, tmp_path / "world")
    return replace(world_once, folder=Path(folder))


@pytest.fixture
def run_here() -> Callable[..., None]:
    """The command line in this process; it must end well."""
    return call
