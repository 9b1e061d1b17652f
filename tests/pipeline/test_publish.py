import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models.languages import LANGUAGE_MODEL_ID
from pipeline.store.dictionary import SCHEMA_VERSION, published_tables
from pipeline.store.published import open_published

CELLS = """
with counted as (
    select segment.*, 'all' as period_kind, null::date as week from fct_segment as segment
    union all
    select segment.*, 'week', week_start from fct_segment as segment where week_start is not null
    union all
    select segment.*, period.*
    from fct_segment as segment
    inner join (
        select 'last_4_weeks', last_week_start - 21 from meta_run
        union all
        select 'before_4_weeks', last_week_start - 49 from meta_run
    ) as period (kind, first_week)
        on segment.week_start between period.first_week and period.first_week + 21
),
pooled as (
    select * from counted
    union all
    select * replace ('all' as source_id) from counted
)
select
    period_kind, week, source_id, stage_id,
    count(*) as n_segments,
    count(distinct item_id) as n_items,
    count(distinct cluster_id) as n_customers,
    sum(valence) / count(*) as mean_valence,
    sum(is_pain::integer) / count(*) as share_pain
from pooled
where stage_id != 'unclear'
group by all
"""


def test_the_curve_is_what_the_segments_say(demo: duckdb.DuckDBPyConnection) -> None:
    different = demo.execute(
        f"""
        select count(*)
        from mart_journey_curve as mart
        full join ({CELLS}) as cell
            on mart.period_kind = cell.period_kind
            and mart.week_start is not distinct from cell.week
            and mart.source_id = cell.source_id
            and mart.stage_id = cell.stage_id
        where
            (mart.n_segments, mart.n_items, mart.n_customers)
                is distinct from (cell.n_segments, cell.n_items, cell.n_customers)
            or mart.is_hollow != (cell.n_customers < 20)
            or mart.is_suppressed != (cell.n_customers < 10)
            or (mart.mean_valence is null) != mart.is_suppressed
            or abs(mart.mean_valence - cell.mean_valence) > 0.0001
            or abs(mart.share_pain - cell.share_pain) > 0.0001
        """
    ).fetchall()
    shown = demo.execute("select count(*) from mart_journey_curve where not is_suppressed").fetchall()
    assert different == [(0,)]
    assert shown[0][0] > 100


def test_the_curve_of_all_time_has_every_stage_in_order(demo: duckdb.DuckDBPyConnection) -> None:
    found = demo.execute(
        """
        select stage_id, stage_order from mart_journey_curve
        where period_kind = 'all' and source_id = 'all' order by stage_order
        """
    ).fetchall()
    stages = demo.execute(
        """
        select stage_id, stage_order from dim_journey_stage
        where stage_order is not null order by stage_order
        """
    ).fetchall()
    assert found == stages


def test_intervals_lie_on_the_scale_around_their_mean(demo: duckdb.DuckDBPyConnection) -> None:
    assert demo.execute(
        """
        select count(*) from mart_journey_curve
        where not is_suppressed and not (
            -2 <= ci_low and ci_low < mean_valence and mean_valence < ci_high and ci_high <= 2
        )
        """
    ).fetchall() == [(0,)]


def test_suppressed_cells_hold_no_number_but_their_counts(demo: duckdb.DuckDBPyConnection) -> None:
    assert demo.execute(
        """
        select
            count(*), count(mean_valence), count(ci_low), count(ci_high), count(share_pain), max(n_customers)
        from mart_journey_curve where is_suppressed
        """
    ).fetchone()[1:] == (0, 0, 0, 0, 9)


def test_pain_points_are_what_the_segments_say(demo: duckdb.DuckDBPyConnection) -> None:
    found = demo.execute(
        """
        with told as (
            select * from fct_segment where is_pain and theme_id is not null and stage_id != 'unclear'
        ),
        by_stage as (
            select cluster_id, theme_id, stage_id, round(sum(stage_probability), 6) as told_here
            from told group by all
        ),
        counted as (  -- each customer at the stage where most of the theme stands
            select theme_id, arg_min(stage_id, (-told_here, stage_id)) as stage_id
            from by_stage group by cluster_id, theme_id
        ),
        reached as (
            select theme_id || ':' || stage_id as pain_point_id, count(*) as n_customers
            from counted group by all having n_customers >= 10
        ),
        problem as (
            select
                reached.pain_point_id,
                count(*) as n_segments,
                count(distinct item_id) as n_items,
                any_value(n_customers) as n_customers,
                any_value(n_customers) / (select count(distinct cluster_id) from fct_segment) as reach,
                sum(if(valence < 0, -valence, 0)) / count(*) as severity_raw
            from told inner join reached on theme_id || ':' || stage_id = reached.pain_point_id
            group by reached.pain_point_id
        )
        select
            count(*) filter (where mart.pain_point_id is null or problem.pain_point_id is null),
            count(*) filter (where (mart.n_segments, mart.n_items, mart.n_customers)
                is distinct from (problem.n_segments, problem.n_items, problem.n_customers)),
            max(abs(mart.reach - problem.reach)),
            max(abs(mart.severity_raw - problem.severity_raw)),
            max(abs(
                mart.priority
                - mart.reach * mart.severity * sqrt(coalesce(mart.trend, 1) * mart.stage_weight)
            )),
            count(*) > 5
        from mart_pain_point as mart
        full join problem using (pain_point_id)
        """
    ).fetchone()
    assert found[:2] == (0, 0)
    assert found[2:5] == pytest.approx((0, 0, 0), abs=1e-4)
    assert found[5]


