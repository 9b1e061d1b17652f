-- One row per outcome, item that has it and words that go with it. Rating and CSAT go with the words they were
-- given with; NPS, which judges all that went before, with the customer's words of the 90 days up to it.
with outcome as (
    unpivot (
        select
            item_id,
            cluster_id,
            source_id,
            written_on,
            rating_share as rating,
            nps / 10 as nps,
            csat
        from published.main.fct_item
    )
    on rating, nps, csat
    into name outcome value score
),

words as (
    select
        outcome.*,
        outcome.item_id as words_item_id
    from outcome
    union all
    select
        outcome.*,
        item.item_id as words_item_id
    from outcome
    inner join published.main.fct_item as item
        on
            outcome.cluster_id = item.cluster_id
            and outcome.item_id != item.item_id
            and item.written_on between outcome.written_on - 90 and outcome.written_on
    where outcome.outcome = 'nps'
)

select
    words.outcome,
    words.item_id,
    words.cluster_id,
    words.source_id,
    words.written_on,
    words.score,
    segment.stage_id,
    segment.theme_id,
    segment.valence
from words
inner join published.main.fct_segment as segment on words.words_item_id = segment.item_id
