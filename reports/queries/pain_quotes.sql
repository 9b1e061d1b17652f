select quote.pain_point_id as point_id, quote.quote_kind, quote.text, source.source_name, quote.written_on
from mart_pain_point_quote as quote
join dim_source as source using (source_id)
order by quote.pain_point_id, quote.quote_order
