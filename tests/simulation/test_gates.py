from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.simulation.gates import judge, measure, read_gates
from pipeline.simulation.table import as_markdown, gate_table

COVERS = next(gate for gate in read_gates() if gate.measure == "interrupted time series covers")
MOVES = next(gate for gate in read_gates() if gate.measure == "standardised move")


def scores(name, totals, n=1, part=""):
    return pd.DataFrame(
        {"seed": range(len(totals)), "measure": name, "part": part, "total": totals, "n": n}, dtype=object
    ).astype({"total": float, "n": int})


def covering(share, seeds=200, cases=8):
    """Of each data set's cases, a binomial number is covered."""
    return np.random.default_rng(1).binomial(cases, share, seeds)


@pytest.mark.parametrize(
    ("share", "passed"), [(0.5, False), (0.9, False), (0.95, True), (0.995, False)], ids=str
)
def test_a_gate_of_coverage_fails_on_intervals_too_narrow_and_on_intervals_too_wide(share, passed):
    both = pd.concat(
        [
            scores("interrupted time series covers", covering(share), 8),
            scores("naive fix covers", covering(0.5), 8),
        ]
    )
    verdict = judge(both, [COVERS])[0]
    assert verdict.passed is passed
    assert verdict.measured.ci_low < share < verdict.measured.ci_high
    assert (verdict.measured.n, verdict.measured.n_seeds) == (1600, 200)
    assert verdict.usual.value == pytest.approx(0.5, abs=0.03)


def test_the_interval_knows_that_cases_of_one_data_set_go_together():
    apart = measure(
        scores("interrupted time series covers", covering(0.9), 8), "interrupted time series covers"
    )
    together = measure(
        scores("interrupted time series covers", 8 * covering(0.9, cases=1), 8),
        "interrupted time series covers",
    )
    width = (together.ci_high - together.ci_low) / (apart.ci_high - apart.ci_low)
    assert width == pytest.approx(np.sqrt(8), rel=0.2)


def test_of_a_measure_with_parts_the_largest_is_judged():
    rows = [
        scores("standardised move", [0.8] * 4, part="use"),
        scores("standardised move", [1.3] * 4, part="support"),
    ]
    verdict = judge(pd.concat([*rows, scores("raw move", [3.0] * 4)]), [MOVES])[0]
    assert (verdict.measured.value, verdict.measured.part, verdict.passed) == (1.3, "support", False)


def test_where_all_data_sets_agree_the_interval_is_that_of_a_share_of_data_sets():
    sure = measure(scores("interrupted time series covers", [1.0] * 200), "interrupted time series covers")
    assert (sure.value, sure.ci_high) == (1.0, 1.0)
    assert sure.ci_low == pytest.approx(200 / (200 + 1.96**2), abs=1e-4)  # Wilson, all of n
    counted = measure(scores("false alerts", [24.0] * 4, 12), "false alerts")
    assert (counted.value, counted.ci_low, counted.ci_high) == (2.0, 2.0, 2.0)


def test_a_measure_nobody_took_is_named():
    with pytest.raises(ValueError, match="no data set has a score of 'interrupted time series covers'"):
        measure(scores("interrupted time series covers", [0.0], n=0), "interrupted time series covers")


def test_every_gate_has_bounds_that_its_words_say():
    for gate in read_gates():
        bounds = [gate.low, gate.high] if gate.low > 0 and gate.high < 1 else [max(gate.low, 0) or gate.high]
        factor = 100 if gate.is_share else 1
        assert all(f"{factor * bound:g}" in gate.asked for bound in bounds)


def test_a_line_of_the_table_has_figure_interval_n_and_the_usual_way():
    gate = replace(COVERS, promise="It covers.")
    both = pd.concat(
        [
            scores("interrupted time series covers", [1, 0] * 100),
            scores("naive fix covers", [0, 0, 0, 1] * 50),
        ]
    )
    assert gate_table(judge(both, [gate]))[2] == (
        "| It covers. | 93-97 % | 50.0 % | 43.0 % to 57.0 % | 200 | **no** | 25.0 % |"
    )


def test_a_gate_that_is_missed_is_named_on_the_page():
    both = pd.concat([scores(COVERS.measure, [0, 1] * 50), scores(COVERS.usual_measure, [0, 1] * 50)])
    page = as_markdown(judge(both, [COVERS]), 100)
    assert f"## Not met\n\n- {COVERS.promise}\n\n## How to read it" in page
    kept = pd.concat([scores(COVERS.measure, [19], 20), scores(COVERS.usual_measure, [0, 1] * 50)])
    assert "Not met" not in as_markdown(judge(kept, [COVERS]), 100)
