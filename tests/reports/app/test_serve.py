from __future__ import annotations

import http.client
import importlib
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import ConfigError, ContractError
from reports.app.place import FIRST_PORT, LOOPBACK, Place
from reports.app.serve import OPTIONS, ask_nobody, serve

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_was_named_and_is_taken_is_an_error(taken: int) -> None:
    with pytest.raises(ConfigError, match=f"port {taken} of 127.0.0.1 is taken"):
        Place(port=taken).free_port()


def test_without_a_name_the_next_free_port_is_used() -> None:
    first = Place().free_port()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((LOOPBACK, first))
        other.listen()
        assert first < Place().free_port() < FIRST_PORT + 20


def test_a_file_of_an_earlier_version_is_refused_with_the_next_command(
    publish: Callable[..., Path],
) -> None:
    path = publish(scale=0.05, n_weeks=6, gap=(), hostile=False)
    with duckdb.connect(str(path)) as connection:
        connection.execute("drop table dim_language")
    with pytest.raises(ContractError, match="cannot be explored: it lacks a table") as refused:
        serve(path, Place(), print)
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
    assert (Place().address, Place().hosts[:2]) == ("127.0.0.1", ["127.0.0.1", "localhost"])
    assert OPTIONS["browser.gatherUsageStats"] is False
    assert OPTIONS["server.enableXsrfProtection"] is True
    assert OPTIONS["server.enableCORS"] is True


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "10.0.0.1", "8.8.8.8"])
def test_another_machine_may_not_ask_without_a_token(address: str) -> None:
    with pytest.raises(ConfigError, match="expected a token") as refused:
        Place(address)
    assert refused.value.exit_code == 2
    with pytest.raises(ConfigError, match="15 characters; expected 16"):
        Place(address, token="x" * 15)
    assert Place(address, token="x" * 16).hosts == ["*"]


@pytest.mark.parametrize("address", ["", "::", "localhost", "evil.example", "127.1", "0", "127.0.0.1.", "*"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="expected an IPv4 address"):
        Place(address, token="x" * 16)


def test_the_command_refuses_an_open_address(
    heartline: Callable[..., object], make_workspace: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("explore", "-w", make_workspace(), "--no-browser", "--address", "0.0.0.0")
    said = heartline(*command)
    assert said.code == 2  # type: ignore[attr-defined]
    assert "next: HEARTLINE_EXPLORE_TOKEN=..." in said.err  # type: ignore[attr-defined]
    monkeypatch.setenv("HEARTLINE_EXPLORE_TOKEN", "a" * 16)
    said = heartline(*command)
    assert "next: heartline run" in said.err  # type: ignore[attr-defined]


def test_a_page_of_another_origin_is_refused_and_nobody_is_asked_about_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from streamlit import net_util
    from streamlit.web.server.server_util import is_url_from_allowed_origins

    asked: list[str] = []
    importlib.reload(net_util)
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    monkeypatch.setattr(net_util, "get_internal_ip", net_util.get_internal_ip)
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda url, timeout: asked.append(url))
    assert not is_url_from_allowed_origins("https://evil.example")
    assert len(asked) == 2
    ask_nobody()
    assert not is_url_from_allowed_origins("https://evil.example")
    assert len(asked) == 2


def test_without_a_published_file_the_next_command_is_named(
    heartline: Callable[..., object], make_workspace: Callable[..., Path]
) -> None:
    said = heartline("explore", "-w", make_workspace(), "--no-browser")
    assert said.code == 1  # type: ignore[attr-defined]
    assert "next: heartline run" in said.err  # type: ignore[attr-defined]
