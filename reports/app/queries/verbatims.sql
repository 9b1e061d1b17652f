-- One row per segment of one page of the list, with the text it stands in.
with picked as (
    select segment.*
    from fct_segment as segment
    inner join fct_item as item using (item_id)
    where $chosen
    order by $sorted
    limit $page_size
    offset $before
)

select
    segment.segment_id,
    segment.item_id,
    segment.start_offset,
    segment.end_offset,
    segment.passage_start,
    segment.passage_end,
    segment.text as words,
    segment.stage_id,
    segment.emotion_id,
    segment.is_pain,
    segment.valence,
    stage.stage_name,
    theme.theme_name,
    coalesce(source.source_name, segment.source_id) as source_name,
    segment.source_id,
    item.customer_id,
    item.thread_id,
    item.written_on,
    item.title,
    item.text
from picked as segment
inner join fct_item as item using (item_id)
left join dim_journey_stage as stage on segment.stage_id = stage.stage_id
left join dim_theme as theme on segment.theme_id = theme.theme_id
left join dim_source as source on segment.source_id = source.source_id
order by $sorted
