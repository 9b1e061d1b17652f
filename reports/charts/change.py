"""How far each stage moved since the week before, at the same mix of sources, each with its interval."""

from __future__ import annotations

import altair as alt

from reports.charts import look
from reports.read import Row
from reports.segments import chance
from reports.verdict import is_clear
from reports.words import interval, signed

WIDTH = 430


def change_chart(changes: list[Row]) -> alt.LayerChart | alt.FacetChart:
    """One line per compared stage: dot, interval and ring around zero, accent where the change is a finding.

    Parameters
    ----------
    changes
        Rows of `changes.sql` with a standardised change and its test.
    """
    rows = [
        {
            "stage": row["stage_name"],
            "change": row["standardised_change"],
            "raw": row["change"],
            "low": row["standardised_ci_low"],
            "high": row["standardised_ci_high"],
            "clear": is_clear(row),
            "words": f"{signed(row['standardised_change'], 2)}  "
            f"({interval(row['standardised_ci_low'], row['standardised_ci_high'], 2)})",
            "chance": f"p {chance(row['p_value'])}, q {chance(row['q_value'])}",
            "customers": f"{row['n_customers']:,} against {row['n_customers_before']:,} customers",
        }
        for row in changes
    ]
    ends = (abs(row[end]) for row in rows for end in ("low", "high", "raw"))
    reach = max(ends, default=1.0)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y(
            "stage:N",
            sort=[row["stage"] for row in rows],
            axis=alt.Axis(title=None, grid=False, labelColor=look.INK, labelFontSize=13, labelLimit=190),
        ),
        color=alt.condition("datum.clear", alt.value(look.ACCENT), alt.value(look.QUIET)),
    )
    x = alt.X(
        "change:Q",
        scale=alt.Scale(domain=[-reach * 1.08, reach * 1.08], nice=False),
        axis=alt.Axis(title="change of mean valence", labelExpr=look.signed_labels("+.1f"), tickCount=7),
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=look.QUIET, strokeWidth=1.2)
    return alt.layer(
        zero.encode(x=alt.X("zero:Q")),
        base.mark_rule(strokeWidth=2.4).encode(x=x, x2="high:Q").encode(x=alt.X("low:Q")),
        base.mark_point(filled=False, size=90, opacity=1, strokeWidth=1.2).encode(x=alt.X("raw:Q")),
        base.mark_point(filled=True, size=80, opacity=1).encode(x=x),
        base.mark_text(align="left", fontSize=12.5).encode(x=alt.value(WIDTH + 18), text="words:N"),
        base.mark_text(align="left", fontSize=12).encode(x=alt.value(WIDTH + 168), text="chance:N"),
        base.mark_text(align="left", fontSize=12, color=look.QUIET).encode(
            x=alt.value(WIDTH + 276), text="customers:N", color=alt.value(look.QUIET)
        ),
    ).properties(width=WIDTH, height=alt.Step(30))
