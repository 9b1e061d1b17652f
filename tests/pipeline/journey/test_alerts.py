import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.config import Settings
from pipeline.journey.alerts import _typed, alerts, gaps
from pipeline.journey.weekly_counts import WeeklyCounts, read_weekly_counts
from pipeline.store.work import append

FIRST = date(2026, 1, 5)
N_WEEKS = 30
LAST = FIRST + timedelta(weeks=N_WEEKS - 1)


def weekly_of(catalog: Any, last_week: date = LAST) -> WeeklyCounts:
    return read_weekly_counts(catalog.connection, last_week, least_customers=2)


@pytest.fixture
def deliver(published_catalog: Any) -> Callable[..., Any]:
    """Adds weeks of items: `deliver("tickets", 60, t1=8, t2=[...])`, each item by a customer of its own.

    A number stands for all 30 weeks. Themes take a week's items in their order, none has two; the first half
    of the items comes by e-mail, the rest by chat. `writers` customers write them all in turn.
    """
    n_items = 0

    def add(source: str, items: Any, *, writers: int = 10_000, **themes: Any) -> Any:
        nonlocal n_items
        item_rows, segment_rows = [], []
        for week in range(N_WEEKS):
            total, *counts = (one if isinstance(one, int) else one[week] for one in (items, *themes.values()))
            of_themes = [name for name, count in zip(themes, counts, strict=True) for _ in range(count)]
            of_themes += [None] * (total - len(of_themes))
            for place in range(total):
                row = {
                    "item_id": f"i{n_items}",
                    "source_id": source,
                    "cluster_id": f"c{n_items % writers}",
                    "week_start": FIRST + timedelta(weeks=week),
                }
                channel = "email" if place < total / 2 else "chat"
                item_rows.append(row | {"n_segments": 1, "channel": channel})
                segment_rows.append(row | {"segment_id": f"i{n_items}-1", "theme_id": of_themes[place]})
                n_items += 1
        connection = published_catalog.connection
        append(connection, "published.main.fct_item", pd.DataFrame(item_rows))
        append(connection, "published.main.fct_segment", pd.DataFrame(segment_rows))
        for theme in themes:
            known = connection.execute(
                "select count(*) from published.main.dim_theme where theme_id = ?", [theme]
            ).fetchone()[0]
            if not known:
                published_catalog.insert(
                    "dim_theme", {"theme_id": theme, "status": "active", "created_week": LAST}
                )
        return published_catalog

    return add


def series(frame: pd.DataFrame, theme: str, **keys: Any) -> pd.DataFrame:
    """Rows of one series in the order of weeks."""
    for name, value in {"series_kind": "theme", "theme_id": theme, **keys}.items():
        frame = frame[frame[name] == value]
    return frame.sort_values("week_start")


def with_last(*values: int, usual: int = 6) -> list[int]:
    return [usual] * (N_WEEKS - len(values)) + list(values)


def test_a_problem_out_of_nowhere_is_alerted_in_its_first_week_and_those_after(
    deliver: Callable[..., Any], settings: Settings
) -> None:
    catalog = deliver("survey", 80, t1=with_last(5, 8, 12, usual=0), t2=10, t3=6)
    frame = alerts(weekly_of(catalog), settings)
    found = series(frame, "t1")
    assert found.tier.tolist() == ["quiet"] * 9 + ["alert"] * 3
    assert found.direction.tolist()[-3:] == ["rise"] * 3
    assert found.iloc[-1][["n_items", "n_items_all", "n_customers", "n_tested"]].tolist() == [12, 80, 12, 3]
    assert (series(frame, "t2").tier == "quiet").all()


def test_each_week_is_tested_with_the_data_up_to_it_only(
    deliver: Callable[..., Any], settings: Settings
) -> None:
    catalog = deliver("survey", 80, t1=with_last(20, 20), t2=10)
    weeks = series(alerts(weekly_of(catalog), settings), "t1").set_index("week_start")
    for back in (1, 2):
        earlier = LAST - timedelta(weeks=back)
        then = series(alerts(weekly_of(catalog, earlier), settings), "t1").set_index("week_start")
        columns = ["n_items", "expected", "ratio", "p", "p_two_weeks", "q", "tier"]
        assert then.loc[earlier, columns].tolist() == weeks.loc[earlier, columns].tolist()


