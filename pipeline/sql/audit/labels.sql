-- One row per label, with the probability that its passage is read: that any of the draws from its weeks takes
-- it, and that as much of what it took is read as by now. Beside it, how the model reads the same.
with label as (
    select distinct item_id, passage_start, source_id, week_start from published.main.fct_audit_label
),

passage as (
    select
        label.*,
        coalesce(any_value(segment.stage_id), $unclear_stage_id) as stage_id,
        count(segment.segment_id) = 0 as is_filler,
        greatest(1, count(segment.segment_id)) as n_segments
    from label
    left join published.main.fct_segment as segment using (item_id, passage_start)
    group by all
),

chance as (
    select
        passage.item_id,
        passage.passage_start,
        1 - exp(sum(ln(1 - least(
            least(1, draw.chance * passage.n_segments) * draw.n_read / draw.n_drawn, 1 - 1e-12
        )))) as probability
    from passage
    inner join published.main.meta_audit_draw as draw
        on passage.stage_id = draw.stage_id
        and passage.source_id = draw.source_id
        and passage.is_filler = draw.is_filler
        and (draw.first_week is null or passage.week_start between draw.first_week and draw.last_week)
    group by all
)

select
    label.*,
    chance.probability,
    coalesce(segment.stage_id, $unclear_stage_id) as model_stage_id,
    coalesce(segment.emotion_id, 'neutral') as model_emotion_id,
    coalesce(segment.valence, 0) as model_valence,
    coalesce(segment.is_pain, false) as model_is_pain
from published.main.fct_audit_label as label
inner join chance using (item_id, passage_start)
left join published.main.fct_segment as segment using (segment_id)
where chance.probability > 0
order by label.item_id, label.passage_start, label.coder, label.segment_id
