"""The words that tell one group of texts from others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.topics import MASK, N_TERMS, word_counter


def telling_terms(texts: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Up to ten terms of a group of texts that the others have less of, the most telling first.

    Notes
    -----
    Class-based TF-IDF, as BERTopic counts the terms of its topics: Grootendorst 2022, arXiv 2203.05794.
    """
    from bertopic.vectorizers import ClassTfidfTransformer

    counter = word_counter()
    documents = [MASK.sub(" ", " ".join(group)) for group in (texts, others)]
    if not any(map(counter.build_analyzer(), documents)):
        return ()
    counts = counter.fit_transform(documents)
    weights = ClassTfidfTransformer().fit(counts).transform(counts)[0].toarray().ravel()
    order = np.argsort(-weights, kind="stable")[:N_TERMS]
    names = counter.get_feature_names_out()
    return tuple(str(names[place]) for place in order if weights[place] > 0)
