-- One row per segment of the filtered set, with what stands beside it.
select
    segment.segment_id,
    segment.item_id,
    segment.source_id,
    item.record_id,
    item.customer_id,
    item.thread_id,
    item.written_on,
    segment.week_start,
    item.channel,
    item.organisation,
    item.rating,
    stage.stage_name as stage,
    segment.emotion_id as emotion,
    theme.theme_name as theme,
    segment.valence,
    segment.intensity,
    segment.is_pain,
    segment.text
from fct_segment as segment
inner join fct_item as item using (item_id)
left join dim_journey_stage as stage on segment.stage_id = stage.stage_id
left join dim_theme as theme on segment.theme_id = theme.theme_id
where $chosen
order by segment.segment_id
