"""Segments as literal rows: who wrote them, when, where, about which stage, with what feeling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from statistics import fmean
from typing import Any

import pytest

from pipeline.config import Settings

STAGES = ("purchase", "use", "support")
TOUCHED = ("channel", "organisation")


@pytest.fixture
def settings() -> Settings:
    """Points are suppressed below three customers and hollow below five."""
    return Settings.model_validate(
        {"seed": 7, "curve": {"hollow_below": 5, "suppressed_below": 3, "resamples": 200}}
    )


def as_map(values: dict[str, str]) -> dict[str, list[str]]:
    """A map as DuckDB takes it for a parameter."""
    return {"key": list(values), "value": list(values.values())}


@pytest.fixture
def add_item(published_catalog: Any) -> Callable[..., str]:
    """Adds one item with its segments: `add_item("c1", ("use", -2.0), week="2026-01-05")`.

    A segment is its stage and valence, and its theme where it names a problem; "glad" behind the theme says
    that it names none. Beside the week there may be source, day, written_at, rating, nps, csat, thread_id,
    channel, organisation and attributes.
    """
    for order, stage in enumerate(STAGES, start=1):
        published_catalog.insert("dim_journey_stage", {"stage_id": stage, "stage_order": order})
    published_catalog.insert("dim_journey_stage", {"stage_id": "unclear", "stage_order": None})
    n_items = 0

    def add(customer: str, *segments: tuple[Any, ...], **facts: Any) -> str:
        nonlocal n_items
        n_items += 1
        item_id, source = f"i{n_items}", facts.get("source", "survey")
        week = date.fromisoformat(facts["week"]) if facts.get("week") else None
        day = date.fromisoformat(facts["day"]) if facts.get("day") else week
        item = {"item_id": item_id, "source_id": source, "cluster_id": customer, "week_start": week}
        published_catalog.insert(
            "fct_item",
            {
                **item,
                "customer_id": customer,
                "written_on": day,
                "rating_share": facts.get("rating"),
                "nps": facts.get("nps"),
                "csat": facts.get("csat"),
                "n_segments": len(segments),
                "valence": fmean(valence for _, valence, *_ in segments) if segments else None,
                **{name: facts[name] for name in ("thread_id", "written_at", *TOUCHED) if name in facts},
                **({"attributes": as_map(facts["attributes"])} if "attributes" in facts else {}),
            },
        )
        for number, (stage, valence, *theme) in enumerate(segments, start=1):
            published_catalog.insert(
                "fct_segment",
                {
                    **item,
                    "segment_id": f"{item_id}-{number:03d}",
                    "segment_number": number,
                    "stage_id": stage,
                    "emotion_id": "joy" if valence > 0 else "anger",
                    "valence": valence,
                    "sentiment": "positive" if valence > 0 else "negative" if valence < 0 else "neutral",
                    "is_pain": len(theme) == 1,
                    "theme_id": theme[0] if theme else None,
                },
            )
        return item_id

    return add
