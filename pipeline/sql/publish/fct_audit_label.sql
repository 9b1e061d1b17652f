-- Labels whose passage still reads as it did when it was drawn.
select
    label.segment_id,
    label.coder,
    item.item_id,
    item.source_id,
    item.cluster_id,
    item.week_start,
    coalesce(segment.passage_start, -1) as passage_start,
    label.stage_id,
    label.emotion_id,
    label.valence,
    label.is_pain
from audit_label as label
left join segment using (segment_id)
inner join published.main.fct_item as item
    on item.item_id = coalesce(segment.item_id, label.segment_id[:-5])
where
    (segment.segment_id is null and item.is_filler)
    or exists (
        select 1
        from audit_draw_segment as drawn
        where drawn.segment_id = label.segment_id and drawn.content_digest = segment.passage_digest
    )
