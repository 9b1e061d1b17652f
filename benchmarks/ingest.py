"""How fast exports are taken in, and how much memory a big one takes.

    python benchmarks/ingest.py
    python benchmarks/ingest.py --gigabytes 2
    python benchmarks/ingest.py --gigabytes 0.3 --redact-all

Reads a generated CSV by itself, then loads it into a work file with redaction; half of its texts hold digits
or personal data. Rates are of processor time, as other work may share the machine, with wall clock beside
them: names are looked for on a second processor. With `--gigabytes` a file of that size is written to a
temporary folder and stored in one transaction, and what is shown is the memory of the process. Only values
known from the record are redacted there: with `--redact-all`, all the rest too, it takes 20 minutes a GB.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.ingest.load import Loader
from pipeline.ingest.readers import read_rows
from pipeline.progress import Reporter, peak_memory_mb
from pipeline.redact.redactor import Redactor
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

SETTINGS = """
[[sources]]
id = "survey"
kind = "survey"
files = ["export.csv"]
rating_scale = { worst = 1, best = 5 }
[sources.columns]
record_id = "id"
customer_id = "customer"
written_at = "written"
updated_at = "changed"
text = "text"
rating = "stars"
channel = "channel"
attributes = ["region"]
known_values = ["name"]
"""
HEADER = ("id", "customer", "name", "written", "changed", "text", "stars", "channel", "region")
WORDS = (
    "the engineer came two hours late and explained everything but my bill was wrong again since March so I "
    "rang the hotline waited for ages and nobody could tell me when the router I had ordered would arrive"
)
ENDINGS = (
    *("", "\nThank you.", ' They said "soon".', " Still waiting.", " It took 20 minutes."),
    *(" It is order 48213377.", " Ada Lovelace", " Write to ada@example.org."),
)
LETTERS, BIG_LETTERS = 300, 3_000  # of a text


def records(letters: int) -> Iterator[tuple[object, ...]]:
    """Records without end; some have a line break, a quote or an e-mail address in their text."""
    chance = random.Random(7)
    for number in itertools.count():
        words = " ".join(chance.choices(WORDS.split(), k=letters // 5))
        day = f"2025-{1 + number % 12:02d}-{1 + number % 28:02d} {number % 24:02d}:15:00"
        text = words + ENDINGS[number % 8]
        yield number, f"C{number % 50_000}", "Ada Lovelace", day, day, text, 1 + number % 5, "web", "North"


def write_export(path: Path, letters: int, *, rows: int | None = None, size: int = 0) -> None:
    """A CSV of so many rows or bytes."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for number, record in enumerate(records(letters)):
            if number == rows or (rows is None and stream.tell() > size):
                return
            writer.writerow(record)


def timed(what: str, work: Callable[[], int]) -> None:
    """Print how many things a second the work did; it gives their number."""
    clock, processor = time.perf_counter(), time.process_time()
    n = work()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    rate = f"{n / processor:,.0f}/s of processor time"
    print(f"{what}: {rate} ({n:,} in {processor:.1f} s; {clock:.1f} s of clock)")


def measure_speed(workspace: Workspace, rows: int) -> None:
    """Print rates of reading alone and of loading with redaction."""
    path, source = workspace.folder / "export.csv", workspace.settings.sources[0]
    write_export(path, LETTERS, rows=rows)
    timed("read CSV", lambda: sum(1 for _ in read_rows(path, source)))
    with open_work(workspace) as connection:
        loader = Loader(workspace, connection, Reporter())
        loader.redactor.redact("Ring 07700 900123.")
        timed("load with redaction", lambda: loader.load_all()[0].n_records)


def measure_memory(workspace: Workspace, gigabytes: float, *, redact_all: bool) -> None:
    """Print the peak of memory before, while and after a big file is loaded in one transaction."""
    path = workspace.folder / "export.csv"
    write_export(path, BIG_LETTERS, size=int(gigabytes * 1e9))
    print(f"before: {peak_memory_mb():,.0f} MB; the file has {path.stat().st_size / 1e9:.2f} GB")
    with open_work(workspace) as connection:
        loader = Loader(workspace, connection, _MemoryReporter())
        loader.redactor = Redactor.load() if redact_all else Redactor(())
        timed(
            f"load, {'everything' if redact_all else 'known values'} redacted",
            lambda: loader.load_all()[0].n_records,
        )
        print(f"after the load: {peak_memory_mb():,.0f} MB")
        print(connection.execute("select outcome, count(*) from record_outcome group by 1").fetchall())
        print(f"with their outcomes: {peak_memory_mb():,.0f} MB")


class _MemoryReporter(Reporter):
    """Prints the peak of memory every 50,000 records."""

    @contextmanager
    def task(self, what: str, total: int | None, unit: str) -> Iterator[object]:  # type: ignore[override]
        """A piece of work."""
        done = 0

        def advance(n: int) -> None:
            nonlocal done
            before, done = done, done + n
            if before // 50_000 != done // 50_000:
                print(f"{done:,} {unit}: {peak_memory_mb():,.0f} MB", flush=True)

        yield advance


def main() -> None:
    """Print the rates, or the memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--gigabytes", type=float)
    parser.add_argument("--redact-all", action="store_true", help="in the big file too")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "heartline.toml").write_text(SETTINGS, encoding="utf-8")
        workspace = Workspace.open(folder)
        if chosen.gigabytes:
            measure_memory(workspace, chosen.gigabytes, redact_all=chosen.redact_all)
        else:
            measure_speed(workspace, chosen.rows)


if __name__ == "__main__":
    main()
