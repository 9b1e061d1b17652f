"""What the page is about: whose words, of which week, how many."""

from __future__ import annotations

from dataclasses import dataclass

from reports.read import Published, Row
from reports.words import count, iso_week, listing, percent, week_span

UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Opening:
    """Head of the page; `level` is that of all intervals that name no other."""

    title: str
    week: str
    dates: str
    extent: str
    level: str
    run: Row


def opening(published: Published) -> Opening:
    """Head of the page of a published file."""
    run = published.ask("run").rows[0]
    monday = run["last_week_start"]
    return Opening(
        title=run["workspace_name"] or "Customers' words",
        week=week_name(run),
        dates="No item carries a date" if monday is None else week_span(monday),
        extent=_extent(run, published.ask("sources").rows),
        level=percent(run["level"]),
        run=run,
    )


def week_name(run: Row) -> str:
    """Name of the page of a run: its ISO week, or `undated`."""
    monday = run["last_week_start"]
    return UNDATED if monday is None else iso_week(monday)


def _extent(run: Row, sources: list[Row]) -> str:
    if not sources:
        return "no items yet"
    names = [f"{row['source_name'] or row['source_id']} ({row['n_items']:,})" for row in sources]
    return (
        f"{count(run['n_items'], 'item')} from {count(run['n_customers'], 'customer')} in "
        f"{count(len(sources), 'source')}: {listing(names, at_most=6)}"
    )
