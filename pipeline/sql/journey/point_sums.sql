-- One row per customer and point. A customer who speaks of a theme at several stages has it at the stage where
-- most of it stands, sure readings counting for more: one misread sentence makes no problem of the next stage.
select
    point_id,
    theme_id,
    stage_id,
    cluster_id,
    count(*) as n_segments,
    count(distinct item_id) as n_items,
    sum(strength) as strength,
    row_number() over (
        partition by theme_id, cluster_id
        order by round(sum(stage_probability), 6) desc, stage_id
    ) = 1 as is_main
from point_segment
group by point_id, theme_id, stage_id, cluster_id
order by point_id, cluster_id
