-- How much of the file has each theme, and how much it would take if it were accepted.
with counted as (
    select
        theme_id,
        count(*) as n_segments,
        count(distinct item_id) as n_items,
        count(distinct cluster_id) as n_customers,
        round(avg(valence), 4) as mean_valence
    from published.main.fct_segment
    where theme_id is not null
    group by theme_id
),

proposed as (
    select
        proposed_theme_id as theme_id,
        count(distinct item_id) as n_proposed_items,
        count(distinct cluster_id) as n_proposed_customers
    from published.main.fct_segment
    where proposed_theme_id is not null
    group by proposed_theme_id
)

select
    theme_id,
    coalesce(counted.n_segments, 0) as n_segments,
    coalesce(counted.n_items, 0) as n_items,
    coalesce(counted.n_customers, 0) as n_customers,
    coalesce(proposed.n_proposed_items, 0) as n_proposed_items,
    if(counted.n_customers >= $suppressed_below, counted.mean_valence, null) as mean_valence,
    coalesce(greatest(counted.n_customers, proposed.n_proposed_customers), 0) >= $quoted_from as is_quotable
from counted
full join proposed using (theme_id)
