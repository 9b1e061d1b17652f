"""Part 1: the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.follow_up import PointFollowUp
from reports.journey import stage_points
from reports.read import Published
from reports.verdict import Evidence, Sentence, verdict
from reports.words import share_words_told


@dataclass(frozen=True, slots=True)
class Summary:
    """The verdict's sentences, and what its words for shares stand for."""

    sentences: list[Sentence]
    share_words: str


def summary(published: Published, follow_ups: Mapping[str, PointFollowUp]) -> Summary:
    """What a published file says in three sentences."""
    evidence = Evidence(
        points=stage_points(published.ask("curve").rows),
        changes=published.ask("changes_4_weeks").rows,
        pains=published.ask("pain_points").rows,
        follow_ups=follow_ups,
    )
    return Summary(verdict(evidence), share_words_told())
