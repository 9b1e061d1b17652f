select run.* replace (last.week_start as last_week_start)
from whole.main.meta_run as run
cross join slice_week as last
