-- One row per outcome, item that has it and stage, or theme, that its words speak of.
select
    outcome,
    item_id,
    'stage' as level,
    driver_word.stage_id as driver_id,
    avg(valence) as valence
from driver_word
inner join published.main.dim_journey_stage as stage using (stage_id)
where stage.stage_order is not null
group by all
union all
select
    outcome,
    item_id,
    'theme' as level,
    theme_id as driver_id,
    avg(valence) as valence
from driver_word
where theme_id is not null
group by all
order by all
