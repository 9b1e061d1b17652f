-- Today's themes with the part's counts; a theme that came or changed after its last week has no week in it.
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
        count(distinct item_id) as n_proposed_items
    from published.main.fct_segment
    where proposed_theme_id is not null
    group by proposed_theme_id
)

select
    theme.* replace (
        coalesce(counted.n_segments, 0) as n_segments,
        coalesce(counted.n_items, 0) as n_items,
        coalesce(counted.n_customers, 0) as n_customers,
        coalesce(proposed.n_proposed_items, 0) as n_proposed_items,
        counted.mean_valence as mean_valence,
        if(theme.created_week <= last.week_start, theme.created_week, null) as created_week,
        if(theme.updated_week <= last.week_start, theme.updated_week, null) as updated_week
    )
from whole.main.dim_theme as theme
cross join slice_week as last
left join counted using (theme_id)
left join proposed using (theme_id)
