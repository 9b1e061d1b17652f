"""Progress on stderr, and how fast each piece of work went."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.counted import counted
from pipeline.terminal import Terminal, on_terminal


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one piece of work took."""

    what: str
    n: int
    unit: str
    seconds: float

    @property
    def per_second(self) -> float:
        """Things done a second."""
        return self.n / self.seconds if self.seconds > 0 else 0.0


@dataclass(slots=True)
class Reporter:
    """Shows work while it runs and keeps its timings."""

    console: Terminal = field(default_factory=lambda: Terminal(stderr=True, highlight=False))
    timings: list[Timing] = field(default_factory=list)

    @contextmanager
    def task(self, what: str, total: int | None, unit: str) -> Iterator[Callable[[int], None]]:
        """A piece of work; the block calls what it is given with the number of things just done."""
        started, done = time.perf_counter(), 0
        columns = (
            TextColumn("  {task.description}", markup=False),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn(unit),
            TimeRemainingColumn(),
        )
        shown = self.console.is_terminal
        with Progress(*columns, console=self.console, transient=True, disable=not shown) as progress:
            bar = progress.add_task(on_terminal(what), total=total)

            def advance(n: int) -> None:
                nonlocal done
                done += n
                progress.advance(bar, n)

            yield advance
        timing = Timing(what, done, unit, time.perf_counter() - started)
        self.timings.append(timing)
        speed = f" ({timing.per_second:,.0f}/s)" if timing.per_second >= 1 else ""
        self.say(f"  {what}: {counted(done, unit.removesuffix('s'))} in {timing.seconds:.1f} s{speed}")

    def say(self, message: str) -> None:
        """One line on stderr."""
        self.console.say(message)


def peak_memory_mb() -> float:
    """The most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
