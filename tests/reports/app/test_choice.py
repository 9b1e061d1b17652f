from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.app.choice import Choice, Segment
from reports.app.found import chosen
from reports.app.snapshot import Snapshot

FIRST_WEEK = date(2026, 3, 2)
WEEKS = [FIRST_WEEK + timedelta(weeks=number) for number in range(-1, 11)]
RATINGS = {"low": (0.0, 0.4), "middle": (0.5, 0.5), "high": (0.6, 1.0)}
SEGMENTS = (
    Segment("customer", "plan", "Pro"),
    Segment("item", "region", '"><img src=x onerror=alert(2)>'),
    Segment("channel", "channel", "phone"),
    Segment("item", "region", "' or true --"),
)


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


CHOICES = st.builds(
    Choice,
    first_week=st.none() | st.sampled_from(WEEKS),
    last_week=st.none() | st.sampled_from(WEEKS),
    sources=some(["tickets", "reviews", "' or 1=1 --"]),
    organisations=some(["Larkspur", "see https://evil.example/?id=1 \u202egnp.exe"]),
    segment=st.none() | st.sampled_from(SEGMENTS),
    stages=some(["awareness", "use", "support"]),
    emotions=some(["anger", "joy"]),
    themes=some(["t0", "t1", "t4"]),
    ratings=some(["low", "middle", "high", "none"]),
    languages=some(["en", "de", "und", "' or true --"]),
    text=st.sampled_from(["", "REFUND", "100%", "day_long", "d%y", "überall", "<script>", "'", "\\"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHOICES)
def test_a_choice_leaves_in_what_the_same_filters_of_a_frame_leave_in(
    snapshot: Snapshot, choice: Choice
) -> None:
    sql, parameters = chosen("extent", choice)
    found = snapshot.fetch(sql, parameters).iloc[0]
    expected = by_hand(whole(snapshot), choice)
    assert found.n_segments == len(expected)
    assert found.n_items == expected.item_id.nunique()
    assert found.n_customers == expected.cluster_id.nunique()


def test_an_empty_choice_is_everything() -> None:
    assert Choice().is_everything
    assert Choice().where().sql == "true"
    assert not Choice(text="a").is_everything


def test_what_people_type_is_bound_and_never_part_of_the_sql() -> None:
    where = Choice(text="x' or 1=1 --", sources=("'; drop table fct_item",)).where()
    assert "drop" not in where.sql
    assert "1=1" not in where.sql
    assert where.parameters == {"source_1": "'; drop table fct_item", "text": "x' or 1=1 --"}


def whole(snapshot: Snapshot) -> pd.DataFrame:
    return snapshot.ask(
        "select segment.*, item.organisation, item.channel, item.rating_share, "
        "item.language, "
        "item.attributes['region'] as region, customer.attributes['plan'] as plan "
        "from fct_segment as segment join fct_item as item using (item_id) "
        "join dim_customer as customer using (customer_id)"
    )


def by_hand(frame: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    kept = pd.Series(True, index=frame.index)
    weeks = pd.to_datetime(frame.week_start)
    if choice.first_week:
        kept &= weeks >= pd.Timestamp(choice.first_week)
    if choice.last_week:
        kept &= weeks <= pd.Timestamp(choice.last_week)
    for column, values in (
        ("source_id", choice.sources),
        ("organisation", choice.organisations),
        ("stage_id", choice.stages),
        ("emotion_id", choice.emotions),
        ("theme_id", choice.themes),
        ("language", choice.languages),
    ):
        if values:
            kept &= frame[column].isin(values)
    if choice.segment:
        kept &= frame[choice.segment.attribute] == choice.segment.value
    if choice.ratings:
        kept &= frame.rating_share.map(rating_of).isin(choice.ratings)
    if choice.text:
        kept &= frame.text.str.lower().str.contains(choice.text.lower(), regex=False)
    return frame[kept]


def rating_of(share: float) -> str:
    return next((name for name, (low, high) in RATINGS.items() if low <= share <= high), "none")
