with measured as (
    select source_id, 'records' as measure, count(*) as n from published.main.meta_load group by source_id
    union all
    select source_id, outcome, count(*) from published.main.meta_load group by source_id, outcome
    union all
    (
        unpivot (
            select
                source_id,
                count(*) filter (where not has_text) as without_text,
                count(*) filter (where is_filler) as fillers,
                count(*) filter (where written_on is null) as undated,
                count(*) filter (where customer_id is null) as without_customer
            from published.main.fct_item
            group by source_id
        )
        on without_text, fillers, undated, without_customer
        into name measure value n
    )
    union all
    (
        unpivot (
            select
                source_id,
                count(*) as segments,
                count(*) filter (where not has_content) as without_content,
                count(*) filter (where has_content and theme_id is null) as unsorted,
                count(*) filter (where proposed_theme_id is not null) as proposed,
                count(*) filter (where is_low_confidence) as low_confidence
            from published.main.fct_segment
            group by source_id
        )
        on segments, without_content, unsorted, proposed, low_confidence
        into name measure value n
    )
),

measures as (
    select unnest([
        'records', 'accepted', 'duplicate', 'superseded', 'quarantined', 'without_text', 'fillers', 'undated',
        'without_customer', 'segments', 'without_content', 'unsorted', 'proposed', 'low_confidence'
    ]) as measure
),

per_source as (
    select
        source.source_id,
        measures.measure,
        coalesce(measured.n, 0) as n
    from published.main.dim_source as source
    cross join measures
    left join measured
        on source.source_id = measured.source_id
        and measures.measure = measured.measure
)

select source_id, measure, n from per_source
union all
select 'all' as source_id, measure, sum(n)::bigint as n from per_source group by measure
