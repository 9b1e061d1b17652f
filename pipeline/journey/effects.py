"""What registered changes did to the themes they were made for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.config import ChangeSettings, Settings
from pipeline.journey.weekly_counts import read_weekly_counts
from pipeline.stats.effect import (
    TRIGGER_WEEKS,
    Effect,
    Weeks,
    difference_in_differences,
    interrupted_series,
    placebo_dates,
    share_excluding_zero,
)
from pipeline.stats.expectation import over_sources
from pipeline.stats.false_discovery import benjamini_hochberg

FloatArray = NDArray[np.float64]

WEEKS_BEFORE = 52
RESTLESS_PLACEBOS = 0.2
LEAST_PLACEBOS = 5
MOVED_Q = 0.1


@dataclass(frozen=True, slots=True)
class _Around:
    """Counts and expected counts of the active themes, (themes, weeks), around one change."""

    themes: list[str]
    counts: FloatArray
    expected: FloatArray
    change_at: int

    def of(self, *places: int) -> Weeks:
        """The sum of some themes."""
        chosen = list(places)
        return Weeks(self.counts[chosen].sum(axis=0), self.expected[chosen].sum(axis=0), self.change_at)


@dataclass(frozen=True, slots=True)
class _Untouched:
    """Themes that no change names: the steady ones together, and the effects of all, which are placebos.

    `apart` are the effects by their own trends, `beside` those beside the steady ones.
    """

    together: Weeks
    apart: list[Effect]
    beside: list[Effect]


def change_effects(
    connection: duckdb.DuckDBPyConnection, last_week: date, settings: Settings
) -> pd.DataFrame:
    """`mart_change_effect`: each change and theme by both methods, in the order of the settings.

    Parameters
    ----------
    connection
        Has the catalog `published`, dimensions and facts filled.
    last_week
        Monday of the last complete week.
    settings
        The changes, and the level.

    Notes
    -----
    A theme that is not known by the name given is no error: names change, and the weekly run must not stop.
    Its row says so, and which command lists the names. Every active theme that no change names counts as
    untouched; it is not compared with where it moved at that date beside the other ones (q <= .1): something
    else befell it.
    """
    named = _named_themes(connection, settings.changes)
    touched = {theme for themes in named.values() for theme in themes}
    rows = []
    for change in settings.changes:
        around = _around(connection, change, last_week, settings)
        untouched = _untouched(around, touched, settings.curve.level)
        for theme in change.themes:
            facts = {
                "change_id": change.id,
                "change_name": change.name or change.id,
                "changed_on": change.on,
                "theme": theme,
                "expected_direction": change.expected,
            }
            rows += [
                facts | row
                for row in _theme_rows((around, untouched), named[theme], change, settings.curve.level)
            ]
    return pd.DataFrame(rows)


def _named_themes(
    connection: duckdb.DuckDBPyConnection, changes: tuple[ChangeSettings, ...]
) -> dict[str, list[str]]:
    """Ids of the active themes that each name stands for; an id stands for what it was merged into."""
    themes = {
        row[0]: row[1:]
        for row in connection.execute(
            "select theme_id, theme_name, status, merged_into_theme_id from published.main.dim_theme"
        ).fetchall()
    }
    found = {}
    for name in {name for change in changes for name in change.themes}:
        theme = name
        while theme in themes and themes[theme][2] is not None:
            theme = themes[theme][2]
        by_name = [key for key, facts in themes.items() if (facts[0] or "").casefold() == name.casefold()]
        ids = [theme] if theme in themes else by_name
        found[name] = sorted(key for key in ids if themes[key][1] == "active")
    return found


def _around(
    connection: duckdb.DuckDBPyConnection, change: ChangeSettings, last_week: date, settings: Settings
) -> _Around:
    """Up to 52 weeks before the change, and its window; a week that it came in the middle of is left out."""
    week = change.on - timedelta(days=change.on.weekday())
    end = min(last_week, week + timedelta(weeks=change.window_weeks - (change.on == week)))
    n_after = max(0, (end - week).days // 7 + 1)
    weekly = read_weekly_counts(
        connection,
        week + timedelta(weeks=n_after - 1),
        least_customers=settings.curve.hollow_below,
        n_weeks=WEEKS_BEFORE + n_after,
        n_attributes=0,
    )
    items = weekly.items[0][None] * weekly.is_known[:, None]
    if change.on != week and n_after:
        items[..., WEEKS_BEFORE] = 0
    baseline = slice(0, WEEKS_BEFORE - TRIGGER_WEEKS)
    counts, expected = over_sources(weekly.counts[0], items, baseline=baseline)
    return _Around(weekly.themes, counts * (expected > 0), expected, WEEKS_BEFORE)


def _untouched(around: _Around, touched: set[str], level: float) -> _Untouched:
    named = [place for place, theme in enumerate(around.themes) if theme not in touched]
    steady = _steady(around, named, level)
    return _Untouched(
        around.of(*steady),
        apart=[interrupted_series(around.of(place), level=level) for place in named],
        beside=[_beside(around, place, steady, level) for place in named],
    )


def _steady(around: _Around, places: list[int], level: float) -> list[int]:
    """The themes to compare with: again and again without the one that moved most beside the others."""
    steady = list(places)
    while len(steady) > 2:
        p = [_beside(around, place, steady, level).p for place in steady]
        q = benjamini_hochberg(np.array([1.0 if one is None else one for one in p]))
        if q.min() > MOVED_Q:
            break
        steady.pop(int(q.argmin()))
    return steady


def _beside(around: _Around, place: int, others: list[int], level: float) -> Effect:
    rest = around.of(*(other for other in others if other != place))
    return difference_in_differences(around.of(place), rest, level=level)


def _theme_rows(
    data: tuple[_Around, _Untouched], ids: list[str], change: ChangeSettings, level: float
) -> Iterator[dict[str, Any]]:
    around, untouched = data
    if len(ids) != 1:
        many = "no active theme has" if not ids else f"{len(ids)} active themes have"
        reason = f"{many} this name or id: heartline themes list shows them"
        yield {"theme_id": None, "method": "none", "is_main": True, "verdict": "unknown", "reason": reason}
        return
    weeks = around.of(around.themes.index(ids[0]))
    beside = difference_in_differences(weeks, untouched.together, level=level)
    apart = interrupted_series(weeks, level=level)
    earlier = [interrupted_series(one, level=level) for one in placebo_dates(weeks)]
    has_others = beside.value is not None
    yield _row(ids[0], beside, untouched.beside, change.expected) | {"is_main": has_others}
    yield _row(ids[0], apart, untouched.apart + earlier, change.expected) | {"is_main": not has_others}


def _row(theme_id: str, effect: Effect, placebos: list[Effect], expected: str) -> dict[str, Any]:
    n_placebos, share = share_excluding_zero(placebos)
    verdict, reason = _verdict(effect, (n_placebos, share), expected)
    return {
        "theme_id": theme_id,
        "method": effect.method,
        "effect": _rounded(effect.value),
        "ci_low": _rounded(effect.ci_low),
        "ci_high": _rounded(effect.ci_high),
        "p": _rounded(effect.p),
        "n_weeks_before": effect.n_weeks_before,
        "n_weeks_after": effect.n_weeks_after,
        "n_items_before": effect.n_before,
        "n_items_after": effect.n_after,
        "n_placebos": n_placebos,
        "share_placebos": _rounded(share),
        "verdict": verdict,
        "reason": reason,
    }


def _verdict(effect: Effect, placebos: tuple[int, float | None], expected: str) -> tuple[str, str]:
    """What can be said, and why not more."""
    if effect.value is None:
        return "unknown", effect.reason
    if not effect.excludes_zero:
        return "open", "the interval holds both directions"
    n_placebos, share = placebos
    if share is not None and n_placebos >= LEAST_PLACEBOS and share > RESTLESS_PLACEBOS:
        return "open", f"{share:.0%} of {n_placebos} placebos seem to have an effect too"
    is_down = effect.value < 0
    return ("as expected" if is_down == (expected == "down") else "against expectation"), ""


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
