import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.store.swap import draft_of, swap

READER = """
import sys
from pathlib import Path
from pipeline.store.published import open_published

path, wanted, runs = Path(sys.argv[1]), int(sys.argv[2]), set()
print("reading", flush=True)
for _ in range(wanted // 4):
    with open_published(path) as connection:
        of_this = set()
        for _ in range(2):
            of_this |= set(connection.execute("select run_id from meta_run").fetchall())
            of_this |= set(connection.execute("select distinct run_id from content").fetchall())
        assert len(of_this) == 1, of_this
        runs |= of_this
print(len(runs))
"""


def build(path: Path, number: int) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"create table meta_run as select date '2026-01-05' as last_week_start, 'r{number}' as run_id"
        )
        connection.execute("create table fct_item as select date '2026-01-05' as week_start")
        connection.execute(f"create table content as select 'r{number}' as run_id from range(5000)")


@pytest.mark.parametrize("n_queries", [480, pytest.param(5_040, marks=pytest.mark.slow)])
def test_readers_see_one_whole_run_while_others_are_built_and_swapped_in(
    n_queries: int, tmp_path: Path
) -> None:
    published = tmp_path / "published" / "heartline.duckdb"
    for number in range(3):
        build(tmp_path / f"r{number}", number)
    with draft_of(published) as draft:
        shutil.copy(tmp_path / "r0", draft)
        swap(draft, published, "r0")
    command = [sys.executable, "-c", READER, str(published), str(n_queries // 3)]
    pipe = subprocess.PIPE
    readers = [subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) for _ in range(3)]
    assert all(reader.stdout is not None and reader.stdout.readline() == "reading\n" for reader in readers)
    n_swaps = 0
    while any(reader.poll() is None for reader in readers):
        n_swaps += 1
        with draft_of(published) as draft:
            shutil.copy(tmp_path / f"r{n_swaps % 3}", draft)
            swap(draft, published, f"r{n_swaps % 3}")
    said = [reader.communicate(timeout=60) for reader in readers]
    errors = sum(reader.returncode != 0 for reader in readers)
    print(f"3 readers, {n_queries:,} queries during {n_swaps} publishes, {errors} errors")
    assert (errors, [err for _, err in said]) == (0, [""] * 3)
    assert all(int(out) > 1 for out, _ in said)
    assert sorted(path.name for path in published.parent.iterdir()) == [
        "heartline-2026-W02.duckdb",
        "heartline.duckdb",
    ]


def fail_in_the_middle(published: Path) -> None:
    with draft_of(published) as draft:
        build(draft, 2)
        raise KeyboardInterrupt


def test_a_draft_that_fails_leaves_nothing_and_the_last_file_stays(tmp_path: Path) -> None:
    published = tmp_path / "heartline.duckdb"
    build(published, 1)
    before = published.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        fail_in_the_middle(published)
    assert [path.name for path in tmp_path.iterdir()] == ["heartline.duckdb"]
    assert published.read_bytes() == before
