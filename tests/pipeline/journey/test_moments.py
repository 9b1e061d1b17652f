from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipeline.config import Settings
from pipeline.journey.cells import read_source_mix, read_stage_sums
from pipeline.journey.curve import journey_curve
from pipeline.journey.moments import journey_moments


@pytest.fixture
def moments(published_catalog: Any, settings: Settings) -> Callable[[], pd.DataFrame]:
    def compute() -> pd.DataFrame:
        sums = read_stage_sums(published_catalog.connection)
        curve = journey_curve(sums, read_source_mix(published_catalog.connection, None), settings.curve)
        return journey_moments(sums, curve, level=settings.curve.level)

    return compute


def test_peak_low_end_and_drop_of_a_curve(
    add_item: Callable[..., str], moments: Callable[[], pd.DataFrame]
) -> None:
    for number in range(20):
        shift = (number - 9.5) / 20
        add_item(f"c{number}", ("purchase", 0.5 + shift), ("use", -1.0 + shift / 2), source="survey")
        add_item(f"d{number}", ("support", 0.0 + shift), source="survey")
    frame = moments().query("source_id == 'all'").set_index("moment_kind")
    assert frame[["stage_id", "n_customers"]].to_dict("index") == {
        "end": {"stage_id": "support", "n_customers": 20},
        "peak": {"stage_id": "purchase", "n_customers": 20},
        "low": {"stage_id": "use", "n_customers": 20},
        "drop": {"stage_id": "purchase", "n_customers": 20},
    }
    assert frame.value.to_dict() == pytest.approx({"end": 0.0, "peak": 0.5, "low": -1.0, "drop": 1.5})
    assert frame.loc["drop", "other_stage_id"] == "use"
    assert (frame.ci_low < frame.value).all()
    assert (frame.value < frame.ci_high).all()
    assert frame.n_open.dropna().to_dict() == {"peak": 1, "low": 1, "drop": 1}
    survey = moments().query("source_id == 'survey'").set_index("moment_kind").drop(columns="source_id")
    assert survey.equals(frame.drop(columns="source_id"))


def test_hollow_stages_are_no_moments_and_no_bridge_for_a_drop(
    add_item: Callable[..., str], moments: Callable[[], pd.DataFrame]
) -> None:
    for number in range(6):
        add_item(f"c{number}", ("purchase", 1 + number / 9), ("support", -1 + number / 9))
    for number in range(4):
        add_item(f"u{number}", ("use", -2.0 + number / 9))
    assert moments()[["source_id", "moment_kind", "stage_id"]].to_numpy().tolist() == [
        [source, kind, stage]
        for source in ("all", "survey")
        for kind, stage in (("end", "support"), ("peak", "purchase"), ("low", "support"))
    ]


def test_a_curve_that_only_rises_has_no_drop(
    add_item: Callable[..., str], moments: Callable[[], pd.DataFrame]
) -> None:
    for number in range(6):
        add_item(f"c{number}", ("purchase", -1 + number / 9), ("use", 1 - number / 9))
    assert set(moments().moment_kind) == {"end", "peak", "low"}


def test_one_reliable_stage_has_an_end_only_and_nothing_none(
    add_item: Callable[..., str], moments: Callable[[], pd.DataFrame]
) -> None:
    assert moments().empty
    for number in range(6):
        add_item(f"c{number}", ("use", number / 9))
    assert moments().moment_kind.to_list() == ["end", "end"]
