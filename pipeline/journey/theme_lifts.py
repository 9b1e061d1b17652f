"""How much more often themes come up on one side than on the other, within sources."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from pipeline.stats.rate_ratio import PeriodCounts, stratified_log_ratios

LEAST_EXPECTED = 5  # items to expect on either side; with fewer the error of a ratio is far from normal


def theme_lifts(
    inside: pd.DataFrame, others: pd.DataFrame, *, least_customers: int, level: float
) -> pd.DataFrame:
    """Lift of every theme that either side can expect enough items of.

    Estimand: the share of the inside's items that have the theme over the share of the others' items, the
    same in all sources or else a mean over them: a side that writes more tickets has no lift for it.

    Parameters
    ----------
    inside, others
        Items of the two sides: `cluster_id`, `source_id`, `theme_id` (null: all items, whatever their themes)
        and `n_items`. A customer may be on both.
    least_customers
        Themes of fewer customers are left out.
    level
        Level of the intervals.

    Returns
    -------
    pd.DataFrame
        A row for each theme: what is in `mart_theme_segment` but the segment and q. Empty where no source has
        items on both sides.

    Notes
    -----
    `stratified_log_ratios`, one item added: intervals and p are normal on the log scale, by customer.
    """
    counts, themes = _counts(pd.concat([inside.assign(is_inside=True), others.assign(is_inside=False)]))
    n_inside, n_others = counts.recent_totals.sum(axis=0), counts.before_totals.sum(axis=0)
    if not ((n_inside > 0) & (n_others > 0)).any() or len(counts.recent_totals) < 2 or not len(themes):
        return pd.DataFrame()
    ratios = stratified_log_ratios(counts)
    error = np.sqrt(ratios.variance)
    reach = float(stats.norm.ppf(0.5 + level / 2)) * error
    frame = pd.DataFrame(
        {
            "theme_id": themes,
            "n_customers": _customers(counts, counts.recent > 0),
            "n_customers_other": _customers(counts, counts.before > 0),
            "n_items": np.bincount(counts.event, counts.recent, len(themes)).astype(np.int64),
            "n_items_other": np.bincount(counts.event, counts.before, len(themes)).astype(np.int64),
            "n_items_all": int(n_inside.sum()),
            "n_items_all_other": int(n_others.sum()),
            "lift": np.exp(ratios.value).round(4),
            "ci_low": np.exp(ratios.value - reach).round(4),
            "ci_high": np.exp(ratios.value + reach).round(4),
            "p_value": (2 * stats.norm.sf(np.abs(ratios.value) / error)).round(6),
        }
    )
    smaller = min(n_inside.sum(), n_others.sum()) / (n_inside.sum() + n_others.sum())
    is_enough = (frame.n_items + frame.n_items_other) * smaller >= LEAST_EXPECTED
    n_customers = _customers(counts, counts.recent + counts.before > 0)
    return frame[is_enough & (n_customers >= least_customers)].reset_index(drop=True)


def _counts(rows: pd.DataFrame) -> tuple[PeriodCounts, pd.Index[str]]:
    """Rows as `stratified_log_ratios` takes them, and the themes in the order of its events."""
    customer, customers = pd.factorize(rows.cluster_id)
    source, sources = pd.factorize(rows.source_id)
    event, themes = pd.factorize(rows.theme_id, sort=True)  # -1: all items
    n, is_inside = rows.n_items.to_numpy(np.float64), rows.is_inside.to_numpy(bool)
    place, is_tagged = customer * len(sources) + source, event >= 0

    def totals(side: NDArray[np.bool_]) -> NDArray[np.float64]:
        kept = side & ~is_tagged
        cells = np.bincount(place[kept], n[kept], len(customers) * len(sources))
        return cells.astype(np.float64).reshape(len(customers), len(sources))

    counts = PeriodCounts(
        customer=customer[is_tagged].astype(np.int64),
        event=event[is_tagged].astype(np.int64),
        source=source[is_tagged].astype(np.int64),
        recent=np.where(is_inside, n, 0.0)[is_tagged],
        before=np.where(is_inside, 0.0, n)[is_tagged],
        recent_totals=totals(is_inside),
        before_totals=totals(~is_inside),
        n_events=len(themes),
    )
    return counts, pd.Index(themes)


def _customers(counts: PeriodCounts, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many customers the kept rows have of each theme."""
    n_customers = len(counts.recent_totals)
    pairs = pd.unique(counts.event[kept] * n_customers + counts.customer[kept])  # np.unique takes seconds
    return np.bincount(pairs // n_customers, minlength=counts.n_events)
