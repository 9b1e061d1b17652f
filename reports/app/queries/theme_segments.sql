select
    attribute,
    attribute_value,
    attribute_kind,
    n_customers,
    n_customers_other,
    n_items,
    n_items_all,
    n_items_other,
    n_items_all_other,
    lift,
    ci_low,
    ci_high,
    p_value,
    q_value
from mart_theme_segment
where theme_id = $theme
order by q_value, p_value, attribute, attribute_value
