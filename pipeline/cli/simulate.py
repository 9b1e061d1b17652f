"""`heartline simulate`: what the numbers are worth, on data whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.edge import STDERR, STDOUT, print_json
from pipeline.cli.options import JsonOption
from pipeline.progress import Reporter


def simulate(
    seeds: Annotated[int, typer.Option(min=2, help="How many data sets to simulate.")] = 200,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the page into a Markdown file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Hold heartline's numbers against simulated data whose truth is known."""
    from pipeline.simulation.gates import judge, read_gates
    from pipeline.simulation.run import simulate_all
    from pipeline.simulation.table import as_json as document
    from pipeline.simulation.table import as_markdown, gate_table

    verdicts = judge(simulate_all(range(1, seeds + 1), Reporter()), read_gates())
    if write:
        write.write_text(as_markdown(verdicts, seeds), encoding="utf-8")
        STDERR.say(f"written: {write}")
    if as_json:
        print_json(document(verdicts, seeds))
    else:
        STDOUT.say("\n".join(gate_table(verdicts)))
