with counted as (
    select
        theme_assignment.theme_id,
        count(*) as n_segments,
        count(distinct segment.item_id) as n_items,
        count(distinct item.cluster_id) as n_customers,
        round(avg(encoding.valence), 4) as mean_valence
    from segment
    inner join item using (item_id)
    inner join theme_assignment
        on segment.content_digest = theme_assignment.content_digest
    inner join encoding
        on segment.passage_digest = encoding.content_digest
    where encoding.model_id = (select tag_model_id from run_parameter)
    group by theme_assignment.theme_id
)

select
    theme.theme_id,
    theme.theme_name,
    theme.terms,
    coalesce(counted.n_segments, 0) as n_segments,
    coalesce(counted.n_items, 0) as n_items,
    coalesce(counted.n_customers, 0) as n_customers,
    counted.mean_valence,
    theme.model_id
from theme
left join counted using (theme_id)
