-- Every item whose text is the same, or in the same group, as that of an earlier one; undated ones come last.
insert into near_duplicate
with grouped as (
    select
        worded_item.item_id,
        worded_item.written_at,
        coalesce(text_group.group_number::varchar, worded_item.text_digest) as group_id
    from worded_item
    inner join text_signature using (text_digest)
    left join text_group using (text_digest)
    where text_signature.signature is not null
)

select
    item_id,
    first_value(item_id) over (partition by group_id order by written_at nulls last, item_id) as earliest
from grouped
qualify item_id != earliest
