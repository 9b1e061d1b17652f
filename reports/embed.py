"""Charts made self-contained: the runtime without addresses, static pictures, and the page's policy.

The page works in three steps: the static picture stands in the HTML, the runtime replaces it with a live
one where scripts run, and the policy lets only these very scripts run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.etree import ElementTree

import vl_convert
from markupsafe import Markup

_NAMESPACE = re.compile(r' xmlns(:\w+)?="[^"]*"')
_ROLE = re.compile(r' role="graphics-[a-z]+" aria-roledescription="[^"]*"')
_ADDRESS = re.compile(r"https?://(?!www\.w3\.org/(?:2000/svg|1999/xlink|2000/xmlns/))[^\s\"'`\\)<>]*")
_ELEMENTS = frozenset(
    {"svg", "g", "path", "rect", "line", "text", "tspan", "circle", "title", "desc", "defs", "clipPath"}
    | {"linearGradient", "stop"}
)
_SVG = "{http://www.w3.org/2000/svg}"


@cache
def runtime() -> Markup:
    """Vega, Vega-Lite and Vega-Embed as one script with no outside address in it."""
    bundle = str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))
    return Markup(_ADDRESS.sub("", bundle).replace("</script", "<\\/script").replace("<!--", "<\\!--"))  # noqa: S704 our own runtime


def without_schema(spec: dict[str, Any]) -> dict[str, Any]:
    """Specification without `$schema`, which is an outside address."""
    return {key: value for key, value in spec.items() if key != "$schema"}


def static_svg(spec: dict[str, Any]) -> Markup:
    """Chart as SVG text, checked to hold nothing but shapes and words.

    Raises
    ------
    ValueError
        The picture holds an element or attribute that could run or load something.
    """
    svg = str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    for element in ElementTree.fromstring(svg).iter():  # noqa: S314 made by vl-convert, checked here
        name = element.tag.removeprefix(_SVG)
        risky = [key for key in element.attrib if key.lower().startswith("on") or "href" in key.lower()]
        if name not in _ELEMENTS or risky:
            raise ValueError(
                f"the chart's SVG holds <{name} {' '.join(risky)}>, expected only shapes and words"
            )
    return Markup(_ROLE.sub("", _NAMESPACE.sub("", svg)))  # noqa: S704 every element was checked above


def policy(scripts: Sequence[str]) -> str:
    """Content security policy under which only `scripts` run and nothing is loaded."""
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
