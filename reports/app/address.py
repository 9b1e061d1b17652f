"""What a page shows, in the browser's address: every view has a link that shows it again.

A page names each of its widgets' keys by `bound`; its value comes from the address when somebody arrives by a
link, and goes back into the address when the page is drawn. What the address holds is checked like any input.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import streamlit as st

from reports.app.inert import paragraph

Reader = Callable[[list[str]], Any]
_KEY = "address"


@dataclass(slots=True)
class _Address:
    """One session's: what it wrote last, this run's widgets, and what all pages' widgets were set to.

    Streamlit forgets a widget when another page is shown; filters go with the reader from page to page.
    """

    page: str = ""
    written: dict[str, list[str]] | None = None
    arrived: dict[str, list[str]] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    is_turned: bool = False
    kept: dict[str, Any] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    notes: Any = None


def arrive(page: str) -> None:
    """Take in the address of this run. Call it before the first widget."""
    state: _Address = st.session_state.setdefault(_KEY, _Address())
    found = {name: st.query_params.get_all(name) for name in st.query_params}
    state.is_turned = state.written is not None and page != state.page and not found
    is_link = found != state.written and not state.is_turned
    state.arrived = found if is_link else {}
    if is_link:
        for name in state.defaults:
            st.session_state.pop(name, None)
        state.ignored, state.kept = [], {}
    state.page, state.defaults, state.notes = page, {}, st.container()


def bound(name: str, read: Reader, default: Any) -> str:
    """Key of a widget whose value is part of the view's link. Make the widget with no value of its own.

    Parameters
    ----------
    name
        The widget's key, and the parameter's name.
    read
        Makes a value of the parameter's texts; raises ValueError or KeyError where it cannot.
    default
        The value that is left out of the link.
    """
    state: _Address = st.session_state[_KEY]
    state.defaults[name] = default
    if name in state.arrived:
        try:
            st.session_state[name] = read(state.arrived[name])
        except (ValueError, KeyError):
            state.ignored.append(name)
            st.session_state[name] = default
    elif state.is_turned or name not in st.session_state:
        st.session_state[name] = state.kept.get(name, default)
    return name


def leave() -> None:
    """Put the values of this run's widgets into the address. Call it after the page is drawn."""
    state: _Address = st.session_state[_KEY]
    now = {
        name: _texts(st.session_state[name])
        for name, default in state.defaults.items()
        if name in st.session_state and st.session_state[name] != default
    }
    if now != {name: st.query_params.get_all(name) for name in st.query_params}:
        st.query_params.from_dict(now)
    state.written = now
    state.kept |= {name: st.session_state[name] for name in state.defaults if name in st.session_state}
    with state.notes:
        for name in state.ignored:
            paragraph(f"The link’s “{name}” is nothing that this file has; that part was left out.")
    paragraph("Link to this view", "quiet")
    paragraph(_link(), "link")


def forget() -> None:
    """Every widget of the page back to its default. For a button's `on_click`."""
    state: _Address = st.session_state[_KEY]
    for name, default in state.defaults.items():
        st.session_state[name] = default


def one_of(options: Sequence[str]) -> Reader:
    """Reads a single value that is among the options."""

    def read(texts: list[str]) -> str:
        if texts[-1] not in options:
            raise ValueError(texts[-1])
        return texts[-1]

    return read


def some_of(options: Sequence[str]) -> Reader:
    """Reads values that are all among the options."""

    def read(texts: list[str]) -> list[str]:
        if not set(texts) <= set(options):
            raise ValueError(texts)
        return texts

    return read


def text(texts: list[str]) -> str:
    """Reads a text of reasonable length."""
    if len(texts[-1]) > 200:
        raise ValueError("too long")
    return texts[-1]


def whole_number(least: int, most: int) -> Reader:
    """Reads a whole number within bounds."""

    def read(texts: list[str]) -> int:
        value = int(texts[-1])
        if not least <= value <= most:
            raise ValueError(value)
        return value

    return read


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [one.isoformat() if isinstance(one, date) else str(one) for one in values]


def _link() -> str:
    from urllib.parse import urlencode

    pairs = [(name, one) for name in st.query_params for one in st.query_params.get_all(name)]
    address = str(st.context.url or "").split("?")[0]
    return f"{address}?{urlencode(pairs)}" if pairs else address
