"""A team's repository, a database of each kind, and a server on them, in this process."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from upheld.api.app import create_app
from upheld.core.scope import Grant, Right, Role
from upheld.server.settings import Settings, Source
from upheld.store.database import Database
from upheld.store.trail import seal
from upheld.web.app import mount

PASSWORD = "correct horse battery staple"
POSTGRES = os.environ.get("UPHELD_TEST_POSTGRES") or "postgresql://postgres@127.0.0.1:5432/postgres"
SAMPLE = Path(__file__).parents[2] / "src/upheld/sample"
OTHER = "eastcredit"


def git(folder: Path, *words: str, **variables: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    done = subprocess.run(
        ["git", "-C", str(folder), *identity, *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **variables},
    )
    return done.stdout.strip()


@pytest.fixture(scope="session")
def _team(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("team") / "origin"
    shutil.copytree(SAMPLE, root)
    shutil.rmtree(root / "evidence")
    (root / "gates.yaml").write_text(
        "merge:\n  kind: technical\n  stage: build\n  select: {status: [approved]}\n  sign-offs: [engineering]\n"
        "  waivers: {approver: engineering, at-most: 14 d}\n",
        encoding="utf-8",
    )
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    return root


@pytest.fixture
def team(_team: Path, tmp_path: Path) -> Path:
    """The repository of a team, with the sample's promise to twelve customers."""
    root = tmp_path / "origin"
    shutil.copytree(_team, root)
    return root


@pytest.fixture(scope="session")
def _postgres() -> Iterator[str]:
    """A PostgreSQL that is there, with a database of our own as a template."""
    if not POSTGRES:
        pytest.skip("UPHELD_TEST_POSTGRES is empty")
    engine = sa.create_engine(POSTGRES.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.OperationalError as error:
        pytest.skip(f"no PostgreSQL at {engine.url.render_as_string()}: {str(error.orig).strip().splitlines()[0]}")
    yield POSTGRES
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'server.db'}"
        return
    server = request.getfixturevalue("_postgres")
    name = f"upheld_test_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield str(sa.make_url(server).set(database=name).render_as_string(hide_password=False))
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with our schema."""
    found = Database(database_url)
    found.upgrade()
    yield found
    found.close()


PERSONAS = {
    "ada": [Grant(product="", role=Role.ADMINISTRATOR)],
    "jake": [Grant(product="insights", role=Role.PRODUCT)],
    "lisa": [Grant(product="insights", role=Role.ENGINEERING)],
    "omar": [Grant(product="insights", role=Role.OPERATIONS)],
    "erin": [Grant(product="insights", role=Role.EXECUTIVE)],
    "axel": [Grant(product="insights", role=Role.AUDITOR)],
    "okafor": [Grant(product="insights", role=Role.CUSTOMER, customer="northbank")],
    "eve": [Grant(product="insights", role=Role.CUSTOMER, customer=OTHER)],
    "lars": [Grant(product="insights", role=Role.ENGINEERING, customer=OTHER)],
    "nina": [],
}


@dataclass
class House:
    """A server with people in it, and clients that are signed in as them."""

    settings: Settings
    client: TestClient
    signed_in: dict[str, "Person"] = field(default_factory=dict)

    @property
    def server(self):
        return self.client.app.state.server

    def settle(self) -> None:
        """Wait for what was written to be sealed and read."""
        while seal(self.server.database):
            pass
        for product in self.server.products.values():
            product.catch_up()

    def enter(self, name: str) -> "Person":
        if name not in self.signed_in:
            client = TestClient(self.client.app, base_url=self.settings.address)
            answer = client.post("/api/v1/session", json={"name": name, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            self.signed_in[name] = Person(client, answer.json()["csrf"])
        return self.signed_in[name]

    def token(self, *rights: Right, customer: str = "", product: str = "insights") -> "Machine":
        now = datetime.now(UTC)
        _, secret = self.server.accounts.issue(
            "test", product=product, rights=rights, customer=customer, ends=now + timedelta(days=1), by="test", at=now
        )
        return Machine(self.client, secret)

    def entries(self, kind: str = "") -> list[dict]:
        import json

        from upheld.store import tables

        with self.server.database.reading() as c:
            found = [json.loads(b) for (b,) in c.execute(sa.select(tables.entry.c.body).order_by(tables.entry.c.seq))]
        return [e for e in found if not kind or e["kind"] == kind]


@dataclass
class Person:
    """A browser with a session."""

    client: TestClient
    csrf: str

    def __getattr__(self, verb: str):
        def call(url: str, **options):
            headers = {"x-csrf-token": self.csrf, **options.pop("headers", {})}
            return self.client.request(verb.upper(), url, headers=headers, **options)

        return call


@dataclass
class Machine:
    """A job with a service token."""

    client: TestClient
    secret: str

    def __getattr__(self, verb: str):
        def call(url: str, **options):
            headers = {"authorization": f"Bearer {self.secret}", **options.pop("headers", {})}
            return self.client.request(verb.upper(), url, headers=headers, **options)

        return call


@pytest.fixture
def house(database: Database, database_url: str, team: Path, tmp_path: Path) -> Iterator[House]:
    """A server on the team's repository, with one account for each persona."""
    settings = Settings(
        data=tmp_path / "data",
        database=database_url,
        products={"insights": Source(origin=str(team))},
        address="http://testserver",
        refresh=3600.0,
        rate=1e6,
        burst=10**9,
        login_rate=1e6,
        login_burst=10**9,
    )
    app = create_app(settings, mounts=[mount])
    accounts = app.state.server.accounts
    hashed = _password_hash()
    for name, grants in PERSONAS.items():
        accounts.create(name, person=name, email=f"{name}@example.com", grants=grants, by="test", at=datetime.now(UTC))
    from upheld.store import tables

    with database.writing() as c:  # one hash for all: ten argon2 hashes a test would take longer than the test
        c.execute(sa.update(tables.account).values(password=hashed))
    with TestClient(app, base_url=settings.address) as client:
        product = app.state.server.products["insights"]
        if not product.ready:
            product.refresh()
        assert product.ready, product.fault
        yield House(settings, client)


