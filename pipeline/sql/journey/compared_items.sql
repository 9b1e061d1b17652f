-- One row per item and value it has of an attribute that segments of customers are compared by.
-- An attribute counts with 2 to 12 values of 20 customers or more; what the customers' table says of a customer
-- takes the place of an attribute of the same name beside an item.
with item as (
    select
        item_id,
        source_id,
        dense_rank() over (order by cluster_id) as cluster_number,
        customer_id,
        organisation,
        channel,
        attributes
    from published.main.fct_item
    where n_segments > 0
),

customer_entry as (
    select
        customer_id,
        unnest(map_entries(attributes)) as entry
    from published.main.dim_customer
),

item_entry as (
    select
        item_id,
        unnest(map_entries(attributes)) as entry
    from item
),

item_value as (
    select
        item.item_id,
        'customer' as attribute_kind,
        entry.key as attribute,
        entry.value as attribute_value
    from item
    inner join customer_entry using (customer_id)
    union all
    select item_id, 'item', entry.key, entry.value
    from item_entry
    where entry.key not in (select entry.key from customer_entry)
    union all
    select item_id, 'organisation', 'organisation', organisation
    from item
    union all
    select item_id, 'channel', 'channel', channel
    from item
),

large_value as (
    select
        attribute_kind,
        attribute,
        attribute_value
    from item_value
    inner join item using (item_id)
    where attribute_value is not null and trim(attribute_value) != ''
    group by all
    having count(distinct cluster_number) >= $least_customers
),

compared_value as (
    select *
    from large_value
    qualify count(*) over (partition by attribute_kind, attribute) between 2 and 12
)

select
    attribute_kind,
    attribute,
    attribute_value,
    item_id,
    item.source_id,
    item.cluster_number
from item_value
inner join compared_value using (attribute_kind, attribute, attribute_value)
inner join item using (item_id)
