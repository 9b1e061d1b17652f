"""Runs heartline commands in forks of a process that has its models loaded: `python fork_server.py`.

Orders are lines of JSON on stdin: arguments, where what it says goes, how it is to fail; so are answers.
"""

import functools
import json
import os
import resource
import signal
import sys
import time
from typing import Any

import bertopic  # noqa: F401 takes seconds, and every fork has it

from models.naming.phrases import parser
from models.tagger import Tagger
from pipeline import enrich, text_facts
from pipeline.ingest import load
from pipeline.redact.redactor import Redactor
from pipeline.store.crash_points import VARIABLE
from reports import page, writing  # noqa: F401
from reports.cli import main


def prepare() -> None:
    """Load the models; blocks so small that a few records make several of each kind."""
    load.ROWS_AT_ONCE = enrich.ITEMS_AT_ONCE = text_facts.TEXTS_AT_ONCE = 20
    enrich.SENTENCES_AT_ONCE = 40
    for loaded in (Tagger, Redactor):
        loaded.load = functools.cache(loaded.load)  # type: ignore[method-assign]
        loaded.load()
    parser()


def limit(of: str, more: int) -> None:
    """At most so many bytes in a file, or so many more of memory than the process has now."""
    if of == "memory":
        with open("/proc/self/statm") as pages:
            more += int(pages.read().split()[0]) * resource.getpagesize()
    kind = resource.RLIMIT_AS if of == "memory" else resource.RLIMIT_FSIZE
    resource.setrlimit(kind, (more, more))


def obey(order: dict[str, Any]) -> None:
    """Run the command of an order, and die of it; never returns."""
    with open(order["said"], "w") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    os.environ[VARIABLE] = order.get("crash_at", "")
    sys.argv = ["heartline", *order["arguments"]]
    if "limit" in order:
        limit(*order["limit"])
    code: Any = 1
    try:
        main()
        code = 0
    except SystemExit as stopped:
        code = stopped.code or 0
    finally:
        sys.stdout.flush()
        os._exit(code)


def main_loop() -> None:
    """Answer orders until stdin closes."""
    prepare()
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        started = time.monotonic()
        child = os.fork()
        if not child:
            obey(order)
        if "kill_after" in order:
            time.sleep(order["kill_after"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        answer = {"code": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - started}
        print(json.dumps(answer), flush=True)


main_loop()
