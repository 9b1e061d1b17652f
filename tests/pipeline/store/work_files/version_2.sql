-- Tables of a work file of version 2.
create table work_version (version integer not null);

create table load (
    load_id varchar primary key,
    source_id varchar not null,
    file_name varchar not null,
    file_sha256 varchar not null,
    mapping_sha256 varchar not null,
    n_records bigint not null,
    loaded_at timestamptz not null
);

create table record (
    load_id varchar not null,
    record_number bigint not null,
    source_id varchar not null,
    record_id varchar,
    reason varchar,
    bad_column varchar,
    bad_value varchar,
    expected varchar,
    item_id varchar,
    content_digest varchar,
    updated_at timestamptz,
    customer_id varchar,
    cluster_id varchar,
    thread_id varchar,
    written_at timestamptz,
    written_on date,
    week_start date,
    channel varchar,
    organisation varchar,
    title varchar,
    text varchar,
    rating double,
    rating_share double,
    nps double,
    csat double,
    ces double,
    attributes map(varchar, varchar),
    has_text boolean,
    is_filler boolean,
    n_redactions integer
);

create table customer (
    customer_id varchar primary key,
    joined_on date,
    left_on date,
    attributes map(varchar, varchar)
);

create table segmented_item (
    item_id varchar primary key,
    text_digest varchar not null,
    n_segments integer not null
);

create table segment (
    segment_id varchar not null,
    item_id varchar not null,
    segment_number integer not null,
    start_offset integer not null,
    end_offset integer not null,
    text varchar not null,
    content_digest varchar not null,
    passage_start integer not null,
    passage_end integer not null,
    passage_digest varchar not null
);

create table encoding (
    content_digest varchar not null,
    model_id varchar not null,
    vector float[384] not null,
    stage_label varchar not null,
    stage_probability double not null,
    emotion_id varchar not null,
    emotion_probability double not null,
    sentiment varchar not null,
    sentiment_probability double not null,
    valence double not null,
    valence_sd double not null,
    intensity double not null,
    effort double,
    feedback_type varchar not null,
    pain_probability double not null,
    is_pain boolean not null,
    is_low_confidence boolean not null
);

create table theme (
    theme_id varchar not null,
    theme_name varchar not null,
    terms varchar[] not null,
    model_id varchar not null
);

create table theme_assignment (
    content_digest varchar not null,
    theme_id varchar not null,
    score double not null
);

create table step_done (
    step varchar primary key,
    input_digest varchar not null,
    finished_at timestamptz not null
);
