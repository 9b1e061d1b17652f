import numpy as np
import pytest
import statsmodels.api as sm

from pipeline.stats.clustered_ols import Design, clustered_ols


def made_up(n_customers=120, seed=0, effects=(0.5, -0.3)):
    """Customers with one to five items in two sources; an effect on y of each of two columns."""
    rng = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(n_customers), rng.integers(1, 6, n_customers))
    n = len(clusters)
    strata = (clusters % 3 == 0).astype(np.int64)
    moods = rng.normal(0, 0.7, n_customers)[clusters]
    x = (rng.normal(0, 1, (n, 2)) + rng.normal(0, 0.5, (n_customers, 2))[clusters] > 0.4).astype(float)
    y = x @ np.array(effects) + strata * 1.5 + moods + rng.normal(0, 0.5, n)
    return Design(x, y, clusters, strata)


def test_coefficients_and_errors_equal_statsmodels_ols_clustered():
    design = made_up()
    fit = clustered_ols(design)
    dummies = np.column_stack([design.strata == 0, design.strata == 1]).astype(float)
    theirs = sm.OLS(design.y, np.column_stack([design.x, dummies])).fit(
        cov_type="cluster", cov_kwds={"groups": design.clusters}, use_t=True
    )
    ours = fit.combine(np.eye(2))
    assert ours.value == pytest.approx(theirs.params[:2])
    assert ours.standard_error == pytest.approx(theirs.bse[:2])
    assert np.column_stack([ours.ci_low, ours.ci_high]) == pytest.approx(theirs.conf_int()[:2])
    contrast = theirs.t_test([[1, -1, 0, 0]])
    difference = fit.combine(np.array([[1.0, -1.0]]))
    assert difference.standard_error[0] == pytest.approx(float(contrast.sd[0, 0]))


def test_r_squared_is_that_of_the_centred_regression():
    design = made_up()
    means = np.column_stack([np.bincount(design.strata, v) for v in (design.y, *design.x.T)])
    means /= np.bincount(design.strata)[:, None]
    centred = np.column_stack([design.y, design.x]) - means[design.strata]
    theirs = sm.OLS(centred[:, 0], centred[:, 1:]).fit()
    assert clustered_ols(design).r_squared == pytest.approx(theirs.rsquared)


def test_nominal_95_percent_intervals_cover_the_truth():
    covered = np.zeros(2)
    for seed in range(500):
        sides = clustered_ols(made_up(seed=seed)).combine(np.eye(2))
        covered += (sides.ci_low <= [0.5, -0.3]) & (sides.ci_high >= [0.5, -0.3])
    assert ((covered / 500 >= 0.93) & (covered / 500 <= 0.97)).all(), covered / 500


def test_a_column_that_is_constant_or_a_sum_of_others_has_no_coefficient():
    design = made_up()
    constant = clustered_ols(
        Design(np.column_stack([design.x, np.ones(len(design.y))]), design.y, design.clusters, design.strata)
    )
    assert np.isnan(constant.coefficients).tolist() == [False, False, True]
    assert constant.coefficients[:2] == pytest.approx(clustered_ols(design).coefficients)
    doubled = clustered_ols(
        Design(np.column_stack([design.x, design.x[:, 0]]), design.y, design.clusters, design.strata)
    )
    assert np.isnan(doubled.coefficients).tolist() == [True, False, True]
    sums = doubled.combine(np.array([[0.0, 1.0, 0.0], [1.0, 1.0, 0.0]]))
    assert np.isnan(sums.value).tolist() == [False, True]


def test_an_outcome_without_spread_has_nothing_explained():
    design = made_up()
    flat = Design(design.x, np.ones_like(design.y), design.clusters, design.strata)
    assert clustered_ols(flat).r_squared == 0


def test_impossible_input_is_refused():
    design = made_up()
    with pytest.raises(ValueError, match="equally long"):
        Design(design.x, design.y[1:], design.clusters, design.strata)
    with pytest.raises(ValueError, match="finite"):
        Design(design.x * np.nan, design.y, design.clusters, design.strata)
    with pytest.raises(ValueError, match="from 0"):
        Design(design.x, design.y, design.clusters - 1, design.strata)
    with pytest.raises(ValueError, match="two customers"):
        clustered_ols(Design(design.x, design.y, design.clusters * 0, design.strata))
    three = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    with pytest.raises(ValueError, match="cannot tell"):
        clustered_ols(Design(three, np.arange(3.0), np.arange(3), np.zeros(3, np.int64)))
