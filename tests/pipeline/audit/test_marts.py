"""What is published of an audit, on real tables and labels that are known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from models.own_labels import TooFewExamples
from pipeline.audit.desk import AuditDesk
from pipeline.audit.evidence import audit_window
from pipeline.audit.labels import import_sheets
from pipeline.audit.sample import Order
from pipeline.inputs import Inputs
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

Publish = Callable[[Workspace], None]
Rows = Callable[[Path, str], list[tuple[Any, ...]]]
UNHAPPY = {"stage": "support", "emotion": "anger", "valence": "-2", "pain": "yes"}


def say(row: dict[str, str]) -> dict[str, str]:
    """People put what the texts of the engineer and of the line say at support, all else at use."""
    return UNHAPPY if "engineer" in row["passage"] or "line" in row["passage"] else {}


def audit(workspace: Workspace, fill: Callable[..., Path], order: Order, n: int | None = None) -> None:
    with AuditDesk.open(workspace) as desk:
        sheets = [path for path in desk.sample(order)[1] if path.suffix == ".csv"]
    with open_work(workspace) as connection:
        import_sheets(
            connection, [fill(path, say, n) for path in sheets], Inputs(workspace, connection).journey
        )


def test_a_census_gives_what_people_say(
    workspace: Workspace, fill: Callable[..., Path], publish: Publish, published_rows: Rows
) -> None:
    audit(workspace, fill, Order(seed=1, coders=("one",), n=10_000))
    publish(workspace)
    rows = published_rows(
        workspace.folder,
        "select stage_id, audited_valence, basis from mart_journey_audited "
        "where source_id = 'all' and basis = 'audited' order by stage_id",
    )
    assert rows == [("support", -2.0, "audited"), ("use", 0.0, "audited")]
    # The same in plain SQL, every sentence counting with its passage's label
    expected = published_rows(
        workspace.folder,
        """
        with passage as (
            select count(*) as n, bool_or(text like '%engineer%' or text like '%line went%') as is_support,
                count(*) filter (where text like '%engineer%' or text like '%line went%') as n_pain
            from fct_segment where week_start >= date '2026-01-19' group by item_id, passage_start
            union all
            select 1, false, 0 from fct_item where is_filler and week_start >= date '2026-01-19'
        )
        select sum(n) filter (where is_support) / sum(n) from passage
        """,
    )
    share = "select audited_share, method from mart_share_audited where label = 'support'"
    assert published_rows(workspace.folder, share)[0] == (pytest.approx(expected[0][0], abs=1e-5), "PPI++")
    assert published_rows(workspace.folder, "select badge, n_passages, n_coders from meta_audit") == [
        ("ok", 192, 1)
    ]


def test_a_sample_comes_near_the_census_and_says_how_near(
    workspace: Workspace, fill: Callable[..., Path], publish: Publish, published_rows: Rows
) -> None:
    audit(workspace, fill, Order(seed=2, coders=("anna", "ben"), n=80))
    publish(workspace)
    query = "select audited_valence, ci_low, ci_high from mart_journey_audited where basis = 'audited'"
    rows = published_rows(workspace.folder, f"{query} and source_id = 'all' and stage_id = 'support'")
    assert len(rows) == 1
    assert rows[0][1] - 0.05 <= -2.0 <= rows[0][2]
    scores = published_rows(
        workspace.folder,
        """
        select measure, value, n_passages from meta_audit_score
        where target = 'stage' and label = 'all'
        order by measure
        """,
    )
    assert [row[0] for row in scores] == ["accuracy", "model", "people"]
    assert scores[2][1] == 1.0
    assert scores[2][2] == pytest.approx(16, abs=3)
    shares = published_rows(workspace.folder, "select count(*), count(audited_share) from mart_share_audited")
    assert shares == [(23, 23)]
    missing = published_rows(
        workspace.folder,
        "select count(*) from mart_journey_audited where isnan(audited_valence) or isnan(ci_low)",
    )
    assert missing == [(0,)]


def test_without_an_audit_every_row_is_model_only(workspace: Workspace, published_rows: Rows) -> None:
    assert published_rows(workspace.folder, "select badge, n_passages from meta_audit") == [("none", 0)]
    bases = published_rows(
        workspace.folder, "select distinct basis, audited_valence, lam, n_audited from mart_journey_audited"
    )
    assert bases == [("model only", None, None, 0)]
    methods = published_rows(
        workspace.folder, "select distinct basis, target, method from mart_share_audited order by 2"
    )
    assert methods == [
        ("model only", "emotion", "PCC"),
        ("model only", "pain", "count"),
        ("model only", "stage", "PCC"),
    ]


def test_an_audit_of_a_few_customers_is_too_small(
    workspace: Workspace, fill: Callable[..., Path], publish: Publish, published_rows: Rows
) -> None:
    audit(workspace, fill, Order(seed=3, coders=("one",), n=60), 3)
    publish(workspace)
    assert published_rows(workspace.folder, "select badge from meta_audit") == [("too small",)]
    bases = published_rows(
        workspace.folder, "select distinct basis, audited_valence from mart_journey_audited"
    )
    assert bases == [("too small", None)]


def test_an_import_publishes_again_and_without_one_nothing_changes(
    workspace: Workspace, fill: Callable[..., Path], publish: Publish, published_rows: Rows
) -> None:
    query = "select run_id from meta_run"
    before = published_rows(workspace.folder, query)
    publish(workspace)
    assert published_rows(workspace.folder, query) == before
    audit(workspace, fill, Order(seed=4, coders=("one",), n=60))
    publish(workspace)
    assert published_rows(workspace.folder, query) != before


def test_labels_of_a_text_that_was_changed_since_are_not_published(
    workspace: Workspace, fill: Callable[..., Path], publish: Publish, published_rows: Rows
) -> None:
    audit(workspace, fill, Order(seed=5, coders=("one",), n=60))
    with open_work(workspace) as connection:
        connection.execute("update audit_draw_segment set content_digest = 'other' where place <= 10")
        changed = connection.execute(
            "select count(*) from audit_draw_segment where place <= 10 and not is_filler"
        ).fetchone()
        kept = connection.execute("select count(*) from audit_label").fetchone()
    publish(workspace)
    assert changed is not None
    assert kept is not None
    assert published_rows(workspace.folder, "select count(*) from fct_audit_label") == [
        (kept[0] - changed[0],)
    ]


def test_status_tells_what_is_read_and_what_waits(
    workspace: Workspace, fill: Callable[..., Path], publish: Publish
) -> None:
    audit(workspace, fill, Order(seed=6, coders=("anna", "ben"), n=60))
    with AuditDesk.open(workspace) as desk:
        before = desk.status()
    publish(workspace)
    with AuditDesk.open(workspace) as desk:
        after = desk.status()
    assert [(line["coder"], line["n_labels"] == line["n_drawn"]) for line in before["draws"]] == [
        ("anna", True),
        ("ben", True),
    ]
    assert (before["badge"], after["badge"], after["agreement"], after["n_waiting"]) == ("none", "ok", 1.0, 0)
    assert before["n_waiting"] > 60


def test_an_audit_of_undated_words_of_one_customer_says_that_it_is_too_small(
    make_workspace: Callable[..., Path], run_steps: Callable[..., object], fill: Callable[..., Path],
    published_rows: Rows,
) -> None:  # fmt: skip
    rows = "".join(f"{number},me,The engineer never came {number} times.\n" for number in range(9))
    columns = {"record_id": "id", "customer_id": "who", "text": "text"}
    folder = make_workspace({"files": {"a.csv": "id,who,text\n" + rows}, "columns": columns})
    run_steps(folder)
    audit(Workspace.open(folder), fill, Order(seed=1, coders=("one",)))
    run_steps(folder)
    assert published_rows(folder, "select badge, reason, first_week, n_passages from meta_audit") == [
        ("too small", "9 passages were read, from customers: 1; 10 are needed.", None, 9)
    ]
    nothing = "select count(audited_valence), count(standardised_valence), count(*) from mart_journey_audited"
    assert published_rows(folder, nothing) == [(0, 0, 16)]


def draws(*rows: tuple[str | None, str | None, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["first_week", "last_week", "n_read"])
    return frame.astype({"first_week": "datetime64[us]", "last_week": "datetime64[us]"})


LAST = date(2026, 9, 28)


def test_the_window_is_of_the_draws_of_the_last_eight_weeks() -> None:
    found = audit_window(draws(("2026-07-20", "2026-09-07", 9), ("2026-09-21", "2026-09-28", 9)), LAST)
    assert found is not None
    assert (found.first_week, found.last_week, found.is_stale) == (date(2026, 8, 10), LAST, False)


def test_an_older_audit_is_stale_and_one_that_nobody_read_is_none() -> None:
    old = audit_window(draws(("2026-06-01", "2026-08-03", 9)), LAST)
    assert old is not None
    assert old.is_stale
    assert audit_window(draws(("2026-08-10", "2026-09-28", 0)), LAST) is None
    assert audit_window(draws(), LAST) is None


def test_an_audit_of_everything_speaks_of_everything_until_it_is_stale() -> None:
    for drawn, is_stale in (("2026-09-28", False), ("2026-06-01", True)):
        found = audit_window(draws((None, drawn, 9)), LAST)
        assert found is not None
        assert (found.first_week, found.is_stale) == (None, is_stale)
    undated = audit_window(draws((None, None, 9)), None)
    assert undated is not None
    assert not undated.is_stale


def test_nothing_learns_from_what_was_drawn(
    workspace: Workspace, fill: Callable[..., Path], tmp_path: Path
) -> None:
    from models.tagger import Tagger
    from pipeline.learn import learn

    audit(workspace, fill, Order(seed=7, coders=("one",), n=10_000))
    path = tmp_path / "labels.csv"
    drawn = [
        "The engineer missed the appointment!",
        "SETTING it up took me three days; the leaflet says nothing",
    ]
    kind = [
        f"The staff were {word}.,people"
        for word in ["kind", "nice", "warm", "calm", "quick", "fair", "good", "fun", "able"]
    ]
    slow = [f"I waited {n} hours.,waiting" for n in range(2, 11)]
    path.write_text("\n".join(["text,stage", *(f'"{text}",people' for text in drawn), *kind, *slow]) + "\n")
    tagger = Tagger.load(threads=2)
    (head,) = learn(workspace, tagger, path)
    assert head.n_audited == 2
    path.write_text("\n".join(["text,stage", *(f'"{text}",people' for text in drawn)]) + "\n")
    with pytest.raises(TooFewExamples, match="all 2 texts were drawn for the audit"):
        learn(workspace, tagger, path)
