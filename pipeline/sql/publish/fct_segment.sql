-- Stage and feeling are read from the passage a sentence stands in; theme, pain, effort and type of feedback
-- from the sentence itself, which then is the evidence.
select
    segment.segment_id,
    segment.item_id,
    item.source_id,
    item.cluster_id,
    item.week_start,
    segment.segment_number,
    segment.start_offset,
    segment.end_offset,
    segment.passage_start,
    segment.passage_end,
    segment.text,
    run_stage_label.stage_id,
    passage.stage_probability,
    passage.emotion_id,
    passage.emotion_probability,
    passage.sentiment,
    passage.sentiment_probability,
    passage.valence,
    passage.valence_sd,
    passage.intensity,
    encoding.effort,
    encoding.feedback_type,
    encoding.pain_probability,
    encoding.is_pain,
    passage.is_low_confidence,
    coalesce(segment_theme.has_content, false) as has_content,
    segment_theme.theme_id,
    segment_theme.proposed_theme_id,
    segment_theme.score as theme_score,
    segment_theme.probability as theme_probability,
    segment_theme.theme_id is not null and segment_theme.is_relabelled as is_relabelled,
    round(sentence_point.map_x, 4) as map_x,
    round(sentence_point.map_y, 4) as map_y,
    encoding.model_id,
    run_parameter.taxonomy_version,
    run_parameter.run_id
from segment
cross join run_parameter
inner join item using (item_id)
inner join encoding
    on segment.content_digest = encoding.content_digest
    and encoding.model_id = run_parameter.tag_model_id
inner join encoding as passage
    on segment.passage_digest = passage.content_digest
    and passage.model_id = run_parameter.tag_model_id
inner join run_stage_label
    on passage.stage_label = run_stage_label.stage_label
left join sentence_point
    on segment.content_digest = sentence_point.content_digest
left join segment_theme
    on segment.segment_id = segment_theme.segment_id
