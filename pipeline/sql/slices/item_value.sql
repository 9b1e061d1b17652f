-- One row per item and thing to choose it by: its source, organisation, channel and attributes. As in the curve's
-- segments, what the customers' table says of a customer takes the place of an attribute of the same name.
with customer_entry as (
    select
        customer_id,
        unnest(map_entries(attributes)) as entry
    from whole.main.dim_customer
),

item_entry as (
    select
        item_id,
        unnest(map_entries(attributes)) as entry
    from whole.main.fct_item
)

select
    item_id,
    'source' as key,
    source_id as value
from whole.main.fct_item
union all
select item_id, 'organisation', organisation from whole.main.fct_item where organisation is not null
union all
select item_id, 'channel', channel from whole.main.fct_item where channel is not null
union all
select item.item_id, entry.key, entry.value
from whole.main.fct_item as item
inner join customer_entry using (customer_id)
union all
select item_id, entry.key, entry.value
from item_entry
where entry.key not in (select entry.key from customer_entry)
