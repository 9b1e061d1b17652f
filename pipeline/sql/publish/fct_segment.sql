select
    segment.segment_id,
    segment.item_id,
    item.source_id,
    item.cluster_id,
    item.week_start,
    segment.segment_number,
    segment.start_offset,
    segment.end_offset,
    segment.text,
    run_stage_label.stage_id,
    encoding.stage_probability,
    encoding.emotion_id,
    encoding.emotion_probability,
    encoding.sentiment,
    encoding.sentiment_probability,
    encoding.valence,
    encoding.pain_probability,
    encoding.is_pain,
    encoding.is_low_confidence,
    theme_assignment.theme_id,
    theme_assignment.score as theme_score,
    encoding.model_id,
    run_parameter.taxonomy_version,
    run_parameter.run_id
from segment
cross join run_parameter
inner join item using (item_id)
inner join encoding
    on segment.content_digest = encoding.content_digest
    and encoding.model_id = run_parameter.tag_model_id
inner join run_stage_label using (stage_label)
left join theme_assignment
    on segment.content_digest = theme_assignment.content_digest
