from dataclasses import replace

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from pipeline.stats.rate_ratio import PeriodCounts, stratified_log_ratios


def counted(customer, source, is_recent, hit):
    """Items as counts of customers; `hit`, (n, P), tells which events an item has."""
    n_customers, n_sources = customer.max() + 1, source.max() + 1
    totals = np.zeros((2, n_customers, n_sources))
    np.add.at(totals, (is_recent.astype(int), customer, source), 1)
    item, event = np.nonzero(hit)
    return PeriodCounts(
        customer=customer[item],
        event=event,
        source=source[item],
        recent=is_recent[item].astype(float),
        before=1.0 - is_recent[item],
        recent_totals=totals[1],
        before_totals=totals[0],
        n_events=hit.shape[1],
    )


def items(seed, n_customers=300, ratio=(1.5, 1.0), mix=(0.7, 0.3)):
    """Items of two sources whose mix changes between the periods; the second has twice the rate."""
    rng = np.random.default_rng(seed)
    customer = np.repeat(np.arange(n_customers), rng.integers(1, 7, n_customers))
    is_recent = rng.random(len(customer)) < 0.4
    source = (rng.random(len(customer)) < np.where(is_recent, *mix)).astype(int)
    prone = rng.gamma(2, 0.5, n_customers)[customer]
    rate = 0.06 * prone * (1 + source)
    rates = rate[:, None] * np.where(is_recent[:, None], ratio, 1.0)
    return counted(customer, source, is_recent, rng.random(rates.shape) < rates)


def test_ratio_equals_statsmodels_mantel_haenszel_risk_ratio():
    counts = items(1)
    tables = []
    for k in range(2):
        rows = (counts.event == 0) & (counts.source == k)
        a, b = counts.recent[rows].sum(), counts.before[rows].sum()
        n1, n0 = counts.recent_totals[:, k].sum(), counts.before_totals[:, k].sum()
        tables.append(np.array([[a, n1 - a], [b, n0 - b]]))
    theirs = StratifiedTable(tables).riskratio_pooled
    assert np.exp(stratified_log_ratios(counts, added=0).value[0]) == pytest.approx(theirs)


def test_variance_is_greenland_and_robins_where_every_item_is_a_customer_of_its_own():
    rng = np.random.default_rng(2)
    n = 20_000
    source, is_recent = rng.integers(0, 2, n), rng.random(n) < 0.4
    counts = counted(np.arange(n), source, is_recent, rng.random((n, 1)) < 0.1 + 0.2 * source[:, None])
    top, r, s = 0.0, 0.0, 0.0
    for k in range(2):
        rows = counts.source == k
        a, b = counts.recent[rows].sum(), counts.before[rows].sum()
        n1, n0 = counts.recent_totals[:, k].sum(), counts.before_totals[:, k].sum()
        top += (n1 * n0 * (a + b) - a * b * (n1 + n0)) / (n1 + n0) ** 2
        r, s = r + a * n0 / (n1 + n0), s + b * n1 / (n1 + n0)
    ratios = stratified_log_ratios(counts, added=0)
    assert ratios.influence.variances()[0] == pytest.approx(top / (r * s), rel=0.02)
    assert ratios.variance[0] == pytest.approx(max(ratios.influence.variances()[0], top / (r * s)))


def test_nominal_95_percent_intervals_cover_the_true_ratios_under_a_change_of_the_mix():
    truth = np.log([1.5, 1.0])
    covered = np.zeros(2)
    for seed in range(500):
        ratios = stratified_log_ratios(items(seed))
        covered += np.abs(ratios.value - truth) <= 1.96 * np.sqrt(ratios.variance)
    assert ((covered / 500 >= 0.93) & (covered / 500 <= 0.97)).all(), covered / 500


def test_pooled_over_sources_the_changed_mix_would_look_like_a_change():
    """Why strata: the second source has twice the rate and loses share."""
    covered = 0
    for seed in range(200):
        counts = items(seed, mix=(0.2, 0.8))
        pooled = replace(
            counts,
            source=counts.source * 0,
            recent_totals=counts.recent_totals.sum(axis=1, keepdims=True),
            before_totals=counts.before_totals.sum(axis=1, keepdims=True),
        )
        ratios = stratified_log_ratios(pooled)
        covered += abs(ratios.value[1]) <= 1.96 * np.sqrt(ratios.variance[1])
    assert covered / 200 < 0.75


def test_one_customer_who_writes_often_widens_the_interval():
    rng = np.random.default_rng(5)
    customer = np.concatenate([np.arange(400), np.zeros(30, int)])
    is_recent = np.concatenate([rng.random(400) < 0.4, np.ones(30, bool)])
    hit = np.concatenate([rng.random(400) < 0.1, np.ones(30, bool)])[:, None]
    often = stratified_log_ratios(counted(customer, np.zeros(430, int), is_recent, hit))
    apart = stratified_log_ratios(counted(np.arange(430), np.zeros(430, int), is_recent, hit))
    assert often.value == pytest.approx(apart.value)
    assert often.variance[0] > 3 * apart.variance[0]


def test_an_event_of_one_period_has_a_finite_ratio_and_one_of_neither_has_none():
    customer, source = np.arange(120), np.zeros(120, int)
    is_recent = np.arange(120) % 3 == 0
    hit = np.stack([is_recent & (np.arange(120) < 20), np.zeros(120, bool)], axis=1)
    ratios = stratified_log_ratios(counted(customer, source, is_recent, hit))
    # 7 and none, a third and two thirds of an item added, in 40 and 80 items.
    assert np.exp(ratios.value[0]) == pytest.approx((7 + 1 / 3) / 40 / (2 / 3 / 80))
    assert np.isnan(ratios.value).tolist() == np.isnan(ratios.variance).tolist() == [False, True]


def test_a_source_of_one_period_says_nothing():
    counts = items(7)
    alone = PeriodCounts(
        np.append(counts.customer, 0), np.append(counts.event, 0), np.append(counts.source, 2),
        np.append(counts.recent, 9.0), np.append(counts.before, 0.0),
        np.column_stack([counts.recent_totals, np.full(300, 5.0)]),
        np.column_stack([counts.before_totals, np.zeros(300)]), 2,
    )  # fmt: skip
    assert stratified_log_ratios(alone).value == pytest.approx(stratified_log_ratios(counts).value)


def test_a_period_without_items_or_a_single_customer_is_refused():
    counts = items(8)
    with pytest.raises(ValueError, match="both periods"):
        stratified_log_ratios(replace(counts, before_totals=counts.before_totals * 0))
    with pytest.raises(ValueError, match="two customers"):
        stratified_log_ratios(
            replace(
                counts,
                customer=counts.customer * 0,
                recent_totals=counts.recent_totals.sum(axis=0, keepdims=True),
                before_totals=counts.before_totals.sum(axis=0, keepdims=True),
            )
        )
