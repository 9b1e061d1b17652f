"""Part 5: what goes with rating, NPS and CSAT, who feels otherwise, and how those who wrote again ended."""

from __future__ import annotations

from dataclasses import dataclass

from reports.drivers import Drivers, driver_section
from reports.read import Published
from reports.segments import Ends, Segment, differing_segments, segment_words, start_to_end


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Drivers, differing segments, and ends, each with its SQL."""

    drivers: Drivers
    segments: list[Segment]
    segment_words: str
    segments_sql: str
    ends: list[Ends]
    ends_sql: str


def outcomes(published: Published) -> Outcomes:
    """What a published file says of them."""
    compared, ends = published.ask("segments"), published.ask("start_to_end")
    return Outcomes(
        drivers=driver_section(published.ask("drivers")),
        segments=differing_segments(compared.rows),
        segment_words=segment_words(compared.rows),
        segments_sql=compared.sql,
        ends=start_to_end(ends.rows),
        ends_sql=ends.sql,
    )
