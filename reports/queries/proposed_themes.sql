select theme_name, family, n_proposed_items, created_week, exemplars
from dim_theme
where status = 'proposed'
order by n_proposed_items desc, theme_id
