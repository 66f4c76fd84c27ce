"""Generated service graphs, predicted from separately measured steps and then really run under load.

    python benchmarks/graphs.py predict FOLDER SEED COUNT   generate, measure every step by itself, predict; commit FOLDER
    python benchmarks/graphs.py run FOLDER                  run every graph under load and score what was predicted
    python benchmarks/graphs.py evidence FOLDER             the share inside as evidence, in benchmarks/results

A graph is one process of stations behind TCP: a call waits in line for a worker, who sleeps for a time drawn from the
step's distribution. The prediction knows the graph, the workers and the rate, but of the times only what was measured, one
call at a time. Requests come at random from a process of their own, and their latency counts from when they were due.
"""

import asyncio
import contextlib
import csv
import json
import math
import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from upheld.core import latency, statistics
from upheld.core.evidence import Prediction
from upheld.core.latency import Question
from upheld.core.network import quantile
from upheld.core.prediction import interval_score
from upheld.predicting import Samples, dice, model_of, simulate
from upheld.stages.predict import RESIDUAL

CALLS = 200  # of each step by itself
SECONDS = 25.0  # of a run
AT_ONCE = 4  # graphs that are measured or run side by side
Q = 0.95


# ── The graph ────────────────────────────────────────────────────────────────────────────────────────────────────────


def generate(seed: int) -> dict:
    """One graph as the tree of an assessment, with the true distribution of every step beside it (in `truth`)."""
    chance = random.Random(seed)
    stations, truth, number = {}, {}, 0

    def step(shared=None):
        nonlocal number
        number += 1
        name, station = f"s{number}", shared or f"w{number}"
        stations.setdefault(station, {"workers": str(chance.randint(2, 8))})
        truth[name] = [
            chance.choice(["lognormal", "gamma", "uniform"]),
            chance.uniform(0.012, 0.06),
            chance.uniform(0.25, 0.9),
        ]
        return {"id": name, "at": station, "time": {"sample": "steps.csv", "request": name}}

    steps = [step() for _ in range(chance.randint(1, 3))]
    if chance.random() < 0.6:
        steps.insert(chance.randint(0, len(steps)), {"parallel": [step(), step()]})
    if chance.random() < 0.5:
        cached = step()
        truth["hit"] = ["uniform", 0.004, 0.3]
        cached["cached"] = {"hit": f"{chance.randint(30, 80)} %", "time": {"sample": "steps.csv", "request": "hit"}}
        steps.insert(chance.randint(0, len(steps)), cached)
    if chance.random() < 0.3:
        steps.append({**step(), "background": "true"})
    if chance.random() < 0.25:  # a station that is called twice
        steps.append(step(shared=steps[0].get("at") or next(iter(stations))))
    return {"stations": stations, "steps": steps, "truth": truth, "use": chance.uniform(0.3, 0.75)}


def demand_of(graph: dict) -> dict[str, float]:
    """Seconds of work that a request brings to each station."""
    found: dict[str, float] = {}

    def walk(node, share):
        for inner in node.get("parallel", []):
            walk(inner, share)
        if "id" in node:
            hit = int(node["cached"]["hit"].split()[0]) / 100 if "cached" in node else 0.0
            found[node["at"]] = found.get(node["at"], 0.0) + share * (1 - hit) * graph["truth"][node["id"]][1]

    for node in graph["steps"]:
        walk(node, 1.0)
    return found


def rate_of(graph: dict) -> float:
    """The rate at which the busiest station is busy for the graph's share of time; at most 40 a second."""
    saturation = min(int(graph["stations"][name]["workers"]) / work for name, work in demand_of(graph).items())
    return round(min(40.0, graph["use"] * saturation), 1)


def draw(chance: random.Random, shape: str, mean: float, variation: float) -> float:
    """A service time with this mean and coefficient of variation."""
    if shape == "lognormal":
        sigma = math.sqrt(math.log(1 + variation**2))
        return chance.lognormvariate(math.log(mean) - sigma**2 / 2, sigma)
    if shape == "gamma":
        return chance.gammavariate(1 / variation**2, mean * variation**2)
    half = min(1.0, variation * math.sqrt(3))
    return mean * (1 + half * (2 * chance.random() - 1))


# ── The service: stations behind TCP, and a front that walks the graph ───────────────────────────────────────────────


