"""Can a design answer in time? Its predicted quantile with an interval, where it saturates, and what to change first.

Percentiles are never added: the closed forms give loads, waits and the fewest workers; every quantile comes from
simulated requests.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from upheld.core import queueing
from upheld.core.evidence import Prediction
from upheld.core.network import (
    Background,
    Cached,
    Chain,
    Network,
    Node,
    Outcome,
    Parallel,
    Step,
    demand,
    is_plain,
    quantile,
    visits,
)
from upheld.core.prediction import Spread, interval, spread
from upheld.core.sampling import Chance

Simulate = Callable[[Network, int, Chance], Outcome]
Dice = Callable[[int], Chance]  # a seed gives its own, reproducible source of chance
Tell = Callable[[int, int], object]  # how many simulations are done, of how many

PAIRS = 40  # pairs of simulations: the standard deviation of the inputs is known to about 11 %
REQUESTS = 6_000  # of one simulation, where the later run is longer than that
CLOCKED = 2_000  # of one on one clock, which takes ten times as long
CLOCKED_PAIRS = 16  # of those
OVERLOADED = 5  # pairs where the line grows without end: whole runs, whose noise is small beside the growth
WARM_UP = 0.1  # of a simulation with a steady state, left aside
USUAL_USE = 0.7  # of workers: above it waits grow quickly
PROBES = 3  # simulations of one question about a changed design
STEP_CHANGE = 0.2
MOST_WORKERS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is promised of the design, and how the later run will measure it."""

    q: float | None  # the quantile; None: the mean
    target: float  # seconds
    seconds: float  # of the later run
    residual: float  # standard deviation of the logarithm by which such models have missed before
    batch: bool = False  # a batch is the event, and its time ends with its last request

    def of(self, outcome: Outcome, *, steady: bool) -> float:
        """The promised number of one simulation; infinite when failures reach into it."""
        values: Sequence[float] = outcome.latency
        if self.batch:
            last: dict[float, float] = {}
            for arrived, latency in zip(outcome.arrived, outcome.latency, strict=True):
                last[arrived] = max(last.get(arrived, 0.0), latency)
            values = list(last.values())
        elif steady:
            values = values[int(len(values) * WARM_UP) :]
        return math.fsum(values) / len(values) if self.q is None else quantile(values, self.q)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One station under the promised load."""

    station: str
    workers: int | None
    load: float  # Erlangs: how many workers are busy on average
    wait: float  # mean seconds in line; infinite without a steady state
    fewest: int  # workers below which the line grows without end
    comfortable: int  # workers at 70 % use

    @property
    def use(self) -> float | None:
        """The share of the workers' time that is asked for; above 1 it cannot be given."""
        return None if self.workers is None else self.load / self.workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """What the promised number becomes when one thing is 20 % less or 20 % more."""

    name: str
    less: float
    more: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Everything that is predicted of one design under one load."""

    quantiles: Mapping[float, Prediction]  # 0.5, 0.95, 0.99 and the promised one, seconds; finite ones only
    promised: Prediction | None  # None: failures reach into the promised quantile
    spread: Spread | None
    failing: float  # the share of simulated requests that fail
    in_flight: float  # mean number of requests under way
    loads: tuple[Load, ...]
    saturation: float  # requests a second at which the first station has no steady state; infinite without limits
    bottleneck: str
    steady: bool
    workers: Mapping[str, int | None]  # per station the fewest that keep the promise; None: no number does
    levers: tuple[Lever, ...]  # the strongest first
    assumed: tuple[str, ...]  # steps whose time is stated, not measured
    requests: int  # simulated in all
    shape: tuple[float, ...]  # every hundredth of the simulated latencies, for the picture


def loads(network: Network) -> tuple[Load, ...]:
    """The closed forms, station by station: offered load, mean wait, fewest workers."""
    found = []
    rate = network.arrivals.rate
    for station, (often, mean, variance) in demand(network).items():
        workers = network.stations.get(station)
        load = rate * often * mean
        wait = 0.0 if workers is None else queueing.mgc_wait(workers, rate * often, mean, variance)
        found.append(
            Load(
                station=station, workers=workers, load=load, wait=wait, fewest=queueing.fewest(load),
                comfortable=queueing.at_use(load, USUAL_USE),
            )
        )  # fmt: skip
    return tuple(found)


def saturation(network: Network) -> tuple[float, str]:
    """The arrival rate at which the first station has no steady state, and which station that is."""
    found = (math.inf, "")
    for station, (often, mean, _) in demand(network).items():
        workers = network.stations.get(station)
        if workers is not None and often * mean > 0:
            found = min(found, (workers / (often * mean), station))
    return found


def forecast(
    network: Network, question: Question, *, simulate: Simulate, dice: Dice, tell: Tell, explain: bool = True
) -> Forecast:
    """Predict, with an interval over the inputs, the model's own misses and the noise of the later run (rule 14).

    Without `explain` nobody asks which workers would be enough and what to attack first, which costs as much again.
    """
    rate, station = saturation(network)
    steady = network.arrivals.rate < rate
    later = max(1.0, network.arrivals.rate * question.seconds)  # requests of the later run
    n = _size(network, later, steady=steady, batch=question.batch)
    pairs = (PAIRS if is_plain(network) else CLOCKED_PAIRS) if steady else OVERLOADED
    asked = sorted({0.5, 0.95, 0.99, *(() if question.q is None else (question.q,))})
    found: dict[float | None, list[tuple[float, float]]] = {q: [] for q in (*asked, question.q)}
    failed = total = 0
    flying: list[float] = []
    everything: Sequence[float] = ()
    for i in range(pairs):
        chance = dice(i)
        drawn = _another(network, chance)
        outcomes = [simulate(drawn, n, chance) for _ in range(2)]
        for outcome in outcomes:
            answered = [value for value in outcome.latency if math.isfinite(value)]
            failed, total = failed + len(outcome.latency) - len(answered), total + len(outcome.latency)
            everything = everything or outcome.latency  # one simulation shows the shape
            if answered:
                flying.append(network.arrivals.rate * math.fsum(answered) / len(answered))
        for q, told in found.items():
            one, two = (replace(question, q=q).of(outcome, steady=steady) for outcome in outcomes)
            told.append((one, two))
        tell(i + 1, pairs)
    shrink = n / max(n, later)
    quantiles, promised, width = {}, None, None
    for q, told in found.items():
        if all(0 < value < math.inf for both in told for value in both):
            middle, reach = spread(told, shrink=shrink, residual=question.residual)
            predicted = interval(middle, reach)
            if q is not None:
                quantiles[q] = predicted
            if q == question.q:
                promised, width = predicted, reach
    return Forecast(
        quantiles=quantiles, promised=promised, spread=width, failing=failed / total,
        in_flight=math.fsum(flying) / len(flying) if flying else 0.0, loads=loads(network), saturation=rate,
        bottleneck=station, steady=steady,
        workers=_enough(network, question, simulate, dice) if explain else {},
        levers=_levers(network, question, simulate, dice) if explain else (),
        assumed=tuple(dict.fromkeys(v.step.id for v in visits(network.root) if not v.step.time.measured)),
        requests=total, shape=_shape(everything),
    )  # fmt: skip


def _shape(values: Sequence[float]) -> tuple[float, ...]:
    ordered = sorted(values)
    return tuple(ordered[min(len(ordered) - 1, i * len(ordered) // 100)] for i in range(101))


def _size(network: Network, later: float, *, steady: bool, batch: bool) -> int:
    if network.arrivals.batch:
        batches = max(1, min(20, round(later / network.arrivals.batch)))
        return network.arrivals.batch * (batches if batch else max(2, batches))
    most = REQUESTS if is_plain(network) else CLOCKED
    return round(min(later, most if steady else 20 * most)) if later > 1 else 1


def _probe(network: Network, question: Question, simulate: Simulate, dice: Dice) -> float:
    """The promised number of a changed design, by the same chance for every change."""
    steady = network.arrivals.rate < saturation(network)[0]
    n = _size(network, network.arrivals.rate * question.seconds, steady=True, batch=question.batch)
    values = [question.of(simulate(network, n, dice(i)), steady=steady) for i in range(PROBES)]
    return math.fsum(values) / len(values)


def _enough(network: Network, question: Question, simulate: Simulate, dice: Dice) -> dict[str, int | None]:
    """Per station with a limit, the fewest workers there that keep the promise, the others as they are."""
    found: dict[str, int | None] = {}
    for load in loads(network):
        if load.workers is None:
            continue

        def keeps(workers: int, station: str = load.station) -> bool:
            return _probe(network.staffed(station, workers), question, simulate, dice) <= question.target

        unlimited = replace(network, stations={**network.stations, load.station: None})
        if _probe(unlimited, question, simulate, dice) > question.target:
            found[load.station] = None
            continue
        low, high = load.fewest - 1, max(1, load.fewest)
        while not keeps(high):
            low, high = high, high + max(1, high // 8)
            if high > MOST_WORKERS:
                break
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if keeps(middle) else (middle, high)
        found[load.station] = high if high <= MOST_WORKERS else None
    return found


def _levers(network: Network, question: Question, simulate: Simulate, dice: Dice) -> tuple[Lever, ...]:
    """Every step 20 % faster or slower, arrivals 20 % fewer or more; what can gain most stands first."""
    changes: dict[str, Callable[[float], Network]] = {}
    for visit in visits(network.root):
        changes[visit.step.id] = lambda f, name=visit.step.id: replace(network, root=_changed(network.root, name, f))  # type: ignore[misc]
    if not network.arrivals.batch:
        changes["arrivals"] = lambda f: network.at(network.arrivals.rate * f)
    found = []
    for name, change in changes.items():
        less, more = (_probe(change(f), question, simulate, dice) for f in (1 - STEP_CHANGE, 1 + STEP_CHANGE))
        found.append(Lever(name=name, less=less, more=more))
    return tuple(sorted(found, key=lambda lever: (lever.less, -lever.more)))


def _changed(node: Node, name: str, factor: float) -> Node:
    """The graph with one step's time times a factor."""
    match node:
        case Step():
            return replace(node, time=node.time.scaled(factor)) if node.id == name else node
        case Chain(nodes):
            return Chain(tuple(_changed(inner, name, factor) for inner in nodes))
        case Parallel(branches):
            return Parallel(tuple(_changed(inner, name, factor) for inner in branches))
        case Cached():
            time = node.time.scaled(factor) if node.id == name else node.time
            return replace(node, time=time, miss=_changed(node.miss, name, factor))
        case Background(inner):
            return Background(_changed(inner, name, factor))


def _another(network: Network, chance: Chance) -> Network:
    """The design with every time as it might have been known."""
    return replace(network, root=_redrawn(network.root, chance))


def _redrawn(node: Node, chance: Chance) -> Node:
    match node:
        case Step():
            return replace(node, time=node.time.another(chance))
        case Chain(nodes):
            return Chain(tuple(_redrawn(inner, chance) for inner in nodes))
        case Parallel(branches):
            return Parallel(tuple(_redrawn(inner, chance) for inner in branches))
        case Cached():
            return replace(node, time=node.time.another(chance), miss=_redrawn(node.miss, chance))
        case Background(inner):
            return Background(_redrawn(inner, chance))
