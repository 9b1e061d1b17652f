with written as (
    select customer_id, count(*) as n_items
    from item
    where customer_id is not null
    group by customer_id
)

select
    coalesce(customer.customer_id, written.customer_id) as customer_id,
    customer.joined_on,
    customer.left_on,
    coalesce(customer.attributes, map()) as attributes,
    coalesce(written.n_items, 0) as n_items
from customer
full join written on customer.customer_id = written.customer_id
