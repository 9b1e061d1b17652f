from __future__ import annotations

import numpy as np
import pytest

from models.cues import FEEDBACK, Feeling, effort, feedback, read_cues


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I called five times and still no answer.", -2),
        ("Waited on hold for two hours.", -2),
        ("I had to call them again.", -1),
        ("It was difficult to find the form.", -1),
        ("Checkout was easy.", 1),
        ("So easy to set up!", 2),
        ("It was not easy to set up.", -1),
        ("Quick delivery, but I called three times about the bill.", -2),
        ("The dress is blue.", np.nan),
        ("", np.nan),
    ],
)
def test_effort_follows_the_strongest_cue(text: str, expected: float) -> None:
    np.testing.assert_equal(effort([text], read_cues()), [expected])


def kind(text: str, emotion: str = "neutral", sentiment: str = "neutral", *, is_pain: bool = False) -> str:
    feeling = Feeling(np.asarray([emotion]), np.asarray([sentiment]), np.asarray([is_pain]))
    return str(feedback([text], feeling, read_cues())[0])


def test_feedback_takes_the_first_rule_that_holds() -> None:
    assert kind("More parking.", "desire", is_pain=True) == "request"
    assert kind("Why does it crash?", is_pain=True) == "problem"
    assert kind("How do I activate it?") == "question"
    assert kind("Please send me the form.") == "request"
    assert kind("Lovely staff.", "joy", "positive") == "praise"
    assert kind("It is blue.") == "other"


def test_no_texts_give_no_values() -> None:
    none = Feeling(
        np.asarray([], dtype=np.str_), np.asarray([], dtype=np.str_), np.asarray([], dtype=np.bool_)
    )
    assert effort([], read_cues()).shape == feedback([], none, read_cues()).shape == (0,)


def test_kinds_are_named() -> None:
    assert FEEDBACK == ("problem", "request", "praise", "question", "other")
