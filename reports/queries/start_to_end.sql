select
    coalesce(source.source_name, 'all sources') as source_name, ends.source_id, ends.unit_kind, ends.n_units,
    ends.n_customers, ends.mean_first, ends.mean_last, ends.mean_change, ends.ci_low, ends.ci_high,
    ends.share_better, ends.share_better_ci_low, ends.share_better_ci_high,
    ends.share_worse, ends.share_worse_ci_low, ends.share_worse_ci_high
from mart_start_to_end as ends
left join dim_source as source using (source_id)
where not ends.is_suppressed
order by ends.unit_kind desc, ends.source_id = 'all', ends.source_id
