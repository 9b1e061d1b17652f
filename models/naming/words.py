"""The word lists that names are read by."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "words.toml"


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of `words.toml`; what each is for stands there."""

    empty: frozenset[str]
    vague: frozenset[str]
    praise: frozenset[str]
    blame: frozenset[str]
    trouble: frozenset[str]
    nobody: frozenset[str]
    denials: frozenset[str]
    links: frozenset[str]
    manners: frozenset[str]
    copulas: frozenset[str]
    irregular: Mapping[str, str]
    remarks: Mapping[str, frozenset[str]]
    languages: Mapping[str, str]


@cache
def words() -> Words:
    """Word lists that come with heartline."""
    content = tomllib.loads(FILE.read_text("utf-8"))
    verbs = content.pop("irregular").split()
    remarks = {name: frozenset(told.split()) for name, told in content.pop("remarks").items()}
    languages = content.pop("languages")
    lists = {name: frozenset(told.split()) for name, told in content.items()}
    return Words(
        **lists,
        irregular=dict(zip(verbs[::2], verbs[1::2], strict=True)),
        remarks=remarks,
        languages=languages,
    )
