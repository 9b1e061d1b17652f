"""Moments of truth: stages where the outcome swings more than elsewhere between badly and well met."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.journey.driver_tables import LEAST_CUSTOMERS, DriverTable
from pipeline.stats.false_discovery import benjamini_hochberg
from pipeline.stats.penalty_reward import PenaltyReward, penalty_reward

FALSE_SHARE = 0.1


def moments_of_truth(table: DriverTable, contrasts: PenaltyReward) -> pd.DataFrame:
    """Which drivers of `table` are moments of truth, with the reason in words.

    A moment's swing is above the mean swing of the other stages, by a one-sided test with q <= .1 over the
    stages (Benjamini, Hochberg), and is above it in the earlier and the later half of the items too.
    """
    q_values = benjamini_hochberg(contrasts.lead_p)
    halves = _leads_in_halves(table)
    rows = [
        _verdict(contrasts, place, float(q_values[place]), None if halves is None else halves[:, place])
        for place in range(len(table.driver_ids))
    ]
    return pd.DataFrame(rows, columns=["is_moment_of_truth", "moment_reason"])


def _leads_in_halves(table: DriverTable) -> NDArray[np.float64] | None:
    """Leads, (2, m), in the earlier and the later half of the dated items; None with few customers in one."""
    dated = table.written_on.notna().to_numpy()
    is_late = (table.written_on > table.written_on[dated].median()).to_numpy()
    halves = [dated & ~is_late, dated & is_late]
    if min(len(np.unique(table.design.clusters[half])) for half in halves) < LEAST_CUSTOMERS / 2:
        return None
    return np.stack([penalty_reward(table.part(half).design).lead.value for half in halves])


def _verdict(
    contrasts: PenaltyReward, place: int, q_value: float, in_halves: NDArray[np.float64] | None
) -> tuple[bool, str]:
    if np.isnan(q_value):
        return False, "not compared: too few customers met it badly or well, or no other stage so"
    lead, low, high = (
        float(ends[place]) for ends in (contrasts.lead.value, contrasts.lead.ci_low, contrasts.lead.ci_high)
    )
    swing = f"swing {contrasts.swing.value[place]:.2f} of the scale, "
    apart = f"{abs(lead):.2f} {'above' if lead > 0 else 'below'} the mean of the other stages "
    ends = f"(interval {low:.2f} to {high:.2f}, q {_q_words(q_value)})".replace("-", "\u2212")
    if q_value > FALSE_SHARE:
        return False, f"{swing}{apart}{ends}: not clearly above them"
    if in_halves is None:
        return False, f"{swing}{apart}{ends}, but too few dated items to compare two halves of time"
    if not (in_halves > 0).all():
        return False, f"{swing}{apart}{ends}, but not in both halves of time"
    return True, f"{swing}{apart}{ends}, and above it in both halves of time"


def _q_words(q_value: float) -> str:
    """A q value as the report writes it: small is never called zero."""
    return "under .001" if q_value < 0.001 else f"{q_value:.3f}".removeprefix("0")
