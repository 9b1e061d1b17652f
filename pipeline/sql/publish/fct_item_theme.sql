select
    item_id,
    theme_id,
    count(*) as n_segments,
    max(theme_score) as best_score,
    max(theme_probability) as best_probability
from published.main.fct_segment
where theme_id is not null
group by item_id, theme_id
