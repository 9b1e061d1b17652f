import io

import pytest

from pipeline.progress import Reporter, Timing, peak_memory_mb
from pipeline.terminal import Terminal


def test_a_piece_of_work_leaves_one_line_and_its_timing() -> None:
    stream = io.StringIO()
    reporter = Reporter(Terminal(file=stream))
    with reporter.task("encode", 3_000, "sentences") as advance:
        advance(1_000)
        advance(2_000)
    (timing,) = reporter.timings
    assert (timing.what, timing.n, timing.unit) == ("encode", 3_000, "sentences")
    assert stream.getvalue().startswith("  encode: 3,000 sentences in 0.0 s (")
    assert stream.getvalue().count("\n") == 1


@pytest.mark.parametrize(
    ("n", "seconds", "said"),
    [(1, 2.25, "1 file in 2.2 s"), (2, 4.0, "2 files in 4.0 s"), (9, 2.0, "9 files in 2.0 s (4/s)")],
)
def test_one_is_singular_and_what_is_slower_than_one_a_second_has_no_speed(
    n: int, seconds: float, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream, clock = io.StringIO(), iter([0.0, seconds])
    monkeypatch.setattr("pipeline.progress.time.perf_counter", lambda: next(clock))
    with Reporter(Terminal(file=stream)).task("report", None, "files") as advance:
        advance(n)
    assert stream.getvalue() == f"  report: {said}\n"


def test_work_that_fails_leaves_no_line() -> None:
    stream = io.StringIO()
    reporter = Reporter(Terminal(file=stream))
    with pytest.raises(RuntimeError), reporter.task("encode", 1, "sentences"):
        raise RuntimeError
    assert (reporter.timings, stream.getvalue()) == ([], "")


def test_names_in_brackets_are_printed_as_they_are() -> None:
    stream = io.StringIO()
    Reporter(Terminal(file=stream)).say("file [bold]x[/bold].csv")
    assert stream.getvalue() == "file [bold]x[/bold].csv\n"


def test_speed_is_things_a_second() -> None:
    assert Timing("encode", 10, "sentences", 4.0).per_second == 2.5
    assert Timing("encode", 10, "sentences", 0.0).per_second == 0.0


def test_peak_memory_is_in_megabytes() -> None:
    assert 20 < peak_memory_mb() < 100_000
