"""Data sets go through heartline's own code, and the command says what came of them."""

import json
from dataclasses import asdict

import pandas as pd
import pytest

from pipeline.simulation.case import make_case
from pipeline.simulation.gates import judge, read_gates
from pipeline.simulation.reader import Reader
from pipeline.simulation.run import simulate_all
from pipeline.simulation.scores import simulate
from pipeline.simulation.world import N_THEMES, STAGES, World

SMALL = World(items_a_week=400, n_customers=120)


def test_what_is_published_is_what_was_read_and_not_what_is_true():
    with make_case(SMALL, Reader(), 1) as case:
        published = case.query("select * from published.main.fct_segment order by item_id[2:]::int")
        weeks = case.query("select count(distinct week_start) as n from published.main.fct_item")
    names = [*STAGES, "unclear"]
    assert published.stage_id.tolist() == [names[stage] for stage in case.read.stage]
    assert published.valence.tolist() == case.read.valence.tolist()
    assert published.is_pain.tolist() == case.read.is_problem.tolist()
    assert published.theme_id.isna().tolist() == (case.read.theme == N_THEMES).tolist()
    assert (published.valence - case.sample.items.valence).abs().max() > 0.5
    assert weeks.n.tolist() == [26]


@pytest.mark.slow
def test_scores_are_the_same_in_any_process_and_order(reporter):
    there = simulate_all([2, 1], reporter, SMALL)
    here = pd.DataFrame([{"seed": 1, **asdict(score)} for score in simulate(SMALL, Reader(), 1)])
    here = here.sort_values(["measure", "part"], ignore_index=True)
    pd.testing.assert_frame_equal(there[there.seed == 1], here)
    assert there.seed.value_counts().to_dict() == {1: len(here), 2: len(here)}
    assert {gate.measure for gate in read_gates()} <= set(there.measure)
    assert {gate.usual_measure for gate in read_gates()} <= set(there.measure)


@pytest.mark.slow
def test_the_command_writes_the_page_and_the_usual_ways_fail_where_heartline_is_judged(heartline, tmp_path):
    page = tmp_path / "SIMULATION.md"
    said = heartline("simulate", "--seeds", "4", "--json", "--write", page)
    assert said.code == 0, said.err
    document = json.loads(said.out)
    assert (document["seeds"], len(document["gates"])) == (4, len(read_gates()))
    assert all(verdict["measured"]["n_seeds"] == 4 for verdict in document["gates"])
    usual = {
        verdict["gate"]["measure"]: verdict["gate"]["low"]
        <= verdict["usual"]["value"]
        <= verdict["gate"]["high"]
        for verdict in document["gates"]
    }
    assert [measure for measure, passes in usual.items() if passes] == ["emerging found"]
    text = page.read_text()
    assert f"4 simulated data sets, {document['met']} of {len(read_gates())} gates met." in text
    assert all(gate.promise in text for gate in read_gates())
    assert "| n_customers | 600 |" in text
    assert "| stage_right | 0.7 |" in text
    assert f"written: {page}" in said.err


@pytest.mark.slow
def test_over_forty_data_sets_no_gate_is_clearly_missed(reporter):
    for verdict in judge(simulate_all(range(1, 41), reporter), read_gates()):
        is_near = (
            verdict.measured.ci_low <= verdict.gate.high and verdict.measured.ci_high >= verdict.gate.low
        )
        assert is_near, verdict
