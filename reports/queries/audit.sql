select
    audit.badge, audit.reason, audit.first_week, audit.last_week, audit.n_passages, audit.n_customers,
    audit.n_coders, people.value as agreement, people.ci_low, people.ci_high, model.value as model_agreement
from meta_audit as audit
left join meta_audit_score as people on people.measure = 'people' and people.target = 'stage'
left join meta_audit_score as model on model.measure = 'model' and model.target = 'stage'
