with weeks as (
    select weekly.week_start, max(weekly.n_items_all) as n_items_all
    from mart_theme_weekly as weekly
    group by weekly.week_start
),
last_week as (
    select weekly.theme_id, weekly.n_items, weekly.share_items, weekly.ci_low, weekly.ci_high
    from mart_theme_weekly as weekly
    join meta_run on weekly.week_start = meta_run.last_week_start
),
n_before as (
    select count(*) as n_weeks_before
    from weeks
    cross join meta_run
    where weeks.week_start between meta_run.last_week_start - interval 28 day
        and meta_run.last_week_start - interval 7 day
),
before as (
    select weekly.theme_id, sum(weekly.share_items) as sum_share
    from mart_theme_weekly as weekly
    cross join meta_run
    where weekly.week_start between meta_run.last_week_start - interval 28 day
        and meta_run.last_week_start - interval 7 day
    group by weekly.theme_id
),
moves as (
    select
        theme.theme_id, theme.theme_name, theme.family, coalesce(last_week.n_items, 0) as n_items,
        weeks.n_items_all, theme.created_week > meta_run.last_week_start - 28 and theme.created_week > (
            select min(created_week) from dim_theme
        ) as is_new,
        coalesce(last_week.share_items, 0) as share_items, last_week.ci_low, last_week.ci_high,
        n_before.n_weeks_before, coalesce(before.sum_share, 0) / n_before.n_weeks_before as share_before
    from dim_theme as theme
    cross join n_before
    join meta_run on true
    join weeks on weeks.week_start = meta_run.last_week_start
    left join last_week using (theme_id)
    left join before using (theme_id)
    where n_before.n_weeks_before > 0 and theme.status = 'active'
)
select
    theme_id, theme_name, family, coalesce(is_new, false) as is_new, n_items, n_items_all, share_items, ci_low, ci_high,
    n_weeks_before, share_before, share_items - share_before as moved
from moves
where share_items != share_before
order by abs(share_items - share_before) desc, theme_id
