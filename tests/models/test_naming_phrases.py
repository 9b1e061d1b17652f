import pytest

from models.naming.phrases import NOT, Reader, parser
from models.naming.vocabulary import Vocabulary
from models.naming.words import words


def phrases(sentence: str) -> set[str]:
    document = parser()(sentence)
    reader = Reader(Vocabulary.of([document]))
    return {reader.vocabulary.written(phrase.words) for phrase in reader.phrases(document)}


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("The late patient transport made her miss the scan.", "late patient transport"),
        ("I don't like the quality of the fabric.", "quality of fabric"),
        ("We got no reply.", "no reply"),
        ("My card was declined at checkout.", "card declined at checkout"),
        ("The machine swallowed my card.", "card swallowed"),
        ("I still have not received my refund.", "refund not received"),
        ("Nobody answered the phone.", "phone not answered"),
        ("The shop has broken my phone.", "phone broken"),
        ("Which countries do you support?", "countries supported"),
        ("I need to change my PIN.", "changing PIN"),
        ("How do I set up my account?", "setting up account"),
        ("I can't verify my identity.", "unable to verify identity"),
        ("The router is not working.", "router not working"),
        ("My payment failed yesterday.", "payment failed"),
        ("I was charged twice.", "being charged twice"),
        ("The sleeves are too long.", "sleeves too long"),
        ("The staff were not friendly.", "staff not friendly"),
        ("The driver was pleasant.", "pleasant driver"),
        ("The ward was clean and tidy.", "clean and tidy"),
        ("The dress runs small.", "runs small"),
    ],
)
def test_a_sentence_offers_the_phrase_that_says_its_subject(sentence: str, phrase: str) -> None:
    assert phrase in phrases(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["Thank you so much!", "It was the third time.", "Kind regards, sir", "It took seven months.", "12345"],
)
def test_courtesy_and_dates_offer_nothing(sentence: str) -> None:
    assert not phrases(sentence)


def test_a_denial_counts_as_one_whatever_its_word() -> None:
    keys = []
    for sentence in (
        "The refund was not received.",
        "Nobody received the refund.",
        "I haven't received the refund",
    ):
        document = parser()(sentence)
        found = Reader(Vocabulary.of([document])).phrases(document)
        keys.append({phrase.key for phrase in found if NOT in phrase.key})
    assert keys == [{frozenset({"refund", "not", "receive"})}] * 3


def test_names_and_abbreviations_keep_their_capitals() -> None:
    assert "paying with Apple Pay" in phrases("can I be paying with Apple Pay at an ATM")
    assert phrases("THE ENGINEER MISSED THE APPOINTMENT") >= {"engineer", "appointment missed"}


@pytest.mark.parametrize(
    ("verb", "tag", "participle"),
    [
        ("refund", "VBN", "refunded"),
        ("deny", "VBN", "denied"),
        ("freeze", "VBN", "frozen"),
        ("ban", "VBN", "banned"),
        ("change", "VBG", "changing"),
        ("top-up", "VBG", "topping up"),
        ("see", "VBG", "seeing"),
        ("play", "VBN", "played"),
    ],
)
def test_a_verb_that_nobody_wrote_as_participle_gets_one(verb: str, tag: str, participle: str) -> None:
    token = parser()(f"They {verb} it")[1]
    token.tag_, token.lemma_ = "VBP", verb
    assert Vocabulary({}, {}, {}, {}).participle(token, tag) == participle


def test_the_word_lists_are_read_whole() -> None:
    lists = words()
    assert {"monday", "thank"} <= lists.empty
    assert lists.irregular["pay"] == "paid"
    assert lists.irregular["understand"] == "understood"
    assert not lists.empty & lists.trouble
