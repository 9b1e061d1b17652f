-- The last ISO week whose Sunday the data reach and in which enough customers wrote; where no such week has enough,
-- the last one in which anyone did.
with week as (
    select
        week_start,
        count(distinct cluster_id) as n_customers
    from published.main.fct_item
    where week_start is not null and n_segments > 0
    group by week_start
)

select coalesce(max(week_start) filter (where n_customers >= $least_customers), max(week_start))
from week
where week_start + 6 <= (select max(written_on) from published.main.fct_item)
