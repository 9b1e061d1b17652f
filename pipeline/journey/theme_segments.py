"""Themes by segment of customers: where each is over- and under-represented."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from pipeline.config import CurveSettings
from pipeline.journey.segments import ATTRIBUTE, put_compared_items
from pipeline.journey.theme_lifts import theme_lifts
from pipeline.stats.false_discovery import benjamini_hochberg
from pipeline.store.work import read_sql


def theme_segments(connection: duckdb.DuckDBPyConnection, settings: CurveSettings) -> pd.DataFrame:
    """`mart_theme_segment`: lift of each theme in each value of each attribute, against the other values.

    Parameters
    ----------
    connection
        Has the catalog `published` with its facts and dimensions.
    settings
        Level, and the numbers of customers below which a value is no segment and a theme is left out.
    """
    put_compared_items(connection, least_customers=settings.hollow_below)
    counts = connection.execute(read_sql("journey/theme_segment_items")).df()
    connection.execute("drop table compared_item")
    frames = [
        theme_lifts(
            of_attribute[of_attribute.attribute_value == value],
            of_attribute[of_attribute.attribute_value != value],
            least_customers=settings.suppressed_below,
            level=settings.level,
        ).assign(**dict(zip(ATTRIBUTE, key, strict=True)), attribute_value=value)
        for key, of_attribute in counts.groupby(ATTRIBUTE, sort=True)
        for value in sorted(of_attribute.attribute_value.unique())
    ]
    frame = pd.concat([found for found in frames if len(found)] or [pd.DataFrame()], ignore_index=True)
    if len(frame):
        frame["q_value"] = frame.groupby("theme_id").p_value.transform(
            lambda p_values: benjamini_hochberg(p_values.to_numpy(np.float64)).round(6)
        )
    return frame
