"""A customer is erased from every file, others stay as they were, and no export brings him back."""

import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from fnmatch import fnmatch
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipeline.audit_log import check_log, read_entries
from pipeline.erase.erase import erase
from pipeline.erase.forgotten import first_day_kept
from pipeline.erase.inventory import INVENTORY, files_in
from pipeline.erase.steps import Place
from pipeline.erase.target import Order
from pipeline.errors import ContractError
from pipeline.progress import Reporter
from pipeline.store.published import open_published
from pipeline.store.work import SETTINGS, open_work
from pipeline.workspace import Workspace

pytestmark = pytest.mark.slow

KINDS = {"work", "published", "audit", "reports", "themes.toml", "themes.safetensors", "wrong_tags.jsonl"}
WRITTEN_BY_THEM = "semi join (from fct_item where customer_id is distinct from ?) using (item_id)"
THEIRS = (
    f"select * exclude (near_duplicate_of) from fct_item as item {WRITTEN_BY_THEM}",
    f"select * exclude (run_id, map_x, map_y) from fct_segment as segment {WRITTEN_BY_THEM}",
    f"select * from fct_item_theme as theme {WRITTEN_BY_THEM}",
    f"select * from fct_audit_label as label {WRITTEN_BY_THEM}",
)


def hits(folder: Path, traces: list[str]) -> dict[str, int]:
    """Files of the workspace but its exports, and how often their bytes, unpacked or not, hold a trace."""
    found = {}
    for path in files_in(Workspace.open(folder)):
        content = path.read_bytes()
        if path.suffix in (".xlsx", ".pptx") and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as parts:
                content += b"".join(parts.read(name) for name in parts.namelist())
        n = sum(content.count(trace.encode()) for trace in traces)
        if n:
            found[path.relative_to(folder).as_posix()] = n
    return found


def example(world: Any) -> str:
    """What a person made a theme of."""
    return str(next(text for text in world.words if "heron" in text))


def others(folder: Path, pseudonym: str) -> list[list[tuple[Any, ...]]]:
    """What the published file says of everybody else."""
    with open_published(folder / "published" / "heartline.duckdb") as published:
        texts = (f"select told::varchar from ({sql}) as told order by 1" for sql in THEIRS)
        return [published.execute(sql, [pseudonym]).fetchall() for sql in texts]


def outcomes(folder: Path) -> dict[str, int]:
    with open_published(folder / "published" / "heartline.duckdb") as published:
        rows = published.execute("select measure, n from meta_quality where source_id = 'all'").fetchall()
    return dict(rows)


