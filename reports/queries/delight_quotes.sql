select quote.delight_id as point_id, quote.quote_kind, quote.text, source.source_name, quote.written_on
from mart_delight_quote as quote
join dim_source as source using (source_id)
order by quote.delight_id, quote.quote_order
