"""Everything the template shows, gathered from one published file: eight parts in the page's order."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.follow_up import NOTHING_DECIDED, FollowUps
from pipeline.slices.part import WHOLE, Part
from reports.caveats import CAVEATS
from reports.read import Answer, Published, Row
from reports.sections.basis import Basis, basis
from reports.sections.changed import Changed, changed
from reports.sections.curve import Curve, curve
from reports.sections.opening import Opening, opening
from reports.sections.outcomes import Outcomes, outcomes
from reports.sections.ranked import Ranked, ranked
from reports.sections.summary import Summary, summary
from reports.sections.voices import Voices, voices
from reports.themes import merged_into


@dataclass(frozen=True, slots=True)
class Page:
    """The report's content, part by part; figures are None where there is nothing to draw.

    `answers` are the rows that all of it was made of, by the name of their query.
    """

    opening: Opening
    summary: Summary
    curve: Curve
    ranked: Ranked
    changed: Changed
    outcomes: Outcomes
    voices: Voices
    basis: Basis
    metrics: list[Row]
    answers: dict[str, Answer]
    follow_up_mark: str
    caveats: tuple[str, ...] = CAVEATS


def read_page(published: Published, part: Part = WHOLE, follow_ups: FollowUps = NOTHING_DECIDED) -> Page:
    """Page of one published file, which holds no more than `part`, with what people decided beside it."""
    today = follow_ups.after_merges(merged_into(published))
    head = opening(published, part)
    published.ask("columns")  # what the columns mean, for the workbook's notes
    return Page(
        opening=head,
        summary=summary(published, today.pain_point),
        curve=curve(published, head.run, head.level),
        ranked=ranked(published, head.level, today.pain_point),
        changed=changed(published, today),
        outcomes=outcomes(published),
        voices=voices(published),
        basis=basis(published, is_part=part != WHOLE),
        metrics=published.ask("metrics").rows,
        answers=published.answers,
        follow_up_mark=follow_ups.mark,
    )
