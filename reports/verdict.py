"""The verdict: three sentences with denominators that claim no more than the intervals allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.follow_up import PointFollowUp
from reports.journey import StagePoint
from reports.points import owner_words
from reports.read import Row
from reports.segments import Q_LIMIT
from reports.words import count, fixed, interval, listing, percent, share_word

Way = Literal["better", "worse"]
MOVED = {"better": "rose", "worse": "fell"}
CAME = {"better": "less often", "worse": "more often"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement of the verdict under its topic."""

    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the verdict rests on.

    `changes` are rows of `changes_4_weeks.sql`, `pains` rows of `pain_points.sql`, `points` the pooled curve.
    """

    points: list[StagePoint]
    changes: list[Row]
    pains: list[Row]
    follow_ups: Mapping[str, PointFollowUp] = field(default_factory=dict)


def verdict(evidence: Evidence) -> list[Sentence]:
    """What got better, what got worse, and what to do first."""
    return [
        Sentence("What got better", moved_sentence(evidence, "better")),
        Sentence("What got worse", moved_sentence(evidence, "worse")),
        Sentence("What to do first", first_sentence(evidence)),
    ]


def moved_sentence(evidence: Evidence, way: Way) -> str:
    """The stage and the pain point that moved most one way beyond noise, of how many; or that none did."""
    compared = [row for row in evidence.changes if is_compared(row)]
    known = [row for row in evidence.pains if row["trend_ci_low"] is not None]
    if not compared and not known:
        return "Nothing can be said: no stage and no pain point has enough dated words to compare four weeks."
    moves = [
        row for row in compared if is_clear(row) and (row["standardised_change"] > 0) == (way == "better")
    ]
    trends = [row for row in known if _is_trend(row, way)]
    if not moves and not trends:
        found = _none_of(len(compared), len(known), way)
        return f"Nothing got {way} by more than chance would make it: {found}."
    moves.sort(key=lambda row: -abs(row["standardised_change"]))
    trends.sort(key=lambda row: -row["trend_ci_low"] if way == "worse" else row["trend_ci_high"])
    most = [*map(_move, moves[:1]), *map(_trend, trends[:1])]
    return f"{'; '.join(most)}; {_of_all((len(moves), len(compared)), (len(trends), len(known)), way)}."


def _is_trend(row: Row, way: Way) -> bool:
    return bool(row["trend_ci_high"] < 1 if way == "better" else row["trend_ci_low"] > 1)


def _none_of(n_stages: int, n_pains: int, way: Way) -> str:
    """What was compared without finding anything."""
    said = []
    if n_stages:
        stages = count(n_stages, "stage")
        said.append(f"of {stages} compared with the four weeks before none {MOVED[way]}")
    if n_pains:
        pains = count(n_pains, "pain point")
        said.append(f"of {pains} with a known trend none came {CAME[way]}")
    return ", and ".join(said)


def _of_all(stages: tuple[int, int], pains: tuple[int, int], way: Way) -> str:
    """How many moved of how many compared."""
    said = []
    if stages[1]:
        said.append(f"{stages[0] or 'none'} of {count(stages[1], 'stage')} compared {MOVED[way]}")
    if pains[1]:
        said.append(f"{pains[0] or 'none'} of {count(pains[1], 'pain point')} came {CAME[way]}")
    return f"in all {listing(said)}"


def _move(row: Row) -> str:
    moved = row["standardised_change"]
    return (
        f"{row['stage_name']} {'rose' if moved > 0 else 'fell'} by {fixed(abs(moved), 2)} against the four "
        f"weeks before at the same mix of sources ("
        f"{interval(row['standardised_ci_low'], row['standardised_ci_high'], 2)}; "
        f"{row['n_customers']:,} customers against {row['n_customers_before']:,})"
    )


def _trend(row: Row) -> str:
    return (
        f"{_name(row)} came {fixed(row['trend'], 2)} times as often in the last four weeks as in the eight "
        f"before ({fixed(row['trend_ci_low'], 2)} to {fixed(row['trend_ci_high'], 2)}; "
        f"{count(row['n_recent'], 'item')} against {row['n_before']:,})"
    )


def _name(row: Row) -> str:
    return f"\u201c{row['theme_name']}\u201d at {row['stage_name']}"


def first_sentence(evidence: Evidence) -> str:
    """The first pain point: who met it, how its stage feels, how sure its rank is, and whose it is."""
    pains = evidence.pains
    if not pains:
        return "No pain point was met by enough customers to be told of, so none is put first."
    first = pains[0]
    word = share_word(first["reach"], first["reach_ci_low"])
    text = (
        f"{_name(first)}: {first['n_customers']:,} of {count(first['n_customers_base'], 'customer')} "
        f"({percent(first['reach'])}, {word}) met it{_negative(first['stage_name'], evidence.points)}; "
        f"{_standing(pains)}"
    )
    follow_up = evidence.follow_ups.get(first["point_id"])
    return f"{text}; {owner_words(follow_up)}." if follow_up else f"{text}."


def _negative(stage: str, points: list[StagePoint]) -> str:
    """How many who wrote about the stage are negative; nothing where it carries no claim."""
    found = [point for point in points if point.name == stage and point.is_reliable]
    if not found or found[0].n_negative is None or found[0].share_negative is None:
        return ""
    point, share = found[0], found[0].share_negative
    return (
        f", and {point.n_negative:,} of {count(point.n_customers, 'customer')} who wrote about {stage} "
        f"({percent(share)}, {share_word(share, point.share_negative_low)}) are negative"
    )


def _standing(pains: list[Row]) -> str:
    """Tier and rank set of the first pain point."""
    first, n_pains = pains[0], count(len(pains), "pain point")
    if first["rank_high"] == 1:
        return f"it stands clear of all others among {n_pains}"
    n_tier = sum(row["tier"] == first["tier"] for row in pains)
    alone = "it is alone in" if n_tier == 1 else f"it is one of {n_tier:,} in"
    return f"{alone} tier {first['tier']}, ranks 1 to {first['rank_high']:,} of {n_pains} being open to it"


def change_sentence(changes: list[Row]) -> Sentence:
    """Stages whose mean moved since the week before at the same mix of sources, by more than chance."""
    topic = "Since last week"
    if not changes:
        return Sentence(topic, "There are no two weeks to compare, so nothing is said about change.")
    compared = [row for row in changes if is_compared(row)]
    if not compared:
        return Sentence(
            topic,
            "No stage has enough customers of the same sources in both weeks, so nothing is said about "
            "change since last week.",
        )
    moved = [row for row in compared if is_clear(row)]
    stages = count(len(compared), "stage")
    if not moved:
        return Sentence(
            topic,
            f"No stage moved by more than chance would make it ({stages} compared with the week before).",
        )
    moved.sort(key=lambda row: -abs(row["standardised_change"]))
    parts = [
        f"{row['stage_name']} {'rose' if row['standardised_change'] > 0 else 'fell'} by "
        f"{fixed(abs(row['standardised_change']), 2)} at the same mix of sources "
        f"({interval(row['standardised_ci_low'], row['standardised_ci_high'], 2)}; "
        f"{row['n_customers']:,} customers against {row['n_customers_before']:,})"
        for row in moved
    ]
    still = (
        ""
        if len(moved) == len(compared)
        else f"; of {stages} compared, no other moved by more than chance would make it"
    )
    return Sentence(topic, f"{listing(parts)}{still}.")


def is_compared(row: Row) -> bool:
    """Whether a stage's change at the same mix of sources is known with its test."""
    return row["standardised_ci_low"] is not None and row["q_value"] is not None


def is_clear(row: Row) -> bool:
    """Whether a change is a finding among all stages: q below .1."""
    return row["q_value"] is not None and row["q_value"] < Q_LIMIT
