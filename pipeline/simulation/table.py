"""The simulator's page: what was promised, what was measured, and what the usual way gives."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pipeline.simulation.gates import Gate, Verdict
from pipeline.simulation.reader import Reader
from pipeline.simulation.world import World

HOW_TO_READ = """\
Each row is a promise. *Measured* is what heartline's own code gave, with the 95 % interval that {seeds}
data sets leave open; *the usual way* is what a plain formula gives on the same data. An interval of
95 % that holds the truth in half of all cases is wrong every other time without saying so. A gate is
met where the figure measured is within what is asked.

Every data set has a truth that follows from the world's definition. What the reader made of the texts
is written into the tables of a published file; from there on the code is that of `heartline publish`.
The simulator has formulas of its own for the truth and for the usual ways only.
"""


def as_json(verdicts: Sequence[Verdict], seeds: int) -> dict[str, Any]:
    """All of it as one document."""
    return {
        "seeds": seeds,
        "met": sum(verdict.passed for verdict in verdicts),
        "gates": [asdict(verdict) for verdict in verdicts],
        "world": asdict(World()),
        "reader": asdict(Reader()),
    }


def as_markdown(verdicts: Sequence[Verdict], seeds: int) -> str:
    """The page for docs/."""
    met = sum(verdict.passed for verdict in verdicts)
    lines = [
        "# What the numbers are worth",
        "",
        f"{seeds} simulated data sets, {met} of {len(verdicts)} gates met.",
        f"`heartline simulate --seeds {seeds} --write docs/SIMULATION.md` wrote this page.",
        "",
        *gate_table(verdicts),
        "",
        *_missed(verdicts),
        "## How to read it",
        "",
        HOW_TO_READ.format(seeds=seeds),
        "The usual ways:",
        "",
        *_usual_ways(verdicts),
        "",
        "## The world",
        "",
        *_numbers(World()),
        "",
        "## The reader",
        "",
        *_numbers(Reader()),
    ]
    return "\n".join(lines) + "\n"


def gate_table(verdicts: Sequence[Verdict]) -> list[str]:
    """The gates as lines of a Markdown table."""
    head = ["promise", "asked", "measured", "95 % interval", "n", "met", "the usual way"]
    rows = [
        [
            verdict.gate.promise,
            verdict.gate.asked,
            _figure(verdict.gate, verdict.measured.value),
            " to ".join(
                _figure(verdict.gate, end) for end in (verdict.measured.ci_low, verdict.measured.ci_high)
            ),
            f"{verdict.measured.n:,}",
            "yes" if verdict.passed else "**no**",
            _figure(verdict.gate, verdict.usual.value),
        ]
        for verdict in verdicts
    ]
    return [f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]]


def _figure(gate: Gate, value: float) -> str:
    return f"{100 * value:.1f} %" if gate.is_share else f"{value:.2f}"


def _missed(verdicts: Sequence[Verdict]) -> list[str]:
    """The gates that are not met; nothing where all are."""
    missed = [f"- {verdict.gate.promise}" for verdict in verdicts if not verdict.passed]
    return ["## Not met", "", *missed, ""] if missed else []


def _usual_ways(verdicts: Sequence[Verdict]) -> list[str]:
    return [f"- {verdict.gate.promise} *{verdict.gate.usual}*" for verdict in verdicts]


def _numbers(parameters: World | Reader) -> list[str]:
    """What it is, in the words of its class, and its numbers."""
    words = inspect.cleandoc(type(parameters).__doc__ or "").replace("`", "")
    rows = [f"| {name} | {value} |" for name, value in asdict(parameters).items()]
    return [words, "", "| number | value |", "| --- | --- |", *rows]
