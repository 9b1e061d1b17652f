with first_fit as (
    select min(week_start) as week_start from dim_theme_lineage where event = 'birth'
)
select
    event.line_number, event.week_start, event.event, event.theme_id, theme.theme_name, event.other_theme_id,
    other.theme_name as other_theme_name
from dim_theme_lineage as event
join dim_theme as theme using (theme_id)
left join dim_theme as other on event.other_theme_id = other.theme_id
cross join meta_run
cross join first_fit
where event.week_start >= meta_run.last_week_start - 7
    and event.event in ('birth', 'accepted', 'merge', 'split', 'death', 'restored')
    and not (event.event = 'birth' and event.week_start = first_fit.week_start)
order by event.line_number
