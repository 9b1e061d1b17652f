from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.config import Settings
from pipeline.journey.effects import change_effects
from pipeline.store.work import append

FIRST = date(2026, 1, 5)
N_WEEKS = 34
LAST = FIRST + timedelta(weeks=N_WEEKS - 1)
CHANGED = FIRST + timedelta(weeks=20)


@pytest.fixture
def catalog(published_catalog: Any) -> Any:
    """34 weeks of one survey; theme t1 goes from about 20 to 10 a week in week 20, eleven others stay."""
    rng = np.random.default_rng(4)
    rows = []
    for week in range(N_WEEKS):
        for theme in range(1, 13):
            usual = 20 if theme > 1 or week < 20 else 10
            for _ in range(rng.poisson(usual)):
                number = len(rows)
                rows.append(
                    {
                        "item_id": f"i{number}",
                        "source_id": "survey",
                        "cluster_id": f"c{number}",
                        "week_start": FIRST + timedelta(weeks=week),
                        "segment_id": f"i{number}-1",
                        "theme_id": f"t{theme}",
                    }
                )
    frame = pd.DataFrame(rows)
    connection = published_catalog.connection
    append(connection, "published.main.fct_segment", frame)
    items = frame.drop(columns=["segment_id", "theme_id"]).assign(n_segments=1)
    append(connection, "published.main.fct_item", items)
    for theme in range(1, 13):
        facts = {"theme_id": f"t{theme}", "theme_name": f"Theme {theme}", "status": "active"}
        published_catalog.insert("dim_theme", {**facts, "created_week": LAST})
    return published_catalog


def effects_of(catalog: Any, *changes: dict[str, Any]) -> pd.DataFrame:
    given = [{"id": f"change{number}", "on": CHANGED, **one} for number, one in enumerate(changes)]
    settings = Settings.model_validate({"changes": given})
    return change_effects(catalog.connection, LAST, settings)


def test_a_theme_that_something_else_befell_is_not_compared_with(catalog: Any) -> None:
    before, *_ = effects_of(catalog, {"themes": ["t1"]}).to_dict("records")
    weeks = [FIRST + timedelta(weeks=week) for week in range(20, N_WEEKS) for _ in range(200)]
    risen = pd.DataFrame({"week_start": weeks, "source_id": "survey", "theme_id": "t2"})
    risen["item_id"] = [f"more{number}" for number in range(len(risen))]
    risen = risen.assign(cluster_id=risen.item_id, segment_id=risen.item_id + "-1")
    append(catalog.connection, "published.main.fct_segment", risen)
    items = risen.drop(columns=["segment_id", "theme_id"]).assign(n_segments=1)
    append(catalog.connection, "published.main.fct_item", items)
    after, *_ = effects_of(catalog, {"themes": ["t1"]}).to_dict("records")
    assert after["effect"] == pytest.approx(before["effect"], abs=0.02)
    assert after["n_placebos"] == 11


def test_a_theme_that_halved_is_found_by_both_methods_beside_quiet_placebos(catalog: Any) -> None:
    beside, apart = effects_of(catalog, {"themes": ["theme 1"]}).to_dict("records")
    assert [beside["method"], apart["method"]] == ["difference in differences", "interrupted time series"]
    assert (beside["is_main"], apart["is_main"]) == (True, False)
    for row in (beside, apart):
        assert row["ci_low"] < -0.5 < row["ci_high"] < 0
        assert (row["theme_id"], row["verdict"], row["reason"]) == ("t1", "as expected", "")
        assert (row["n_weeks_before"], row["n_weeks_after"]) == (18, 14)
        assert row["share_placebos"] <= 0.1
    assert beside["n_placebos"] == 11
    assert apart["n_placebos"] == 12  # eleven themes, and one earlier date of its own
    in_weeks = catalog.connection.execute(
        """
        select
            count(*) filter (where week_start < date '2026-05-25' - 14),
            count(*) filter (where week_start >= date '2026-05-25')
        from published.main.fct_segment
        where theme_id = 't1'
        """
    ).fetchone()
    assert (beside["n_items_before"], beside["n_items_after"]) == in_weeks


def test_what_was_to_rise_and_fell_is_against_expectation(catalog: Any) -> None:
    frame = effects_of(catalog, {"themes": ["t1"], "expected": "up"})
    assert set(frame.verdict) == {"against expectation"}


def test_a_change_without_effect_is_open(catalog: Any) -> None:
    frame = effects_of(catalog, {"themes": ["t5"]})
    assert set(frame.verdict) == {"open"}
    assert set(frame.reason) == {"the interval holds both directions"}


def test_the_week_in_the_middle_of_which_it_came_counts_in_neither_side(catalog: Any) -> None:
    frame = effects_of(catalog, {"themes": ["t1"], "on": CHANGED + timedelta(days=2)})
    assert frame[["n_weeks_before", "n_weeks_after"]].to_numpy().tolist() == [[18, 13], [18, 13]]


def test_the_window_ends_the_weeks_after(catalog: Any) -> None:
    whole = effects_of(catalog, {"themes": ["t1"], "window_weeks": 9})
    assert whole.n_weeks_after.tolist() == [9, 9]
    middle = {"themes": ["t1"], "window_weeks": 9, "on": CHANGED + timedelta(days=2)}
    assert effects_of(catalog, middle).n_weeks_after.tolist() == [9, 9]


@pytest.mark.parametrize("weeks", [5, -40, 400])
def test_too_near_too_early_or_in_the_future_there_is_a_reason_instead(catalog: Any, weeks: int) -> None:
    frame = effects_of(catalog, {"themes": ["t1"], "on": LAST - timedelta(weeks=weeks)})
    assert set(frame.verdict) == {"unknown"}
    assert frame.reason.str.contains("8 are needed on either side").all()
    assert frame[["effect", "ci_low", "ci_high", "p"]].isna().all(axis=None)
    assert frame.is_main.tolist() == [False, True]


def test_unknown_and_ambiguous_names_say_what_to_do_and_merged_ids_are_followed(catalog: Any) -> None:
    connection = catalog.connection
    connection.execute(
        "update published.main.dim_theme set theme_name = 'Same' where theme_id in ('t3', 't4')"
    )
    catalog.insert(
        "dim_theme", {"theme_id": "t0", "theme_name": "Old", "status": "merged", "merged_into_theme_id": "t1"}
    )
    frame = effects_of(catalog, {"themes": ["nobody", "same", "t0"]})
    assert frame[["theme", "theme_id", "method", "verdict"]].fillna("").to_numpy().tolist() == [
        ["nobody", "", "none", "unknown"],
        ["same", "", "none", "unknown"],
        ["t0", "t1", "difference in differences", "as expected"],
        ["t0", "t1", "interrupted time series", "as expected"],
    ]
    assert frame.reason.tolist()[:2] == [
        "no active theme has this name or id: heartline themes list shows them",
        "2 active themes have this name or id: heartline themes list shows them",
    ]


def test_without_untouched_themes_the_series_alone_is_quoted(catalog: Any) -> None:
    frame = effects_of(catalog, {"themes": [f"t{number}" for number in range(1, 13)]})
    assert frame.groupby("method").is_main.all().to_dict() == {
        "difference in differences": False,
        "interrupted time series": True,
    }
    assert set(frame[~frame.is_main].verdict) == {"unknown"}


def test_no_changes_give_no_rows(catalog: Any) -> None:
    assert effects_of(catalog).empty
