"""Axes of the journey curve: stages side by side, valence in words."""

from __future__ import annotations

import altair as alt

from reports.charts import look


def stage_axis(n_stages: int) -> alt.X:
    """Places 0, 1, 2 ... for the stages, without marks of its own; at least four wide."""
    return alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.5, max(n_stages, 4) - 0.5], nice=False))


def valence_axis(field: str) -> alt.Y:
    """Valence from -2 to 2, never cropped, with words beside the numbers."""
    axis = alt.Axis(
        values=list(look.VALENCE_WORDS),
        labelExpr=look.valence_labels(),
        title=None,
        labelLimit=140,
    )
    return alt.Y(field, scale=alt.Scale(domain=[-2, 2], nice=False), axis=axis)
