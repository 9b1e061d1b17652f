"""Audited quantities, in a simulated frame with a model of known confusion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import statsmodels.api as sm

from pipeline.stats.cluster_mean import cluster_mean
from pipeline.stats.ppi import Audit, Parts, audited_ratio, audited_share
from pipeline.stats.ppi_mix import standardised

STAGE_SHARES = np.array([0.3, 0.25, 0.2, 0.15, 0.1])
STAGE_MEANS = np.array([-1.0, -0.4, 0.1, 0.5, 0.9])
SOURCE_SHIFTS = np.array([-0.4, 0.1, 0.3])
ACCURACY = 0.7
MODEL_BIAS = 0.3


@dataclass(frozen=True)
class World:
    """Units (N,) with people's stage and valence, the model's, their source, and the audit."""

    audit: Audit
    source: np.ndarray
    stage: np.ndarray
    valence: np.ndarray
    model_stage: np.ndarray
    model_valence: np.ndarray

    def human(self, stage: int) -> Parts:
        inside = (self.stage == stage).astype(float)
        return Parts(inside * self.valence, inside)

    def model(self, stage: int) -> Parts:
        inside = (self.model_stage == stage).astype(float)
        return Parts(inside * self.model_valence, inside)


def make_world(rng, n_customers, *, units=26, rate=0.08):
    """Customers differ in feeling and in how much they write; those who write more feel worse."""
    size = 1 + rng.poisson(rng.gamma(2.0, units / 2, n_customers))
    customer = np.repeat(np.arange(n_customers), size)
    mood = rng.normal(0, 0.5, n_customers)
    n = len(customer)
    source = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    stage = rng.choice(5, n, p=STAGE_SHARES)
    valence = STAGE_MEANS[stage] + SOURCE_SHIFTS[source] + mood[customer] + rng.normal(0, 0.6, n)
    right = rng.random(n) < ACCURACY
    model_stage = np.where(right, stage, rng.choice(5, n, p=[0.4, 0.3, 0.1, 0.1, 0.1]))
    model_valence = 0.8 * valence + MODEL_BIAS * (model_stage > 1) + rng.normal(0, 0.5, n)
    stratum = model_stage * 3 + source
    weight = draw(rng, stratum, rate)
    return World(Audit(customer, stratum, weight), source, stage, valence, model_stage, model_valence)


def draw(rng, stratum, rate):
    """Weights of a draw of `rate` of the units by the square root of the strata's sizes, two or more each."""
    sizes = np.bincount(stratum)
    wanted = np.sqrt(sizes) / np.sqrt(sizes).sum() * rate * len(stratum)
    wanted = np.where(sizes > 0, np.clip(np.round(wanted), 2, None), 0).astype(int)
    order = np.lexsort((rng.random(len(stratum)), stratum))
    place = np.arange(len(stratum)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    taken = order[place < np.repeat(wanted, sizes)]
    weight = np.zeros(len(stratum))
    weight[taken] = (sizes / np.maximum(np.minimum(wanted, sizes), 1))[stratum[taken]]
    return weight


def true_mean(stage):
    """Mean valence of the stage's units in the population of `make_world`."""
    return STAGE_MEANS[stage] + SOURCE_SHIFTS @ [0.5, 0.3, 0.2]


def simple_sample(rng, n_frame, n_read):
    """Units that are customers of their own, in one stratum, read by chance."""
    valence = rng.normal(0.3, 1, n_frame)
    model = valence + rng.normal(0.4, 0.7, n_frame)
    weight = np.zeros(n_frame)
    weight[rng.choice(n_frame, n_read, replace=False)] = n_frame / n_read
    return Audit(np.arange(n_frame), np.zeros(n_frame, int), weight), valence, model


def test_a_worked_example_of_two_strata_without_the_model():
    # By hand: stratum means 2 and 5 of 6 and 4 units, (6 * 2 + 4 * 5) / 10 = 3.2
    audit = Audit(np.arange(10), np.repeat([0, 1], [6, 4]), np.array([9.0, 9, 0, 0, 0, 0, 5, 5, 0, 0]))
    values = np.array([1.0, 3, np.nan, np.nan, np.nan, np.nan, 4, 6, np.nan, np.nan])
    found = audited_ratio(audit, Parts(values, np.ones(10)), Parts(np.zeros(10), np.zeros(10)), lam=0)
    assert found.value == pytest.approx(3.2)
    assert (found.n_audited, found.n_customers, found.lam) == (4, 4, 0)


def test_without_the_model_it_is_the_weighted_mean_and_cluster_error_of_statsmodels():
    rng = np.random.default_rng(1)
    customer = rng.integers(0, 40, 800)
    weight = np.where(rng.random(800) < 0.3, rng.uniform(1, 5, 800), 0)
    values = rng.normal(size=800) + rng.normal(size=40)[customer]
    audit, ones = Audit(customer, np.zeros(800, int), weight), np.ones(800)
    found = audited_ratio(audit, Parts(values, ones), Parts(values, ones), lam=0)
    read = weight > 0
    fit = sm.WLS(values[read], np.ones(read.sum()), weights=weight[read]).fit(
        cov_type="cluster", cov_kwds={"groups": customer[read]}
    )
    n = read.sum()
    assert found.value == pytest.approx(fit.params[0])
    assert found.standard_error == pytest.approx(fit.bse[0] * np.sqrt(n / (n - 1)))


def test_lam_and_error_are_those_of_the_paper_where_units_are_drawn_one_by_one():
    # Angelopoulos et al. (2023), section 2 and proposition 2; there the n read texts are not among the N,
    # here they are in the frame, which adds twice the covariance to the variance and takes n / N from lam
    audit, valence, model = simple_sample(np.random.default_rng(2), 200_000, 8_000)
    ones, read = np.ones(len(valence)), audit.weight > 0
    y, f = valence[read], model[read]
    whole = audited_ratio(audit, Parts(valence, ones), Parts(model, ones), lam=1)
    assert whole.value == pytest.approx(model.mean() + (y - f).mean(), abs=1e-9)
    shared = 2 * np.cov(f, y - f)[0, 1] / len(model)
    error = np.sqrt(model.var() / len(model) + (y - f).var() / len(y) + shared)
    assert whole.standard_error == pytest.approx(error, rel=0.02)
    tuned = audited_ratio(audit, Parts(valence, ones), Parts(model, ones))
    lam = np.cov(y, f)[0, 1] / model.var()
    assert tuned.lam == pytest.approx(lam, abs=0.02)
    assert tuned.standard_error < whole.standard_error


def test_a_model_that_reads_as_people_do_leaves_only_the_spread_of_customers():
    audit, valence, _ = simple_sample(np.random.default_rng(3), 3_000, 600)
    same = Parts(valence, np.ones(3_000))
    found = audited_ratio(audit, same, same)
    everyone = cluster_mean(valence, np.ones(3_000))
    assert found.lam == pytest.approx(1)
    assert (found.value, found.ci_low) == pytest.approx((everyone.value, everyone.ci_low), abs=2e-3)


def test_a_model_of_chance_is_left_out():
    audit, valence, _ = simple_sample(np.random.default_rng(4), 3_000, 600)
    chance = Parts(np.random.default_rng(5).normal(size=3_000), np.ones(3_000))
    assert audited_ratio(audit, Parts(valence, np.ones(3_000)), chance).lam < 0.1


@pytest.mark.parametrize(
    ("n_customers", "stage"), [(100, 0), (300, 0), (300, 4), pytest.param(600, 1, marks=pytest.mark.slow)]
)
def test_nominal_95_percent_intervals_of_a_stage_cover_the_truth(n_customers, stage):
    rng, covered, model_only = np.random.default_rng(n_customers + stage), 0, 0
    for _ in range(500):
        world = make_world(rng, n_customers)
        found = audited_ratio(world.audit, world.human(stage), world.model(stage))
        covered += found.ci_low <= true_mean(stage) <= found.ci_high
        inside = world.model_stage == stage
        model_only += abs(world.model_valence[inside].mean() - true_mean(stage)) < 0.1
    assert 0.93 <= covered / 500 <= 0.97
    assert model_only / 500 < 0.35


@pytest.mark.parametrize(("n_customers", "stage"), [(100, 0), (300, 4)])
def test_nominal_95_percent_intervals_of_a_share_cover_the_truth(n_customers, stage):
    rng, covered = np.random.default_rng(7), 0
    for _ in range(500):
        world = make_world(rng, n_customers)
        labels = [(one == stage).astype(float) for one in (world.stage, world.model_stage)]
        found = audited_share(world.audit, *labels)
        covered += found.ci_low <= STAGE_SHARES[stage] <= found.ci_high
    assert 0.93 <= covered / 500 <= 0.97


def test_units_that_count_by_size_and_are_drawn_by_it_cover_the_truth():
    rng, covered = np.random.default_rng(15), 0
    for _ in range(500):
        size = 1.0 + rng.poisson(3, 800)
        customer = rng.integers(0, 200, 800)
        valence = rng.normal(0, 0.5, 200)[customer] + 0.1 * size + rng.normal(0, 0.7, 800)
        probability = np.minimum(1, 120 * size / size.sum())
        weight = np.where(rng.random(800) < probability, 1 / probability, 0)
        ones, model = np.ones(800), 0.6 * valence + rng.normal(0.3, 0.4, 800)
        audit = Audit(customer, np.zeros(800, int), weight, size)
        found = audited_ratio(audit, Parts(valence, ones), Parts(model, ones))
        # mean by size of 0.1 size, with size - 1 Poisson of 3: 0.1 E[size^2] / E[size]
        covered += found.ci_low <= 0.1 * (16 + 3) / 4 <= found.ci_high
    assert 0.93 <= covered / 500 <= 0.97


def by_source(world, stage):
    """Audited means of the stage in each source."""
    found = {}
    for number in range(3):
        units = world.source == number
        human, model = (
            Parts(part.num[units], part.den[units]) for part in (world.human(stage), world.model(stage))
        )
        found[str(number)] = audited_ratio(world.audit.only(units), human, model)
    return found


@pytest.mark.parametrize("n_customers", [100, 300])
def test_nominal_95_percent_intervals_of_a_standardised_stage_cover_the_truth(n_customers):
    rng, covered = np.random.default_rng(n_customers), 0
    mix = {"0": 0.2, "1": 0.3, "2": 0.5}
    truth = STAGE_MEANS[0] + SOURCE_SHIFTS @ list(mix.values())
    for _ in range(500):
        found, weight_covered = standardised(by_source(make_world(rng, n_customers), 0), mix)
        covered += found.ci_low <= truth <= found.ci_high
    assert weight_covered == pytest.approx(1)
    assert 0.93 <= covered / 500 <= 0.97


def test_on_under_thirty_audited_customers_intervals_of_95_percent_cover_some_92():
    rng, covered, n_customers = np.random.default_rng(11), 0, 0.0
    for _ in range(500):
        world = make_world(rng, 300, units=4)
        found = audited_ratio(world.audit, world.human(4), world.model(4))
        covered += found.ci_low <= true_mean(4) <= found.ci_high
        n_customers += found.n_customers / 500
    assert n_customers < 30
    assert 0.90 <= covered / 500 <= 0.97


def test_a_source_without_audit_is_left_out_and_the_weight_covered_is_told():
    found = by_source(make_world(np.random.default_rng(6), 200), 1)
    mix, covered = standardised({"0": found["0"], "2": found["2"]}, {"0": 2.0, "1": 1.0, "2": 1.0})
    assert covered == pytest.approx(0.75)
    assert mix.value == pytest.approx((2 * found["0"].value + found["2"].value) / 3)
    with pytest.raises(ValueError, match="no source"):
        standardised({"1": found["1"]}, {"0": 1.0})


def test_a_customer_of_two_sources_counts_once():
    found = by_source(make_world(np.random.default_rng(8), 200), 1)["0"]
    twice, _ = standardised({"a": found, "b": found}, {"a": 1.0, "b": 1.0})
    assert twice.standard_error == pytest.approx(found.standard_error)


def test_a_rare_label_has_wilsons_interval_on_the_audit_alone():
    audit, _, _ = simple_sample(np.random.default_rng(9), 5_000, 200)
    human, model = np.zeros(5_000), np.zeros(5_000)
    human[np.flatnonzero(audit.weight)[:2]] = 1
    model[:500] = 1
    found = audited_share(audit, human, model)
    assert (found.method, found.lam) == ("Wilson, audit alone", 0)
    # proportion_confint(2, 200, method="wilson") of statsmodels
    expected = sm.stats.proportion_confint(2, 200, method="wilson")
    assert (found.ci_low, found.ci_high) == pytest.approx(expected)


def test_coders_who_differ_count_by_halves():
    audit = Audit(np.arange(4), np.zeros(4, int), np.ones(4))
    human = Parts(np.array([-1.0, -0.5, 0, 0]), np.array([1.0, 0.5, 0, 0]))
    found = audited_ratio(audit, human, Parts(np.zeros(4), np.zeros(4)))
    assert found.value == pytest.approx(-1)
    assert found.n_audited == 2


BROKEN = (
    (np.zeros(0, int), np.zeros(0, int), np.zeros(0)),
    (np.arange(3), np.zeros(3, int), np.zeros(3)),
    (np.arange(3), np.zeros(3, int), np.array([1.0, np.nan, 1])),
    (np.arange(3), np.zeros(3, int), np.array([1.0, -1, 1])),
    (np.arange(3), np.array([0, 0, 1]), np.array([1.0, 1, 1])),
    (np.arange(3), np.zeros(3, int), np.ones(3), np.array([1.0, 0, 1])),
)


@pytest.mark.parametrize("arrays", BROKEN)
def test_audits_that_tell_nothing_are_refused(arrays):
    with pytest.raises(ValueError, match=r"customer, stratum|weights|sizes|two audited"):
        Audit(*arrays)


def test_what_cannot_be_estimated_is_refused():
    audit, ones = Audit(np.zeros(4, int), np.zeros(4, int), np.ones(4)), np.ones(4)
    none = Parts(np.zeros(4), np.zeros(4))
    with pytest.raises(ValueError, match="found 1 audited customers"):
        audited_ratio(audit, Parts(ones, ones), none)
    several = Audit(np.arange(4), np.zeros(4, int), np.ones(4))
    with pytest.raises(ValueError, match="must be finite"):
        audited_ratio(several, Parts(ones * np.nan, ones), none)
    with pytest.raises(ValueError, match="no unit"):
        audited_ratio(several, none, Parts(ones, ones))
