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
    rows = pd.concat([inside.assign(is_inside=True), others.assign(is_inside=False)])
    counts, themes = _counts(rows)
    n_inside, n_others = counts.recent_totals.sum(axis=0), counts.before_totals.sum(axis=0)
    if not ((n_inside > 0) & (n_others > 0)).any() or len(counts.recent_totals) < 2 or not len(themes):
        return pd.DataFrame()
    ratios = stratified_log_ratios(counts)
    error = np.sqrt(ratios.variance)
    reach = float(stats.norm.ppf(0.5 + level / 2)) * error
    tagged = rows[rows.theme_id.notna()]
    frame = pd.DataFrame(
        {
            "theme_id": themes,
            "n_customers": _customers(tagged[tagged.is_inside], themes),
            "n_customers_other": _customers(tagged[~tagged.is_inside], themes),
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
    return frame[is_enough & (_customers(tagged, themes) >= least_customers)].reset_index(drop=True)


def _counts(rows: pd.DataFrame) -> tuple[PeriodCounts, pd.Index[str]]:
    """Rows as `stratified_log_ratios` takes them, and the themes in the order of its events."""
    is_tagged = rows.theme_id.notna().to_numpy()
    customer, customers = pd.factorize(rows.cluster_id)
    source, sources = pd.factorize(rows.source_id)
    themes = pd.Index(rows.theme_id.dropna().unique()).sort_values()
    n, is_inside = rows.n_items.to_numpy(np.float64), rows.is_inside.to_numpy(bool)
    totals = np.zeros((2, len(customers), len(sources)))
    for side, chosen in enumerate((~is_tagged & is_inside, ~is_tagged & ~is_inside)):
        np.add.at(totals[side], (customer[chosen], source[chosen]), n[chosen])
    counts = PeriodCounts(
        customer=customer[is_tagged].astype(np.int64),
        event=themes.get_indexer(rows.theme_id[is_tagged]).astype(np.int64),
        source=source[is_tagged].astype(np.int64),
        recent=np.where(is_inside, n, 0.0)[is_tagged],
        before=np.where(is_inside, 0.0, n)[is_tagged],
        recent_totals=totals[0],
        before_totals=totals[1],
        n_events=len(themes),
    )
    return counts, themes


def _customers(tagged: pd.DataFrame, themes: pd.Index[str]) -> NDArray[np.int64]:
    """How many customers have each theme."""
    pairs = tagged[["theme_id", "cluster_id"]].drop_duplicates()
    return np.bincount(themes.get_indexer(pairs.theme_id), minlength=len(themes))
