"""Runs the processes of one installation, starts them again when they die, and stops them in order."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from techflow import feeds
from techflow.faults import Faults
from techflow.home import Home, HomeBusy
from techflow.intake import Intake
from techflow.legacy import TICK
from techflow.log import log
from techflow.state import State

GRACE_SECONDS = 8.0


def play_legacy(home: Home) -> None:
    """The banks' systems: one tick every five seconds of real time."""
    settings, faults = home.settings(), Faults(home.faults)
    legacy, start = home.legacy(settings), datetime.fromisoformat(settings.start)
    going = _until_terminated()
    while going():
        now = datetime.now(UTC)
        try:
            legacy.tick(int((now - start) / TICK), now, faults.feeds())
        except OSError as error:
            log("legacy.failed", error=repr(error))
        _wait(TICK.total_seconds(), going)
    log("legacy.stopped")


def play_intake(home: Home) -> None:
    """Read all feeds about once a second."""
    settings, state = home.settings(), State(home.state)
    sources = feeds.sources(home.systems, real=settings.feeds == "real", positions=state.positions())
    intake, going = Intake(state, sources, clock=lambda: datetime.now(UTC)), _until_terminated()
    while going():
        intake.drain()
        _wait(1.0, going)
    for source in sources.values():
        source.close()
    state.close()
    log("intake.stopped")


def _until_terminated() -> Callable[[], bool]:
    terminated = False

    def stop(*_: object) -> None:
        nonlocal terminated
        terminated = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return lambda: not terminated


def _wait(seconds: float, going: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while going() and time.monotonic() < end:
        time.sleep(0.1)


def run(home: Home, *, release: str, port: int, workers: int) -> int:
    """Start legacy systems, intake, workers and web, and watch them until SIGTERM or SIGINT."""
    with home.held(), _port(port):
        return _watch(home, release=release, port=port, workers=workers)


@contextmanager
def _port(port: int) -> Iterator[None]:
    """Refuse at once when somebody else listens there; the web process would die again and again."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise HomeBusy(f"port {port} cannot be used ({error.strerror}); name another one with --port") from None
    yield


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _watch(home: Home, *, release: str, port: int, workers: int) -> int:
    command = [sys.executable, "-m", "techflow"]
    roles = {
        "legacy": [*command, "process", "legacy"],
        "intake": [*command, "process", "intake"],
        "web": [*command, "serve", "--release", release, "--port", str(port)],
    }
    if release != "v1":  # v1 makes its analyses while the adviser waits
        # With several workers the first only refreshes and the others take what-ifs first.
        for number in range(1, workers + 1):
            kinds = (
                ["refresh"] if number == 1 and workers > 1 else ["what-if", "refresh"] if workers == 1 else ["what-if"]
            )
            roles[f"worker-{number}"] = [*command, "process", "worker", "--kinds", *kinds]
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    environment = {**os.environ, "TECHFLOW_HOME": str(home.path.resolve()), **dict.fromkeys(threads, "1")}
    home.pids.mkdir(parents=True, exist_ok=True)
    home.logs.mkdir(parents=True, exist_ok=True)
    going = _until_terminated()
    running: dict[str, subprocess.Popen[bytes]] = {}
    told = False
    started: dict[str, float] = {}
    try:
        while going():
            for role, line in roles.items():
                child = running.get(role)
                if child is not None and child.poll() is None:
                    continue
                if time.monotonic() - started.get(role, -10.0) < 1.0:  # not more than one start a second
                    continue
                if child is not None:
                    log("process.died", role=role, code=child.returncode)
                with open(home.logs / f"{role}.jsonl", "ab") as output:
                    # A group of its own: Ctrl-C reaches the supervisor alone, which then stops all in order. No session
                    # of its own: Linux weighs niceness within one only, and a worker must stay behind the answers.
                    running[role] = subprocess.Popen(
                        line, env=environment, stdout=output, stderr=output, process_group=0
                    )
                started[role] = time.monotonic()
                (home.pids / role).write_text(str(running[role].pid))
            if not told and (told := _listens(port)):
                print(f"TechFlow runs: http://127.0.0.1:{port}/  (stop with Ctrl-C)", file=sys.stderr, flush=True)
            time.sleep(0.2)
    finally:
        for role, child in running.items():
            child.send_signal(signal.SIGCONT)
            child.terminate()
            log("process.stopping", role=role)
        deadline = time.monotonic() + GRACE_SECONDS
        for role, child in running.items():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log("process.killed", role=role)
                child.kill()
                child.wait()
            (home.pids / role).unlink(missing_ok=True)
    return 0
