"""One installation: a folder with settings, data, model, systems and records; made by `prepare`, undone by `reset`."""

import dataclasses
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from techflow import analysis, campaign, feeds, model
from techflow.banks import BANKS
from techflow.intake import Intake
from techflow.legacy import Legacy
from techflow.state import State

MODEL_ROWS = 12_000  # rows that the default model is trained, calibrated and tested on
IMPORTED = "bank-additional-full.csv"
HELD = "held"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What `prepare` decided."""

    seed: int = 2026
    clients: int = 2_000
    feeds: str = "embedded"  # or real
    paths: int = analysis.PATHS
    refresh_seconds: int = 900  # how often each diary client's full analysis is made anew
    diary_per_bank: int = 2  # clients whom advisers will see today: their analyses are made ahead
    start: str = ""

    @property
    def fresh_seconds(self) -> float:
        """An analysis counts as fresh for its refresh period and the time of one more round."""
        return self.refresh_seconds * 1.25


class HomeBusy(Exception):
    """The installation is in use, or what it needs is."""


class Home:
    """The folder of one installation."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(os.environ.get("TECHFLOW_HOME", ".techflow"))
        self.systems = self.path / "systems"
        self.models = self.path / "models"
        self.keys = self.path / "keys"
        self.state = self.path / "state.db"
        self.jobs = self.path / "jobs.db"
        self.audit = self.path / "audit.db"
        self.faults = self.path / "faults.json"
        self.pids = self.path / "pids"
        self.logs = self.path / "logs"

    @property
    def ready(self) -> bool:
        return (self.path / "settings.json").exists()

    def settings(self) -> Settings:
        return Settings(**json.loads((self.path / "settings.json").read_text()))

    def rows(self, count: int, seed: int) -> tuple[list[campaign.Row], str]:
        """Rows in time order and where they come from: the imported file when there is one, else drawn."""
        if (self.path / IMPORTED).exists():
            return campaign.read_file(self.path / IMPORTED), "bank marketing file (UCI 222)"
        return campaign.generate(count, seed=seed), f"generated, {count} rows, seed {seed}"

    def contacts(self, settings: Settings) -> list[campaign.Contact]:
        """The clients of all banks, in time order; of the imported file the newest ones."""
        rows, _ = self.rows(settings.clients, settings.seed)
        start = datetime.fromisoformat(settings.start)
        return campaign.contacts(rows[-settings.clients :], seed=settings.seed, until=start)

    def legacy(self, settings: Settings) -> Legacy:
        systems = feeds.systems(self.systems, real=settings.feeds == "real")
        return Legacy(systems, self.contacts(settings), seed=settings.seed)

    def import_file(self, file: Path) -> int:
        """Take the public file after checking its content; the number of rows. NotTheFile when it is another."""
        rows = campaign.read_file(file)
        self.path.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, self.path / IMPORTED)
        return len(rows)

    def train(self, seed: int) -> str:
        """Train, sign and pin a model on this installation's data; its digest."""
        rows, source = self.rows(MODEL_ROWS, seed)
        return model.write(model.train(rows, source=source), self.models, model.make_key(self.keys))

    def load_model(self, digest: str | None = None) -> model.Model:
        return model.load(self.models, model.read_public_key(self.keys), digest)

    def prepare(self, settings: Settings) -> dict[str, Any]:
        """Model, first load of all systems, diary. Everything but keys and times follows from the settings."""
        self._empty()  # what an interrupted preparation left would come twice
        settings = dataclasses.replace(settings, start=datetime.now(UTC).replace(microsecond=0).isoformat())
        digest = self.train(settings.seed)
        legacy = self.legacy(settings)
        state = State(self.state)
        sources = feeds.sources(self.systems, real=settings.feeds == "real", positions=state.positions())
        intake = Intake(state, sources, clock=lambda: datetime.now(UTC), loading=True)
        intake.drain()  # some systems keep messages only for those who have subscribed
        legacy.load(datetime.now(UTC))
        rows = intake.drain()
        for system in legacy.systems.values():
            system.close()
        for source in sources.values():
            source.close()
        diary = [client for bank in BANKS for client in state.clients(bank, settings.diary_per_bank)]
        state.close()
        (self.path / "diary.json").write_text(json.dumps(diary))
        (self.path / "settings.json").write_text(json.dumps(dataclasses.asdict(settings)))
        return {"rows": rows, "clients": settings.clients, "diary": len(diary), "model": digest}

    def diary(self) -> list[str]:
        """Clients whom advisers will see today."""
        found: list[str] = json.loads((self.path / "diary.json").read_text())
        return found

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the installation for one system alone; HomeBusy when another one runs."""
        self.path.mkdir(parents=True, exist_ok=True)
        with open(self.path / HELD, "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise HomeBusy(f"TechFlow is running in {self.path.resolve()}; stop it first (Ctrl-C)") from None
            yield

    def reset(self) -> None:
        """Remove everything that running made, on real servers too; an imported data file stays."""
        with self.held():
            if self.ready and self.settings().feeds == "real":
                from techflow.feeds import servers  # its client libraries are an extra

                servers.remove()
            self._empty()

    def _empty(self) -> None:
        for entry in self.path.iterdir() if self.path.exists() else ():
            if entry.name != IMPORTED:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
