with told as (
    select alert.alert_id, alert.theme_id, alert.source_id, alert.attribute, alert.attribute_value, alert.week_start
    from mart_alert as alert
    join meta_run on alert.week_start = meta_run.last_week_start
    where alert.tier in ('alert', 'watch') and alert.n_customers >= 5
),
item as (
    select
        item.item_id, item.source_id, item.written_on, coalesce(customer.attributes, map {}) as of_customer,
        map_concat(item.attributes, map {'channel': item.channel, 'organisation': item.organisation}) as own
    from fct_item as item
    left join dim_customer as customer using (customer_id)
    where item.week_start = (select last_week_start from meta_run)
),
heard as (
    select
        told.alert_id, segment.segment_id, segment.text, segment.theme_score, item.source_id, item.written_on,
        row_number() over (
            partition by told.alert_id, segment.cluster_id order by segment.theme_score desc, segment.segment_id
        ) as place_of_customer
    from told
    join fct_segment as segment using (theme_id, week_start)
    join item using (item_id)
    where told.source_id in ('all', item.source_id)
        and (
            told.attribute = 'all'
            or told.attribute_value = coalesce(item.own[told.attribute], item.of_customer[told.attribute])
        )
        and length(segment.text) between 25 and 300
)
select heard.alert_id, heard.segment_id, heard.text, source.source_name, heard.source_id, heard.written_on
from heard
left join dim_source as source using (source_id)
where heard.place_of_customer = 1
qualify row_number() over (partition by heard.alert_id order by heard.theme_score desc, heard.segment_id) <= 2
order by heard.alert_id, heard.theme_score desc, heard.segment_id
