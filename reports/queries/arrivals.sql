select
    source.source_id, source.source_name,
    count(*) filter (where item.week_start = meta_run.last_week_start) as n_items,
    count(*) filter (where item.week_start = meta_run.last_week_start - 7) as n_items_before
from meta_run
cross join dim_source as source
left join fct_item as item using (source_id)
where meta_run.last_week_start is not null
group by source.source_id, source.source_name
order by source.source_id
