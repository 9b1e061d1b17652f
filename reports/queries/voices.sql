-- Stories of different customers who wrote on three days or more, by a fixed rule each, in this order: the
-- largest fall from the first item to the last, the largest rise, the deepest low recovered from, the most items,
-- the most stages. No story where fewer customers wrote so often than any figure is told of. Of each at most six
-- items: the first, the last, the lowest, the highest, then the earliest others.
with touch as (
    select
        customer_id, written_on, source_id, channel, stage_id, emotion_id, valence, valence_sd,
        emotion_evidence_segment_id as segment_id,
        row_number() over (partition by customer_id order by written_at, item_id) as place
    from fct_item
    where customer_id is not null and written_at is not null and n_segments > 0
),
story as (
    select
        customer_id, count(*) as n_items, count(distinct nullif(stage_id, 'unclear')) as n_stages,
        arg_min(valence, place) as began, arg_max(valence, place) as ended, min(valence) as low
    from touch
    group by customer_id
    having count(distinct written_on) >= 3
),
told as (
    select *, ended - began as change, least(began, ended) - low as recovered
    from story
    where (select count(*) from story) >= (select suppressed_below from meta_run)
),
fall as (
    select customer_id from told where change <= -0.5 order by change, customer_id limit 1
),
rise as (
    select customer_id from told where change >= 0.5 and customer_id not in (from fall)
    order by change desc, customer_id limit 1
),
recovery as (
    select customer_id from told
    where recovered >= 0.5 and customer_id not in (from fall union all from rise)
    order by recovered desc, customer_id limit 1
),
most_items as (
    select customer_id from told where customer_id not in (from fall union all from rise union all from recovery)
    order by n_items desc, n_stages desc, customer_id limit 1
),
most_stages as (
    select customer_id from told
    where customer_id not in (from fall union all from rise union all from recovery union all from most_items)
    order by n_stages desc, n_items desc, customer_id limit 1
),
chosen as (
    select 1 as story_order, 'fall' as story_kind, customer_id from fall
    union all select 2, 'rise', customer_id from rise
    union all select 3, 'recovery', customer_id from recovery
    union all select 4, 'most items', customer_id from most_items
    union all select 5, 'most stages', customer_id from most_stages
),
placed as (
    select
        chosen.story_order, chosen.story_kind, told.n_items, told.change, touch.*,
        touch.place in (1, told.n_items) as is_end,
        row_number() over (partition by customer_id order by touch.valence, touch.place) as from_lowest,
        row_number() over (partition by customer_id order by touch.valence desc, touch.place) as from_highest
    from chosen
    join told using (customer_id)
    join touch using (customer_id)
),
kept as (
    from placed
    qualify row_number() over (
        partition by story_order order by is_end desc, least(from_lowest, from_highest) > 1, place
    ) <= 6
)
select
    kept.story_order, kept.story_kind, kept.n_items, kept.change, kept.place, kept.written_on,
    coalesce(source.source_name, kept.source_id) as source_name, kept.channel, stage.stage_name, kept.emotion_id,
    kept.valence, kept.valence_sd, segment.text
from kept
left join dim_source as source using (source_id)
left join dim_journey_stage as stage using (stage_id)
left join fct_segment as segment on kept.segment_id = segment.segment_id
order by kept.story_order, kept.place
