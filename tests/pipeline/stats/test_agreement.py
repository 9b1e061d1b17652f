import numpy as np
import pytest

from pipeline.stats.agreement import Scheme, krippendorff_alpha

NO = np.nan
# Krippendorff (2011), section C: four observers, twelve units, labels missing.
FOUR_OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NO, NO, NO],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NO, 3],
        [NO, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NO],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NO],
    ]
)


@pytest.mark.parametrize(("scale", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_paper_s_example_with_four_observers_and_missing_labels(scale, alpha):
    found = krippendorff_alpha(FOUR_OBSERVERS, np.arange(12), Scheme(scale))
    assert found.alpha == pytest.approx(alpha, abs=5e-4)
    assert found.n_units == 11


def test_the_paper_s_example_with_two_observers():
    # Krippendorff (2011), section B
    labels = np.array([[*map(ord, "aabbdcccedda")], [*map(ord, "babbbccceddd")]], dtype=float)
    assert krippendorff_alpha(labels, np.arange(12)).alpha == pytest.approx(0.692, abs=5e-4)


def test_the_paper_s_example_with_two_labels():
    # Krippendorff (2011), section A
    labels = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=float)
    assert krippendorff_alpha(labels, np.arange(10)).alpha == pytest.approx(0.095, abs=5e-4)


def coders(rng, n_customers):
    """Two coders who each see the truth with probability .8, three units a customer, moods by customer."""
    customer = np.repeat(np.arange(n_customers), 3)
    truth = (rng.random(n_customers)[customer] + rng.random(len(customer)) > 1).astype(float)
    seen = [np.where(rng.random(len(truth)) < 0.8, truth, rng.integers(0, 2, len(truth))) for _ in range(2)]
    return np.array(seen), customer


def test_nominal_95_percent_intervals_cover_the_truth():
    rng = np.random.default_rng(3)
    truth = krippendorff_alpha(*coders(rng, 60_000), Scheme(resamples=1)).alpha
    covered = 0
    for seed in range(500):
        found = krippendorff_alpha(*coders(rng, 60), Scheme(resamples=399, seed=seed))
        covered += found.ci_low <= truth <= found.ci_high
    assert 0.93 <= covered / 500 <= 0.97


def test_customers_who_agree_among_themselves_widen_the_interval():
    rng = np.random.default_rng(5)
    one = (rng.random(40) < 0.7).astype(float)
    other = np.where(rng.random(40) < 0.8, one, 1 - one)
    labels, customer = np.repeat([one, other], 5, axis=1), np.repeat(np.arange(40), 5)
    clustered = krippendorff_alpha(labels, customer)
    single = krippendorff_alpha(labels, np.arange(200))
    assert clustered.alpha == single.alpha
    assert clustered.ci_high - clustered.ci_low > 1.5 * (single.ci_high - single.ci_low)


def test_labels_that_are_all_the_same_have_no_alpha_and_few_customers_no_interval():
    assert krippendorff_alpha(np.ones((2, 30)), np.arange(30)).alpha is None
    few = krippendorff_alpha(FOUR_OBSERVERS, np.arange(12) % 9)
    assert (few.alpha is not None, few.ci_low, few.n_customers) == (True, None, 9)


@pytest.mark.parametrize("labels", [np.ones(4), np.full((2, 4), np.inf), np.array([[1.0] * 4, [NO] * 4])])
def test_labels_that_tell_nothing_are_refused(labels):
    with pytest.raises(ValueError, match="labels"):
        krippendorff_alpha(labels, np.arange(4))
