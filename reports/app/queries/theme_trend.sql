select
    weekly.week_start,
    weekly.n_items,
    weekly.n_customers,
    weekly.n_items_all,
    weekly.share_items,
    weekly.ci_low,
    weekly.ci_high
from mart_theme_weekly as weekly
cross join meta_run as run
where
    weekly.theme_id = $theme
    and weekly.week_start > run.last_week_start - 364
    and weekly.week_start <= run.last_week_start
order by weekly.week_start
