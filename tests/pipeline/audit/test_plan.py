import numpy as np
import pandas as pd
import pytest

from pipeline.audit.plan import plan_draw
from pipeline.errors import ConfigError


def make_frame(n=4_000, *, valence_sd=0.8, fillers=30):
    rng = np.random.default_rng(1)
    stage = rng.choice(["use", "support", "purchase", "advocacy"], n, p=[0.6, 0.3, 0.095, 0.005])
    said = pd.DataFrame(
        {
            "item_id": [f"i{number}" for number in range(n)],
            "source_id": rng.choice(["a", "b"], n),
            "cluster_id": [f"c{number}" for number in rng.integers(0, 900, n)],
            "stage_id": stage,
            "stage_probability": 0.8,
            "valence": rng.normal(0, 1, n),
            "valence_sd": valence_sd,
            "n_segments": 1 + rng.poisson(2, n),
            "is_filler": False,
        }
    )
    nothing = said.iloc[:fillers].assign(
        item_id=[f"f{number}" for number in range(fillers)], stage_id="unclear", n_segments=1, is_filler=True
    )
    return pd.concat([said, nothing], ignore_index=True)


def test_the_size_follows_from_the_interval_wanted():
    wide, narrow = (plan_draw(make_frame(), half_width=width) for width in (0.4, 0.2))
    # (2 s / h)^2 / p: 4 * .64 / .16 / .8 and 4 * .64 / .04 / .8
    by_stage = [
        plan.strata[~plan.strata.is_filler].groupby("stage_id").n_drawn.sum() for plan in (wide, narrow)
    ]
    for drawn, needed in zip(by_stage, (20, 80), strict=True):
        assert drawn[["use", "support", "purchase"]].tolist() == pytest.approx([needed] * 3, abs=1)
    assert wide.n_drawn < narrow.n_drawn


def test_every_stratum_gives_two_and_none_more_than_it_has():
    strata = plan_draw(make_frame(), half_width=0.3, n=60).strata
    assert (strata.n_drawn >= np.minimum(2, strata.n_frame)).all()
    assert (strata.n_drawn <= strata.n_frame).all()
    assert set(strata[strata.is_filler].n_drawn) == {2}
    assert 55 <= strata.n_drawn.sum() <= 70


def test_the_chance_adds_up_to_what_is_drawn():
    frame = make_frame()
    strata = plan_draw(frame, half_width=0.3, n=400).strata
    for row in strata.itertuples():
        own = frame[
            (frame.stage_id == row.stage_id)
            & (frame.source_id == row.source_id)
            & (frame.is_filler == row.is_filler)
        ]
        assert np.minimum(1, row.chance * own.n_segments).sum() == pytest.approx(row.n_drawn)


def test_the_words_tell_work_and_width():
    plan = plan_draw(make_frame(), half_width=0.3, n=240)
    assert plan.words.startswith(f"{plan.n_drawn} of 4,030 passages, about 2.0 hours of reading")
    assert "the 4 largest stages" in plan.words


def test_asking_for_more_than_there_is_takes_everything():
    plan = plan_draw(make_frame(200), half_width=0.01)
    assert plan.n_drawn == 200 + 2 * 2
    assert (plan.strata.chance[~plan.strata.is_filler] == 1).all()


@pytest.mark.parametrize("asked", [{"half_width": 0.0}, {"half_width": 0.3, "n": 0}])
def test_a_size_that_is_none_is_refused(asked):
    with pytest.raises(ConfigError, match="above 0"):
        plan_draw(make_frame(50), **asked)


def test_weeks_without_segments_are_refused():
    with pytest.raises(ConfigError, match="hold no segment"):
        plan_draw(make_frame(50).iloc[:0], half_width=0.3)
