from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models.tagger import Tagger
from pipeline import enrich
from pipeline.enrich import encode_segments, segment_items, tag_items
from pipeline.languages import languages_read, tell_languages
from pipeline.progress import Reporter
from pipeline.store.work import read_sql

ITEMS = {
    "i1": "The engineer never came. I waited all day.",
    "i2": "Great app. The engineer never came.",
    "i3": "n/a",
    "i4": "",
    "i5": "😀",
}
TAGS = "select * exclude (vector), vector::varchar from encoding order by content_digest"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.fixture
def work() -> Iterator[duckdb.DuckDBPyConnection]:
    """A work file in memory that holds the items."""
    with duckdb.connect() as connection:
        connection.execute(read_sql("work_schema"))
        put(connection, ITEMS)
        yield connection


def put(work: duckdb.DuckDBPyConnection, texts: dict[str, str]) -> None:
    """Make these the items; their texts stand in records that nobody quarantined."""
    work.execute("delete from record")
    for number, (item, text) in enumerate(texts.items()):
        work.execute(
            """
            insert into record (
                load_id, record_number, source_id, item_id, content_digest, text, has_text, is_filler
            ) values ('l', ?, 's', ?, md5(?), ?, ?, ?)
            """,
            [number, item, text, text, bool(text), text == "n/a"],
        )


def split(work: duckdb.DuckDBPyConnection, reporter: Reporter) -> int:
    """Split the items that the model reads."""
    tell_languages(work, reporter)
    return segment_items(work, languages_read(), reporter)


