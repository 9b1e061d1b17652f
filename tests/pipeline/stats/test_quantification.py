import numpy as np
import pytest

from pipeline.stats.quantification import pcc_shares

PRIOR = np.array([0.6, 0.3, 0.1])
HERE = np.array([0.2, 0.3, 0.5])
CENTRES = np.array([[0.0, 0.0], [1.6, 0.0], [0.0, 1.6]])


def read_texts(rng, shares, n):
    """True labels, and probabilities that are calibrated where the labels have the prior's shares."""
    label = rng.choice(3, n, p=shares)
    place = CENTRES[label] + rng.normal(size=(n, 2))
    density = PRIOR * np.exp(-0.5 * np.square(place[:, None] - CENTRES).sum(axis=2))
    return label, density / density.sum(axis=1, keepdims=True)


def test_the_mean_of_probabilities_is_right_where_they_are_calibrated_and_where_not_it_is_not():
    rng = np.random.default_rng(4)
    for shares, off in ((PRIOR, 0.0), (HERE, 0.1)):
        _, probabilities = read_texts(rng, shares, 50_000)
        error = np.abs(pcc_shares(probabilities, np.ones(50_000)) - shares).max()
        assert error > off if off else error < 0.01
    with pytest.raises(ValueError, match="rows"):
        pcc_shares(np.ones((3, 2)), np.ones(2))
