"""Measure each step of the answer path by itself, one call at a time, so that a prediction rests on no load test.

python benchmarks/steps.py FOLDER           writes FOLDER/steps.csv, from a prepared TECHFLOW_HOME of its own

http      a request to a client number that nobody has: parse, route, watch, refuse, over loopback
look-up   the client, the market, the newest analysis
score     the model, the reasons, the bytes of the answer
record    one answer on the disk, its commit included
analysis  one full analysis, as v1 would make it while the adviser waits
"""

import asyncio
import contextlib
import csv
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from techflow import worker
from techflow.audit import Audit
from techflow.banks import bank_of
from techflow.campaign import FEATURES
from techflow.health import freshness
from techflow.home import Home
from techflow.insight import canonical, compose, summary
from techflow.jobs import Jobs
from techflow.state import State

CALLS = 600
ANALYSES = 3


@contextlib.contextmanager
def served(home: Home) -> Iterator[int]:
    """A server of this installation on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "techflow", "serve", "--release", "v2", "--port", str(port)]
    process = subprocess.Popen(words, env={**os.environ, "TECHFLOW_HOME": str(home.path)}, stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def http(home: Home) -> Iterator[float]:
    """Round trips that end before any work of ours begins."""
    with served(home) as port:
        connection = HTTPConnection("127.0.0.1", port)
        body = json.dumps({"client": "NB-999999"})
        for _ in range(CALLS):
            started = time.perf_counter()
            connection.request("POST", "/insight", body)
            connection.getresponse().read()
            yield time.perf_counter() - started
            time.sleep(0.002)


def inputs(
    home: Home, view: dict[str, Any], client: str, made: Any, sources: Any, market: Any, digest: str
) -> dict[str, Any]:
    """What one answer rests on, as the service puts it together."""
    features = {**view, **market}
    now = time.time()
    return {
        "id": f"{int(now * 1000):x}-{secrets.token_hex(5)}", "at": "2026-11-22T12:00:00.000+00:00", "clock": now,
        "bank": bank_of(client), "client": client, "release": "v2",
        "features": {name: features.get(name) for name in FEATURES}, "sources": sources, "analysis": summary(made),
        "fresh_seconds": home.settings().fresh_seconds, "model": digest,
    }  # fmt: skip


async def answers(home: Home) -> list[tuple[str, float]]:
    """Look-up, score and record, each timed by itself."""
    state, jobs, model = State(home.state), Jobs(home.jobs), home.load_model()
    clients = [client for bank in ("NB",) for client in state.clients(bank, 500)] or state.clients(
        bank_of("NB-000001"), 500
    )
    sources, markets = freshness(state, datetime.now(UTC)), state.markets()
    found = []
    with tempfile.TemporaryDirectory(dir=home.path) as folder:
        audit = Audit(Path(folder) / "audit.db")
        for i in range(CALLS):
            client = clients[i % len(clients)]
            bank = bank_of(client)
            started = time.perf_counter()
            view, made = state.client(client), jobs.newest(client)
            found.append(("look-up", time.perf_counter() - started))
            known = inputs(home, view, client, made, sources[bank], markets.get(bank, {}), model.digest)
            started = time.perf_counter()
            answer = canonical(compose(known, model))
            found.append(("score", time.perf_counter() - started))
            started = time.perf_counter()
            await audit.keep(known, answer)
            found.append(("record", time.perf_counter() - started))
        audit.close()
    client = clients[0]
    made_of = worker.inputs_of(state.client(client), markets.get(bank_of(client), {}), {})
    for seed in range(ANALYSES):
        started = time.perf_counter()
        worker.make(made_of, paths=home.settings().paths, seed=seed, model=model, progress=lambda done, total: None)
        found.append(("analysis", time.perf_counter() - started))
    jobs.close()
    state.close()
    return found


def main() -> None:
    """Measure and write."""
    home = Home()
    rows = [("http", seconds) for seconds in http(home)] + asyncio.run(answers(home))
    target = Path(sys.argv[1]) / "steps.csv"
    with target.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["request", "latency_ms"])
        out.writerows([name, f"{1000 * seconds:.4f}"] for name, seconds in rows)
    print(f"{len(rows)} measurements in {target}")


if __name__ == "__main__":
    main()
