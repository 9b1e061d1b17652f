import json
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.ingest.contract import Rejection
from pipeline.ingest.jsonl_file import COLUMN_LIMIT, open_jsonl
from pipeline.ingest.table_file import Line


def read(path: Path, *lines: str, wanted: tuple[str, ...] = ("id", "text")) -> list[Line | Rejection]:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(open_jsonl(path, wanted).lines())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.jsonl"


def test_objects_within_are_columns_by_their_path(path: Path) -> None:
    rows = read(path, '{"id": 1, "author": {"id": "c1", "home": {"city": "Bath"}}}', "", '{"text": "late"}')
    assert open_jsonl(path, ["text"]).columns == ("id", "author.id", "author.home.city", "text")
    assert rows == [Line(1, ["1", "c1", "Bath", ""]), Line(3, ["", "", "", "late"])]


def test_values_are_texts_without_loss(path: Path) -> None:
    line = '{"id": 12345678901234567890, "a": 5.0, "b": 0.1, "c": true, "d": null, "e": [1, {"f": "ü"}]}'
    assert read(path, line) == [
        Line(1, ["12345678901234567890", "5", "0.1", "true", "", '[1, {"f": "\\u00fc"}]'])
    ]


@pytest.mark.parametrize(
    ("line", "column", "value", "expected"),
    [
        ('{"id": 1, "text": "cut', "", None, "one value of JSON a line"),
        ('["id", "text"]', "", "no object", "an object of JSON"),
        ("null", "", "no object", "an object of JSON"),
        ('{"id": 1, "text": ["a"]}', "text", "a list", "a text, a number or a date"),
        ('{"id": 1, "text": {"body": "a"}}', "text", "an object", "a text, a number or a date"),
        ('{"id": {"x": 1}, "id.x": 2}', "", None, None),
        ('{"text": "a\\u0000b"}', "text", "a NUL byte", "text"),
        ('{"text": "a\\ud800b"}', "text", "half a character", "text"),
        ('{"x": {"y": 1}, "x.y": 2, "text": "a"}', "x.y", "two values", "one value"),
        (
            '{"text": ' + "[" * 65 + "]" * 65 + "}",
            "",
            "JSON nested more than 64 deep",
            "one value of JSON a line",
        ),
    ],
)
def test_a_bad_line_is_rejected_and_the_others_are_read(
    path: Path, line: str, column: str, value: str | None, expected: str | None
) -> None:
    rows = read(path, '{"id": 1, "text": "good"}', line, '{"id": 3, "text": "fine"}')
    assert [row.number for row in rows] == [1, 2, 3]
    bad = rows[1]
    assert isinstance(bad, Rejection)
    assert bad.reason == "unreadable row"
    if value is not None:
        assert (bad.column, bad.value, bad.expected) == (column, value, expected)
    assert [isinstance(row, Line) for row in rows] == [True, False, True]


def test_a_line_without_any_value_is_no_record(path: Path) -> None:
    blank = ["{}", '{"id": null, "text": " "}', '{"author": {"id": null}}']
    rows = read(path, '{"id": 1, "text": "good"}', *blank, '{"id": 2}')
    assert rows == [Line(1, ["1", "good", ""]), Line(5, ["2", "", ""])]


@pytest.mark.parametrize(
    ("line", "leads_on"),
    [('[{"id": 1}]', "python3 -c "), ("{}", "head -c 300 "), ("no json at all", "head -c 300 ")],
)
def test_a_file_without_an_object_is_refused(path: Path, line: str, leads_on: str) -> None:
    with pytest.raises(SourceError, match="has no object on any line; JSON Lines were expected") as caught:
        read(path, line)
    assert caught.value.next_command.startswith(leads_on)


def test_names_without_end_are_refused(path: Path) -> None:
    with pytest.raises(SourceError, match="has more than 2,000 different names"):
        read(path, *(json.dumps({f"id{number}": "x"}) for number in range(COLUMN_LIMIT + 1)))
