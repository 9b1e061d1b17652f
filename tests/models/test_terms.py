from models.terms import telling_terms

OTHERS = ["The engineer came late.", "The engineer never came.", "The bill was too high."]


def test_terms_are_what_the_others_do_not_say_the_most_frequent_first() -> None:
    texts = ["A swarm of bees in the cabinet.", "Bees again.", "The engineer saw the bees."]
    terms = telling_terms(texts, OTHERS)
    assert terms[0] == "bees"
    assert "swarm" in terms
    assert len(terms) == 10
    assert not {"the", "bill"} & set(terms)


def test_what_was_taken_out_of_the_text_is_no_term() -> None:
    assert "person" not in telling_terms(["<PERSON> has bees, XXXX too"], OTHERS)


def test_texts_without_words_have_no_terms() -> None:
    assert telling_terms(["?!"], OTHERS) == ()
    assert telling_terms(["?!"], ["123"]) == ()
    assert telling_terms([], []) == ()
