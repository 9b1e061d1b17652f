"""Kills, torn files, a full disk and full memory: what is run again ends like a run that was left alone."""

import json
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.errors import StoreDamaged
from pipeline.store.ledger import LEDGER_NAME, read_lines
from pipeline.store.published import open_published
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

pytestmark = pytest.mark.slow
SUBJECTS = (
    "The engineer missed the appointment on {} and never called back.",
    "The price went up on {} without any warning at all.",
    "The router firmware restarts itself every {} in the evening.",
)
SETTINGS = """
[curve]
resamples = 99
suppressed_below = 2
hollow_below = 2
[[sources]]
id = "survey"
kind = "survey"
files = ["a.csv", "b.csv"]
columns = { record_id = "id", customer_id = "who", written_at = "at", text = "text" }
[customers]
file = "customers.csv"
customer_id = "who"
"""
# In the order in which a run comes by them; each is met by a run that resumes from the one before.
POINTS = (
    "migration: before commit", "load: in a file", "load: before commit", "load: committed", "load: noted",
    "customers: before commit", "customers: committed",
    "languages: before commit", "languages: committed", "near-copies: before commit", "near-copies: noted",
    "segment: before commit", "segment: committed", "segment: noted",
    "encode: before commit", "encode: committed", "encode: noted",
    "tag: before commit", "tag: committed", "tag: noted",
    "themes.log.jsonl: written", "themes.log.jsonl: replaced",
    "themes.toml: written", "themes.toml: replaced", "themes.safetensors: written",
    "themes: before commit", "themes: committed", "themes: noted",
    "publish: half built", "publish: built", "publish: kept", "publish: swapped",
    "done: before commit", "done: committed",
    "2026-W04.html: written", "2026-W04.html: replaced",
    "2026-W04-alerts.html: written", "2026-W04-alerts.html: replaced",
)  # fmt: skip
KILLS = 50
MUTATIONS = 50
WORK = "heartline_work.duckdb"


@dataclass
class Forks:
    """A process that runs commands in forks of itself."""

    process: subprocess.Popen[str]
    said: Path
    answers: list[dict[str, Any]] = field(default_factory=list)

    def run(self, folder: Path, command: str = "run", **how: Any) -> int:
        """The exit code of a command, negative where a signal ended it."""
        order = {"arguments": [command, "-w", str(folder)], "said": str(self.said), **how}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        self.answers.append(json.loads(self.process.stdout.readline()))
        return int(self.answers[-1]["code"])


FORK_SERVER = [sys.executable, str(Path(__file__).with_name("fork_server.py"))]


@contextmanager
def forking(command: list[str], said: Path) -> Iterator[Forks]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Forks(process, said)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    with forking(FORK_SERVER, tmp_path_factory.mktemp("forks") / "said") as forks:
        yield forks


def make(folder: Path) -> Path:
    """A workspace of 48 records in two files, with the same pseudonym key as all others."""
    (folder / "work").mkdir(parents=True)
    (folder / "work" / "pseudonym.key").write_bytes(bytes(range(32)))
    for name, first, last in (("a", 0, 30), ("b", 30, 48)):
        rows = (
            f"{n},c{n % 20},2026-01-{5 + n % 21:02d},{SUBJECTS[n % 3].format(f'{n} May')} Sort this out.\n"
            for n in range(first, last)
        )
        (folder / f"{name}.csv").write_text("id,who,at,text\n" + "".join(rows), encoding="utf-8")
    (folder / "customers.csv").write_text("who\n" + "".join(f"c{n}\n" for n in range(20)), encoding="utf-8")
    (folder / "heartline.toml").write_text(SETTINGS)
    return folder


def outcome(folder: Path) -> dict[str, Any]:
    """What a workspace says to its readers: digest and run of the published file, bytes of all reports."""
    with open_published(folder / "published" / "heartline.duckdb") as connection:
        facts = connection.execute("select content_digest, run_id from meta_run").fetchone()
    reports = {path.name: path.read_bytes() for path in (folder / "reports").iterdir()}
    left = [path.name for path in folder.rglob("*") if path.suffix in {".part", ".keep", ".wal"}]
    files = sorted(path.name for path in (folder / "published").iterdir())
    return {"published": facts, "reports": reports, "left over": left, "files": files}


