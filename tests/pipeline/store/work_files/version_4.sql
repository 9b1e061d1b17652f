-- Tables of a work file of version 4, before the ledger.
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
    is_low_confidence boolean not null,
    stage_probabilities decimal(7, 6)[] not null,
    emotion_probabilities decimal(7, 6)[] not null
);

create table text_language (
    text_digest varchar not null,
    model_id varchar not null,
    language varchar
);

create table item_tag (
    item_id varchar not null,
    stage_label varchar not null,
    stage_probability double not null,
    stage_evidence_segment_id varchar not null,
    is_low_confidence boolean not null,
    emotion_id varchar not null,
    emotion_probability double not null,
    emotion_evidence_segment_id varchar not null,
    valence double not null,
    valence_sd double not null,
    is_pain boolean not null
);

create table theme (
    theme_id varchar not null,
    theme_name varchar not null,
    family varchar not null,
    status varchar not null,
    merged_into_theme_id varchar,
    split_from_theme_id varchar,
    is_pinned boolean not null,
    terms varchar[] not null,
    exemplars varchar[] not null,
    centroid_version integer not null,
    created_week date,
    updated_week date,
    model_id varchar not null
);

create table theme_lineage (
    line_number integer not null,
    theme_id varchar not null,
    event varchar not null,
    other_theme_id varchar,
    week_start date,
    score double not null
);

create table theme_period (
    period integer not null,
    first_week date,
    relabelled_before date,
    is_refit boolean not null
);

create table theme_assignment (
    content_digest varchar not null,
    period integer not null,
    theme_id varchar,
    proposed_theme_id varchar,
    score double,
    probability double not null
);

create table theme_quality (
    theme_id varchar not null,
    n_sentences bigint not null,
    cohesion double,
    separation double,
    share_low_confidence double
);

create table theme_disc (
    theme_id varchar not null,
    map_x double not null,
    map_y double not null,
    map_radius double not null
);

create table sentence_point (
    content_digest varchar not null,
    map_x double not null,
    map_y double not null
);

create table theme_look (week_start date not null);

create table audit_draw (
    draw_id varchar not null,
    seed bigint not null,
    first_week date,
    last_week date,
    stage_id varchar not null,
    source_id varchar not null,
    is_filler boolean not null,
    n_frame bigint not null,
    n_drawn bigint not null,
    chance double not null,
    primary key (draw_id, stage_id, source_id, is_filler)
);

create table audit_draw_segment (
    draw_id varchar not null,
    segment_id varchar not null,
    place integer not null,
    coders varchar[] not null,
    stage_id varchar not null,
    source_id varchar not null,
    is_filler boolean not null,
    content_digest varchar not null,
    passage_digest varchar not null,
    sentence_digest varchar not null,
    item_digest varchar not null,
    primary key (draw_id, segment_id)
);

create table audit_label (
    segment_id varchar not null,
    coder varchar not null,
    stage_id varchar not null,
    emotion_id varchar not null,
    valence double not null,
    is_pain boolean not null,
    note varchar not null,
    primary key (segment_id, coder)
);

create table step_done (
    step varchar primary key,
    input_digest varchar not null,
    finished_at timestamptz not null
);
