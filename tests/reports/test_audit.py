from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reports.audit import MODEL_ONLY, NOT_AUDITED, audit_note
from reports.read import Published
from reports.weekly import write_weekly_report
from reports.words import SPACE

WEEKS = {"first_week": date(2026, 8, 10), "last_week": date(2026, 9, 28)}
STAGE = {"source_id": "all", "n_audited": 52, "n_customers": 40, "basis": "audited", **WEEKS}
MEANS = {"model_valence": -1.3, "audited_valence": -0.64, "ci_low": -0.9, "ci_high": -0.38}
MIXED = {"standardised_valence": -0.6, "standardised_ci_low": -0.9, "standardised_ci_high": -0.3}


@pytest.fixture
def with_audit(published: Path, tmp_path: Path) -> Callable[..., Path]:
    """A published file with an audit: `with_audit("ok", agreement=0.81)`."""

    def make(badge: str, agreement: float | None = 0.81) -> Path:
        path = Path(shutil.copy(published, tmp_path / "published.duckdb"))
        rows: list[tuple[str, dict[str, Any]]] = [
            ("meta_audit", {"badge": badge, "reason": "So it is.", "n_passages": 412, "n_customers": 300,
                            "n_labels": 494, "n_coders": 2, **WEEKS}),
            ("meta_audit_score", {"measure": "people", "target": "stage", "label": "all", "value": agreement,
                                  "ci_low": agreement and 0.7, "ci_high": agreement and 0.9}),
            ("meta_audit_score", {"measure": "model", "target": "stage", "label": "all", "value": 0.55}),
            ("mart_journey_audited", {"stage_id": "support", "stage_order": 6, **STAGE, **MEANS, **MIXED,
                                      "weight_covered": 0.82}),
            ("mart_journey_audited", {"stage_id": "advocacy", "stage_order": 8, **STAGE, "basis": "too small",
                                      "n_audited": 0, "n_customers": 0}),
        ]  # fmt: skip
        with duckdb.connect(str(path)) as connection:
            for table, row in rows:
                marks = ", ".join("?" for _ in row)
                connection.execute(
                    f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
                )
        return path

    return make


def test_the_header_tells_how_much_was_read_and_how_well_people_agree(
    with_audit: Callable[..., Path],
) -> None:
    with Published(with_audit("ok")) as published:
        note = audit_note(published)
    assert note.header == f"Audited: 412{SPACE}passages of 2026-W33 to 2026-W40, agreement 0.81."
    assert "alpha 0.81 (+0.70 to +0.90)" in note.method
    assert "The model agrees with them with alpha 0.55." in note.method
    support, advocacy = note.stages
    assert (support.audited, support.ends, support.mixed) == ("−0.6", "−0.9 to −0.4", "−0.6")
    assert support.mixed_ends == f"−0.9 to −0.3, 82{SPACE}% of the mix"
    assert (advocacy.audited, advocacy.model, advocacy.why_not) == (None, "–", "too few customers read")


def test_where_nobody_read_twice_agreement_is_not_known(with_audit: Callable[..., Path]) -> None:
    with Published(with_audit("ok", agreement=None)) as published:
        note = audit_note(published)
    assert note.header.endswith("2026-W40.")
    assert "how far people agree is not known" in note.method


@pytest.mark.parametrize("badge", ["stale", "too small"])
def test_an_audit_that_does_not_hold_leaves_model_only_and_says_why(
    with_audit: Callable[..., Path], badge: str
) -> None:
    with Published(with_audit(badge)) as published:
        note = audit_note(published)
    assert (note.header, note.method) == (f"{NOT_AUDITED} So it is.", f"{MODEL_ONLY} So it is.")
    assert note.stages == []


def test_the_page_shows_the_audit_and_without_one_says_so(
    with_audit: Callable[..., Path], published: Path, tmp_path: Path
) -> None:
    audited = write_weekly_report(with_audit("ok"), tmp_path / "a").read_text(encoding="utf-8")
    alone = write_weekly_report(published, tmp_path / "b").read_text(encoding="utf-8")
    assert 'id="audit"' in audited
    assert "<b>Audited.</b>" in audited
    assert NOT_AUDITED not in audited
    assert 'id="audit"' not in alone
    assert NOT_AUDITED in alone
    assert "<b>Model only.</b>" in alone