def test_twice_the_tickets_are_no_alert(deliver: Callable[..., Any], settings: Settings) -> None:
    deliver("tickets", with_last(120, 120, usual=40), t1=with_last(24, 24, usual=8))
    catalog = deliver("survey", 60, t1=1, t2=9)
    found = series(alerts(weekly_of(catalog), settings), "t1").iloc[-1]
    assert found.n_items == 25
    assert found.ratio == pytest.approx(1, abs=0.03)
    assert found.tier == "quiet"


def test_six_items_of_two_customers_are_no_alert(deliver: Callable[..., Any], settings: Settings) -> None:
    catalog = deliver("survey", 40, writers=2, t1=with_last(6, usual=0), t2=8)
    found = series(alerts(weekly_of(catalog), settings), "t1").iloc[-1]
    assert (found.n_items, found.n_customers) == (6, 2)
    assert found.q < 0.01
    assert found.tier == "quiet"


def test_a_source_and_a_segment_in_which_a_theme_comes_up_are_named(
    deliver: Callable[..., Any], settings: Settings
) -> None:
    deliver("tickets", 60, t1=with_last(20, 24), t2=6)
    frame = alerts(weekly_of(deliver("survey", 60, t1=6, t2=6)), settings)
    last = frame[(frame.week_start == LAST) & (frame.tier == "alert")]
    assert set(zip(last.series_kind, last.source_id, last.attribute_value, last.alert_id, strict=True)) == {
        ("theme", "all", "all", "t1"),
        ("source", "tickets", "all", "t1@tickets"),
        ("segment", "all", "email", "t1@channel=email"),
    }
    tickets = series(frame, "t1", series_kind="source", source_id="tickets").iloc[-1]
    assert (tickets.n_items, tickets.n_items_all) == (24, 60)


def test_a_fall_is_a_fall_and_a_load_gap_is_none(deliver: Callable[..., Any], settings: Settings) -> None:
    fall = with_last(2, 1, usual=30)
    weekly = weekly_of(deliver("survey", 90, t1=fall, t2=20))
    found = series(alerts(weekly, settings), "t1").iloc[-1]
    assert (found.tier, found.direction) == ("alert", "fall")
    assert gaps(weekly).empty


def test_weeks_without_delivery_are_told_as_gaps_and_tested_nowhere(
    deliver: Callable[..., Any], settings: Settings
) -> None:
    missing = with_last(0, 90, 3, usual=90)
    themed = with_last(0, 30, 1, usual=30)
    deliver("tickets", missing, t1=themed)
    weekly = weekly_of(deliver("survey", 60, t1=6, t2=6))
    assert gaps(weekly).to_dict("records") == [
        {
            "source_id": "tickets",
            "week_start": LAST - timedelta(weeks=back),
            "n_items": n,
            "expected": 90.0,
            "why": why,
        }
        for back, n, why in ((2, 0, "no items, usually about 90"), (0, 3, "3 items, usually about 90"))
    ]
    frame = alerts(weekly, settings)
    assert (frame.tier.isin(["quiet", "unknown"])).all()
    assert (series(frame, "t1").ratio > 0.98).all()
    tickets = series(frame, "t1", series_kind="source", source_id="tickets")
    assert tickets.iloc[-1][["tier", "note"]].tolist() == ["unknown", "load gap: without tickets"]
    assert np.isnan(tickets.iloc[-1].p)
    assert series(frame, "t1").iloc[-1][["n_items", "n_items_all"]].tolist() == [6, 60]
    assert series(frame, "t1").iloc[-1].note == "load gap: without tickets"


def test_a_theme_of_a_later_fit_is_not_known_before_it(
    deliver: Callable[..., Any], settings: Settings
) -> None:
    catalog = deliver("survey", 80, t1=10, t2=with_last(9, 9, 9, 9, usual=0))
    connection = catalog.connection
    connection.execute("update published.main.dim_theme set created_week = ?", [FIRST])
    created = LAST - timedelta(weeks=3)
    connection.execute(
        "update published.main.dim_theme set created_week = ? where theme_id = 't2'", [created]
    )
    found = series(alerts(weekly_of(catalog), settings), "t2").iloc[-1]
    assert (found.tier, found.note) == ("unknown", "too new: under 8 weeks of history")
    connection.execute("update published.main.dim_theme set created_week = ?", [FIRST])
    assert series(alerts(weekly_of(catalog), settings), "t2").iloc[-1].tier == "alert"


