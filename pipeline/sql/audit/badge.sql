-- One row: the published badge, with the coders' agreement on stages.
select
    audit.badge,
    audit.reason,
    score.value as agreement
from published.main.meta_audit as audit
left join published.main.meta_audit_score as score
    on score.measure = 'people'
    and score.target = 'stage'
