"""The script that Streamlit runs for every click; its one argument is the published file.

It lies here because Streamlit makes pages of its own of every file in a folder `pages` beside its script.
"""

from __future__ import annotations

import sys
from pathlib import Path

from reports.app.main import main

main(Path(sys.argv[1]))
