select
    metric,
    meaning,
    example
from meta_metric
where example is not null
order by metric
