-- The ledger of committed batches, with one entry for each load that stands in the file already.
create table if not exists ledger (
    seq bigint primary key,
    step varchar not null,
    batch varchar not null,
    n_rows bigint not null,
    digest varchar not null
);

insert into ledger
select
    row_number() over (order by load.loaded_at, load.load_id),
    'load',
    load.source_id || '/' || load.file_name || ' sha256:' || load.file_sha256,
    load.n_records,
    (
        select
            coalesce(
                bit_xor(md5_number(concat_ws(chr(31), record_number, item_id, content_digest, reason, title, text))),
                0
            )::varchar
        from record
        where record.load_id = load.load_id
    )
from load;
