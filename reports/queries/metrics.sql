select metric, meaning, formula, unit, caveat, example
from meta_metric
order by metric
