"""Part 4: what changed, what is out of line, and how the weeks went."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.follow_up import FollowUps
from reports.alerts import Surveilled, surveilled
from reports.arrivals import gap_words
from reports.charts.change import change_chart
from reports.charts.weeks import stage_weeks_chart, theme_weeks_chart
from reports.effects import ChangeResult, change_result
from reports.figure import Figure, figure
from reports.quality import unsorted_words
from reports.read import Answer, Published, Row
from reports.restated import RestatedWeek, restated_weeks, restated_words
from reports.themes import ProposedTheme, named_apart, proposed_themes, theme_events, top_themes
from reports.verdict import change_sentence, is_compared
from reports.words import listing


@dataclass(frozen=True, slots=True)
class Restated:
    """Weeks that the report before told otherwise."""

    words: str
    weeks: list[RestatedWeek]
    sql: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed; figures are None where there is nothing to draw."""

    surveilled: Surveilled
    gaps: list[str]
    restated: Restated
    words: str
    stages: Figure | None
    effects: list[ChangeResult]
    effects_sql: str
    proposed: list[ProposedTheme]
    events: list[str]
    events_sql: str
    stage_weeks: Figure | None
    stages_left_out: str
    theme_weeks: Figure | None
    unsorted_words: str


def changed(published: Published, follow_ups: FollowUps) -> Changed:
    """What a published file says of change; `follow_ups` are by today's themes."""
    changes, effects = published.ask("changes"), published.ask("change_effects")
    weeks, events = published.ask("theme_weeks"), published.ask("theme_events")
    stage_weeks = published.ask("stage_weeks")
    return Changed(
        surveilled=surveilled(published, follow_ups),
        gaps=gap_words(published.ask("load_gaps").rows),
        restated=_restated(published.ask("restated")),
        words=change_sentence(changes.rows).text,
        stages=_stages(changes),
        effects=[change_result(row) for row in effects.rows],
        effects_sql=effects.sql,
        proposed=proposed_themes(published.ask("proposed_themes").rows),
        events=theme_events(events.rows),
        events_sql=events.sql,
        stage_weeks=_stage_weeks(stage_weeks),
        stages_left_out=_stages_left_out(stage_weeks.rows),
        theme_weeks=_theme_weeks(Answer(weeks.name, weeks.sql, top_themes(named_apart(weeks.rows)))),
        unsorted_words=unsorted_words(published.ask("quality").rows),
    )


def _restated(told: Answer) -> Restated:
    return Restated(restated_words(told.rows), restated_weeks(told.rows), told.sql)


def _stages(changes: Answer) -> Figure | None:
    compared = [row for row in changes.rows if is_compared(row)]
    if not compared:
        return None
    label = "Change of mean valence by stage since the week before"
    return figure("change", label, change_chart(compared), changes)


def _stage_weeks(weeks: Answer) -> Figure | None:
    shown = _with_a_shown_week(weeks.rows)
    drawn = [row for row in weeks.rows if row["stage_name"] in shown]
    if not drawn:
        return None
    return figure("stages", "Weekly mean valence by stage", stage_weeks_chart(drawn), weeks)


def _stages_left_out(rows: list[Row]) -> str:
    """Which stages have no line, because no week of theirs is shown."""
    shown = _with_a_shown_week(rows)
    hidden = list(dict.fromkeys(row["stage_name"] for row in rows if row["stage_name"] not in shown))
    return f"Without one week of enough customers, so without a line: {listing(hidden, 8)}." if hidden else ""


def _with_a_shown_week(rows: list[Row]) -> set[str]:
    return {row["stage_name"] for row in rows if row["mean_valence"] is not None}


def _theme_weeks(top: Answer) -> Figure | None:
    if not top.rows:
        return None
    return figure("themes", "Weekly share of items by theme", theme_weeks_chart(top.rows), top)
