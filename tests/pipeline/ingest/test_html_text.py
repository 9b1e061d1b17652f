import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.html_text import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("no tags, <3 and 2 < 3 & more", "no tags, <3 and 2 < 3 & more"),
        ("<p>One</p><p>two<br>three</p>", "One\n\ntwo\nthree"),
        ("<div>  many\n   spaces </div>", "many spaces"),
        ("&lt;b&gt; &amp; &#8364;", "<b> & €"),
        ("<style>p { color: red }</style><p>seen</p><script>alert(1)</script>", "seen"),
        ("<a href='https://example.org'>our page</a>", "our page"),
        ("<img src=x onerror=alert(1)>words", "words"),
        ("words <!-- hidden --> more", "words more"),
        ("<p>seen</p><style>never closed", "seen\nnever closed"),
        ("<style><!-- p > a {} --></style><svg><title>logo</title></svg><p>seen</p>", "seen"),
        ("<p>A --> B <!-- open <![ end</p>", "A --> B <!-- open <![ end"),
        (
            "<p>price <5 now</p> <four> of <Ada@example.org><o:p></o:p>",
            "price <5 now\n<four> of <Ada@example.org>",
        ),
        ("<p>not <now or <b>never</b></p><o:p></o:p>", "not <now or never"),
        ('<p>cut off</p> <a href="https', 'cut off\n<a href="https'),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
        ("", ""),
    ],
)
def test_words_stay_and_markup_goes(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    "words",
    [
        "The <title> of my playlist vanished after the update. I want my money back",
        "Line one\nLine two\nprice <5 now & then\nLine <four>",
        "<script>never closed",
        "Where is my <link> & my &nothing;?",
    ],
)
def test_a_plain_text_stays_as_it_is(words: str) -> None:
    assert plain_text(words) == words


def test_a_text_with_entities_alone_keeps_its_lines() -> None:
    assert plain_text("Tom &amp; Ada\n&#8364;5&nbsp;a day") == "Tom & Ada\n€5 a day"


@pytest.mark.parametrize("part", ["<a ", "<!--", "<script", "<![", '<a x="', "</p"])
def test_tags_that_never_end_are_read_in_no_time(part: str) -> None:
    text = plain_text("<p>seen</p>" + part * 20_000)
    assert text.startswith("seen\n")


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<b>", "<br/>", "word", " ", "&amp;", "<script>", "\n", "<", ">"])
    )
)
def test_any_order_of_tags_can_be_read(parts: list[str]) -> None:
    text = plain_text("".join(parts))
    assert "<p>" not in text
    assert "</p>" not in text
