import numpy as np
import pytest
import statsmodels.api as sm

from pipeline.stats.clustered_ols import Design
from pipeline.stats.relative_weights import MOST_GROUPS, johnson_weights, relative_weights

# R's mtcars (Henderson, Velleman 1981): mpg, cyl, disp, hp, gear, wt.
MTCARS = np.array([
    [21.0, 6, 160.0, 110, 4, 2.620], [21.0, 6, 160.0, 110, 4, 2.875], [22.8, 4, 108.0, 93, 4, 2.320],
    [21.4, 6, 258.0, 110, 3, 3.215], [18.7, 8, 360.0, 175, 3, 3.440], [18.1, 6, 225.0, 105, 3, 3.460],
    [14.3, 8, 360.0, 245, 3, 3.570], [24.4, 4, 146.7, 62, 4, 3.190], [22.8, 4, 140.8, 95, 4, 3.150],
    [19.2, 6, 167.6, 123, 4, 3.440], [17.8, 6, 167.6, 123, 4, 3.440], [16.4, 8, 275.8, 180, 3, 4.070],
    [17.3, 8, 275.8, 180, 3, 3.730], [15.2, 8, 275.8, 180, 3, 3.780], [10.4, 8, 472.0, 205, 3, 5.250],
    [10.4, 8, 460.0, 215, 3, 5.424], [14.7, 8, 440.0, 230, 3, 5.345], [32.4, 4, 78.7, 66, 4, 2.200],
    [30.4, 4, 75.7, 52, 4, 1.615], [33.9, 4, 71.1, 65, 4, 1.835], [21.5, 4, 120.1, 97, 3, 2.465],
    [15.5, 8, 318.0, 150, 3, 3.520], [15.2, 8, 304.0, 150, 3, 3.435], [13.3, 8, 350.0, 245, 3, 3.840],
    [19.2, 8, 400.0, 175, 3, 3.845], [27.3, 4, 79.0, 66, 4, 1.935], [26.0, 4, 120.3, 91, 5, 2.140],
    [30.4, 4, 95.1, 113, 5, 1.513], [15.8, 8, 351.0, 264, 5, 3.170], [19.7, 6, 145.0, 175, 5, 2.770],
    [15.0, 8, 301.0, 335, 5, 3.570], [21.4, 4, 121.0, 109, 4, 2.780],
])  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "published"),
    [
        ([1, 2, 3, 4], [0.2284797, 0.2221469, 0.2321744, 0.0963886]),  # cyl, disp, hp, gear: rwa's README
        ([1, 2, 3, 5], [0.2096904, 0.1883043, 0.1799590, 0.2706812]),  # cyl, disp, hp, wt: rwa_multiregress
    ],
)
def test_weights_equal_those_published_for_rs_rwa_on_mtcars(columns, published):
    weights = johnson_weights(np.cov(MTCARS[:, [*columns, 0]], rowvar=False))
    assert weights == pytest.approx(published, abs=5e-8)


def made_up(seed, n_customers=150, slopes=(0.6, 0.4, 0.3)):
    """Customers with two items each; predictors that go together; two sources of different level."""
    rng = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(n_customers), 2)
    n = len(clusters)
    shared = rng.normal(0, 0.8, n_customers)[clusters]
    x = rng.normal(0, 1, (n, 3)) + shared[:, None]
    strata = (clusters % 2).astype(np.int64)
    mood = rng.normal(0, 0.6, n_customers)[clusters]
    y = x @ np.array(slopes) + 2 * strata + mood + rng.normal(0, 1.2, n)
    return Design(x, y, clusters, strata)


def true_weights(slopes=(0.6, 0.4, 0.3)):
    """Those of the population that `made_up` draws from: shared variance .64, noise .36 + 1.44."""
    covariance = np.full((4, 4), 0.64) + np.diag([1.0, 1.0, 1.0, 0.0])
    covariance[3, :3] = covariance[:3, 3] = covariance[:3, :3] @ slopes
    covariance[3, 3] = slopes @ covariance[:3, :3] @ np.array(slopes) + 0.36 + 1.44
    return johnson_weights(covariance)


def test_weights_sum_to_the_r_squared_of_statsmodels_ols():
    design = made_up(1)
    weights = relative_weights(design, np.arange(3), resamples=99)
    dummy = (design.strata == 1).astype(float)
    inner = sm.OLS(design.y, sm.add_constant(np.column_stack([design.x, dummy]))).fit()
    outer = sm.OLS(design.y, sm.add_constant(dummy)).fit()
    within = 1 - inner.ssr / outer.ssr
    assert weights.r_squared == pytest.approx(within)
    assert weights.weight.sum() == pytest.approx(within)
    assert weights.share.sum() == pytest.approx(1)


def test_nominal_95_percent_intervals_cover_the_true_weights_and_shares():
    truth = true_weights()
    covered = np.zeros((2, 3))
    for seed in range(500):
        found = relative_weights(made_up(seed), np.arange(3), resamples=399, seed=seed)
        covered[0] += (found.ci_low <= truth) & (truth <= found.ci_high)
        covered[1] += (found.share_ci_low <= truth / truth.sum()) & (
            truth / truth.sum() <= found.share_ci_high
        )
    assert ((covered / 500 >= 0.93) & (covered / 500 <= 0.97)).all(), covered / 500


def test_columns_of_one_driver_are_summed():
    design = made_up(2)
    apart = relative_weights(design, np.arange(3), resamples=99)
    summed = relative_weights(design, np.array([0, 1, 0]), resamples=99)
    assert summed.weight == pytest.approx([apart.weight[0] + apart.weight[2], apart.weight[1]])


def test_collinear_predictors_share_alike_and_constant_ones_have_nothing():
    design = made_up(3)
    x = np.column_stack([design.x, design.x[:, 0], np.ones(len(design.y))])
    found = relative_weights(Design(x, design.y, design.clusters, design.strata), np.arange(5), resamples=99)
    assert found.weight[0] == pytest.approx(found.weight[3])
    assert found.weight[4] == 0
    assert found.r_squared == pytest.approx(relative_weights(design, np.arange(3), resamples=99).r_squared)


def test_an_outcome_that_does_not_vary_has_no_shares():
    design = made_up(4)
    flat = Design(design.x, np.ones_like(design.y), design.clusters, design.strata)
    found = relative_weights(flat, np.arange(3), resamples=99)
    assert (found.r_squared, found.weight.tolist()) == (0.0, [0.0, 0.0, 0.0])
    assert np.isnan(found.share).all()
    assert np.isnan(found.share_ci_low).all()


def test_many_customers_are_drawn_in_groups_and_give_the_same_interval():
    design = made_up(5, n_customers=3 * MOST_GROUPS)
    few = made_up(5, n_customers=MOST_GROUPS)
    grouped = relative_weights(design, np.arange(3), resamples=299)
    single = relative_weights(few, np.arange(3), resamples=299)
    widths = (single.ci_high - single.ci_low) / (grouped.ci_high - grouped.ci_low)
    assert widths == pytest.approx([3**0.5] * 3, rel=0.2)


def test_one_customer_or_drivers_that_do_not_fit_are_refused():
    design = made_up(6)
    with pytest.raises(ValueError, match="no relative weights"):
        relative_weights(design, np.arange(2))
    with pytest.raises(ValueError, match="no relative weights"):
        relative_weights(Design(design.x, design.y, design.clusters * 0, design.strata), np.arange(3))