@pytest.fixture(scope="module")
def undisturbed(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The outcome of a run that nothing disturbed."""
    folder = make(tmp_path_factory.mktemp("undisturbed") / "workspace")
    assert forks.run(folder) == 0, forks.said.read_text()
    return outcome(folder)


def test_a_run_killed_anywhere_and_run_again_ends_like_one_that_was_left_alone(
    forks: Forks, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    whole, generator = forks.answers[-1]["seconds"], random.Random(7)
    folder = make(tmp_path / "named")
    for point in POINTS:
        assert forks.run(folder, crash_at=point) == -signal.SIGKILL, point
    workspaces, n_random = [folder], 0
    while n_random < KILLS - len(POINTS):
        folder = make(tmp_path / f"random{len(workspaces)}")
        workspaces.append(folder)
        while n_random < KILLS - len(POINTS):
            if forks.run(folder, kill_after=generator.uniform(0, whole * 0.7)) == 0:
                break
            n_random += 1
    differences = 0
    for folder in workspaces:
        assert forks.run(folder) == 0, forks.said.read_text()
        differences += outcome(folder) != undisturbed
    print(f"{len(POINTS) + n_random} kills, {differences} differences")
    assert differences == 0


def state(connection: duckdb.DuckDBPyConnection) -> tuple[Any, ...]:
    """All rows of all tables but the ledger, read from the first byte to the last."""
    tables = connection.execute(
        "select table_name from duckdb_tables() where not temporary and table_name != 'ledger' order by 1"
    ).fetchall()
    return tuple(
        connection.execute(f"select count(*), bit_xor(md5_number({name}::varchar)) from {name}").fetchone()
        for (name,) in tables
    )


def truncated(content: bytes, generator: random.Random) -> bytes:
    return content[: generator.randrange(len(content))]


def torn(content: bytes, generator: random.Random) -> bytes:
    start = generator.randrange(len(content))
    return content[:start] + bytes(len(content) - start)


def flipped(content: bytes, generator: random.Random) -> bytes:
    place = generator.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << generator.randrange(8)]) + content[place + 1 :]


def deleted(content: bytes, generator: random.Random) -> None:
    return None


def mutations() -> Iterator[tuple[str, Callable[..., bytes | None]]]:
    """Which file of the store is changed, and how."""
    wal = f"{WORK}.wal"
    kinds = [(wal, truncated, 14), (wal, torn, 8), (wal, flipped, 8), (wal, deleted, 1), (WORK, deleted, 1)]
    kinds += [(WORK, flipped, 8), (WORK, truncated, 4), (WORK, torn, 2)]
    kinds += [(LEDGER_NAME, truncated, 2), (LEDGER_NAME, flipped, 1), (LEDGER_NAME, deleted, 1)]
    for name, mutate, times in kinds:
        yield from [(name, mutate)] * times


def test_a_work_file_torn_anywhere_is_refused_or_told_or_unharmed_and_never_silently_different(
    forks: Forks, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    killed, generator = make(tmp_path / "killed"), random.Random(11)
    assert forks.run(killed, "ingest") == 0
    assert forks.run(killed, crash_at="publish: swapped") == -signal.SIGKILL
    copy = Path(shutil.copytree(killed, tmp_path / "copy"))
    with open_work(Workspace.open(copy)) as connection:
        whole = state(connection)
    counts = {"refused": 0, "told": 0, "unharmed": 0, "different": 0}
    resumable: dict[tuple[Any, ...], tuple[str, Path]] = {}
    for number, (name, mutate) in enumerate(mutations()):
        folder = Path(shutil.copytree(killed, tmp_path / f"torn{number}"))
        path = folder / "work" / name
        content = mutate(path.read_bytes(), generator)
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        found = opened(folder)
        kind = found if isinstance(found, str) else "unharmed" if found == whole else "told"
        if kind == "told" and not any(line.step == "lost" for line in lines_of(folder)):
            kind = "different"
        counts[kind] += 1
        if not isinstance(found, str):
            # Damage of the file itself may lie where only a run reads it, in an index: each is run again.
            resumable.setdefault((found, number if name == WORK else None), (kind, folder))
    for kind, folder in resumable.values():
        if forks.run(folder) == 0:
            counts["different"] += outcome(folder) != undisturbed
        else:
            assert "heartline_work.duckdb cannot be read: " in forks.said.read_text()
            counts[kind] -= 1
            counts["refused"] += 1
    print(f"{sum(counts.values())} mutations, {len(resumable)} states resumed: {counts}")
    assert sum(counts.values()) == MUTATIONS
    assert counts["different"] == 0
    assert min(counts["refused"], counts["told"], counts["unharmed"]) > 0


def lines_of(folder: Path) -> list[Any]:
    return read_lines(folder / "work" / LEDGER_NAME)


def opened(folder: Path) -> tuple[Any, ...] | str:
    """All that the work file says when it is opened; `refused` where that is an error with advice."""
    try:
        with open_work(Workspace.open(folder)) as connection:
            return state(connection)
    except StoreDamaged as error:
        return "refused" if error.next_command else "different"


LIMITS = {
    "file": ("no room to write", (20_000, 150_000, 500_000, 900_000, 2_000_000)),
    "memory": ("out of memory", (20_000_000, 30_000_000, 80_000_000, 110_000_000, 160_000_000, 200_000_000)),
}
# OpenBLAS aborts, and the loader exits, where memory ends within them: that is a kill, and takes up like one.
ENDED_BY_A_LIBRARY = (-signal.SIGABRT, 127)


def is_clear(said: str, finding: str) -> bool:
    return f"error: {finding}" in said and "fault of heartline" not in said


@pytest.mark.parametrize("of", LIMITS)
def test_a_run_without_room_ends_clearly_keeps_what_it_had_and_takes_up_again(
    of: str, forks: Forks, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    finding, sizes = LIMITS[of]
    folder, n_told, n_ended = make(tmp_path / "workspace"), 0, 0
    for size in sizes:
        code = forks.run(folder, limit=[of, size])
        said = forks.said.read_text()
        assert code in (0, 1, *(ENDED_BY_A_LIBRARY if of == "memory" else ())), said
        n_ended += code not in (0, 1)
        if code == 1:
            n_told += 1
            assert is_clear(said, finding)
        if code in (0, 1):
            assert [path.name for path in folder.rglob(".*")] == []
    assert forks.run(folder) == 0, forks.said.read_text()
    print(f"{n_told} runs without room for {of} told, {n_ended} ended by a library, 0 rows lost")
    assert n_told > 2
    assert outcome(folder) == undisturbed


DISK = 64_000_000
FREE = (0, 500_000, 1_200_000, 2_500_000, 4_000_000, 9_000_000)


def test_a_run_on_a_full_disk_ends_clearly_keeps_what_it_had_and_takes_up_again(
    undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    small = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    mount = f'mount -t tmpfs -o size={DISK} none "$0"'
    disk = tmp_path / "disk"
    disk.mkdir()
    can = shutil.which("unshare") and subprocess.run([*small, mount, disk], capture_output=True, check=False)
    if not can or can.returncode:
        pytest.skip("this machine lets its users mount no disk of their own")
    command = [*small, f'{mount} && exec "$@"', str(disk), *FORK_SERVER]
    with forking(command, tmp_path / "said") as forks:
        seen = Path(f"/proc/{forks.process.pid}/root{disk}")
        folder, filler, n_told = make(seen / "workspace"), seen / "filler", 0
        for free in FREE:
            filler.write_bytes(bytes(shutil.disk_usage(seen).free - free))
            code, said = forks.run(disk / "workspace"), forks.said.read_text()
            assert code in (0, 1), said
            if code:
                n_told += 1
                assert is_clear(said, "no room to write")
            assert [path.name for path in folder.rglob(".*")] == []
            filler.unlink()
        assert forks.run(disk / "workspace") == 0, forks.said.read_text()
        print(f"{n_told} runs on a full disk told, 0 rows lost")
        assert n_told > 3
        assert outcome(Path(shutil.copytree(folder, tmp_path / "copy"))) == undisturbed
