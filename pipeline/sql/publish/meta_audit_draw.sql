with read as (
    select
        drawn.draw_id,
        drawn.stage_id,
        drawn.source_id,
        drawn.is_filler,
        count(*) as n_read
    from audit_draw_segment as drawn
    where drawn.segment_id in (select segment_id from published.main.fct_audit_label)
    group by all
)

select
    audit_draw.draw_id,
    audit_draw.first_week,
    audit_draw.last_week,
    audit_draw.stage_id,
    audit_draw.source_id,
    audit_draw.is_filler,
    audit_draw.n_frame,
    audit_draw.n_drawn,
    audit_draw.chance,
    coalesce(read.n_read, 0) as n_read
from audit_draw
left join read using (draw_id, stage_id, source_id, is_filler)
