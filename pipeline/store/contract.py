"""What must hold of a file before readers get it."""

from __future__ import annotations

import duckdb

from pipeline.errors import ContractError
from pipeline.store.dictionary import Table, published_tables
from pipeline.store.rank_rules import RANK_RULES

# (what would be wrong, a query that counts the rows for which it is)
WORK_RULES = (
    (
        "files whose outcomes do not add up to their records",
        """
        select count(*) from (
            select load.load_id
            from main.load
            left join published.main.meta_load as outcome using (load_id)
            group by load.load_id, load.n_records
            having count(outcome.outcome) != load.n_records
        )
        """,
    ),
    (
        "segments that the present book gives to a theme that is not active",
        """
        select count(*) from published.main.fct_segment as segment
        inner join published.main.dim_theme as theme using (theme_id)
        inner join main.segment_theme using (segment_id)
        where theme.status != 'active' and segment_theme.period = (select max(period) from main.theme_period)
        """,
    ),
)

RULES = (
    (
        "accepted records without an item",
        """
        select count(*) from published.main.meta_load
        anti join published.main.fct_item using (item_id)
        where outcome = 'accepted'
        """,
    ),
    (
        "items that no accepted record stands for",
        """
        select count(*) from published.main.fct_item
        anti join (from published.main.meta_load where outcome = 'accepted') using (item_id)
        """,
    ),
    (
        "items whose segments are missing",
        """
        select count(*) from (
            select item.item_id
            from published.main.fct_item as item
            left join published.main.fct_segment as segment using (item_id)
            group by item.item_id, item.n_segments, item.is_tagged
            having count(segment.segment_id) != item.n_segments or (item.n_segments > 0) != item.is_tagged
        )
        """,
    ),
    (
        "segments whose words are not at their offsets",
        """
        select count(*) from published.main.fct_segment as segment
        inner join published.main.fct_item as item using (item_id)
        where segment.text != item.text[segment.start_offset + 1:segment.end_offset]
        """,
    ),
    (
        "items whose tags do not go with their segments",
        """
        select count(*) from published.main.fct_item
        where (n_segments > 0) != (
            stage_id is not null and emotion_id is not null and valence is not null and is_pain is not null
        )
        """,
    ),
    (
        "pieces of evidence that are no segment of their item",
        """
        select count(*) from (
            select item_id, unnest([stage_evidence_segment_id, emotion_evidence_segment_id]) as segment_id
            from published.main.fct_item
            where n_segments > 0
        )
        anti join published.main.fct_segment using (item_id, segment_id)
        """,
    ),
    (
        "items of an unknown source",
        "select count(*) from published.main.fct_item anti join published.main.dim_source using (source_id)",
    ),
    (
        "segments of an unknown stage",
        """
        select count(*) from published.main.fct_segment
        anti join published.main.dim_journey_stage using (stage_id)
        """,
    ),
    (
        "segments of an unknown emotion",
        """
        select count(*) from published.main.fct_segment
        anti join published.main.dim_emotion using (emotion_id)
        """,
    ),
    (
        "items in an unknown language",
        """
        select count(*) from published.main.fct_item
        anti join published.main.dim_language using (language)
        where language is not null
        """,
    ),
    (
        "items tagged in a language that is not read, or left out for no reason or a wrong one",
        """
        select count(*) from published.main.fct_item as item
        left join published.main.dim_language as language using (language)
        where item.untagged_reason is distinct from case
                when not item.has_text then 'without_text'
                when item.is_filler then 'filler'
                when not language.is_read then 'other_language'
            end
            or item.is_tagged != (item.untagged_reason is null)
        """,
    ),
    (
        "near-copies of no item, or of one that is a near-copy itself",
        """
        select count(*) from published.main.fct_item as item
        anti join (from published.main.fct_item where near_duplicate_of is null) as earliest
            on item.near_duplicate_of = earliest.item_id
        where item.near_duplicate_of is not null
        """,
    ),
    (
        "segments of an unknown theme",
        """
        select count(*) from published.main.fct_segment
        anti join published.main.dim_theme using (theme_id)
        where theme_id is not null
        """,
    ),
    (
        "segments of an unknown proposed theme, or of one that is not proposed",
        """
        select count(*) from published.main.fct_segment as segment
        anti join published.main.dim_theme as theme
            on segment.proposed_theme_id = theme.theme_id and theme.status = 'proposed'
        where segment.proposed_theme_id is not null
        """,
    ),
    (
        "segments with a theme and without content, or with two kinds of theme",
        """
        select count(*) from published.main.fct_segment
        where (theme_id is not null and (not has_content or proposed_theme_id is not null))
            or (proposed_theme_id is not null and not has_content)
        """,
    ),
    (
        "themes' scores or probabilities out of their range",
        """
        select count(*) from published.main.fct_segment
        where not coalesce(theme_score between -1 and 1 and theme_probability between 0 and 1, true)
        """,
    ),
    (
        "sources whose segments are not themed, unsorted and without content in sum",
        """
        select count(*) from (
            select source_id
            from published.main.meta_quality
            group by source_id
            having
                sum(n) filter (where measure = 'segments') != sum(n) filter (
                    where measure in ('unsorted', 'without_content')
                ) + (
                    select count(*) from published.main.fct_segment as segment
                    where segment.theme_id is not null
                        and meta_quality.source_id in (segment.source_id, 'all')
                )
        )
        """,
    ),
    (
        "items' themes that their segments do not have",
        """
        select count(*) from published.main.fct_item_theme
        full join (
            select item_id, theme_id, count(*) as n_segments from published.main.fct_segment
            where theme_id is not null
            group by all
        ) as segment using (item_id, theme_id)
        where fct_item_theme.n_segments is distinct from segment.n_segments
        """,
    ),
    (
        "themes, or events of themes, that name an unknown theme",
        """
        select count(*) from (
            select unnest([merged_into_theme_id, split_from_theme_id]) as theme_id
            from published.main.dim_theme
            union all
            select unnest([theme_id, other_theme_id]) from published.main.dim_theme_lineage
            union all
            select theme_id from published.main.mart_theme_quality
            union all
            select theme_id from published.main.mart_alert
        )
        anti join published.main.dim_theme using (theme_id)
        where theme_id is not null
        """,
    ),
    (
        "outcomes whose relative weights do not sum to R2",
        """
        select count(*) from (
            select outcome, level
            from published.main.mart_driver
            group by all
            having abs(sum(weight) - max(r_squared)) > 1e-4
        )
        """,
    ),
    (
        "intervals that do not hold their mean",
        """
        select count(*) from published.main.mart_journey_curve
        where not (
            coalesce(mean_valence between ci_low - 1e-6 and ci_high + 1e-6, true)
            and coalesce(
                standardised_valence between standardised_ci_low - 1e-6 and standardised_ci_high + 1e-6, true
            )
        )
        """,
    ),
    (
        "alerts or watched series without a p value, or of a source in a load gap",
        """
        select count(*) from published.main.mart_alert as alert
        left join published.main.mart_load_gap as gap using (source_id, week_start)
        where alert.tier in ('alert', 'watch') and (alert.p is null or gap.source_id is not null)
        """,
    ),
    (
        "moments, changes, segments, touchpoints or ends whose interval does not hold their value",
        """
        select count(*) from (
            select value, ci_low, ci_high from published.main.mart_journey_moment
            union all
            select standardised_change, standardised_ci_low, standardised_ci_high
            from published.main.mart_journey_change
            union all
            select standardised_change, standardised_ci_low, standardised_ci_high
            from published.main.mart_journey_change_4_weeks
            union all
            select mean_valence, ci_low, ci_high from published.main.mart_touchpoint
            union all
            select difference, difference_ci_low, difference_ci_high from published.main.mart_journey_segment
            union all
            select mean_change, ci_low, ci_high from published.main.mart_start_to_end
        )
        where not (value between ci_low - 1e-4 and ci_high + 1e-4)
        """,
    ),
    (
        "touchpoints of too few customers whose mean is told, or quotes of a customer who is quoted already",
        """
        select
            (
                select count(*) from published.main.mart_touchpoint
                where is_suppressed and coalesce(mean_valence, ci_low, ci_high) is not null
            ) + (
                select count(*) - count(distinct (quote.point_id, segment.cluster_id))
                from (
                    select pain_point_id || ':pain' as point_id, segment_id
                    from published.main.mart_pain_point_quote
                    union all
                    select delight_id || ':delight', segment_id
                    from published.main.mart_delight_quote
                ) as quote
                inner join published.main.fct_segment as segment using (segment_id)
            )
        """,
    ),
    (
        "mixes of sources that do not add up to 1",
        """
        select count(*) from (select sum(weight) as total from published.main.mart_source_mix)
        where abs(total - 1) > 1e-9
        """,
    ),
)


