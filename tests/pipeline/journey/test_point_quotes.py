from collections.abc import Callable
from typing import Any

import pytest

from pipeline.journey.point_quotes import point_quotes

POINT = {"theme_id": "t1", "stage_id": "use", "n_customers": 5}


@pytest.fixture
def add_sentence(published_catalog: Any) -> Callable[..., None]:
    """Adds a sentence of about 30 letters, the one that carries its item's emotion."""

    def add(name: str, customer: str, **facts: Any) -> None:
        sentence = {
            "segment_id": name, "item_id": name, "cluster_id": customer, "source_id": "survey",
            "theme_id": "t1", "stage_id": "use", "is_pain": True, "valence": -1.0, "intensity": 0.5,
            "pain_probability": 0.9, "theme_score": 0.5, "text": f"This is what {name} says of it: bad.",
        } | facts  # fmt: skip
        published_catalog.insert(
            "fct_item", {"item_id": name, "cluster_id": customer, "emotion_evidence_segment_id": name}
        )
        published_catalog.insert("fct_segment", sentence)

    return add


def quoted(catalog: Any) -> list[tuple[str, int, str]]:
    found = point_quotes(catalog.connection, "pain")
    return list(zip(found.segment_id, found.quote_order, found.quote_kind, strict=True))


def test_one_sentence_is_typical_and_another_customers_the_strongest(
    published_catalog: Any, add_sentence: Callable[..., None]
) -> None:
    published_catalog.insert("mart_pain_point", {"pain_point_id": "t1:use", **POINT})
    add_sentence("typical", "c1", theme_score=0.9)
    add_sentence("same_customer", "c1", valence=-2.0, theme_score=0.8)
    add_sentence("strong", "c2", valence=-1.8, theme_score=0.8)
    add_sentence("unsure", "c3", valence=-2.0, theme_score=0.8, pain_probability=0.6)
    add_sentence("far_from_the_theme", "c4", valence=-2.0, theme_score=0.1)
    add_sentence("short", "c5", valence=-2.0, theme_score=0.8, text="Bad.")
    add_sentence("no_problem", "c6", valence=-2.0, theme_score=0.8, is_pain=False)
    add_sentence("elsewhere", "c7", valence=-2.0, theme_score=0.8, stage_id="support")
    assert quoted(published_catalog) == [("typical", 1, "typical"), ("strong", 2, "strongest")]


def test_the_same_words_are_not_quoted_twice(
    published_catalog: Any, add_sentence: Callable[..., None]
) -> None:
    published_catalog.insert("mart_pain_point", {"pain_point_id": "t1:use", **POINT})
    add_sentence("first", "c1", theme_score=0.9, text="Nobody came and nobody rang me up.")
    add_sentence("second", "c2", valence=-2.0, text="Nobody came and nobody rang me up.")
    assert quoted(published_catalog) == [("first", 1, "typical")]


def test_a_point_of_fewer_than_five_customers_is_not_quoted(
    published_catalog: Any, add_sentence: Callable[..., None]
) -> None:
    published_catalog.insert("mart_pain_point", {"pain_point_id": "t1:use", **POINT, "n_customers": 4})
    add_sentence("typical", "c1")
    assert quoted(published_catalog) == []
