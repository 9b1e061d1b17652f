"""The journey curve and the pain points, of all the file or of a part of it."""

from __future__ import annotations

import streamlit as st

from reports.app.snapshot import Snapshot


def show(snapshot: Snapshot) -> None:
    """Draw the page."""
    st.header("Overview")
