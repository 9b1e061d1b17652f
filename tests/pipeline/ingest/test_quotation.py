import pytest

from pipeline.ingest.quotation import own_html, own_lines

REPLY = "It is still dead.\n\nOn Mon, 2 Mar 2026 Dana wrote:\n\n> Please restart it.\n>\n> Dana"


@pytest.mark.parametrize(
    ("mail", "own"),
    [
        (REPLY, "It is still dead."),
        ("Dana wrote:\n>> Hello\n>Restart it.\nI did.\n> And then?\nDead:\n> Sorry", "I did.\nDead:"),
        ("No.\nOn 2 March 2026 at 09:14, Dana Reed\n<dana@example.com> wrote:\n> Is it on?", "No."),
        ("No, since 2 March 2026\nDana wrote on 2026-03-02 09:14:\n> Is it on?", "No, since 2 March 2026"),
        ("No.\n-----Original Message-----\nFrom: Dana\nIs it on?", "No."),
        ("> Is it on?\n>\n> Dana", ""),
        ("---- original message ----\nIs it on?", ""),
    ],
)
def test_what_a_mail_quotes_is_taken_out_with_its_attribution(mail: str, own: str) -> None:
    assert own_lines(mail) == own


@pytest.mark.parametrize(
    "words",
    [
        ">5 minutes on hold\n>:( and nobody there",
        "A > B\n\nThese are my questions:\n\n1. When?",
        "I have your original message here",
        "",
    ],
)
def test_words_that_are_no_quotation_stay(words: str) -> None:
    assert own_lines(words) == words


def test_a_sentence_before_a_quotation_stays() -> None:
    mail = "I am furious that you told me this:\n> It is our fault"
    assert own_lines(mail) == "I am furious that you told me this:"


GMAIL = (
    '<div dir="ltr">Still dead.</div><div class="gmail_quote gmail_quote_container">'
    '<div dir="ltr" class="gmail_attr">On Mon, 2 Mar 2026 Dana wrote:</div>'
    '<blockquote class="gmail_quote"><div>Is it on?</div><blockquote>Hello</blockquote></blockquote>'
    "<div>Yes, it is.</div></div>"
)


@pytest.mark.parametrize(
    ("mail", "own"),
    [
        (GMAIL, "Still dead.\n\nYes, it is."),
        ('No.<div class="gmail_quote"><div>Forwarded</div>Is it on?</div><p>Ada</p>', "No.\n\nAda"),
        (
            '<p>No.</p><div class="moz-cite-prefix">Dana:<br></div><blockquote type="cite">On?</blockquote>',
            "No.",
        ),
        ('No.<div id="y" class="yahoo_quoted"><div>Dana:</div><div>Is it on?</div></div>', "No."),
        ('<p>No.</p><hr><div id="divRplyFwdMsg">From: Dana</div><div>Is it on?</div><p>Dana</p>', "No."),
        ('No.<br class="gmail_quote"><blockquote>our own saying</blockquote>', "No.\n\nour own saying"),
        ('<div class="gmail_quote">Is it on?</div>', ""),
        ("price <5 now & <four>", "price <5 now & <four>"),
    ],
)
def test_elements_that_are_quoted_are_taken_out(mail: str, own: str) -> None:
    assert own_html(mail) == own