def segments(work: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return work.execute(
        "select segment_id, start_offset, end_offset, text from segment order by segment_id"
    ).fetchall()


def test_items_with_words_are_split_and_fillers_are_not(
    work: duckdb.DuckDBPyConnection, reporter: Reporter
) -> None:
    assert split(work, reporter) == 3
    assert segments(work) == [
        ("i1-001", 0, 24, "The engineer never came."),
        ("i1-002", 25, 42, "I waited all day."),
        ("i2-001", 0, 10, "Great app."),
        ("i2-002", 11, 35, "The engineer never came."),
        ("i5-001", 0, 1, "😀"),
    ]
    assert work.execute("select item_id, n_segments from segmented_item order by all").fetchall() == [
        ("i1", 2),
        ("i2", 2),
        ("i5", 1),
    ]


def test_the_same_sentence_is_encoded_once_and_never_again(
    work: duckdb.DuckDBPyConnection, reporter: Reporter, tagger: Tagger
) -> None:
    split(work, reporter)
    assert encode_segments(work, tagger, reporter) == 6  # four sentences, two passages of more than one
    before = work.execute(TAGS).fetchall()
    assert (split(work, reporter), encode_segments(work, tagger, reporter)) == (0, 0)
    assert work.execute(TAGS).fetchall() == before
    assert len(before) == 6


def test_a_changed_text_is_split_anew_and_only_its_new_sentence_encoded(
    work: duckdb.DuckDBPyConnection, reporter: Reporter, tagger: Tagger
) -> None:
    split(work, reporter)
    encode_segments(work, tagger, reporter)
    put(work, {**ITEMS, "i2": "Great app. It crashes."})
    assert (split(work, reporter), encode_segments(work, tagger, reporter)) == (1, 2)
    assert segments(work)[2:4] == [("i2-001", 0, 10, "Great app."), ("i2-002", 11, 22, "It crashes.")]
    assert len(segments(work)) == 5


def test_the_segments_of_an_item_that_is_gone_go_too(
    work: duckdb.DuckDBPyConnection, reporter: Reporter
) -> None:
    split(work, reporter)
    put(work, {"i5": "😀"})
    assert split(work, reporter) == 0
    assert segments(work) == [("i5-001", 0, 1, "😀")]
    assert work.execute("select item_id from segmented_item").fetchall() == [("i5",)]


def test_an_item_that_becomes_a_filler_loses_its_segments(
    work: duckdb.DuckDBPyConnection, reporter: Reporter
) -> None:
    split(work, reporter)
    put(work, {**ITEMS, "i1": "n/a"})
    split(work, reporter)
    assert [row[0] for row in segments(work)] == ["i2-001", "i2-002", "i5-001"]


def test_an_item_in_a_language_that_is_not_read_is_not_split_and_an_undecided_one_is(
    work: duckdb.DuckDBPyConnection, reporter: Reporter
) -> None:
    put(work, {"i1": "Der Techniker ist nie gekommen.", "i2": "Ok", "i3": "I waited all day."})
    assert split(work, reporter) == 2
    assert segments(work) == [("i2-001", 0, 2, "Ok"), ("i3-001", 0, 17, "I waited all day.")]


def test_an_item_that_was_split_before_its_language_was_told_loses_its_segments(
    work: duckdb.DuckDBPyConnection, reporter: Reporter
) -> None:
    put(work, {"i1": "Der Techniker ist nie gekommen.", "i3": "I waited all day."})
    tell_languages(work, reporter)
    segment_items(work, ["en", "de"], reporter)
    assert len(segments(work)) == 2
    assert split(work, reporter) == 0
    assert segments(work) == [("i3-001", 0, 17, "I waited all day.")]


def test_tags_are_those_the_tagger_gives_for_the_sentence(
    work: duckdb.DuckDBPyConnection, reporter: Reporter, tagger: Tagger
) -> None:
    split(work, reporter)
    encode_segments(work, tagger, reporter)
    _, expected = tagger.read(["I waited all day."])
    (row,) = work.execute(
        """
        select distinct stage_label, emotion_id, sentiment, is_pain, model_id, round(valence, 2)
        from encoding inner join segment using (content_digest) where text = 'I waited all day.'
        """
    ).fetchall()
    assert row == (
        expected.stage[0],
        expected.emotion[0],
        expected.sentiment[0],
        expected.is_pain[0],
        tagger.model_id,
        pytest.approx(expected.valence[0], abs=0.006),
    )


def test_an_interruption_between_blocks_keeps_the_blocks_and_ends_the_same(
    work: duckdb.DuckDBPyConnection, reporter: Reporter, tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrich, "SENTENCES_AT_ONCE", 2)
    texts = {f"i{number}": f"The engineer number {number} never came." for number in range(7)}
    put(work, texts)
    split(work, reporter)
    encode_segments(work, tagger, reporter)
    uninterrupted = work.execute(TAGS).fetchall()
    work.execute("delete from encoding")
    with pytest.raises(KeyboardInterrupt):
        encode_segments(work, Interrupted(tagger, after=2), reporter)
    assert work.execute("select count(*) from encoding").fetchall() == [(4,)]
    assert encode_segments(work, tagger, reporter) == 3
    assert work.execute(TAGS).fetchall() == uninterrupted


class Interrupted:
    """The tagger until `after` blocks are encoded; then the user presses Ctrl-C."""

    def __init__(self, tagger: Tagger, after: int) -> None:
        self.left, self.model_id = after, tagger.model_id
        self._tagger = tagger

    def read(self, texts: list[str], on_batch: Callable[[int], None] | None = None) -> Any:
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return self._tagger.read(texts, on_batch=on_batch)


def test_another_model_encodes_all_anew_beside_the_first(
    work: duckdb.DuckDBPyConnection, reporter: Reporter, tagger: Tagger
) -> None:
    split(work, reporter)
    encode_segments(work, tagger, reporter)
    other = Tagger.load()
    other.model_id = "another"
    assert encode_segments(work, other, reporter) == 6
    assert work.execute("select count(*), count(distinct model_id) from encoding").fetchall() == [(12, 2)]


def item_tags(work: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return work.execute("from item_tag order by item_id").fetchall()


def test_an_item_of_one_passage_has_the_tags_of_that_passage(
    work: duckdb.DuckDBPyConnection, reporter: Reporter, tagger: Tagger
) -> None:
    split(work, reporter)
    encode_segments(work, tagger, reporter)
    tag_items(work, tagger)
    assert (
        work.execute(
            """
        select * exclude (stage_evidence_segment_id, emotion_evidence_segment_id)
        from item_tag order by item_id
        """
        ).fetchall()
        == work.execute(
            """
        select distinct
            item_id, stage_label, stage_probability, is_low_confidence, emotion_id, emotion_probability,
            valence, valence_sd, encoding.is_pain
        from segment inner join encoding on passage_digest = encoding.content_digest order by item_id
        """
        ).fetchall()
    )
    assert [row[0] for row in item_tags(work)] == ["i1", "i2", "i5"]


def test_the_evidence_is_the_sentence_that_alone_speaks_most_surely_of_the_items_label(
    work: duckdb.DuckDBPyConnection, reporter: Reporter, tagger: Tagger
) -> None:
    put(work, {"i1": "It is blue. I love it so much, thank you! I was on hold for an hour. It is blue."})
    split(work, reporter)
    encode_segments(work, tagger, reporter)
    tag_items(work, tagger)
    sentences = work.execute("select text from segment order by segment_number").fetchall()
    _, tags = tagger.read([text for (text,) in sentences])
    ((_, stage, _, stage_evidence, _, emotion, _, emotion_evidence, *_),) = item_tags(work)
    for target, label, evidence in (
        ("stage", stage, stage_evidence),
        ("emotion", emotion, emotion_evidence),
    ):
        place = tagger.heads.labels[target].index(label)
        surest = getattr(tags, f"{target}_probabilities")[:, place].argmax()
        assert evidence == f"i1-{surest + 1:03d}"


def test_of_several_passages_each_counts_by_its_words(
    work: duckdb.DuckDBPyConnection, tagger: Tagger
) -> None:
    stages, emotions = (tagger.heads.labels[target] for target in ("stage", "emotion"))
    # Passage p of 10 words, q of 30; the sentences are s and t of p, and q itself.
    readings = {
        "p": ({"use": 0.7, "support": 0.3}, {"joy": 0.6, "trust": 0.4}, -1.0, 0.5, True),
        "q": ({"use": 0.2, "support": 0.8}, {"joy": 0.1, "trust": 0.9}, 1.0, 0.7, False),
        "s": ({"use": 0.1, "support": 0.9}, {"joy": 0.05, "trust": 0.95}, 0.0, 0.5, False),
        "t": ({"use": 0.8, "support": 0.2}, {"joy": 0.05, "trust": 0.95}, 0.0, 0.5, False),
    }
    for digest, (stage, emotion, *numbers) in readings.items():
        work.execute(
            """
            insert into encoding
            select
                $1, $2, list_resize([]::float[], 384, 0)::float[384], '', 0, '', 0, '', 0, $3, $4, 0, null,
                '', 0, $5, false, $6, $7
            """,
            [
                *(digest, tagger.model_id, *numbers),
                [stage.get(label, 0) for label in stages],
                [emotion.get(label, 0) for label in emotions],
            ],
        )
    for row in ((1, "so " * 4, "s", 0, "p"), (2, "so " * 6, "t", 0, "p"), (3, "so " * 30, "q", 1, "q")):
        work.execute("insert into segment values ('i1-00' || $1, 'i1', $1, 0, 1, $2, $3, $4, 9, $5)", row)
    tag_items(work, tagger)
    is_low = tagger.heads.thresholds["stage"] > 0.675
    assert item_tags(work) == [
        ("i1", "support", 0.675, "i1-001", is_low, "trust", 0.775, "i1-001", 0.5, 0.65, True)
    ]


def test_tags_of_an_item_that_changes_or_goes_are_made_anew(
    work: duckdb.DuckDBPyConnection, reporter: Reporter, tagger: Tagger
) -> None:
    split(work, reporter)
    encode_segments(work, tagger, reporter)
    tag_items(work, tagger)
    before = item_tags(work)
    tag_items(work, tagger)
    assert item_tags(work) == before
    put(work, {"i2": "I love it so much, thank you!", "i5": "😀"})
    split(work, reporter)
    encode_segments(work, tagger, reporter)
    tag_items(work, tagger)
    changed, same = item_tags(work)
    assert (changed[0], same) == ("i2", before[2])
    assert changed != before[1]


def test_the_job_says_that_nothing_was_left_to_encode(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    folder = make_workspace({"files": {"a.csv": "id,text\n1,Great app. Slow support.\n"}})
    _, first = run_steps(folder, "ingest", "tag")
    (second,) = run_steps(folder, "tag")
    assert (first.changed, first.facts) == (True, {"n_items": 1, "n_encoded": 3})
    assert (second.changed, second.message) == (False, "every sentence is tagged, nothing to encode")