def test_a_young_file_knows_nothing_yet(deliver: Callable[..., Any], settings: Settings) -> None:
    catalog = deliver("survey", 40, t1=6)
    frame = alerts(weekly_of(catalog, FIRST + timedelta(weeks=5)), settings)
    assert set(frame.tier) == {"unknown"}
    assert frame.expected.isna().all()
    assert (frame.expected_false_alerts_per_year == 0).all()


def test_without_themes_there_are_no_rows(deliver: Callable[..., Any], settings: Settings) -> None:
    assert alerts(weekly_of(deliver("survey", 20)), settings).empty


def test_groups_are_values_of_items_and_of_their_customers_with_enough_of_them(
    published_catalog: Any, add_item: Callable[..., str]
) -> None:
    published_catalog.insert(
        "dim_customer",
        {"customer_id": "c1", "attributes": {"plan": "Basic", "region": "East"}},
        {"customer_id": "c2", "attributes": {"plan": "Max", "region": "West"}},
        {"customer_id": "c3", "attributes": {"plan": "Max", "region": "West"}},
    )
    for customer in ("c1", "c2", "c3"):
        add_item(customer, ("use", 1.0), week="2026-01-05")
    connection = published_catalog.connection
    connection.execute("update published.main.fct_item set customer_id = cluster_id, attributes = map()")
    connection.execute(
        "update published.main.fct_item set attributes = map {'region': 'North'} where customer_id = 'c1'"
    )
    groups = read_weekly_counts(connection, FIRST, least_customers=1).groups
    assert groups == [
        ("all", "all"),
        ("plan", "Basic"),
        ("plan", "Max"),
        ("region", "North"),
        ("region", "West"),
    ]
    assert read_weekly_counts(connection, FIRST, least_customers=2).groups == [("all", "all")]


def test_both_problems_planted_in_the_demo_are_alerted_in_their_first_week_and_nothing_else(
    published_catalog: Any, settings: Settings
) -> None:
    """By the themes that the demo's records were written to, not those that a model found."""
    connection = published_catalog.connection
    truth = Path(__file__).parents[3] / "data" / "samples" / "larkspur" / "truth.csv"
    connection.execute(
        """
        create temp table written as
        select
            'i' || row_number() over () as item_id,
            file as source_id,
            coalesce(customer_id, item_id) as cluster_id,
            date_trunc('week', try_cast(left("at", 10) as date))::date as week_start,
            theme as theme_id
        from read_csv(?, all_varchar = true)
        where outcome = 'accepted' and theme is not null
        """,
        [str(truth)],
    )
    connection.execute(
        """
        insert into published.main.fct_item by name
        select item_id, source_id, cluster_id, week_start, 1 as n_segments from written;
        insert into published.main.fct_segment by name
        select item_id, item_id as segment_id, source_id, cluster_id, week_start, theme_id from written;
        insert into published.main.dim_theme by name
        select distinct theme_id, 'active' as status, date '2026-09-28' as created_week from written;
        """
    )
    frame = alerts(weekly_of(published_catalog, date(2026, 9, 28)), settings)
    alerted = frame[frame.tier == "alert"].groupby(["series_kind", "theme_id"]).week_start.min()
    assert alerted.to_dict() == {
        ("theme", "firmware_drop"): date(2026, 8, 3),
        ("theme", "app_login"): date(2026, 8, 31),
    }


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ("North_2.b-c", "North_2.b-c"),
        ("Zürich", "Zürich"),
        ("North East", "North-East~71ee"),
        ("North/East", "North-East~42cc"),
        ("$(rm -rf ~)`\n", "-rm--rf-~"),
        ("x" * 60, "x" * 40 + "~"),
    ],
)
def test_a_value_in_an_id_can_be_typed_and_stays_apart_from_others(value: str, typed: str) -> None:
    assert _typed(value).startswith(typed)
    assert re.fullmatch(r"[\w.-]+(~[0-9a-f]{4})?", _typed(value))
