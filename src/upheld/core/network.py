"""A design as a graph of steps at stations with workers, and what becomes of requests that go through it.

Steps follow each other, run beside each other, are answered from a cache, or go on in the background while the caller
leaves. Workers serve first come, first served. Times are in seconds.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heapreplace

from upheld.core.sampling import Chance, Time, poisson


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One piece of work at one station."""

    id: str
    time: Time
    station: str = ""  # empty: it waits for nobody
    fails: float = 0.0  # the share of attempts that fail
    timeout: float | None = None  # how long the caller waits for one attempt
    retries: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """One after the other."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Parallel:
    """All at once; the slowest decides."""

    branches: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cached:
    """A share `hit` of requests is answered from a cache in `time`, the others go through `miss`."""

    id: str
    hit: float
    time: Time
    miss: "Node"


@dataclass(frozen=True, slots=True)
class Background:
    """Started and not waited for; its stations are loaded all the same."""

    node: "Node"


Node = Step | Chain | Parallel | Cached | Background


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """How requests come: at random or evenly at a rate, or in batches."""

    rate: float  # a second; of a batch: its size over its period
    regular: bool = False
    batch: int = 0
    every: float = 0.0

    def times(self, chance: Chance, n: int) -> list[float]:
        """When the first `n` requests arrive, in order; whole batches."""
        if self.batch:
            return [every * self.every for every in range(max(1, n // self.batch)) for _ in range(self.batch)]
        if self.regular:
            return [i / self.rate for i in range(n)]
        return poisson(chance, self.rate, n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Stations with their workers (None: as many as are needed), the steps of a request, and how requests come."""

    stations: Mapping[str, int | None] = field(default_factory=dict)
    root: Node
    arrivals: Arrivals

    def at(self, rate: float) -> "Network":
        """The same design under another arrival rate."""
        return replace(self, arrivals=replace(self.arrivals, rate=rate))

    def staffed(self, station: str, workers: int) -> "Network":
        """The same design with other workers at one station."""
        return replace(self, stations={**self.stations, station: workers})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of simulated requests, in the order of arrival."""

    arrived: Sequence[float]
    latency: Sequence[float]  # infinite for a failed request
    busy: Mapping[str, float]  # seconds of work per station

    @property
    def span(self) -> float:
        """Seconds from the first arrival to the last."""
        return self.arrived[-1] - self.arrived[0]


@dataclass(frozen=True, slots=True)
class Visit:
    """A step as one request meets it on average: how often, counting caches and retries."""

    step: Step
    times: float


def visits(node: Node, share: float = 1.0) -> Iterator[Visit]:
    """Every step with how often a request comes by."""
    match node:
        case Step():
            attempts = (1 - node.fails ** (node.retries + 1)) / (1 - node.fails) if node.fails < 1 else 1 + node.retries
            yield Visit(node, share * attempts)
        case Chain(nodes) | Parallel(nodes):
            for inner in nodes:
                yield from visits(inner, share)
        case Cached():
            yield Visit(Step(id=node.id, time=node.time), share * node.hit)
            yield from visits(node.miss, share * (1 - node.hit))
        case Background(inner):
            yield from visits(inner, share)


def demand(network: Network) -> dict[str, tuple[float, float, float]]:
    """Per station: how many visits a request makes, and mean and variance of the time of one visit."""
    found: dict[str, list[Visit]] = {}
    for visit in visits(network.root):
        if visit.step.station:
            found.setdefault(visit.step.station, []).append(visit)
    totals = {}
    for station, parts in found.items():
        often = sum(part.times for part in parts)
        if not often:
            continue
        mean = sum(part.times * part.step.time.mean for part in parts) / often
        square = sum(part.times * (part.step.time.variance + part.step.time.mean**2) for part in parts) / often
        totals[station] = (often, mean, max(0.0, square - mean * mean))
    return totals


def is_plain(network: Network) -> bool:
    """Whether every station with a limit is visited at one place only, without retries or timeouts.

    Then stations can be worked off one after the other, which is exact and ten times as quick as one clock for all.
    """
    steps = [visit.step for visit in visits(network.root)]
    limited = [step.station for step in steps if network.stations.get(step.station) is not None]
    return len(limited) == len(set(limited)) and all(step.timeout is None and not step.retries for step in steps)


def simulate(network: Network, n: int, chance: Chance) -> Outcome:
    """Send `n` requests through a plain network; the caller has asked `is_plain`."""
    walk = _Walk(network.stations, chance)
    arrived = network.arrivals.times(chance, n)
    ends = walk.node(network.root, arrived)
    return Outcome(arrived=arrived, latency=[b - a for a, b in zip(arrived, ends, strict=True)], busy=walk.busy)


class _Walk:
    """One simulation: every node turns the times at which requests come to it into those at which they leave."""

    def __init__(self, stations: Mapping[str, int | None], chance: Chance) -> None:
        self.stations, self.chance = stations, chance
        self.busy: dict[str, float] = {}

    def node(self, node: Node, starts: list[float]) -> list[float]:
        match node:
            case Step():
                return self.step(node, starts)
            case Chain(nodes):
                for inner in nodes:
                    starts = self.node(inner, starts)
                return starts
            case Parallel(branches):
                return list(map(max, *(self.node(branch, starts) for branch in branches), starts))
            case Cached():
                return self.cached(node, starts)
            case Background(inner):
                self.node(inner, starts)
                return starts

    def cached(self, node: Cached, starts: list[float]) -> list[float]:
        draw, hit = self.chance.random, node.hit
        hits = [draw() < hit for _ in starts]
        quick = node.time.draws(self.chance, sum(hits))
        missed = iter(self.node(node.miss, [start for start, known in zip(starts, hits, strict=True) if not known]))
        found = iter(quick)
        return [start + next(found) if known else next(missed) for start, known in zip(starts, hits, strict=True)]

    def step(self, step: Step, starts: list[float]) -> list[float]:
        n = len(starts)
        services = step.time.draws(self.chance, n)
        workers = self.stations.get(step.station)
        self.busy[step.station] = self.busy.get(step.station, 0.0) + sum(services)
        ends = _serve(starts, services, workers) if workers else [a + b for a, b in zip(starts, services, strict=True)]
        if step.fails:
            draw, share = self.chance.random, step.fails
            return [math.inf if draw() < share else end for end in ends]
        return ends


def _serve(starts: list[float], services: list[float], workers: int) -> list[float]:
    """First come, first served by `workers`: each request takes the worker that is free first."""
    order = sorted(range(len(starts)), key=starts.__getitem__)
    ends = [0.0] * len(starts)
    infinite = math.inf
    if workers == 1:
        free = 0.0
        for i in order:
            start = starts[i]
            if start == infinite:  # failed before: it does not come by, and its draw is not used
                ends[i] = infinite
                continue
            ends[i] = free = (max(free, start)) + services[i]
        return ends
    idle = [0.0] * min(workers, max(1, len(starts)))
    heapify(idle)
    for i in order:
        start = starts[i]
        if start == infinite:
            ends[i] = infinite
            continue
        first = idle[0]
        end = (max(first, start)) + services[i]
        heapreplace(idle, end)
        ends[i] = end
    return ends


def quantile(values: Sequence[float], q: float) -> float:
    """The smallest value that at least a share `q` does not exceed (inverted CDF, as rule 1 shows it)."""
    ordered = sorted(values)
    rank = math.ceil(q * len(ordered) - 1e-9)
    return ordered[min(max(rank, 1), len(ordered)) - 1]
