"""Themes in words: what became of them."""

from datetime import date, timedelta
from pathlib import Path

import duckdb

from reports.read import Published
from reports.themes import merged_into, theme_events

LAST = date(2026, 9, 28)


def test_events_since_the_week_before_are_told_and_the_first_fit_is_not(alerted: Path) -> None:
    events = [
        ("t000", "birth", None, LAST - timedelta(weeks=9)),
        ("t001", "merge", "t002", LAST - timedelta(weeks=2)),
        ("t001", "restored", None, LAST - timedelta(weeks=1)),
        ("t002", "same", "t002", LAST),
        ("t004", "split", "t002", LAST),
        ("t005", "death", None, LAST),
        ("t006", "birth", None, LAST),
        ("t007", "merge", "t002", LAST),
        ("t900", "proposed", None, LAST),
        ("t009", "accepted", None, LAST),
    ]
    with duckdb.connect(str(alerted)) as connection:
        connection.execute("delete from dim_theme_lineage")
        for number, event in enumerate(events):
            connection.execute(
                "insert into dim_theme_lineage (line_number, theme_id, event, other_theme_id, week_start) "
                "values (?, ?, ?, ?, ?)",
                [number, *event],
            )
        connection.execute("update dim_theme set merged_into_theme_id = 't002' where theme_id = 't007'")
    with Published(alerted) as published:
        told = theme_events(published.ask("theme_events").rows)
        assert merged_into(published) == {"t007": "t002"}
    assert told == [
        "“missed appointment, engineer, installation” is back",
        "“confirmation e-mail never arrived” was parted from “price rise letter”",
        "“evening speed, buffering” ended",
        "“login loop, app, password, reset code” is new",
        "“bill, charge, credit, wrong amount” went into “price rise letter”",
        "“wifi upstairs, bedrooms” was accepted",
    ]
