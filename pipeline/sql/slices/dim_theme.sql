-- Today's themes with the part's counts; a theme that came or changed after its last week has no week in it.
select
    theme.* replace (
        coalesce(counted.n_segments, 0) as n_segments,
        coalesce(counted.n_items, 0) as n_items,
        coalesce(counted.n_customers, 0) as n_customers,
        coalesce(counted.n_proposed_items, 0) as n_proposed_items,
        counted.mean_valence as mean_valence,
        if(theme.created_week <= last.week_start, theme.created_week, null) as created_week,
        if(theme.updated_week <= last.week_start, theme.updated_week, null) as updated_week
    )
from whole.main.dim_theme as theme
cross join slice_week as last
left join theme_count as counted using (theme_id)
