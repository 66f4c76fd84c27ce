"""What a process costs: processor time and peak memory as the kernel counts them, start and children included.

Processor time does not depend on who else waits for the processor, but it does depend on who shares its core and its
caches. So whatever is compared runs in turn, in one go, and a fixed piece of work (the yardstick) runs among it.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_KIB = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts in
# Nothing that changes what is measured goes in: coverage of subprocesses, other paths, settings of ours.
_FOREIGN = ("COV_", "COVERAGE_", "PYTHON", "UPHELD_", "PYTEST_")


class RunError(Exception):
    """A program ended otherwise than it must; the text says what it printed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What one run of a program took."""

    cpu: float  # s, user and system
    memory: float  # MB at the peak, of the largest process; never less than the 9 MB of the one that starts it


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A program that is measured: `prepare` runs before each time, unmeasured."""

    name: str
    command: Sequence[str | Path]
    folder: Path
    prepare: Callable[[], object] = lambda: None
    statuses: tuple[int, ...] = (0,)
    rounds: int | None = None  # fewer than the others, where the figure needs no more


YARDSTICK = Probe(
    name="yardstick",
    command=(sys.executable, "-I", "-c", "total = 0\nfor i in range(4_000_000): total += i * i"),
    folder=Path(),
)


def environment(sources: Path | None = None) -> dict[str, str]:
    """The environment of what is measured; `sources` come before whatever is installed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return clean | ({"PYTHONPATH": str(sources)} if sources else {})


# The kernel counts the memory of whoever starts a program as the program's, so what starts it must be small.
_LAUNCHER = """
import os, sys
child = os.fork()
if not child:
    silent = os.open(os.devnull, os.O_RDWR)
    os.dup2(silent, 0)
    os.dup2(silent, 1)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def run(probe: Probe, *, settings: Mapping[str, str]) -> Cost:
    """Run a program once and give its cost; RunError when its exit status is none of those that it may have."""
    probe.prepare()
    words = [sys.executable, "-I", "-S", "-c", _LAUNCHER, *map(str, probe.command)]
    answer = subprocess.run(words, cwd=probe.folder, env=dict(settings), capture_output=True, text=True, check=False)
    status, cpu, memory = map(float, answer.stdout.split())
    if status not in probe.statuses:
        complaint = answer.stderr.strip()[-4000:] or "it said nothing"
        raise RunError(f"{probe.name} ended with status {status:.0f}: {complaint}")
    return Cost(cpu=cpu, memory=memory * _KIB / 1e6)


def alternate(
    probes: Sequence[Probe], rounds: int, *, settings: Mapping[str, str], tell: Callable[[str], object] = lambda _: None
) -> dict[str, list[Cost]]:
    """Run every probe once to warm up, then `rounds` times in turn, every second round from the last to the first.

    The n-th cost of one probe was taken in the same round as the n-th of another, so their ratio is of one machine.
    """
    found: dict[str, list[Cost]] = {probe.name: [] for probe in (YARDSTICK, *probes)}
    for number in range(rounds + 1):
        turn = [p for p in (YARDSTICK, *probes) if p.rounds is None or number <= p.rounds]
        for probe in turn if number % 2 else reversed(turn):
            cost = run(probe, settings=settings)
            tell(f"  {number or 'warm-up'}: {probe.name:<24} {cost.cpu:8.3f} s {cost.memory:8.1f} MB")
            if number:
                found[probe.name].append(cost)
    return found


def middle(costs: Sequence[Cost]) -> float:
    """The median processor time."""
    return median(cost.cpu for cost in costs)


def ratio(mine: Sequence[Cost], theirs: Sequence[Cost]) -> list[float]:
    """Processor time of one program to that of another, round by round."""
    return [a.cpu / b.cpu for a, b in zip(mine, theirs, strict=False)]
