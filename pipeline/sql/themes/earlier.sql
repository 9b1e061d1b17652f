-- The distinct sentences that came earlier: undated, seen by the fit, or older than what counts as recent. The
-- newest first.
select segment.content_digest
from segment
inner join item using (item_id)
where
    item.week_start is null
    or item.week_start <= $fitted_week
    or item.week_start <= $last_earlier_week
group by segment.content_digest
order by max(item.week_start) desc nulls last, segment.content_digest
