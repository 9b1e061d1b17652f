"""Items of every theme, source and group by week, and the weeks in which a source did not deliver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.stats.expectation import load_gaps
from pipeline.stats.surveillance import BASELINE_WEEKS, GUARD_WEEKS
from pipeline.store.work import read_sql

FloatArray = NDArray[np.float64]

READ_WEEKS = 12
WEEKS = BASELINE_WEEKS + GUARD_WEEKS + READ_WEEKS + 1
ATTRIBUTES = 4
ALL = ("all", "all")


@dataclass(frozen=True, slots=True)
class WeeklyCounts:
    """Complete weeks up to the last one, oldest first.

    `groups` are pairs of attribute and value, the first one ('all', 'all'). `items`, (groups, sources,
    weeks), are all items; `counts`, (groups, themes, sources, weeks), those of a theme; both are 0 in a load
    gap. `customers` is like `counts`, with all sources together as the last one. `is_known`, (themes, weeks),
    is False before the book knew a theme. `loads` and `usual`, (sources, weeks), are what a source delivered
    and what it usually does; `is_gap` marks weeks with far less.
    """

    weeks: list[date]
    sources: list[str]
    themes: list[str]
    groups: list[tuple[str, str]]
    items: FloatArray
    counts: FloatArray
    customers: FloatArray
    is_known: NDArray[np.bool_]
    loads: FloatArray
    usual: FloatArray
    is_gap: NDArray[np.bool_]


def read_weekly_counts(
    connection: duckdb.DuckDBPyConnection,
    last_week: date,
    *,
    least_customers: int,
    n_weeks: int = WEEKS,
    n_attributes: int = ATTRIBUTES,
) -> WeeklyCounts:
    """Counts up to the last complete week.

    Parameters
    ----------
    connection
        Has the catalog `published`, dimensions and facts filled.
    last_week
        Monday of the last complete week.
    least_customers
        Customers that a group needs in these weeks.
    n_weeks
        How many weeks there are, the last one included.
    n_attributes
        How many attributes make groups: those that most items have.
    """
    weeks = [last_week - timedelta(weeks=n_weeks - 1 - place) for place in range(n_weeks)]
    span = {"first_week": weeks[0], "last_week": last_week}
    connection.execute(
        "create or replace temp table weekly_group as " + read_sql("journey/weekly_group"),
        {**span, "least_customers": least_customers, "n_attributes": n_attributes},
    )
    items = connection.execute(
        """
        select attribute, attribute_value, source_id, week_start, count(*) as n_items
        from weekly_group
        group by all
        """
    ).df()
    counts = connection.execute(read_sql("journey/weekly_theme_counts")).df()
    loads = connection.execute(read_sql("journey/weekly_loads"), span).df()
    connection.execute("drop table weekly_group")
    themes = connection.execute(
        """
        select theme_id, created_week
        from published.main.dim_theme
        where status = 'active'
        order by theme_id
        """
    ).df()
    return _arranged(weeks, themes, (items, counts, loads))


def _arranged(
    weeks: list[date], themes: pd.DataFrame, frames: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
) -> WeeklyCounts:
    items, counts, loads = frames
    groups = sorted(set(zip(items.attribute, items.attribute_value, strict=True)) - {ALL})
    axes = {
        "group": pd.MultiIndex.from_tuples([ALL, *groups]),
        "theme": pd.Index(themes.theme_id),
        "source": pd.Index(sorted(set(loads.source_id))),
        "source or all": pd.Index([*sorted(set(loads.source_id)), "all"]),
        "week": pd.Index(pd.to_datetime(weeks)),
    }
    delivered = _filled(loads, axes, ("source", "week"), "n_items")
    usual, is_gap = _gaps(delivered)
    n_items = _filled(counts, axes, ("group", "theme", "source or all", "week"), "n_items")
    is_known = _known(themes, n_items[0, :, -1], weeks)
    there = is_known[None, :, None] & ~is_gap[None, None]
    return WeeklyCounts(
        weeks=weeks,
        sources=list(axes["source"]),
        themes=list(axes["theme"]),
        groups=[ALL, *groups],
        items=_filled(items, axes, ("group", "source", "week"), "n_items") * ~is_gap[None],
        counts=n_items[:, :, :-1] * there,
        customers=_filled(counts, axes, ("group", "theme", "source or all", "week"), "n_customers"),
        is_known=is_known,
        loads=delivered,
        usual=usual,
        is_gap=is_gap,
    )


def _filled(frame: pd.DataFrame, axes: dict[str, pd.Index], names: tuple[str, ...], value: str) -> FloatArray:
    """The values of a frame at their places in an array of zeros."""
    columns = {
        "group": lambda: pd.MultiIndex.from_frame(frame[["attribute", "attribute_value"]]),
        "theme": lambda: frame.theme_id,
        "source": lambda: frame.source_id,
        "source or all": lambda: frame.source_id,
        "week": lambda: pd.to_datetime(frame.week_start),
    }
    places = [axes[name].get_indexer(columns[name]()) for name in names]
    kept = np.all([place >= 0 for place in places], axis=0)
    values = np.zeros([len(axes[name]) for name in names])
    values[tuple(place[kept] for place in places)] = frame[value].to_numpy(np.float64)[kept]
    return values


def _gaps(delivered: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Usual numbers and gaps of each source, from its first week on."""
    usual, is_gap = np.full(delivered.shape, np.nan), np.zeros(delivered.shape, np.bool_)
    for place, items in enumerate(delivered):
        first = int(np.argmax(items > 0))
        usual[place, first:], is_gap[place, first:] = load_gaps(items[first:])
    return usual, is_gap


def _known(themes: pd.DataFrame, counts: FloatArray, weeks: list[date]) -> NDArray[np.bool_]:
    """Since when the book could have given a theme its items, (themes, weeks).

    A theme of a later fit has no items from before because nobody looked for it then, not because there were
    none; where it does have earlier items, earlier weeks were read for it too.
    """
    created = pd.to_datetime(themes.created_week)
    before = np.asarray(pd.to_datetime(weeks).to_numpy()[None] < created.to_numpy()[:, None])
    is_late = np.asarray(created > created.min()) & ~(before & (counts > 0)).any(axis=1)
    return ~(before & is_late[:, None])
