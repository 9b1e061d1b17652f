select
    lineage.line_number,
    lineage.theme_id,
    theme.theme_name,
    lineage.event,
    lineage.other_theme_id,
    other.theme_name as other_name,
    lineage.week_start,
    lineage.score
from dim_theme_lineage as lineage
inner join dim_theme as theme using (theme_id)
left join dim_theme as other on other.theme_id = lineage.other_theme_id
where lineage.theme_id = $theme or lineage.other_theme_id = $theme
order by lineage.line_number
