import numpy as np
import pytest

from models.near_duplicates import BAND_SIZE, BANDS, are_alike, signatures

COMPLAINT = (
    "I was told that my engineer would come between eight and twelve on Monday but nobody came, and when I "
    "called <PERSON> said that there was no appointment in the system for that day."
)


def are_near(one: str, other: str) -> bool:
    left, right = signatures([one, other])
    assert left is not None
    assert right is not None
    return bool(are_alike(left[None], right[None])[0])


@pytest.mark.parametrize(
    "copy",
    [
        COMPLAINT.upper(),
        COMPLAINT.replace(",", " –").replace(".", "!"),
        COMPLAINT.replace("<PERSON>", "XXXX"),
        COMPLAINT.replace("Monday", "Thursday"),
        COMPLAINT + " Please answer soon.",
    ],
)
def test_a_copy_is_alike_whatever_its_case_its_signs_its_placeholders_or_one_word(copy: str) -> None:
    assert are_near(COMPLAINT, copy)


def test_the_same_story_in_other_words_is_not() -> None:
    other = "Nobody came on Monday although they had promised it to me, and by phone they knew of nothing."
    assert not are_near(COMPLAINT, other)


def test_below_ten_words_a_text_has_no_signature() -> None:
    nine = "one two three four five six seven eight nine"
    short = ["", "Good service", nine, f"{nine} <PERSON> XXXX"]
    assert signatures(short) == [None] * 4
    (found,) = signatures([f"{nine} ten"])
    assert found is not None
    assert (found.dtype, found.shape) == (np.uint32, (BANDS * BAND_SIZE,))


def test_a_signature_does_not_depend_on_its_neighbours() -> None:
    alone, beside = signatures([COMPLAINT])[0], signatures(["Good service", COMPLAINT * 2, COMPLAINT])[2]
    assert np.array_equal(alone, beside)


def test_the_share_of_equal_places_estimates_the_share_of_runs_in_common() -> None:
    words = [f"w{number}" for number in range(402)]
    for n_changed in (40, 80, 120):
        left, right = signatures([" ".join(words), " ".join([*words[n_changed:], *"abcdefghijkl"])])
        both = 400 - n_changed
        assert left is not None
        assert right is not None
        assert (left == right).mean() == pytest.approx(both / (400 + 12), abs=0.13)
