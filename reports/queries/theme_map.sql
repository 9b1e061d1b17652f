select theme_id, theme_name, family, n_segments, n_items, map_x, map_y, map_radius
from dim_theme
where map_radius > 0
order by n_segments desc, theme_id
