"""The metrics described once: meaning, formula, and where SQL can say it, a macro of the published file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.store.dictionary import quoted

METRICS = Path(__file__).parent / "metrics"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `macro` is how it is called on rows of a table, `definition` what that stands for.

    `example` is a query on the published file that gives it for every value of its grain. All three are None
    where the metric is an estimate that SQL alone cannot make.
    """

    metric: str
    meaning: str
    formula: str
    unit: str
    grain: str
    caveat: str
    macro: str | None = None
    definition: str | None = None
    example: str | None = None

    def create_sql(self, catalog: str) -> str:
        """Statements that make its macro in `catalog`, comment included; empty where it has none."""
        if self.macro is None:
            return ""
        target = f"{catalog}.main.{self.macro}"
        says = quoted(f"{self.meaning} {self.unit}. {self.caveat}")
        comment = f"comment on macro {target.partition('(')[0]} is {says}"
        return f"create macro {target} as {self.definition};\n{comment};"


@cache
def metrics() -> tuple[Metric, ...]:
    """All metrics, part by part."""
    parts = [tomllib.loads(part.read_text(encoding="utf-8")) for part in sorted(METRICS.glob("*.toml"))]
    return tuple(Metric(name, **facts) for part in parts for name, facts in part.items())
