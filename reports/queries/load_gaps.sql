select gap.source_id, source.source_name, gap.week_start, gap.n_items, gap.expected
from mart_load_gap as gap
left join dim_source as source using (source_id)
order by gap.week_start desc, gap.source_id
