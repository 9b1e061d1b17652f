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
from pipeline.journey.drivers import drivers
from pipeline.journey.effects import change_effects
from pipeline.journey.moments import journey_moments
from pipeline.journey.pain_points import pain_points
from pipeline.journey.segments import journey_segments
from pipeline.journey.stage_weights import stage_weights
from pipeline.journey.start_to_end import start_to_end
from pipeline.journey.theme_segments import theme_segments
from pipeline.journey.theme_weeks import theme_weeks
from pipeline.journey.weekly_counts import read_weekly_counts
from pipeline.journey.weeks import last_complete_week
from pipeline.store.work import append, read_sql


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
        Monday of the last complete week; None where nothing is dated.
    """
    last_week = last_complete_week(connection, least_customers=settings.curve.hollow_below)
    sums = read_stage_sums(connection)
    mix = read_source_mix(connection, last_week)
    _insert(connection, "mart_source_mix", mix)
    curve = journey_curve(sums, mix, settings.curve)
    _insert(connection, "mart_journey_curve", curve)
    _insert(connection, "mart_journey_moment", journey_moments(sums, curve, level=settings.curve.level))
    _insert(connection, "mart_journey_change", journey_change(sums, mix, last_week, settings))
    _insert(connection, "mart_journey_segment", journey_segments(connection, mix, settings.curve))
    _insert(connection, "mart_start_to_end", start_to_end(connection, settings.curve))
    connection.execute(
        f"insert into published.main.mart_journey_emotion by name {read_sql('journey/emotion_mix')}"
    )
    driving = drivers(connection, settings)
    _insert(connection, "mart_driver", driving)
    level = settings.curve.level
    _insert(
        connection,
        "mart_pain_point",
        pain_points(connection, last_week, stage_weights(driving, "penalty", level), settings),
    )
    connection.execute(
        "insert into published.main.mart_pain_point_quote by name " + read_sql("journey/pain_point_quote")
    )
    _insert(
        connection,
        "mart_delight",
        delights(connection, last_week, stage_weights(driving, "reward", level), settings),
    )
    connection.execute(
        "insert into published.main.mart_delight_quote by name " + read_sql("journey/delight_quote")
    )
    _insert(connection, "mart_theme_weekly", theme_weeks(connection, level=settings.curve.level))
    _insert(connection, "mart_theme_segment", theme_segments(connection, settings.curve))
    if last_week is not None:
        _fill_alerts(connection, last_week, settings)
    for table, frame in audit_marts(connection, last_week, mix, settings).items():
        _insert(connection, table, frame)
    return last_week


def _fill_alerts(connection: duckdb.DuckDBPyConnection, last_week: date, settings: Settings) -> None:
    weekly = read_weekly_counts(connection, last_week, least_customers=settings.curve.hollow_below)
    _insert(connection, "mart_alert", alerts(weekly, settings))
    _insert(connection, "mart_load_gap", gaps(weekly))
    _insert(connection, "mart_change_effect", change_effects(connection, last_week, settings))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    if len(frame):
        append(connection, f"published.main.{table}", frame)
