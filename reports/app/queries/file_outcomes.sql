select
    load.source_id,
    load.file_name,
    count(*) as n_records,
    count(*) filter (where load.outcome = 'accepted') as n_accepted,
    count(*) filter (where load.outcome = 'duplicate') as n_duplicate,
    count(*) filter (where load.outcome = 'superseded') as n_superseded,
    count(*) filter (where load.outcome = 'quarantined') as n_quarantined,
    count(*) filter (where load.outcome = 'erased') as n_erased
from meta_load as load
group by load.source_id, load.file_name
order by load.source_id, load.file_name
