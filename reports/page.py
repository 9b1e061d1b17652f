"""Everything the template shows, gathered from one published file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reports.alerts import Surveilled, surveilled
from reports.audit import AuditNote, audit_note
from reports.charts.change import change_chart
from reports.charts.curve import journey_chart
from reports.charts.theme_map import theme_map_chart
from reports.charts.weeks import stage_weeks_chart, theme_weeks_chart
from reports.drivers import Drivers, driver_section
from reports.figure import Figure, Table, figure, plain_table
from reports.journey import Moment, StagePoint, moments, stage_points
from reports.mix import mix_sentence
from reports.quality import SourceQuality, quality_words, source_quality, unsorted_words
from reports.ranking import TOP, TOP_DELIGHTS, Ranking, ranking
from reports.read import Answer, Published, Row
from reports.segments import Ends, Segment, differing_segments, segment_words, start_to_end
from reports.themes import (
    Move,
    ProposedTheme,
    largest_moves,
    named_apart,
    proposed_themes,
    top_themes,
)
from reports.verdict import Sentence, change_sentence, is_compared, verdict
from reports.words import count, iso_week, listing, percent, week_span

UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Page:
    """Report's content, section by section; None where there is nothing to draw."""

    title: str
    week: str
    dates: str
    extent: str
    level: str
    run: Row
    audit: AuditNote
    sentences: list[Sentence]
    notes: list[str]
    journey: Figure | None
    curve_caption: str
    mix_words: str
    segments: list[Segment]
    segment_words: str
    segments_sql: str
    ends: list[Ends]
    ends_sql: str
    emotions: Table
    emotions_sql: str
    pains: Ranking
    delights: Ranking
    drivers: Drivers
    change_words: str
    change: Figure | None
    surveilled: Surveilled
    moves: list[Move]
    n_themes: int
    moves_sql: str
    proposed: list[ProposedTheme]
    unsorted_words: str
    stage_weeks: Figure | None
    theme_weeks: Figure | None
    theme_map: Figure | None
    quality: list[SourceQuality]
    quality_words: list[str]
    quarantine: list[Row]
    models: list[Row]
    metrics: list[Row]

    @property
    def figures(self) -> list[Figure]:
        """All figures, in the page's order."""
        every = (self.journey, self.change, self.stage_weeks, self.theme_weeks, self.theme_map)
        return [one for one in every if one is not None]


def read_page(published: Published) -> Page:
    """Page of one published file."""
    run = published.ask("run").rows[0]
    curve, changes = published.ask("curve"), published.ask("changes")
    pains = published.ask("pain_points")
    points, found = stage_points(curve.rows), moments(published.ask("moments").rows)
    level = percent(run["level"])
    return Page(
        **_header(run, published.ask("sources").rows),
        audit=audit_note(published),
        sentences=verdict((points, found), pains.rows, changes.rows, run["level"]),
        notes=_notes(points),
        **_journey(published, curve, points, found),
        **_segments(published),
        pains=ranking(pains, published.ask("pain_quotes").rows, TOP, level),
        delights=ranking(
            published.ask("delights"), published.ask("delight_quotes").rows, TOP_DELIGHTS, level
        ),
        surveilled=surveilled(published),
        drivers=driver_section(published.ask("drivers")),
        **_over_time(published, changes),
        **_map(published),
        **_provenance(published),
    )


def week_name(run: Row) -> str:
    """Name of the page of a run: its ISO week, or `undated`."""
    monday = run["last_week_start"]
    return UNDATED if monday is None else iso_week(monday)


def _header(run: Row, sources: list[Row]) -> dict[str, Any]:
    monday = run["last_week_start"]
    names = [f"{row['source_name'] or row['source_id']} ({row['n_items']:,})" for row in sources]
    return {
        "title": run["workspace_name"] or "Customers' words",
        "week": week_name(run),
        "dates": "No item carries a date" if monday is None else week_span(monday),
        "extent": f"{count(run['n_items'], 'item')} from {count(run['n_customers'], 'customer')} in "
        f"{count(len(sources), 'source')}: {listing(names, at_most=6)}"
        if sources
        else "no items yet",
        "level": percent(run["level"]),
        "run": run,
    }


