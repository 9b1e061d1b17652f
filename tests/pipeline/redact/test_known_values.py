import pytest

from pipeline.redact.known_values import known_values_in


def pieces(text: str, *values: str) -> set[tuple[str, str]]:
    return {(found.kind, text[found.start : found.end]) for found in known_values_in(text, values)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yours, Jakub Okafor", {"Jakub Okafor", "Jakub", "Okafor"}),
        ("OKAFOR, JAKUB wrote", {"OKAFOR, JAKUB", "OKAFOR", "JAKUB"}),
        ("jakub's router", {"jakub"}),
        ("Mr. Okafor's bill", {"Okafor"}),
        ("Jakubs and Okaforson", set()),
    ],
)
def test_name_is_found_whole_and_in_parts(text: str, expected: set[str]) -> None:
    assert pieces(text, "Jakub Okafor") == {("PERSON", piece) for piece in expected}


def test_name_that_is_a_word_is_found_only_within_the_full_name() -> None:
    assert pieces("You will grace us with May prices", "Grace May") == set()
    assert pieces("Regards, Grace May", "Grace May") == {("PERSON", "Grace May")}


def test_parts_of_two_letters_are_found_only_within_the_full_name() -> None:
    assert pieces("so Li and Bo", "Bo Li") == set()
    assert pieces("ask Bo Li", "Bo Li") == {("PERSON", "Bo Li")}


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("田中 太郎", "田中太郎です。太郎、田中さん", {"田中太郎", "田中", "太郎"}),
        ("田中 太郎", "VIP田中太郎san", {"田中太郎", "田中", "太郎"}),
        ("김 민수", "김민수입니다, 민수가", {"김민수", "민수"}),
        ("王明", "王明来了", {"王明"}),
        ("王 明", "王道、明日", set()),
        ("王", "王道", set()),
        ("ゆき", "ゆきました", set()),
        ("Jakub Okafor", "私はJakubです、Okaforson、Jakub Okafor입니다", {"Jakub", "Jakub Okafor", "Okafor"}),
        ("Bo Li", "저는Bo Li입니다. Bo는 Bo Lin", {"Bo Li"}),
    ],
)
def test_names_are_found_beside_letters_of_scripts_without_spaces(
    value: str, text: str, expected: set[str]
) -> None:
    assert pieces(text, value) == {("PERSON", piece) for piece in expected}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("jx@example.org", "EMAIL"),
        ("01632 960123", "PHONE"),
        ("LK113061", "ACCOUNT"),
        ("4711", "ACCOUNT"),
        ("27 Mill Lane", "ADDRESS"),
        ("Łukasz Żuk", "PERSON"),
    ],
)
def test_other_values_are_found_by_their_kind_whatever_their_case(value: str, kind: str) -> None:
    text = f"it is {value.upper()}, please"
    assert (kind, value.upper()) in pieces(text, value)


def test_nothing_known_finds_nothing() -> None:
    assert pieces("some text") == set()
    assert pieces("a b", "", " ", "a", "12") == set()
