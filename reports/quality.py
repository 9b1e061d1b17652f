"""What became of the records, source by source, and what that means for the page."""

from __future__ import annotations

from dataclasses import dataclass

from reports.read import Row
from reports.words import count, percent

OUTCOMES = ("accepted", "duplicate", "superseded", "quarantined", "erased")
_OF_ITEMS = ("without_text", "fillers", "undated", "without_customer")
_OF_SEGMENTS = ("without_content", "unsorted", "low_confidence")


@dataclass(frozen=True, slots=True)
class SourceQuality:
    """One source's measures as words. `adds_up` is False where records went missing."""

    name: str
    is_total: bool
    records: str
    outcomes: list[str]
    adds_up: bool
    of_items: list[str]
    segments: str
    of_segments: list[str]


def source_quality(rows: list[Row]) -> list[SourceQuality]:
    """One entry per source, the total last, from the rows of `quality.sql`."""
    return [_entry(source_id, name, measures) for source_id, name, measures in _measures(rows)]


def quality_words(rows: list[Row], *, is_part: bool = False) -> list[str]:
    """One to four sentences on what the measures mean for the reader.

    Nothing is said of records held back where the rows are of a part: they are in none.
    """
    totals = next((measures for source, _, measures in _measures(rows) if source == "all"), {})
    records, accepted = totals.get("records", 0), totals.get("accepted", 0)
    segments = totals.get("segments", 0)
    if not records:
        return ["No record was read, so there is nothing to check."]
    words = [f"{accepted:,} of {count(records, 'record')} became items ({percent(accepted / records)})."]
    held = totals.get("quarantined", 0)
    if held:
        verb = "was" if held == 1 else "were"
        words.append(f"{count(held, 'record')} {verb} held back, with a reason each.")
    elif not is_part:
        words.append("None was held back.")
    undated = totals.get("undated", 0)
    if undated and accepted:
        words.append(
            f"{count(undated, 'item')} ({percent(undated / accepted)}) {'has' if undated == 1 else 'have'} "
            "no date: in the curve and the ranking, but in nothing that speaks of weeks."
        )
    if segments:
        empty, unsure = (
            percent(totals.get(measure, 0) / segments) for measure in ("without_content", "low_confidence")
        )
        words.append(
            f"{empty} of {count(segments, 'segment')} are greetings, thanks or placeholders only and "
            f"{unsure} have a stage the model was unsure of; both count towards the curve as they were "
            "tagged."
        )
        words.append(unsorted_words(rows))
    return words


def unsorted_words(rows: list[Row]) -> str:
    """How much of what is said stands in no theme: to be read beside every total of themes."""
    totals = next((measures for source, _, measures in _measures(rows) if source == "all"), {})
    n_with_content = _with_content(totals)
    if not n_with_content:
        return "No segment says anything that a theme could hold."
    n_unsorted, n_proposed = totals.get("unsorted", 0), totals.get("proposed", 0)
    near = f", {n_proposed:,} of them near a proposed theme" if n_proposed else ""
    return (
        f"Unsorted: {percent(n_unsorted / n_with_content)} of the segments that say something stand in no "
        f"theme ({n_unsorted:,} of {n_with_content:,}{near})."
    )


def _with_content(measures: dict[str, int]) -> int:
    return measures.get("segments", 0) - measures.get("without_content", 0)


def _measures(rows: list[Row]) -> list[tuple[str, str, dict[str, int]]]:
    found: dict[str, tuple[str, dict[str, int]]] = {}
    for row in rows:
        name = "All sources" if row["source_id"] == "all" else row["source_name"] or row["source_id"]
        found.setdefault(row["source_id"], (name, {}))[1][row["measure"]] = row["n"] or 0
    return [(source_id, name, measures) for source_id, (name, measures) in found.items()]


def _entry(source_id: str, name: str, measures: dict[str, int]) -> SourceQuality:
    accepted, segments = measures.get("accepted", 0), measures.get("segments", 0)
    records = measures.get("records", 0)
    return SourceQuality(
        name=name,
        is_total=source_id == "all",
        records=f"{records:,}",
        outcomes=[f"{measures.get(outcome, 0):,}" for outcome in OUTCOMES],
        adds_up=records == sum(measures.get(outcome, 0) for outcome in OUTCOMES),
        of_items=[_part(measures.get(measure, 0), accepted) for measure in _OF_ITEMS],
        segments=f"{segments:,}",
        of_segments=[
            percent(measures.get(measure, 0) / whole) if whole else "–"
            for measure, whole in zip(
                _OF_SEGMENTS, (segments, _with_content(measures), segments), strict=True
            )
        ],
    )


def _part(n: int, whole: int) -> str:
    return f"{n:,} ({percent(n / whole)})" if n and whole else f"{n:,}"
