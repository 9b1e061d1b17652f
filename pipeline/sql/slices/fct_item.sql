-- The earliest of near-copies is that of the part.
select * replace (
    nullif(
        first_value(item_id) over (
            partition by coalesce(near_duplicate_of, item_id) order by written_at nulls last, item_id
        ),
        item_id
    ) as near_duplicate_of
)
from whole.main.fct_item
semi join chosen_item using (item_id)