_HASH: list[str] = []


def _password_hash() -> str:
    import argon2

    if not _HASH:
        _HASH.append(argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD))
    return _HASH[0]


@dataclass
class Served:
    """A server in processes of its own."""

    process: subprocess.Popen
    address: str
    log: Path
    killed: bool = False  # the test ended it


@contextmanager
def serve(team: Path, folder: Path, database: Database, *, port: int = 0, processes: int = 1, **variables: str):
    """A real server on the team's repository; ends with SIGTERM, as a server that is told to stop does."""
    number = len(list(folder.glob("served-*.log")))
    log = folder / f"served-{number}.log"
    free = port or _free_port()
    words = [str(Path(sys.executable).with_name("upheld")), "serve", str(team), "--product", "insights"]
    words += ["--data", str(folder / "served"), "--port", str(free), "--processes", str(processes)]
    words += ["--database", database.url.render_as_string(hide_password=False)]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("UPHELD_") or k == "UPHELD_SHARED"}
    with log.open("w") as out, subprocess.Popen(words, stderr=out, stdout=out, env={**kept, **variables}) as process:
        served = Served(process, f"http://127.0.0.1:{free}", log)
        try:
            wait_until_ready(served)
            yield served
            if served.killed:
                return
            ended = process.poll()
            assert ended is None, log.read_text()
            process.terminate()
            assert process.wait(40) in (0, -signal.SIGTERM), log.read_text()[-3000:]
        finally:
            if process.poll() is None:
                process.kill()


def wait_until_ready(served: Served, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if httpx.get(f"{served.address}/readyz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        if served.process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"not ready: {served.log.read_text()[-3000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]
