-- One row per sentence that may be quoted for a delight: typical where it is near its theme's centre and surely
-- glad, strong where it is very positive.
select
    delight.delight_id as point_id,
    segment.segment_id,
    segment.text,
    segment.source_id,
    segment.cluster_id,
    item.written_on,
    false as is_mild,
    segment.sentiment_probability >= 0.8
        and segment.segment_id = item.emotion_evidence_segment_id
        and segment.theme_score >= median(segment.theme_score) over (partition by delight.delight_id) as is_sure,
    segment.theme_score + segment.sentiment_probability as typicality,
    coalesce(segment.intensity, 0) + segment.valence as strength
from published.main.mart_delight as delight
inner join published.main.fct_segment as segment
    on delight.theme_id = segment.theme_id
    and delight.stage_id = segment.stage_id
inner join published.main.fct_item as item using (item_id)
where
    delight.n_customers >= $least_customers
    and segment.sentiment = 'positive'
    and segment.valence >= 0.5
    and not segment.is_pain
    and length(segment.text) between 25 and 300
