"""Part 4: what changed, what is out of line, and how the weeks went."""

from __future__ import annotations

from dataclasses import dataclass

from reports.alerts import Surveilled, surveilled
from reports.charts.change import change_chart
from reports.charts.weeks import stage_weeks_chart, theme_weeks_chart
from reports.figure import Figure, figure
from reports.quality import unsorted_words
from reports.read import Answer, Published
from reports.themes import (
    Move,
    ProposedTheme,
    largest_moves,
    named_apart,
    proposed_themes,
    top_themes,
)
from reports.verdict import change_sentence, is_compared


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed; figures are None where there is nothing to draw."""

    surveilled: Surveilled
    words: str
    stages: Figure | None
    moves: list[Move]
    n_themes: int
    moves_sql: str
    proposed: list[ProposedTheme]
    stage_weeks: Figure | None
    theme_weeks: Figure | None
    unsorted_words: str


def changed(published: Published) -> Changed:
    """What a published file says of change."""
    changes, moves = published.ask("changes"), published.ask("theme_moves")
    weeks = published.ask("theme_weeks")
    named = named_apart(weeks.rows)
    return Changed(
        surveilled=surveilled(published),
        words=change_sentence(changes.rows).text,
        stages=_stages(changes),
        moves=largest_moves(named_apart(moves.rows), named),
        n_themes=len(moves.rows),
        moves_sql=moves.sql,
        proposed=proposed_themes(published.ask("proposed_themes").rows),
        stage_weeks=_stage_weeks(published.ask("stage_weeks")),
        theme_weeks=_theme_weeks(Answer(weeks.name, weeks.sql, top_themes(named))),
        unsorted_words=unsorted_words(published.ask("quality").rows),
    )


def _stages(changes: Answer) -> Figure | None:
    compared = [row for row in changes.rows if is_compared(row)]
    if not compared:
        return None
    label = "Change of mean valence by stage since the week before"
    return figure("change", label, change_chart(compared), changes)


def _stage_weeks(weeks: Answer) -> Figure | None:
    if not weeks.rows:
        return None
    return figure("stages", "Weekly mean valence by stage", stage_weeks_chart(weeks.rows), weeks)


def _theme_weeks(top: Answer) -> Figure | None:
    if not top.rows:
        return None
    return figure("themes", "Weekly share of items by theme", theme_weeks_chart(top.rows), top)
