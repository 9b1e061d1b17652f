"""No network at run time: which tests may open a socket, which modules could, and a run that has none."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OWN = Path(__file__).relative_to(ROOT).as_posix()
# They drive Chromium, or serve the explorer to it, on this machine.
WITH_SOCKETS = {
    "tests/pipeline/audit/test_form.py",
    "tests/reports/app/test_explorer_browser.py",
    "tests/reports/app/test_further_pages_browser.py",
    "tests/reports/app/test_gate_browser.py",
    "tests/reports/app/test_payloads_browser.py",
    "tests/reports/app/test_serve.py",
    "tests/reports/test_browser.py",
    "tests/reports/test_digest.py",
}
# They answer themselves, at 127.0.0.1, what is sent when somebody asks for it.
WITH_LOOPBACK = {"tests/pipeline/cli/test_theme_names.py", "tests/reports/test_send.py"}
CLIENTS = re.compile(
    r"^\s*(?:import|from) (socket|ssl|http\.client|urllib\.request|urllib3|requests|httpx|aiohttp|ftplib"
    r"|smtplib|pg8000|apprise|websockets|webbrowser|huggingface_hub)\b",
    re.MULTILINE,
)
MAY_ASK = {
    ("pipeline/name_by_endpoint.py", "http.client"),  # heartline themes name, where an endpoint is named
    ("pipeline/name_by_endpoint.py", "urllib.request"),
    ("pipeline/ingest/postgres_table.py", "pg8000"),  # a database that a workspace names
    ("pipeline/ingest/postgres_table.py", "ssl"),
    ("reports/send.py", "apprise"),  # heartline alert digest --send, to addresses that are named
    ("reports/cli.py", "webbrowser"),  # opens the explorer
    ("reports/app/place.py", "socket"),  # looks for a free port
    ("reports/app/serve.py", "socket"),
}
NO_NETWORK = """
import socket, sys

def refuse(*given, **named):
    print("NETWORK", given, file=sys.stderr)
    raise OSError("there is no network here")

socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse
"""
SENTENCES = (
    "The engineer never came and nobody called me back about it.",
    "Thank you for it; the new router works very well.",
    "The bill was wrong again and I had to ring three times.",
)


def test_only_those_that_drive_a_browser_or_answer_themselves_may_open_sockets() -> None:
    marked: dict[str, set[str]] = {"enable_socket": set(), "allow_hosts": set()}
    for path in (ROOT / "tests").rglob("*.py"):
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        for mark, names in marked.items():
            if f"mark.{mark}" in text and name != OWN:
                names.add(name)
    assert marked == {"enable_socket": WITH_SOCKETS, "allow_hosts": WITH_LOOPBACK}
    assert "--disable-socket" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_a_test_without_a_mark_has_no_socket() -> None:
    import socket

    from pytest_socket import SocketBlockedError

    with pytest.warns(UserWarning, match="socket"), pytest.raises(SocketBlockedError):
        socket.socket()


def test_only_what_a_person_asks_for_knows_a_network() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), client)
        for package in ("models", "pipeline", "reports")
        for path in (ROOT / package).rglob("*.py")
        for client in CLIENTS.findall(path.read_text(encoding="utf-8"))
    }
    assert found == MAY_ASK


def without_network() -> list[str]:
    """What starts a process in an empty network of its own; nothing where that is forbidden."""
    try:
        tried = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return []
    return [] if tried.returncode else ["unshare", "-rn"]


@pytest.mark.slow
def test_a_run_and_its_reports_need_no_network(
    make_workspace: Callable[..., Path], heartline_command: list[str]
) -> None:
    rows = "".join(
        f"{number},c{number % 20},{date(2026, 1, 5) + timedelta(days=number // 2)},{SENTENCES[number % 3]}\n"
        for number in range(60)
    )
    columns = {"record_id": "id", "customer_id": "who", "written_at": "at", "text": "text"}
    folder = make_workspace({"files": {"a.csv": f"id,who,at,text\n{rows}"}, "columns": columns})
    python, flag, launcher = heartline_command
    assert python == sys.executable
    prefix = without_network()
    said = ""
    for command in (("run",), ("report", "--xlsx", "--pptx"), ("alert",), ("doctor",)):
        done = subprocess.run(
            [*prefix, python, flag, NO_NETWORK + launcher, *command, "-w", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        said += done.stderr
        assert done.returncode == 0, done.stderr
    tried = re.findall("^NETWORK.*", said, re.MULTILINE)
    kind = "in a network of its own" if prefix else "with sockets taken away"
    print(f"run, reports, digest and doctor {kind}: {len(tried)} tries to reach anything")
    assert tried == []
    assert {path.suffix for path in (folder / "reports").iterdir()} == {".html", ".md", ".xlsx", ".pptx"}
