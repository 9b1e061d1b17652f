import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.naming import name_families, name_group, name_topics
from models.naming.names import UNNAMED
from models.naming.words import words

DIMENSIONS = 16
SUBJECTS = {
    "late patient transport": (
        "The patient transport was late again.",
        "Patient transport is always late!",
        "Late patient transport made my mother miss her scan.",
        "Our patient transport was very late on Monday.",
    ),
    "refund not received": (
        "I still have not received my refund.",
        "My refund was not received after six weeks.",
        "The refund hasn't been received, please help.",
        "We have not received any refund from you.",
    ),
    "card declined at checkout": (
        "My card was declined at checkout.",
        "The card got declined at the checkout, how embarrassing.",
        "Card declined at checkout twice today.",
        "Your card was declined at checkout in front of everyone.",
    ),
    "sleeves too long": (
        "The sleeves are too long.",
        "Sleeves were much too long on me.",
        "I found that the sleeves are way too long.",
        "Nice fabric but the sleeves are too long.",
    ),
    "changing PIN": (
        "How do I change my PIN?",
        "I want to change the PIN.",
        "Where can I change my PIN please?",
        "I need to change my PIN abroad.",
    ),
    "unable to verify identity": (
        "I can't verify my identity.",
        "I could not verify my identity in the app.",
        "We are unable to verify our identity.",
        "I cannot verify my identity with the passport.",
    ),
}
COURTESY = ("Thank you so much!", "Thanks, kind regards", "I am really sorry, thanks", "Such a shame, thanks")
GERMAN = (
    "Ich warte und warte auf den Techniker.",
    "Das Internet ist seit drei Wochen weg und keiner kommt.",
)
FRENCH = (
    "Le technicien n'est pas venu, je suis très déçue.",
    "Il y a une panne dans tout le quartier.",
)

Corpus = tuple[list[str], NDArray[np.int64], NDArray[np.float32], list[tuple[str, ...]]]


