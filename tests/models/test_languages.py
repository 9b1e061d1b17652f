import re

import pytest

from models.languages import LANGUAGE_MODEL_ID, UNDECIDED, language_names, languages_of

WRITTEN = {
    "en": ("The parcel came two days late.", "Nobody answers the phone any more.",
        "I am happy with my new tariff."),
    "de": ("Das Paket kam zwei Tage zu spät.", "Am Telefon meldet sich niemand.",
        "Ich bin sehr zufrieden damit."),
    "fr": ("Le colis est arrivé en retard.", "Personne ne répond au téléphone.",
        "Je suis très contente du service."),
    "es": ("El paquete llegó con retraso.", "Nadie contesta al teléfono.",
        "Estoy muy contenta con el servicio."),
    "it": ("Il pacco è arrivato in ritardo.", "Al telefono non risponde nessuno.",
        "Sono molto contento così."),
    "pt": ("A encomenda chegou atrasada.", "Ninguém atende o telefone.",
        "Estou muito satisfeito com o serviço."),
    "nl": ("Het pakket kwam twee dagen te laat.", "Niemand neemt de telefoon op.",
        "Ik ben er erg blij mee."),
    "pl": ("Paczka przyszła dwa dni później.", "Nikt nie odbiera telefonu.",
        "Jestem bardzo zadowolona z usługi."),
    "tr": ("Paket iki gün geç geldi.", "Telefona kimse cevap vermiyor.",
        "Yeni tarifemden çok memnunum."),
    "ja": ("荷物が二日遅れて届きました。", "電話に誰も出ません。",
        "新しい料金にとても満足しています。"),
}  # fmt: skip


@pytest.mark.parametrize("language", WRITTEN)
def test_three_sentences_are_told_by_their_language(language: str) -> None:
    assert languages_of([" ".join(WRITTEN[language])]) == [language]


def test_of_single_sentences_few_are_undecided_and_none_is_told_wrong() -> None:
    told = {language: languages_of(sentences) for language, sentences in WRITTEN.items()}
    assert all(set(found) <= {language, UNDECIDED} for language, found in told.items())
    assert sum(found.count(UNDECIDED) for found in told.values()) == 5


def test_what_hardly_says_anything_is_undecided() -> None:
    texts = ["", "ok", "n/a", "no comment", "12345", "👍", "!!!", "WLAN", "a\x00\ud800", "<PERSON> <EMAIL>"]
    assert languages_of(texts) == [UNDECIDED] * len(texts)


def test_placeholders_are_no_language() -> None:
    said = "Nadie contesta al teléfono desde el lunes."
    assert languages_of([f"<PERSON> <ADDRESS> {said} <ACCOUNT> XXXX"]) == languages_of([said]) == ["es"]


def test_the_same_text_has_the_same_language_whatever_stands_beside_it() -> None:
    texts = [text for written in WRITTEN.values() for text in written]
    assert languages_of(reversed(texts)) == list(reversed(languages_of(texts)))


def test_every_language_has_a_code_and_a_name_of_its_own() -> None:
    names = language_names()
    assert all(re.fullmatch("[a-z]{2}", code) for code in names)
    assert len(set(names.values())) == len(names) == 74
    assert re.fullmatch(r"languages-2\+py3langid-[\d.]+", LANGUAGE_MODEL_ID)
