"""Audited quantities under a fixed mix of sources: direct standardisation of audited estimates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline.stats.ppi import AuditedEstimate, from_influence

FloatArray = NDArray[np.float64]


def standardised(
    estimates: Mapping[str, AuditedEstimate], weights: Mapping[str, float], *, level: float = 0.95
) -> tuple[AuditedEstimate, float]:
    """Audited quantities of several sources under a fixed mix: sum_k W_k theta_k.

    Parameters
    ----------
    estimates : mapping of source to AuditedEstimate
        All from one frame, so that a customer has the same number in each; sources whose audit is too small
        left out.
    weights : mapping of source to float
        The fixed mix W_k of all sources, not negative, of positive sum.
    level : float in (0, 1)
        Level of the interval.

    Returns
    -------
    estimate : AuditedEstimate
        With the weights of the sources that are there, scaled to sum to 1; `lam` is their weighted mean.
    weight_covered : float in (0, 1]
        The share of the whole mix that these sources have.

    Raises
    ------
    ValueError
        No source with a positive weight has an estimate.

    Notes
    -----
    Influences add up by customer, so someone who writes in two sources is no independent pair.
    """
    shares = np.array([max(weights.get(source, 0.0), 0.0) for source in estimates])
    if not shares.sum() > 0:
        raise ValueError("no source of the mix has an audited estimate")
    parts, shares, covered = list(estimates.values()), shares / shares.sum(), shares.sum()
    influence = np.zeros(max(len(part.influence) for part in parts))
    for part, share in zip(parts, shares, strict=True):
        influence[: len(part.influence)] += share * part.influence
    facts = {
        "lam": float(shares @ [part.lam for part in parts]),
        "n_audited": sum(part.n_audited for part in parts),
        "method": "PPI++",
    }
    value = float(shares @ [part.value for part in parts])
    n_customers = _effective_customers(parts, shares)
    return from_influence(value, influence, n_customers, level, facts), float(covered / sum(weights.values()))


def _effective_customers(parts: list[AuditedEstimate], shares: FloatArray) -> int:
    """Customers whose t quantile the mix has, after Satterthwaite (1946)."""
    variances = np.array(
        [share**2 * part.standard_error**2 for part, share in zip(parts, shares, strict=True)]
    )
    if not variances.any():
        return min(part.n_customers for part in parts)
    spread = np.square(variances) @ [1 / (part.n_customers - 1) for part in parts]
    return int(variances.sum() ** 2 / spread) + 1
