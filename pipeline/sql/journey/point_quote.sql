-- Two quotes of every point, of different customers: the typical one first, then the strongest, which carries its
-- item's emotion by itself. A sentence written word for word as the typical one is not the strongest.
with typical as (
    select *
    from quotable
    qualify row_number() over (
        partition by point_id
        order by is_mild, typicality desc, segment_id
    ) = 1
),

strongest as (
    select quotable.*
    from quotable
    inner join typical using (point_id)
    where quotable.cluster_id != typical.cluster_id and quotable.text != typical.text
    qualify row_number() over (
        partition by point_id
        order by quotable.is_sure desc, quotable.strength desc, quotable.segment_id
    ) = 1
),

chosen as (
    select *, 1 as quote_order, 'typical' as quote_kind
    from typical
    union all
    select *, 2, 'strongest'
    from strongest
)

select
    point_id,
    quote_order,
    quote_kind,
    segment_id,
    text,
    source_id,
    written_on
from chosen
order by point_id, quote_order
