from pipeline.redact.spans import Found, gaps, merged, placeholder, placeholders


def test_pieces_that_overlap_become_one_of_the_longest_kind() -> None:
    found = [Found("ACCOUNT", 8, 16), Found("URL", 0, 20), Found("EMAIL", 18, 24), Found("IP", 24, 30)]
    assert merged(found) == [Found("URL", 0, 24), Found("IP", 24, 30)]


def test_of_two_kinds_on_the_same_letters_the_earlier_one_names_them() -> None:
    assert merged([Found("ACCOUNT", 3, 14), Found("PHONE", 3, 14)]) == [Found("PHONE", 3, 14)]
    assert merged([Found("PHONE", 3, 14), Found("ACCOUNT", 3, 14)]) == [Found("PHONE", 3, 14)]


def test_only_our_placeholders_are_placeholders() -> None:
    text = "<EMAIL> <b>bold</b> <PERSON"
    assert list(placeholders(text)) == [(0, 7)]
    assert text[0:7] == placeholder("EMAIL")


def test_gaps_are_what_is_not_taken() -> None:
    assert list(gaps((2, 20), [(2, 5), (9, 12), (12, 14)])) == [(5, 9), (14, 20)]
    assert list(gaps((0, 0), [])) == []
