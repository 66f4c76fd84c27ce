"""Write the sample evidence of `upheld demo`: stated log-normal latencies, counted in 2 % buckets, fixed seed.

    .venv/bin/python scripts/sample.py

Every record names this script as its producer: it is sample data, and says so wherever it is shown.
"""

import json
import math
import random
from pathlib import Path
from typing import Any

from upheld.core.distributions import normal_cdf
from upheld.core.evidence import GROWTH, SCHEMA, content_id

SAMPLE = Path(__file__).parent.parent / "src" / "upheld" / "sample"
PRODUCER = {"tool": "sample", "note": "scripts/sample.py"}
P95 = 1.6448536269514722

# bank: requests in 30 days, p95 in seconds
BANKS = {
    "northbank": (9_800_000, 0.71), "harbourtrust": (7_400_000, 0.69), "meridian": (6_900_000, 0.74),
    "alpenbank": (4_300_000, 0.66), "iberunion": (3_100_000, 0.72), "deltafinance": (2_900_000, 0.70),
    "fjordbank": (2_300_000, 0.63), "civicsavings": (1_900_000, 0.68), "eastcredit": (1_200_000, 0.95),
    "lakeside": (760_000, 0.61), "granitemutual": (410_000, 0.88), "oakvale": (230_000, 0.73),
}  # fmt: skip
SIGMA = 0.35


def cells(n: int, p95: float, sigma: float = SIGMA, failures: int = 0) -> dict[str, Any]:
    """N requests, log-normal with this 95th percentile, in 2 % buckets; exact counts at 1 s and at 0.8 s."""
    mu = math.log(p95) - P95 * sigma
    answered = n - failures

    def below(value: float) -> int:
        return round(answered * normal_cdf((math.log(value) - mu) / sigma))

    low, high = (math.floor((mu + k * sigma) / math.log(GROWTH)) for k in (-4.5, 4.5))
    counted, found = 0, []
    for index in range(low, high + 1):
        upper = GROWTH**index
        upto = answered if index == high else below(upper)
        if upto > counted:
            found.append([GROWTH ** (index - 1), upper, upto - counted])
            counted = upto
    good = {"0.8": [below(0.8)] * 2, "1.0": [below(1.0)] * 2}
    return {"kind": "quantile", "unit": "s", "n": n, "failures": failures, "cells": found, "good": good}


def series(seconds: int, width: int, rate: float, p95: float, seed: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Time buckets whose 95th percentile wanders a little (AR(1), 4 %), and their sum."""
    noise = random.Random(seed)  # noqa: S311  # sample data, no secret
    swing = 0.0
    buckets: list[dict[str, Any]] = []
    for at in range(0, seconds, width):
        swing = 0.6 * swing + noise.gauss(0, 0.03)
        buckets.append({"at": at, "seconds": width, "statistic": cells(round(rate * width), p95 * math.exp(swing))})
    total: dict[tuple[float, float], int] = {}
    good = {"0.8": 0, "1.0": 0}
    n = 0
    for bucket in buckets:
        n += bucket["statistic"]["n"]
        for lower, upper, count in bucket["statistic"]["cells"]:
            total[lower, upper] = total.get((lower, upper), 0) + count
        for limit in good:
            good[limit] += bucket["statistic"]["good"][limit][0]
    merged = [[lower, upper, count] for (lower, upper), count in sorted(total.items())]
    whole = {"kind": "quantile", "unit": "s", "n": n, "failures": 0, "cells": merged}
    return buckets, {**whole, "good": {limit: [count] * 2 for limit, count in good.items()}}


def counted(buckets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same buckets with their counts alone: the histogram of the whole tells the values."""
    return [b | {"statistic": {k: v for k, v in b["statistic"].items() if k != "cells"}} for b in buckets]


def record(name: str, stage: str, statistic: dict[str, Any], **more: object) -> None:
    """Write one evidence record; its id is printed so that a change is seen in review."""
    document = {"schema": SCHEMA, "indicator": "insight.latency", "stage": stage, "statistic": statistic,
                "producer": PRODUCER, **more}  # fmt: skip
    path = SAMPLE / "evidence" / f"{name}.json"
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{name:<28} {content_id(document)[:19]} {path.stat().st_size:>8,} bytes")


def main() -> None:
    """Write all records."""
    window = {"from": "2026-10-23T07:00:00Z", "to": "2026-11-22T07:00:00Z"}
    predicted = {"kind": "prediction", "unit": "s"}
    record("design-synchronous", "design", {**predicted, "value": 17.9, "low": 15.2, "high": 20.6},
           observed="2026-10-28T09:00:00Z", run="synchronous")  # fmt: skip
    record("design-two-tier", "design", {**predicted, "value": 0.76, "low": 0.62, "high": 0.91},
           observed="2026-11-02T09:00:00Z", run="two-tier")  # fmt: skip
    buckets, whole = series(600, 10, 200, 0.87, seed=7)
    record("build-42", "build", whole, series=buckets, subject="build:42", environment="staging", run="load-8123",
           window={"from": "2026-11-14T10:00:00Z", "to": "2026-11-14T10:10:00Z"},
           conditions={"offered": 200, "completed": 200, "seconds": 600})  # fmt: skip
    minutes, whole = series(600, 60, 40, 1.19, seed=41)
    record("release-41", "release", whole, series=counted(minutes), subject="build:41", run="rollout-0041",
           environment="production", window={"from": "2026-11-14T13:00:00Z", "to": "2026-11-14T13:10:00Z"})  # fmt: skip
    minutes, whole = series(2040, 60, 40, 0.89, seed=42)
    record("release-42", "release", whole, series=counted(minutes), subject="build:42", run="rollout-0042",
           environment="production", window={"from": "2026-11-15T09:00:00Z", "to": "2026-11-15T09:34:00Z"})  # fmt: skip
    for bank, (n, p95) in BANKS.items():
        record(f"production-{bank}", "production", cells(n, p95, failures=round(n * 2e-4)),
               population={"customer": bank}, window=window, environment="production")  # fmt: skip


if __name__ == "__main__":
    main()
