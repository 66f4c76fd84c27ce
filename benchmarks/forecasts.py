"""What predicting costs: simulated requests, and the back-test of a history.

python benchmarks/forecasts.py requests N          N requests through five plain stations, first come, first served
python benchmarks/forecasts.py make FOLDER N       a repository of N commits over fifteen years
python benchmarks/forecasts.py history FOLDER      ask git, count by week, forecast the past
python benchmarks/forecasts.py closed N            N times the closed forms of a station of 300 workers, in seconds each
"""

import json
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from upheld.core import queueing
from upheld.core.forecast import back_test
from upheld.core.network import Arrivals, Chain, Network, Step, simulate
from upheld.core.sampling import lognormal
from upheld.sources import history

YEARS = 15 * 365 * 86400


def requests(n: int) -> None:
    steps = tuple(Step(id=f"s{i}", station=f"s{i}", time=lognormal(0.02, 0.06)) for i in range(5))
    network = Network(stations={step.station: 8 for step in steps}, root=Chain(steps), arrivals=Arrivals(rate=220))
    print(len(simulate(network, n, random.Random(1)).latency))


def make(folder: Path, n: int) -> None:
    chance = random.Random(1)
    at = sorted(1_300_000_000 + int(YEARS * chance.betavariate(1.2, 1.6)) for _ in range(n))
    lines = ["blob\nmark :1\ndata 2\nx\n"]
    lines += [
        f"commit refs/heads/main\ncommitter bench <bench@example.com> {stamp} +0000\ndata 1\nx\nM 100644 :1 f{i % 50}\n"
        for i, stamp in enumerate(at)
    ]
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input="\n".join(lines).encode(), check=True)


def past(folder: Path) -> None:
    weeks = history.per_week(
        history.commits(folder, until=datetime(2030, 1, 1, tzinfo=UTC)), until=datetime(2026, 1, 1, tzinfo=UTC).date()
    )
    found = back_test(weeks, random.Random(1))
    print(json.dumps({"commits": sum(weeks), "weeks": len(weeks), "forecasts": len(found.past)}))


def closed(n: int) -> None:
    began = time.process_time()
    for i in range(n):
        queueing.mmc_wait(300, 200 + i % 90, 1.0)
        queueing.mmc_quantile(300, 200 + i % 90, 1.0, 0.95)
    print((time.process_time() - began) / n)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["requests", n]:
            requests(int(n))
        case ["make", folder, n]:
            make(Path(folder), int(n))
        case ["history", folder]:
            past(Path(folder))
        case ["closed", n]:
            closed(int(n))
        case _:
            sys.exit(__doc__)
