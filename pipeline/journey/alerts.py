"""Themes that come up or fall off out of line with the weeks before, and weeks that a source left out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.config import Settings
from pipeline.journey.weekly_counts import READ_WEEKS, WeeklyCounts
from pipeline.stats.alert_rule import LEAST_ITEMS, Verdicts, expected_false_alerts, judge
from pipeline.stats.expectation import over_sources
from pipeline.stats.surveillance import LEAST_WEEKS, Surveillance, surveil

FloatArray = NDArray[np.float64]

LEAST_CUSTOMERS = 3
GAP_WEEKS = 52
LONGEST_NAME = 40  # characters of an attribute or value in an id


@dataclass(frozen=True, slots=True)
class _Series:
    """Series of one kind: `keys` names them; `counts` and `items` are (n, sources, weeks).

    `families` is how many kinds and directions are judged in a week.
    """

    keys: pd.DataFrame
    counts: FloatArray
    items: FloatArray
    customers: FloatArray
    sources_of: NDArray[np.bool_]
    families: int = 2


def alerts(weekly: WeeklyCounts, settings: Settings) -> pd.DataFrame:
    """`mart_alert`: every series in each of the last 12 complete weeks, tested with the data up to it.

    Parameters
    ----------
    weekly
        Counts by week; no themes give no rows.
    settings
        Level and seed.
    """
    every = (_themes(weekly), _themes_in_sources(weekly), _themes_in_groups(weekly))
    kinds = [series for series in every if len(series.keys)]
    frames = [_alerts_of(replace(series, families=2 * len(kinds)), weekly, settings) for series in kinds]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def gaps(weekly: WeeklyCounts) -> pd.DataFrame:
    """`mart_load_gap`: the weeks of the last 52 in which a source delivered nothing or far too little."""
    sources, weeks = np.nonzero(weekly.is_gap[:, -GAP_WEEKS:])
    weeks = weeks + weekly.is_gap.shape[1] - min(GAP_WEEKS, weekly.is_gap.shape[1])
    n_items, usual = weekly.loads[sources, weeks].astype(int), weekly.usual[sources, weeks]
    return pd.DataFrame(
        {
            "source_id": [weekly.sources[place] for place in sources],
            "week_start": [weekly.weeks[place] for place in weeks],
            "n_items": n_items,
            "expected": usual,
            "why": [
                f"{n or 'no'} {'item' if n == 1 else 'items'}, usually about {round(often)}"
                for n, often in zip(n_items, usual, strict=True)
            ],
        }
    )


def _themes(weekly: WeeklyCounts) -> _Series:
    keys = pd.DataFrame({"theme_id": weekly.themes}).assign(
        series_kind="theme", source_id="all", attribute="all", attribute_value="all"
    )
    return _series(keys, weekly, [0] * len(keys), range(len(keys)))


def _themes_in_sources(weekly: WeeklyCounts) -> _Series:
    n_themes, n_sources = len(weekly.themes), len(weekly.sources)
    keys = pd.DataFrame(
        {"theme_id": np.repeat(weekly.themes, n_sources), "source_id": weekly.sources * n_themes}
    ).assign(series_kind="source", attribute="all", attribute_value="all")
    whole = _series(keys, weekly, [0] * len(keys), np.repeat(np.arange(n_themes), n_sources).tolist())
    only = np.tile(np.eye(n_sources, dtype=bool), (n_themes, 1))
    place = np.tile(np.arange(n_sources), n_themes)
    customers = weekly.customers[0][np.repeat(np.arange(n_themes), n_sources), place]
    return _Series(keys, whole.counts * only[..., None], whole.items * only[..., None], customers, only)


def _themes_in_groups(weekly: WeeklyCounts) -> _Series:
    n_themes, groups = len(weekly.themes), range(1, len(weekly.groups))
    keys = pd.DataFrame(
        {
            "theme_id": weekly.themes * len(groups),
            "attribute": np.repeat([weekly.groups[group][0] for group in groups], n_themes),
            "attribute_value": np.repeat([weekly.groups[group][1] for group in groups], n_themes),
        }
    ).assign(series_kind="segment", source_id="all")
    return _series(keys, weekly, np.repeat(groups, n_themes).tolist(), [*range(n_themes)] * len(groups))


def _series(keys: pd.DataFrame, weekly: WeeklyCounts, groups: list[int], themes: Iterable[int]) -> _Series:
    place = np.asarray(list(themes), dtype=np.int64)
    group = np.asarray(groups, dtype=np.int64)
    items = weekly.items[group] * weekly.is_known[place][:, None, :]
    everywhere = np.ones((len(keys), len(weekly.sources)), dtype=bool)
    customers = weekly.customers[group, place, -1]
    return _Series(keys, weekly.counts[group, place], items, customers, everywhere)


def _alerts_of(series: _Series, weekly: WeeklyCounts, settings: Settings) -> pd.DataFrame:
    """Rows of one kind: the weeks one after the other, each with the evidence of the week before."""
    n_weeks = len(weekly.weeks)
    frames: list[pd.DataFrame] = []
    false: list[tuple[float, float]] = []
    before: Surveillance | None = None
    for week in range(n_weeks - READ_WEEKS - 1, n_weeks):
        counts, expected = over_sources(series.counts[..., : week + 1], series.items[..., : week + 1])
        now = surveil(counts, expected, level=settings.curve.level)
        if before is not None:
            false.append(
                expected_false_alerts(now, before, seed=settings.seed + week, families=series.families)
            )
            frames.append(
                _rows(series, (now, before), counts[:, -1], week).assign(
                    week_start=weekly.weeks[week],
                    n_tested=int((~np.isnan(now.p_rise)).sum()),
                    note=_notes(now, series.sources_of & weekly.is_gap[:, week], weekly.sources),
                )
            )
        before = now
    alerted, watched = np.mean(false, axis=0).round(2)
    return pd.concat(frames, ignore_index=True).assign(
        expected_false_alerts_per_year=alerted, expected_false_watches_per_year=watched
    )


def _rows(
    series: _Series, evidence: tuple[Surveillance, Surveillance], counts: FloatArray, week: int
) -> pd.DataFrame:
    """What stands of one week: rises and falls are judged apart, each row has the side its count is on."""
    now, before = evidence
    customers = series.customers[:, week]
    enough = (counts >= LEAST_ITEMS) & (customers >= LEAST_CUSTOMERS)
    rise = judge(now.p_rise, before.p_rise, enough, families=series.families)
    usual = np.nan_to_num(now.expected) >= LEAST_ITEMS
    fall = judge(now.p_fall, before.p_fall, usual, families=series.families)
    is_rise = counts >= np.nan_to_num(now.expected)
    tested = ~np.isnan(now.p_rise)

    def sided(up: FloatArray, down: FloatArray) -> FloatArray:
        return np.where(is_rise, up, down)

    return series.keys.assign(
        alert_id=_ids(series.keys),
        n_items=counts.astype(int),
        n_items_all=(series.items[..., week].sum(axis=-1)).astype(int),
        n_customers=customers.astype(int),
        expected=now.expected.round(4),
        ratio=now.ratio.round(4),
        ci_low=now.ratio_low.round(4),
        ci_high=now.ratio_high.round(4),
        p=_significant(sided(now.p_rise, now.p_fall)),
        p_two_weeks=_significant(sided(rise.p_two_weeks, fall.p_two_weeks)),
        q=_significant(sided(rise.q, fall.q)),
        tier=_tiers(rise, fall, is_rise, tested),
        direction=pd.Series(np.where(is_rise, "rise", "fall")).where(tested),
        n_baseline_weeks=now.n_baseline,
    )


def _ids(keys: pd.DataFrame) -> list[str]:
    """Series in a word that can be typed: `t_1a2b`, `t_1a2b@tickets`, `t_1a2b@region=North`."""
    ids = []
    for row in keys.itertuples():
        places = {
            "theme": "",
            "source": f"@{row.source_id}",
            "segment": f"@{_typed(str(row.attribute))}={_typed(str(row.attribute_value))}",
        }
        ids.append(f"{row.theme_id}{places[str(row.series_kind)]}")
    return ids


def _typed(text: str) -> str:
    """Text without what a shell or a page would read otherwise; then with a digest, to stay one of a kind."""
    word = re.sub(r"[^\w.-]+", "-", text)[:LONGEST_NAME]
    return word if word == text else f"{word}~{hashlib.sha256(text.encode()).hexdigest()[:4]}"


def _tiers(
    rise: Verdicts, fall: Verdicts, is_rise: NDArray[np.bool_], tested: NDArray[np.bool_]
) -> NDArray[np.str_]:
    is_alert = np.where(is_rise, rise.is_alert, fall.is_alert)
    is_watched = np.where(is_rise, rise.is_watched, fall.is_watched)
    return np.select([~tested, is_alert, is_watched], ["unknown", "alert", "watch"], "quiet")


def _notes(now: Surveillance, gap: NDArray[np.bool_], sources: list[str]) -> list[str]:
    """Why a row is not known, or what was left out; empty where there is nothing to say."""
    notes = []
    for p, n_baseline, missing in zip(now.p_rise, now.n_baseline, gap, strict=True):
        left_out = ", ".join(source for source, is_out in zip(sources, missing, strict=True) if is_out)
        if left_out:
            notes.append(f"load gap: without {left_out}")
        elif not np.isnan(p):
            notes.append("")
        elif n_baseline < LEAST_WEEKS:
            notes.append(f"too new: under {LEAST_WEEKS} weeks of history")
        else:
            notes.append("no items at all that week")
    return notes


def _significant(values: FloatArray) -> FloatArray:
    """Values to six significant digits, so that small p values stay small."""
    size = np.floor(np.log10(np.maximum(values, 1e-300)))
    with np.errstate(invalid="ignore"):
        rounded: FloatArray = np.round(values * 10.0 ** (5 - size)) / 10.0 ** (5 - size)
    return rounded
