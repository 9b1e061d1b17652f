select event.*
from whole.main.dim_theme_lineage as event
cross join slice_week as last
where event.week_start is null or event.week_start <= last.week_start
