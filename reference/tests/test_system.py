"""The whole system as a person starts it: processes, data flowing, faults injected by the command, an orderly end."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from techflow import cli, faults
from techflow.audit import Audit
from techflow.home import Home
from techflow.jobs import LEASE_SECONDS
from techflow.load import Run, offer

PATHS = 40_000  # about half a second of a core, for each of twelve clients


class System:
    """One installation, run by the command in a process group of its own."""

    def __init__(self, path: Path) -> None:
        self.home = Home(path)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = self.command("run", "--port", str(self.port), "--clients", "200", "--diary", "1",
                                    "--paths", str(PATHS), "--refresh", "3600")  # fmt: skip
        until("the system is ready", lambda: self.get("/ready")["ready"], seconds=120)

    def command(self, *words: str) -> "subprocess.Popen[str]":
        environment = {**os.environ, "TECHFLOW_HOME": str(self.home.path)}
        line = [sys.executable, "-m", "techflow", *words]
        return subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def get(self, path: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def offer(self, rate: float, seconds: float) -> Run:
        url = f"http://127.0.0.1:{self.port}/insight"
        return asyncio.run(offer(url, self.home.diary(), rate=rate, seconds=seconds, seed=1))

    def stop(self) -> str:
        """Ask it to end; what it said."""
        self.process.terminate()
        return self.process.communicate(timeout=30)[0]


def until(what: str, holds: Callable[[], Any], *, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if holds():
                return
        except OSError:  # nobody listens yet
            pass
        time.sleep(0.2)
    pytest.fail(f"not within {seconds} s: {what}")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    system = System(tmp_path_factory.mktemp("system"))
    yield system
    system.stop()


def test_data_flows_and_nothing_is_found_on_clean_feeds(system: System) -> None:
    rows = {feed: told["rows"] for feed, told in system.get("/health")["feeds"].items()}
    until("a tick of live rows came in", lambda: system.get("/health")["feeds"]["cards"]["rows"] > rows["cards"])
    assert system.get("/health")["findings"] == []


def test_the_diary_is_analysed_without_being_asked(system: System) -> None:
    client = system.home.diary()[0]
    until("a fresh analysis", lambda: system.get("/insight", {"client": client})["analysis"]["state"] == "fresh")


def test_nobody_starts_or_resets_an_installation_that_runs(system: System) -> None:
    for words in (("run", "--port", "0"), ("reset",)):
        second = system.command(*words)
        said, _ = second.communicate(timeout=30)
        assert second.returncode == 2 and "is running in" in said and "Traceback" not in said
    assert system.get("/ready")["ready"]


@pytest.mark.upheld("REQ-AVA-001")
def test_a_killed_process_is_started_again(system: System) -> None:
    before = int((system.home.pids / "intake").read_text())
    faults.process(system.home, "intake", signal.SIGKILL)
    until("another intake", lambda: int((system.home.pids / "intake").read_text()) != before)
    rows = system.get("/health")["feeds"]["cards"]["rows"]
    until("rows flow again", lambda: system.get("/health")["feeds"]["cards"]["rows"] > rows)


@pytest.mark.upheld("REQ-AVA-001")
def test_what_a_stalled_worker_should_have_done_is_done_by_another(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second worker takes the what-ifs; stalled, it takes none, and after a lease's time the first one does."""
    monkeypatch.setenv("TECHFLOW_HOME", str(system.home.path))
    stalled = int((system.home.pids / "worker-2").read_text())
    assert cli.main(["fault", "stall", "worker-2"]) == 0
    until("it stands still", lambda: Path(f"/proc/{stalled}/stat").read_text().split(") ")[1][0] == "T")
    asked = system.get("/what-if", {"client": system.home.diary()[0], "change": {"rate": 1}})
    until("the what-if is done", lambda: system.get(asked["job"])["state"] == "done", seconds=LEASE_SECONDS + 60)
    jobs = sqlite3.connect(system.home.jobs)
    (worker,) = jobs.execute("SELECT worker FROM jobs WHERE id = ?", (asked["id"],)).fetchone()
    jobs.close()
    assert worker == f"worker-{(system.home.pids / 'worker-1').read_text()}"
    assert int((system.home.pids / "worker-2").read_text()) == stalled, "a stalled process is not a dead one"
    assert cli.main(["fault", "clear"]) == 0
    until("it goes on", lambda: Path(f"/proc/{stalled}/stat").read_text().split(") ")[1][0] != "T")


@pytest.mark.upheld("REQ-AVA-001", "REQ-EXP-001")
def test_an_end_under_traffic_finishes_what_has_begun_and_loses_no_answer(tmp_path: Path) -> None:
    """Every answer takes 0.8 s here, so that some 60 requests are under way when the system is told to end."""
    system, stopped, said = System(tmp_path), [0.0], [""]
    faults.latency(system.home, 800)
    time.sleep(faults.LOOK_SECONDS + 0.3)

    def end() -> None:
        time.sleep(3.0)
        stopped[0] = time.time()
        said[0] = system.stop()

    ending = threading.Thread(target=end)
    ending.start()
    run = system.offer(rate=80, seconds=6)
    ending.join()
    at = stopped[0] - run.started
    under_way = [o for o in run.outcomes if o.sent < at < o.due + o.seconds]
    assert len(under_way) > 20 and [o.bad for o in under_way if o.bad] == []
    with pytest.raises(OSError):  # nobody answers after the end
        system.get("/ready")
    assert system.process.returncode == 0
    killed = {json.loads(line)["role"] for line in said[0].splitlines() if '"process.killed"' in line}
    # A worker that gets no processor in time may be killed: its job is left to its lease.
    assert killed <= {"worker-1", "worker-2"}
    audit = Audit(system.home.audit)
    assert {o.id for o in run.outcomes if o.id} <= set(audit.ids(-1)) and audit.broken() is None
    audit.close()
    assert list(system.home.pids.iterdir()) == []
    again = system.command("reset")
    again.communicate(timeout=30)
    assert again.returncode == 0 and list(system.home.path.iterdir()) == []


def test_a_port_that_is_taken_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TECHFLOW_HOME", str(tmp_path))
    monkeypatch.setattr(Home, "ready", True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.main(["run", "--port", str(port)]) == 2
    assert f"port {port}" in capsys.readouterr().err
