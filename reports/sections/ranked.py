"""Part 3: pain points, delights, and the map of the themes they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.follow_up import PointFollowUp
from reports.charts.theme_map import theme_map_chart
from reports.figure import Figure, figure
from reports.quality import unsorted_words
from reports.ranking import TOP, TOP_DELIGHTS, Ranking, Told, ranking
from reports.read import Published


@dataclass(frozen=True, slots=True)
class Ranked:
    """Both rankings; `theme_map` is None where no theme lies on it."""

    pains: Ranking
    delights: Ranking
    theme_map: Figure | None
    unsorted_words: str


def ranked(published: Published, level: str, follow_ups: Mapping[str, PointFollowUp]) -> Ranked:
    """Rankings and map of a published file; `follow_ups` are of pain points, by their ids."""
    pains = Told(
        published.ask("pain_points"), published.ask("pain_quotes"), published.ask("pain_weeks"), follow_ups
    )
    delights = Told(
        published.ask("delights"), published.ask("delight_quotes"), published.ask("delight_weeks")
    )
    return Ranked(
        pains=ranking(pains, TOP, level),
        delights=ranking(delights, TOP_DELIGHTS, level),
        theme_map=_theme_map(published),
        unsorted_words=unsorted_words(published.ask("quality").rows),
    )


def _theme_map(published: Published) -> Figure | None:
    themes = published.ask("theme_map")
    if not themes.rows:
        return None
    label = "Map of the themes, like beside like: " + ", ".join(row["theme_name"] for row in themes.rows)
    return figure("map", label, theme_map_chart(themes.rows, published.ask("theme_points").rows), themes)
