"""Nothing that was acknowledged is lost: killed processes, four of them at once, a lost database, a full disk."""

import concurrent.futures
import contextlib
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from tests.server.conftest import serve, wait_until_ready
from upheld.core.scope import Right
from upheld.errors import UnavailableError
from upheld.server.service import Server
from upheld.server.settings import Settings, Source
from upheld.server.writer import Writer
from upheld.store import bundle, tables, trail
from upheld.store.accounts import Accounts
from upheld.store.database import Database
from upheld.store.keys import Keys
from upheld.store.ledger import SqlStore, append, stamp
from upheld.store.trail import Signer, log_origin

pytestmark = [pytest.mark.upheld("REQ-SRV-002"), pytest.mark.slow]
ROUNDS = int(os.environ.get("UPHELD_KILL_ROUNDS", "10"))  # 50 before a release
WRITER = """
import sys
from upheld.core.evidence import canonical, content_id
from upheld.server.service import Server
from upheld.server.settings import Settings, Source
from upheld.server.writer import Writer
from upheld.store.database import Database
from upheld.store.ledger import append, stamp
from upheld.store.trail import seal
database = Database(sys.argv[1])
writer = Writer(database)
writer.start()
def job(body):
    text, id_ = canonical(body).decode(), content_id(body)
    return lambda c: append(c, "insights", "evidence", id_, text, at=stamp(), by="test")
n = 0
while True:
    batch = [{"round": int(sys.argv[2]), "n": n + i} for i in range(8)]
    futures = [writer.submit(job(body)) for body in batch]
    for body, future in zip(batch, futures):
        future.result()
        print(body["n"], flush=True)
    n += 8
    if n % 16 == 0:
        seal(database)
"""


