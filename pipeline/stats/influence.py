"""Influences of customers on many estimates at once, without a table of all customers by all estimates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Influence:
    """How far each of J customers moves each of P estimates: `common` @ `loadings` + `own`.

    `common`, (J, q), is what customers have in all estimates, with `loadings`, (q, P), in each; `own`,
    (J, P), is sparse and holds what only the customers have whom an estimate concerns.

    Notes
    -----
    The influence function of Hampel (1974), Journal of the American Statistical Association 69, 383-393. Its
    sum of squares, times J / (J - 1), is the CR1 variance of an estimate whose influences sum to 0.
    """

    common: FloatArray
    loadings: FloatArray
    own: sparse.csr_array

    def variances(self) -> FloatArray:
        """CR1 variance of each estimate, (P,)."""
        products = self.common.T @ self.common
        squares = (
            np.einsum("qp,qr,rp->p", self.loadings, products, self.loadings)
            + 2 * np.einsum("qp,qp->p", self.loadings, self.common.T @ self.own)
            + (self.own * self.own).sum(axis=0)
        )
        n_customers = len(self.common)
        variances: FloatArray = n_customers / (n_customers - 1) * np.maximum(squares, 0)
        return variances

    def deviations(self, weights: FloatArray) -> FloatArray:
        """Deviation of each estimate when customers count as `weights`, (b, J), and not once: (b, P)."""
        extra = weights - 1
        moved: FloatArray = (extra @ self.common) @ self.loadings + extra @ self.own
        return moved
