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
    theme.theme_id,
    theme.theme_name,
    theme.family,
    theme.status,
    theme.merged_into_theme_id,
    theme.split_from_theme_id,
    theme.is_pinned,
    theme.terms,
    theme.exemplars,
    coalesce(counted.n_segments, 0) as n_segments,
    coalesce(counted.n_items, 0) as n_items,
    coalesce(counted.n_customers, 0) as n_customers,
    coalesce(proposed.n_proposed_items, 0) as n_proposed_items,
    counted.mean_valence,
    round(theme_disc.map_x, 4) as map_x,
    round(theme_disc.map_y, 4) as map_y,
    round(theme_disc.map_radius, 4) as map_radius,
    theme.centroid_version,
    theme.created_week,
    theme.updated_week,
    theme.model_id
from theme
left join counted using (theme_id)
left join proposed using (theme_id)
left join theme_disc using (theme_id)