@pytest.fixture
def uncompressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written so that their bytes show what they hold."""
    monkeypatch.setitem(SETTINGS, "force_compression", "uncompressed")


def test_every_file_of_a_workspace_is_in_the_inventory(world: Any) -> None:
    files = [path.relative_to(world.folder).as_posix() for path in files_in(Workspace.open(world.folder))]
    unknown = [name for name in files if not any(fnmatch(name, pattern) for pattern, _ in INVENTORY)]
    unused = [pattern for pattern, _ in INVENTORY if not any(fnmatch(name, pattern) for name in files)]
    print(f"{len(files)} files, {len(unknown)} not in the inventory")
    assert unknown == []
    assert len(unused) <= 10, unused


def test_no_byte_of_a_customer_is_left_and_others_stay_as_they_were(
    world: Any, uncompressed: None, run_here: Callable[..., None]
) -> None:
    folder, before = world.folder, hits(world.folder, world.traces)
    theirs, counts = others(folder, world.pseudonym), outcomes(folder)
    assert {Path(name).parts[0] for name in before} >= KINDS, "a kind of file that the test shows nothing of"
    run_here("erase", "--customer", world.customer, "-w", folder)
    left = hits(folder, world.traces)
    n_files = len(files_in(Workspace.open(folder)))
    print(
        f"{sum(before.values())} traces in {len(before)} files before; 0 expected in {n_files} files: {left}"
    )
    assert left == {}
    assert others(folder, world.pseudonym) == theirs
    after = outcomes(folder)
    assert after["erased"] == len(world.item_ids) == counts["accepted"] - after["accepted"]
    parts = ("accepted", "duplicate", "superseded", "quarantined", "erased")
    assert after["records"] == sum(after[part] for part in parts) == counts["records"]


def test_what_was_erased_stays_erased_when_its_exports_come_again(
    world: Any, uncompressed: None, run_here: Callable[..., None]
) -> None:
    folder = world.folder
    run_here("erase", "--customer", world.customer, "-w", folder)
    theirs = others(folder, world.pseudonym)
    (folder / "week8.csv").write_text(
        (folder / "week7.csv").read_text() + f"8-0,{world.customer},2026-02-20,{example(world)}\n"
    )
    run_here("run", "-w", folder)
    assert hits(folder, world.traces) == {}
    assert outcomes(folder)["erased"] == len(world.item_ids) + 2
    for name in ("heartline_work.duckdb", "ledger.jsonl"):
        (folder / "work" / name).unlink()
    run_here("run", "-w", folder)
    assert hits(folder, world.traces) == {}
    assert others(folder, world.pseudonym)[0] == theirs[0]


def test_the_proof_stands_in_the_log_and_names_nobody(
    world: Any, run_here: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace.open(world.folder)
    run_here("erase", "--customer", world.customer, "--dry-run", "-w", world.folder)
    assert f"{len(world.item_ids)} items" in capsys.readouterr().out
    run_here("erase", "--customer", world.customer, "-w", world.folder)
    said = capsys.readouterr().out
    for expected in ("yours, still has it: survey: week0.csv, row 2, record 0-0", "customers: customers.csv",
                     "removed: reports/2025-W01.pdf", "written anew: audit/"):  # fmt: skip
        assert expected in said
    assert (world.folder / "reports" / "2025-W02.html").is_file()
    with open_work(workspace) as connection:
        entries = read_entries(workspace)
        assert check_log(workspace, connection) is None
    proof = entries[-1]
    assert (proof.action, proof.facts["n_items"]) == ("erase", len(world.item_ids))
    assert proof.facts["searched"]["n_found"] == 0 < proof.facts["searched"]["n_needles"]
    assert proof.facts["files"]["published/heartline.duckdb"].keys() == {"before", "after"}
    for path in (workspace.audit_log_file, workspace.erased_file):
        assert not any(trace in path.read_text() for trace in [*world.traces, world.customer])
    run_here("erase", "--customer", world.customer, "-w", world.folder)
    assert "nothing of it is here" in capsys.readouterr().out


def test_a_sheet_saved_again_as_utf_16_is_named_and_the_erasure_stays_open_until_it_is_gone(
    world: Any,
) -> None:
    place = Place(Workspace.open(world.folder), Reporter(), lambda *_: None)
    sheet = next(place.workspace.audit_folder.glob("*anna.csv"))
    copy = sheet.with_name("copy.csv")
    copy.write_text(sheet.read_text(encoding="utf-8-sig"), encoding="utf-16")
    with pytest.raises(ContractError, match=r"^audit/copy\.csv still hold words"):
        erase(place, Order(world.customer))
    copy.unlink()
    erase(place, Order(world.customer))
    assert hits(world.folder, world.traces) == {}
    assert not place.workspace.journal_file.exists()


def test_one_record_is_erased_by_its_source_and_id(world: Any, run_here: Callable[..., None]) -> None:
    before = outcomes(world.folder)
    run_here("erase", "--record", "survey:7-0", "-w", world.folder)
    after = outcomes(world.folder)
    assert (after["erased"], after["accepted"]) == (1, before["accepted"] - 1)
    assert "themes.log.jsonl" not in hits(world.folder, [example(world)])
    with open_published(world.folder / "published" / "heartline.duckdb") as published:
        rows = published.execute("select count(*) from fct_item where customer_id = ?", [world.pseudonym])
        assert rows.fetchone() == (len(world.item_ids) - 1,)


def test_what_is_older_than_the_months_to_keep_goes_the_same_way(
    world: Any, uncompressed: None, run_here: Callable[..., None]
) -> None:
    workspace = Workspace.open(world.folder)
    days = ((months, first_day_kept(workspace, months)) for months in count(1))
    months, day = next((months, day) for months, day in days if day.isoformat() < "2026-02-12")
    oldest = "select count(*) filter (where written_on < ?), count(*) from fct_item"
    with open_published(workspace.published_file) as published:
        n_old, n = published.execute(oldest, [day]).fetchone() or (0, 0)
    assert 0 < n_old < n
    run_here("retain", "--months", str(months), "-w", world.folder)
    (world.folder / "week9.csv").write_text((world.folder / "week0.csv").read_text())
    run_here("run", "-w", world.folder)
    with open_published(workspace.published_file) as published:
        assert published.execute(oldest, [day]).fetchone() == (0, n - n_old)
    settings = world.folder / "heartline.toml"
    settings.write_text(f"retain_months = 1\n{settings.read_text()}")
    run_here("run", "-w", world.folder)
    print(f"{n_old} of {n} items past retention, {outcomes(world.folder)['accepted']} left after one month")
    assert outcomes(world.folder)["accepted"] == 0
    assert read_entries(workspace)[-2].action == "retain"


KILLED = """
import os, sys
from pathlib import Path
folder, customer, killed_at, real = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), os.replace

