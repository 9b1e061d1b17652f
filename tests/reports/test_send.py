"""Sending, to a server on this machine: once, to all, without a word on addresses."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline.audit_log import check_log
from pipeline.errors import ConfigError, SendError, StoreLocked
from pipeline.store.work import open_work
from pipeline.workspace import Workspace
from reports.send import send

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
HTML = "<h1>1 alert.</h1>"


@dataclass
class Receiver:
    """A service on this machine that keeps what it gets, and refuses it under the path /no."""

    host: str = ""
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@pytest.fixture
def receiver(socket_enabled: None) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            receiver.got.append((self.path, content))
            self.send_response(500 if self.path == "/no" else 200)
            self.end_headers()

        def log_message(self, *given: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.host = f"127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield receiver
        server.shutdown()


@pytest.fixture
def workspace(make_workspace: Callable[..., Path]) -> Callable[..., Workspace]:
    """A workspace that names these addresses."""

    def make(*urls: str) -> Workspace:
        return Workspace.open(make_workspace(notify__urls=list(urls)))

    return make


def test_every_address_gets_the_digest_once(
    receiver: Receiver, workspace: Callable[..., Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECEIVER", receiver.host)
    place = workspace("json://$RECEIVER/a", "json://${RECEIVER}/b")
    assert send(place, "Larkspur, 2026-W40", HTML) == 2
    assert [(path, told["title"], told["message"]) for path, told in receiver.got] == [
        ("/a", "Larkspur, 2026-W40", HTML),
        ("/b", "Larkspur, 2026-W40", HTML),
    ]
    assert send(place, "Larkspur, 2026-W40", HTML) == 0
    assert len(receiver.got) == 2
    assert send(place, "Larkspur, 2026-W41", HTML + "!") == 2
    assert receiver.host.encode() not in place.sent_file.read_bytes()


def test_the_work_file_remembers_what_was_sent(
    receiver: Receiver, workspace: Callable[..., Workspace]
) -> None:
    place = workspace(f"json://{receiver.host}/a")
    assert send(place, "Larkspur", HTML) == 1
    with open_work(place) as connection:
        assert check_log(place, connection) is None
        place.audit_log_file.write_bytes(b"")
        assert check_log(place, connection) == "line 1 is missing: the work file remembers 1 line"


def test_while_a_job_holds_the_workspace_nothing_is_sent(
    receiver: Receiver, workspace: Callable[..., Workspace]
) -> None:
    place = workspace(f"json://{receiver.host}/a")
    with open_work(place), pytest.raises(StoreLocked):
        send(place, "Larkspur", HTML)
    assert (receiver.got, place.sent_file.exists()) == ([], False)
    assert send(place, "Larkspur", HTML) == 1


def test_an_address_that_does_not_take_it_is_named_by_its_place_alone(
    receiver: Receiver, workspace: Callable[..., Workspace], caplog: pytest.LogCaptureFixture
) -> None:
    place = workspace(f"json://{receiver.host}/a", f"json://key:secret@{receiver.host}/no")
    with caplog.at_level(logging.WARNING, logger="requests"), pytest.raises(SendError) as error:
        send(place, "Larkspur", HTML)
    assert error.value.message == "address 2 of 2 in [notify] urls did not take the digest"
    assert error.value.left_undone == "sent to the 1 before it only; the digest itself is written"
    assert "secret" not in caplog.text + str(error.value.__dict__)
    assert not place.sent_file.exists()


@pytest.mark.parametrize(
    ("urls", "said"),
    [
        ((), "names no address under [notify] urls"),
        (
            ("json://127.0.0.1/a", "nosuch://secret"),
            "an address under [notify] urls, number 2, that apprise",
        ),
        (
            ("json://$NOT_SET_HERE/secret",),
            "has $NOT_SET_HERE in [notify] urls, and the environment",
        ),
    ],
)
def test_what_cannot_be_sent_to_stops_before_anything_is_sent(
    urls: tuple[str, ...], said: str, workspace: Callable[..., Workspace], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConfigError) as error:
        send(workspace(*urls), "Larkspur", HTML)
    assert said in error.value.message
    assert "secret" not in error.value.message + "".join(capfd.readouterr())


def test_addresses_are_not_shown_with_the_settings(workspace: Callable[..., Workspace]) -> None:
    assert "secret" not in repr(workspace("json://key:secret@127.0.0.1").settings)
