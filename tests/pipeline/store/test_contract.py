import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.errors import ContractError
from pipeline.job import Job
from pipeline.progress import Reporter
from pipeline.store.contract import check_contract
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

SETTINGS = """
name = "first"
[[sources]]
id = "survey"
kind = "survey"
files = ["a.csv"]
columns = { record_id = "id", text = "text" }
quarantine_limit = 1
[curve]
suppressed_below = 2
"""
ROWS = "id,text\n1,The engineer never came. I waited.\n2,Great app 😀. Easy!\n3,n/a\n4,\n,lost\n"


def pain_point(change: str = "") -> str:
    """Statements that publish one sound pain point and then change it."""
    sound = (
        "insert into mart_pain_point (pain_point_id, priority_rank, rank_low, rank_high, expected_rank, "
        "p_top_5, tier, rank_sensitivity_low, rank_sensitivity_high, top_5_kept) "
        "values ('t1:use', 1, 1, 1, 1, 1, 1, 1, 1, 1)"
    )
    return f"{sound}; update mart_pain_point set {change}" if change else sound


@pytest.fixture(scope="module")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small published workspace; copies of it are broken."""
    folder = tmp_path_factory.mktemp("contract") / "workspace"
    folder.mkdir()
    (folder / "heartline.toml").write_text(SETTINGS)
    (folder / "a.csv").write_text(ROWS, encoding="utf-8")
    workspace = Workspace.open(folder)
    with open_work(workspace) as connection:
        Job(workspace, connection, Reporter()).run()
    return folder


@pytest.fixture
def folder(published_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published_once, tmp_path / "copy"))


@pytest.fixture
def attached(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The work file with the published file attached, as it is when the contract is checked."""
    workspace = Workspace.open(folder)
    with open_work(workspace) as connection:
        connection.execute(f"attach '{workspace.published_file}' as published")
        yield connection


