select
    driver.outcome, driver.level, driver.driver_id,
    coalesce(stage.stage_name, theme.theme_name) as driver_name, theme.theme_id, stage.stage_order,
    driver.n_items, driver.n_customers, driver.r_squared, driver.r_squared_by_chance,
    driver.share_of_r2, driver.share_of_r2_ci_low, driver.share_of_r2_ci_high,
    driver.n_low, driver.n_high,
    driver.penalty, driver.penalty_ci_low, driver.penalty_ci_high,
    driver.reward, driver.reward_ci_low, driver.reward_ci_high,
    driver.asymmetry, driver.kano_class, driver.is_moment_of_truth, driver.moment_reason
from mart_driver as driver
left join dim_journey_stage as stage on driver.level = 'stage' and driver.driver_id = stage.stage_id
left join dim_theme as theme on driver.level = 'theme' and driver.driver_id = theme.theme_id
order by
    case driver.outcome when 'rating' then 1 when 'nps' then 2 else 3 end,
    driver.level, driver.weight desc, driver.driver_id
