"""The book after a refit: ids, names and edits stay with their themes; what came and went is recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.topics import Topic
from pipeline.book.assign import competing
from pipeline.book.book import Book, FloatArray, Theme, refused
from pipeline.book.fitted import theme_of
from pipeline.book.lineage import Lineage
from pipeline.book.match import Matching, Pair
from pipeline.book.plans import centre, threshold
from pipeline.book.promises import check


def to_match(book: Book) -> tuple[Theme, ...]:
    """Themes that a refit is matched with: those that hold segments, merged ones apart, and the proposed."""
    put_away = tuple(theme for theme in book.with_status("retired") if theme.pinned)
    return competing(book) + book.with_status("proposed") + put_away


def refitted(
    book: Book, matching: Matching, topics: Sequence[Topic], *, topics_version: str, week: date
) -> tuple[Book, tuple[Lineage, ...]]:
    """The book that `topics` make of `book`, and a line of lineage for every theme found, new or gone.

    Parameters
    ----------
    book
        The book before.
    matching
        Of `to_match(book)` with `topics`.

    Notes
    -----
    A theme that is the same keeps id, name, family and merges and takes the topic's centroid, threshold,
    terms and exemplars, unless it is pinned: then it stays as it is. A theme that no topic is gets merged
    into the one that has most of its texts, or is retired; a topic that no theme is becomes a new one, in the
    family where most topics of its own family are.
    """
    themes, lines = to_match(book), []
    owner = {pair.topic: themes[pair.theme].id for pair in matching.same}
    families = _families(themes, matching, topics)
    for pair in matching.same:
        theme = themes[pair.theme]
        if not theme.pinned:
            book = book.changed(theme.id, week, **_from_topic(theme, topics[pair.topic]))
        lines.append(Lineage(theme.id, "same", None, week, pair.score))
    book, ended = _end(book, themes, matching, owner, week)
    parents = {pair.topic: pair for pair in matching.splits}
    for place in sorted((*matching.births, *parents)):
        topic = replace(topics[place], family=families.get(topics[place].family, topics[place].family))
        theme, line = _born(theme_of(topic, book, week), themes, parents.get(place))
        book = book.added(theme)
        lines.append(line)
    book = replace(book, topics_version=topics_version, week=week)
    check(book)
    return book, (*lines, *ended)


def recentred(book: Book, owners: NDArray[np.object_], vectors: FloatArray, *, encoder_id: str) -> Book:
    """The book carried over to another encoder: centres and thresholds of the same texts by its vectors.

    Parameters
    ----------
    book
        A book of another encoder.
    owners : (n,)
        Id of the theme of each text, None for none. A theme that holds no segment goes by its exemplars.
    vectors : (n, d) float32
        The texts' unit vectors by the encoder `encoder_id`.

    Raises
    ------
    BookError
        A theme has no text to find it by.
    """
    themes = []
    for theme in book.themes:
        members = vectors[owners == theme.id]
        if not len(members):
            raise refused(f"{theme.id} ({theme.name}) has no text to carry it over by", theme_id=theme.id)
        centroid, cosines = centre(members)
        version = theme.centroid_version + 1
        themes.append(
            replace(theme, centroid=centroid, threshold=threshold(cosines), centroid_version=version)
        )
    return replace(book, themes=tuple(themes), encoder_id=encoder_id)


def share_changed(before: NDArray[np.object_], after: NDArray[np.object_]) -> float:
    """Share of n items whose theme is another one afterwards, 0..1; None, for unsorted, counts as a theme."""
    return float(np.mean(before != after)) if len(before) else 0.0


def _from_topic(theme: Theme, topic: Topic) -> dict[str, Any]:
    return {
        "status": "active" if theme.status == "proposed" else theme.status,
        "centroid": topic.centroid,
        "threshold": topic.threshold,
        "terms": topic.terms,
        "exemplars": topic.exemplars,
        "centroid_version": theme.centroid_version + 1,
    }


def _families(themes: Sequence[Theme], matching: Matching, topics: Sequence[Topic]) -> dict[str, str]:
    """The book's family for each family of the refit: the one that most themes found again have."""
    counts: dict[str, Counter[str]] = {}
    for pair in matching.same:
        counts.setdefault(topics[pair.topic].family, Counter())[themes[pair.theme].family] += 1
    return {family: found.most_common(1)[0][0] for family, found in counts.items()}


def _end(
    book: Book, themes: Sequence[Theme], matching: Matching, owner: Mapping[int, str], week: date
) -> tuple[Book, list[Lineage]]:
    """Merge or retire the themes that no topic is, but for those that a theme found again is merged into."""
    alive = {book.target(theme_id).id for theme_id in owner.values()}
    parents = {pair.theme for pair in matching.splits}
    lines = []
    for pair in matching.merges:
        theme = themes[pair.theme]
        into = book.target(owner[pair.topic])
        if theme.id in alive:
            continue
        if into.status == "active":
            book = book.changed(theme.id, week, status="merged", merged_into=into.id)
            lines.append(Lineage(theme.id, "merge", into.id, week, pair.score))
        else:
            book = book.changed(theme.id, week, status="retired")
            lines.append(Lineage(theme.id, "death", None, week, 0.0))
    for place in matching.deaths:
        theme = themes[place]
        if theme.id not in alive:
            status = "split" if place in parents else "retired"
            book = book.changed(theme.id, week, status=status)
            lines.append(Lineage(theme.id, "death", None, week, 0.0))
    return book, lines


def _born(theme: Theme, themes: Sequence[Theme], parent: Pair | None) -> tuple[Theme, Lineage]:
    if parent is None:
        return theme, Lineage(theme.id, "birth", None, theme.created_week, 0.0)
    parent_id = themes[parent.theme].id
    line = Lineage(theme.id, "split", parent_id, theme.created_week, parent.score)
    return replace(theme, split_from=parent_id), line