def dying(part, target):
    if Path(target).name not in killed_at.read_text().splitlines():
        with killed_at.open("a") as names:
            names.write(Path(target).name + os.linesep)
        os.kill(os.getpid(), 9)
    real(part, target)

os.replace = dying
from pipeline.erase.erase import erase
from pipeline.erase.steps import Place
from pipeline.erase.target import Order
from pipeline.progress import Reporter
from pipeline.workspace import Workspace
erase(Place(Workspace.open(folder), Reporter(), lambda *_: None), Order(customer))
"""


def test_an_erasure_killed_at_every_file_in_turn_ends_like_one_left_alone(
    world: Any, tmp_path: Path, uncompressed: None
) -> None:
    undisturbed, killed = tmp_path / "undisturbed", world.folder
    subprocess.run(["cp", "-r", killed, undisturbed], check=True)
    erase(Place(Workspace.open(undisturbed), Reporter(), lambda *_: None), Order(world.customer))
    ends, killed_at = [-signal.SIGKILL], tmp_path / "killed_at"
    killed_at.touch()
    while ends[-1] == -signal.SIGKILL:
        command = [sys.executable, "-c", KILLED, killed, world.customer, killed_at]
        ends.append(subprocess.run(command, capture_output=True, check=False).returncode)
    assert ends[-1] == 0
    digest = "select content_digest from meta_run"
    found = []
    for folder in (undisturbed, killed):
        with open_published(folder / "published" / "heartline.duckdb") as published:
            left = {name for name in hits(folder, world.traces) if not name.startswith("reports/")}
            found.append((published.execute(digest).fetchall(), left, (folder / "themes.toml").read_text()))
    n_kills = len(killed_at.read_text().splitlines())
    print(f"{n_kills} kills, one before each file it replaces; {int(found[0] != found[1])} differences")
    assert n_kills > 10
    assert found[0] == found[1]
    assert found[0][1] == set()


def test_files_that_people_and_programs_left_beside_heartlines_own_stop_no_erasure(
    world: Any, run_here: Callable[..., None]
) -> None:
    archive = world.folder / "reports" / "archive"
    archive.mkdir()
    (archive / "2024-W50.html").write_text(f"<q>{world.words[0]}</q>")
    (world.folder / "reports" / "~$2026-W07.xlsx").write_bytes(b"\x05anna")
    published = world.folder / "published"
    (published / "heartline-unreadable.duckdb").write_bytes(b"torn")
    (published / "notes.txt").write_text("Shown to the board in May.")
    sheet = next((world.folder / "audit").glob("*anna.csv"))
    first, _, rest = sheet.read_bytes().partition(b"\r\n")
    other = b"i_other-001,anna,caf\xe9,caf\xe9,support,anger,-1,yes,\r\n"
    sheet.write_bytes(first + b"\r\n" + other + rest)
    run_here("erase", "--customer", world.customer, "--dry-run", "-w", world.folder)
    run_here("erase", "--customer", world.customer, "-w", world.folder)
    assert list(archive.iterdir()) == []
    assert (published / "notes.txt").read_text() == "Shown to the board in May."
    assert not (published / "heartline-unreadable.duckdb").exists()
    assert (world.folder / "reports" / "~$2026-W07.xlsx").read_bytes() == b"\x05anna"
    assert other in sheet.read_bytes()
    assert hits(world.folder, world.item_ids) == {}
