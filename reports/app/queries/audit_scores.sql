select measure, target, label, value, ci_low, ci_high, n_passages, n_customers
from meta_audit_score
order by measure, target, label
