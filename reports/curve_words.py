"""What may be read off the curve, in sentences that claim no more than the intervals allow."""

from __future__ import annotations

from reports.journey import Moment, StagePoint, apart, highest, lowest, not_apart_from
from reports.words import count, fixed, interval, listing, percent, signed


def curve_words(points: list[StagePoint], found: dict[str, Moment], level: float) -> list[str]:
    """Where customers feel worst and best, and the largest drop along the journey."""
    said = (feeling_words(points, level), drop_words(points, found.get("drop"), level))
    return [words for words in said if words]


def feeling_words(points: list[StagePoint], level: float) -> str:
    """Where customers feel worst and best, and whether those stages stand clear of the others."""
    low, high = lowest(points), highest(points)
    if low is None or high is None:
        return (
            f"None of the {count(len(points), 'stage')} has enough customers to rely on yet, so this page "
            "makes no claim about where customers feel best or worst."
        )
    if low is high:
        return (
            f"Only {low.name} has enough customers to rely on: {_figures(low, level)}. "
            "With one stage there is nothing to compare."
        )
    worst = "worst" if (low.mean or 0) < 0 else "least well"
    best = "best" if (high.mean or 0) > 0 else "least badly"
    if not apart(low, high):
        return (
            f"The stages are not clearly apart: the lowest mean is at {low.name} ({_figures(low, level)}), "
            f"the highest at {high.name} ({_figures(high, level)}), and their intervals overlap."
        )
    text = (
        f"Customers feel {worst} at {low.name} ({_figures(low, level)}) "
        f"and {best} at {high.name} ({_figures(high, level)})."
    )
    return text + _not_clear(low, points) + _not_clear(high, points)


def drop_words(points: list[StagePoint], drop: Moment | None, level: float) -> str:
    """Largest fall between neighbouring stages; empty below two stages to rely on."""
    if sum(point.is_reliable for point in points) < 2:
        return ""
    if drop is None or drop.ci_low is None or drop.ci_high is None:
        return "No stage lies below the one before it."
    text = (
        f"The largest drop along the journey is from {drop.stage} to {drop.other}: a fall of "
        f"{fixed(drop.value)} on a scale from {signed(-2, 0)} to +2 ({percent(level)} interval "
        f"{fixed(drop.ci_low)} to {fixed(drop.ci_high)}, {count(drop.n_customers, 'customer')})"
        f"{_at_a_constant_mix(points, drop)}"
    )
    if drop.ci_low <= 0:
        return f"{text}; the interval holds zero, so it is not clearly a drop."
    if drop.n_open > 1:
        others = count(drop.n_open - 1, "other drop")
        return f"{text}; {others} {'is' if drop.n_open == 2 else 'are'} not ruled out as the largest."
    return f"{text}."


def _at_a_constant_mix(points: list[StagePoint], drop: Moment) -> str:
    """What is left of a drop when the stages are spoken of in the same mix of sources, where that matters."""
    at = {point.name: point.standardised for point in points}
    before, after = at.get(drop.stage), at.get(drop.other or "")
    if before is None or after is None or abs(before - after - drop.value) < 0.1:
        return ""
    if after >= before:
        return "; at a constant mix of sources it would be no fall"
    return f"; at a constant mix of sources it would be {fixed(before - after)}"


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
