"""A pytest plugin that tries every change of a plan: pytest collects once, each change runs in a fork of that process.

Starting pytest for every change costs more than most changes take to be noticed, and grows with the number of tests;
a fork costs a few milliseconds whatever their number. `scripts/mutation.py` writes the plan and reads the outcome, both
JSON in the folder that mutmut made:

    plan.json     {"jobs": 2, "changes": ["upheld.core.quantity.x_parse__mutmut_1", ...]}
    outcome.json  {"upheld.core.quantity.x_parse__mutmut_1": 1, ...}   exit codes as mutmut means them
"""

import contextlib
import gc
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name

SURVIVED, KILLED, NO_TESTS, TIMEOUT = 0, 1, 33, 36
# A change may take this many times the usual CPU time of its tests, and some seconds; what takes longer never ends.
PATIENCE, GRACE = 5.0, 3.0
# Waiting costs no CPU; so the clock on the wall counts too, generously, for other programs share the machine.
WALL = 20.0
# A change may turn a loop into one that eats memory until the machine stops; above this it gets a MemoryError.
MEMORY = 4 * 1024**3


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Learn which tests reach which function, then try the plan."""
    plan = json.loads(Path("plan.json").read_text("utf-8"))
    reached, seconds = learn(session)
    outcome: dict[str, int] = {}
    # Children share the parent's memory until somebody writes to it, and the collector writes everywhere.
    gc.collect()
    gc.freeze()
    try:
        for name, code in attempts(plan["changes"], plan["jobs"], reached, seconds):
            outcome[name] = code
            show(outcome, len(plan["changes"]))
    finally:
        Path("outcome.json").write_text(json.dumps(outcome), "utf-8")
    return True


def learn(session: pytest.Session) -> tuple[dict[str, list[pytest.Item]], dict[pytest.Item, float]]:
    """Run every test once, unchanged: the tests that reach each function, and the CPU seconds that each test takes."""
    hits = state()._stats  # noqa: SLF001  # mutmut offers no other way to its trampoline's record
    reached: dict[str, list[pytest.Item]] = {}
    seconds: dict[pytest.Item, float] = {}
    set_mutant_under_test("stats")
    for item, following in zip_longest(session.items, session.items[1:]):
        hits.clear()
        forget()
        start = time.process_time()
        if any(report.failed for report in runtestprotocol(item, nextitem=following, log=True)):
            pytest.exit(f"{item.nodeid} fails without any change; mend it first", returncode=1)
        seconds[item] = time.process_time() - start
        for function in hits:
            reached.setdefault(function, []).append(item)
    for items in reached.values():
        items.sort(key=lambda item: seconds[item])
    return reached, seconds


def attempts(
    changes: Sequence[str], jobs: int, reached: dict[str, list[pytest.Item]], seconds: dict[pytest.Item, float]
) -> Iterator[tuple[str, int]]:
    """Try the changes, `jobs` at a time; yield each with its exit code as it ends."""
    running: dict[int, str] = {}

    def ended() -> tuple[str, int]:
        pid, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        return running.pop(pid), TIMEOUT if code in (-signal.SIGPROF, -signal.SIGALRM) else code

    for name in changes:
        items = reached.get(mangled_name_from_mutant_name(name), [])
        if not items:
            yield name, NO_TESTS
            continue
        while len(running) >= jobs:
            yield ended()
        limit = GRACE + PATIENCE * sum(seconds[item] for item in items)
        running[in_child(name, items, limit)] = name
    while running:
        yield ended()


def in_child(name: str, items: Sequence[pytest.Item], limit: float) -> int:
    """Fork a child that tries one change and ends with its exit code; give the child's process id."""
    pid = os.fork()
    if pid:
        return pid
    code = KILLED
    try:
        with contextlib.suppress(BaseException):  # whatever breaks the run has been noticed
            code = attempt(name, items, limit)
    finally:
        os._exit(code)


def attempt(name: str, items: Sequence[pytest.Item], limit: float) -> int:
    """Run the tests with one change in force until one fails; give the exit code."""
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    # Both signals end the process: nobody handles them here.
    signal.setitimer(signal.ITIMER_PROF, limit)
    signal.setitimer(signal.ITIMER_REAL, limit * WALL)
    set_mutant_under_test(name)
    for item, following in zip_longest(items, items[1:]):
        forget()
        if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
            return KILLED
    return SURVIVED


def forget() -> None:
    """Empty the caches of our functions: what the unchanged code remembered would hide a change."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "upheld":
            for thing in list(vars(module).values()):
                if callable(clear := getattr(thing, "cache_clear", None)):
                    clear()


def show(outcome: dict[str, int], total: int) -> None:
    """Say how far the run is, now and then."""
    if len(outcome) % 100 == 0 or len(outcome) == total:
        survived = sum(code in (SURVIVED, NO_TESTS) for code in outcome.values())
        end = "\r" if sys.stdout.isatty() and len(outcome) < total else "\n"
        print(f"{len(outcome)} of {total} tried, {survived} survived", end=end, flush=True)
