import numpy as np
import pytest
import statsmodels.api as sm

from pipeline.stats.clustered_ols import Design
from pipeline.stats.penalty_reward import penalty_reward

PENALTY, REWARD = np.array([-0.6, -0.05, -0.4, 0.0]), np.array([0.05, 0.6, 0.4, 0.0])


def made_up(seed=0, n_customers=200, penalty=PENALTY, reward=REWARD):
    """Customers with one to four items in two sources who met each of m drivers badly, well or not at all."""
    rng = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(n_customers), rng.integers(1, 5, n_customers))
    n, m = len(clusters), len(penalty)
    luck = rng.normal(0, 1, (n, m)) + rng.normal(0, 0.6, (n_customers, m))[clusters]
    low, high = (luck < -0.8).astype(float), (luck > 0.8).astype(float)
    strata = (clusters % 2).astype(np.int64)
    noise = rng.normal(0, 0.5, n_customers)[clusters] + rng.normal(0, 0.6, n)
    return Design(np.hstack([low, high]), low @ penalty + high @ reward + strata + noise, clusters, strata)


def test_contrasts_equal_statsmodels_ols_clustered():
    design = made_up()
    ours = penalty_reward(design)
    columns = np.column_stack([design.x, design.strata == 0, design.strata == 1]).astype(float)
    theirs = sm.OLS(design.y, columns).fit(
        cov_type="cluster", cov_kwds={"groups": design.clusters}, use_t=True
    )
    interval = theirs.conf_int()
    assert ours.penalty.value == pytest.approx(theirs.params[:4])
    assert ours.reward.value == pytest.approx(theirs.params[4:8])
    assert ours.penalty.ci_low == pytest.approx(interval[:4, 0])
    assert ours.reward.ci_high == pytest.approx(interval[4:8, 1])
    lead = theirs.t_test([[-1, 1 / 3, 1 / 3, 1 / 3, 1, -1 / 3, -1 / 3, -1 / 3, 0, 0]])
    assert ours.lead.standard_error[0] == pytest.approx(float(lead.sd[0, 0]))
    one_sided = lead.pvalue / 2 if ours.lead.value[0] > 0 else 1 - lead.pvalue / 2
    assert ours.lead_p[0] == pytest.approx(float(one_sided))


def test_nominal_95_percent_intervals_cover_penalties_rewards_and_swings():
    covered = np.zeros((3, 4))
    for seed in range(500):
        found = penalty_reward(made_up(seed))
        truths = (PENALTY, REWARD, REWARD - PENALTY)
        for row, (side, truth) in enumerate(
            zip((found.penalty, found.reward, found.swing), truths, strict=True)
        ):
            covered[row] += (side.ci_low <= truth) & (truth <= side.ci_high)
    assert ((covered / 500 >= 0.93) & (covered / 500 <= 0.97)).all(), covered / 500


def test_classes_are_given_where_the_intervals_carry_them():
    many = penalty_reward(made_up(n_customers=6_000))
    assert many.kano == ("must-be", "attractive", "performance", "indifferent")
    few = penalty_reward(made_up(n_customers=60, penalty=PENALTY / 6, reward=REWARD / 6))
    assert set(few.kano) == {"undecided"}


def test_asymmetry_by_hand_and_none_where_a_sign_is_wrong():
    design = made_up(n_customers=2_000, penalty=np.array([-0.3, 0.4]), reward=np.array([0.1, 0.5]))
    found = penalty_reward(design)
    p, r = found.penalty.value, found.reward.value
    assert found.asymmetry[0] == pytest.approx((r[0] + p[0]) / (r[0] - p[0]))
    assert np.isnan(found.asymmetry[1])


def test_a_driver_that_nobody_met_well_has_no_reward_and_no_class():
    design = made_up()
    x = design.x.copy()
    x[:, 4] = 0
    found = penalty_reward(Design(x, design.y, design.clusters, design.strata))
    assert np.isfinite(found.penalty.value).all()
    for unknown in (found.reward.value, found.swing.value, found.lead.value):
        assert np.isnan(unknown).tolist() == [True, False, False, False]
    assert np.isnan(found.asymmetry[0])
    assert found.kano[0] == "undecided"
    assert np.isfinite(found.lead_p[1:]).all()


def test_one_driver_leads_no_other():
    found = penalty_reward(made_up(penalty=PENALTY[:1], reward=REWARD[:1]))
    assert np.isfinite(found.swing.value).all()
    assert np.isnan(found.lead_p).all()


def test_columns_without_a_partner_are_refused():
    design = made_up()
    with pytest.raises(ValueError, match="no pairs"):
        penalty_reward(Design(design.x[:, :3], design.y, design.clusters, design.strata))
