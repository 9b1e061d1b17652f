-- One row per draw and coder: how much of what was drawn for them they have read.
with assigned as (
    select
        draw_id,
        segment_id,
        unnest(coders) as coder
    from audit_draw_segment
),

draw as (
    select distinct
        draw_id,
        strftime(first_week, '%G-W%V') as first_week,
        strftime(last_week, '%G-W%V') as last_week
    from audit_draw
)

select
    draw.draw_id,
    coalesce(draw.first_week || ' to ' || draw.last_week, 'all weeks') as weeks,
    assigned.coder,
    count(*) as n_drawn,
    count(label.coder) as n_labels
from assigned
inner join draw using (draw_id)
left join audit_label as label
    on assigned.segment_id = label.segment_id
    and assigned.coder = label.coder
group by all
order by weeks, draw.draw_id, assigned.coder
