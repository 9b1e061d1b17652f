"""The explorer on every address of this machine: nothing is shown, nor sent, before the token is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from reports.app.gate import is_token

CHROMIUM = Path("/usr/bin/chromium")
TOKEN = "zürich-0123456789-token"
SLOW_ENOUGH = 20_000
EVERYWHERE = "0.0.0.0"
PARAGRAPH = b'<p class="verbatim">'
WORDS = (b"Larkspur", b"waited", b"refund", b"mart_")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium to open the pages in"),
]


@pytest.fixture(scope="module")
def address(workspace: Path, explored: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    with explored(workspace, "--address", EVERYWHERE, "--token", TOKEN) as found:
        assert found.startswith(f"http://{EVERYWHERE}:")
        yield found.replace(EVERYWHERE, "127.0.0.1")


def test_nothing_is_shown_or_sent_before_the_token(tab: Any) -> None:
    received: list[bytes] = []

    def listen(channel: Any) -> None:
        channel.on("framereceived", lambda frame: received.append(_bytes(frame)))

    tab.page.on("websocket", listen)
    for link in ("/", "/verbatims", "/sql?sql=show+tables", "/customer?customer=c1"):
        tab.page.goto(tab.address + link)
        tab.page.get_by_label("Token").wait_for(timeout=SLOW_ENOUGH)
        assert tab.page.locator("h1").all_inner_texts() == ["heartline"]
    tab.page.get_by_label("Token").fill(TOKEN[:-1])
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("text=That is not the token.", timeout=SLOW_ENOUGH)
    sent = b"".join(received)
    assert len(sent) > 1_000
    told = [word for word in WORDS if word in sent]
    print(f"4 pages and a wrong token: {len(told)} words of the file in {len(sent):,} bytes sent")
    assert told == []
    tab.page.get_by_label("Token").fill(TOKEN)
    tab.page.keyboard.press("Enter")
    tab.page.get_by_role("heading", name="Customer", exact=True).wait_for(timeout=SLOW_ENOUGH)
    tab.page.wait_for_selector("p.verbatim", timeout=SLOW_ENOUGH)
    assert PARAGRAPH not in sent
    assert PARAGRAPH in b"".join(received)
    assert TOKEN not in tab.page.url
    assert tab.page.context.cookies() == [
        one for one in tab.page.context.cookies() if TOKEN not in one["value"]
    ]
    tab.page.reload()
    tab.page.get_by_label("Token").wait_for(timeout=SLOW_ENOUGH)


def _bytes(frame: bytes | str) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()


@pytest.mark.parametrize("given", ["", TOKEN[:-1], TOKEN + " ", TOKEN.upper(), "zurich-0123456789-token"])
def test_only_the_token_is_the_token(given: str) -> None:
    assert is_token(TOKEN, TOKEN)
    assert not is_token(given, TOKEN)
