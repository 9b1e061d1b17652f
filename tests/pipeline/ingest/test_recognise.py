import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.ingest.open_table import open_table
from pipeline.ingest.recognise import named_source, read_header, recognise
from pipeline.ingest.table_file import Line
from pipeline.workspace import Workspace

PRODUCTS = "review_id,stars,product_name,content,created_at"
CFPB = "Complaint ID,Consumer complaint narrative,Date received,Company,Issue"
FRESHSERVICE = "Ticket Id,Subject,Status,Priority,Source,Created Time,Description,Requester Name"


@pytest.fixture
def file_with(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file: `file_with("id,text", encoding="utf-16")`."""

    def write(content: str, name: str = "a.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text(content, encoding=encoding)
        return path

    return write


@pytest.mark.parametrize(
    "header",
    [
        PRODUCTS,
        PRODUCTS.upper(),
        f"more,{PRODUCTS},more",
        ",".join(reversed(PRODUCTS.split(","))),
        PRODUCTS.replace(",", ";"),
        PRODUCTS.replace(",", "\t"),
        f'"{PRODUCTS}"'.replace(",", '","'),
        PRODUCTS.replace(",", " , "),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_order_case_delimiter_and_encoding_do_not_count(
    header: str, encoding: str, file_with: Callable[..., Path]
) -> None:
    assert recognise(file_with(header + "\n", encoding=encoding)) == "trustpilot_products"


def test_the_more_specific_of_two_signatures_is_taken(file_with: Callable[..., Path]) -> None:
    assert recognise(file_with(FRESHSERVICE + "\n")) == "freshservice"
    assert recognise(file_with(FRESHSERVICE.replace("Requester Name", "Name") + "\n")) == "freshdesk"


def test_two_signatures_are_refused_and_named(file_with: Callable[..., Path]) -> None:
    path = file_with(f"{PRODUCTS},{CFPB}\n")
    with pytest.raises(SourceError, match="several dialects: cfpb, trustpilot_products") as caught:
        recognise(path)
    assert caught.value.next_command == f"heartline ingest {path} --source cfpb, or another of them"


def test_an_unknown_header_gets_the_nearest_dialect_and_a_block_to_fill_in(
    file_with: Callable[..., Path],
) -> None:
    path = file_with(CFPB.replace("Issue", "Topic") + "\n")
    with pytest.raises(SourceError) as caught:
        recognise(path)
    assert caught.value.message == (
        f"{path} has the signature of no dialect; the nearest is cfpb (The CFPB's consumer complaints), "
        "but it lacks 'Issue'"
    )
    assert caught.value.left_undone == "nothing was read, and heartline.toml is as it was"
    assert '[[sources]]\nid = "my_source"\nkind = "review"               # or ticket, or survey\n' in (
        caught.value.next_command
    )
    assert '"Complaint ID", "Consumer complaint narrative", "Date received"' in caught.value.next_command


def test_a_header_near_to_nothing_names_no_dialect(file_with: Callable[..., Path]) -> None:
    with pytest.raises(SourceError, match=r"has the signature of no dialect$"):
        recognise(file_with("number,words\n1,a\n"))


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        ("a.csv", "", "is empty"),
        ("a.json", '{"users": []}', "holds no list of"),
        ("a.json", '{"data": 3', "no JSON"),
        ("b.csv", None, "is not there"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    name: str, content: str | None, finding: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(SourceError, match=finding):
        recognise(tmp_path / name)


@pytest.mark.parametrize("document", ['{"tickets": [], "count": 0}', '{"data": []}', "[]", "[{}]"])
def test_json_without_records_is_told_as_such(document: str, file_with: Callable[..., Path]) -> None:
    path = file_with(document, "a.json")
    with pytest.raises(SourceError) as caught:
        recognise(path)
    assert caught.value.message == f"{path} holds no records, so nothing tells its dialect"
    assert caught.value.next_command == (
        "export it again, or name its dialect (app_store, intercom, zendesk): "
        f"heartline ingest {path} --source DIALECT"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_of_records_of_no_dialect_is_made_json_lines_by_the_next_command(
    encoding: str, file_with: Callable[..., Path]
) -> None:
    path = file_with('[\n  {"n": 1, "words": "Größer"},\n  {"n": 2, "words": "b"}\n]\n', "a b.json", encoding)
    with pytest.raises(SourceError, match="it is to be JSON Lines, an object a line") as caught:
        recognise(path)
    command, advice = caught.value.next_command.rsplit("; ", 1)
    subprocess.run(["sh", "-c", command], check=True)
    assert advice == "then read that file in its place"
    made = path.with_name("a b_lines.jsonl")
    assert [Line(1, ["1", "Größer"]), Line(2, ["2", "b"])] == list(open_table(made, []).lines())


def test_the_header_of_json_is_its_first_records_keys(file_with: Callable[..., Path]) -> None:
    lines = '{"id": 1, "a": {"b": {"c": {"d": 1}}}, "l": [3, {"m": [{"n": 1}]}]}\n{"id": 2, "z": 1}\n'
    assert read_header(file_with(lines, "a.json")) == (
        *("id", "a", "a.b", "a.b.c"),
        *("l", "l.m", "l.m.n"),
    )


def test_a_source_of_the_dialect_auto_has_that_of_its_first_file(
    make_workspace: Callable[..., Path],
) -> None:
    files = {"b.csv": "id,text\n", "a.csv": PRODUCTS + "\n"}
    folder = make_workspace({"files": files, "dialect": "auto", "kind": "review"})
    workspace = Workspace.open(folder)
    assert named_source(workspace, workspace.settings.sources[0]).dialect == "trustpilot_products"
