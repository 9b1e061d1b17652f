from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import ConfigError, ContractError
from reports.app.serve import ADDRESS, OPTIONS, PORT, free_port, serve

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind((ADDRESS, 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_was_named_and_is_taken_is_an_error(taken: int) -> None:
    with pytest.raises(ConfigError, match=f"port {taken} of 127.0.0.1 is taken"):
        free_port(taken)


def test_without_a_name_the_next_free_port_is_used() -> None:
    first = free_port(None)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((ADDRESS, first))
        other.listen()
        assert first < free_port(None) < PORT + 20


def test_a_file_of_an_earlier_version_is_refused_with_the_next_command(
    publish: Callable[..., Path],
) -> None:
    path = publish(scale=0.05, n_weeks=6, gap=(), hostile=False)
    with duckdb.connect(str(path)) as connection:
        connection.execute("drop table dim_language")
    with pytest.raises(ContractError, match="cannot be explored: it lacks a table") as refused:
        serve(path, None, print)
    assert refused.value.next_command == "heartline run"


@pytest.mark.slow
def test_many_small_files_come_without_a_wait_for_each(address: str) -> None:
    """A server that waits for the receipt of each head sends the body 40 ms later."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    seconds = []
    for _ in range(10):
        started = time.perf_counter()
        connection.request("GET", "/_stcore/health")
        connection.getresponse().read()
        seconds.append(time.perf_counter() - started)
    assert min(seconds[1:]) < 0.03


def test_the_explorer_answers_this_machine_alone_and_tells_nobody() -> None:
    assert OPTIONS["server.address"] == "127.0.0.1"
    assert OPTIONS["browser.gatherUsageStats"] is False
    assert OPTIONS["server.allowedHosts"] == ["127.0.0.1", "localhost"]


def test_without_a_published_file_the_next_command_is_named(
    heartline: Callable[..., object], make_workspace: Callable[..., Path]
) -> None:
    said = heartline("explore", "-w", make_workspace(), "--no-browser")
    assert said.code == 1  # type: ignore[attr-defined]
    assert "next: heartline run" in said.err  # type: ignore[attr-defined]
