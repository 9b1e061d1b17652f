"""`heartline alert` and its commands, on a published file of one alert."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folder(alerted: Path, tmp_path: Path) -> Path:
    """A workspace whose published file has theme 3 alerted."""
    (tmp_path / "heartline.toml").write_text("")
    return tmp_path


def decided(folder: Path) -> str:
    path = folder / "follow_up.toml"
    return path.read_text().partition("\n\n")[2] if path.is_file() else ""


def test_the_digest_is_written_told_and_left_alone_when_it_stands(
    folder: Path, heartline: Callable[..., Any]
) -> None:
    said = heartline("alert", "-w", folder)
    assert said.code == 0
    assert "2026-W40: 1\u00a0alert. Alerted: 1 of 25 themes" in said.out
    assert "router firmware, red light, restart: more often than expected, all sources" in said.out
    assert f"written: {folder / 'reports' / '2026-W40-alerts.html'}" in said.out
    again = heartline("alert", "-w", folder)
    assert f"unchanged: {folder / 'reports' / '2026-W40-alerts.html'}" in again.out
    told = json.loads(heartline("alert", "-w", folder, "--json").out)
    assert (told["week"], told["changed"], told["n_sent"]) == ("2026-W40", False, None)
    assert [(row["alert_id"], row["n_items"], row["state"]) for row in told["alerts"]] == [
        ("t003@support_tickets", 61, "open"), ("t003", 61, "open"),
    ]  # fmt: skip


def test_an_owner_stands_in_list_digest_and_file_until_it_is_taken_back(
    folder: Path, heartline: Callable[..., Any]
) -> None:
    said = heartline("alert", "own", "t003", "--owner", "Anna [b]", "--note", "depot knows", "-w", folder)
    assert (said.code, said.out.splitlines()[0]) == (0, "t003: owner Anna [b], note depot knows")
    assert decided(folder) == '[alert.t003]\nowner = "Anna [b]"\nnote = "depot knows"\n'
    assert "nothing has changed" in heartline("alert", "own", "t003", "--owner", "Anna [b]", "-w", folder).out
    assert ", Anna [b]" in heartline("alert", "list", "-w", folder).out
    heartline("alert", "-w", folder)
    assert "Owner: Anna [b]. depot knows" in (folder / "reports" / "2026-W40-alerts.html").read_text()
    heartline("alert", "own", "t003", "--undo", "-w", folder)
    assert decided(folder) == ""


def test_an_alert_is_put_aside_by_weeks_of_the_data(folder: Path, heartline: Callable[..., Any]) -> None:
    heartline("alert", "snooze", "t003", "--weeks", "2", "-w", folder)
    assert decided(folder) == "[alert.t003]\nsnoozed_until = 2026-10-12\n"
    assert "t003  alert, snoozed until 12\u00a0October 2026" in heartline("alert", "list", "-w", folder).out
    assert "Nothing new out of line; 1 acknowledged" in heartline("alert", "-w", folder).out
    heartline("alert", "snooze", "t003", "--undo", "-w", folder)
    assert "t003  alert, open" in heartline("alert", "list", "-w", folder).out


def test_an_alert_is_acknowledged_for_the_newest_week(folder: Path, heartline: Callable[..., Any]) -> None:
    heartline("alert", "acknowledge", "t003", "-w", folder)
    assert decided(folder) == "[alert.t003]\nacknowledged_week = 2026-09-28\n"
    assert "t003  alert, acknowledged" in heartline("alert", "list", "-w", folder).out
    heartline("alert", "acknowledge", "t003", "--undo", "-w", folder)
    assert decided(folder) == ""


def test_a_pain_point_gets_an_owner_an_action_and_a_day(folder: Path, heartline: Callable[..., Any]) -> None:
    given = ("--owner", "Ben", "--action", "Ring before", "--due", "2026-W48", "--status", "under way")
    heartline("alert", "assign", "t003:use", *given, "-w", folder)
    assert decided(folder) == (
        '[pain_point."t003:use"]\nowner = "Ben"\naction = "Ring before"\ndue = 2026-11-23\n'
        'status = "under way"\n'
    )
    listed = heartline("alert", "list", "-w", folder).out
    assert "t003:use  Ben, Ring before, by 2026-11-23, under way" in listed
    heartline("alert", "assign", "t003:use", "--undo", "-w", folder)
    assert decided(folder) == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("own", "t03", "--owner", "Anna"), "knows no 't03'; there is t003"),
        (("assign", "t003", "--owner", "Anna"), "knows no 't003'"),
        (("own", "t003"), "expected --owner, --note, or --undo alone"),
        (("own", "t003", "--owner", "a\nb"), "owner: Value error, expected words on one line"),
        (("snooze", "t003", "--weeks", "0"), "--weeks"),
        (("--send",), "names no address under [notify] urls"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    arguments: tuple[str, ...], said: str, folder: Path, heartline: Callable[..., Any]
) -> None:
    result = heartline("alert", *arguments, "-w", folder)
    assert result.code == 2
    assert said in result.err
    assert decided(folder) == ""


def test_a_follow_up_of_an_alert_that_is_gone_can_be_taken_back(
    folder: Path, heartline: Callable[..., Any]
) -> None:
    (folder / "follow_up.toml").write_text('[alert.t_gone]\nowner = "Anna"\n')
    assert heartline("alert", "own", "t_gone", "--undo", "-w", folder).code == 0
    assert decided(folder) == ""
