"""Names and places that only the model knows, taken out beside what patterns find."""

import pytest

from pipeline.redact.redactor import Redacted, RedactedSpan, Redactor, redaction_id


def test_names_and_places_are_replaced_beside_patterns(redactor: Redactor) -> None:
    text = "I spoke to Sarah Whitfield in Sheffield, sarah@example.org."
    assert redactor.redact(text) == Redacted(
        "I spoke to <PERSON> in <PLACE>, <EMAIL>.",
        (
            RedactedSpan("PERSON", 11, 26, 11, 19),
            RedactedSpan("PLACE", 30, 39, 23, 30),
            RedactedSpan("EMAIL", 41, 58, 32, 39),
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "I moved to Canada and then to Texas.",
        "<PERSON> and <EMAIL> and <PLACE>",
        "£34.50, $1,234,567.89, USD 12000, EUR12000, 2.4 GHz, 802.11ac, size 10-12, 36DD",
        "XXXX XXXX told me on XX/XX/2019 that {$500.00} was due.",
        "Amazon, PayPal and Wells Fargo are no better.",
        "Thanks, kind regards!",
    ],
)
def test_countries_numbers_masks_firms_and_greetings_stay(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text) == Redacted(text, ())


def test_places_stay_where_asked_for_and_streets_go_all_the_same() -> None:
    redactor = Redactor.load(places=False)
    text = "Tell Sarah Whitfield in Sheffield that I live at 27 Mill Lane."
    assert redactor.redact(text).text == "Tell <PERSON> in Sheffield that I live at <ADDRESS>."


def test_a_street_that_only_the_model_knows_goes_with_its_numbers(redactor: Redactor) -> None:
    text = "Please send it to 6750 Koskikatu 25 Apt. 864, thank you."
    assert redactor.redact(text).text == "Please send it to <ADDRESS>, thank you."


def test_a_postcode_before_its_town_goes_with_it(redactor: Redactor) -> None:
    text = "I live in 10115 Berlin, moved to London in 2019 and paid £20000 in London."
    expected = "I live in <ADDRESS> <PLACE>, moved to <PLACE> in 2019 and paid £20000 in <PLACE>."
    assert redactor.redact(text).text == expected


def test_labels_to_group_by_lose_patterns_and_keep_towns(redactor: Redactor) -> None:
    labels = ("Sheffield", "Gold plan", "2025-2026", "jx@example.org", "ring 07700 900675")
    assert [redactor.redact_label(label) for label in labels] == [
        *("Sheffield", "Gold plan", "2025-2026", "<EMAIL>", "ring <PHONE>")
    ]


def test_labels_to_group_by_lose_what_their_record_knows(redactor: Redactor) -> None:
    known = ("Zoë O'Neil", "ORD-7731")
    labels = ("Zoë O'Neil,billing", "callback ord-7731", "Zoë", "billing")
    expected = ["<PERSON>,billing", "callback <ACCOUNT>", "<PERSON>", "billing"]
    assert [redactor.redact_label(label, known) for label in labels] == expected
    assert [redactor.redact_label(label) for label in labels] == list(labels)


def test_many_texts_come_out_as_each_alone(redactor: Redactor) -> None:
    texts = [
        "Ask Jo Ng",
        "I spoke to Sarah Whitfield.",
        "",
        "mail jx@example.org",
        "I spoke to Sarah Whitfield.",
    ] * 5
    known = [("Jo Ng",), (), (), (), ("Whitfield",)] * 5
    assert redactor.redact_many(texts, known) == [
        redactor.redact(text, values) for text, values in zip(texts, known, strict=True)
    ]


def test_other_settings_mean_another_id() -> None:
    assert redaction_id(places=True) == redaction_id(places=True) != redaction_id(places=False)
