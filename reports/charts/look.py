"""What all charts share: colours that colour-blind readers can tell apart, type, quiet axes."""

from __future__ import annotations

from typing import Any

INK = "#1f2328"
QUIET = "#6b7075"
HAIRLINE = "#dcd9d2"
ACCENT = "#a63d20"
STANDARD = "#2f628f"
RECENT = "#7a5195"
PAPER = "#fffefb"
VALENCE_COLOURS = [
    "#dd8452",
    "#f1efe9",
    "#8db4d2",
]  # very negative, neutral, very positive; under dark letters

# From most negative to most positive; ordered in lightness around the middle, orange against blue.
EMOTION_GROUPS: tuple[tuple[str, frozenset[str], str], ...] = (
    ("anger, frustration", frozenset({"anger", "frustration"}), "#a63d20"),
    ("disappointment, sadness", frozenset({"disappointment", "sadness"}), "#dd8452"),
    ("anxiety, confusion", frozenset({"anxiety", "confusion"}), "#f3cfa4"),
    ("neutral, surprise, desire", frozenset({"neutral", "surprise", "desire"}), "#dfdfdb"),
    ("trust, relief", frozenset({"trust", "relief"}), "#8db4d2"),
    ("joy, gratitude", frozenset({"joy", "gratitude"}), "#2f628f"),
)
_BY_POLARITY = {"negative": 1, "positive": 4}

VALENCE_WORDS = {
    -2: "very negative −2",
    -1: "negative −1",
    0: "neutral 0",
    1: "positive +1",
    2: "very positive +2",
}


def emotion_group(emotion_id: str, polarity: str) -> int:
    """Index of the emotion's group; an emotion of another taxonomy goes by its polarity."""
    for index, (_, members, _) in enumerate(EMOTION_GROUPS):
        if emotion_id in members:
            return index
    return _BY_POLARITY.get(polarity, 3)


def valence_labels() -> str:
    """Vega expression that puts words beside the valence axis."""
    cases = " : ".join(f"datum.value == {value} ? '{words}'" for value, words in VALENCE_WORDS.items())
    return f"{cases} : ''"


def signed_labels(pattern: str) -> str:
    """Vega expression for axis labels with a sign, but none on zero."""
    return f"abs(datum.value) < 1e-9 ? '0' : replace(format(datum.value, '{pattern}'), '-', '−')"


def config() -> dict[str, Any]:
    """Vega-Lite's `config` for all charts."""
    axis = {
        "domain": False,
        "ticks": False,
        "grid": True,
        "gridColor": HAIRLINE,
        "gridWidth": 0.7,
        "labelColor": QUIET,
        "labelFontSize": 12,
        "labelPadding": 8,
        "titleColor": QUIET,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return {
        "font": "Helvetica Neue, Arial, Liberation Sans, sans-serif",
        "background": "transparent",
        "aria": False,
        "view": {"stroke": None},
        "axis": axis,
        "legend": {
            "labelColor": INK,
            "labelFontSize": 12.5,
            "labelLimit": 260,
            "titleColor": QUIET,
            "titleFontSize": 12.5,
            "titleFontWeight": "normal",
            "symbolStrokeWidth": 1.6,
            "symbolSize": 150,
        },
        "header": {"labelColor": INK, "labelFontSize": 13, "labelFontWeight": "bold", "title": None},
        "text": {"color": INK, "fontSize": 12.5},
        "padding": {"left": 2, "right": 2, "top": 4, "bottom": 2},
    }
