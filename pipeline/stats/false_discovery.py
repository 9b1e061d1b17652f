"""How many of the findings among many tests may be wrong."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def benjamini_hochberg(p_values: FloatArray) -> FloatArray:
    """Least false discovery rate at which each of many tests is a finding: its q value.

    Calling a finding what has q <= alpha keeps the expected share of false findings at alpha or under.

    Parameters
    ----------
    p_values : (n,) float in 0..1
        One of each test; NaN where a test could not be made. NaN are no tests: they are not counted.

    Returns
    -------
    (n,) float in 0..1
        q values in the order given; NaN where the p value is.

    Raises
    ------
    ValueError
        A p value is outside 0..1, or the array is not flat.

    Notes
    -----
    Of m tests in ascending order, q_i = min over j >= i of m p_j / j. Benjamini, Hochberg (1995), Journal of
    the Royal Statistical Society B 57(1), 289-300. Holds for independent tests and for positive dependence
    (Benjamini, Yekutieli 2001); for tests that oppose each other the rate may reach alpha times sum 1/j.

    Examples
    --------
    >>> import numpy as np
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, np.nan])).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    p_values = np.asarray(p_values, dtype=np.float64)
    tested = np.flatnonzero(~np.isnan(p_values))
    p = p_values[tested]
    if p_values.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"p values must be a flat array within 0..1, not {p_values.shape} {p[:5]}")
    descending = np.argsort(-p, kind="stable")
    factors = len(p) / np.arange(len(p), 0, -1)
    q_values = np.full(p_values.shape, np.nan)
    q_values[tested[descending]] = np.minimum(1.0, np.minimum.accumulate(p[descending] * factors))
    return q_values