def test_pain_points_are_ranked_by_priority(demo: duckdb.DuckDBPyConnection) -> None:
    rows = demo.execute(
        "select priority_rank, priority from mart_pain_point order by priority_rank"
    ).fetchall()
    assert [rank for rank, _ in rows] == list(range(1, len(rows) + 1))
    assert [priority for _, priority in rows] == sorted((priority for _, priority in rows), reverse=True)


def test_impact_is_leave_one_out(demo: duckdb.DuckDBPyConnection) -> None:
    found = demo.execute(
        """
        with scored as (
            unpivot (
                select item_id, nps / 10 as nps, (valence + 2) / 4 as valence from fct_item where is_tagged
            )
            on nps, valence into name outcome value score
        ),
        rated as (
            from scored where outcome = (select any_value(impact_on) from mart_pain_point)
        ),
        impact as (
            select
                mart.impact,
                (select avg(score) from rated) - (
                    select avg(score) from rated where item_id not in (
                        select item_id from fct_segment as segment
                        where
                            is_pain
                            and segment.theme_id = mart.theme_id
                            and segment.stage_id = mart.stage_id
                    )
                ) as by_hand
            from mart_pain_point as mart
            where mart.impact is not null
        )
        select count(*), max(abs(impact - by_hand)) from impact
        """
    ).fetchone()
    assert found[0] > 0
    assert found[1] < 1e-5


