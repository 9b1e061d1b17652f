select pain_point_id as point_id, week_start, n_items, n_items_all, share_items, ci_low, ci_high
from mart_pain_point_weekly
order by pain_point_id, week_start
