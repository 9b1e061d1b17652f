-- A quote is typical where it is near its theme's centre and surely names a problem; those whose writer does
-- not sound unhappy come last.
with candidates as (
    select
        pain.pain_point_id,
        segment.segment_id,
        segment.text,
        segment.source_id,
        item.written_on,
        segment.valence >= 0 as is_mild,
        segment.theme_score + segment.pain_probability as typicality,
        row_number() over (
            partition by pain.pain_point_id, segment.cluster_id
            order by is_mild, typicality desc, segment.segment_id
        ) as place_of_customer
    from published.main.mart_pain_point as pain
    inner join published.main.fct_segment as segment
        on pain.theme_id = segment.theme_id
        and pain.stage_id = segment.stage_id
    inner join published.main.fct_item as item using (item_id)
    where
        segment.is_pain
        and length(segment.text) between 25 and 300
),

ranked as (
    select
        *,
        row_number() over (
            partition by pain_point_id
            order by is_mild, typicality desc, segment_id
        ) as quote_order
    from candidates
    where place_of_customer = 1
)

select
    pain_point_id,
    quote_order,
    segment_id,
    text,
    source_id,
    written_on
from ranked
where quote_order <= 3
