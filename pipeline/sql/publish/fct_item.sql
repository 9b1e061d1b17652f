select
    item.item_id,
    item.source_id,
    item.record_id,
    item.customer_id,
    item.cluster_id,
    item.thread_id,
    item.written_at,
    item.written_on,
    item.week_start,
    item.channel,
    item.organisation,
    item.title,
    item.text,
    item.rating,
    item.rating_share,
    item.nps,
    item.csat,
    item.ces,
    item.attributes,
    worded_item.language,
    near_duplicate.near_duplicate_of,
    item.has_text,
    item.is_filler,
    item.n_redactions,
    segmented_item.item_id is not null as is_tagged,
    case
        when not item.has_text then 'without_text'
        when item.is_filler then 'filler'
        when segmented_item.item_id is null then 'other_language'
    end as untagged_reason,
    coalesce(segmented_item.n_segments, 0) as n_segments,
    run_stage_label.stage_id,
    item_tag.stage_probability,
    item_tag.is_low_confidence,
    item_tag.stage_evidence_segment_id,
    item_tag.emotion_id,
    item_tag.emotion_probability,
    item_tag.emotion_evidence_segment_id,
    item_tag.valence,
    item_tag.valence_sd,
    item_tag.is_pain
from item
left join segmented_item using (item_id)
left join item_tag using (item_id)
left join worded_item using (item_id)
left join near_duplicate using (item_id)
left join run_stage_label
    on item_tag.stage_label = run_stage_label.stage_label
