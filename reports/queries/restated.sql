select
    restated.week_start, restated.source_id, source.source_name, restated.n_items_before, restated.n_items_now,
    restated.mean_valence_before, restated.mean_valence_now, restated.run_id_before, restated.is_same_model
from meta_restated as restated
left join dim_source as source using (source_id)
order by restated.week_start desc, restated.source_id
