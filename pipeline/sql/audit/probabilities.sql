-- The probabilities of each distinct passage of the weeks, and how many segments stand in it.
select
    passage.stage_probabilities,
    passage.emotion_probabilities,
    count(*) as n_segments
from segment
cross join run_parameter
inner join published.main.fct_item as item using (item_id)
inner join encoding as passage
    on segment.passage_digest = passage.content_digest
    and passage.model_id = run_parameter.tag_model_id
where $first_week is null or item.week_start between $first_week and $last_week
group by passage.content_digest, passage.stage_probabilities, passage.emotion_probabilities
order by passage.content_digest
