-- One row per sentence that may be quoted for a pain point: typical where it is near its theme's centre and
-- surely names a problem, strong where it is very negative. Those whose writer does not sound unhappy come last.
select
    pain.pain_point_id as point_id,
    segment.segment_id,
    segment.text,
    segment.source_id,
    segment.cluster_id,
    item.written_on,
    segment.valence >= 0 as is_mild,
    segment.pain_probability >= 0.8
        and segment.segment_id = item.emotion_evidence_segment_id
        and segment.theme_score >= median(segment.theme_score) over (partition by pain.pain_point_id) as is_sure,
    segment.theme_score + segment.pain_probability as typicality,
    coalesce(segment.intensity, 0) - segment.valence as strength
from published.main.mart_pain_point as pain
inner join published.main.fct_segment as segment
    on pain.theme_id = segment.theme_id
    and pain.stage_id = segment.stage_id
inner join published.main.fct_item as item using (item_id)
where
    pain.n_customers >= $least_customers
    and segment.is_pain
    and length(segment.text) between 25 and 300
