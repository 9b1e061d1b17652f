"""What the page is about: whose words, of which week, how many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.slices.part import WHOLE, Part
from reports.read import Published, Row
from reports.words import count, day, iso_week, listing, percent, week_span

UNDATED, NO_WEEK = "undated", "no-week-yet"


@dataclass(frozen=True, slots=True)
class Opening:
    """Head of the page; `level` is that of all intervals that name no other.

    `part_words` says what the page is a part of, and is empty where it is of everything; `empty_words` says
    that nobody wrote in the week, and is empty where somebody did; `week_words` say that few wrote in it, and
    how many weeks came after it.
    """

    title: str
    week: str
    dates: str
    extent: str
    part_words: str
    empty_words: str
    week_words: str
    level: str
    run: Row


def opening(published: Published, part: Part) -> Opening:
    """Head of the page of a published file, which holds no more than `part`."""
    run = published.ask("run").rows[0]
    monday = run["last_week_start"]
    return Opening(
        title=run["workspace_name"] or "Customers' words",
        week=week_name(monday, is_dated=run["n_dated"] > 0),
        dates=_dates(run),
        extent=_extent(run, published.ask("sources").rows),
        part_words=_part_words(part, run),
        empty_words=_empty_words(run),
        week_words=" ".join(_week_words(run)),
        level=percent(run["level"]),
        run=run,
    )


def week_name(monday: date | None, *, is_dated: bool) -> str:
    """Name of a week's page: its ISO week; without one `no-week-yet`, or `undated` where nothing is dated."""
    if monday is not None:
        return iso_week(monday)
    return NO_WEEK if is_dated else UNDATED


def _dates(run: Row) -> str:
    if run["last_week_start"] is not None:
        return week_span(run["last_week_start"])
    return "No week with words is complete" if run["n_dated"] else "No item carries a date"


def _week_words(run: Row) -> Iterator[str]:
    """That few wrote in the week, and that fewer did in the weeks after it than a last week takes."""
    if run["last_week_start"] is None:
        return
    few, n_after = run["hollow_below"], run["n_weeks_after"]
    if run["n_in_week"] and run["n_customers_in_week"] < few:
        yield f"Fewer than {few} customers wrote in this week, so its means by stage carry no claim."
    if n_after == 1:
        yield f"The week after this one has fewer than {few} customers and is not shown as the last."
    elif n_after:
        yield (
            f"The {n_after:,} weeks after this one have fewer than {few} customers each and are not shown as "
            "the last."
        )


def _empty_words(run: Row) -> str:
    if run["last_week_start"] is None or run["n_in_week"]:
        return ""
    undated = " and undated items" if run["n_items"] > run["n_dated"] else ""
    return (
        f"Nobody wrote in this week. The page tells of the weeks before{undated}; nothing can be said about "
        "change since last week, nor about what is out of line."
    )


def _part_words(part: Part, run: Row) -> str:
    """What was left out, and what is nevertheless of today or of everything."""
    if part == WHOLE:
        return ""
    n_undated = run["n_items"] - run["n_dated"]
    undated = f" and {count(n_undated, 'undated item')}" if n_undated else ""
    parts = [f"what was written up to {day(part.week + timedelta(days=6))}{undated}"] if part.week else []
    parts += [f"{key}: {value}" for key, value in part.values]
    return (
        f"A part of what was published: {'; '.join(parts)}. All figures are computed anew from it; the "
        "themes are those of today’s theme book, and what people audited is of everything."
    )


def _extent(run: Row, sources: list[Row]) -> str:
    if not sources:
        return "no items yet"
    names = [f"{row['source_name'] or row['source_id']} ({row['n_items']:,})" for row in sources]
    return (
        f"{count(run['n_items'], 'item')} from {count(run['n_customers'], 'customer')} in "
        f"{count(len(sources), 'source')}: {listing(names, at_most=6)}"
    )
