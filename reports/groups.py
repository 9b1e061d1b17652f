"""Whether one curve may stand for all sources and organisations, and the curves of each where it may not."""

from __future__ import annotations

from dataclasses import dataclass

from reports.charts.groups import group_chart
from reports.figure import Figure, figure
from reports.journey import StagePoint, stage_points
from reports.read import Answer, Published, Row
from reports.segments import Q_LIMIT
from reports.words import count, listing

MOST = 12  # panels
I_SQUARED = 0.5


@dataclass(frozen=True, slots=True)
class Groups:
    """One kind of group, source or organisation: what was found, and small multiples where they differ."""

    kind: str
    words: str
    figure: Figure | None


def differing_groups(published: Published, pooled: list[StagePoint]) -> tuple[list[Groups], str]:
    """Sources and organisations, as far as two of each can be compared, and the SQL of the comparison."""
    tested = published.ask("heterogeneity")
    found = []
    for kind in ("source", "organisation"):
        rows = [row for row in tested.rows if row["group_kind"] == kind]
        if rows:
            found.append(_of_kind(kind, rows, published, pooled))
    return found, tested.sql


def _of_kind(kind: str, tested: list[Row], published: Published, pooled: list[StagePoint]) -> Groups:
    apart = [row for row in tested if row["q_value"] < Q_LIMIT and row["i_squared"] >= I_SQUARED]
    compared = count(len(tested), "stage")
    if not apart:
        words = f"One curve may stand for every {kind}: at none of {compared} compared do they differ"
        return Groups(kind, f"{words} beyond chance.", None)
    curves, answer = _sources(published) if kind == "source" else _organisations(published)
    largest = dict(list(curves.items())[:MOST])
    left = len(curves) - len(largest)
    rest = f" Shown are the {MOST:,} largest; {left:,} more are in the table." if left else ""
    stages = [str(row["stage_name"]) for row in apart]
    words = (
        f"One curve for all misleads: by {kind} customers differ beyond chance at {listing(stages, 8)}, "
        f"{len(apart):,} of {compared} compared.{rest}"
    )
    label = f"Mean valence by journey stage, one panel for each {kind}: {', '.join(largest)}"
    return Groups(kind, words, figure(f"by-{kind}", label, group_chart(largest, pooled), answer))


def _sources(published: Published) -> tuple[dict[str, list[StagePoint]], Answer]:
    """Curve of each source, the one with most items first."""
    answer, sources = published.ask("curve"), published.ask("sources").rows
    ordered = sorted(sources, key=lambda row: -(row["n_items"] or 0))
    alone = [row for row in answer.rows if row["source_id"] != "all"]
    curves = {
        row["source_name"] or row["source_id"]: stage_points(alone, row["source_id"]) for row in ordered
    }
    return curves, Answer(answer.name, answer.sql, alone)


def _organisations(published: Published) -> tuple[dict[str, list[StagePoint]], Answer]:
    """Curve of each organisation, the one with most words first."""
    touched = published.ask("touchpoints")
    rows = [row for row in touched.rows if row["touchpoint_kind"] == "organisation"]
    curves = {
        name: stage_points([row | {"source_id": name} for row in rows if row["touchpoint"] == name], name)
        for name in dict.fromkeys(row["touchpoint"] for row in rows)
    }
    return curves, Answer(touched.name, touched.sql, rows)
