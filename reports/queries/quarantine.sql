select
    source.source_name, coalesce(load.reason, 'no reason given') as reason, count(*) as n_records,
    count(distinct load.file_name) as n_files
from meta_load as load
left join dim_source as source using (source_id)
where load.outcome = 'quarantined'
group by source.source_name, coalesce(load.reason, 'no reason given')
order by n_records desc, source.source_name, reason
