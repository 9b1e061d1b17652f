select
    load.load_id,
    load.source_id,
    load.file_name,
    record.record_number,
    record_outcome.outcome,
    record.reason,
    record.item_id
from record
inner join load_standing as load using (load_id)
inner join record_outcome using (load_id, record_number)
