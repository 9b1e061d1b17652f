-- The segments of the weeks up to `week` that count as recent and that the fit has not seen.
select
    segment.content_digest,
    segment.item_id,
    item.cluster_id,
    item.week_start
from segment
inner join item using (item_id)
where
    item.week_start > $fitted_week
    and item.week_start > $last_earlier_week
    and item.week_start <= $week
order by segment.segment_id
