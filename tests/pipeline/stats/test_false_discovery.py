import numpy as np
import pytest
from scipy import stats

from pipeline.stats.false_discovery import benjamini_hochberg


def test_the_papers_own_example_has_four_findings():
    # Benjamini, Hochberg (1995), section 3: 15 endpoints of a trial on myocardial infarction.
    heart = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    other = [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    p_values = np.array([*heart, *other])
    assert int((benjamini_hochberg(p_values) <= 0.05).sum()) == 4


def test_q_values_are_those_of_scipy():
    p_values = np.random.default_rng(4).random(57) ** 3
    assert benjamini_hochberg(p_values) == pytest.approx(stats.false_discovery_control(p_values))


def test_a_test_that_could_not_be_made_does_not_count():
    with_gap = benjamini_hochberg(np.array([0.01, np.nan, 0.04]))
    assert with_gap[[0, 2]] == pytest.approx(benjamini_hochberg(np.array([0.01, 0.04])))
    assert np.isnan(with_gap[1])


def test_the_false_discovery_rate_stays_under_its_level():
    rng = np.random.default_rng(9)
    false_share = []
    for _ in range(500):
        z = rng.normal(size=40) + np.where(np.arange(40) < 10, 3.0, 0.0)
        found = benjamini_hochberg(2 * stats.norm.sf(np.abs(z))) <= 0.1
        false_share.append(found[10:].sum() / max(1, found.sum()))
    assert np.mean(false_share) <= 0.1


def test_no_tests_give_no_q_values():
    assert benjamini_hochberg(np.array([])).size == 0
    assert np.isnan(benjamini_hochberg(np.array([np.nan]))).all()


@pytest.mark.parametrize("p_values", [[1.2], [-0.1, 0.5], [[0.1]]])
def test_what_is_no_p_value_is_refused(p_values):
    with pytest.raises(ValueError, match="p values"):
        benjamini_hochberg(np.array(p_values))
