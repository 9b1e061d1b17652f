-- One row per value that a filter offers, with its segments in the whole file.
with counted as (
    select
        stage_id,
        emotion_id,
        theme_id,
        source_id,
        week_start,
        count(*) as n
    from fct_segment
    group by grouping sets ((stage_id), (emotion_id), (theme_id), (source_id), (week_start))
),

rating as (
    select
        case
            when rating_share is null then 'none'
            when rating_share < 0.5 then 'low'
            when rating_share > 0.5 then 'high'
            else 'middle'
        end as value,
        sum(n_segments)::bigint as n
    from fct_item
    group by all
),

spoken as (
    select
        item.language as value,
        dim_language.language_name as name,
        sum(item.n_segments)::bigint as n
    from fct_item as item
    inner join dim_language using (language)
    group by all
),

organisation as (
    select
        organisation,
        sum(n_segments)::bigint as n
    from fct_item
    where organisation is not null
    group by organisation
    order by n desc, organisation
    limit 1000
)

select 'stage' as field, stage_id as value, stage_name as name, n, stage_order as place
from counted
inner join dim_journey_stage using (stage_id)
union all
select 'emotion', emotion_id, emotion_id, n, emotion_order
from counted
inner join dim_emotion using (emotion_id)
union all
select 'theme', theme_id, theme_name, n, -n
from counted
inner join dim_theme using (theme_id)
union all
select 'source', source_id, coalesce(source_name, source_id), n, -n
from counted
inner join dim_source using (source_id)
union all
select 'week', week_start::varchar, null, n, 0
from counted
where week_start is not null
union all
select 'rating', value, null, n, 0
from rating
where n > 0
union all
select 'language', value, name, n, -n
from spoken
union all
select 'organisation', organisation, organisation, n, -n
from organisation
union all
select
    'segment',
    attribute_kind || ':' || attribute || '=' || attribute_value,
    attribute || ': ' || attribute_value,
    sum(n_segments)::bigint,
    0
from mart_journey_segment
where attribute_kind != 'organisation'
group by attribute_kind, attribute, attribute_value
order by field, place, value
