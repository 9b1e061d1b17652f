"""Who sees the explorer: everybody on this machine, or whoever gives the token that it was started with.

It is asked for in each new view, before anything is read from the published file, and is held by the server
alone: no cookie, no link carries it. It does not hide what goes over the wire: that takes TLS before it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import streamlit as st

from reports.app.inert import paragraph

PASSED = "gate_passed"


@dataclass(slots=True)
class _Gate:
    token: str | None = None


_gate = _Gate()


def ask_for(token: str | None) -> None:
    """From here on let in only who gives this token; None lets everybody in."""
    _gate.token = token


def is_passed() -> bool:
    """Whether this view may be drawn."""
    return _gate.token is None or bool(st.session_state.get(PASSED))


def ask() -> None:
    """In the place of a page: ask for the token, and draw the page once it is given."""
    st.title("heartline")
    given = st.text_input("Token", type="password", autocomplete="off", max_chars=200)
    if given and is_token(given, str(_gate.token)):
        st.session_state[PASSED] = True
        st.rerun()
    paragraph("That is not the token." if given else "The token that the explorer was started with.")


def is_token(given: str, token: str) -> bool:
    """Whether they are the same, in a time that tells nothing of either."""
    return secrets.compare_digest(given.encode(), token.encode())
