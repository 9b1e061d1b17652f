import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import StoreLocked
from pipeline.store.lock import held

# Two forks a race start at once. The winner holds the work file until the loser has ended.
RACES = """
import json
import os
import sys
import time
from pathlib import Path
import pandas  # DuckDB imports it at the first statement with values, each fork for itself
import pyarrow
from pipeline.errors import StoreLocked
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

workspace = Workspace.open(Path(sys.argv[1]))

def compete(start, answers, release):
    os.read(start, 1)
    began = time.monotonic()
    try:
        with open_work(workspace):
            os.write(answers, json.dumps({"pid": os.getpid(), "won": True}).encode() + b"\\n")
            os.read(release, 1)
        os._exit(0)
    except StoreLocked as error:
        seconds = time.monotonic() - began
        about = {"pid": os.getpid(), "won": False, "holder": error.facts["holder"], "seconds": seconds}
        os.write(answers, json.dumps(about).encode() + b"\\n")
        os._exit(error.exit_code)

for race in range(int(sys.argv[2])):
    (start, go), (heard, answers), (release, let_go) = os.pipe(), os.pipe(), os.pipe()
    pids = []
    for _ in range(2):
        pids.append(os.fork())
        if not pids[-1]:
            os.close(let_go)
            compete(start, answers, release)
    os.write(go, b"12")
    said = b""
    while said.count(b"\\n") < 2:
        said += os.read(heard, 4096)
    os.close(let_go)
    codes = {pid: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids}
    print(json.dumps([about | {"code": codes[about["pid"]]} for about in map(json.loads, said.splitlines())]))
    for end in (start, go, heard, answers, release):
        os.close(end)
"""


@pytest.mark.parametrize("n_races", [5, pytest.param(100, marks=pytest.mark.slow)])
def test_of_two_jobs_at_once_one_wins_and_the_other_says_at_once_who_holds_the_file(
    n_races: int, make_workspace: Callable[..., Path]
) -> None:
    folder = make_workspace({"files": {"a.csv": "id,text\n1,Good\n"}})
    command = [sys.executable, "-c", RACES, str(folder), str(n_races)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    races = [json.loads(line) for line in done.stdout.splitlines()]
    single = 0
    for race in races:
        (winner,), (loser,) = ([one for one in race if one["won"] is won] for won in (True, False))
        assert loser["holder"].startswith(f"process {winner['pid']}, since 20")
        assert (winner["code"], loser["code"]) == (0, 4)
        assert loser["seconds"] < 2
        single += 1
    print(f"{n_races} races, {single} with one winner")
    assert single == n_races


def test_who_wrote_into_the_lock_file_and_died_is_not_believed(tmp_path: Path) -> None:
    lock, ended = tmp_path / "lock", subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    lock.write_text(f"process {ended.pid}, since 2026-01-01 00:00:00 UTC")
    with lock.open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(StoreLocked) as caught, held(lock, tmp_path / "work"):
            pass
    assert caught.value.facts["holder"] == "a process that has not said which it is"
    with held(lock, tmp_path / "work"):
        assert lock.read_text().startswith(f"process {os.getpid()}, since 20")
