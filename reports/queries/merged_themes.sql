select theme_id, merged_into_theme_id
from dim_theme
where merged_into_theme_id is not null
order by theme_id
