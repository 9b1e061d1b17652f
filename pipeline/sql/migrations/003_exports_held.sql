-- What each name of an export held when it was last read; the next ingest looks which of them are there.
create table if not exists export_held (
    source_id varchar not null,
    file_name varchar not null,
    load_id varchar not null,
    is_there boolean not null
);

insert into export_held
select source_id, file_name, arg_max(load_id, loaded_at), true
from load
group by source_id, file_name;
