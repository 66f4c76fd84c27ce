"""Networks on one clock, with simpy: shared stations, timeouts, retries.

A caller that gives up while it waits in line leaves the line. One that gives up while it is served leaves a worker who
finishes all the same, as servers do. A retry begins at once.
"""

import math
from collections.abc import Generator
from typing import Any

import simpy

from upheld.core.network import Background, Cached, Chain, Network, Node, Outcome, Parallel, Step
from upheld.core.sampling import Chance, Time

Process = Generator[simpy.Event, Any, bool]
AT_ONCE = 256  # draws of one distribution: a list is drawn much quicker than its members


def simulate(network: Network, n: int, chance: Chance) -> Outcome:
    """Send `n` requests through any network; what fails for good has an infinite latency."""
    return _Clock(network, chance).run(n)


class _Clock:
    def __init__(self, network: Network, chance: Chance) -> None:
        self.network, self.chance = network, chance
        self.env = simpy.Environment()
        self.stations = {
            name: simpy.Resource(self.env, workers) for name, workers in network.stations.items() if workers
        }
        self.busy: dict[str, float] = {}
        self.ready: dict[int, list[float]] = {}

    def run(self, n: int) -> Outcome:
        arrived = self.network.arrivals.times(self.chance, n)
        latency = [math.inf] * len(arrived)

        def request(i: int) -> Generator[simpy.Event, Any, None]:
            if (yield from self.node(self.network.root)):
                latency[i] = self.env.now - arrived[i]

        def source() -> Generator[simpy.Event, Any, None]:
            for i, at in enumerate(arrived):
                if at > self.env.now:
                    yield self.env.timeout(at - self.env.now)
                self.env.process(request(i))

        self.env.process(source())
        self.env.run()
        return Outcome(arrived=arrived, latency=latency, busy=self.busy)

    def draw(self, time: Time) -> float:
        ready = self.ready.get(id(time))
        if not ready:
            ready = self.ready[id(time)] = time.draws(self.chance, AT_ONCE)
        return ready.pop()

    def node(self, node: Node) -> Process:
        match node:
            case Step():
                return (yield from self.step(node))
            case Chain(nodes):
                for inner in nodes:
                    if not (yield from self.node(inner)):
                        return False
                return True
            case Parallel(branches):
                running = [self.env.process(self.node(branch)) for branch in branches]
                yield self.env.all_of(running)
                return all(process.value for process in running)
            case Cached():
                if self.chance.random() < node.hit:
                    yield self.env.timeout(self.draw(node.time))
                    return True
                return (yield from self.node(node.miss))
            case Background(inner):
                self.env.process(self.node(inner))
                return True

    def step(self, step: Step) -> Process:
        for _ in range(step.retries + 1):
            done = yield from self.attempt(step)
            if done and not (step.fails and self.chance.random() < step.fails):
                return True
        return False

    def attempt(self, step: Step) -> Process:
        """One attempt, and whether it ended before the caller gave up."""
        station = self.stations.get(step.station)
        service = self.draw(step.time)
        deadline = self.env.now + (math.inf if step.timeout is None else step.timeout)
        if station is None:
            wait = min(service, deadline - self.env.now)
            yield self.env.timeout(wait)
            return wait == service
        place = station.request()
        if deadline < math.inf:
            yield place | self.env.timeout(deadline - self.env.now)
            if not place.triggered:
                place.cancel()
                return False
        else:
            yield place
        self.busy[step.station] = self.busy.get(step.station, 0.0) + service
        left = deadline - self.env.now
        if service <= left:
            yield self.env.timeout(service)
            station.release(place)
            return True
        self.env.process(self.finish(station, place, service))
        yield self.env.timeout(left)
        return False

    def finish(self, station: simpy.Resource, place: Any, service: float) -> Generator[simpy.Event, Any, None]:  # noqa: ANN401  # simpy's request
        """Work that nobody waits for any more."""
        yield self.env.timeout(service)
        station.release(place)
