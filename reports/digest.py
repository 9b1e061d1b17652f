"""The digest of a week's alerts: what came up, what came in, who looks after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.follow_up import FollowUps
from pipeline.slices.part import WHOLE
from reports.alerts import OutOfLine, surveilled
from reports.arrivals import arrival_words, gap_words
from reports.points import Quote
from reports.read import Published, Row
from reports.restated import restated_words
from reports.sections.opening import opening
from reports.themes import merged_into
from reports.words import count, day, listing

TOLD_AT_LENGTH = 8
SNOOZE_WEEKS = 4
ALL_ARRIVED = "No source left a week out."


@dataclass(frozen=True, slots=True)
class Told:
    """One alert or watched theme that somebody should look at, with two customers' words."""

    row: OutOfLine
    headline: str
    figures: str
    parts: str
    quotes: list[Quote]
    commands: list[str]


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything the digest says. `told` is empty in a quiet week; `lists` are lines under their headings."""

    title: str
    week: str
    dates: str
    week_words: str
    summary: str
    rates: str
    told: list[Told]
    earlier: str
    lists: dict[str, list[str]]


def read_digest(published: Published, follow_ups: FollowUps) -> Digest:
    """Digest of a published file's last complete week and the workspace's follow-ups."""
    head = opening(published, WHOLE)
    found = surveilled(published, follow_ups.after_merges(merged_into(published)))
    quotes = _quotes(published.ask("alert_quotes").rows)
    rows = [row for row in found.rows if row.state == "open"]
    return Digest(
        title=head.title,
        week=head.week,
        dates=head.dates,
        week_words=head.week_words,
        summary=_summary(found.rows, is_tested=found.is_tested),
        rates=found.words,
        told=[_told(row, quotes.get(row.id, []), head.level) for row in rows[:TOLD_AT_LENGTH]],
        earlier=found.earlier,
        lists={
            heading: lines
            for heading, lines in (
                ("Also out of line", [f"{one_line(row)}: {row.id}" for row in rows[TOLD_AT_LENGTH:]]),
                ("What came in", _came_in(published, head.run["last_week_start"])),
                ("Acknowledged", [one_line(row) for row in found.rows if row.state == "acknowledged"]),
                ("Put aside", [f"{one_line(row)}, until {row.until}" for row in found.rows if row.until]),
            )
            if lines
        },
    )


def _came_in(published: Published, monday: date | None) -> list[str]:
    """What the last week brought, what is missing of it, and which weeks before read otherwise now."""
    gaps = [row for row in published.ask("load_gaps").rows if row["week_start"] == monday]
    anew = restated_words(published.ask("restated").rows)
    arrived = arrival_words(published.ask("arrivals").rows)
    return [arrived, *(gap_words(gaps) or [ALL_ARRIVED]), *([anew] if anew else [])]


def _summary(rows: list[OutOfLine], *, is_tested: bool) -> str:
    """How many ask for attention, in one sentence."""
    if not is_tested:
        return "Nothing could be tested."
    told = [row for row in rows if row.state == "open"]
    n_alerts = sum(row.tier == "alert" for row in told)
    n_watched = len(told) - n_alerts
    parts = [count(n_alerts, "alert")] if n_alerts else []
    parts += [f"{n_watched:,} watched"] if n_watched else []
    n_aside = len(rows) - len(told)
    aside = f"; {n_aside:,} acknowledged or put aside" if n_aside else ""
    return f"{listing(parts) or 'Nothing new out of line'}{aside}."


def _told(row: OutOfLine, quotes: list[Quote], level: str) -> Told:
    figures = (
        f"{row.found} of {row.customers} in the last week, {row.expected} expected: {row.ratio} times as "
        f"often ({level} interval {row.ends}; q {row.chance}), since the week of {row.since}."
    )
    commands = [
        f"heartline alert own {row.id} --owner NAME",
        f"heartline alert acknowledge {row.id}",
        f"heartline alert snooze {row.id} --weeks {SNOOZE_WEEKS}",
    ]
    parts = f"{row.parts[0].upper()}{row.parts[1:]}." if row.parts else ""
    return Told(row, _headline(row), figures, parts, quotes, commands)


def _headline(row: OutOfLine) -> str:
    way = "more often" if row.direction == "rise" else "less often"
    return f"{row.theme}: {way} than expected, {row.where}"


def one_line(row: OutOfLine) -> str:
    """An alert as a line of a list."""
    owner = f", {row.owner}" if row.owner else ""
    return f"{_headline(row)} ({row.found}, {row.expected} expected, since {row.since}){owner}"


def _quotes(rows: list[Row]) -> dict[str, list[Quote]]:
    """Quotes of `alert_quotes.sql` by alert."""
    by_alert: dict[str, list[Quote]] = {}
    for row in rows:
        when = f", {day(row['written_on'])}" if row["written_on"] else ""
        quote = Quote("typical", row["text"], f"{row['source_name'] or row['source_id']}{when}")
        by_alert.setdefault(row["alert_id"], []).append(quote)
    return by_alert
