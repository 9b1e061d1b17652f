"""What of the file a page shows, as one value, and as the condition of a query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

HAS_TEXT = "contains(lower(segment.text), lower($text))"
RATINGS = {
    "low": "item.rating_share < 0.5",
    "middle": "item.rating_share = 0.5",
    "high": "item.rating_share > 0.5",
    "none": "item.rating_share is null",
}
SEGMENTS = {
    "customer": "item.customer_id in (select customer_id from dim_customer"
    " where attributes[$attribute] = $attribute_value)",
    "item": "item.attributes[$attribute] = $attribute_value",
    "organisation": "item.organisation = $attribute_value",
    "channel": "item.channel = $attribute_value",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One value of an attribute; `kind` says where it comes from, as in `mart_journey_segment`."""

    kind: str
    attribute: str
    value: str


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on `fct_segment as segment`, and the parameters it binds."""

    sql: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """All filters; an empty one leaves everything in. Weeks are Mondays, both included."""

    first_week: date | None = None
    last_week: date | None = None
    sources: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    segment: Segment | None = None
    stages: tuple[str, ...] = ()
    emotions: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    ratings: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    text: str = ""

    @property
    def is_everything(self) -> bool:
        """Whether nothing is filtered."""
        return self == Choice()

    @property
    def is_of_people(self) -> bool:
        """Whether it says who wrote, and not only when, where to and of what."""
        return self.segment is not None or bool(self.organisations or self.languages or self.ratings)

    def where(self) -> Where:
        """The condition. What people typed or exports hold is only ever bound."""
        parameters: dict[str, Any] = {}
        parts = [
            *_bound("segment.week_start >= $first_week", "first_week", self.first_week, parameters),
            *_bound("segment.week_start <= $last_week", "last_week", self.last_week, parameters),
            *_any("segment.source_id", "source", self.sources, parameters),
            *_any("segment.stage_id", "stage", self.stages, parameters),
            *_any("segment.emotion_id", "emotion", self.emotions, parameters),
            *_any("segment.theme_id", "theme", self.themes, parameters),
        ]
        if self.text:
            parameters["text"] = self.text
            parts.append(HAS_TEXT)
        items = self._item_parts(parameters)
        if items:
            condition = " and ".join(items)
            parts.append(f"segment.item_id in (select item_id from fct_item as item where {condition})")
        return Where("\n    and ".join(parts) or "true", parameters)

    def where_items(self) -> Where:
        """The same as a condition on `fct_item as item`, for items without tags: by tags none is chosen."""
        parameters: dict[str, Any] = {}
        parts = [
            *_bound("item.week_start >= $first_week", "first_week", self.first_week, parameters),
            *_bound("item.week_start <= $last_week", "last_week", self.last_week, parameters),
            *_any("item.source_id", "source", self.sources, parameters),
            *_bound("contains(lower(item.text), lower($text))", "text", self.text or None, parameters),
            *self._item_parts(parameters),
        ]
        if self.stages or self.emotions or self.themes:
            parts.append("false")
        return Where("\n    and ".join(parts) or "true", parameters)

    def _item_parts(self, parameters: dict[str, Any]) -> list[str]:
        parts = [
            *_any("item.organisation", "organisation", self.organisations, parameters),
            *_any("item.language", "language", self.languages, parameters),
        ]
        if self.segment:
            parts.append(SEGMENTS[self.segment.kind])
            parameters["attribute_value"] = self.segment.value
            if "$attribute]" in SEGMENTS[self.segment.kind]:
                parameters["attribute"] = self.segment.attribute
        if self.ratings:
            parts.append(f"({' or '.join(RATINGS[rating] for rating in self.ratings)})")
        return parts


def _bound(condition: str, name: str, value: Any, parameters: dict[str, Any]) -> list[str]:
    if value is None:
        return []
    parameters[name] = value
    return [condition]


def _any(column: str, name: str, values: tuple[str, ...], parameters: dict[str, Any]) -> list[str]:
    if not values:
        return []
    names = [f"{name}_{number}" for number in range(1, len(values) + 1)]
    parameters |= dict(zip(names, values, strict=True))
    return [f"{column} in ({', '.join(f'${one}' for one in names)})"]