class Service:
    def __init__(self, graph: dict, seed: int) -> None:
        self.graph, self.chance = graph, random.Random(seed)
        self.workers = {name: asyncio.Semaphore(int(s["workers"])) for name, s in graph["stations"].items()}
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.port = 0

    async def work(self, step: str, station: str) -> None:
        shape, mean, variation = self.graph["truth"][step]
        place = self.workers.get(station)
        async with place or contextlib.nullcontext():
            await asyncio.sleep(draw(self.chance, shape, mean, variation))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            words = line.decode().split()
            if words[0] == "front":
                for node in self.graph["steps"]:
                    await self.node(node)
            else:
                await self.work(words[1], words[2] if len(words) > 2 else "")
            writer.write(b"done\n")
        writer.close()

    async def call(self, step: str, station: str) -> None:
        """One hop to a station, over a connection of its own for that time."""
        reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"work {step} {station}\n".encode())
        await reader.readline()
        self.idle.append((reader, writer))

    async def node(self, node: dict) -> None:
        if node.get("background"):
            self.background = asyncio.ensure_future(self.call(node["id"], node["at"]))
        elif "parallel" in node:
            await asyncio.gather(*map(self.node, node["parallel"]))
        elif "cached" in node and 100 * self.chance.random() < int(node["cached"]["hit"].split()[0]):
            await self.call("hit", "")
        else:
            await self.call(node["id"], node["at"])


async def service(graph: dict, seed: int) -> None:
    found = Service(graph, seed)
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    print(found.port, flush=True)
    await server.serve_forever()


