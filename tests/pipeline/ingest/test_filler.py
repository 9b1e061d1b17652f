import pytest

from pipeline.ingest.filler import is_filler


@pytest.mark.parametrize(
    "text",
    [
        "Did not answer",
        "n/a",
        "N/A.",
        "NA",
        " nothing. ",
        "Nothing!!",
        "No.",
        "none",
        "Don't know",
        "Don’t know.",
        "dont know",
        "Can't think of anything.",
        ".",
        "-",
        "???",
        "Keine Angabe",
        "Weiß nicht",
        "Je ne sais pas.",
        "Néant",
        "Sin comentarios",
        "No lo sé",
    ],
)
def test_answers_without_content_are_filler(text: str) -> None:
    assert is_filler(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nothing but praise",
        "Nothing. All staff great.",
        "No, the driver was rude",
        "No complaints.",
        "None of the staff helped",
        "Everything",
        "Not much",
        "Very little.",
        "Yes",
        "Good",
        "ok",
        "5",
        "👍",
        "😡😡",
        "❤",
        "Nada funciona",
        "Rien ne marche",
        "Nichts funktioniert",
        "",
        "   ",
        "nothing " * 50,
    ],
)
def test_answers_that_say_something_are_not(text: str) -> None:
    assert not is_filler(text)
