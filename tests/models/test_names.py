import random
import shutil
from pathlib import Path

import pytest

from models.errors import ModelAltered
from models.name_pieces import pieces_of
from models.names import FOLDER, MARGIN, WINDOW, NameFinder, open_tokenizer


@pytest.fixture(scope="module")
def finder() -> NameFinder:
    return NameFinder.load()


def named(finder: NameFinder, text: str) -> list[tuple[str, str]]:
    return [(name.kind, text[name.start : name.end]) for name in finder.find([text])[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I spoke to Sarah Whitfield in billing.", [("PERSON", "Sarah Whitfield")]),
        ("Hi Janette, we are sorry.", [("PERSON", "Janette")]),
        ("Regards\nOluwaseun Adebayo", [("PERSON", "Oluwaseun Adebayo")]),
        ("my name is priya raman and i am angry", [("PERSON", "priya raman")]),
        ("Dr Kowalczyk was kind and Nurse Beatriz too", [("PERSON", "Kowalczyk"), ("PERSON", "Beatriz")]),
        ("Ask for Tom, Ana and Siobhan.", [("PERSON", "Tom"), ("PERSON", "Ana"), ("PERSON", "Siobhan")]),
        ("The shop in Sheffield was closed.", [("PLACE", "Sheffield")]),
    ],
)
def test_names_are_found(finder: NameFinder, text: str, expected: list[tuple[str, str]]) -> None:
    assert named(finder, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Hi there, thanks for the quick reply!",
        "Dear Sir or Madam,",
        "On Monday, 4 May I called Customer Service twice.",
        "My Samsung Galaxy lost its connection after the Android update.",
        "Will you mark it as paid? May I ask why?",
        "The price was great and the dress fits true to size.",
        "THE WORST SERVICE I HAVE EVER HAD",
        "",
        "   \n ",
        "🙂🙂 !!! ...",
    ],
)
def test_what_is_no_name_is_not_found(finder: NameFinder, text: str) -> None:
    assert named(finder, text) == []


def test_neighbours_and_order_change_nothing(finder: NameFinder) -> None:
    texts = [
        "I spoke to Sarah Whitfield in billing.",
        "no",
        "Hi Janette, " + "we are so very sorry to hear that. " * 60 + "Regards, Piotr",
        "",
        "my name is priya raman",
    ] * 9
    alone = [finder.find([text])[0] for text in texts]
    assert finder.find(texts) == alone
    places = list(range(len(texts)))
    random.Random(1).shuffle(places)
    assert finder.find([texts[place] for place in places]) == [alone[place] for place in places]


@pytest.mark.parametrize("n_before", [0, MARGIN, WINDOW - MARGIN, WINDOW, 3 * WINDOW + 7, 20_000])
def test_names_are_found_at_any_depth_of_a_long_text(finder: NameFinder, n_before: int) -> None:
    text = "so " * n_before + "I spoke to Sarah Whitfield in billing. " + "so " * 400
    assert named(finder, text) == [("PERSON", "Sarah Whitfield")]


def test_pieces_tell_case_gaps_and_words() -> None:
    text = "Hi ANNA,\n3x mcDonald"
    tokenizer = open_tokenizer(FOLDER / "../tokenizer.json")
    pieces = pieces_of(text, tokenizer.encode(text, add_special_tokens=False))
    words = [text[start:end] for start, end in pieces.offsets]
    assert words[:3] == ["Hi", "ANNA", ","]
    shapes, gaps, cases = pieces.features.T[1:].tolist()
    assert shapes[:3] == [2, 4, 0]
    assert gaps[:4] == [3, 1, 0, 2]
    assert set(cases) == {1}
    assert (pieces.words[1:] >= pieces.words[:-1]).all()


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "weights" / "names"
    shutil.copytree(FOLDER, folder)
    shutil.copy(FOLDER / "../tokenizer.json", tmp_path / "weights" / "tokenizer.json")
    content = bytearray((folder / "names.onnx").read_bytes())
    content[1_000] ^= 1
    (folder / "names.onnx").write_bytes(content)
    with pytest.raises(ModelAltered, match=r"names\.onnx has sha256"):
        NameFinder.load(folder)
