"""The list of what to forget holds digests, and knows whom it is about."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.erase.forgotten import (
    customer_digest,
    first_day_kept,
    forget,
    read_forgotten,
    record_digest,
)
from pipeline.errors import StoreDamaged
from pipeline.redact.pseudonym import Pseudonyms
from pipeline.workspace import Workspace

KEYED = Pseudonyms(bytes(range(32)))
DIGESTS = [
    customer_digest(KEYED, "ana"),
    customer_digest(KEYED, "ben", "chat"),
    record_digest(KEYED, "chat", "7"),
    record_digest(KEYED, "chat", KEYED.record("eve@mail.example")),
]


@pytest.fixture
def workspace(make_workspace: Callable[..., Path]) -> Workspace:
    return Workspace.open(make_workspace(folder="list"))


@pytest.mark.parametrize(
    ("met", "reason"),
    [
        (("chat", "1", "ana"), "erased on request"),
        (("mail", None, "ana"), "erased on request"),
        (("chat", "1", "ben"), "erased on request"),
        (("mail", "1", "ben"), None),
        (("chat", "7"), "erased on request"),
        (("mail", "7"), None),
        (("chat", "eve@mail.example"), "erased on request"),
        (("mail", "1", "eve", date(2024, 12, 31)), "past retention"),
        (("mail", "1", "eve", date(2025, 1, 1)), None),
        (("mail", "1", "eve", None), None),
        (("mail", None), None),
    ],
)
def test_records_are_known_by_customer_by_id_and_by_day(
    met: tuple[Any, ...], reason: str | None, workspace: Workspace
) -> None:
    workspace.work_folder.mkdir()
    forget(workspace, read_forgotten(workspace, KEYED), DIGESTS, "erased on request", date(2025, 1, 1))
    assert read_forgotten(workspace, KEYED).reason(*met) == reason


def test_the_list_names_nobody_and_grows_by_what_is_new(workspace: Workspace) -> None:
    workspace.work_folder.mkdir()
    for day in (date(2025, 1, 6), date(2025, 1, 6), date(2024, 1, 1)):
        forget(workspace, read_forgotten(workspace, KEYED), DIGESTS, "erased on request", day)
    lines = [json.loads(line) for line in workspace.erased_file.read_text().splitlines()]
    assert [line.get("digest") for line in lines] == [*DIGESTS, None]
    assert KEYED.customer("ana") not in workspace.erased_file.read_text()
    workspace.erased_file.write_text("{}\n")
    with pytest.raises(StoreDamaged, match=r"erased.jsonl, line 1, names nothing that was erased"):
        read_forgotten(workspace, KEYED)


@pytest.mark.parametrize("months", [1, 6, 24, 600])
def test_the_first_day_kept_is_a_monday_not_longer_ago_than_asked(months: int, workspace: Workspace) -> None:
    day, today = first_day_kept(workspace, months), date.today()
    ago = (today.year - day.year) * 12 + today.month - day.month
    assert (day.weekday(), months - 1 <= ago <= months) == (0, True)