def _notes(points: list[StagePoint]) -> list[str]:
    """Sentences on what the curve keeps silent about."""
    hidden = [point.name for point in points if not point.is_shown]
    hollow = [point.name for point in points if point.is_shown and point.is_hollow]
    notes = []
    if hollow:
        notes.append(f"Hollow dots rest on fewer than 20 customers and carry no claim: {listing(hollow, 8)}.")
    if hidden:
        notes.append(f"Not shown, because fewer than 10 customers speak of it: {listing(hidden, 8)}.")
    return notes


def _journey(
    published: Published, curve: Answer, points: list[StagePoint], found: dict[str, Moment]
) -> dict[str, Any]:
    shown = {point.order for point in points if point.is_shown}
    emotions = published.ask("emotions")
    mix = [row for row in emotions.rows if row["stage_order"] in shown]
    names = {
        row["source_id"]: row["source_name"] or row["source_id"] for row in published.ask("sources").rows
    }
    by_source = {
        names.get(source, source): stage_points(curve.rows, source)
        for source in (names if len(names) > 1 else ())
    }
    label = "Mean valence by journey stage, from minus 2 to plus 2: " + "; ".join(
        f"{point.name} {point.mean:.1f}"
        if point.mean is not None and point.is_shown
        else f"{point.name} not shown"
        for point in points
    )
    drawn = figure("journey", label, journey_chart(points, found, by_source, mix), curve) if points else None
    return {
        "journey": drawn,
        "curve_caption": _curve_caption(percent(published.ask("run").rows[0]["level"]), len(names) > 1),
        "mix_words": mix_sentence(points, published.ask("source_mix").rows),
        "emotions": plain_table(mix),
        "emotions_sql": emotions.sql,
    }


def _curve_caption(level: str, has_sources: bool) -> str:
    """How to read the curve."""
    sources = (
        "Diamonds: the same with the sources at a constant mix, with their intervals. "
        "Thin grey lines: one source alone. "
    )
    return (
        f"Dots: mean valence{' over all sources as they come' if has_sources else ''}. Bands: {level} "
        "intervals, clustered by customer. Line: the means drawn towards each other, the more the fewer "
        f"customers stand behind them. {sources if has_sources else ''}The interval of the largest drop and "
        "the words highest and lowest allow for having been picked. Stages are categories; the lines between "
        "them only guide the eye. Bars: share of each stage’s segments by emotion, without an interval."
    )


def _segments(published: Published) -> dict[str, Any]:
    compared, ends = published.ask("segments"), published.ask("start_to_end")
    return {
        "segments": differing_segments(compared.rows),
        "segment_words": segment_words(compared.rows),
        "segments_sql": compared.sql,
        "ends": start_to_end(ends.rows),
        "ends_sql": ends.sql,
    }


def _over_time(published: Published, changes: Answer) -> dict[str, Any]:
    compared = [row for row in changes.rows if is_compared(row)]
    stages, themes = published.ask("stage_weeks"), published.ask("theme_weeks")
    weeks = named_apart(themes.rows)
    top = Answer(themes.name, themes.sql, top_themes(weeks))
    moves = published.ask("theme_moves")
    return {
        "change_words": change_sentence(changes.rows).text,
        "change": figure(
            "change", "Change of mean valence by stage since the week before", change_chart(compared), changes
        )
        if compared
        else None,
        "moves": largest_moves(named_apart(moves.rows), weeks),
        "n_themes": len(moves.rows),
        "moves_sql": moves.sql,
        "proposed": proposed_themes(published.ask("proposed_themes").rows),
        "stage_weeks": figure(
            "stages", "Weekly mean valence by stage", stage_weeks_chart(stages.rows), stages
        )
        if stages.rows
        else None,
        "theme_weeks": figure("themes", "Weekly share of items by theme", theme_weeks_chart(top.rows), top)
        if top.rows
        else None,
    }


def _map(published: Published) -> dict[str, Any]:
    themes = published.ask("theme_map")
    label = "Map of the themes, like beside like: " + ", ".join(row["theme_name"] for row in themes.rows)
    chart = theme_map_chart(themes.rows, published.ask("theme_points").rows) if themes.rows else None
    return {"theme_map": figure("map", label, chart, themes) if chart else None}


def _provenance(published: Published) -> dict[str, Any]:
    quality = published.ask("quality").rows
    return {
        "quality": source_quality(quality),
        "quality_words": quality_words(quality),
        "unsorted_words": unsorted_words(quality),
        "quarantine": published.ask("quarantine").rows,
        "models": published.ask("models").rows,
        "metrics": published.ask("metrics").rows,
    }
