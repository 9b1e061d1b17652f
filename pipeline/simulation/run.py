"""Many simulated data sets, on all processors."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict

import pandas as pd

from pipeline.progress import Reporter
from pipeline.simulation.reader import Reader
from pipeline.simulation.scores import simulate
from pipeline.simulation.world import World


def simulate_all(seeds: Sequence[int], reporter: Reporter, world: World | None = None) -> pd.DataFrame:
    """Scores of one data set for each seed: seed, measure, part, total, n; the same in any order of work."""
    world = world or World()
    workers = min(len(seeds), os.cpu_count() or 1)
    spawn = multiprocessing.get_context("spawn")
    rows = []
    with (
        reporter.task("simulate", len(seeds), "data sets") as advance,
        ProcessPoolExecutor(workers, mp_context=spawn) as pool,
    ):
        waiting = {pool.submit(simulate, world, Reader(), seed): seed for seed in seeds}
        for done in as_completed(waiting):
            rows += [{"seed": waiting[done], **asdict(score)} for score in done.result()]
            advance(1)
    return pd.DataFrame(rows).sort_values(["seed", "measure", "part"], ignore_index=True)
