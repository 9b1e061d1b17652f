-- The newest twenty chosen items that are in a language that is not read, and how many there are.
select
    item.item_id,
    item.written_on,
    item.customer_id,
    item.text,
    language.language_name,
    coalesce(source.source_name, item.source_id) as source_name,
    count(*) over () as n_unread,
    count(distinct item.cluster_id) over () as n_customers
from fct_item as item
inner join dim_language as language using (language)
left join dim_source as source using (source_id)
where item.untagged_reason = 'other_language' and $chosen
order by item.written_at desc nulls last, item.item_id
limit 20
