"""The customers' own words: search, sort, read in context, take away."""

from __future__ import annotations

import streamlit as st

from reports.app.snapshot import Snapshot


def show(snapshot: Snapshot) -> None:
    """Draw the page."""
    st.header("Verbatims")
