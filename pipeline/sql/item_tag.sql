-- Tags of whole items. Each passage counts by its words, and the most probable label of the mean is the item's, so
-- an item of one passage has that passage's tags; one passage that names a problem is enough. The evidence is the
-- sentence whose own reading gives the item's label the highest probability. $stages and $emotions are the labels
-- in the order of the probabilities.
insert into item_tag by name
with passage as (
    select item_id, passage_digest, sum(len(regexp_extract_all(text, '\S+'))) as n_words
    from segment
    group by item_id, passage_start, passage_digest
),

reading as (
    select passage.item_id, passage.n_words, encoding.* exclude (vector)
    from passage
    inner join encoding
        on passage.passage_digest = encoding.content_digest
        and encoding.model_id = $model_id
),

label_reading as (
    select
        item_id,
        n_words,
        'stage' as target,
        unnest($stages) as label,
        unnest(stage_probabilities) as probability,
        generate_subscripts($stages, 1) as place
    from reading
    union all
    select
        item_id,
        n_words,
        'emotion' as target,
        unnest($emotions) as label,
        unnest(emotion_probabilities) as probability,
        generate_subscripts($emotions, 1) as place
    from reading
),

label_mean as (
    select
        item_id,
        target,
        label,
        place,
        sum(n_words * probability) / sum(n_words) as probability
    from label_reading
    group by item_id, target, label, place
),

best as (
    select
        item_id,
        target,
        first(label order by probability desc, place) as label,
        first(place order by probability desc, place) as place,
        max(probability) as probability
    from label_mean
    group by item_id, target
),

evidence as (
    select
        best.item_id,
        best.target,
        best.label,
        best.probability,
        first(
            segment.segment_id
            order by
                if(
                    best.target = 'stage',
                    sentence.stage_probabilities[best.place],
                    sentence.emotion_probabilities[best.place]
                ) desc,
                segment.segment_number
        ) as segment_id
    from best
    inner join segment using (item_id)
    inner join encoding as sentence
        on segment.content_digest = sentence.content_digest
        and sentence.model_id = $model_id
    group by best.item_id, best.target, best.label, best.probability
),

feeling as (
    select
        item_id,
        sum(n_words * valence::decimal(9, 4)) / sum(n_words) as valence,
        sum(n_words * valence_sd::decimal(9, 4)) / sum(n_words) as valence_sd,
        bool_or(is_pain) as is_pain
    from reading
    group by item_id
)

select
    feeling.item_id,
    stage.label as stage_label,
    round(stage.probability, 4) as stage_probability,
    stage.segment_id as stage_evidence_segment_id,
    stage.probability < $sure_from as is_low_confidence,
    emotion.label as emotion_id,
    round(emotion.probability, 4) as emotion_probability,
    emotion.segment_id as emotion_evidence_segment_id,
    round(feeling.valence, 4) as valence,
    round(feeling.valence_sd, 4) as valence_sd,
    feeling.is_pain
from feeling
inner join evidence as stage
    on feeling.item_id = stage.item_id
    and stage.target = 'stage'
inner join evidence as emotion
    on feeling.item_id = emotion.item_id
    and emotion.target = 'emotion'
