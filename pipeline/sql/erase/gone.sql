-- The records of an order: every version of the customer's items, of one record or of items written before a day
-- (undated ones go by when they were read), and what was quarantined of the record or before the day.
with asked as (
    select item_id
    from record
    where
        (customer_id = $pseudonym and $source_id in ('', source_id))
        or (source_id = $source_id and list_contains($record_ids::varchar[], record_id))
    union
    select item.item_id
    from item
    inner join load using (load_id)
    where coalesce(item.written_on, load.loaded_at::date) < $before::date
)

select
    record.load_id,
    record.record_number,
    record.source_id,
    load.file_name,
    record.record_id,
    record.item_id,
    record.written_on,
    coalesce(record.title, '') as title,
    coalesce(record.text, '') as text
from record
inner join load_standing as load using (load_id)
inner join record_outcome using (load_id, record_number)
where
    record.item_id in (from asked)
    or (
        record_outcome.outcome = 'quarantined'
        and (
            (record.source_id = $source_id and list_contains($record_ids::varchar[], record.record_id))
            or load.loaded_at::date < $before::date
        )
    )
order by record.source_id, load.file_name, record.record_number, record.load_id
