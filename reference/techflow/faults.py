"""The fault injector: what is to go wrong now, in one file that every process looks at; and faults to processes.

Everything here is reversible with `clear`, except a killed process, which the supervisor starts again.
"""

import json
import os
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from techflow.banks import BANKS
from techflow.feeds import SHAPES
from techflow.home import Home
from techflow.legacy import DRIFT, FAULTS, DataFault

BALLAST = "ballast"
LARGEST_DISK = 512 * 2**20  # only a disk this small is ever filled: one made for the purpose
LOOK_SECONDS = 0.5


class FaultError(ValueError):
    """The fault cannot be injected."""


class Faults:
    """The current faults, read again when the file changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._looked = 0.0
        self._stamp = 0
        self._current: dict[str, Any] = {}

    def current(self) -> dict[str, Any]:
        now = time.monotonic()
        if now - self._looked > LOOK_SECONDS:
            self._looked = now
            try:
                stamp = self.path.stat().st_mtime_ns
                if stamp != self._stamp:
                    self._current, self._stamp = json.loads(self.path.read_text()), stamp
            except (FileNotFoundError, json.JSONDecodeError):
                self._current, self._stamp = {}, 0
        return self._current

    @property
    def added_seconds(self) -> float:
        """Latency added to every answer."""
        return float(self.current().get("latency_ms", 0)) / 1000

    def fails(self) -> bool:
        """Whether this request is one of the n %."""
        share = float(self.current().get("errors_percent", 0))
        return share > 0 and random.random() * 100 < share

    def feeds(self) -> list[DataFault]:
        return [
            DataFault(feed=f["feed"], kind=f["kind"], banks=tuple(f["banks"])) for f in self.current().get("feeds", [])
        ]


def _change(home: Home, **values: Any) -> dict[str, Any]:
    current = json.loads(home.faults.read_text()) if home.faults.exists() else {}
    current.update(values)
    half = home.faults.with_suffix(".part")
    half.write_text(json.dumps(current))
    os.replace(half, home.faults)
    return dict(current)


def feed(home: Home, feed: str, kind: str, banks: Sequence[str]) -> dict[str, Any]:
    """A fault of one feed, for some banks or all."""
    if feed not in SHAPES:
        raise FaultError(f"no feed {feed!r}; there are {', '.join(SHAPES)}")
    if kind not in (*FAULTS, DRIFT):
        raise FaultError(f"no fault {kind!r}; there are {', '.join((*FAULTS, DRIFT))}")
    if unknown := sorted(set(banks) - BANKS.keys()):
        raise FaultError(f"no bank {unknown[0]!r}; there are {', '.join(BANKS)}")
    current = json.loads(home.faults.read_text()) if home.faults.exists() else {}
    planted = {"feed": feed, "kind": kind, "banks": list(banks) or list(BANKS)}
    return _change(home, feeds=[*current.get("feeds", []), planted])


def latency(home: Home, milliseconds: float) -> dict[str, Any]:
    """Every answer takes this much longer."""
    return _change(home, latency_ms=milliseconds)


def errors(home: Home, percent: float) -> dict[str, Any]:
    """So many percent of requests fail with 500."""
    if not 0 <= percent <= 100:
        raise FaultError(f"{percent} is no percentage")
    return _change(home, errors_percent=percent)


def process(home: Home, role: str, signal_number: int) -> int:
    """Send a signal to a process of this installation by its role (worker-1, web, intake, legacy); its id."""
    path = home.pids / role
    if not path.exists():
        roles = ", ".join(sorted(p.name for p in home.pids.glob("*"))) or "none; the system is not running"
        raise FaultError(f"no process {role!r}; there are {roles}")
    pid = int(path.read_text())
    os.kill(pid, signal_number)
    return pid


def fill_disk(home: Home) -> int:
    """Fill the disk that holds the records; the bytes written. Refused unless that disk is a small one."""
    disk = os.statvfs(home.path)
    size = disk.f_blocks * disk.f_frsize
    if size > LARGEST_DISK:
        raise FaultError(
            f"{home.path} lies on a disk of {size // 2**20} MB; put TECHFLOW_HOME on a tmpfs of at most "
            f"{LARGEST_DISK // 2**20} MB to try a full disk"
        )
    written = 0
    with open(home.path / BALLAST, "wb", buffering=0) as file:
        for piece in (2**20, 4096, 1):
            try:
                while True:
                    written += file.write(b"\0" * piece)
            except OSError:
                continue
    return written


def clear(home: Home) -> None:
    """End all faults: remove the file and the ballast, let stalled processes go on."""
    home.faults.unlink(missing_ok=True)
    (home.path / BALLAST).unlink(missing_ok=True)
    for path in home.pids.glob("*") if home.pids.exists() else ():
        try:
            os.kill(int(path.read_text()), signal.SIGCONT)
        except ProcessLookupError:
            continue
