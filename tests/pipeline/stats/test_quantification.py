import numpy as np
import pytest
from scipy.optimize import minimize

from pipeline.stats.quantification import acc_shares, emq_shares, pcc_shares

PRIOR = np.array([0.6, 0.3, 0.1])
HERE = np.array([0.2, 0.3, 0.5])
CENTRES = np.array([[0.0, 0.0], [1.6, 0.0], [0.0, 1.6]])


def read_texts(rng, shares, n):
    """True labels, and probabilities that are calibrated where the labels have the prior's shares."""
    label = rng.choice(3, n, p=shares)
    place = CENTRES[label] + rng.normal(size=(n, 2))
    density = PRIOR * np.exp(-0.5 * np.square(place[:, None] - CENTRES).sum(axis=2))
    return label, density / density.sum(axis=1, keepdims=True)


def counts(label, probabilities):
    confusion = np.zeros((3, 3))
    np.add.at(confusion, (label, probabilities.argmax(axis=1)), 1)
    return confusion


@pytest.mark.parametrize("method", ["EMQ", "ACC"])
def test_shares_are_right_on_average_where_counting_is_not(method):
    rng = np.random.default_rng(1)
    confusion = counts(*read_texts(rng, PRIOR, 50_000))
    found, counted = [], []
    for _ in range(500):
        _, probabilities = read_texts(rng, HERE, 600)
        labels = np.bincount(probabilities.argmax(axis=1), minlength=3) / 600
        counted.append(labels)
        found.append(emq_shares(probabilities, PRIOR) if method == "EMQ" else acc_shares(labels, confusion))
    assert np.mean(found, axis=0) == pytest.approx(HERE, abs=0.01)
    assert np.abs(np.mean(counted, axis=0) - HERE).max() > 0.1
    assert np.abs(np.array(found) - HERE).mean() < np.abs(np.array(counted) - HERE).mean() / 2


def test_the_mean_of_probabilities_is_right_where_they_are_calibrated_and_where_not_it_is_not():
    rng = np.random.default_rng(4)
    for shares, off in ((PRIOR, 0.0), (HERE, 0.1)):
        _, probabilities = read_texts(rng, shares, 50_000)
        error = np.abs(pcc_shares(probabilities, np.ones(50_000)) - shares).max()
        assert error > off if off else error < 0.01
    with pytest.raises(ValueError, match="rows"):
        pcc_shares(np.ones((3, 2)), np.ones(2))


def test_emq_is_the_maximum_likelihood_that_a_general_optimiser_finds():
    _, probabilities = read_texts(np.random.default_rng(2), HERE, 300)
    weights = np.random.default_rng(3).integers(1, 4, 300).astype(float)

    def badness(free):
        shares = np.exp(free) / np.exp(free).sum()
        return -weights @ np.log(probabilities @ (shares / PRIOR))

    best = minimize(badness, np.zeros(3)).x
    assert emq_shares(probabilities, PRIOR, weights) == pytest.approx(
        np.exp(best) / np.exp(best).sum(), abs=1e-4
    )


def test_acc_of_two_labels_is_forman_s_formula():
    # Forman (2008): (observed - false positive rate) / (true positive rate - false positive rate)
    confusion = np.array([[80.0, 20], [10, 90]])
    assert acc_shares(np.array([45.0, 55]), confusion)[0] == pytest.approx((0.45 - 0.1) / (0.8 - 0.1))


def test_shares_stay_shares_where_the_counts_lie_outside_of_what_the_confusion_allows():
    found = acc_shares(np.array([99.0, 1, 0]), np.array([[60.0, 20, 20], [20, 60, 20], [20, 20, 60]]))
    assert found.sum() == pytest.approx(1)
    assert found.min() >= 0


def test_a_label_that_was_never_seen_stays_away():
    assert emq_shares(np.array([[0.5, 0.5], [0.4, 0.6]]), np.array([1.0, 0.0])).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("probabilities", "prior"),
    [
        (np.zeros((0, 2)), np.ones(2)),
        (np.ones((3, 2)), np.zeros(2)),
        (np.full((3, 2), np.nan), np.ones(2)),
        (np.ones((3, 3)), np.ones(2)),
    ],
)
def test_emq_refuses_what_it_cannot_read(probabilities, prior):
    with pytest.raises(ValueError, match=r"prior|probabilities"):
        emq_shares(probabilities, prior)


def test_acc_refuses_a_label_without_texts():
    with pytest.raises(ValueError, match="needs texts"):
        acc_shares(np.ones(2), np.array([[1.0, 1], [0, 0]]))
