import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.book.assign import Assignment, assign
from pipeline.book.book import Book
from pipeline.book.intrusion import Question, as_key, as_sheet, questions, score_sheet
from pipeline.errors import SourceError


@pytest.fixture
def texts(book: Book) -> tuple[list[str], Assignment]:
    """Twelve sentences on late buses, twelve on rude drivers, four on refunds, one on nothing."""
    counts = (12, 12, 4)
    vectors = np.concatenate([np.tile(np.eye(8)[place], (n, 1)) for place, n in enumerate(counts)])
    vectors += 0.05 * np.random.default_rng(3).normal(size=vectors.shape)
    vectors = np.concatenate([vectors, np.eye(8)[7:]])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    names = [
        f"{what} {row}"
        for what, n in zip(("bus", "driver", "refund"), counts, strict=True)
        for row in range(n)
    ]
    return [*names, "nothing"], assign(vectors.astype(np.float32), book)


def test_each_question_has_five_of_a_theme_and_one_of_another(
    book: Book, texts: tuple[list[str], Assignment]
) -> None:
    asked = questions(book, *texts, most=20, seed=1)
    assert sorted(one.theme_id for one in asked) == sorted(book.ids[:2])
    for one in asked:
        assert len(set(one.texts)) == 6
        kinds = [text.split()[0] for text in one.texts]
        odd = kinds.pop(one.intruder - 1)
        assert set(kinds) == {{book.ids[0]: "bus", book.ids[1]: "driver"}[one.theme_id]}
        assert odd == {book.ids[0]: "bus", book.ids[1]: "driver"}[one.intruder_theme_id] != kinds[0]


def test_the_same_seed_gives_the_same_sheet(book: Book, texts: tuple[list[str], Assignment]) -> None:
    sheets = [as_sheet(questions(book, *texts, most=20, seed=seed)) for seed in (1, 1, 2)]
    assert sheets[0] == sheets[1] != sheets[2]
    assert len(questions(book, *texts, most=1, seed=1)) == 1


def test_one_theme_alone_has_no_intruder(
    make_book: Callable[..., Book], texts: tuple[list[str], Assignment]
) -> None:
    assert questions(make_book("late bus"), *texts, most=20, seed=1) == []


def question(intruder: int, theme_id: str = "t_1") -> Question:
    return Question(theme_id, ("=a", "b, c", "d\n e", " -f", "g", "h"), intruder, "t_9")


def test_a_sheet_is_a_table_that_no_spreadsheet_computes() -> None:
    rows = list(csv.DictReader(io.StringIO(as_sheet([question(2)]))))
    assert rows == [
        {
            "question": "1",
            "text_1": "'=a",
            "text_2": "b, c",
            "text_3": "d\n e",
            "text_4": "' -f",
            "text_5": "g",
            "text_6": "h",
            "intruder": "",
        }
    ]


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """A sheet with these answers, and the key of three questions whose intruders are 2, 5 and 6."""

    def make(*answers: str, heading: str = "question,intruder", mark: str = ",") -> tuple[Path, Path]:
        sheet, key = tmp_path / "sheet.csv", tmp_path / "key.json"
        rows = [f"{number}{mark}{answer}" for number, answer in enumerate(answers, start=1)]
        sheet.write_text("\n".join([heading, *rows]) + "\n", "utf-8-sig")
        key.write_text(as_key([question(2, "t_1"), question(5, "t_2"), question(6, "t_3")]), "utf-8")
        return sheet, key

    return make


def test_a_filled_in_sheet_is_scored(files: Callable[..., tuple[Path, Path]]) -> None:
    score = score_sheet(*files("2", " 1 ", ""))
    assert (score.n_answered, score.share_found, score.missed) == (2, 0.5, ("t_2",))
    assert (round(score.ci_low, 3), round(score.ci_high, 3)) == (0.095, 0.905)
    other = score_sheet(*files("2", "5", "6", heading="question;intruder", mark=";"))
    assert (other.n_answered, other.share_found, other.missed) == (3, 1.0, ())


@pytest.mark.parametrize(
    ("answers", "heading", "says"),
    [
        (("7", "b", "2"), "question,intruder", "row 2: the answer '7' is no number from 1 to 6; row 3: the"),
        (("2", "5", "6", "1"), "question,intruder", "row 5: question '4' is not one of the key's"),
        (("", "", ""), "question,intruder", "no question has an answer"),
        (("2",), "number,intruder", "it lacks the column question"),
    ],
)
def test_a_sheet_that_cannot_be_scored_says_why(
    files: Callable[..., tuple[Path, Path]], answers: tuple[str, ...], heading: str, says: str
) -> None:
    with pytest.raises(SourceError) as refusal:
        score_sheet(*files(*answers, heading=heading))
    assert says in refusal.value.message
    assert refusal.value.left_undone == "nothing was scored"


@pytest.mark.parametrize("content", ["", "{}", "[1]", json.dumps([{"intruder": 9, "theme_id": "t_1"}])])
def test_a_key_that_is_none_is_refused(files: Callable[..., tuple[Path, Path]], content: str) -> None:
    sheet, key = files("2")
    key.write_text(content, "utf-8")
    with pytest.raises(SourceError, match=r"key\.json"):
        score_sheet(sheet, key)
