select quality.source_id, source.source_name, quality.measure, quality.n
from meta_quality as quality
left join dim_source as source using (source_id)
order by quality.source_id = 'all', quality.source_id, quality.measure
