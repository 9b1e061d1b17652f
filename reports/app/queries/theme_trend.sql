select week_start, n_items, n_customers, n_items_all, share_items, ci_low, ci_high
from mart_theme_weekly
where theme_id = $theme
order by week_start
