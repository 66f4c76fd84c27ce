"""Requests of a load test, one at a time: gathered in slices of time, and told as latency and answered share.

Whatever form the requests were written in, they are counted here: exact times up to a number, then 2 % buckets with
exact counts at the thresholds; slices of ten seconds, so that the judge sees how they hang together (rule 3).
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain

from upheld.core.evidence import Bucket, Cell, Evidence, Quantile, Share, Split, bucket, distribution
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.timing import LATENCY, OK

SLICE = 10.0  # seconds of one bucket of the series (rule 3)
MOST_SLICES = 8_640  # a day; a longer run is judged without its series
MOST_EXACT = 20_000  # samples of a group above which its series keeps 2 % buckets instead of single values
MOST_REQUESTS = 500  # names of requests; more are addresses that carry parameters
MOST_CUSTOMERS = 10_000
TRANSACTION = "Number of samples in transaction"  # JMeter sums up the samples above, or inside, such a one


@dataclass(slots=True)
class _Slice:
    """The requests of one group that began in one slice of time."""

    values: "array[float]" = field(default_factory=lambda: array("d"))
    failures: int = 0


_Slices = dict[int, _Slice]
_Key = tuple[str, str]  # request, customer


@dataclass(slots=True, kw_only=True)
class Run:
    """All requests: the times per request, customer and slice, when they began and ended, and what the report tells."""

    unit: str  # the unit in which the report writes times
    tells_failures: bool = True
    scheduled: bool = False  # it says when requests should have begun
    timed: bool = True  # it says when requests began
    zoneless: bool = False  # its times name no zone
    names: dict[str, str] = field(default_factory=dict)  # of requests
    groups: dict[_Key, _Slices] = field(default_factory=dict)
    n: int = 0
    failures: int = 0
    transactions: int = 0
    lag: float = 0.0
    starts: "array[float]" = field(default_factory=lambda: array("d"))
    ends: "array[float]" = field(default_factory=lambda: array("d"))


def add(run: Run, start: float, value: float, *, request: str = "", customer: str = "", failed: bool = False) -> None:
    """Count one request that began at `start` and took `value` seconds; a failed one took no known time."""
    if request:
        request = (
            run.names.setdefault(request, request) if len(run.names) <= MOST_REQUESTS else run.names.get(request, "")
        )
    key = request, customer
    run.n += 1
    run.failures += failed
    run.starts.append(start)
    run.ends.append(start + value)
    at = math.floor((start - run.starts[0]) / SLICE)
    group = run.groups.get(key)
    if group is None:
        if len(run.groups) >= MOST_CUSTOMERS * 2:
            raise Unreadable(f"names more than {MOST_CUSTOMERS} customers or requests")
        group = run.groups[key] = {}
    piece = group.get(at)
    if piece is None:
        piece = group[at] = _Slice()
    if failed:
        piece.failures += 1
    else:
        piece.values.append(value)


# ── Evidence ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def evidence(file: Intake, run: Run) -> list[Evidence]:
    """All requests together and each by name; apart by customer where there are customers, who add up to all."""
    if len(run.names) > MOST_REQUESTS:
        file.notes.append(f"more than {MOST_REQUESTS} names of requests: only all together are shown")
        run.groups = {("", customer): s for customer, s in _by_customer(run.groups)}
    if run.transactions:
        file.notes.append(f"{run.transactions} JMeter transactions left out: their requests are counted")
    if run.lag:
        file.notes.append(f"latency counts from the scheduled start; requests began up to {run.lag:.3g} s late")
    if not run.tells_failures:
        file.notes.append("no column says which requests failed: all count as answered")
    known = _window(run)
    first = min(at for group in run.groups.values() for at in group)
    timed = run.timed and max(run.starts) > min(run.starts)
    requests = sorted({request for request, _ in run.groups} - {""})
    found: list[Evidence] = []
    for request in ("", *requests):
        chosen = {key: s for key, s in run.groups.items() if request in ("", key[0])}
        for customer, slices in _by_customer(chosen):
            population = ({"request": request} if request else {}) | ({"customer": customer} if customer else {})
            found += _records(file, run, slices, first=first if timed else None, population=population, known=known)
    return found


def _by_customer(groups: Mapping[_Key, _Slices]) -> list[tuple[str, _Slices]]:
    """The slices of each customer, over all its requests."""
    merged: dict[str, _Slices] = {}
    for (_, customer), slices in groups.items():
        mine = merged.setdefault(customer, {})
        for at, piece in slices.items():
            known = mine.setdefault(at, _Slice())
            known.values.extend(piece.values)
            known.failures += piece.failures
    return sorted(merged.items())


def _records(
    file: Intake,
    run: Run,
    slices: _Slices,
    *,
    first: int | None,
    population: Mapping[str, str],
    known: Mapping[str, object],
) -> list[Evidence]:
    """Latency and answered share of one group; `first` is the first slice of the run, None where time is not known."""
    values = array("d", chain.from_iterable(piece.values for piece in slices.values()))
    failures = sum(piece.failures for piece in slices.values())
    n = len(values) + failures
    limits = sorted(file.request.thresholds.get(LATENCY, ()))
    latency: list[Bucket] = []
    answered: list[Bucket] = []
    if first is not None and max(slices) - first < MOST_SLICES:
        for at, piece in sorted(slices.items()):
            offset, size = (at - first) * SLICE, len(piece.values) + piece.failures
            exact = n <= MOST_EXACT
            summary = distribution if exact else _bucketed
            latency.append(Bucket(offset, SLICE, summary(piece.values, failures=piece.failures, thresholds=limits)))
            answered.append(Bucket(offset, SLICE, Share(size, len(piece.values))))
    whole = distribution(values, failures=failures, thresholds=limits)
    found = [file.evidence(LATENCY, whole, unit=run.unit, population=dict(population), series=tuple(latency), **known)]
    if run.tells_failures:
        share = Share(n, len(values))
        found.append(file.evidence(OK, share, population=dict(population), series=tuple(answered), **known))
    return found


def _bucketed(values: Sequence[float], *, failures: int, thresholds: Sequence[float]) -> Quantile:
    """Values in 2 % buckets with exact counts at the thresholds; small even where many values are exact."""
    ordered = sorted(values)
    cells = []
    at = 0
    while at < len(ordered):
        lower, upper = bucket(ordered[at])
        end = max(at + 1, bisect_right(ordered, upper))
        cells.append(Cell(lower, upper, end - at))
        at = end
    splits = tuple(Split(t, bisect_left(ordered, t), bisect_right(ordered, t)) for t in thresholds)
    return Quantile(len(ordered) + failures, tuple(cells), failures, splits)


def _window(run: Run) -> dict[str, object]:
    """When the run was, how long, and the load of the whole service that it offered and completed (rule 5)."""
    if not run.timed:
        return {}
    begin, last, end = min(run.starts), max(run.starts), max(run.ends)
    if end <= begin:
        return {}
    conditions: dict[str, float | str] = {"seconds": end - begin}
    if run.n > 1 and last > begin:
        conditions["completed"] = _rate(run.ends)
        if run.scheduled:
            conditions["offered"] = (run.n - 1) / (last - begin)
    known: dict[str, object] = {"conditions": conditions}
    if begin > 1e8 and end < 1e11 and not run.zoneless:
        known |= {"start": datetime.fromtimestamp(begin, UTC), "end": datetime.fromtimestamp(end, UTC)}
    return known


def _rate(ends: Sequence[float]) -> float:
    """Requests completed per second, between the first and the last hundredth: one straggler is no low load."""
    ordered = sorted(ends)
    skip = len(ordered) // 100
    first, last = skip, len(ordered) - 1 - skip
    span = ordered[last] - ordered[first]
    return (last - first) / span if span > 0 else float(len(ordered))
