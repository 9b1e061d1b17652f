-- One row per item and theme, with whoever wrote it and where. Theme null: one row per item. A customer is a
-- number here, as only telling them apart matters.
with tagged as (
    select distinct
        hash(segment.item_id) as item_number,
        hash(segment.cluster_id) as cluster_id,
        segment.source_id,
        segment.theme_id
    from fct_segment as segment
    where $chosen
)

select
    cluster_id,
    source_id,
    theme_id,
    1 as n_items
from tagged
where theme_id is not null
union all
select
    cluster_id,
    source_id,
    null,
    1
from (select distinct item_number, cluster_id, source_id from tagged)
