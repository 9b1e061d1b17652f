-- One row per unit that an audit may draw: every passage of the weeks asked for, and every filler as one unit
-- of its own, read as unclear, so that what the model misses can be found. Nulls ask for everything.
with unit as (
    select
        item_id,
        passage_start,
        source_id,
        cluster_id,
        week_start,
        any_value(stage_id) as stage_id,
        any_value(stage_probability) as stage_probability,
        any_value(emotion_id) as emotion_id,
        any_value(valence) as valence,
        any_value(valence_sd) as valence_sd,
        count(*) as n_segments,
        count(*) filter (where is_pain) as n_pain,
        false as is_filler
    from published.main.fct_segment
    group by item_id, passage_start, source_id, cluster_id, week_start
    union all
    select
        item_id,
        -1 as passage_start,
        source_id,
        cluster_id,
        week_start,
        $unclear_stage_id as stage_id,
        1.0 as stage_probability,
        'neutral' as emotion_id,
        0.0 as valence,
        0.0 as valence_sd,
        1 as n_segments,
        0 as n_pain,
        true as is_filler
    from published.main.fct_item
    where is_filler
)

select *
from unit
where $first_week is null or week_start between $first_week and $last_week
order by item_id, passage_start
