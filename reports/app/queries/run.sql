select
    run_id,
    workspace_name,
    published_at,
    heartline_version,
    schema_version,
    taxonomy_version,
    last_week_start,
    level,
    content_digest
from meta_run
