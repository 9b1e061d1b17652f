-- Customers who wrote on most days, and of these the ones with most items.
select
    customer_id,
    count(*) as n_items,
    count(distinct written_on) as n_days,
    count(distinct source_id) as n_sources,
    min(written_on) as first_on,
    max(written_on) as last_on
from fct_item
where customer_id is not null and written_on is not null
group by customer_id
order by n_days desc, n_items desc, customer_id
limit 20
