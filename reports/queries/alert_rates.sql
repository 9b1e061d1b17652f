select
    series_kind, any_value(n_tested) as n_tested,
    any_value(expected_false_alerts_per_year) as expected_false_alerts_per_year,
    any_value(expected_false_watches_per_year) as expected_false_watches_per_year
from mart_alert
join meta_run on mart_alert.week_start = meta_run.last_week_start
group by series_kind
order by series_kind
