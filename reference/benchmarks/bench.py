"""`make bench`: how fast rows are checked, how many blind faults are named, whether the load generator sees a
stall, and what an answer costs.

    python benchmarks/bench.py [checks] [faults] [stall] [steps] [--evidence DIR] [--subject ID]

Faults are drawn from seeds that no test uses; the detectors see nothing but what arrives.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from techflow import campaign, evidence, feeds
from techflow.banks import BANKS
from techflow.feeds import SHAPES
from techflow.legacy import FAULTS, NIGHT, DataFault, Legacy

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
ROWS = 20_000
BLIND, CLEAN = 30, 30


def checks() -> dict[str, float]:
    """Decoded rows checked a second of processor time, per feed; the median of five."""
    contacts = campaign.contacts(campaign.generate(500, seed=1), seed=1, until=datetime(2026, 11, 22, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as folder:
        legacy = Legacy(feeds.systems(Path(folder), real=False), contacts, seed=1)
        now = datetime(2026, 11, 22, 9, tzinfo=UTC)
        rows: dict[str, list[campaign.Row]] = {feed: [] for feed in SHAPES}
        for number in [*range(40), NIGHT, NIGHT // 2]:
            for (feed, _), some in legacy.events(number, now).items():
                payloads = SHAPES[feed].encode(some)
                rows[feed] += [row for p in payloads for row in SHAPES[feed].decode(p, SHAPES[feed].encoding)]
    found = {}
    for feed, some in rows.items():
        many, check = (some * (ROWS // len(some) + 1))[:ROWS], SHAPES[feed].check
        speeds = []
        for _ in range(5):
            start = time.process_time()
            refused = sum(check(row) is not None for row in many)
            speeds.append(ROWS / (time.process_time() - start))
            assert refused == 0, f"{feed}: {refused} clean rows refused"
        found[feed] = round(statistics.median(speeds))
    return found


def faults(seed: int) -> tuple[int, int, list[str]]:
    """Blind faults named with source and customers, clean runs that stayed silent, and what went wrong."""
    from world import World

    rng, named, silent, wrong = random.Random(seed), 0, 0, []
    for trial in range(BLIND + CLEAN):
        with tempfile.TemporaryDirectory() as folder:
            world = World(Path(folder), seed=rng.randrange(10**6), clients=150)
            feed, kind = rng.choice([(f, k) for f in SHAPES for k in FAULTS if (f, k) != ("crm", "orphan key")])
            banks = tuple(sorted(rng.sample(list(BANKS), rng.randint(1, 4))))
            planted = [DataFault(feed=feed, kind=kind, banks=banks)] if trial < BLIND else []
            world.number = rng.randrange(1_000) * NIGHT + (NIGHT - 3 if feed == "mainframe" else NIGHT // 2 - 3)
            world.run(50 if kind == "slow" else 24, planted)
            told = {(f["source"], tuple(sorted(f["customers"]))) for f in world.findings()}  # type: ignore[type-var]
            sources = {source for source, _ in told}
            customers = {bank for _, some in told for bank in some}
            world.close()
        if planted and sources == {feed} and customers == set(banks):
            named += 1
        elif planted:
            wrong.append(f"{kind} of {feed} for {', '.join(banks)}: told {sorted(told) or 'nothing'}")
        elif not told:
            silent += 1
        else:
            wrong.append(f"clean run: told {sorted(told)}")
    return named, silent, wrong


def stall() -> dict[str, object]:
    """The issue's check at full size: a server that stalls 5 s in every 60 s, at 200 requests a second."""
    from test_load import measure

    return measure(200, 60, stall=5.0, every=60.0).summary()


def steps(target: Path, count: int = 1_000) -> dict[str, float]:
    """What one answer costs the web process, and how long its record takes to be durable: samples for `upheld predict`.

    Requests go through the whole application, one after the other, without a socket.
    """
    import asyncio
    import json

    from techflow.home import Home, Settings
    from techflow.service import create

    samples: dict[str, list[float]] = {"answer": [], "record": []}

    async def ask(app: object, client: str) -> None:
        scope = {
            "type": "http", "method": "POST", "path": "/insight", "raw_path": b"/insight", "query_string": b"",
            "headers": [(b"content-type", b"application/json")], "http_version": "1.1", "scheme": "http",
        }  # fmt: skip
        body = json.dumps({"client": client}).encode()
        told: list[int] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, object]) -> None:
            told.append(int(str(message.get("status", 0))))

        busy, started = time.process_time(), time.perf_counter()
        await app(scope, receive, send)  # type: ignore[operator]
        busy, took = time.process_time() - busy, time.perf_counter() - started
        assert told[0] == 200
        samples["answer"].append(busy)
        samples["record"].append(max(took - busy, 1e-6))

    async def all_of_them(home: Home) -> None:
        app, clients = create(home, release="v2"), home.diary()
        async with app.router.lifespan_context(app):
            for number in range(count + 100):
                await ask(app, clients[number % len(clients)])

    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.prepare(Settings(clients=400, diary_per_bank=2))
        asyncio.run(all_of_them(home))
    lines = [f"{step},{seconds:.6f}" for step, some in samples.items() for seconds in some[100:]]
    target.write_text("request,latency_s\n" + "\n".join(lines) + "\n")
    return {step: round(statistics.median(some) * 1000, 3) for step, some in samples.items()}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", default=["checks", "faults", "stall"])
    parser.add_argument("--evidence", type=Path)
    parser.add_argument("--subject", default=evidence.source_digest())
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    if "steps" not in chosen.parts:  # there it is the machine's own pace that is asked for
        os.nice(5)
    known = {
        "subject": chosen.subject,
        "environment": "staging",
        "observed": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    print(f"machine load {os.getloadavg()[0]:.1f}; seed {chosen.seed}")
    records = {}
    if "checks" in chosen.parts:
        speeds = checks()
        print("rows checked a second of processor time:", speeds)
        records["feed.checked"] = {"kind": "level", "value": min(speeds.values()), "unit": "/s"}
    if "faults" in chosen.parts:
        named, silent, wrong = faults(chosen.seed)
        print(f"{named} of {BLIND} blind faults named with source and customers; {silent} of {CLEAN} clean runs silent")
        print(*wrong, sep="\n")
        records["fault.named"] = evidence.share(named, BLIND)
        records["fault.silent"] = evidence.share(silent, CLEAN)
    if "steps" in chosen.parts:
        target = Path(__file__).parents[1] / "assessments" / "steps-samples.csv"
        target.parent.mkdir(exist_ok=True)
        print("median ms of the web process for an answer, and until its record is durable:", steps(target))
    if "stall" in chosen.parts:
        found = stall()
        print("a server stalling 5 s in every 60 s:", found)
        assert found["p95"] is not None and float(str(found["p95"])) >= 2.0, found
    if chosen.evidence:
        for name, statistic in records.items():
            document = evidence.record(name, statistic, tool="techflow bench", **known)
            evidence.write(chosen.evidence, name, document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
