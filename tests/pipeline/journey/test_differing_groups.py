from typing import Any

import pandas as pd
import pytest

from pipeline.config import Settings
from pipeline.journey.differing_groups import differing_groups


def cell(group: str, stage: str, mean: float, half: float = 0.2, n: int = 30) -> dict[str, Any]:
    return {
        "period_kind": "all", "source_id": group, "touchpoint_kind": "organisation", "touchpoint": group,
        "stage_id": stage, "n_customers": n, "mean_valence": mean, "ci_low": mean - half,
        "ci_high": mean + half, "is_hollow": n < 20,
    }  # fmt: skip


def test_groups_of_twenty_customers_are_compared_stage_by_stage(settings: Settings) -> None:
    curve = pd.DataFrame(
        [
            cell("all", "use", 0.0),
            cell("survey", "use", 0.5),
            cell("tickets", "use", -0.5),
            cell("reviews", "use", -2.0, n=19),
            cell("survey", "support", 0.1),
            cell("tickets", "support", 0.1),
            cell("survey", "purchase", 0.1),
            cell("survey", "use", -2.0) | {"period_kind": "week"},
        ]
    )
    frame = differing_groups(curve, pd.DataFrame(), settings.curve)
    shown = frame[["group_kind", "stage_id", "n_groups", "n_customers", "cochran_q", "i_squared"]]
    # By hand: se is 0.2 / 1.959964; Q = 2 (0.5 / se)^2 = 48.018 with 1 degree of freedom.
    assert shown.to_numpy().tolist() == [
        ["source", "support", 2, 60, 0.0, 0.0],
        ["source", "use", 2, 60, pytest.approx(48.0182, abs=1e-3), pytest.approx(1 - 1 / 48.0182, abs=1e-4)],
    ]
    assert list(frame.q_value < 0.1) == [False, True]


def test_organisations_are_compared_and_channels_are_not(settings: Settings) -> None:
    met = pd.DataFrame([cell("North", "use", 0.5), cell("South", "use", -0.5)])
    assert list(differing_groups(pd.DataFrame(), met, settings.curve).group_kind) == ["organisation"]
    met["touchpoint_kind"] = "channel"
    assert differing_groups(pd.DataFrame(), met, settings.curve).empty


def test_nothing_to_compare_gives_no_rows(settings: Settings) -> None:
    assert differing_groups(pd.DataFrame(), pd.DataFrame(), settings.curve).empty
    alone = pd.DataFrame([cell("survey", "use", 0.5), cell("tickets", "use", 0.5, half=0.0)])
    assert differing_groups(alone, pd.DataFrame(), settings.curve).empty