def test_a_sound_file_passes(attached: duckdb.DuckDBPyConnection) -> None:
    check_contract(attached)
    attached.execute("use published")
    attached.execute(pain_point())
    attached.execute("use heartline_work")
    check_contract(attached)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("delete from meta_load where outcome = 'quarantined'", "1 files whose outcomes do not add up"),
        ("delete from meta_load", "1 files whose outcomes do not add up"),
        (
            "insert into meta_load by name select * replace (99 as record_number) from meta_load limit 1",
            "1 files whose outcomes do not add up",
        ),
        ("delete from fct_item where record_id = '3'", "1 accepted records without an item"),
        (
            "insert into fct_item by name "
            "select * replace ('i_x' as item_id) from fct_item where record_id = '3'",
            "1 items that no accepted record stands for",
        ),
        ("delete from fct_segment where segment_number = 2", "2 items whose segments are missing"),
        ("update fct_item set n_segments = 0 where record_id = '1'", "1 items whose segments are missing"),
        ("update fct_segment set start_offset = start_offset + 1", "4 segments whose words are not at"),
        ("update fct_item set text = upper(text)", "4 segments whose words are not at their offsets"),
        ("update fct_item set stage_id = null", "2 items whose tags do not go with their segments"),
        (
            "update fct_item set is_pain = false, stage_id = 'use', emotion_id = 'joy', valence = 1",
            "2 items whose tags do not go with their segments",
        ),
        (
            "update fct_item set emotion_evidence_segment_id = 'i_x-001' where record_id = '1'",
            "1 pieces of evidence that are no segment of their item",
        ),
        (
            "update fct_item set stage_evidence_segment_id = (select min(segment_id) from fct_segment) "
            "where n_segments > 0",
            "1 pieces of evidence that are no segment of their item",
        ),
        ("update fct_segment set stage_id = 'dreaming'", "4 segments of an unknown stage"),
        ("update fct_segment set emotion_id = 'ennui'", "4 segments of an unknown emotion"),
        ("update fct_segment set theme_id = 't_none'", "4 segments of an unknown theme"),
        (
            "insert into mart_journey_curve (stage_id, mean_valence, ci_low, ci_high) "
            "values ('use', 1, 1.1, 2)",
            "1 intervals that do not hold their mean",
        ),
        (
            "insert into mart_journey_curve (stage_id, standardised_valence, standardised_ci_low, "
            "standardised_ci_high) values ('use', 1, -1, 0.9)",
            "1 intervals that do not hold their mean",
        ),
        *(
            (
                f"insert into {table} ({value}, {prefix}ci_low, {prefix}ci_high) values (1, 1.1, 2)",
                "1 moments, changes, segments, touchpoints or ends whose interval does not hold their value",
            )
            for table, value, prefix in (
                ("mart_journey_moment", "value", ""),
                ("mart_journey_change", "standardised_change", "standardised_"),
                ("mart_journey_change_4_weeks", "standardised_change", "standardised_"),
                ("mart_touchpoint", "mean_valence", ""),
                ("mart_journey_segment", "difference", "difference_"),
                ("mart_start_to_end", "mean_change", ""),
            )
        ),
        (
            "insert into mart_touchpoint (touchpoint, mean_valence, is_suppressed) values ('chat', 1, true)",
            "1 touchpoints of too few customers whose mean is told, or quotes of a customer who is quoted",
        ),
        (
            "insert into mart_delight_quote (delight_id, segment_id) "
            "select 't:use', unnest([min(segment_id), min(segment_id)]) from fct_segment",
            "1 touchpoints of too few customers whose mean is told, or quotes of a customer who is quoted",
        ),
        (
            "insert into mart_source_mix (source_id, weight) values ('other', 0.2)",
            "1 mixes of sources that do not add up to 1",
        ),
        (
            "insert into mart_driver (outcome, level, driver_id, r_squared, weight) "
            "values ('nps', 'stage', 'use', 0.5, 0.4)",
            "1 outcomes whose relative weights do not sum to R2",
        ),
        (pain_point("priority_rank = 2"), "1 pain points whose rank set, or range"),
        (pain_point("rank_low = 2"), "1 pain points whose rank set, or range"),
        (pain_point("rank_low = 0"), "1 pain points whose rank set, or range"),
        (pain_point("rank_high = 2"), "1 pain points whose rank set, or range"),
        (pain_point("rank_high = null"), "1 pain points whose rank set, or range"),
        (pain_point("tier = 0"), "1 pain points whose tier, probability or expected rank"),
        (pain_point("tier = 3"), "1 pain points whose tier, probability or expected rank"),
        (pain_point("p_top_5 = 1.1"), "1 pain points whose tier, probability or expected rank"),
        (pain_point("p_top_5 = null"), "1 pain points whose tier, probability or expected rank"),
        (pain_point("expected_rank = 0.9"), "1 pain points whose tier, probability or expected rank"),
        (pain_point("order_tau = -1.1"), "1 pain points whose tier, probability or expected rank"),
        (pain_point("top_5_kept = null"), "1 pain points whose tier, probability or expected rank"),
        (pain_point("rank_sensitivity_high = 0"), "1 pain points whose rank set, or range"),
        (pain_point("impact = 0, impact_ci_low = 1, impact_ci_high = 2"), "1 pain points whose impact"),
        (
            "insert into fct_item from fct_item where record_id = '3'",
            "fct_item: 1 keys (item_id) stand twice",
        ),
        ("update fct_segment set valence = 'nan'", "fct_segment: 4 values of valence are no finite number"),
        ("update fct_item set rating = '-inf'", "fct_item: 4 values of rating are no finite number"),
        ("insert into dim_emotion from dim_emotion", "dim_emotion: 13 keys (emotion_id) stand twice"),
    ],
)
def test_a_broken_promise_is_found_and_counted(
    statement: str, says: str, attached: duckdb.DuckDBPyConnection
) -> None:
    attached.execute("use published")
    attached.execute(statement)
    attached.execute("use heartline_work")
    with pytest.raises(ContractError) as caught:
        check_contract(attached)
    assert says in caught.value.message
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "update fct_segment set proposed_theme_id = theme_id, theme_id = null "
            "where segment_id = (select min(segment_id) from fct_segment where theme_id is not null)",
            "1 segments of an unknown proposed theme, or of one that is not proposed",
        ),
        (
            "update dim_theme set status = 'retired', n_segments = 9",
            " segments that the present book gives to a theme that is not active",
        ),
        ("update fct_segment set has_content = false", " segments with a theme and without content"),
        (
            "update fct_segment set theme_score = 1.5 "
            "where segment_id = (select min(segment_id) from fct_segment)",
            "1 themes' scores or probabilities out of their range",
        ),
        (
            "update meta_quality set n = n + 1 where measure = 'unsorted'",
            "2 sources whose segments are not themed, unsorted and without content in sum",
        ),
        ("delete from fct_item_theme", " items' themes that their segments do not have"),
        ("update fct_item_theme set n_segments = 9", " items' themes that their segments do not have"),
        (
            "insert into mart_alert "
            "(series_kind, theme_id, source_id, attribute, attribute_value, week_start, tier) "
            "select 'theme', theme_id, 'all', 'all', 'all', date '2020-01-06', 'alert' "
            "from dim_theme limit 1",
            "1 alerts or watched series without a p value",
        ),
        (
            "update dim_theme_lineage set other_theme_id = 't_none' where line_number = 1",
            "1 themes, or events of themes, that name an unknown theme",
        ),
        (
            "update dim_theme set split_from_theme_id = 't_none' "
            "where theme_id = (select min(theme_id) from dim_theme)",
            "1 themes, or events of themes, that name",
        ),
    ],
)
def test_a_broken_promise_about_themes_is_found(statement: str, says: str, fitted: Path) -> None:
    workspace = Workspace.open(fitted)
    with open_work(workspace) as connection:
        connection.execute(f"attach '{workspace.published_file}' as published")
        check_contract(connection)
        connection.execute("use published")
        connection.execute(statement)
        connection.execute("use heartline_work")
        with pytest.raises(ContractError) as caught:
            check_contract(connection)
    assert says in caught.value.message


def test_all_broken_promises_are_named_at_once(attached: duckdb.DuckDBPyConnection) -> None:
    attached.execute("update published.main.fct_segment set stage_id = 'dreaming', emotion_id = 'ennui'")
    with pytest.raises(ContractError, match=r"unknown stage; 4 segments of an unknown emotion"):
        check_contract(attached)


def test_publishing_what_breaks_the_contract_leaves_the_last_good_file(
    folder: Path, heartline: Callable[..., Any]
) -> None:
    workspace = Workspace.open(folder)
    before = workspace.published_file.read_bytes()
    with open_work(workspace) as connection:
        connection.execute("delete from segment where segment_number = 2")
    settings = folder / "heartline.toml"
    settings.write_text(settings.read_text().replace("first", "second"))
    said = heartline("publish", "-w", folder)
    assert said.code == 3
    assert "items whose segments are missing" in said.err
    assert "the published file is the last good one" in said.err
    assert workspace.published_file.read_bytes() == before
    assert [path.name for path in workspace.published_file.parent.iterdir() if path.name[0] != "."] == [
        "heartline.duckdb"
    ]
    # Once the work is whole again the same command publishes.
    with open_work(workspace) as connection:
        connection.execute("delete from segment; delete from segmented_item; delete from step_done")
    assert [heartline(step, "-w", folder).code for step in ("tag", "themes", "publish")] == [0, 0, 0]
    assert workspace.published_file.read_bytes() != before
