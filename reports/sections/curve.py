"""Part 2: the emotional journey curve, with emotions and touchpoints under it, and one curve per group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from reports.charts.curve import Journey, journey_chart
from reports.curve_words import curve_words
from reports.figure import Figure, Table, figure, plain_table
from reports.groups import Groups, differing_groups
from reports.journey import StagePoint, moments, stage_points
from reports.mix import mix_sentence
from reports.read import Answer, Published, Row
from reports.words import count, day, listing

TOUCHPOINTS = 8  # of each kind in the strip


@dataclass(frozen=True, slots=True)
class Behind:
    """A table that stands behind the picture, and its SQL."""

    what: str
    table: Table
    sql: str


@dataclass(frozen=True, slots=True)
class Curve:
    """The curve; `figure` is None where no stage has been described."""

    figure: Figure | None
    caption: str
    words: list[str]
    notes: list[str]
    behind: list[Behind]
    groups: list[Groups]
    groups_sql: str


def curve(published: Published, run: Row, level: str) -> Curve:
    """Curve of a published file."""
    answer, found = published.ask("curve"), moments(published.ask("moments").rows)
    points = stage_points(answer.rows)
    journey = _journey(published, points, run["last_week_start"])
    groups, groups_sql = differing_groups(published, points)
    mix_words = mix_sentence(points, published.ask("source_mix").rows)
    said = curve_words(points, found, run["level"]) if points else []
    return Curve(
        figure=figure("journey", _label(points), journey_chart(journey), answer) if points else None,
        caption=_caption(level, journey, run["hollow_below"]),
        words=[*said, *([mix_words] if mix_words else [])],
        notes=_notes(points, run, published.ask("touchpoints").rows),
        behind=[
            _behind("The last four weeks and the four before", published.ask("curve_4_weeks")),
            _behind("The emotion mix", published.ask("emotions")),
            _behind("The touchpoints", published.ask("touchpoints")),
        ],
        groups=groups,
        groups_sql=groups_sql,
    )


def _journey(published: Published, points: list[StagePoint], last_week: date | None) -> Journey:
    shown = {point.order for point in points if point.is_shown}
    recent = [row for row in published.ask("curve_4_weeks").rows if row["period_kind"] == "last_4_weeks"]
    until = "" if last_week is None else f"the four weeks to {day(last_week + timedelta(days=6))}"
    return Journey(
        points=points,
        found=moments(published.ask("moments").rows),
        recent=stage_points(recent),
        recent_words=until,
        has_sources=len(published.ask("sources").rows) > 1,
        emotions=[row for row in published.ask("emotions").rows if row["stage_order"] in shown],
        touched=_largest(published.ask("touchpoints").rows),
    )


def _largest(touched: list[Row]) -> list[Row]:
    """Rows of the first touchpoints of each kind that are shown at one stage at least."""
    names: dict[str, list[str]] = {}
    for row in touched:
        of_kind = names.setdefault(row["touchpoint_kind"], [])
        if row["mean_valence"] is not None and row["touchpoint"] not in of_kind:
            of_kind.append(row["touchpoint"])
    kept = {(kind, name) for kind, of_kind in names.items() for name in of_kind[:TOUCHPOINTS]}
    return [row for row in touched if (row["touchpoint_kind"], row["touchpoint"]) in kept]


def _behind(what: str, answer: Answer) -> Behind:
    return Behind(what, plain_table(answer.rows), answer.sql)


def _label(points: list[StagePoint]) -> str:
    return "Mean valence by journey stage, from minus 2 to plus 2: " + "; ".join(
        f"{point.name} {point.mean:.1f}"
        if point.mean is not None and point.is_shown
        else f"{point.name} not shown"
        for point in points
    )


def _notes(points: list[StagePoint], run: Row, touched: list[Row]) -> list[str]:
    """Sentences on what the picture keeps silent about."""
    hidden = [point.name for point in points if not point.is_shown]
    hollow = [point.name for point in points if point.is_shown and point.is_hollow]
    notes = []
    if hollow:
        few = f"fewer than {run['hollow_below']} customers"
        notes.append(f"Hollow dots rest on {few} and carry no claim: {listing(hollow, 8)}.")
    if hidden:
        few = f"fewer than {run['suppressed_below']} customers"
        notes.append(f"Not shown, because {few} speak of it: {listing(hidden, 8)}.")
    shown = {row["touchpoint"] for row in _largest(touched)}
    left = len({row["touchpoint"] for row in touched} - shown)
    if left:
        notes.append(f"{count(left, 'smaller touchpoint')} {'is' if left == 1 else 'are'} in the table only.")
    return notes


def _caption(level: str, journey: Journey, hollow_below: int) -> str:
    """How to read the picture."""
    pooled = " over all sources as they come" if journey.has_sources else ""
    sources = "Diamonds: the same with the sources at a constant mix, with their intervals. "
    strip = (
        " Strip: mean valence and customers (n) of each channel and organisation, from very negative in "
        f"orange to very positive in blue; below {hollow_below} customers without colour. Intervals are in "
        "the table."
    )
    return (
        f"Dots: mean valence{pooled}, all weeks. Bands: {level} intervals, clustered by customer. Line: the "
        "means drawn towards each other, the more the fewer customers stand behind them. Thin line: the last "
        f"four complete weeks alone, by the same estimate. {sources if journey.has_sources else ''}The "
        "interval of the largest drop and the words highest and lowest allow for having been picked. Stages "
        "are categories; the lines between them only guide the eye. Bars: share of each stage’s segments by "
        f"emotion, without an interval.{strip if journey.touched else ''}"
    )
