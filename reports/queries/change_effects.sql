select
    effect.change_id, effect.change_name, effect.changed_on, coalesce(theme.theme_name, effect.theme) as theme_name,
    effect.expected_direction, effect.method, effect.effect, effect.ci_low, effect.ci_high, effect.n_weeks_before,
    effect.n_weeks_after, effect.n_items_before, effect.n_items_after, effect.n_placebos, effect.share_placebos,
    effect.verdict, effect.reason
from mart_change_effect as effect
left join dim_theme as theme using (theme_id)
where effect.is_main
order by effect.changed_on desc, effect.change_id, theme_name
