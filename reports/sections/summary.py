"""Part 1: the verdict."""

from __future__ import annotations

from dataclasses import dataclass

from reports.journey import moments, stage_points
from reports.read import Published, Row
from reports.verdict import Sentence, verdict


@dataclass(frozen=True, slots=True)
class Summary:
    """The verdict's sentences."""

    sentences: list[Sentence]


def summary(published: Published, run: Row) -> Summary:
    """What a published file says in a few sentences."""
    curve = stage_points(published.ask("curve").rows), moments(published.ask("moments").rows)
    pains, changes = published.ask("pain_points").rows, published.ask("changes").rows
    return Summary(verdict(curve, pains, changes, run["level"]))
