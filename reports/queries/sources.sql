select source_id, source_name, source_kind, n_items, n_customers, first_week_start, last_week_start
from dim_source
order by source_id
