select customer.* replace (written.n_items as n_items)
from whole.main.dim_customer as customer
inner join (
    select
        customer_id,
        count(*) as n_items
    from published.main.fct_item
    group by customer_id
) as written using (customer_id)