def corpus(subjects: Sequence[Sequence[str]], seed: int = 5) -> Corpus:
    """Sentences, their subjects, unit vectors in one tight bundle a subject, and the subjects' words."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(len(subjects), DIMENSIONS))
    texts = [text for of_subject in subjects for text in of_subject]
    labels = np.repeat(np.arange(len(subjects)), [len(of_subject) for of_subject in subjects])
    vectors = centres[labels] + 0.1 * random.normal(size=(len(texts), DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    terms = [tuple(re.findall(r"\w{3,}", " ".join(of_subject).lower())[:10]) for of_subject in subjects]
    return texts, labels, vectors.astype(np.float32), terms


def named(subjects: Sequence[Sequence[str]]) -> list[str]:
    return name_topics(*corpus(subjects))


def test_themes_are_named_as_a_researcher_would() -> None:
    assert named(list(SUBJECTS.values())) == list(SUBJECTS)


def test_order_and_numbering_do_not_matter() -> None:
    texts, labels, vectors, terms = corpus(list(SUBJECTS.values()))
    order = np.random.default_rng(1).permutation(len(texts))
    number = np.random.default_rng(2).permutation(len(terms))
    names = name_topics(
        [texts[row] for row in order],
        number[labels[order]],
        vectors[order],
        [terms[label] for label in np.argsort(number)],
    )
    assert [names[label] for label in number] == list(SUBJECTS)


def test_sentences_outside_every_theme_change_nothing() -> None:
    texts, labels, vectors, terms = corpus(list(SUBJECTS.values()))
    outside = ["The refund machine was declined too long."] * 5
    vectors = np.vstack([np.zeros((5, DIMENSIONS), dtype=np.float32), vectors])
    assert name_topics(outside + texts, np.append([-1] * 5, labels), vectors, terms) == list(SUBJECTS)


def test_themes_on_one_subject_get_different_names() -> None:
    refund = SUBJECTS["refund not received"]
    names = named([refund, refund, refund])
    assert len(set(names)) == 3


@pytest.mark.parametrize("mask", ["<EMAIL>", "<PERSON_NAME>", "XXXX", "XX/XX/XXXX", "[word unreadable]"])
def test_what_was_masked_is_never_in_a_name(mask: str) -> None:
    subject = [
        f"{mask} closed my savings account on {mask}.",
        f"{mask} have closed my savings account.",
        f"My savings account was closed by {mask}.",
        f"{mask} {mask} closed the savings account of {mask}",
    ]
    assert named([subject, SUBJECTS["changing PIN"]])[0] == "savings account closed"


def test_courtesy_is_named_as_what_it_is() -> None:
    assert named([COURTESY, *SUBJECTS.values()])[0] == "thanks and praise"


def test_themes_that_nothing_names_are_told_apart() -> None:
    texts, labels, vectors, _ = corpus([["1 2 3", "4"], ["5 6"], ["7"]])
    names = name_topics(texts, labels, vectors, [("thanks",), ("time",), ()])
    assert sorted(names) == [UNNAMED, f"{UNNAMED}, group 2", f"{UNNAMED}, group 3"]


def test_a_theme_in_another_language_is_named_by_it() -> None:
    texts, labels, vectors, _ = corpus([GERMAN, [*FRENCH, *GERMAN], GERMAN[:1] * 2, SUBJECTS["changing PIN"]])
    terms = [("internet", "und"), ("panne",), ("auf", "techniker"), ("pin",)]
    assert name_topics(texts, labels, vectors, terms) == [
        "comments in German",
        "comments in German and French",
        "comments in German on techniker",
        "changing PIN",
    ]


def test_without_a_phrase_two_nouns_among_the_terms_are_joined() -> None:
    texts, labels, vectors, _ = corpus([["Hmm 12345 hmm", "67890 hm"], SUBJECTS["changing PIN"]])
    terms = [("thanks", "<mask>", "router", "routers", "xxxx", "firmware"), ("pin",)]
    assert name_topics(texts, labels, vectors, terms) == ["router and firmware", "changing PIN"]


def test_without_themes_there_are_no_names() -> None:
    empty = np.ones((1, DIMENSIONS), dtype=np.float32)
    assert name_topics(["Hello"], np.array([-1]), empty, []) == []
    assert name_families(["Hello"], np.array([-1]), empty, [], np.array([], dtype=np.int64)) == ([], [])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 3), min_size=24, max_size=24))
def test_names_are_short_distinct_and_say_something(drawn: list[int]) -> None:
    texts, _, vectors, _ = corpus(list(SUBJECTS.values()))
    _, labels = np.unique(drawn, return_inverse=True)
    terms = [("router", "restart")] * (int(labels.max()) + 1)
    names = name_topics(texts, labels, vectors, terms)
    assert len(set(names)) == len(names)
    remarks = {UNNAMED, *words().remarks}
    assert all(name in remarks or not set(name.split()) & words().empty for name in names)
    assert all(0 < len(name.split()) <= 5 for name in names)


def test_one_group_is_told_from_other_sentences_and_from_names_given_before() -> None:
    texts, labels, vectors, terms = corpus(list(SUBJECTS.values()))
    inside = np.flatnonzero(labels == 1)
    assert name_group(texts, inside, vectors, terms[1], ["changing PIN"]) == "refund not received"
    again = name_group(texts, inside, vectors, terms[1], ["refund not received"])
    assert again != "refund not received"
    assert "refund" in again


def test_a_group_without_others_to_tell_it_from_gets_a_name() -> None:
    texts, _, vectors, terms = corpus([SUBJECTS["changing PIN"]])
    assert name_group(texts, np.arange(len(texts)), vectors, terms[0], []) == "changing PIN"


def test_a_family_of_one_theme_has_its_name_and_others_what_their_themes_share() -> None:
    card = [
        ("My card has not arrived.", "The card did not arrive.", "Where is my card, it never arrived."),
        ("My card was stolen.", "Someone stole my card.", "The card has been stolen from me."),
        ("My card expired.", "The card has expired.", "Your card expired in May."),
    ]
    late = SUBJECTS["late patient transport"]
    names, families = name_families(*corpus([*card, late]), np.array([0, 0, 0, 1]))
    assert names == ["card not arrived", "card stolen", "card expired", "late patient transport"]
    assert families == ["card", "late patient transport"]


def test_names_are_the_same_with_families_as_without() -> None:
    found = corpus(list(SUBJECTS.values()))
    names, families = name_families(*found, np.array([0, 0, 1, 1, 2, 2]))
    assert names == name_topics(*found)
    assert len(set(families)) == 3
    assert not set(families) & set(names)
