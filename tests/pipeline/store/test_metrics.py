import duckdb
import pytest

from pipeline.store.metrics import Metric, metrics

CALLED = [metric for metric in metrics() if metric.macro]
POOLED = "from mart_journey_curve where period_kind = 'all' and source_id = 'all'"


def test_a_macro_has_a_definition_and_an_example_that_calls_it() -> None:
    for metric in metrics():
        assert (metric.macro is None) == (metric.definition is None) == (metric.example is None), (
            metric.metric
        )
        assert metric.macro is None or f"{metric.metric}(" in (metric.example or "")


def test_a_macro_computes_what_it_stands_for() -> None:
    metric = Metric(
        "twice", "It doubles.", "2 x", "none", "row", "No.", "twice(x)", "2 * x", "select twice(1)"
    )
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as published")
        connection.execute(metric.create_sql("published"))
        assert connection.execute("select published.main.twice(21)").fetchone() == (42,)


@pytest.mark.parametrize("metric", CALLED, ids=lambda metric: metric.metric)
def test_every_macro_stands_in_the_file_with_its_comment(
    metric: Metric, demo: duckdb.DuckDBPyConnection
) -> None:
    found = demo.execute(
        "select comment from duckdb_functions() where function_name = ? and not internal", [metric.metric]
    ).fetchall()
    assert found == [(f"{metric.meaning} {metric.unit}. {metric.caveat}",)]
    assert demo.execute(metric.example or "").fetchall()


def by_key(demo: duckdb.DuckDBPyConnection, sql: str) -> dict[object, float]:
    """What a query gives: its last column by the ones before it."""
    return {tuple(row[:-1]): row[-1] for row in demo.execute(sql).fetchall()}


@pytest.mark.parametrize(
    ("mart", "by_hand"),
    [
        (
            f"select stage_id, mean_valence {POOLED}",
            "select stage_id, sum(valence) / count(*) from fct_segment group by 1",
        ),
        (
            f"select stage_id, share_pain {POOLED}",
            "select stage_id, sum(is_pain::int) / count(*) from fct_segment group by 1",
        ),
        (
            "select theme_id, week_start::varchar, share_items from mart_theme_weekly where n_items > 0",
            """
            select theme_id, s.week_start::varchar, count(distinct item_id) / (
                select count(*) from fct_item as i where i.week_start = s.week_start and n_segments > 0
            )
            from fct_segment as s where theme_id is not null group by theme_id, s.week_start
            """,
        ),
    ],
    ids=["mean_valence", "share_pain", "share_items"],
)
def test_a_mart_holds_what_plain_sql_finds_in_the_segments(
    mart: str, by_hand: str, demo: duckdb.DuckDBPyConnection
) -> None:
    published, found = by_key(demo, mart), by_key(demo, by_hand)
    assert len(published) >= 8
    assert {key: found[key] for key in published} == pytest.approx(published, abs=6e-5)


def test_the_examples_give_what_the_marts_hold(demo: duckdb.DuckDBPyConnection) -> None:
    example = {metric.metric: metric.example for metric in metrics()}["mean_valence"]
    found = by_key(demo, f"select stage_id, mean_valence from ({example})")
    mart = by_key(
        demo,
        f"select stage_id, mean_valence {POOLED}",
    )
    assert {key: found[key] for key in mart} == pytest.approx(mart, abs=6e-5)
