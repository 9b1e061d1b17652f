"""Small multiples over the weeks: valence by stage, share by theme. A missing week is a gap, not a zero."""

from __future__ import annotations

import textwrap
from datetime import date, timedelta
from typing import Any

import altair as alt

from reports.charts import look
from reports.read import Row

COLUMNS = 4
PANEL = 222
_MARGIN = timedelta(days=4)  # room for the first and the last bar


def with_gaps(rows: list[Row], key: str) -> list[Row]:
    """Rows with one more, empty but for key and week, for every week that a series lacks.

    Parameters
    ----------
    rows
        Rows with `key` and `week_start`, a Monday.
    key
        The column that tells the series apart.
    """
    weeks = _mondays([row["week_start"] for row in rows])
    known = {(row[key], row["week_start"]): row for row in rows}
    series = dict.fromkeys(row[key] for row in rows)
    return [known.get((name, week), {key: name, "week_start": week}) for name in series for week in weeks]


def stage_weeks_chart(rows: list[Row]) -> alt.FacetChart:
    """Weekly mean valence by stage with its intervals, from the rows of `stage_weeks.sql`."""
    values = [
        {
            "name": row["stage_name"],
            "week": row["week_start"].isoformat(),
            "value": row.get("mean_valence"),
            "low": row.get("ci_low"),
            "high": row.get("ci_high"),
        }
        for row in with_gaps(rows, "stage_name")
    ]
    ends = (value[end] or 0 for value in values for end in ("low", "high"))
    reach = 1 if max(map(abs, ends), default=0) <= 1 else 2
    axis = alt.Axis(values=[-reach, 0, reach], labelExpr=look.signed_labels("+d"), title=None)
    return _multiples(values, alt.Scale(domain=[-reach, reach], nice=False), axis, 118)


def theme_weeks_chart(rows: list[Row]) -> alt.FacetChart:
    """Weekly share of items by theme with its intervals, from rows of `theme_weeks.sql`."""
    values = [
        {
            "name": "\n".join(textwrap.wrap(row["theme_name"], 32, max_lines=2, placeholder=" …")),
            "week": row["week_start"].isoformat(),
            "value": row.get("share_items"),
            "low": row.get("ci_low"),
            "high": row.get("ci_high"),
        }
        for row in with_gaps(rows, "theme_name")
    ]
    return _multiples(values, alt.Scale(zero=True), alt.Axis(format=".0%", tickCount=4, title=None), 92)


def _multiples(values: list[dict[str, Any]], scale: alt.Scale, axis: alt.Axis, height: int) -> alt.FacetChart:
    names = list(dict.fromkeys(value["name"] for value in values))
    weeks = [date.fromisoformat(week) for week in sorted({value["week"] for value in values})]
    x = alt.X(
        "week:T",
        scale=alt.Scale(type="utc", domain=_dates([weeks[0] - _MARGIN, weeks[-1] + _MARGIN]), nice=False),
        axis=alt.Axis(values=_dates(_ticks(weeks)), format="%-d %b", grid=False, title=None, labelFlush=16),
    )
    base = alt.Chart().encode(x=x)
    layers = [
        base.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=4, opacity=0.2, color=look.INK)
        .encode(y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"),
        base.mark_line(strokeWidth=1.5, color=look.INK, point={"size": 9, "color": look.INK}).encode(
            y=alt.Y("value:Q", scale=scale, axis=axis)
        ),
    ]
    if scale["domain"] is not alt.Undefined:
        zero = base.mark_rule(color=look.QUIET, strokeWidth=1).encode(y=alt.datum(0), x=alt.value(0))
        layers.insert(0, zero.encode(x2=alt.value(PANEL)))
    header = alt.Header(
        labelExpr="split(datum.label, '\\n')",
        labelLimit=PANEL + 10,
        labelAnchor="start",
        labelBaseline="bottom",
        title=None,
    )
    panels: alt.FacetChart = (
        alt.layer(*layers, data=alt.InlineData(values=values))
        .properties(width=PANEL, height=height)
        .facet(
            facet=alt.Facet("name:N", sort=names, header=header),
            columns=min(COLUMNS, max(1, len(names))),
            spacing=24,
        )
        .resolve_axis(x="independent")  # dates under every panel, also above an empty place
    )
    return panels


def _dates(days: list[date]) -> list[alt.DateTime]:
    return [alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True) for day in days]


def _ticks(weeks: list[date]) -> list[date]:
    """First, middle and last week, where there are that many."""
    return (
        [weeks[place] for place in sorted({0, len(weeks) // 2, len(weeks) - 1})] if len(weeks) > 4 else weeks
    )


def _mondays(weeks: list[date]) -> list[date]:
    if not weeks:
        return []
    first, last = min(weeks), max(weeks)
    return [first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]
