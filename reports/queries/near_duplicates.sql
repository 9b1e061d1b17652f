with copied as (
    select near_duplicate_of as item_id, count(*) as n_copies
    from fct_item
    where near_duplicate_of is not null
    group by near_duplicate_of
)
select
    coalesce(source.source_name, item.source_id) as source_name, item.written_on, copied.n_copies + 1 as n_items,
    case when copied.n_copies >= 4 then left(item.text, 160) end as begins,
    count(*) over () as n_copied, sum(copied.n_copies) over ()::bigint as n_copies
from copied
join fct_item as item using (item_id)
left join dim_source as source using (source_id)
order by copied.n_copies desc, item.item_id
limit 10
