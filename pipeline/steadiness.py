"""How steady themes are: what fits of the same sentences in another order, or of fewer, would find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from models.theme_quality import Agreement, agreement
from models.topics import assign_topics, fit_topics
from pipeline.progress import Reporter
from pipeline.theme_desk import Desk
from pipeline.themes import sample_evenly

SHARE_KEPT = 0.9
WEEKS_LEFT_OUT = 4
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Steadiness:
    """Agreement of a fit of all sentences with other fits, on the sentences that both saw.

    Attributes
    ----------
    order : Agreement
        With a fit of the same sentences in another order.
    subsample : Agreement
        With a fit of a random nine in ten of them.
    weeks : Agreement or None
        With a fit of those that were there before the newest four weeks; None where these are all there are.
    note : str
        Why there is no figure for seeds.
    """

    order: Agreement
    subsample: Agreement
    weeks: Agreement | None
    note: str = "the fit has no seed to change"


def measure_steadiness(desk: Desk, reporter: Reporter) -> Steadiness:
    """Fit the sentences four times, as the book would be fitted now, and compare."""
    settings = desk.inputs.workspace.settings
    rows = sample_evenly(desk.sentences.source_ids, settings.themes.fit_at_most)
    random = np.random.default_rng(settings.seed)
    kept = np.sort(random.permutation(len(rows))[: round(SHARE_KEPT * len(rows))])
    older = np.flatnonzero(_is_older(desk)[rows])
    with reporter.task("fit again", 4, "fits") as advance:

        def themes(some: IntArray) -> IntArray:
            """Themes of all of `rows` by a fit of some."""
            texts = [desk.sentences.texts[row] for row in some]
            topics = fit_topics(texts, desk.sentences.vectors[some], size=settings.themes.size)
            found, _ = assign_topics(desk.sentences.vectors[rows], topics)
            advance(1)
            return found

        whole = themes(rows)
        turned = themes(random.permutation(rows))
        fewer = themes(rows[kept])
        earlier = themes(rows[older]) if 0 < len(older) < len(rows) else None
    return Steadiness(
        order=_agreement(whole, turned),
        subsample=_agreement(whole[kept], fewer[kept]),
        weeks=None if earlier is None else _agreement(whole[older], earlier[older]),
    )


def _agreement(one: IntArray, other: IntArray) -> Agreement:
    return agreement([str(theme) for theme in one.tolist()], other)


def _is_older(desk: Desk) -> NDArray[np.bool_]:
    """Whether each sentence was there before the newest four weeks, or is undated; shape (n,)."""
    last = desk.stamp.week - timedelta(weeks=WEEKS_LEFT_OUT)
    found = desk.connection.execute(
        """
        select segment.content_digest
        from segment
        inner join item using (item_id)
        group by segment.content_digest
        having coalesce(min(item.week_start) <= ?, true)
        """,
        [last],
    ).fetchall()
    older = {digest for (digest,) in found}
    return np.array([digest in older for digest in desk.sentences.digests], dtype=np.bool_)
