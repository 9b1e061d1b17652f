import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.ingest import csv_file
from pipeline.ingest.contract import Rejection
from pipeline.ingest.csv_file import open_csv
from pipeline.ingest.table_file import Line


def read(path: Path, content: str | bytes) -> list[Line | Rejection]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(open_csv(path, ["id", "text"]).lines())


def test_lines_count_from_the_header_and_through_quoted_newlines(tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv", 'id,text\n1,"two\nlines"\n\n2,one\r\n3,"a ""b"""\n') == [
        Line(2, ["1", "two\nlines"]),
        Line(5, ["2", "one"]),
        Line(6, ["3", 'a "b"']),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_the_one_under_which_the_header_holds_the_columns(
    tmp_path: Path, delimiter: str
) -> None:
    content = f"id{delimiter}text\n1{delimiter}good, but slow; sorry | bye\n"
    assert open_csv_columns(tmp_path, content) == ("id", "text")


def open_csv_columns(folder: Path, content: str) -> tuple[str, ...]:
    path = folder / "a.csv"
    path.write_text(content)
    return open_csv(path, ["id", "text"]).columns


@pytest.mark.parametrize("first_line", ["sep=;\r\n", '"sep=;"\n', "SEP=;\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_first_line_that_names_the_delimiter_is_no_header(
    tmp_path: Path, first_line: str, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"{first_line}id;a, b, text\n1;2, 3, 4\n\n5;6\n".encode(encoding))
    file = open_csv(path, ["text"])
    assert file.columns == ("id", "a, b, text")
    assert list(file.lines()) == [Line(3, ["1", "2, 3, 4"]), Line(5, ["5", "6"])]


@pytest.mark.parametrize("delimiter", [",", "\t", "|", "^"])
def test_any_sign_may_be_named_as_delimiter(tmp_path: Path, delimiter: str) -> None:
    rows = read(tmp_path / "a.csv", f"sep={delimiter}\nid{delimiter}text\n1{delimiter}a;b\n")
    assert rows == [Line(3, ["1", "a;b"])]


def test_a_line_that_names_the_delimiter_and_nothing_else_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has no header"):
        read(tmp_path / "a.csv", "sep=,\n")


def test_ragged_rows_are_rejected_with_what_was_found(tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv", "id,text\n1,a,b\n2\n3,c\n") == [
        Rejection(2, None, "unreadable row", "", "3 cells", "2 cells"),
        Rejection(3, None, "unreadable row", "", "1 cell", "2 cells"),
        Line(4, ["3", "c"]),
    ]


@pytest.mark.parametrize("blank", [",", ",,,", '"",""', " ,\t", '"\n"'])
def test_a_blank_row_is_no_record_whatever_its_number_of_cells(tmp_path: Path, blank: str) -> None:
    lines = 1 + blank.count("\n")
    assert read(tmp_path / "a.csv", f"id,text\n1,a\n{blank}\n,b\n{blank}\n") == [
        Line(2, ["1", "a"]),
        Line(3 + lines, ["", "b"]),
    ]


def test_nul_rejects_its_row_only(tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv", b"id,text\n1,a\0b\n2,c\n") == [
        Rejection(2, None, "unreadable row", "", "a NUL byte", "text"),
        Line(3, ["2", "c"]),
    ]


def test_text_after_a_closing_quote_rejects_its_row_only(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", 'id,text\n1,"a"b\n2,c\n')
    assert rows == [
        Rejection(2, None, "unreadable row", "", "',' expected after '\"'", "closed quotes"),
        Line(3, ["2", "c"]),
    ]


@pytest.mark.parametrize(
    "content", ['id,text\n1,fine\n2,"open\n3,lost\n', 'id,text\n1,fine\n2,"open\n3,"late" quote\n4,d\n']
)
def test_open_quote_refuses_the_file_and_names_its_line(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match="record on line 3 is not closed") as caught:
        read(tmp_path / "a.csv", content)
    assert caught.value.facts["line"] == 3
    assert caught.value.left_undone == "nothing of this file was stored"


@pytest.mark.parametrize("content", ["\n1,a\n", '"id,text\n1,a\n'])
def test_broken_header_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match="has no header"):
        read(tmp_path / "a.csv", content)


@pytest.mark.parametrize(
    ("first_line", "finding"),
    [
        ("1,good", "cell 1 of its first line is 1,"),
        ("ada,me@example.org", "cell 2 of its first line is 14 char"),
    ],
)
def test_values_in_the_place_of_names_are_refused_without_showing_words(
    tmp_path: Path, first_line: str, finding: str
) -> None:
    with pytest.raises(SourceError, match=f"has no header: {finding}"):
        read(tmp_path / "a.csv", f"{first_line}\n2,bad\n")


def test_a_line_without_an_end_is_refused_before_it_is_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "FIELD_LIMIT", 50)
    with pytest.raises(SourceError, match="a line or cell of the record on line 3 is longer than 0 MiB"):
        read(tmp_path / "a.csv", "id,text\n1,a\n2," + "x" * 50 + "\n3,b\n")
    with pytest.raises(
        SourceError, match="has no header: its first line is blank, has an open quote or does not"
    ):
        read(tmp_path / "a.csv", "id,text," * 10)


def test_column_is_found_whatever_its_case_and_spaces(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Review ID , TEXT\n")
    assert open_csv(path, []).position("review  id") == 0


def test_missing_column_names_the_closest_and_all_there_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,comment_text\n")
    with pytest.raises(SourceError) as caught:
        open_csv(path, []).position("comment_txt")
    assert caught.value.message == (
        f"{path} has no column 'comment_txt' (did you mean 'comment_text'?); "
        "its columns are: 'id', 'comment_text'"
    )
    assert caught.value.next_command.endswith("heartline ingest")


def test_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text,Text\n")
    with pytest.raises(SourceError, match="has the column 'text' 2 times, as columns 2 and 3; its") as caught:
        open_csv(path, []).position("text")
    assert caught.value.next_command == (
        "give each its own name, where the table is exported or in its header; then the same command"
    )


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    cells=st.lists(st.tuples(CELLS, CELLS), max_size=12),
    delimiter=st.sampled_from(",;\t|"),
    form=st.sampled_from([(csv.QUOTE_ALL, "\n"), (csv.QUOTE_ALL, "\r\n"), (csv.QUOTE_MINIMAL, "\r\n")]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_every_written_record_is_read_once(
    tmp_path: Path,
    cells: list[tuple[str, str]],
    delimiter: str,
    form: tuple[int, str],
    encoding: str,
) -> None:
    quoting, line_end = form
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, quoting=quoting, lineterminator=line_end)  # type: ignore[arg-type]
    writer.writerows([("id", "text"), *cells])
    rows = read(tmp_path / "a.csv", written.getvalue().encode(encoding))
    assert [tuple(row.cells) for row in rows if isinstance(row, Line)] == [
        record for record in cells if any(cell.strip() for cell in record)
    ]
    starts = [row.number for row in rows]
    assert starts == sorted(set(starts))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(
    content=st.text(st.sampled_from('ab,"\n\r\0;'), max_size=60),
)
def test_broken_files_are_refused_or_every_line_is_accounted_for(tmp_path: Path, content: str) -> None:
    try:
        rows = read(tmp_path / "a.csv", "id,text\n" + content)
    except SourceError:
        return
    starts = [row.number for row in rows]
    assert starts == sorted(set(starts))
    if '"' not in content:
        lines = content.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert len(rows) == sum(1 for line in lines if line.strip(","))
