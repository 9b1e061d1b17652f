"""Words of customers, and names from exports, put on a page so that they stay words."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup, escape

from pipeline.printable import printable


def safe(text: object) -> Markup:
    """Text as HTML that shows it and nothing else; control and bidirectional characters go."""
    return escape(printable(str(text)))


def paragraph(text: object, kind: str = "") -> None:
    """One paragraph of plain text. Streamlit's own words are Markdown, in which a text may hold a picture."""
    st.html(Markup('<p class="{}">{}</p>').format(kind, safe(text)))
