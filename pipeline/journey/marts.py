"""The marts: every table that is computed from the published facts, filled in order."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from pipeline.audit.marts import audit_marts
from pipeline.config import Settings
from pipeline.journey.alerts import alerts, gaps
from pipeline.journey.cells import read_source_mix, read_stage_sums
from pipeline.journey.change import journey_change
from pipeline.journey.curve import journey_curve
from pipeline.journey.delights import delights
from pipeline.journey.differing_groups import differing_groups
from pipeline.journey.drivers import drivers
from pipeline.journey.effects import change_effects
from pipeline.journey.moments import journey_moments
from pipeline.journey.pain_points import pain_points
from pipeline.journey.point_quotes import point_quotes
from pipeline.journey.point_weeks import point_weeks
from pipeline.journey.segments import journey_segments
from pipeline.journey.stage_weights import stage_weights
from pipeline.journey.start_to_end import start_to_end
from pipeline.journey.theme_segments import theme_segments
from pipeline.journey.theme_weeks import theme_weeks
from pipeline.journey.touchpoints import touchpoints
from pipeline.journey.weekly_counts import read_weekly_counts
from pipeline.journey.weeks import last_complete_week
from pipeline.store.work import append, read_sql

PAIN_POINT, DELIGHT = {"point_id": "pain_point_id"}, {"point_id": "delight_id"}


def fill_marts(connection: duckdb.DuckDBPyConnection, settings: Settings) -> date | None:
    """Fill the marts of the file attached as `published` from its dimensions and facts.

    Parameters
    ----------
    connection
        The work file, its run named (`run_stage_label`, `run_parameter`). Its catalog `published` has all
        tables, dimensions and facts filled, marts empty.
    settings
        Level, resamples, seed, and the numbers of customers that keep a figure silent.

    Returns
    -------
    date or None
        Monday of the last complete week; None where none is complete.
    """
    last_week = last_complete_week(connection, least_customers=settings.curve.hollow_below)
    mix = read_source_mix(connection, last_week)
    fill_journey_marts(connection, mix, last_week, settings)
    for table, frame in audit_marts(connection, last_week, mix, settings).items():
        _insert(connection, table, frame)
    return last_week


def fill_journey_marts(
    connection: duckdb.DuckDBPyConnection, mix: pd.DataFrame, last_week: date | None, settings: Settings
) -> None:
    """Fill all marts but those of the audit: they need nothing but the catalog `published`.

    Parameters
    ----------
    mix
        Rows of `mart_source_mix`.
    last_week
        Monday of the week that is the last one; None where none is complete.
    """
    sums = read_stage_sums(connection, last_week)
    _insert(connection, "mart_source_mix", mix)
    curve = journey_curve(sums, mix, settings.curve)
    _insert(connection, "mart_journey_curve", curve)
    _insert(connection, "mart_journey_moment", journey_moments(sums, curve, level=settings.curve.level))
    _insert(connection, "mart_journey_change", journey_change(sums, mix, last_week, settings))
    four_weeks = journey_change(sums, mix, last_week, settings, n_weeks=4)
    _insert(connection, "mart_journey_change_4_weeks", four_weeks)
    _insert(connection, "mart_journey_segment", journey_segments(connection, mix, settings.curve))
    _insert(connection, "mart_start_to_end", start_to_end(connection, settings.curve))
    connection.execute(
        f"insert into published.main.mart_journey_emotion by name {read_sql('journey/emotion_mix')}",
        {"least_customers": settings.curve.suppressed_below},
    )
    met = touchpoints(connection, settings.curve)
    _insert(connection, "mart_touchpoint", met)
    _insert(connection, "mart_journey_heterogeneity", differing_groups(curve, met, settings.curve))
    driving = drivers(connection, settings)
    _insert(connection, "mart_driver", driving)
    _fill_points(connection, last_week, driving, settings)
    _insert(connection, "mart_theme_weekly", theme_weeks(connection, level=settings.curve.level))
    _insert(connection, "mart_theme_segment", theme_segments(connection, settings.curve))
    if last_week is not None:
        _fill_alerts(connection, last_week, settings)


def _fill_points(
    connection: duckdb.DuckDBPyConnection, last_week: date | None, driving: pd.DataFrame, settings: Settings
) -> None:
    """Pain points and delights, with their weeks and their quotes."""
    level = settings.curve.level
    pains = pain_points(connection, last_week, stage_weights(driving, "penalty", level), settings)
    _insert(connection, "mart_pain_point", pains)
    weeks = point_weeks(connection, pains.pain_point_id, last_week, level=level)
    _insert(connection, "mart_pain_point_weekly", weeks.rename(columns=PAIN_POINT))
    _insert(connection, "mart_pain_point_quote", point_quotes(connection, "pain").rename(columns=PAIN_POINT))
    found = delights(connection, last_week, stage_weights(driving, "reward", level), settings)
    _insert(connection, "mart_delight", found)
    weeks = point_weeks(connection, found.delight_id, last_week, level=level)
    _insert(connection, "mart_delight_weekly", weeks.rename(columns=DELIGHT))
    _insert(connection, "mart_delight_quote", point_quotes(connection, "delight").rename(columns=DELIGHT))


def _fill_alerts(connection: duckdb.DuckDBPyConnection, last_week: date, settings: Settings) -> None:
    weekly = read_weekly_counts(connection, last_week, least_customers=settings.curve.hollow_below)
    _insert(connection, "mart_alert", alerts(weekly, settings))
    _insert(connection, "mart_load_gap", gaps(weekly))
    _insert(connection, "mart_change_effect", change_effects(connection, last_week, settings))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    if len(frame):
        append(connection, f"published.main.{table}", frame)
