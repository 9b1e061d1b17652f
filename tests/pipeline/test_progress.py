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
