-- A quote is typical where it is near its theme's centre and surely glad.
with candidates as (
    select
        delight.delight_id,
        segment.segment_id,
        segment.text,
        segment.source_id,
        item.written_on,
        segment.theme_score + segment.sentiment_probability as typicality,
        row_number() over (
            partition by delight.delight_id, segment.cluster_id
            order by typicality desc, segment.segment_id
        ) as place_of_customer
    from published.main.mart_delight as delight
    inner join published.main.fct_segment as segment
        on delight.theme_id = segment.theme_id
        and delight.stage_id = segment.stage_id
    inner join published.main.fct_item as item using (item_id)
    where
        segment.sentiment = 'positive'
        and segment.valence >= 0.5
        and not segment.is_pain
        and length(segment.text) between 25 and 300
),

ranked as (
    select
        *,
        row_number() over (
            partition by delight_id
            order by typicality desc, segment_id
        ) as quote_order
    from candidates
    where place_of_customer = 1
)

select
    delight_id,
    quote_order,
    segment_id,
    text,
    source_id,
    written_on
from ranked
where quote_order <= 3
