-- The work file: everything the job keeps between runs. One writer, never read by others. A change of a table that
-- pipeline/store/work.py does not list as derived needs a file in pipeline/sql/migrations too.

-- One row: the version of this schema that the tables were made with.
create table if not exists work_version (version integer not null);

-- One row per committed batch, in order: what wrote it, rows, and a digest of them or of what they were made from.
-- A line of work/ledger.jsonl says the same, so that rows which the file has lost are missed.
create table if not exists ledger (
    seq bigint primary key,
    step varchar not null,
    batch varchar not null,
    n_rows bigint not null,
    digest varchar not null
);

-- One row per file read. `column_names` are those of its header; null where it has none.
create table if not exists load (
    load_id varchar primary key,
    source_id varchar not null,
    file_name varchar not null,
    file_sha256 varchar not null,
    mapping_sha256 varchar not null,
    n_records bigint not null,
    loaded_at timestamptz not null,
    column_names varchar[]
);

-- One row per name of an export: the load of what it held when it was last there, and whether it is there now.
create table if not exists export_held (
    source_id varchar not null,
    file_name varchar not null,
    load_id varchar not null,
    is_there boolean not null
);

-- One row per input record; `reason` is set where it was quarantined or erased, and of an erased one nothing
-- else stands but its place.
create table if not exists record (
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

-- One row per customer of the customers' table.
create table if not exists customer (
    customer_id varchar primary key,
    joined_on date,
    left_on date,
    attributes map(varchar, varchar)
);

-- One row per item whose text has been split, with the digest of the text that was split.
create table if not exists segmented_item (
    item_id varchar primary key,
    text_digest varchar not null,
    n_segments integer not null
);

-- One row per sentence; `content_digest` finds its own vector and tags, `passage_digest` those of the passage
-- it stands in, from which stage and feeling are read.
create table if not exists segment (
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

-- One row per distinct sentence or passage and model: nothing is inferred twice.
create table if not exists encoding (
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

-- One row per distinct text: its language, told once; `und` where undecided.
create table if not exists text_language (
    text_digest varchar not null,
    model_id varchar not null,
    language varchar
);

-- One row per distinct text: its MinHash signature, made once; null where it is too short to have one.
create table if not exists text_signature (
    text_digest varchar not null,
    method_id varchar not null,
    signature uinteger[125]
);

-- One row per item that says nearly the same as an earlier one: the earliest of those.
create table if not exists near_duplicate (
    item_id varchar not null,
    near_duplicate_of varchar not null
);

-- One row per split item: its tags from those of its passages, and the sentences that show stage and emotion.
create table if not exists item_tag (
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

-- The theme book's files are the truth; the tables of themes below are made from them at every change.
-- One row per theme there ever was.
create table if not exists theme (
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

-- One row per event in the life of a theme, in the order of the book's log.
create table if not exists theme_lineage (
    line_number integer not null,
    theme_id varchar not null,
    event varchar not null,
    other_theme_id varchar,
    week_start date,
    score double not null
);

-- One row per fit whose themes some weeks have: those from `first_week` on, null for all. Weeks before
-- `relabelled_before` had other themes once.
create table if not exists theme_period (
    period integer not null,
    first_week date,
    relabelled_before date,
    is_refit boolean not null
);

-- One row per distinct sentence that says something and period it is written in.
create table if not exists theme_assignment (
    content_digest varchar not null,
    period integer not null,
    theme_id varchar,
    proposed_theme_id varchar,
    score double,
    probability double not null
);

-- One row per active theme: how well it holds the sentences that the present book gives it.
create table if not exists theme_quality (
    theme_id varchar not null,
    n_sentences bigint not null,
    cohesion double,
    separation double,
    share_low_confidence double
);

-- The tidy map by the present book: the disc of each active theme, and the point of each of its sentences.
create table if not exists theme_disc (
    theme_id varchar not null,
    map_x double not null,
    map_y double not null,
    map_radius double not null
);

create table if not exists sentence_point (
    content_digest varchar not null,
    map_x double not null,
    map_y double not null
);

-- The newest week that was fitted or has been looked through for new themes: one row, or none.
create table if not exists theme_look (week_start date not null);

-- One row per draw of an audit and stratum (predicted stage and source, fillers apart): how many passages it
-- had, how many were drawn, and with what chance: least(1, chance x its segments) for each passage. The first week is null where everything, undated items too, could be drawn.
create table if not exists audit_draw (
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

-- One row per drawn segment: the marked sentence of a drawn passage, with its place in the draw, its coders
-- and its stratum then. `content_digest` is of the passage as it stood; the others are of normalised texts: what
-- people are shown, and what a model must not learn from.
create table if not exists audit_draw_segment (
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

-- One row per segment and coder: what a person says of it. A corrected sheet takes an earlier one's place.
create table if not exists audit_label (
    segment_id varchar not null,
    coder varchar not null,
    stage_id varchar not null,
    emotion_id varchar not null,
    valence double not null,
    is_pain boolean not null,
    note varchar not null,
    primary key (segment_id, coder)
);

-- One row per finished step: what it had read when it finished.
create table if not exists step_done (
    step varchar primary key,
    input_digest varchar not null,
    finished_at timestamptz not null
);

-- The newest line of the audit log, so that an end that was cut off is missed: one row, or none. While a line is being
-- written two: the one that stands, and the one that is to come.
create table if not exists audit_head (
    seq bigint not null,
    hash varchar not null
);

-- Every load under the name that its export has now. It stands where no other content has come under that name
-- since, and is there where the export is.
create or replace view load_standing as
with held as (
    select
        load_id,
        min(file_name) as file_name,
        bool_or(is_there) as is_there
    from export_held
    group by load_id
)

select
    load.* replace (coalesce(held.file_name, load.file_name) as file_name),
    held.load_id is not null as is_standing,
    coalesce(held.is_there, false) as is_there
from load
left join held using (load_id);

-- What became of each record. Of one item's versions the last updated one is accepted, the others are superseded;
-- the same version again is a duplicate; what was erased is none of these. Between versions that were updated at
-- the same time, or say nothing of it, one that still stands in its file goes before one that was overwritten;
-- then the later written one, then the digest of the content: never the order or the names of files.
create or replace view record_outcome as
with versions as (
    select
        record.load_id,
        record.record_number,
        record.item_id,
        record.content_digest,
        record.updated_at,
        record.written_at,
        row_number() over (
            partition by record.item_id, record.content_digest order by record.load_id, record.record_number
        ) as copy_number,
        bool_or(coalesce(load_standing.is_standing, false)) over (
            partition by record.item_id, record.content_digest
        ) as still_stands
    from record
    left join load_standing using (load_id)
    where record.reason is null
),

ranked as (
    select
        load_id,
        record_number,
        copy_number,
        dense_rank() over (
            partition by item_id
            order by updated_at desc nulls last, still_stands desc, written_at desc nulls last, content_digest
        ) as version_number
    from versions
)

select
    record.load_id,
    record.record_number,
    case
        when record.reason in ('erased on request', 'past retention') then 'erased'
        when record.reason is not null then 'quarantined'
        when ranked.copy_number > 1 then 'duplicate'
        when ranked.version_number > 1 then 'superseded'
        else 'accepted'
    end as outcome
from record
left join ranked using (load_id, record_number);

create or replace view item as
select record.*
from record
inner join record_outcome using (load_id, record_number)
where record_outcome.outcome = 'accepted';

-- The items that say something: no fillers, none without text. `language` is null until it has been told.
create or replace view worded_item as
with worded as (
    select
        item_id,
        written_at,
        text,
        md5(text) as text_digest
    from item
    where has_text and not is_filler
)

select
    worded.item_id,
    worded.written_at,
    worded.text,
    worded.text_digest,
    text_language.language
from worded
left join text_language using (text_digest);

-- Every segment with the theme that the book of its week gives it; undated ones go by the present book.
create or replace view segment_theme as
with placed as (
    select
        segment.segment_id,
        segment.content_digest,
        item.week_start,
        max(theme_period.period) as period
    from segment
    inner join item using (item_id)
    inner join theme_period
        on theme_period.first_week is null
        or item.week_start is null
        or theme_period.first_week <= item.week_start
    group by all
)

select
    placed.segment_id,
    placed.content_digest,
    placed.period,
    theme_assignment.theme_id,
    theme_assignment.proposed_theme_id,
    theme_assignment.score,
    theme_assignment.probability,
    theme_assignment.content_digest is not null as has_content,
    theme_period.is_refit and coalesce(placed.week_start < theme_period.relabelled_before, true) as is_relabelled
from placed
inner join theme_period using (period)
left join theme_assignment
    on placed.content_digest = theme_assignment.content_digest
    and placed.period = theme_assignment.period;
