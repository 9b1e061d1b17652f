-- One row per pain point: how many customers have it, and each customer's problem segments there. As in
-- mart_pain_point, a customer has a theme's problem at the one stage where most of it stands.
with problem as (
    select
        segment.theme_id,
        segment.stage_id,
        segment.cluster_id,
        coalesce(segment.stage_probability, 1) as stage_probability,
        greatest(0, -segment.valence) as severity
    from fct_segment as segment
    inner join dim_journey_stage as stage using (stage_id)
    where
        segment.is_pain
        and segment.theme_id is not null
        and stage.stage_order is not null
        and $chosen
),

customer as (
    select
        theme_id,
        stage_id,
        cluster_id,
        count(*) as n_segments,
        sum(severity) as severity,
        row_number() over (
            partition by theme_id, cluster_id
            order by round(sum(stage_probability), 6) desc, stage_id
        ) = 1 as is_main
    from problem
    group by theme_id, stage_id, cluster_id
)

select
    customer.theme_id || ':' || customer.stage_id as point_id,
    customer.theme_id,
    theme.theme_name,
    stage.stage_name,
    sum(customer.n_segments)::bigint as n_segments,
    count(*) filter (where customer.is_main) as n_customers,
    list(customer.n_segments) as segments_of_customers,
    list(customer.severity) as severities_of_customers
from customer
inner join dim_theme as theme using (theme_id)
inner join dim_journey_stage as stage using (stage_id)
group by all
having count(*) filter (where customer.is_main) >= $least_customers
order by point_id
