select
    theme_id,
    theme_name,
    coalesce(family, '') as family,
    status,
    is_pinned,
    terms,
    exemplars,
    n_segments,
    n_items,
    n_customers,
    n_proposed_items,
    map_x,
    map_y,
    map_radius,
    merged_into_theme_id,
    split_from_theme_id
from dim_theme
order by status != 'active', n_segments desc, theme_id
