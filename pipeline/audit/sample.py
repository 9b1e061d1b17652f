"""The draw: which passages people read, with known probability, kept in the work file.

A sentence has the stage and feeling of its passage, so passages are what is drawn and what people label; they
count by their sentences, and are drawn in proportion to them. One sentence of each, by chance, is marked:
whether it is a pain is asked of it alone. Its id names the row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from pipeline.audit.plan import STRATUM, Plan, plan_draw
from pipeline.ingest.filler import normalised
from pipeline.segment import content_digest
from pipeline.store.ledger import batch, digest_of
from pipeline.store.work import append, read_sql

DOUBLE_CODED = 5
WEEKS = 8


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for; `weeks` None for everything, undated items too. The same order is the same draw."""

    seed: int
    coders: tuple[str, ...]
    weeks: int | None = WEEKS
    half_width: float = 0.3
    n: int | None = None

    def window(self, last_week: date | None) -> tuple[date | None, date | None]:
        """First and last week drawn from; the first is None for everything."""
        if self.weeks is None or last_week is None:
            return None, last_week
        return last_week - timedelta(weeks=self.weeks - 1), last_week


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw: its id, its segments with passages and coders in their order, and whether it is a new one."""

    draw_id: str
    is_new: bool
    words: str
    window: tuple[date | None, date | None]
    segments: list[dict[str, Any]] = field(default_factory=list)

    def of(self, coder: str) -> list[dict[str, Any]]:
        """The segments that a coder reads, in order."""
        return [segment for segment in self.segments if coder in segment["coders"]]


def draw_sample(
    connection: duckdb.DuckDBPyConnection, order: Order, *, last_week: date | None, unclear_stage_id: str
) -> Draw:
    """Draw as ordered, or find the draw that was made of this order.

    Parameters
    ----------
    connection
        The work file, with the published file attached as `published`.
    order
        Seed, coders, weeks, and how much.
    last_week
        Monday of the last complete week; None where none is complete, and then everything is drawn from.
    unclear_stage_id
        The stage that segments without a stage fall into.

    Raises
    ------
    ConfigError
        The weeks hold nothing, or the size asked for is none.
    """
    first, last = order.window(last_week)
    frame = connection.execute(
        read_sql("audit/frame"),
        {"unclear_stage_id": unclear_stage_id, "first_week": first, "last_week": last},
    ).df()
    plan = plan_draw(frame, half_width=order.half_width, n=order.n)
    draw_id = _draw_id(order, first, last)
    known = connection.execute("select count(*) from audit_draw where draw_id = ?", [draw_id]).fetchone()
    is_new = known == (0,)
    if is_new:
        drawn = _drawn(connection, frame, plan, order)
        _keep(
            connection,
            plan,
            drawn,
            {"draw_id": draw_id, "seed": order.seed, "first_week": first, "last_week": last},
        )
    return Draw(draw_id, is_new, plan.words, (first, last), _segments(connection, draw_id))


def read_draw(connection: duckdb.DuckDBPyConnection, draw_id: str) -> Draw:
    """A draw that was made before, with the texts that are still there."""
    return Draw(draw_id, False, "", (None, None), _segments(connection, draw_id))


def _draw_id(order: Order, first: date | None, last: date | None) -> str:
    asked = f"{order.seed}|{first}|{last}|{order.half_width}|{order.n}|{','.join(order.coders)}"
    return f"a_{hashlib.sha256(asked.encode()).hexdigest()[:8]}"


def _drawn(
    connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame, plan: Plan, order: Order
) -> pd.DataFrame:
    """The drawn passages in an order of chance, so that whoever stops early has read a random part."""
    generator = np.random.default_rng(order.seed)
    units = frame.merge(plan.strata, on=STRATUM).sort_values(["item_id", "passage_start"], ignore_index=True)
    units = units.iloc[generator.permutation(len(units))]
    probability = np.minimum(1.0, units.chance * units.n_segments)
    units = units.assign(until=probability, start=generator.random())
    steps = units.groupby(STRATUM).until.cumsum() + units.start
    # Systematic: a passage is drawn where the running sum of probabilities passes a whole number.
    drawn = units[np.floor(steps + 1e-9) > np.floor(steps - probability + 1e-9)]
    drawn = drawn.iloc[generator.permutation(len(drawn))].reset_index(drop=True)
    connection.register("drawn", drawn[["item_id", "passage_start"]])
    sentences = connection.execute(read_sql("audit/sentences")).df()
    connection.unregister("drawn")
    ids = sentences.groupby(["item_id", "passage_start"]).segment_id.agg(list)
    marks = generator.random(len(drawn))
    drawn["segment_id"] = [
        ids[row.item_id, row.passage_start][int(mark * len(ids[row.item_id, row.passage_start]))]
        for row, mark in zip(drawn.itertuples(), marks, strict=True)
    ]
    drawn["place"] = np.arange(1, len(drawn) + 1)
    drawn["coders"] = [_coders(order.coders, number) for number in range(len(drawn))]
    return drawn


def _coders(coders: tuple[str, ...], number: int) -> list[str]:
    """Who reads the unit at a place: coders in turn, every fifth unit two of them."""
    turn, fifth = divmod(number, DOUBLE_CODED)
    first = (turn + fifth) % len(coders)
    both = fifth == 0 and len(coders) > 1
    return sorted({coders[first], coders[(first + 1) % len(coders)]} if both else {coders[first]})


def _keep(
    connection: duckdb.DuckDBPyConnection, plan: Plan, drawn: pd.DataFrame, facts: dict[str, Any]
) -> None:
    texts = {text["segment_id"]: text for text in _shown(connection, drawn)}
    rows = drawn[["segment_id", "place", "coders", *STRATUM]].assign(draw_id=facts["draw_id"])
    rows["content_digest"] = [content_digest(texts[segment]["passage"]) for segment in rows.segment_id]
    for column, name in (("passage", "passage"), ("sentence", "sentence"), ("item", "item_text")):
        rows[f"{column}_digest"] = [text_digest(texts[segment][name]) for segment in rows.segment_id]
    with batch(connection, "audit draw", facts["draw_id"]) as entry:
        append(connection, "audit_draw", plan.strata.assign(**facts))
        append(connection, "audit_draw_segment", rows)
        entry.n_rows, entry.digest = len(rows), digest_of(rows.segment_id)


def text_digest(text: str) -> str:
    """Digest of a text's words, whatever its case, punctuation and spaces."""
    return content_digest(normalised(text))


def _segments(connection: duckdb.DuckDBPyConnection, draw_id: str) -> list[dict[str, Any]]:
    drawn = connection.execute(
        "select segment_id, coders from audit_draw_segment where draw_id = ? order by place", [draw_id]
    ).df()
    texts = {text["segment_id"]: text for text in _shown(connection, drawn)}
    return [
        texts[row.segment_id] | {"coders": list(row.coders)}
        for row in drawn.itertuples()
        if row.segment_id in texts
    ]


def _shown(connection: duckdb.DuckDBPyConnection, drawn: pd.DataFrame) -> list[dict[str, Any]]:
    connection.register("drawn", drawn[["segment_id"]])
    found: list[dict[str, Any]] = connection.execute(read_sql("audit/shown")).df().to_dict("records")
    connection.unregister("drawn")
    return found
