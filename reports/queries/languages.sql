select
    item.language, coalesce(language.language_name, 'undecided') as language_name, count(*) as n_items,
    count(*) / sum(count(*)) over () as share_items
from fct_item as item
left join dim_language as language using (language)
where item.n_segments > 0
group by item.language, language.language_name
order by item.language is null, n_items desc, language_name
