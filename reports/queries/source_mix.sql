select mix.source_id, source.source_name, mix.n_segments, mix.weight
from mart_source_mix as mix
join dim_source as source using (source_id)
order by mix.weight desc, mix.source_id
