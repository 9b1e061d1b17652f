"""What became of the records, in words."""

from __future__ import annotations

from reports.quality import quality_words, source_quality


def measures(source_id: str, **numbers: int) -> list[dict[str, object]]:
    return [
        {"source_id": source_id, "source_name": None, "measure": measure, "n": n}
        for measure, n in numbers.items()
    ]


def test_outcomes_add_up_or_say_so() -> None:
    good = measures("reviews", records=10, accepted=6, duplicate=2, superseded=1, quarantined=1)
    assert source_quality(good)[0].adds_up
    assert not source_quality(measures("reviews", records=10, accepted=6))[0].adds_up


def test_words_speak_of_the_total() -> None:
    rows = measures(
        "all", records=10, accepted=8, quarantined=1, undated=1, segments=20, low_confidence=1,
        without_content=4, unsorted=2, proposed=1,
    )  # fmt: skip
    assert [sentence.replace("\u00a0", " ") for sentence in quality_words(rows)] == [
        "8 of 10 records became items (80 %).",
        "1 record was held back, with a reason each.",
        "1 item (12 %) has no date: in the curve and the ranking, but in nothing that speaks of weeks.",
        "20 % of 20 segments are greetings, thanks or placeholders only and 5.0 % have a stage the model was "
        "unsure of; both count towards the curve as they were tagged.",
        "Unsorted: 12 % of the segments that say something stand in no theme (2 of 16, 1 of them near a "
        "proposed theme).",
    ]
    assert quality_words([]) == ["No record was read, so there is nothing to check."]
