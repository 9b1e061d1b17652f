"""What is new: groups of recent segments that nothing earlier resembles, as candidates for the book."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.theme_tree import unit_rows
from pipeline.book.book import Book, FloatArray, Theme

# Weeks that count as recent: two for what comes all at once; eight for few items a week, which would be held
# against themselves as soon as the first of them are two weeks old.
SPANS = (2, 8)
NEWEST_WEEKS = 2
LEAST_ITEMS = 5
LEAST_CUSTOMERS = 3
N_NEIGHBOURS = LEAST_ITEMS - 1
GROUP_WITHIN = 0.8  # cosine distance of centred vectors, on average over the group
# Cosine of centred centroids. Of 24 texts of a BANKING77 intent it is .92 or more to the intent's, and at
# most .87 to any other's.
SAME_THEME = 0.88
SAME_PROPOSAL = 0.75  # lower: what is left over of a proposed theme lies at its rim
CHANCE = 1e-4
MOST_TEXTS = 4_000
ROWS_AT_ONCE = 256


@dataclass(frozen=True, slots=True, eq=False)
class Recent:
    """The segments of the last two or eight weeks.

    `vectors` (n, d) float32 are the unit vectors of the distinct texts. Each of the m segments is a text's
    row, an item and a customer: `text_of` (m,) int, `items` (m,) and `customers` (m,) str; `is_newest` (m,)
    tells those of the last two weeks.
    """

    vectors: FloatArray
    text_of: NDArray[np.int64]
    items: NDArray[np.object_]
    customers: NDArray[np.object_]
    is_newest: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A group that may be a new theme: rows of its texts, and how much of it the last two weeks have.

    `chance` is the probability of seeing so few earlier texts among it if it were as common before.
    """

    texts: NDArray[np.int64]
    n_items: int
    n_customers: int
    chance: float


def find_candidates(recent: Recent, earlier: FloatArray, book: Book) -> tuple[Candidate, ...]:
    """Candidates among the recent segments, the one with most items first.

    Parameters
    ----------
    recent
        Recent segments that the fit has not seen; the order of the texts a function of their set.
    earlier : (r, d) float32
        Unit vectors of the distinct texts that the fit has seen, or that are older.
    book
        Its themes are not found again, but for those that were split or that a refit has ended.

    Notes
    -----
    A text is new where its nearest neighbours are recent texts rather than earlier ones; how many neighbours
    count grows with the ratio of recent to earlier texts, so that little history makes nothing look new. New
    texts are grouped by average linkage on the cosine of centred vectors. A group is proposed when it has
    five items of three customers in the last two weeks and earlier texts are missing near its centre: a
    binomial test of the texts within the median distance of its members, each measured from the others' mean,
    at 1 in 10,000.

    This looks at texts inside themes too: a theme that is new often starts as the odd part of an old one.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    n, n_earlier = len(recent.vectors), len(earlier)
    if n <= N_NEIGHBOURS or n_earlier <= N_NEIGHBOURS:
        return ()
    mean = earlier.mean(axis=0)
    points, before = _centred(recent.vectors, mean), _centred(earlier, mean)
    rows = _new_texts(points, before)
    if len(rows) < 2:
        return ()
    groups = fcluster(linkage(points[rows], "average", metric="cosine"), GROUP_WITHIN, "distance")
    known = [theme for theme in book.themes if _is_known(theme)]
    limits = [SAME_PROPOSAL if theme.status == "proposed" else SAME_THEME for theme in known]
    centroids = [_centred(theme.centroid[None], mean)[0] for theme in known]
    found = []
    for group in np.unique(groups):
        texts = rows[groups == group]
        centre = unit_rows(points[texts].sum(axis=0)[None])[0]
        if not any(centre @ other > limit for other, limit in zip(centroids, limits, strict=True)):
            found.append(_candidate(recent, texts, _chance(points[texts], centre, before, n)))
    return tuple(sorted(filter(_is_enough, found), key=lambda one: (-one.n_items, int(one.texts[0]))))


def _is_known(theme: Theme) -> bool:
    """Whether readers know the theme, or a person has put it away; one that a refit ended may come back."""
    return theme.status in ("active", "merged", "proposed") or (theme.status == "retired" and theme.pinned)


def _is_enough(found: Candidate) -> bool:
    enough = found.n_items >= LEAST_ITEMS and found.n_customers >= LEAST_CUSTOMERS
    return enough and found.chance <= CHANCE


def _candidate(recent: Recent, texts: NDArray[np.int64], chance: float) -> Candidate:
    inside = np.isin(recent.text_of, texts) & recent.is_newest
    counts = (len(np.unique(names[inside].astype(str))) for names in (recent.items, recent.customers))
    n_items, n_customers = counts
    return Candidate(texts, n_items, n_customers, chance)


def _new_texts(points: FloatArray, before: FloatArray) -> NDArray[np.int64]:
    """Rows whose neighbours are recent rather than earlier, at most the 4,000 newest of them."""
    n_recent = max(N_NEIGHBOURS, round(N_NEIGHBOURS * len(points) / len(before)))
    n_recent = min(n_recent, len(points) - 1)
    gap = np.empty(len(points))
    for start in range(0, len(points), ROWS_AT_ONCE):
        block = slice(start, start + ROWS_AT_ONCE)
        among = points[block] @ points.T
        among[np.arange(len(among)), np.arange(start, start + len(among))] = -1
        gap[block] = _mean_of_highest(among, n_recent) - _mean_of_highest(
            points[block] @ before.T, N_NEIGHBOURS
        )
    newest = np.argsort(-gap, kind="stable")[:MOST_TEXTS]
    return np.sort(newest[gap[newest] > 0])


def _mean_of_highest(similarity: FloatArray, n: int) -> NDArray[np.float64]:
    highest = np.partition(similarity, similarity.shape[1] - n, axis=1)[:, -n:]
    return np.asarray(highest.mean(axis=1, dtype=np.float64))


def _chance(members: FloatArray, centre: FloatArray, before: FloatArray, n_recent: int) -> float:
    """Probability of so few earlier texts near the centre, were they as common there as elsewhere."""
    from scipy.stats import binom

    if len(members) < 2:
        return 1.0
    own = (unit_rows(members.sum(axis=0) - members) * members).sum(axis=1)
    radius = np.median(own)
    n_inside, n_before = int((own >= radius).sum()), int((before @ centre >= radius).sum())
    share = n_recent / (n_recent + len(before))
    return float(binom.sf(n_inside - 1, n_inside + n_before, share))


def _centred(vectors: FloatArray, mean: FloatArray) -> FloatArray:
    return unit_rows(vectors - mean)
