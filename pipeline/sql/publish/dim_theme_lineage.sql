select
    line_number,
    theme_id,
    event,
    other_theme_id,
    week_start,
    score
from theme_lineage
