"""A thousand generated files, read in generated ways: every record is accounted for after every step.

The machine reads, reads again, corrects, puts back, brings late records, renames, removes, erases, crashes
and publishes over a real work file, and a model in plain Python says what must then stand in it and in the
published file.
Crashes are exceptions within the transaction of a file; kills of the process have tests of their own.
"""

from __future__ import annotations

import functools
import itertools
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from models.tagger import Tagger
from pipeline.erase.erase import erase
from pipeline.erase.steps import Place
from pipeline.erase.target import Order
from pipeline.ingest.load import Loader
from pipeline.ingest.outcomes import read_outcomes
from pipeline.job import Job
from pipeline.redact.redactor import Redacted, Redactor
from pipeline.store.published import open_published

SETTINGS = """
[[sources]]
id = "survey"
kind = "survey"
files = ["*.csv"]
quarantine_limit = 1
rating_scale = { worst = 1, best = 5 }
columns = { record_id = "id", written_at = "at", updated_at = "changed", text = "text", rating = "stars" }
"""
OUTCOMES = ("accepted", "duplicate", "superseded", "quarantined", "erased")
HEADER = "row,id,at,changed,text,stars\n"
NEVER = ""  # sorts before every date


class Row(NamedTuple):
    """One record of an export. Each value is one that the reader gives back unchanged, or none."""

    id: str
    at: str
    changed: str
    text: str
    stars: str

    @property
    def is_bad(self) -> bool:
        return not self.id or "13-" in self.at or not self.stars.isdigit()


@dataclass
class Model:
    """What was read: the rows of each load, and the number of the load that each name stands for."""

    loads: list[list[Row]] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    def read(self, name: str, rows: list[Row]) -> None:
        """A file with other content than any before it."""
        self.held[name] = len(self.loads)
        self.loads.append(rows)

    def accepted(self) -> dict[str, set[str]]:
        """Texts that may count for each item: more than one only where nothing but a digest decides."""
        versions: dict[str, dict[Row, tuple[str, bool, str]]] = {}
        for number, rows in enumerate(self.loads):
            for row in rows:
                if not row.is_bad and row.id not in self.erased:
                    known = versions.setdefault(row.id, {})
                    stands = number in self.held.values() or (row in known and known[row][1])
                    known[row] = (row.changed, stands, row.at)
        return {
            item: {row.text for row, rank in known.items() if rank == max(known.values())}
            for item, known in versions.items()
        }

    def totals(self) -> tuple[int, ...]:
        """Accepted, duplicate, superseded, quarantined and erased."""
        rows = [row for rows in self.loads for row in rows]
        kept = [row for row in rows if row.id not in self.erased]
        good = [row for row in kept if not row.is_bad]
        items, versions = {row.id for row in good}, set(good)
        doubled, older = len(good) - len(versions), len(versions) - len(items)
        return len(items), doubled, older, len(kept) - len(good), len(rows) - len(kept)


class CrashError(Exception):
    """A fault where nobody expects one."""


class CrashingRedactor(Redactor):
    """A redactor that fails once it was given so many texts."""

    def __init__(self, redactor: Redactor, after: int) -> None:
        self.redactor, self.left = redactor, after

    def redact_many(self, texts: Sequence[str], known_values: Sequence[Sequence[str]]) -> list[Redacted]:
        self.left -= len(texts)
        if self.left < 0:
            raise CrashError
        return self.redactor.redact_many(texts, known_values)

    def redact_label(self, label: str) -> str:
        return self.redactor.redact_label(label)


IDS = ["r1", "r2", "r3", "r4", "r5"]
ROWS = st.lists(
    st.builds(
        Row,
        st.sampled_from([*IDS, ""]),
        st.sampled_from(["2026-03-02", "2026-03-09", "2026-13-01", NEVER]),
        st.sampled_from(["2026-04-01", "2026-04-02", NEVER]),
        st.sampled_from(["Good.", "Bad.", "Slow.", "Süß."]),
        st.sampled_from(["1", "5", "five"]),
    ),
    max_size=6,
)
SEVERAL = st.lists(ROWS, min_size=1, max_size=6)


