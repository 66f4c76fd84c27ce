"""What goes on beside a load run: full analyses under way, processor time by role, and a schedule of faults.

A load test that says "analyses ran beside it" has to show it: the jobs are looked at every second, and each process's
processor time is read before and after.
"""

import os
import signal
import threading
import time
from collections.abc import Callable

from techflow import faults
from techflow.audit import Audit
from techflow.home import Home
from techflow.jobs import Jobs
from techflow.log import log

# The schedule of the promise "99.5 % under faults": when (as a share of the run), what it is called, what it does.
Step = tuple[float, str, Callable[[Home], object]]
SCHEDULE: tuple[Step, ...] = (
    (0.10, "ledger stopped for all banks", lambda home: faults.feed(home, "ledger", "stop", [])),
    (0.15, "payments stopped for all banks", lambda home: faults.feed(home, "payments", "stop", [])),
    (0.30, "worker-1 killed", lambda home: faults.process(home, "worker-1", signal.SIGKILL)),
    (0.40, "cards slowed for all banks", lambda home: faults.feed(home, "cards", "slow", [])),
)


class Beside:
    """Watches one installation while it is under load, from `with` to its end; brings in faults when asked to."""

    def __init__(self, home: Home, *, seconds: float, schedule: tuple[Step, ...] = ()) -> None:
        self.home = home
        self.seconds = seconds
        self.schedule = schedule
        self.looks = self.without = 0
        self.done: list[str] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="beside", daemon=True)
        self._used: dict[tuple[str, str], float] = {}

    def __enter__(self) -> "Beside":
        self.started = time.time()
        self._begin = time.monotonic()
        self._before, self._own = processor_seconds(self.home), time.process_time()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        jobs, waiting = Jobs(self.home.jobs), list(self.schedule)
        while not self._over.wait(1.0):
            passed = time.monotonic() - self._begin
            if passed <= self.seconds:
                self.looks += 1
                self.without += jobs.running() == 0
            while waiting and passed >= waiting[0][0] * self.seconds:
                _, name, bring = waiting.pop(0)
                bring(self.home)
                self.done.append(f"{name} at {passed:.0f} s")
                log("fault.scheduled", what=name)
            self._used |= processor_seconds(self.home)
        jobs.close()

    def conditions(self, requests: int) -> dict[str, float | str]:
        """What the run's evidence says of its surroundings; processor time in ms a request for the web process."""
        jobs, used = Jobs(self.home.jobs), dict[str, float]()
        for (role, pid), seconds in self._used.items():
            used[role] = used.get(role, 0.0) + seconds - self._before.get((role, pid), 0.0)
        found: dict[str, float | str] = {
            "full analyses finished": jobs.finished_since(self.started),
            "looks": self.looks,
            "looks without a full analysis under way": self.without,
            "generator cpu ms a request": round((time.process_time() - self._own) / requests * 1000, 3),
            "cpu s": ", ".join(f"{role} {seconds:.1f}" for role, seconds in sorted(used.items())),
            "machine load": round(os.getloadavg()[0], 2),
        }
        jobs.close()
        if "web" in used:
            found["web cpu ms a request"] = round(used["web"] / requests * 1000, 3)
        if self.schedule:
            found["faults"] = "; ".join(self.done)
        return found


def processor_seconds(home: Home) -> dict[tuple[str, str], float]:
    """Processor time that each process of the installation has used so far, by role and id; nothing without /proc."""
    found = {}
    tick = os.sysconf("SC_CLK_TCK")
    for path in home.pids.glob("*") if home.pids.exists() else ():
        try:
            pid = path.read_text()
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        found[path.name, pid] = (int(fields[11]) + int(fields[12])) / tick
    return found


def unrecorded(home: Home, ids: set[str]) -> set[str]:
    """Those answers that were received and have no audit record: none, or a promise is broken."""
    audit = Audit(home.audit)
    left = ids - set(audit.ids(-1))
    audit.close()
    return left
