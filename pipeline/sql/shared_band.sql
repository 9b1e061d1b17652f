-- Texts that share places $first to $last of their signatures, each with the first of them.
insert into shared_band
with banded as (
    select
        text_digest,
        hash(signature[$first:$last]) as band
    from text_signature
    where signature is not null
),

shared as (
    select
        band,
        min(text_digest) as first_digest
    from banded
    group by band
    having count(*) > 1
)

select
    banded.text_digest,
    shared.first_digest
from banded
inner join shared using (band)
where banded.text_digest != shared.first_digest
