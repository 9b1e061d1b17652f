import tomllib
from pathlib import Path

import pytest

from pipeline.config import SourceSettings
from pipeline.ingest.settings_text import NotPossibleError, block_to_fill_in, with_file, with_source

TEXT = """\
name = "Ours"   # ours
[[sources]]
id = "a"
# [[sources]] in a comment
files = ["a.csv"]   # January

[[sources]]
id = "b"
files = [
    "b.csv",
]

[notify]
urls = []
"""
SOURCE = SourceSettings(id="c", kind="survey", dialect="typeform", files=('odd "name"\n.csv',))


def test_a_source_comes_after_all_that_stands_there() -> None:
    after = with_source(TEXT, SOURCE)
    assert after.startswith(TEXT)
    assert tomllib.loads(after)["sources"][2] == {
        "id": "c",
        "kind": "survey",
        "dialect": "typeform",
        "files": ['odd "name"\n.csv'],
    }


@pytest.mark.parametrize("place", [0, 1])
def test_a_file_is_put_into_the_list_of_its_source_alone(place: int) -> None:
    after = with_file(TEXT, place, 'new "é".csv')
    sources = tomllib.loads(after)["sources"]
    assert [len(source["files"]) for source in sources] == ([2, 1] if place == 0 else [1, 2])
    assert sources[place]["files"][1] == 'new "é".csv'
    kept = [line for line in TEXT.splitlines() if "files" not in line and "b.csv" not in line and line != "]"]
    assert [line for line in kept if line not in after.splitlines()] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["a [2026].csv"]', '["a [2026].csv", "b.csv"]'),
        (r'["a\"]#\\", ]  # ["', r'["a\"]#\\", "b.csv" ]  # ["'),
        ("['a].csv', 'c\".csv']", "['a].csv', 'c\".csv', \"b.csv\"]"),
        (
            '[\n  "a.csv",  # of [March], "old"\n  # all\n]',
            '[\n  "a.csv",  # of [March], "old"\n  # all\n  "b.csv",\n]',
        ),
        (
            '[ # ours, all\n\t"c.csv",\n\t"a.csv" # no, comma\n\t]',
            '[ # ours, all\n\t"c.csv",\n\t"a.csv", # no, comma\n\t"b.csv"\n\t]',
        ),
        ('["a.csv", # March\n]', '["a.csv", # March\n    "b.csv",\n]'),
    ],
)
def test_a_list_keeps_its_names_its_comments_and_its_form(before: str, after: str) -> None:
    text = '[[sources]]\nid = "a"\n  files = {}\nkind = "review"\n'
    assert with_file(text.format(before), 0, "b.csv") == text.format(after)


@pytest.mark.parametrize(
    "text",
    [
        'sources = [{ id = "a", files = ["a.csv"] }]\n',
        '[[sources]]\nid = "a"\n"files" = ["a.csv"]\n',
        '[[sources]]\nid = "a"\nnote = """\nfiles = []\n"""\nfiles = ["a.csv"]\n',
        '[[sources]]\nid = "a"\nfiles = ["""\na.csv"""]\n',
    ],
)
def test_what_cannot_be_changed_for_certain_is_left_alone(text: str) -> None:
    with pytest.raises(NotPossibleError):
        with_file(text, 0, "b.csv")


def test_a_list_of_sources_takes_no_block() -> None:
    with pytest.raises(NotPossibleError):
        with_source('sources = [{ id = "a", files = ["a.csv"] }]\n', SOURCE)


def test_a_block_to_fill_in_is_toml_with_the_files_columns_in_a_comment() -> None:
    header = [f"column {number}\n" for number in range(50)]
    block = block_to_fill_in(Path('/exports/odd "name" \x7f🙂.csv'), header)
    assert tomllib.loads(block)["sources"][0]["files"] == ['/exports/odd "name" \x7f🙂.csv']
    assert '"column 39\\n", ...' in block
