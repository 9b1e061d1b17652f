select
    theme.theme_id,
    theme.theme_name,
    theme.family,
    theme.status,
    theme.merged_into_theme_id,
    theme.split_from_theme_id,
    theme.is_pinned,
    theme.terms,
    if(counted.is_quotable, theme.exemplars, []) as exemplars,
    coalesce(counted.n_segments, 0) as n_segments,
    coalesce(counted.n_items, 0) as n_items,
    coalesce(counted.n_customers, 0) as n_customers,
    coalesce(counted.n_proposed_items, 0) as n_proposed_items,
    counted.mean_valence,
    round(theme_disc.map_x, 4) as map_x,
    round(theme_disc.map_y, 4) as map_y,
    round(theme_disc.map_radius, 4) as map_radius,
    theme.centroid_version,
    theme.created_week,
    theme.updated_week,
    theme.model_id
from theme
left join theme_count as counted using (theme_id)
left join theme_disc using (theme_id)
