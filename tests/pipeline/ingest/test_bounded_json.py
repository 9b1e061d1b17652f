import json
from pathlib import Path

import pytest

from pipeline.ingest import bounded_json
from pipeline.ingest.bounded_json import UnfitJsonError, parse_json, read_document, read_lines
from pipeline.ingest.contract import Rejection


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize("text", ['{"a": [1, "b", null]}', "3", nested(64), '{"a":' * 64 + "1" + "}" * 64])
def test_json_within_the_limits_is_read_as_it_is(text: str) -> None:
    assert parse_json(text) == json.loads(text)


@pytest.mark.parametrize(
    "text", [nested(65), nested(900), nested(100_000), '{"a":' * 65 + "1" + "}" * 65, "[" * 1_000_000]
)
def test_json_nested_more_than_64_deep_is_refused(text: str) -> None:
    with pytest.raises(UnfitJsonError, match="JSON nested more than 64 deep"):
        parse_json(text)


def test_json_of_very_many_small_values_is_refused_before_they_are_made() -> None:
    with pytest.raises(UnfitJsonError, match="more than 2,000,000 values"):
        parse_json("[" + "[]," * 2_000_000 + "[]]")


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ('{"a": }', "no JSON: Expecting value at column 7"),
        ("", "no JSON: Expecting value at column 1"),
        ('{"a": 1,\n "b": }', "no JSON: Expecting value at line 2, column 7"),
        ('{"a": "cut', "no JSON: Unterminated string starting at column 7"),
        ('{"a":\n }', "no JSON: Expecting value at line 2, column 2"),
        ('"x\\qy"', "no JSON: Invalid \\escape at column 3"),
        ('"Zo\tNg"', "no JSON: Invalid control character at column 4"),
        ("9" * 5_000, "no JSON: a number of thousands of digits"),
    ],
)
def test_what_is_no_json_is_refused_without_showing_it(text: str, finding: str) -> None:
    with pytest.raises(UnfitJsonError) as caught:
        parse_json(text)
    assert str(caught.value) == finding


def test_a_document_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_text('["süß"]', encoding="utf-16")
    assert read_document(path, "utf-16") == ["süß"]
    monkeypatch.setattr(bounded_json, "DOCUMENT_LIMIT", 6)
    with pytest.raises(UnfitJsonError, match="one document of more than"):
        read_document(path, "utf-16")


def test_each_line_is_read_or_says_why_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_json, "FIELD_LIMIT", 200)
    path = tmp_path / "a.jsonl"
    lines = ['{"id": 1}', "", '{"id": 2', nested(65).ljust(190), '"' + "x" * 900 + '"', '{"id": 3}']
    path.write_text("\n".join(lines), encoding="utf-8")
    expected = "one value of JSON a line"
    found = list(read_lines(path, "utf-8"))
    assert found[0] == (1, {"id": 1})
    assert [row.value for row in found if isinstance(row, Rejection)] == [
        "no JSON: Expecting ',' delimiter at column 9",
        "JSON nested more than 64 deep",
        "a line of more than 0 MiB",
    ]
    assert found[1] == Rejection(3, None, "unreadable row", "", found[1].value, expected)  # type: ignore[union-attr]
    assert found[4] == (6, {"id": 3})
