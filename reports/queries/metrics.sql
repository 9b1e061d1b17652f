select metric, meaning, formula, unit, caveat
from meta_metric
order by metric
