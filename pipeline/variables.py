"""Variables of the environment in settings, such as $PASSWORD: secrets stay out of heartline.toml."""

from __future__ import annotations

import os
import re

_VARIABLE = re.compile(r"\$\{?(\w+)\}?")


def unset_variables(text: str) -> list[str]:
    """Names of variables in a text that the environment does not set."""
    return [name for name in _VARIABLE.findall(text) if name not in os.environ]
