"""A notice that another file was published: the reader stays where they are until they ask for it."""

from __future__ import annotations

import streamlit as st

from reports.app.snapshot import Snapshot, identity

EVERY_SECONDS = 5


@st.fragment(run_every=EVERY_SECONDS)
def watch(snapshot: Snapshot) -> None:
    """Look now and then whether the file in place is still the one shown."""
    if identity(snapshot.path) == snapshot.identity:
        return
    with st.container(key="news"):
        st.write("A newer file has been published. The next click shows it.")
        if st.button("Show it now"):
            st.rerun()
