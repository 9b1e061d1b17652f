-- The last week in which anyone of the part wrote and whose Sunday its sources reach, none after the whole's if there
-- is one before.
select
    coalesce(
        max(item.week_start) filter (
            where item.week_start <= (select last_week_start from whole.main.meta_run)
        ),
        max(item.week_start)
    )
from whole.main.fct_item as item
inner join chosen_item using (item_id)
where
    item.week_start + 6 <= (
        select max(written_on)
        from whole.main.fct_item
        where source_id in (
            select other.source_id from whole.main.fct_item as other inner join chosen_item using (item_id)
        )
    )
