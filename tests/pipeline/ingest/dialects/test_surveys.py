"""Surveys whose columns are questions: which are open, and what stands above the answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.contract import Record, Row
from pipeline.ingest.dialect import find_dialect
from pipeline.ingest.recognise import recognise

MONKEY = ["Respondent ID", "Collector ID", "Start Date", "End Date"]
TYPEFORM = ["#", "Why <em>us</em>?", "What was bad?", "Plan", "Your name", "Submit Date (UTC)", "Network ID"]
ANSWERS = [
    ["a1", "You were the cheapest", "The phone line", "Basic", "Joan Ferrer", "2026-03-02 09:19:07", "n"],
    ["a2", "My neighbour has it", "Nothing", "Basic", "Aiko Brandt", "2026-03-02 09:20:07", "n"],
    ["a3", "", "", "Max", "Tom Varga", "2026-03-02 09:21:07", "n"],
]


def texts(rows: list[Row]) -> list[str]:
    return [row.text for row in rows if isinstance(row, Record)]


def test_expanded_questions_are_known_by_question_and_choice(read_as: Callable[..., list[Row]]) -> None:
    rows: list[list[str]] = [
        [*MONKEY, "What for?", "", "", "Why?"],
        ["", "", "", "", "Work", "Films", "Other (please specify)", "Open-Ended Response"],
        ["1", "5", "03/17/2026 09:17:42 AM", "03/17/2026 09:19:07 PM", "Work", "", "Chess", "Cheap"],
    ]
    (row,) = read_as("surveymonkey", rows, columns={"attributes": ["What for? / Work"]})
    assert isinstance(row, Record)
    assert (row.number, row.text, row.attributes) == (3, "Chess\n\nCheap", {"what for? / work": "Work"})
    assert str(row.written_at) == "2026-03-17 21:19:07+00:00"
    (named,) = texts(read_as("surveymonkey", rows, columns={"text": "Why?"}))
    assert named == "Cheap"


def test_a_file_without_its_second_header_record_is_refused(read_as: Callable[..., list[Row]]) -> None:
    with pytest.raises(SourceError, match="two header records of a SurveyMonkey export"):
        read_as("surveymonkey", [[*MONKEY, "Why?"], ["1", "5", "2026-03-17", "2026-03-17", "Cheap"]])


def test_dates_that_show_no_order_are_asked_for(read_as: Callable[..., list[Row]]) -> None:
    rows = [
        [*MONKEY, "Why?"],
        ["", "", "", "", "Open-Ended Response"],
        ["1", "5", "03/04/2026", "03/04/2026", "Cheap"],
    ]
    with pytest.raises(SourceError, match="does not tell whether days or months come first"):
        read_as("surveymonkey", rows)
    (row,) = read_as("surveymonkey", rows, date_format="day_first")
    assert isinstance(row, Record)
    assert str(row.written_at) == "2026-04-03 00:00:00+00:00"


def test_what_the_header_does_not_tell_is_proposed_by_the_answers(export: Callable[..., Path]) -> None:
    proposed = find_dialect("typeform").proposed(export([TYPEFORM, *ANSWERS]))
    assert proposed is not None
    assert proposed.named() == {"text": ("Why us?", "What was bad?"), "known_values": ("Your name",)}


def test_questions_are_never_chosen_in_silence(read_as: Callable[..., list[Row]]) -> None:
    with pytest.raises(SourceError, match="by their answers these look open: 'Why us\\?', 'What was bad\\?'"):
        read_as("typeform", [TYPEFORM, *ANSWERS])
    rows = read_as("typeform", [TYPEFORM, *ANSWERS], columns={"text": ["What was bad?", "Why us?"]})
    assert texts(rows) == ["The phone line\n\nYou were the cheapest", "Nothing\n\nMy neighbour has it", ""]


def test_the_recommendation_question_is_known_by_its_words_and_its_numbers(
    export: Callable[..., Path],
) -> None:
    header = ["#", "How likely are you to recommend us?", "How likely would you recommend it?", *TYPEFORM[5:]]
    path = export([header, ["a1", "very", "9", "2026-03-02 09:19:07", "n"]])
    proposed = find_dialect("typeform").proposed(path)
    assert proposed is not None
    assert proposed.nps == "How likely would you recommend it?"


@pytest.mark.parametrize("extra", [[], ["Response Type", "Stage Date (UTC)", "Tags"]])
def test_older_and_newer_files_are_the_same_dialect(extra: list[str], export: Callable[..., Path]) -> None:
    assert recognise(export([[*TYPEFORM, *extra]])) == "typeform"


def test_moments_are_in_the_zone_that_the_header_names_unless_the_settings_name_one(
    read_as: Callable[..., list[Row]],
) -> None:
    names = ["Status", "RecordedDate", "ResponseId", "DistributionChannel", "Q1"]
    ids = [f'{{"ImportId":"{name}","timeZone":"America/Denver"}}' for name in names[:4]]
    rows = [
        names,
        names,
        [*ids, '{"ImportId":"QID1_TEXT"}'],
        ["0", "2026-03-02 09:00:00", "R_1", "email", "Hi"],
    ]
    moments = [
        read_as("qualtrics", rows, **settings)[0].written_at.hour  # type: ignore[union-attr]
        for settings in ({}, {"time_zone": "UTC"})
    ]
    assert moments == [16, 9]


def test_the_header_tells_scores_and_open_questions_and_the_settings_go_first(
    export: Callable[..., Path], read_as: Callable[..., list[Row]]
) -> None:
    names = [
        "Status",
        "RecordedDate",
        "ResponseId",
        "DistributionChannel",
        "Q1",
        "Q1_NPS_GROUP",
        "Q2",
        "Q3_9_TEXT",
    ]
    ids = ["status", "recordedDate", "_recordId", "distributionChannel"]
    ids += ["QID1", "QID1_NPS_GROUP", "QID2_TEXT", "QID3_9_TEXT"]
    imports = [f'{{"ImportId":"{one}"}}' for one in ids]
    rows: list[list[Any]] = [
        names,
        [*names[:6], "Why?\nIn your\n\nown words", "Other"],
        imports,
        ["0", "2026-03-02", "R_1", "email", "9", "Promoter", "Quick", "Kind"],
    ]
    source = SourceSettings(id="s", kind="survey", files=("a.csv",))
    layout = find_dialect("qualtrics").layout(export(rows), source)
    assert (layout.columns.text, layout.columns.nps) == (("Q2", "Q3_9_TEXT"), "Q1")
    (row,) = read_as("qualtrics", rows, columns={"text": "Q3_9_TEXT"})
    assert isinstance(row, Record)
    assert (row.number, row.text, row.nps) == (7, "Kind", 9.0)


def test_a_file_whose_header_tells_no_open_question_is_refused(read_as: Callable[..., list[Row]]) -> None:
    names = ["ResponseID", "ResponseSet", "Status", "EndDate", "Q1"]
    with pytest.raises(SourceError, match="does not say which question holds the text"):
        read_as("qualtrics_legacy", [names, names, ["R_1", "Default", "0", "2026-03-02", "5"]])
