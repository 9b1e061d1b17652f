select delight_id as point_id, week_start, n_items, n_items_all, share_items, ci_low, ci_high
from mart_delight_weekly
order by delight_id, week_start
