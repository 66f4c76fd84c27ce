"""A small world for tests: legacy systems, an intake over them, and a clock that the test moves."""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from techflow import campaign, feeds, health
from techflow.campaign import Contact
from techflow.intake import Intake
from techflow.legacy import NIGHT, TICK, DataFault, Legacy
from techflow.state import State

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
FIRST_TICK = NIGHT // 2 - 2  # drops come two ticks later, the mainframe half a night after them


class World:
    """`start` names a world whose first load is copied instead of being made again."""

    def __init__(self, home: Path, *, seed: int = 7, clients: int = 300, real: bool = False, copy: bool = True) -> None:
        self.home, self.now, self.number = home, START, FIRST_TICK
        first = loaded(seed, clients) if copy and not real else None
        if first:
            shutil.copytree(first.home, home, dirs_exist_ok=True)
        contacts = contacts_of(seed, clients)
        self.legacy = Legacy(feeds.systems(home / "systems", real=real), contacts, seed=seed, pace=10)
        self.state = State(home / "state.db", durable=False)
        sources = feeds.sources(home / "systems", real=real, positions=self.state.positions())
        self.intake = Intake(self.state, sources, clock=lambda: self.now, loading=True)
        if first:
            self.legacy.balances = dict(first.legacy.balances)
        else:
            self.intake.drain()  # subscribe
            self.legacy.load(self.now)
            self.intake.drain()
        self.intake.loading = False

    def run(self, ticks: int, faults: Sequence[DataFault] = ()) -> None:
        for _ in range(ticks):
            self.number += 1
            self.now += TICK
            self.legacy.tick(self.number, self.now, faults)
            self.intake.drain()

    def findings(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = health.report(self.state, self.now)["findings"]
        return found

    def close(self) -> None:
        self.state.close()
        for each in (*self.legacy.systems.values(), *self.intake.sources.values()):
            each.close()


@cache
def contacts_of(seed: int, clients: int) -> list[Contact]:
    return campaign.contacts(campaign.generate(clients, seed=seed), seed=seed, until=START)


@cache
def loaded(seed: int, clients: int) -> World:
    """A world after its first load, closed; it lies in a temporary folder until the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="techflow-world-")
    world = World(Path(folder.name), seed=seed, clients=clients, copy=False)
    world.folder = folder  # type: ignore[attr-defined]
    world.close()
    return world