class Intake(RuleBasedStateMachine):
    """The rules. `loading` and the counts are set by the test."""

    loading: Any
    n_files = n_published = 0
    files = Bundle("files")

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="heartline"))
        (self.folder / "heartline.toml").write_text(SETTINGS, encoding="utf-8")
        self.model, self.numbers, self.is_published = Model(), itertools.count(), False
        self.contents: list[str] = []  # of each load
        self.stack = ExitStack()
        self.open()
        self.read({"always_there.csv": []})

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()
            shutil.rmtree(self.folder)

    def open(self) -> None:
        self.loader: Loader = self.stack.enter_context(type(self).loading(self.folder))

    def write(self, name: str, rows: list[Row]) -> None:
        """Write an export. Its records are numbered anew, so that no two files have the same bytes."""
        lines = [f"{next(self.numbers)},{','.join(row)}\n" for row in rows]
        content = HEADER.replace("row", f"row{next(self.numbers)}") + "".join(lines)
        (self.folder / name).write_text(content)
        type(self).n_files += 1

    def read(self, written: dict[str, list[Row]]) -> Any:
        """Write and read files; whatever else lies there is known."""
        for name, rows in written.items():
            self.write(name, rows)
        new = [load.file_name for load in self.loader.load_all() if load.was_new]
        assert sorted(new) == sorted(written)
        for name in new:
            self.note(name, written[name])
        return multiple(*new)

    def note(self, name: str, rows: list[Row]) -> None:
        """A file has been read."""
        self.model.read(name, rows)
        self.contents.append((self.folder / name).read_text())

    def named(self, several: list[list[Row]]) -> dict[str, list[Row]]:
        return {f"{next(self.numbers)}.csv": rows for rows in several}

    @rule(target=files, several=SEVERAL)
    def ingest(self, several: list[list[Row]]) -> Any:
        return self.read(self.named(several))

    @rule(target=files, several=SEVERAL)
    def bring_late_records(self, several: list[list[Row]]) -> Any:
        late = [[row._replace(at="2026-01-05") for row in rows] for rows in several]
        return self.read(self.named(late))

    @rule(name=files, rows=ROWS)
    def correct(self, name: str, rows: list[Row]) -> None:
        self.read({name: rows})

    @rule(name=files, data=st.data())
    def put_back(self, name: str, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.contents) - 1))
        (self.folder / name).write_text(self.contents[number])
        self.model.held[name] = number
        self.ingest_again()

    @rule()
    def ingest_again(self) -> None:
        assert not any(load.was_new for load in self.loader.load_all())

    @rule(name=consumes(files))
    def rename(self, name: str) -> None:
        (self.folder / name).rename(self.folder / f"renamed_{name}")
        self.model.held[f"renamed_{name}"] = self.model.held.pop(name)
        self.ingest_again()

    @rule(name=files, rows=ROWS)
    def rename_and_correct(self, name: str, rows: list[Row]) -> None:
        other = f"{next(self.numbers)}_{name}"
        (self.folder / name).rename(self.folder / other)
        self.model.held[other] = self.model.held[name]
        self.read({name: rows})

    @rule(name=consumes(files))
    def remove(self, name: str) -> None:
        (self.folder / name).unlink()
        self.ingest_again()

    @rule(target=files, rows=ROWS, data=st.data())
    def crash_and_start_again(self, rows: list[Row], data: st.DataObject) -> str:
        rows = [*rows, Row("never erased", NEVER, NEVER, "Good.", "5")]
        name = f"{next(self.numbers)}.csv"
        self.write(name, rows)
        redactor = self.loader.redactor
        n_texts = 2 * sum(not row.is_bad and row.id not in self.model.erased for row in rows)
        self.loader.redactor = CrashingRedactor(redactor, data.draw(st.integers(0, n_texts - 1)))
        with pytest.raises(CrashError):
            self.loader.load_all()
        self.everything_is_accounted_for()
        self.stack.close()
        self.open()
        self.everything_is_accounted_for()
        assert [load.file_name for load in self.loader.load_all() if load.was_new] == [name]
        self.note(name, rows)
        return name

    @precondition(lambda self: not self.model.erased)  # it takes a second: once in a workspace
    @rule(item=st.sampled_from(IDS))
    def erase_an_item(self, item: str) -> None:
        self.stack.close()
        place = Place(self.loader.workspace, self.loader.reporter, lambda *_: None)
        erase(place, Order(record_id=item, source_id="survey"))
        self.model.erased.add(item)
        self.open()

    @precondition(lambda self: not self.is_published)  # it takes seconds: once in a workspace
    @rule()
    def publish(self) -> None:
        Job(self.loader.workspace, self.loader.connection, self.loader.reporter).after_ingest()
        with open_published(self.folder / "published" / "heartline.duckdb") as file:
            found = file.execute("select outcome, count(*) from meta_load group by outcome").fetchall()
            items = file.execute("select record_id, text from fct_item").fetchall()
        outcomes = dict(zip(OUTCOMES, self.model.totals(), strict=True))
        assert dict(found) == {outcome: n for outcome, n in outcomes.items() if n}
        self.items_are_those_accepted(items)
        self.is_published = True
        type(self).n_published += 1

    @invariant()
    def everything_is_accounted_for(self) -> None:
        outcomes, loads = read_outcomes(self.loader.connection), self.model.loads
        assert sorted(file.n_records for file in outcomes) == sorted(map(len, loads))
        counts = [[getattr(file, name) for name in OUTCOMES] for file in outcomes]
        assert [file.n_records for file in outcomes] == [sum(by_outcome) for by_outcome in counts]
        assert tuple(map(sum, zip(*counts, strict=True))) == self.model.totals()
        items = self.loader.connection.execute("select record_id, text from item").fetchall()
        self.items_are_those_accepted(items)

    def items_are_those_accepted(self, items: list[tuple[str, str]]) -> None:
        """Each item once, with a text that may count for it."""
        assert len(items) == len(dict(items))
        accepted = self.model.accepted()
        assert {record for record, _ in items} == set(accepted)
        assert all(text in accepted[record] for record, text in items)


@pytest.fixture
def machine(loading: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Intake]]:
    Intake.loading, Intake.n_files, Intake.n_published = staticmethod(loading), 0, 0
    monkeypatch.setattr(Tagger, "load", functools.cache(Tagger.load))
    return Intake


@pytest.mark.parametrize("n_files", [100, pytest.param(1_000, marks=pytest.mark.slow)])
def test_every_record_of_generated_files_is_accounted_for_at_every_step(
    n_files: int, machine: type[Intake]
) -> None:
    for number in itertools.count():  # a seed each, or every round makes the same files where CI is set
        if machine.n_files >= n_files and machine.n_published:
            break
        run_state_machine_as_test(
            seed(number)(machine),
            settings=settings(
                max_examples=3, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    print(
        f"{machine.n_files} generated files, every record accounted for after every step "
        f"and in {machine.n_published} published files"
    )
