with told as (
    select alert.alert_id
    from mart_alert as alert
    join meta_run on alert.week_start = meta_run.last_week_start
    where alert.tier in ('alert', 'watch')
)
select alert.alert_id, alert.week_start, alert.n_items, alert.expected, alert.tier
from mart_alert as alert
join told using (alert_id)
order by alert.alert_id, alert.week_start
