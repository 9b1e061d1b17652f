from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.config import Settings
from pipeline.journey.cells import read_source_mix
from pipeline.journey.segments import journey_segments

KEY = ["attribute_kind", "attribute", "attribute_value", "stage_id"]


@pytest.fixture
def segments(published_catalog: Any, settings: Settings) -> Callable[[], pd.DataFrame]:
    def compute() -> pd.DataFrame:
        connection = published_catalog.connection
        return journey_segments(connection, read_source_mix(connection, None), settings.curve)

    return compute


def test_values_are_compared_with_the_other_values_of_their_attribute(
    add_item: Callable[..., str], segments: Callable[[], pd.DataFrame]
) -> None:
    rng = np.random.default_rng(1)
    plans = {"Max": rng.normal(-1, 0.5, 12), "Basic": rng.normal(0.2, 0.5, 9), "Pro": rng.normal(0, 0.5, 7)}
    for plan, valences in plans.items():
        for number, valence in enumerate(valences):
            add_item(f"{plan}{number}", ("use", float(valence)), attributes={"plan": plan})
    for number in range(30):
        add_item(f"none{number}", ("use", 2.0))
    frame = segments()
    assert frame[[*KEY, "n_customers", "n_customers_other"]].to_numpy().tolist() == [
        ["item", "plan", "Basic", "use", 9, 19],
        ["item", "plan", "Max", "use", 12, 16],
        ["item", "plan", "Pro", "use", 7, 21],
    ]
    # One item each: Welch's test, by scipy.
    row = frame[frame.attribute_value == "Max"].iloc[0]
    others = np.concatenate([plans["Basic"], plans["Pro"]])
    expected = stats.ttest_ind(plans["Max"], others, equal_var=False)
    assert row.difference == pytest.approx(plans["Max"].mean() - others.mean(), abs=1e-4)
    assert row.p_value == pytest.approx(expected.pvalue, abs=1e-6)
    interval = expected.confidence_interval()
    assert (row.difference_ci_low, row.difference_ci_high) == pytest.approx(
        (interval.low, interval.high), abs=1e-4
    )
    assert frame.q_value.to_numpy() == pytest.approx(
        stats.false_discovery_control(frame.p_value.to_numpy()), abs=2e-6
    )


def test_a_value_that_writes_more_tickets_is_not_worse_for_it(
    add_item: Callable[..., str], segments: Callable[[], pd.DataFrame]
) -> None:
    # North and south feel the same in either source; north writes three tickets to one review.
    for region, tickets in (("north", 18), ("south", 6)):
        for source, copies, mean in (("tickets", tickets, -1.0), ("reviews", 24 - tickets, 1.0)):
            for number in range(copies):
                valence = mean + (number % 6 - 2.5) / 10
                add_item(
                    f"{region}{source}{number}",
                    ("use", valence),
                    source=source,
                    attributes={"region": region},
                )
    rows = segments().set_index("attribute_value")
    assert rows.mean_valence.to_dict() == {"north": -0.5, "south": 0.5}
    assert rows.difference.abs().to_list() == [0, 0]
    assert (rows.mix_covered == 1).all()
    assert (rows.p_value > 0.99).all()


def test_a_channel_that_is_a_source_has_no_difference(
    add_item: Callable[..., str], segments: Callable[[], pd.DataFrame]
) -> None:
    for number in range(8):
        add_item(f"a{number}", ("use", number / 8), source="reviews", channel="app")
        add_item(f"b{number}", ("use", -number / 8), source="tickets", channel="mail")
    frame = segments()
    assert frame.attribute_kind.to_list() == ["channel", "channel"]
    assert frame[["difference", "p_value", "q_value", "mix_covered"]].isna().all(axis=None)
    assert frame.mean_valence.to_list() == [0.4375, -0.4375]


def test_what_the_customers_table_says_takes_the_place_of_the_same_beside_an_item(
    add_item: Callable[..., str], segments: Callable[[], pd.DataFrame], published_catalog: Any
) -> None:
    for number in range(12):
        plan = {"key": ["plan"], "value": ["Max" if number < 6 else "Basic"]}
        published_catalog.insert("dim_customer", {"customer_id": f"c{number}", "attributes": plan})
        add_item(f"c{number}", ("use", number / 12), attributes={"plan": "unknown" if number % 2 else "old"})
    frame = segments()
    assert frame[[*KEY, "n_customers"]].to_numpy().tolist() == [
        ["customer", "plan", "Basic", "use", 6],
        ["customer", "plan", "Max", "use", 6],
    ]


def test_rare_values_blank_ones_and_attributes_of_too_many_values_are_no_segments(
    add_item: Callable[..., str], segments: Callable[[], pd.DataFrame]
) -> None:
    for number in range(65):
        add_item(
            f"c{number}",
            ("use", number / 65),
            attributes={
                "shop": f"shop {number % 13}",
                "blank": " " if number % 2 else "",
                "rare": "rare" if number < 4 else "common",
                "size": "large" if number % 2 else "small",
            },
        )
    assert set(segments().attribute) == {"size"}


def test_a_cell_of_too_few_customers_is_left_out(
    add_item: Callable[..., str], segments: Callable[[], pd.DataFrame]
) -> None:
    for number in range(6):
        for size in ("small", "large"):
            add_item(f"{size}{number}", ("use", number / 6), attributes={"size": size})
    for number in range(2):
        add_item(f"small{number}", ("support", number / 6), attributes={"size": "small"})
    assert set(segments().stage_id) == {"use"}


def test_four_customers_have_a_mean_and_carry_no_claim(
    add_item: Callable[..., str], segments: Callable[[], pd.DataFrame]
) -> None:
    for number in range(6):
        for size in ("small", "large"):
            stage = "support" if size == "small" and number > 3 else "use"
            add_item(f"{size}{number}", (stage, number / 6), attributes={"size": size})
    rows = segments().set_index(["attribute_value", "stage_id"])
    assert rows.loc[("small", "use"), "mean_valence"] == 0.25
    assert rows.difference.isna().all()


def test_no_attributes_give_no_rows(
    add_item: Callable[..., str], segments: Callable[[], pd.DataFrame]
) -> None:
    add_item("c1", ("use", 1.0))
    assert segments().empty