def test_rounds_of_kill_9_lose_nothing_that_was_acknowledged(database, database_url):
    acknowledged: set[tuple[int, int]] = set()
    for attempt in range(ROUNDS):
        command = [sys.executable, "-c", WRITER, database.url.render_as_string(hide_password=False), str(attempt)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            until = time.monotonic() + 0.05 * (1 + attempt % 5)
            while time.monotonic() < until:
                lines.append(process.stdout.readline())
            os.kill(process.pid, signal.SIGKILL)
            lines += process.stdout.read().splitlines(keepends=True)
        acknowledged |= {(attempt, int(line)) for line in lines if line.endswith("\n") and line.strip()}
    kept = {(r["round"], r["n"]) for r in SqlStore(database, "insights").records("evidence")}
    assert len(acknowledged) >= ROUNDS
    assert acknowledged <= kept
    while trail.seal(database):
        pass
    with database.reading() as c:
        records = c.execute(sa.select(sa.func.count()).select_from(tables.record)).scalar()
        assert trail.size(c) == records  # one entry each, however the writer died
        if database.is_sqlite:
            assert c.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_a_bad_job_takes_no_other_with_it(database):
    writer = Writer(database)
    jobs = [lambda c, n=n: append(c, "p", "evidence", f"sha256:{n}", "{}", at=stamp(), by="t") for n in range(20)]
    futures = [writer.submit(job) for job in jobs[:10]]
    futures.append(writer.submit(lambda _: 1 / 0))
    futures += [writer.submit(job) for job in jobs[10:]]
    writer.start()
    writer.close()
    assert isinstance(futures[10].exception(1), ZeroDivisionError)
    assert [f.result(1) for i, f in enumerate(futures) if i != 10] == [True] * 20
    with pytest.raises(UnavailableError, match="stopping"):
        writer.submit(jobs[0])


def token(database: Database) -> str:
    now = datetime.now(UTC)
    rights = (Right.EVIDENCE, Right.READ)
    return Accounts(database).issue(
        "ci", product="insights", rights=rights, ends=now + timedelta(days=1), by="t", at=now
    )[1]


def record(n: int) -> dict:
    return {
        "schema": "upheld/evidence/v1", "indicator": "insight.latency", "stage": "build", "subject": f"git:{n:040x}",
        "statistic": {"kind": "quantile", "unit": "s", "n": 1000, "good": 990, "threshold": 1},
    }  # fmt: skip


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_four_processes_under_load_keep_one_consistent_log(database, team, tmp_path):
    headers = {"authorization": f"Bearer {token(database)}"}
    with serve(team, tmp_path, database, processes=4) as served:
        url = f"{served.address}/api/v1/products/insights/evidence"

        def send(worker: int) -> int:
            new = 0
            with httpx.Client(headers=headers, timeout=60) as client:
                for i in range(10):
                    answer = client.post(url, json=[record(worker * 10 + i), record(10_000 + i)])
                    assert answer.status_code in (200, 201), answer.text
                    new += answer.json()["new"]
            return new

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(send, range(8))) == 80 + 10
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with database.reading() as c:
                if c.execute(sa.select(sa.func.count()).select_from(tables.pending)).scalar() == 0:
                    break
            time.sleep(0.2)
    signer = Signer(origin=log_origin(database, "x"), key=Keys(folder=tmp_path / "served/keys").current())
    trail.sign_checkpoint(database, [signer], at=datetime.now(UTC))
    found = bundle.verify_database(database, signer.verifier)
    assert len(SqlStore(database, "insights").records("evidence")) == 90
    assert (found.size, found.signed) == (found.size, found.size)
    assert found.size >= 91


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_server_killed_under_load_comes_back_with_all_it_acknowledged(database, team, tmp_path):
    headers = {"authorization": f"Bearer {token(database)}"}
    acknowledged = set()
    with serve(team, tmp_path, database) as served:
        url = f"{served.address}/api/v1/products/insights/evidence"
        with httpx.Client(headers=headers, timeout=30) as client:
            for n in range(12):
                acknowledged.add(client.post(url, json=record(n)).json()["ids"][0])
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait(10)
        with serve(team, tmp_path, database) as again:
            wait_until_ready(again)
            with httpx.Client(headers=headers, timeout=30) as client:
                answers = [
                    client.post(f"{again.address}/api/v1/products/insights/evidence", json=record(n)) for n in range(12)
                ]
            assert {a.json()["new"] for a in answers} == {0}
            assert {a.json()["ids"][0] for a in answers} == acknowledged
        served.killed = True


@pytest.fixture
def small_disk(tmp_path: Path):
    """A disk of three megabytes with a file on it that can be taken away."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_said_loses_nothing_acknowledged_and_heals_by_itself(small_disk, team, tmp_path):
    database = Database(f"sqlite:///{small_disk / 'server.db'}")
    database.upgrade()
    (small_disk / "filler").write_bytes(b"x" * 1_000_000)
    settings = Settings(
        data=tmp_path / "data",
        products={"insights": Source(origin=str(team))},
        database=f"sqlite:///{small_disk / 'server.db'}",
    )
    server = Server(settings)
    server.writer.start()
    body, kept, fault = "x" * 20_000, 0, None
    for n in range(200):
        job = lambda c, n=n: append(c, "insights", "evidence", f"sha256:{n}", body, at=stamp(), by="t")  # noqa: E731
        try:
            server.writer.submit(job).result(30)
            kept += 1
        except UnavailableError as error:
            fault = error
            break
    assert fault is not None
    assert "full" in fault.message
    with contextlib.suppress(OSError), (small_disk / "rest").open("wb", buffering=0) as rest:
        while rest.write(b"x" * 4096):  # to the last page
            pass
    assert "database" in server.faults()
    (small_disk / "filler").unlink()
    assert "database" not in server.faults()
    assert server.writer.submit(
        lambda c: append(c, "insights", "evidence", "sha256:last", "{}", at=stamp(), by="t")
    ).result(30)
    with database.reading() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(tables.record)).scalar() == kept + 1
    server.writer.close()
    server.database.close()
    database.close()
