with weeks as (
    select weekly.week_start, max(weekly.n_items_all) as n_items_all
    from mart_theme_weekly as weekly
    cross join meta_run
    where weekly.week_start > meta_run.last_week_start - 364 and weekly.week_start <= meta_run.last_week_start
    group by weekly.week_start
)
select
    theme.theme_id, theme.theme_name, weeks.week_start, coalesce(weekly.n_items, 0) as n_items,
    weeks.n_items_all, coalesce(weekly.share_items, 0) as share_items, weekly.ci_low, weekly.ci_high
from dim_theme as theme
cross join weeks
left join mart_theme_weekly as weekly
    on weekly.theme_id = theme.theme_id and weekly.week_start = weeks.week_start
where theme.status = 'active'
order by theme.n_items desc, theme.theme_id, weeks.week_start
