"""What was acknowledged to a system is on our disk, whatever happens to the process."""

import json
import os
import signal
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from world import World

from techflow import faults, feeds
from techflow.audit import Audit
from techflow.feeds.contract import Batch, Source
from techflow.home import Home
from techflow.intake import Intake
from techflow.legacy import TICK
from techflow.state import State

ROUNDS = 20


class Acknowledging:
    """A source in small batches that tells each acknowledged position through a pipe."""

    def __init__(self, inner: Source, pipe: int) -> None:
        self.inner, self.pipe = inner, pipe

    def read(self, limit: int) -> Batch:
        return self.inner.read(7)

    def commit(self, batch: Batch) -> None:
        self.inner.commit(batch)
        os.write(self.pipe, f"{batch.position}\n".encode())

    def close(self) -> None:
        self.inner.close()


def take_in(home: Path, pipe: int) -> None:
    """The child: an intake that never ends by itself."""
    state = State(home / "state.db")
    sources = feeds.sources(home / "systems", real=False, positions=state.positions())
    chosen: dict[str, Source] = {"crm": sources["crm"], "cards": Acknowledging(sources["cards"], pipe)}
    intake = Intake(state, chosen, clock=lambda: datetime.now(UTC), loading=True)
    while True:
        intake.drain()


@pytest.mark.upheld("REQ-DAT-001")
def test_no_acknowledged_row_is_lost_in_20_rounds_of_kill_9(tmp_path: Path) -> None:
    world = World(tmp_path, clients=60)
    world.close()
    for number in range(ROUNDS):
        for tick in range(4):
            world.legacy.tick(1_000 + number * 4 + tick, datetime.now(UTC) - TICK)
        for system in world.legacy.systems.values():
            system.close()
        reading, writing = os.pipe()
        if (child := os.fork()) == 0:
            try:
                take_in(tmp_path, writing)
            finally:
                os._exit(1)
        os.close(writing)
        with os.fdopen(reading) as told:
            acknowledged = [told.readline() for _ in range(1 + number % 3)]
            os.kill(child, signal.SIGKILL)
            acknowledged += told.readlines()
        os.waitpid(child, 0)
        last = max(int(line) for line in acknowledged if line.endswith("\n"))
        log = sqlite3.connect(tmp_path / "systems" / "cards.db")
        sent = {json.loads(p)["event"] for (p,) in log.execute("SELECT payload FROM log WHERE seq <= ?", (last,))}
        log.close()
        state = State(tmp_path / "state.db")
        known = {key for (key,) in state.connection.execute("SELECT key FROM rows WHERE feed = 'cards'")}
        assert sent <= known and int(state.positions()["cards"]) >= last
        assert state.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        state.close()


@pytest.mark.upheld("REQ-EXP-001")
def test_a_full_disk_refuses_answers_and_loses_none_that_left(tmp_path: Path) -> None:
    import asyncio

    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", tmp_path], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"a small tmpfs cannot be mounted: {mounted.stderr.strip()}")
    try:
        home = Home(tmp_path)
        audit = Audit(home.audit)

        async def keep(number: int) -> bool:
            try:
                await audit.keep({"id": str(number), "noise": os.urandom(3_000).hex()}, b"{}")
            except OSError:
                return False
            return True

        before = [number for number in range(20) if asyncio.run(keep(number))]
        faults.fill_disk(home)
        during = [number for number in range(100, 400) if asyncio.run(keep(number))]
        faults.clear(home)
        after = [number for number in range(1_000, 1_020) if asyncio.run(keep(number))]
        assert len(before) == len(after) == 20 and len(during) < 300
        assert {int(number) for number in audit.ids(1_000)} == {*before, *during, *after} and audit.broken() is None
        audit.close()
    finally:
        subprocess.run(["umount", tmp_path], check=True)


@pytest.mark.upheld("REQ-EXP-001")
def test_an_answer_leaves_only_with_its_record(tmp_path: Path) -> None:
    """A disk that cannot be written (here a file made read-only) gives an error and no record, and no wrong chain."""
    import asyncio

    audit = Audit(tmp_path / "audit.db")

    async def keep(name: str) -> str:
        try:
            await audit.keep({"id": name}, b"{}")
        except OSError as error:
            return str(error)
        return "kept"

    assert asyncio.run(keep("a")) == "kept"
    audit.connection.execute("PRAGMA query_only = 1")
    assert "cannot be written" in asyncio.run(keep("b"))
    audit.connection.execute("PRAGMA query_only = 0")
    assert asyncio.run(keep("c")) == "kept"
    assert list(audit.ids(9)) == ["c", "a"] and audit.broken() is None
    audit.close()
