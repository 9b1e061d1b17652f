"""The verdict: three to five sentences with denominators that claim no more than the intervals allow."""

from __future__ import annotations

from dataclasses import dataclass

from reports.journey import Moment, StagePoint, apart, highest, lowest, not_apart_from
from reports.read import Row
from reports.segments import Q_LIMIT
from reports.words import count, fixed, interval, listing, percent, share_word, signed


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement of the verdict under its topic."""

    topic: str
    text: str


def verdict(
    curve: tuple[list[StagePoint], dict[str, Moment]], pains: list[Row], changes: list[Row], level: float
) -> list[Sentence]:
    """All sentences of the verdict, the most important first, from the curve with what was read off it."""
    points, found_moments = curve
    found = (
        feeling_sentence(points, level),
        drop_sentence(points, found_moments.get("drop"), level),
        pain_sentence(pains),
        change_sentence(changes),
        growth_sentence(pains),
    )
    return [sentence for sentence in found if sentence is not None]


def feeling_sentence(points: list[StagePoint], level: float) -> Sentence:
    """Where customers feel worst and best, and whether those stages stand clear of the others."""
    low, high = lowest(points), highest(points)
    if not points:
        return Sentence("Too little to say", "No stage of the journey has been described yet.")
    if low is None or high is None:
        return Sentence(
            "Too little to say",
            f"None of the {count(len(points), 'stage')} has enough customers to rely on yet, so this page "
            "makes no claim about where customers feel best or worst.",
        )
    if low is high:
        return Sentence(
            "The mood",
            f"Only {low.name} has enough customers to rely on: {_figures(low, level)}. "
            "With one stage there is nothing to compare.",
        )
    worst = "worst" if (low.mean or 0) < 0 else "least well"
    best = "best" if (high.mean or 0) > 0 else "least badly"
    if not apart(low, high):
        return Sentence(
            "The mood",
            f"The stages are not clearly apart: the lowest mean is at {low.name} ({_figures(low, level)}), "
            f"the highest at {high.name} ({_figures(high, level)}), and their intervals overlap.",
        )
    text = (
        f"Customers feel {worst} at {low.name} ({_figures(low, level)}) "
        f"and {best} at {high.name} ({_figures(high, level)})."
    )
    return Sentence("The mood", text + _not_clear(low, points) + _not_clear(high, points))


def drop_sentence(points: list[StagePoint], drop: Moment | None, level: float) -> Sentence | None:
    """Largest fall between neighbouring stages; None below two stages to rely on."""
    if sum(point.is_reliable for point in points) < 2:
        return None
    topic = "Along the journey"
    if drop is None or drop.ci_low is None or drop.ci_high is None:
        return Sentence(topic, "No stage lies below the one before it.")
    text = (
        f"The largest drop along the journey is from {drop.stage} to {drop.other}: a fall of "
        f"{fixed(drop.value)} on a scale from {signed(-2, 0)} to +2 ({percent(level)} interval "
        f"{fixed(drop.ci_low)} to {fixed(drop.ci_high)}, {count(drop.n_customers, 'customer')})"
        f"{_at_a_constant_mix(points, drop)}"
    )
    if drop.ci_low <= 0:
        return Sentence(topic, f"{text}; the interval holds zero, so it is not clearly a drop.")
    if drop.n_open > 1:
        others = count(drop.n_open - 1, "other drop")
        return Sentence(
            topic, f"{text}; {others} {'is' if drop.n_open == 2 else 'are'} not ruled out as the largest."
        )
    return Sentence(topic, f"{text}.")


def _at_a_constant_mix(points: list[StagePoint], drop: Moment) -> str:
    """What is left of a drop when the stages are spoken of in the same mix of sources, where that matters."""
    at = {point.name: point.standardised for point in points}
    before, after = at.get(drop.stage), at.get(drop.other or "")
    if before is None or after is None or abs(before - after - drop.value) < 0.1:
        return ""
    if after >= before:
        return "; at a constant mix of sources it would be no fall"
    return f"; at a constant mix of sources it would be {fixed(before - after)}"


def pain_sentence(pains: list[Row]) -> Sentence:
    """First pain point by priority, and which ranks the data leave open to it."""
    if not pains:
        return Sentence("First to fix", "No pain point was met by ten customers or more, so none is ranked.")
    first = pains[0]
    word = share_word(first["reach"], first["reach_ci_low"])
    name = f"\u201c{first['theme_name']}\u201d at {first['stage_name']}"
    text = (
        f"{first['n_customers']:,} of {count(first['n_customers_base'], 'customer')} "
        f"({percent(first['reach'])}, {word}) met {name}: "
    )
    last = first["rank_high"]
    if last == 1:
        return Sentence("First to fix", text + "the first thing to fix, clear of all others.")
    ranks = "rank 2 is" if last == 2 else f"ranks down to {last:,} are"
    return Sentence("First to fix", f"{text}first by priority, though {ranks} not ruled out.")


def change_sentence(changes: list[Row]) -> Sentence:
    """Stages whose mean moved since the week before at the same mix of sources, by more than chance."""
    topic = "Since last week"
    if not changes:
        return Sentence(topic, "There are no two weeks to compare, so nothing is said about change.")
    compared = [row for row in changes if is_compared(row)]
    if not compared:
        return Sentence(
            topic,
            "No stage has ten customers of the same sources in both weeks, so nothing is said about change "
            "since last week.",
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


def growth_sentence(pains: list[Row]) -> Sentence | None:
    """Pain point whose rate grew most surely; None where no interval lies above 1."""
    growing = [row for row in pains if row["trend_ci_low"] is not None and row["trend_ci_low"] > 1]
    if not growing:
        return None
    first = max(growing, key=lambda row: float(row["trend_ci_low"]))
    others = len(growing) - 1
    more = f" {count(others, 'other')} {'grows' if others == 1 else 'grow'} too." if others else ""
    return Sentence(
        "Growing",
        f"\u201c{first['theme_name']}\u201d at {first['stage_name']} comes {fixed(first['trend'])} times as "
        f"often in the last four weeks as in the eight before (interval {fixed(first['trend_ci_low'])} to "
        f"{fixed(first['trend_ci_high'])}, {count(first['n_recent'], 'recent item')}).{more}",
    )


def is_compared(row: Row) -> bool:
    """Whether a stage's change at the same mix of sources is known with its test."""
    return row["standardised_ci_low"] is not None and row["q_value"] is not None


def is_clear(row: Row) -> bool:
    """Whether a change is a finding among all stages: q below .1."""
    return row["q_value"] is not None and row["q_value"] < Q_LIMIT


def _figures(point: StagePoint, level: float) -> str:
    low, high = point.ci_low or 0, point.ci_high or 0
    digits = 1 if high - low >= 0.2 else 2
    return (
        f"mean valence {signed(point.mean or 0, digits)}, {percent(level)} interval "
        f"{interval(low, high, digits)}, {count(point.n_customers, 'customer')}"
    )


def _not_clear(point: StagePoint, points: list[StagePoint]) -> str:
    others = not_apart_from(point, points)
    return f" {point.name} is not clearly apart from {listing(others)}." if others else ""
