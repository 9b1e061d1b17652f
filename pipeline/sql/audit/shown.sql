-- What coders are shown of the drawn segments: the passage, with the sentence in it.
select
    drawn.segment_id,
    item.item_id,
    coalesce(item.text[segment.passage_start + 1:segment.passage_end], item.text) as passage,
    coalesce(segment.text, item.text) as sentence,
    coalesce(segment.start_offset - segment.passage_start, 0) as sentence_start,
    item.text as item_text
from drawn
left join published.main.fct_segment as segment using (segment_id)
inner join published.main.fct_item as item
    on item.item_id = coalesce(segment.item_id, drawn.segment_id[:-5])