@contextlib.asynccontextmanager
async def started(file: Path, seed: int):
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "serve", str(file), str(seed), stdout=subprocess.PIPE
    )
    try:
        yield int(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


# ── Measuring and loading ────────────────────────────────────────────────────────────────────────────────────────────


async def measured(port: int, step: str, station: str) -> list[float]:
    """One call after the other, each timed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    found = []
    for _ in range(CALLS):
        began = time.perf_counter()
        writer.write(f"work {step} {station}\n".encode())
        await reader.readline()
        found.append(time.perf_counter() - began)
    writer.close()
    return found


async def load(port: int, rate: float, seed: int) -> list[float]:
    """Requests at random, each when it is due; latency counts from then."""
    chance = random.Random(seed)
    idle: list = []
    took: list[float] = []

    async def request(due: float) -> None:
        reader, writer = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"front\n")
        await reader.readline()
        took.append(time.perf_counter() - due)
        idle.append((reader, writer))

    begun, at, under_way = time.perf_counter() + 0.2, 0.0, []
    while (at := at + chance.expovariate(rate)) < SECONDS:
        await asyncio.sleep(max(0.0, begun + at - time.perf_counter()))
        under_way.append(asyncio.ensure_future(request(begun + at)))
    await asyncio.wait_for(asyncio.gather(*under_way), 60)
    return took


async def in_turn(jobs) -> list:
    """All jobs, a few at a time."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(job):
        async with places:
            return await job

    return await asyncio.gather(*map(one, jobs))


async def measure(folder: Path, seed: int) -> None:
    graph = read(folder)
    at = {inner["id"]: inner["at"] for node in graph["steps"] for inner in node.get("parallel", [node])}
    async with started(folder / "graph.json", seed) as port:
        # A step waits for nobody while it is measured: two that share a station are measured one after the other.
        stations: dict[str, list[str]] = {}
        for step in graph["truth"]:
            stations.setdefault(at.get(step, step), []).append(step)

        async def one_by_one(steps):
            return {step: await measured(port, step, at.get(step, "")) for step in steps}

        parts = await asyncio.gather(*map(one_by_one, stations.values()))
        found = {step: times for part in parts for step, times in part.items()}
    rows = [[step, f"{1000 * t:.3f}"] for step, times in found.items() for t in times]
    keep(folder / "steps.csv", [["request", "latency_ms"], *rows])


def keep(file: Path, rows: list) -> None:
    with file.open("w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


def read(folder: Path) -> dict:
    return json.loads((folder / "graph.json").read_text())


def predicted(folder: Path) -> dict:
    graph = read(folder)
    tree = {
        "kind": "latency",
        "predicts": ["x"],
        "stations": graph["stations"],
        "steps": graph["steps"],
        "arrivals": f"{graph['rate']}/s",
    }
    model = model_of(json.dumps(tree).encode(), str(folder), (), Samples(folder))
    question = Question(q=Q, target=1.0, seconds=SECONDS, residual=RESIDUAL)
    found = latency.forecast(
        model.network, question, simulate=simulate, dice=dice(1), tell=lambda *_: None, explain=False
    )
    p = found.promised
    return {"p95": p.value, "low": p.low, "high": p.high, "inputs": found.spread.inputs, "run": found.spread.run}


# ── The two commands ─────────────────────────────────────────────────────────────────────────────────────────────────


def predict(folder: Path, seed: int, count: int) -> None:
    folders = []
    for i in range(count):
        here = folder / f"{seed + i}"
        here.mkdir(parents=True, exist_ok=True)
        graph = generate(seed + i)
        graph["rate"] = rate_of(graph)
        (here / "graph.json").write_text(json.dumps(graph))
        folders.append(here)
    asyncio.run(in_turn([measure(here, 1000 + int(here.name)) for here in folders]))
    found = {}
    for here in folders:
        found[here.name] = predicted(here)
        print(here.name, {k: round(v, 4) for k, v in found[here.name].items()}, flush=True)
    about = {
        "predicted": datetime.now(UTC).isoformat(timespec="seconds"),
        "residual": RESIDUAL,
        "machine load": os.getloadavg()[0],
    }
    (folder / "predictions.json").write_text(json.dumps({**about, "graphs": found}, indent=1) + "\n")


async def lived(here: Path) -> tuple[str, list[float]]:
    graph = read(here)
    async with started(here / "graph.json", 2000 + int(here.name)) as port:
        driver = await asyncio.create_subprocess_exec(
            sys.executable, __file__, "load", str(port), str(graph["rate"]), here.name, stdout=subprocess.PIPE
        )
        told, _ = await driver.communicate()
    return here.name, json.loads(told)


def run(folder: Path) -> None:
    about = json.loads((folder / "predictions.json").read_text())
    begun = datetime.now(UTC).isoformat(timespec="seconds")
    done = asyncio.run(in_turn([lived(folder / name) for name in about["graphs"]]))
    graphs = {}
    for name, took in done:
        p = about["graphs"][name]
        p95 = quantile(took, Q)
        prediction = Prediction(p["p95"], p["low"], p["high"])
        graphs[name] = {
            **p, "lived": round(p95, 5), "n": len(took), "hit": p["low"] <= p95 <= p["high"],
            "score": round(interval_score(prediction, p95), 5),
        }  # fmt: skip
    write(
        folder,
        {
            "begun": begun,
            "predicted": about["predicted"],
            "residual": about["residual"],
            "machine load": os.getloadavg()[0],
        },
        graphs,
    )


def write(folder: Path, about: dict, graphs: dict) -> None:
    hits, n = sum(g["hit"] for g in graphs.values()), len(graphs)
    ratios = sorted(g["high"] / g["low"] for g in graphs.values())
    misses = [math.log(g["lived"] / g["p95"]) for g in graphs.values()]
    noise = sum(g["inputs"] + g["run"] for g in graphs.values()) / n
    summary = {
        **about, "graphs": n, "hits": hits,
        "coverage": [round(f(hits, n, level=0.95), 3) for f in (statistics.share_lower, statistics.share_upper)],
        "median upper over lower": round(quantile(ratios, 0.5), 3),
        "mean of log(run / predicted)": round(sum(misses) / n, 4),
        "residual that would have fitted": round(math.sqrt(max(0.0, sum(m * m for m in misses) / n - noise)), 4),
    }  # fmt: skip
    (folder / "runs.json").write_text(json.dumps({**summary, "runs": graphs}, indent=1) + "\n")
    for name, g in sorted(graphs.items(), key=lambda entry: entry[1]["hit"]):
        print("●" if g["hit"] else "✖", name, f"{g['low']:.3f}–{g['high']:.3f} s, lived {g['lived']:.3f} s of {g['n']}")
    print(json.dumps(summary, indent=1))


def evidence(folder: Path) -> None:
    """How many predictions held, as a record that the judge reads; misses count as they are."""
    told = json.loads((folder / "runs.json").read_text())
    hits = sum(g["hit"] for g in told["runs"].values())
    record = {
        "schema": "upheld/evidence/v1", "indicator": "prediction.inside", "stage": "build", "subject": "",
        "statistic": {"kind": "share", "n": len(told["runs"]), "good": hits}, "observed": told["begun"],
        "conditions": {"machine load": told["machine load"]}, "producer": {"tool": "benchmarks/graphs.py"},
    }  # fmt: skip
    results = Path(__file__).parent / "results" / "prediction.inside.json"
    results.write_text(json.dumps(record, indent=1) + "\n")


def main() -> None:
    match sys.argv[1:]:
        case ["serve", file, seed]:
            asyncio.run(service(json.loads(Path(file).read_text()), int(seed)))
        case ["load", port, rate, seed]:
            print(json.dumps([round(t, 6) for t in asyncio.run(load(int(port), float(rate), int(seed)))]))
        case ["predict", folder, seed, count]:
            predict(Path(folder), int(seed), int(count))
        case ["run", folder]:
            run(Path(folder))
        case ["evidence", folder]:
            evidence(Path(folder))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
