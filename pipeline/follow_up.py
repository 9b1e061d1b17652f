"""`follow_up.toml`: what people decided about alerts and pain points, to be edited by command or by hand."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import tomli_w
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigError
from pipeline.files import replace_file

FOLLOW_UP_NAME = "follow_up.toml"
HEAD = """\
# What was decided about alerts and pain points; the next report and digest show it, without a publish.
# Edit it, or have heartline alert do it (comments of your own are then lost):
#   [alert."ID"]       owner, note, snoozed_until = 2026-11-02 (or "2026-W45"), acknowledged_week
#   [pain_point."ID"]  owner, action, due = 2026-11-30, status = "open", "under way" or "done"
# heartline alert list shows the ids.

"""
MAPS = ("alert", "pain_point")
Status = Literal["open", "under way", "done"]


def _printable(text: str) -> str:
    if not (text.strip() and text.isprintable()):
        raise ValueError("expected words on one line")
    return text


def _first_day(given: Any) -> Any:
    """The day of 2026-11-02, or of 2026-W45 its Monday, where these are text; anything else as it was."""
    return date.fromisoformat(given) if isinstance(given, str) else given


Words = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
Day = Annotated[date, Field(strict=True), BeforeValidator(_first_day)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AlertFollowUp(_Record):
    """What was decided about the alerts of one series: a theme, in all, in a source or in a segment."""

    owner: Words | None = None
    note: Words | None = None
    snoozed_until: Day | None = Field(None, description="the first day on which it is told again")
    acknowledged_week: Day | None = Field(None, description="Monday of the last week that was seen")


class PointFollowUp(_Record):
    """What was decided about one pain point."""

    owner: Words | None = None
    action: Words | None = None
    due: Day | None = None
    status: Status | None = None


class FollowUps(_Record):
    """All of it, by the ids of alerts and of pain points."""

    alert: dict[str, AlertFollowUp] = Field(default_factory=dict)
    pain_point: dict[str, PointFollowUp] = Field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Twelve digits that change whenever anything recorded does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def after_merges(self, merged_into: Mapping[str, str]) -> FollowUps:
        """The same by today's themes: what was said of a merged one goes to the theme that took it over.

        What was said of that theme itself stands before it. `merged_into` gives a theme by the one merged.
        """
        return FollowUps(**{name: _moved(getattr(self, name), merged_into) for name in MAPS})


NOTHING_DECIDED = FollowUps()


def _moved(records: Mapping[str, Any], merged_into: Mapping[str, str]) -> dict[str, Any]:
    moved = {_today(key, merged_into): record for key, record in records.items()}
    return moved | {key: record for key, record in records.items() if _today(key, merged_into) == key}


def _today(key: str, merged_into: Mapping[str, str]) -> str:
    theme_id, place = re.fullmatch(r"([^@:]*)(.*)", key, re.DOTALL).groups()  # type: ignore[union-attr]
    passed: set[str] = set()
    while theme_id in merged_into and theme_id not in passed:
        passed.add(theme_id)
        theme_id = merged_into[theme_id]
    return theme_id + place


def read_follow_ups(folder: Path) -> FollowUps:
    """What is recorded in the workspace at `folder`; nothing where it holds no such file.

    Raises
    ------
    ConfigError
        The file is no TOML, or says something that cannot be; all such places are named.
    """
    path = folder / FOLLOW_UP_NAME
    if not path.is_file():
        return FollowUps()
    try:
        return FollowUps(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, f"is not valid TOML: {error}") from error
    except ValidationError as error:
        places = (f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise _wrong(path, f"cannot be used: {'; '.join(places)}") from error


def change_follow_up(
    folder: Path,
    table: Literal["alert", "pain_point"],
    key: str,
    merged_into: Mapping[str, str],
    **facts: Any,
) -> bool:
    """Set facts of one alert or pain point, None to forget one; gives whether anything has changed.

    Raises
    ------
    ConfigError
        The file, or what is to be set in it, cannot be; the file is as it was.
    """
    with _held(folder):
        found = read_follow_ups(folder).after_merges(merged_into)
        content = found.model_dump(exclude_none=True)
        record = content[table].get(key, {}) | facts
        content[table][key] = {name: value for name, value in record.items() if value is not None}
        if not content[table][key]:
            del content[table][key]
        try:
            changed = FollowUps(**content)
        except ValidationError as error:
            said = "; ".join(f"{item['loc'][-1]}: {item['msg']}" for item in error.errors())
            raise _wrong(folder / FOLLOW_UP_NAME, f"cannot take {key}: {said}") from error
        if changed == found:
            return False
        tables = {name: table for name, table in changed.model_dump(exclude_none=True).items() if table}
        replace_file(folder / FOLLOW_UP_NAME, (HEAD + tomli_w.dumps(tables)).encode())
    return True


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Two who write at once do so one after the other."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _wrong(path: Path, finding: str) -> ConfigError:
    return ConfigError(
        f"{path} {finding}",
        left_undone="it is as it was",
        next_command="correct it as its first lines say, then the same command",
        file=str(path),
    )
