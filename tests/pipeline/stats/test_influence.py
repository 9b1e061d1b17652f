import numpy as np
import pytest
from scipy import sparse

from pipeline.stats.influence import Influence


@pytest.fixture
def influence():
    rng = np.random.default_rng(0)
    own = rng.normal(size=(40, 5)) * (rng.random((40, 5)) < 0.3)
    return Influence(rng.normal(size=(40, 3)), rng.normal(size=(3, 5)), sparse.csr_array(own))


def test_variances_equal_those_of_the_full_table(influence):
    full = influence.common @ influence.loadings + influence.own.toarray()
    assert influence.variances() == pytest.approx(40 / 39 * np.square(full).sum(axis=0))


def test_deviations_equal_those_of_the_full_table(influence):
    full = influence.common @ influence.loadings + influence.own.toarray()
    weights = np.random.default_rng(1).multinomial(40, np.full(40, 1 / 40), size=3).astype(float)
    assert influence.deviations(weights) == pytest.approx((weights - 1) @ full)
    assert influence.deviations(np.ones((1, 40))) == pytest.approx(np.zeros((1, 5)))
