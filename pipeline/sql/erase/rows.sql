-- Of the records in `gone` only their places stay, and nothing of what was made of them alone.
update record
set
    record_id = null, reason = $reason, bad_column = null, bad_value = null, expected = null, item_id = null,
    content_digest = null, updated_at = null, customer_id = null, cluster_id = null, thread_id = null,
    written_at = null, written_on = null, week_start = null, channel = null, organisation = null,
    title = null, text = null, rating = null, rating_share = null, nps = null, csat = null, ces = null,
    attributes = null, has_text = null, is_filler = null, n_redactions = null
from gone
where record.load_id = gone.load_id and record.record_number = gone.record_number
