"""What people decided, in a file to edit by hand or by command."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.follow_up import AlertFollowUp, FollowUps, PointFollowUp, change_follow_up, read_follow_ups

BY_HAND = """
[alert."t_a"]
owner = "Anna"
snoozed_until = "2026-W45"
acknowledged_week = 2026-09-28

[alert."t_a@region=North [\\"x\\"]"]
note = "known to the depot"

[pain_point."t_a:support"]
owner = "Ben"
action = "Ring before the visit"
due = 2026-11-30
status = "under way"
"""
READ = FollowUps(
    alert={
        "t_a": AlertFollowUp(
            owner="Anna", snoozed_until=date(2026, 11, 2), acknowledged_week=date(2026, 9, 28)
        ),
        't_a@region=North ["x"]': AlertFollowUp(note="known to the depot"),
    },
    pain_point={
        "t_a:support": PointFollowUp(
            owner="Ben", action="Ring before the visit", due=date(2026, 11, 30), status="under way"
        )
    },
)


def test_without_a_file_nothing_is_recorded(tmp_path: Path) -> None:
    assert read_follow_ups(tmp_path) == FollowUps(alert={}, pain_point={})


def test_a_file_written_by_hand_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "follow_up.toml").write_text(BY_HAND)
    assert read_follow_ups(tmp_path) == READ


def test_a_change_keeps_the_rest_and_an_undone_one_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "follow_up.toml").write_text(BY_HAND)
    assert change_follow_up(tmp_path, "alert", "t_b", {}, owner="Cleo")
    assert read_follow_ups(tmp_path).alert == {**READ.alert, "t_b": AlertFollowUp(owner="Cleo")}
    before = (tmp_path / "follow_up.toml").read_bytes()
    assert not change_follow_up(tmp_path, "alert", "t_b", {}, owner="Cleo")
    assert (tmp_path / "follow_up.toml").read_bytes() == before
    assert change_follow_up(tmp_path, "alert", "t_b", {}, owner=None)
    assert read_follow_ups(tmp_path) == READ
    assert sorted(path.name for path in tmp_path.iterdir()) == ["follow_up.toml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[alert", "is not valid TOML"),
        (
            '[alert."t_a"]\nowner = ""\nwho = "x"\n',
            "alert.t_a.owner: Value error, expected words on one line; alert.t_a.who: Extra inputs",
        ),
        (
            '[alert."t_a"]\nsnoozed_until = "2026-W60"\n',
            "t_a.snoozed_until: Value error, Invalid isoformat",
        ),
        ('[alert."t_a"]\nsnoozed_until = 5\n', "alert.t_a.snoozed_until: Input should be a valid date"),
        ('[pain_point."t_a:use"]\nstatus = "lost"\n', "pain_point.t_a:use.status: Input should be 'open'"),
        ('[alert."t_a"]\nowner = "a\\u001b[31m"\n', "alert.t_a.owner: Value error, expected words"),
        ("[alerts]\n", "alerts: Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_is_named_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "follow_up.toml").write_text(text)
    with pytest.raises(ConfigError) as error:
        read_follow_ups(tmp_path)
    assert str(tmp_path / "follow_up.toml") in error.value.message
    assert said in error.value.message
    assert "as its first lines say" in error.value.next_command
    with pytest.raises(ConfigError):
        change_follow_up(tmp_path, "alert", "t_b", {}, owner="Cleo")
    assert (tmp_path / "follow_up.toml").read_text() == text


def test_a_change_that_cannot_be_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot take t_a: owner: Value error, expected words on one line"):
        change_follow_up(tmp_path, "alert", "t_a", {}, owner="a\nb")
    assert list(tmp_path.iterdir()) == []


def test_what_was_said_of_a_merged_theme_goes_with_it_unless_the_other_has_its_own(tmp_path: Path) -> None:
    found = FollowUps(
        alert={
            "t_a": AlertFollowUp(owner="Anna"),
            "t_a@tickets": AlertFollowUp(owner="Ben"),
            "t_c@tickets": AlertFollowUp(owner="Cleo"),
        },
        pain_point={"t_b:support": PointFollowUp(owner="Dora")},
    )
    merged = {"t_a": "t_b", "t_b": "t_c"}
    assert found.after_merges(merged) == FollowUps(
        alert={"t_c": AlertFollowUp(owner="Anna"), "t_c@tickets": AlertFollowUp(owner="Cleo")},
        pain_point={"t_c:support": PointFollowUp(owner="Dora")},
    )
    (tmp_path / "follow_up.toml").write_text('[alert."t_a"]\nowner = "Anna"\n')
    change_follow_up(tmp_path, "alert", "t_c", merged, note="as before")
    assert read_follow_ups(tmp_path).alert == {"t_c": AlertFollowUp(owner="Anna", note="as before")}


def test_two_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda number: change_follow_up(tmp_path, "alert", f"t_{number}", {}, owner="Anna"), range(40)
            )
        )
    assert set(read_follow_ups(tmp_path).alert) == {f"t_{number}" for number in range(40)}