def check_contract(connection: duckdb.DuckDBPyConnection, *, has_work: bool = True) -> None:
    """Check keys and relations of the file attached as `published`, before anyone reads it.

    Parameters
    ----------
    has_work
        Whether the connection is the work file's, so that the two can be compared.

    Raises
    ------
    ContractError
        Says every rule that is broken and by how many rows.
    """
    broken = []
    for table in published_tables():
        broken += _broken_table(connection, table)
    for meaning, query in (*(WORK_RULES if has_work else ()), *RULES, *RANK_RULES):
        n_rows = _count(connection, query)
        if n_rows:
            broken.append(f"{n_rows:,} {meaning}")
    if broken:
        raise ContractError(
            "the new file breaks its contract: " + "; ".join(broken),
            left_undone="the published file is the last good one",
            next_command="heartline doctor",
        )


def _broken_table(connection: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    """What is wrong with one table by itself: keys that stand twice, numbers that are none."""
    keys, name = ", ".join(table.key), f"published.main.{table.name}"
    n_twice = _count(
        connection, f"select count(*) from (select {keys} from {name} group by all having count(*) > 1)"
    )
    broken = [f"{table.name}: {n_twice:,} keys ({keys}) stand twice"] if n_twice else []
    numbers = [column.name for column in table.columns if column.type == "DOUBLE"]
    counts = ", ".join(f"count(*) filter (where not isfinite({column}))" for column in numbers)
    found = connection.execute(f"select {counts} from {name}").fetchone() if numbers else None
    return broken + [
        f"{table.name}: {n:,} values of {column} are no finite number"
        for column, n in zip(numbers, found or (), strict=True)
        if n
    ]


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
