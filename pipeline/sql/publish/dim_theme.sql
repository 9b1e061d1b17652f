with tagged as (
    select
        theme_assignment.theme_id,
        segment.item_id,
        item.cluster_id,
        encoding.valence
    from segment
    inner join item using (item_id)
    inner join theme_assignment
        on segment.content_digest = theme_assignment.content_digest
    inner join encoding
        on segment.passage_digest = encoding.content_digest
    where encoding.model_id = (select tag_model_id from run_parameter)
)

select
    theme.theme_id,
    theme.theme_name,
    theme.terms,
    count(tagged.item_id) as n_segments,
    count(distinct tagged.item_id) as n_items,
    count(distinct tagged.cluster_id) as n_customers,
    round(avg(tagged.valence), 4) as mean_valence,
    theme.model_id
from theme
left join tagged using (theme_id)
group by all
