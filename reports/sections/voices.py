"""Part 6: the stories of a few customers who wrote again and again, item by item."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from string import ascii_uppercase

from reports.read import Published, Row
from reports.words import count, day, fixed, signed

AXIS = 100  # units from very negative to very positive
LONGEST = 150
RULES = {
    "fall": "fell furthest from first to last",
    "rise": "rose furthest from first to last",
    "recovery": "came back from the deepest low",
    "most items": "wrote most often",
    "most stages": "met the most stages",
}


@dataclass(frozen=True, slots=True)
class Touch:
    """One item of a story; `low` to `high` is its valence, give or take the error the model expects."""

    when: str
    where: str
    stage: str
    feeling: str
    valence: str
    dot: float
    low: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """One customer's items in the order they were written; `left_out` says how many more there are."""

    name: str
    rule: str
    span: str
    left_out: str
    touches: list[Touch]


@dataclass(frozen=True, slots=True)
class Voices:
    """Stories in the order of their rules; none where too few customers wrote again."""

    stories: list[Story]
    axis: int
    sql: str


def voices(published: Published) -> Voices:
    """Stories of a published file."""
    answer = published.ask("voices")
    by_story = [list(rows) for _, rows in groupby(answer.rows, lambda row: row["story_order"])]
    stories = [_story(name, rows) for name, rows in zip(ascii_uppercase, by_story, strict=False)]
    return Voices(stories, AXIS, answer.sql)


def shortened(text: str, longest: int = LONGEST) -> str:
    """`text` cut at a word where it is longer than `longest` characters, with an ellipsis."""
    if len(text) <= longest:
        return text
    return f"{text[:longest].rsplit(' ', 1)[0].rstrip(' ,;:.')} …"


def _story(name: str, rows: list[Row]) -> Story:
    first, last = rows[0], rows[-1]
    left_out = first["n_items"] - len(rows)
    return Story(
        name=f"Customer {name}",
        rule=RULES[first["story_kind"]],
        span=f"from {signed(first['valence'])} to {signed(last['valence'])} in "
        f"{count((last['written_on'] - first['written_on']).days, 'day')}",
        left_out=f"{count(left_out, 'item')} between them left out" if left_out else "",
        touches=[_touch(row) for row in rows],
    )


def _touch(row: Row) -> Touch:
    valence, spread = row["valence"], row["valence_sd"] or 0.0
    low, high = max(-2.0, valence - spread), min(2.0, valence + spread)
    return Touch(
        when=day(row["written_on"]),
        where=", ".join(part for part in (row["source_name"], row["channel"]) if part),
        stage=row["stage_name"] or "Unclear",
        feeling=row["emotion_id"],
        valence=f"{signed(valence)} ± {fixed(spread)}",
        dot=_place(valence),
        low=_place(low),
        high=_place(high),
        text=shortened(row["text"] or ""),
    )


def _place(valence: float) -> float:
    return round(AXIS * (valence + 2) / 4, 1)
