import json
import os
from pathlib import Path

import pytest

from pipeline.evaluate_redaction import evaluate_redaction
from pipeline.redact.evaluation.page import summary, write_page
from pipeline.redact.evaluation.scores import as_rows, score
from pipeline.redact.evaluation.texts import Label, LabelledText, read_own, read_public
from pipeline.redact.spans import Found

TEXTS = [
    LabelledText("Ask Jo Ng at jo@example.org", (Label("PERSON", 4, 9), Label("EMAIL", 13, 27))),
    LabelledText("Ford is late", (Label("ORGANIZATION", 0, 4),)),
]
FOUND = [[Found("PERSON", 4, 6), Found("ACCOUNT", 13, 27)], [Found("PERSON", 0, 4)]]


def test_a_piece_is_gone_only_whole_and_under_any_name() -> None:
    scored = score(("tiny", "heartline"), TEXTS, FOUND)
    kinds = {kind.kind: kind for kind in scored.kinds}
    assert (kinds["PERSON"].recall.hits, kinds["PERSON"].recall.n) == (0, 1)
    assert (kinds["EMAIL"].recall.hits, kinds["EMAIL"].recall.n) == (1, 1)
    assert (kinds["PERSON"].precision.hits, kinds["PERSON"].precision.n) == (1, 2)
    assert (kinds["ACCOUNT"].precision.hits, kinds["ACCOUNT"].precision.n) == (1, 1)
    assert not kinds["ORGANIZATION"].is_promised
    assert (scored.over.hits, scored.over.n) == (1, 10)


def test_shares_carry_wilsons_interval_or_nothing() -> None:
    rows = {row["kind"]: row for row in as_rows([score(("tiny", "heartline"), TEXTS, FOUND)])}
    assert (rows["EMAIL"]["recall_low"], rows["EMAIL"]["recall_high"]) == (0.2065, 1.0)
    assert rows["IBAN"]["recall"] is None
    assert rows["other words"]["over_redacted"] == 0.1


def test_tables_show_each_kind_that_was_there(tmp_path: Path) -> None:
    scores = as_rows([score(("tiny", method), TEXTS, FOUND) for method in ("heartline", "other")])
    text = summary(scores)
    assert "| EMAIL | 1 | 100.0 % [20.6, 100.0] | 100.0 % [20.6, 100.0] | – | – |" in text
    assert "IBAN" not in text
    assert "Not promised, and gone all the same: ORGANIZATION 100 % of 1." in text
    content = {
        "model_id": "m",
        "redaction_version": "2",
        "texts_per_second": 5,
        "scores": scores,
        "missing": [],
    }
    facts, page = write_page(content, tmp_path / "cards")
    assert json.loads(facts.read_text())["scores"] == scores
    assert "{{" not in page.read_text()


def test_without_the_public_files_nothing_is_measured_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HEARTLINE_DATA", raising=False)
    content = evaluate_redaction()
    assert content["scores"] == []
    assert content["missing"] == ["all sets: HEARTLINE_DATA names no folder; see data/README.md"]


@pytest.mark.real_data
@pytest.mark.skipif("HEARTLINE_DATA" not in os.environ, reason="HEARTLINE_DATA names no folder")
def test_labelled_sentences_are_where_the_labels_say() -> None:
    folder = Path(os.environ["HEARTLINE_DATA"])
    own = read_own(folder)
    assert len(own) == 300
    names = [
        text.text[label.start : label.end] for text in own for label in text.labels if label.kind == "PERSON"
    ]
    assert len(names) == 74
    assert all(name[0].isupper() for name in names)
    assert len(read_public(folder, "generated_small")) == 100
