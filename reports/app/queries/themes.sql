select
    theme_id,
    theme_name,
    coalesce(family, '') as family,
    status,
    is_pinned,
    coalesce(terms, []) as terms,
    coalesce(exemplars, []) as exemplars,
    n_segments,
    coalesce(n_items, 0) as n_items,
    coalesce(n_customers, 0) as n_customers,
    coalesce(n_proposed_items, 0) as n_proposed_items,
    map_x,
    map_y,
    map_radius,
    merged_into_theme_id,
    split_from_theme_id
from dim_theme
order by status != 'active', n_segments desc, theme_id
