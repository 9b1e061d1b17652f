"""The filters beside a page: what the file holds, with counts, as one `Choice`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from pipeline.printable import printable
from reports.app import address
from reports.app.choice import Choice, Segment
from reports.app.inert import paragraph
from reports.app.snapshot import Snapshot
from reports.words import iso_week, week_span

EVERYTHING = ""
RATING_NAMES = {
    "low": "lower half",
    "middle": "middle",
    "high": "upper half",
    "none": "without a rating",
}
MULTIPLE = {
    "source": "Source",
    "organisation": "Organisation",
    "stage": "Stage",
    "emotion": "Emotion",
    "theme": "Theme",
    "rating": "Rating",
    "language": "Language",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What one filter offers: the values, and how each is called."""

    values: list[str]
    labels: dict[str, str]

    def label(self, value: str) -> str:
        """The value's name, with its number of segments."""
        return self.labels.get(value, value)


def choose(snapshot: Snapshot) -> Choice:
    """Draw the filters in the sidebar; what they say now."""
    offered = read_options(snapshot)
    with st.sidebar:
        text = st.text_input("Words in the text", key=address.bound("text", address.text, ""))
        first, last = _week("from", "From week", offered), _week("to", "To week", offered)
        chosen = {name: _several(name, label, offered) for name, label in MULTIPLE.items()}
        segment = _segment(offered)
        st.button("Clear filters", on_click=address.forget)
        paragraph("Counts are segments of the whole file.", "quiet")
    return Choice(
        first_week=first,
        last_week=last,
        sources=chosen["source"],
        organisations=chosen["organisation"],
        segment=segment,
        stages=chosen["stage"],
        emotions=chosen["emotion"],
        themes=chosen["theme"],
        ratings=chosen["rating"],
        languages=chosen["language"],
        text=text.strip(),
    )


def read_options(snapshot: Snapshot) -> dict[str, Options]:
    """What each filter offers, by the filter's name: values as they are in the file, names printable."""
    found: dict[str, Options] = {}
    for row in snapshot.ask_named("options").frame.to_dict("records"):
        options = found.setdefault(row["field"], Options([], {}))
        options.values.append(row["value"])
        options.labels[row["value"]] = f"{_name(row['field'], row['value'], row['name'])} ({row['n']:,})"
    return found


def segment_of(value: str) -> Segment:
    """Segment that an option of the filter of that name stands for."""
    kind, _, rest = value.partition(":")
    attribute, _, attribute_value = rest.partition("=")
    return Segment(kind, attribute, attribute_value)


def _name(field: str, value: str, name: str | None) -> str:
    if field == "week":
        monday = date.fromisoformat(value)
        return f"{iso_week(monday)}, {week_span(monday)}"
    return RATING_NAMES[value] if field == "rating" else printable(str(name))


def _several(name: str, label: str, offered: dict[str, Options]) -> tuple[str, ...]:
    """A filter by several values; none where there is nothing to choose from."""
    options = offered.get(name)
    if options is None or len(options.values) < 2:
        return ()
    chosen = st.multiselect(
        label,
        options.values,
        format_func=options.label,
        key=address.bound(name, address.some_of(options.values), []),
        placeholder="all",
    )
    return tuple(chosen)


def _week(name: str, label: str, offered: dict[str, Options]) -> date | None:
    value = single(name, label, offered.get("week"), "all time")
    return date.fromisoformat(value) if value else None


def _segment(offered: dict[str, Options]) -> Segment | None:
    value = single("segment", "Segment of customers", offered.get("segment"), "all")
    return segment_of(value) if value else None


def single(name: str, label: str, options: Options | None, everything: str, default: str = EVERYTHING) -> str:
    """A filter by one value; empty where everything is meant, or there is nothing to choose from."""
    if options is None:
        return EVERYTHING
    values = [EVERYTHING, *options.values]
    shown: Callable[[str], str] = lambda value: options.label(value) if value else everything  # noqa: E731
    return st.selectbox(
        label, values, format_func=shown, key=address.bound(name, address.one_of(values), default)
    )
