with told as (
    select
        *, min(week_start) over (
            partition by series_kind, theme_id, source_id, attribute, attribute_value, direction
        ) as first_week
    from mart_alert
    where tier in ('alert', 'watch')
)
select
    told.series_kind, told.theme_id, theme.theme_name, told.source_id, source.source_name, told.attribute,
    told.attribute_value, told.week_start, told.week_start = meta_run.last_week_start as is_last_week, told.tier,
    told.direction, told.n_items, told.n_items_all, told.n_customers, told.expected, told.ratio, told.ci_low,
    told.ci_high, told.p_two_weeks, told.q, told.first_week
from told
join dim_theme as theme using (theme_id)
left join dim_source as source using (source_id)
cross join meta_run
order by told.week_start desc, told.tier, told.q, told.p_two_weeks, told.series_kind, told.theme_id,
    told.source_id, told.attribute, told.attribute_value
