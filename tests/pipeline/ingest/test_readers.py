import csv
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.config import read_settings
from pipeline.ingest.contract import Record, Rejection, Row
from pipeline.ingest.customers import read_customers
from pipeline.ingest.filler import is_filler
from pipeline.ingest.readers import plain_digest, rating_scale_of, read_rows

REPOSITORY = Path(__file__).parents[3]
DEMO = REPOSITORY / "data" / "samples" / "larkspur"
REAL = REPOSITORY / "docs" / "examples" / "real-data"
LIMIT = datetime(2026, 12, 1, tzinfo=UTC)

needs_real_data = pytest.mark.skipif(
    "HEARTLINE_DATA" not in os.environ, reason="HEARTLINE_DATA names no folder with the public data sets"
)


@pytest.fixture(scope="module")
def demo_rows() -> dict[str, list[Row]]:
    settings = read_settings(DEMO)
    return {
        name: list(read_rows(DEMO / name, source, not_after=LIMIT))
        for source in settings.sources
        for name in source.files
    }


@pytest.fixture(scope="module")
def demo_truth() -> list[dict[str, str]]:
    with (DEMO / "truth.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_demo_record_gives_one_row(
    demo_rows: dict[str, list[Row]], demo_truth: list[dict[str, str]]
) -> None:
    for name, rows in demo_rows.items():
        planned = Counter(row["record_id"].partition("#")[0] for row in demo_truth if row["file"] == name)
        assert Counter(row.record_id for row in rows) == planned
        numbers = [row.number for row in rows]
        assert numbers == sorted(set(numbers))


def test_demo_records_are_quarantined_as_planned(
    demo_rows: dict[str, list[Row]], demo_truth: list[dict[str, str]]
) -> None:
    rejected = [row for rows in demo_rows.values() for row in rows if isinstance(row, Rejection)]
    planned = {row["record_id"] for row in demo_truth if row["outcome"] == "quarantined"}
    assert {row.record_id for row in rejected} == planned
    assert Counter(row.reason for row in rejected) == {
        "survey preview": 5,
        "impossible date": 3,
        "date in the future": 3,
    }


def test_demo_records_were_written_when_and_by_whom_the_plan_says(
    demo_rows: dict[str, list[Row]], demo_truth: list[dict[str, str]]
) -> None:
    plan = {(row["file"], row["record_id"]): row for row in demo_truth if row["outcome"] == "accepted"}
    for name, rows in demo_rows.items():
        for row in rows:
            planned = plan.get((name, row.record_id or ""))
            if isinstance(row, Record) and planned is not None:
                assert row.written_at is not None
                assert row.written_at.strftime("%Y-%m-%dT%H:%M:%S") == planned["at"]
                assert row.customer_id in (planned["customer_id"], None)


def test_demo_fillers_are_told_from_answers(
    demo_rows: dict[str, list[Row]], demo_truth: list[dict[str, str]]
) -> None:
    planned = {(row["file"], row["record_id"]) for row in demo_truth if row["filler"] == "1"}
    found = {
        (name, row.record_id)
        for name, rows in demo_rows.items()
        for row in rows
        if isinstance(row, Record) and (is_filler(row.text) or not row.text)
    }
    assert found == planned


def test_demo_customers_are_read() -> None:
    settings = read_settings(DEMO).customers
    assert settings is not None
    customers = read_customers(DEMO / settings.file, settings)
    assert len(customers) == 470
    assert all(set(customer.attributes) == {"region", "plan"} for customer in customers)
    assert sum(customer.joined_on is not None for customer in customers) == 370
    assert sum(customer.left_on is not None for customer in customers) == 127


def test_rating_scale_is_the_declared_one_or_the_dialects_own() -> None:
    tickets, reviews, _survey = read_settings(DEMO).sources
    undeclared = rating_scale_of(reviews.model_copy(update={"rating_scale": None}))
    assert rating_scale_of(tickets) is None
    assert undeclared is not None
    assert (undeclared.worst, undeclared.best) == (1, 5)


def test_default_limit_is_a_day_from_now() -> None:
    survey = read_settings(DEMO).sources[2]
    rows = read_rows(DEMO / "survey_qualtrics.csv", survey)
    assert Counter(row.reason for row in rows if isinstance(row, Rejection))["date in the future"] >= 3


def test_digest_tells_parts_apart() -> None:
    assert plain_digest("ab", "c") != plain_digest("a", "bc")
    assert plain_digest("ab", "c") == plain_digest("ab", "c")


@pytest.mark.real_data
@needs_real_data
def test_real_files_give_one_row_per_record() -> None:
    folder = Path(os.environ["HEARTLINE_DATA"]) / "samples"
    counts = {}
    for source in read_settings(REAL).sources:
        rows = list(read_rows(folder / source.files[0], source, not_after=LIMIT))
        reasons = Counter(row.reason for row in rows if isinstance(row, Rejection))
        counts[source.id] = (len(rows), dict(reasons))
    assert counts == {
        "cfpb": (11_619, {}),
        "nhs_fft": (7_908, {"impossible date": 289}),
        "clothing": (23_486, {}),
    }
