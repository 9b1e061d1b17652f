"""How many planted near-copies are found, by kind of edit, and how long it takes to look for them.

    python benchmarks/near_duplicates.py WORKSPACE [--copies 500] [--texts 1000000]

Reads the texts of a workspace that `heartline tag` has been through; writes nothing there. For each kind of
edit it plants copies of so many texts among all of them, and counts those that are marked with the group of
their original, with Clopper and Pearson's interval. Then it times so many made texts of three of the
workspace's sentences each, twice: the second time they are known, as in next week's run.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from scipy.stats import binomtest

from models.near_duplicates import words_of
from pipeline.near_duplicates import mark_near_duplicates
from pipeline.progress import Reporter, peak_memory_mb
from pipeline.store.work import SETTINGS, read_sql
from pipeline.workspace import Workspace

LEAST_WORDS = 20
MORE = ("please", "answer", "soon", "this", "cannot", "go", "on", "for", "my", "family", "any", "longer")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--copies", type=int, default=500)
    parser.add_argument("--texts", type=int, default=1_000_000)
    arguments = parser.parse_args()
    source = Workspace.open(arguments.workspace).work_file
    with tempfile.TemporaryDirectory(dir=arguments.workspace.parent) as folder:
        _plant(Path(folder), source, arguments.copies)
        _time(Path(folder), source, arguments.texts)


def _plant(folder: Path, source: Path, n_copies: int) -> None:
    with _work(folder / "planted.duckdb", source) as connection:
        texts = connection.execute("select text from source.worded_item order by item_id").fetchall()
        _insert(connection, "whole", "select item_id, text from source.worded_item")
        chance = random.Random(7)
        long = [text for (text,) in texts if len(words_of(text)) >= LEAST_WORDS]
        for kind, edit in EDITS.items():
            planted = [
                (f"{kind}-{number}", edit(text, chance), text)
                for number, text in enumerate(chance.sample(long, n_copies))
            ]
            connection.execute("create temp table planted (item_id varchar, text varchar, original varchar)")
            connection.executemany("insert into planted values (?, ?, ?)", planted)
            _insert(connection, kind, "select item_id, text from planted")
            mark_near_duplicates(connection, Reporter())
            n_found = _number(connection, FOUND)
            low, high = binomtest(n_found, n_copies).proportion_ci()
            print(
                f"{kind}: {n_found} of {n_copies} found, {n_found / n_copies:.3f} [{low:.3f}, {high:.3f}]",
                flush=True,
            )
            connection.execute("delete from record where item_id in (select item_id from planted)")
            connection.execute("drop table planted")


FOUND = """
    with earliest as (
        select
            item_id,
            text,
            coalesce(near_duplicate_of, item_id) as group_id
        from worded_item
        left join near_duplicate using (item_id)
    )

    select count(distinct planted.item_id)
    from planted
    inner join earliest as copy using (item_id)
    inner join earliest as original on planted.original = original.text and copy.group_id = original.group_id
"""


def _one_word_in(n: int) -> Callable[[str, random.Random], str]:
    def edit(text: str, chance: random.Random) -> str:
        words = text.split()
        for place in chance.sample(range(len(words)), max(1, len(words) // n)):
            words[place] = "another"
        return " ".join(words)

    return edit


def _a_fifth_more(text: str, chance: random.Random) -> str:
    n_added = max(2, len(text.split()) // 5)
    return f"{text} {' '.join(chance.choice(MORE) for _ in range(n_added))}"


def _a_fifth_less(text: str, chance: random.Random) -> str:
    words = text.split()
    return " ".join(words[: len(words) - len(words) // 5])


def _signs_and_case(text: str, chance: random.Random) -> str:
    return "".join(letter.upper() if chance.random() < 0.5 else letter for letter in text).replace(",", " -")


def _names_filled_in(text: str, chance: random.Random) -> str:
    words = text.split()
    for place in chance.sample(range(len(words)), 3):
        words.insert(place, chance.choice(["<PERSON>", "<ACCOUNT>", "XXXX"]))
    return " ".join(words)


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "the same again": lambda text, _: text,
    "capitals and punctuation": _signs_and_case,
    "three placeholders more": _names_filled_in,
    "one word in twenty changed": _one_word_in(20),
    "one word in ten changed": _one_word_in(10),
    "a fifth added": _a_fifth_more,
    "the last fifth cut": _a_fifth_less,
}


def _time(folder: Path, source: Path, n_texts: int) -> None:
    with _work(folder / "made.duckdb", source) as connection:
        rows = connection.execute("select text from source.segment order by segment_id").fetchall()
        sentences = [text for (text,) in rows]
        chance = random.Random(11)
        for start in range(0, n_texts, 50_000):
            made = [" ".join(chance.choices(sentences, k=3)) for _ in range(min(50_000, n_texts - start))]
            connection.execute("create temp table made as select unnest($texts) as text", {"texts": made})
            _insert(
                connection, f"from {start}", f"select 'm' || (rowid + {start}) as item_id, text from made"
            )
            connection.execute("drop table made")
        for turn in ("first", "again"):
            started, used = time.perf_counter(), time.process_time()
            mark_near_duplicates(connection, Reporter())
            print(
                f"{n_texts:,} texts, {turn}: {time.perf_counter() - started:.0f} s, "
                f"{time.process_time() - used:.0f} s of processor time; "
                f"{_number(connection, 'select count(*) from near_duplicate'):,} near-copies; "
                f"peak memory {peak_memory_mb():,.0f} MB",
                flush=True,
            )


def _work(file: Path, source: Path) -> duckdb.DuckDBPyConnection:
    """An empty work file, with the workspace's own attached for reading."""
    connection = duckdb.connect(str(file), config=SETTINGS)
    connection.execute(read_sql("work_schema"))
    connection.execute(f"attach '{source}' as source (read_only)")
    return connection


def _insert(connection: duckdb.DuckDBPyConnection, load_id: str, items: str) -> None:
    connection.execute(
        f"""
        insert into record by name
        select
            ? as load_id, row_number() over () as record_number, 'made' as source_id, item_id,
            md5(text) as content_digest, text, true as has_text, false as is_filler
        from ({items})
        """,
        [load_id],
    )


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
