"""What holds for every dialect, on the samples with its exact header."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tomli_w
import xlsxwriter

from pipeline.config import DIALECT_NAMES, SourceSettings
from pipeline.ingest.contract import Record, Rejection, Row
from pipeline.ingest.dialect import all_dialects, find_dialect
from pipeline.ingest.outcomes import read_outcomes
from pipeline.ingest.readers import read_rows
from pipeline.ingest.recognise import recognise
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

REPOSITORY = Path(__file__).parents[4]
SAMPLES = REPOSITORY / "data" / "samples" / "dialects"
LIMIT = datetime(2026, 12, 1, tzinfo=UTC)

# Each sample's dialect; its records that are accepted, duplicates, superseded and quarantined; why these are;
# and the words of its first record.
EXPECTED = {
    "app_store.json": ("app_store", (3, 1, 1, 1), "number out of scale", "Every single day. lena_f"),
    "cfpb.csv": ("cfpb", (3, 1, 1, 1), "impossible date", "They lost my payment of {$430.00} in XXXX."),
    "freshdesk.csv": ("freshdesk", (3, 1, 1, 1), "impossible date", ""),
    "freshservice.csv": (
        "freshservice",
        (3, 1, 1, 1),
        "missing record id",
        "The line has been dead since Monday.\n\nOlu Bright",
    ),
    "google_play.csv": ("google_play", (3, 1, 1, 1), "date in the future", "It logs me out every day"),
    "intercom.json": (
        "intercom",
        (5, 1, 1, 1),
        "date in the future",
        "Hello, Petra Nowak here. My bill is wrong.",
    ),
    "intercom_csv.csv": ("intercom_csv", (3, 1, 1, 1), "unreadable row", "My bill is wrong. Petra Nowak"),
    "nhs_fft.csv": ("nhs_fft", (4, 1, 1, 1), "impossible date", "The driver was kind and patient."),
    "qualtrics.csv": (
        "qualtrics",
        (3, 1, 1, 2),
        "survey preview",
        "Quick to set up,\nand nobody called. Tara Yilmaz\n\nAnswer the phone",
    ),
    "qualtrics_legacy.csv": ("qualtrics_legacy", (3, 1, 1, 1), "survey preview", "The engineer was kind."),
    "surveymonkey.csv": (
        "surveymonkey",
        (3, 1, 1, 1),
        "impossible date",
        "Telling my mother the football results\n\nAnswer the phone. Joan Ferrer",
    ),
    "surveymonkey_condensed.csv": ("surveymonkey", (2, 0, 0, 0), "", "Answer the phone."),
    "trustpilot.csv": (
        "trustpilot",
        (3, 1, 1, 1),
        "number out of scale",
        "Nobody answers the phone. Lena Fischer, order ORD-7731-t1",
    ),
    "trustpilot_products.csv": (
        "trustpilot_products",
        (2, 1, 1, 1),
        "impossible date",
        "It gets hot. Lena Fischer",
    ),
    "typeform.csv": (
        "typeform",
        (3, 1, 1, 1),
        "impossible date",
        "The people on the phone, Aiko Brandt says\n\nThe first router was dead on arrival",
    ),
    "zendesk.json": (
        "zendesk",
        (3, 1, 1, 1),
        "impossible date",
        "The router restarts every evening. Ines Okafor, 12 Mill Lane.",
    ),
    "zendesk.jsonl": (
        "zendesk",
        (3, 1, 1, 1),
        "impossible date",
        "The router restarts every evening. Ines Okafor, 12 Mill Lane.",
    ),
    "zendesk_csv.csv": ("zendesk_csv", (3, 1, 1, 1), "impossible date", ""),
}
NOT_CUSTOMERS = ("Dana", "Agent's own summary", "angry</p>", "Was this helpful", "Rate this chat")
NOT_READ = ("192.0.2.", "51.7", "330XX", "5f1a")


def settings_of(name: str) -> SourceSettings:
    """Source as `--source auto` would write it for a sample."""
    dialect_name = EXPECTED[name][0]
    dialect = find_dialect(dialect_name)
    columns = dialect.proposed(SAMPLES / name)
    given = {"columns": columns.model_dump(exclude_defaults=True)} if columns else {}
    return SourceSettings.model_validate(
        {
            "id": name.replace(".", "_"),
            "kind": dialect.kind,
            "dialect": dialect_name,
            "files": [name],
            "quarantine_limit": 1,
            **given,
        }
    )


def rows_of(name: str) -> list[Row]:
    return list(read_rows(SAMPLES / name, settings_of(name), not_after=LIMIT))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_is_recognised_and_read_without_a_mapping(name: str) -> None:
    dialect, counts, reason, words = EXPECTED[name]
    assert recognise(SAMPLES / name) == dialect
    rows = rows_of(name)
    assert len(rows) == sum(counts)
    reasons = Counter(row.reason for row in rows if isinstance(row, Rejection))
    assert (reasons.total(), reasons[reason] > 0) == (counts[3], bool(reason))
    assert isinstance(rows[0], Record)
    assert rows[0].text == words


def test_what_others_wrote_and_what_is_personal_stays_in_the_export() -> None:
    exports = b"\n".join((SAMPLES / name).read_bytes().replace(b"\0", b"") for name in EXPECTED)
    read = "\n".join(repr(row) for name in EXPECTED for row in rows_of(name))
    assert [canary for canary in NOT_CUSTOMERS + NOT_READ if canary.encode() not in exports] == []
    assert [canary for canary in NOT_CUSTOMERS + NOT_READ if canary in read] == []


def test_every_dialect_has_a_sample_a_line_in_the_docs_and_a_signature_of_its_own() -> None:
    docs = (REPOSITORY / "docs" / "DIALECTS.md").read_text(encoding="utf-8")
    assert {dialect for dialect, *_ in EXPECTED.values()} == DIALECT_NAMES - {"table"}
    assert {path.name for path in SAMPLES.iterdir()} - {"README.md"} == set(EXPECTED)
    named = [f"| {', '.join(one.signature)} |" for one in all_dialects().values() if one.signature]
    assert [signature for signature in named if signature not in docs] == []
    assert [name for name in DIALECT_NAMES if f"| `{name}` |" not in docs] == []
    signatures = [one.signature for name, one in all_dialects().items() if name != "table"]
    assert len(set(signatures)) == len(signatures) == len(DIALECT_NAMES) - 1


@pytest.mark.parametrize("suffix", [".xlsx", ".jsonl"])
@pytest.mark.parametrize("name", ["freshdesk.csv", "trustpilot.csv", "typeform.csv"])
def test_a_workbook_and_json_lines_read_as_the_table_does(name: str, suffix: str, tmp_path: Path) -> None:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as stream:
        header, *records = list(csv.reader(stream))
    path = tmp_path / f"export{suffix}"
    if suffix == ".xlsx":
        with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as workbook:
            sheet = workbook.add_worksheet()
            for number, cells in enumerate([header, *records]):
                sheet.write_row(number, 0, cells)
    else:
        lines = (json.dumps(dict(zip(header, cells, strict=True))) for cells in records)
        path.write_text("\n".join(lines), encoding="utf-8")
    assert recognise(path) == EXPECTED[name][0]
    found = [replace(row, number=0) for row in read_rows(path, settings_of(name), not_after=LIMIT)]
    assert found == [replace(row, number=0) for row in rows_of(name)]


@pytest.mark.slow
def test_each_record_of_every_sample_has_one_outcome(
    tmp_path: Path, run_steps: Callable[..., object]
) -> None:
    sources = [settings_of(name).model_dump(mode="json", exclude_unset=True) for name in EXPECTED]
    settings = tomli_w.dumps({"data_folder": str(SAMPLES), "sources": sources})
    (tmp_path / "heartline.toml").write_text(settings, encoding="utf-8")
    run_steps(tmp_path, "ingest")
    with open_work(Workspace.open(tmp_path)) as connection:
        outcomes = read_outcomes(connection)
    found = {
        one.file_name: (one.accepted, one.duplicate, one.superseded, one.quarantined) for one in outcomes
    }
    n_records = sum(one.n_records for one in outcomes)
    print(
        f"{n_records} records in {len(found)} exports of {len(DIALECT_NAMES) - 1} dialects: one outcome each"
    )
    assert found == {name: counts for name, (_, counts, _, _) in EXPECTED.items()}
