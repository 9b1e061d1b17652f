"""Part 2: the emotional journey curve, with the mix of emotions under it."""

from __future__ import annotations

from dataclasses import dataclass

from reports.charts.curve import journey_chart
from reports.figure import Figure, Table, figure, plain_table
from reports.journey import StagePoint, moments, stage_points
from reports.mix import mix_sentence
from reports.read import Published
from reports.words import listing


@dataclass(frozen=True, slots=True)
class Curve:
    """The curve; `figure` is None where no stage has been described."""

    figure: Figure | None
    caption: str
    mix_words: str
    notes: list[str]
    emotions: Table
    emotions_sql: str


def curve(published: Published, level: str) -> Curve:
    """Curve of a published file."""
    answer, emotions = published.ask("curve"), published.ask("emotions")
    points, found = stage_points(answer.rows), moments(published.ask("moments").rows)
    shown = {point.order for point in points if point.is_shown}
    mix = [row for row in emotions.rows if row["stage_order"] in shown]
    sources = published.ask("sources").rows
    by_source = {
        row["source_name"] or row["source_id"]: stage_points(answer.rows, row["source_id"])
        for row in (sources if len(sources) > 1 else ())
    }
    chart = journey_chart(points, found, by_source, mix) if points else None
    return Curve(
        figure=figure("journey", _label(points), chart, answer) if chart else None,
        caption=_caption(level, len(sources) > 1),
        mix_words=mix_sentence(points, published.ask("source_mix").rows),
        notes=_notes(points),
        emotions=plain_table(mix),
        emotions_sql=emotions.sql,
    )


def _label(points: list[StagePoint]) -> str:
    return "Mean valence by journey stage, from minus 2 to plus 2: " + "; ".join(
        f"{point.name} {point.mean:.1f}"
        if point.mean is not None and point.is_shown
        else f"{point.name} not shown"
        for point in points
    )


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


def _caption(level: str, has_sources: bool) -> str:
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
