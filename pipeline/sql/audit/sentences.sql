-- The sentences of the drawn units, in order: one of them is marked. A filler is its own sentence.
select
    drawn.item_id,
    drawn.passage_start,
    segment.segment_id
from drawn
inner join published.main.fct_segment as segment using (item_id, passage_start)
union all
select
    drawn.item_id,
    drawn.passage_start,
    drawn.item_id || '-000' as segment_id
from drawn
where drawn.passage_start = -1
order by item_id, passage_start, segment_id
