-- One row per item and group it is counted in: 'all', and each value of the attributes (of items, of
-- customers, channel, organisation) that most items have, among those with 2 to 12 values of enough customers.
-- Where an item and its customer both have an attribute, the item's counts.
with item as (
    select
        item_id,
        source_id,
        week_start,
        cluster_id,
        customer_id,
        map_concat(attributes, map {'channel': channel, 'organisation': organisation}) as attributes
    from published.main.fct_item
    where
        n_segments > 0
        and week_start between $first_week and $last_week
),

own as (
    select
        item_id,
        unnest(map_keys(attributes)) as attribute,
        unnest(map_values(attributes)) as attribute_value
    from item
),

of_customer as (
    select
        item.item_id,
        unnest(map_keys(customer.attributes)) as attribute,
        unnest(map_values(customer.attributes)) as attribute_value
    from item
    inner join published.main.dim_customer as customer using (customer_id)
),

attribute as (
    select
        item_id,
        attribute,
        coalesce(own.attribute_value, of_customer.attribute_value) as attribute_value
    from own
    full join of_customer using (item_id, attribute)
),

large as (
    select
        attribute.attribute,
        attribute.attribute_value,
        count(*) as n_items
    from attribute
    inner join item using (item_id)
    where attribute.attribute_value != ''
    group by all
    having count(distinct item.cluster_id) >= $least_customers
),

chosen as (
    select attribute
    from large
    group by attribute
    having count(*) between 2 and 12
    order by sum(n_items) desc, attribute
    limit $n_attributes
)

select
    'all' as attribute,
    'all' as attribute_value,
    item_id,
    source_id,
    week_start,
    cluster_id
from item
union all
select
    attribute.attribute,
    attribute.attribute_value,
    item.item_id,
    item.source_id,
    item.week_start,
    item.cluster_id
from attribute
inner join large using (attribute, attribute_value)
inner join chosen using (attribute)
inner join item using (item_id)
