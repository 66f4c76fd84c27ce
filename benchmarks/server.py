"""One server process under load from this machine: durable uploads, reads, and entries sealed a second.

    python benchmarks/server.py SECONDS     prints one JSON object

The load comes over plain sockets from the same cores that the server runs on, so the figures are low rather than high.
Every upload is another record, and counts when the server has acknowledged it as durable.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from upheld.core.scope import Right
from upheld.store import tables, trail
from upheld.store.accounts import Accounts
from upheld.store.database import Database
from upheld.store.ledger import stamp

SAMPLE = Path(__file__).resolve().parent.parent / "src/upheld/sample"
CONNECTIONS = 64
ENTRIES = 50_000


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


async def load(port, make, seconds):
    """Requests answered a second, and how long each took; raises when one is not answered with 2xx."""
    taken, until = [], time.perf_counter() + seconds

    async def one():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            started = time.perf_counter()
            writer.write(make())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head[9:10] == b"2", head[:200]
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
            await reader.readexactly(length)
            taken.append(time.perf_counter() - started)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return len(taken) / (time.perf_counter() - started), percentile(taken, 0.99)


def sealed_a_second(folder):
    """Entries written in one batch and sealed, a second."""
    database = Database(f"sqlite:///{folder / 'trail.db'}")
    database.upgrade()
    started = time.perf_counter()
    for start in range(0, ENTRIES, 5000):
        rows = range(start + 1, start + 5001)
        with database.writing() as c:
            c.execute(
                sa.insert(tables.entry),
                [{"seq": n, "body": f'{{"at":"{stamp()}","kind":"bench","n":{n}}}', "record": None} for n in rows],
            )
            c.execute(sa.insert(tables.pending), [{"entry": n} for n in rows])
        trail.seal(database)
    seconds = time.perf_counter() - started
    with database.reading() as c:
        assert trail.size(c) == ENTRIES
    database.close()
    return ENTRIES / seconds


def main():
    seconds = float(sys.argv[1])
    with TemporaryDirectory(prefix="upheld-bench-") as name:
        folder = Path(name)
        team = folder / "team"
        subprocess.run(["cp", "-r", SAMPLE, team], check=True)
        git = ["git", "-C", team, "-c", "user.name=b", "-c", "user.email=b@example.com"]
        for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "first"]):
            subprocess.run([*git, *words], check=True)
        database = Database(f"sqlite:///{folder / 'server.db'}")
        database.upgrade()
        now = datetime.now(UTC)
        rights = (Right.EVIDENCE, Right.READ)
        ends = now + timedelta(days=1)
        _, token = Accounts(database).issue("bench", product="bench", rights=rights, ends=ends, by="bench", at=now)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [Path(sys.executable).with_name("upheld"), "serve", team, "--product", "bench", "--port", str(port)]
        command += ["--data", folder / "data", "--database", f"sqlite:///{folder / 'server.db'}"]
        environment = {**os.environ, "UPHELD_RATE": "1000000", "UPHELD_BURST": "100000000", "UPHELD_ANCHOR": "0"}
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as process:
            try:
                figures = measured(port, token, seconds)
            finally:
                process.terminate()
        with database.reading() as c:
            kept = c.execute(sa.select(sa.func.count()).select_from(tables.record)).scalar()
        database.close()
        figures["sealed"] = sealed_a_second(folder)
    print(json.dumps(figures | {"records": kept}))


def measured(port, token, seconds):
    head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    read = f"GET /api/v1/products/bench/threads HTTP/1.1\r\n{head}\r\n".encode()
    count = iter(range(10**9))

    def upload():
        body = json.dumps({
            "schema": "upheld/evidence/v1", "indicator": "insight.other", "stage": "build", "subject": f"git:{next(count):040x}",
            "statistic": {"kind": "share", "n": 1000, "good": 990},
        })  # fmt: skip
        return (
            f"POST /api/v1/products/bench/evidence HTTP/1.1\r\n{head}Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    until = time.monotonic() + 60
    while True:
        try:
            asyncio.run(load(port, lambda: read, 0.2))
            break
        except (OSError, AssertionError, asyncio.IncompleteReadError):
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.2)
    reads, reads_p99 = asyncio.run(load(port, lambda: read, seconds))
    uploads, uploads_p99 = asyncio.run(load(port, upload, seconds))
    return {"reads": reads, "reads-p99": reads_p99, "uploads": uploads, "uploads-p99": uploads_p99}


if __name__ == "__main__":
    main()
