select
    language.language, language.language_name, language.is_read, count(item.item_id) as n_items,
    count(item.item_id) / nullif(sum(count(item.item_id)) over (), 0) as share_items
from dim_language as language
left join fct_item as item using (language)
group by language.language, language.language_name, language.is_read
having count(item.item_id) > 0 or language.is_read
order by language.language = 'und', n_items desc, language.language_name
