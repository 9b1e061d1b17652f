with weekly as (
    select
        *, count(*) filter (where tier = 'quiet') over (partition by alert_id order by week_start) as n_quiet_before
    from mart_alert
),
told as (
    select *, min(week_start) over (partition by alert_id, direction, n_quiet_before) as since
    from weekly
    where tier in ('alert', 'watch')
)
select
    told.alert_id, told.series_kind, told.theme_id, theme.theme_name, told.source_id, source.source_name, told.attribute,
    told.attribute_value, told.week_start, told.week_start = meta_run.last_week_start as is_last_week, told.tier,
    told.direction, told.n_items, told.n_items_all, told.n_customers, told.expected, told.ratio, told.ci_low,
    told.ci_high, told.p_two_weeks, told.q, told.since
from told
join dim_theme as theme using (theme_id)
left join dim_source as source using (source_id)
cross join meta_run
order by told.week_start desc, told.tier, told.q, told.p_two_weeks, told.series_kind, told.alert_id