def test_quotes_of_delights_are_glad_sentences_by_different_customers(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    found = demo.execute(
        """
        select
            count(*) filter (where segment.text != quote.text or segment.is_pain or segment.valence < 0.5),
            count(*) filter (where segment.theme_id || ':' || segment.stage_id != quote.delight_id),
            count(*) - count(distinct (quote.delight_id, segment.cluster_id)),
            list(distinct quote_kind order by quote_kind),
            count(*) > 20
        from mart_delight_quote as quote
        inner join fct_segment as segment using (segment_id)
        """
    ).fetchall()
    assert found == [(0, 0, 0, ["strongest", "typical"], True)]


def test_quotes_are_sentences_of_their_pain_point_by_different_customers(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    assert demo.execute(
        """
        select
            count(*) filter (where segment.text != quote.text or not segment.is_pain),
            count(*) filter (where segment.theme_id || ':' || segment.stage_id != quote.pain_point_id),
            count(*) - count(distinct (quote.pain_point_id, segment.cluster_id)),
            list(distinct quote_kind order by quote_kind)
        from mart_pain_point_quote as quote
        inner join fct_segment as segment using (segment_id)
        """
    ).fetchall() == [(0, 0, 0, ["strongest", "typical"])]


def test_an_items_tags_are_those_of_its_passage_where_it_has_one(demo: duckdb.DuckDBPyConnection) -> None:
    names = "stage_id, emotion_id, valence, valence_sd, is_low_confidence"
    n_items, n_different, farthest = demo.execute(
        f"""
        with single as (
            select
                item_id,
                any_value(row({names})) as tags,
                any_value(stage_probability) as stage,
                any_value(emotion_probability) as emotion
            from fct_segment
            group by item_id
            having count(distinct passage_start) = 1
        )
        select
            count(*),
            count(*) filter (where single.tags is distinct from row({names})),
            max(greatest(abs(stage - stage_probability), abs(emotion - emotion_probability)))
        from fct_item inner join single using (item_id)
        """
    ).fetchone()
    assert n_items > 1500
    assert n_different == 0
    assert farthest < 1.5e-4  # four decimals, rounded once of a mean and once of its one part


def test_an_items_evidence_is_a_sentence_of_its_own(demo: duckdb.DuckDBPyConnection) -> None:
    found = demo.execute(
        """
        select
            count(*),
            count(*) filter (where stage.item_id = item.item_id and emotion.item_id = item.item_id),
            count(*) filter (where stage.segment_id != emotion.segment_id)
        from fct_item as item
        left join fct_segment as stage on item.stage_evidence_segment_id = stage.segment_id
        left join fct_segment as emotion on item.emotion_evidence_segment_id = emotion.segment_id
        where item.n_segments > 0
        """
    ).fetchone()
    assert found[0] == found[1] > 1500
    assert found[2] > 0


def test_items_without_segments_have_no_tags(demo: duckdb.DuckDBPyConnection) -> None:
    assert demo.execute(
        """
        select distinct
            stage_id, stage_probability, is_low_confidence, stage_evidence_segment_id, emotion_id,
            emotion_probability, emotion_evidence_segment_id, valence, valence_sd, is_pain
        from fct_item where n_segments = 0
        """
    ).fetchall() == [(None,) * 10]


def test_themes_count_what_they_hold(demo: duckdb.DuckDBPyConnection) -> None:
    assert demo.execute(
        """
        select count(*) from dim_theme as theme
        where (n_segments, n_items, n_customers) is distinct from (
            select (count(*), count(distinct item_id), count(distinct cluster_id))
            from fct_segment where theme_id = theme.theme_id
        )
        """
    ).fetchall() == [(0,)]


def test_quality_counts_add_up(demo: duckdb.DuckDBPyConnection) -> None:
    rows = demo.execute("select source_id, measure, n, share from meta_quality").fetchall()
    counts = {(source, measure): n for source, measure, n, _ in rows}
    shares = {(source, measure): share for source, measure, _, share in rows}
    sources = ("tickets", "reviews", "survey")
    for source in (*sources, "all"):
        assert counts[source, "records"] == sum(
            counts[source, outcome]
            for outcome in ("accepted", "duplicate", "superseded", "quarantined", "erased")
        )
    for measure in {measure for _, measure in counts}:
        assert counts["all", measure] == sum(counts[source, measure] for source in sources)
    assert counts["all", "accepted"] == demo.execute("select count(*) from fct_item").fetchone()[0]
    assert counts["all", "segments"] == demo.execute("select count(*) from fct_segment").fetchone()[0]
    (n_others,) = demo.execute("select count(*) from fct_item where language not in ('en', 'und')").fetchone()
    assert counts["all", "other_language"] == n_others > 50
    assert shares["all", "other_language"] == n_others / counts["all", "accepted"]
    assert shares["survey", "unsorted"] == counts["survey", "unsorted"] / counts["survey", "segments"]
    n_themed = demo.execute("select sum(n_segments) from dim_theme").fetchone()[0]
    assert (
        n_themed + counts["all", "unsorted"] + counts["all", "without_content"] == (counts["all", "segments"])
    )


def test_the_run_is_named_in_its_file(demo: duckdb.DuckDBPyConnection) -> None:
    assert demo.execute(
        """
        select
            workspace_name, schema_version, level, hollow_below, suppressed_below, last_week_start::varchar,
            regexp_matches(run_id, '^r_[0-9a-f]{12}$'), regexp_matches(content_digest, '^[0-9a-f]{64}$'),
            (select list(distinct run_id) from fct_segment) = [run_id],
            (select list(model_id order by model_role) from dim_model) = [?, tag_model_id, theme_model_id]
        from meta_run
        """,
        [LANGUAGE_MODEL_ID],
    ).fetchall() == [
        ("Larkspur broadband", SCHEMA_VERSION, 0.95, 20, 10, "2026-09-28", True, True, True, True)
    ]


def test_items_in_other_languages_are_kept_untagged_and_undecided_ones_are_tagged(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    rows = demo.execute(
        """
        select
            language.language_name, item.untagged_reason, language.is_read, item.is_tagged,
            count(segment.item_id) = count(*), count(segment.item_id), count(item.stage_id)
        from fct_item as item
        left join dim_language as language using (language)
        left join (select distinct item_id from fct_segment) as segment using (item_id)
        group by all
        order by all
        """
    ).fetchall()
    read = [row for row in rows if row[3]]
    assert [row[:5] for row in read] == [
        ("English", None, True, True, True),
        ("undecided", None, True, True, True),
    ]
    assert all(n_split == n_tagged > 50 for *_, n_split, n_tagged in read)
    assert [row for row in rows if not row[3]] == [
        ("French", "other_language", False, False, False, 0, 0),
        ("German", "other_language", False, False, False, 0, 0),
        ("Spanish", "other_language", False, False, False, 0, 0),
        (None, "filler", None, False, False, 0, 0),
        (None, "without_text", None, False, False, 0, 0),
    ]


def test_every_metric_is_described(demo: duckdb.DuckDBPyConnection) -> None:
    rows = demo.execute("from meta_metric").fetchall()
    assert {"mean_valence", "reach", "severity", "priority"} <= {row[0] for row in rows}
    assert all(all(row[:6]) for row in rows)


def test_the_file_is_written_so_that_duckdb_1_4_reads_it(demo: duckdb.DuckDBPyConnection) -> None:
    (tags,) = demo.execute("select tags from duckdb_databases() where path is not null").fetchone()
    assert tags["storage_version"].startswith("v1.4.0")


def rows_dated(*days: str) -> str:
    return "id,at,text\n" + "".join(
        f"{number},{day},The engineer came late.\n" for number, day in enumerate(days)
    )


def dated(*days: str) -> dict[str, Any]:
    columns = {"record_id": "id", "written_at": "at", "text": "text"}
    return {"files": {"a.csv": rows_dated(*days)}, "columns": columns}


def test_the_last_file_stays_under_the_name_of_its_week(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    folder = make_workspace(
        dated("2026-01-05", "2026-01-11"), curve__hollow_below=2, curve__suppressed_below=2
    )
    first = run_steps(folder)[-1].facts
    (folder / "a.csv").write_text(rows_dated("2026-01-05", "2026-01-11", "2026-01-14", "2026-01-18"))
    second = run_steps(folder)[-1].facts
    kept = folder / "published" / "heartline-2026-W02.duckdb"
    assert sorted(path.name for path in kept.parent.iterdir()) == [
        "heartline-2026-W02.duckdb",
        "heartline.duckdb",
    ]
    assert [run_of(kept), run_of(folder / "published" / "heartline.duckdb")] == [
        first["run_id"],
        second["run_id"],
    ]


def test_few_customers_a_week_make_a_last_week_all_the_same(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    folder = make_workspace(dated("2026-01-05", "2026-01-12", "2026-01-18", "2026-01-19"))
    run_steps(folder)
    (folder / "a.csv").write_text(rows_dated("2026-01-05", "2026-01-12", "2026-01-18"))
    run_steps(folder)
    kept = folder / "published" / "heartline-2026-W03.duckdb"
    with open_published(kept) as connection:
        assert connection.execute("select last_week_start from meta_run").fetchall() == [(date(2026, 1, 12),)]


def test_a_file_without_a_complete_week_is_kept_as_such(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    folder = make_workspace(dated("2026-01-05", "2026-01-10"))
    first = run_steps(folder)[-1].facts
    (folder / "a.csv").write_text(rows_dated("2026-01-05", "2026-01-11"))
    run_steps(folder)
    assert run_of(folder / "published" / "heartline-no-week-yet.duckdb") == first["run_id"]


def test_an_undated_file_is_kept_as_undated(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    source = {"files": {"a.csv": "id,text\n1,Fine.\n"}}
    first = run_steps(make_workspace(source, name="first"))[-1].facts
    folder = make_workspace(source, name="second")
    run_steps(folder)
    assert run_of(folder / "published" / "heartline-undated.duckdb") == first["run_id"]


def test_a_run_that_was_killed_after_the_swap_keeps_no_second_copy_of_itself(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    folder = make_workspace({"files": {"a.csv": "id,text\n1,Fine.\n"}})
    run_steps(folder)
    with duckdb.connect(str(folder / "work" / "heartline_work.duckdb")) as connection:
        connection.execute("delete from step_done where step = 'publish'")
    assert run_steps(folder)[-1].changed
    assert [path.name for path in (folder / "published").iterdir()] == ["heartline.duckdb"]


def test_what_an_interrupted_publish_left_is_swept_away(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    folder = make_workspace({"files": {"a.csv": "id,text\n1,Fine.\n"}})
    killed = folder / "published" / ".heartline.draft.duckdb"
    killed.parent.mkdir()
    leave_unfinished(killed)
    assert killed.with_name(killed.name + ".wal").stat().st_size > 0
    run_steps(folder)
    assert [path.name for path in killed.parent.iterdir()] == ["heartline.duckdb"]


def leave_unfinished(path: Path) -> None:
    """Write a database in another process that dies before its log is folded in."""
    script = (
        "import duckdb, os, sys; connection = duckdb.connect(sys.argv[1]);"
        "connection.execute('create table dim_source as select 1'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, path], check=False)


def run_of(path: Path) -> str:
    with open_published(path) as connection:
        return str(connection.execute("select run_id from meta_run").fetchall()[0][0])


def test_sources_without_a_single_record_publish_an_empty_file(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    folder = make_workspace({"files": {"a.csv": "id,text\n"}})
    run_steps(folder)
    filled = [
        table.name
        for table in published_tables()
        if published_rows(folder, f"select count(*) from {table.name}") != [(0,)]
    ]
    assert filled == [
        "dim_source", "dim_journey_stage", "dim_emotion", "dim_language", "dim_model", "meta_audit",
        "meta_run", "meta_quality", "meta_metric", "meta_column",
    ]  # fmt: skip
