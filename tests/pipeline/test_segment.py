import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.segment import MAX_SEGMENT_CHARACTERS, Segment, passages, split

# Customers' texts: words, ends of sentences, line breaks, emoji, combining marks, placeholders.
PIECES = st.sampled_from(
    [
        "Great",
        "app",
        "3.5",
        ".",
        "!",
        "?",
        "…",
        "\n",
        "\n\n",
        " ",
        "\t",
        "\u00a0",
        "👨‍👩‍👧",
        "e\u0301",
        "<EMAIL>",
        "。",
        "家",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join))


def segments_of(text: str) -> tuple[Segment, ...]:
    (segments,) = split([text])
    return segments


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("   \n ", []),
        ("Great app", ["Great app"]),
        ("Great app. Slow support! Why?", ["Great app.", "Slow support!", "Why?"]),
        ("First line\nsecond line", ["First line", "second line"]),
        ("It cost 3.50 a month. Fine.", ["It cost 3.50 a month.", "Fine."]),
        ("Call me at <PHONE>. Please.", ["Call me at <PHONE>.", "Please."]),
        ("Great! 😀😀", ["Great! 😀😀"]),
        ("😀! Great", ["😀! Great"]),
        ("😀", ["😀"]),
        ("Well... no, thanks", ["Well... no, thanks"]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [segment.text for segment in segments_of(text)] == sentences


def test_texts_are_split_in_the_order_given() -> None:
    assert list(split(["One. Two.", "", "Three."])) == [
        (Segment(0, 4, "One."), Segment(5, 9, "Two.")),
        (),
        (Segment(0, 6, "Three."),),
    ]


def test_offsets_count_characters_not_bytes() -> None:
    assert segments_of("😀 é. Next") == (Segment(0, 4, "😀 é."), Segment(5, 9, "Next"))


def test_a_long_sentence_is_cut_without_losing_a_character() -> None:
    text = "word " * 500
    segments = segments_of(text)
    assert [len(segment.text) for segment in segments] == [999, 999, 499]
    assert "".join(segment.text for segment in segments).replace(" ", "") == "word" * 500
    assert all(len(segment.text) <= MAX_SEGMENT_CHARACTERS for segment in segments)


def test_the_same_words_have_the_same_digest_wherever_they_stand() -> None:
    first, second = segments_of("Great app. Great app.")
    assert first.start != second.start
    assert first.content_digest == second.content_digest
    assert first.content_digest != segments_of("Great app!")[0].content_digest


@given(TEXTS)
def test_segments_are_in_order_inside_the_text_and_cover_every_letter(text: str) -> None:
    segments = segments_of(text)
    end = 0
    covered: set[int] = set()
    for segment in segments:
        assert end <= segment.start < segment.end <= len(text)
        assert text[segment.start : segment.end] == segment.text == segment.text.strip()
        assert len(segment.text) <= MAX_SEGMENT_CHARACTERS
        covered.update(range(segment.start, segment.end))
        end = segment.end
    assert {place for place, letter in enumerate(text) if letter.isalnum()} <= covered


@given(TEXTS)
def test_a_text_with_a_word_has_no_segment_without_one(text: str) -> None:
    segments = segments_of(text)
    if any(letter.isalnum() for letter in text) and len(text) <= MAX_SEGMENT_CHARACTERS:
        assert all(any(letter.isalnum() for letter in segment.text) for segment in segments)


def test_neighbouring_sentences_share_a_passage_of_up_to_100_words() -> None:
    sentence = "word " * 39 + "end. "
    text = (sentence * 5).strip()
    (segments,) = split([text])
    found = passages(text, segments)
    assert [(passage.start, passage.end) for passage in found] == [
        (segments[0].start, segments[1].end),
        (segments[0].start, segments[1].end),
        (segments[2].start, segments[3].end),
        (segments[2].start, segments[3].end),
        (segments[4].start, segments[4].end),
    ]
    assert all(passage.text == text[passage.start : passage.end] for passage in found)


def test_a_sentence_longer_than_a_passage_is_one_by_itself() -> None:
    text = "Short one. " + "word " * 120 + "end. Short two."
    (segments,) = split([text])
    assert passages(text, segments) == list(segments)


def test_a_single_sentence_is_its_own_passage_and_is_encoded_once() -> None:
    (segments,) = split(["It works."])
    (passage,) = passages("It works.", segments)
    assert passage.content_digest == segments[0].content_digest
