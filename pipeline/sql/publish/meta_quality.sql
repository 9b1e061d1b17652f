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
                count(*) filter (where untagged_reason = 'other_language') as other_language,
                count(*) filter (where language = 'und') as undecided_language,
                count(near_duplicate_of) as near_duplicates,
                count(*) filter (
                    where item_id in (select near_duplicate_of from published.main.fct_item)
                ) as near_duplicated,
                count(*) filter (where written_on is null) as undated,
                count(*) filter (where customer_id is null) as without_customer
            from published.main.fct_item
            group by source_id
        )
        on
            without_text, fillers, other_language, undecided_language, near_duplicates, near_duplicated,
            undated, without_customer
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

part as (
    select
        whole,
        unnest(measures) as measure
    from (values
        ('records', ['records', 'accepted', 'duplicate', 'superseded', 'quarantined', 'erased']),
        (
            'accepted',
            [
                'without_text', 'fillers', 'other_language', 'undecided_language', 'near_duplicates',
                'near_duplicated', 'undated', 'without_customer'
            ]
        ),
        ('segments', ['segments', 'without_content', 'unsorted', 'proposed', 'low_confidence'])
    ) as parts (whole, measures)
),

per_source as (
    select
        source.source_id,
        part.measure,
        part.whole,
        coalesce(measured.n, 0) as n
    from published.main.dim_source as source
    cross join part
    left join measured
        on source.source_id = measured.source_id
        and part.measure = measured.measure
),

counted as (
    from per_source
    union all
    select 'all' as source_id, measure, whole, sum(n)::bigint as n from per_source group by measure, whole
)

select
    counted.source_id,
    counted.measure,
    counted.n,
    counted.n / nullif(whole.n, 0) as share
from counted
inner join counted as whole
    on counted.source_id = whole.source_id
    and counted.whole = whole.measure
