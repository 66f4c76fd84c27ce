"""Waiting in line, in closed form: what Erlang, Pollaczek and Khinchine give before anything is simulated.

Rates are per second, times in seconds; `load` is the offered load in Erlangs (arrival rate times mean service time).
"""

import math


def erlang_b(workers: int, load: float) -> float:
    """The share of arrivals that find all workers busy when nobody waits (recursion of Jagerman 1984; never overflows)."""
    inverse = 1.0
    for k in range(1, workers + 1):
        inverse = 1.0 + inverse * k / load if load else math.inf
    return 1.0 / inverse


def erlang_c(workers: int, load: float) -> float:
    """The share of arrivals that wait in M/M/c (Erlang 1917); 1 where there is no steady state."""
    if load >= workers:
        return 1.0
    blocked = erlang_b(workers, load)
    return workers * blocked / (workers - load * (1.0 - blocked))


def mmc_wait(workers: int, rate: float, mean: float) -> float:
    """The mean wait in M/M/c; infinite where there is no steady state."""
    load = rate * mean
    return math.inf if load >= workers else erlang_c(workers, load) * mean / (workers - load)


def mmc_in_system(workers: int, rate: float, mean: float) -> float:
    """The mean number of requests waiting or served (Little's law)."""
    return rate * (mmc_wait(workers, rate, mean) + mean)


def mmc_above(workers: int, rate: float, mean: float, t: float) -> float:
    """The share of M/M/c requests that take longer than `t`, waiting included."""
    load = rate * mean
    if load >= workers:
        return 1.0
    waits, mu = erlang_c(workers, load), 1.0 / mean
    drain = workers * mu - rate  # how fast the line empties
    if abs(drain - mu) < 1e-9 * mu:
        return math.exp(-mu * t) * (1.0 + waits * mu * t)
    return (1.0 - waits) * math.exp(-mu * t) + waits * (drain * math.exp(-mu * t) - mu * math.exp(-drain * t)) / (
        drain - mu
    )


def mmc_quantile(workers: int, rate: float, mean: float, q: float) -> float:
    """The time that a share `q` of M/M/c requests stays below, waiting included; infinite without a steady state."""
    if rate * mean >= workers:
        return math.inf
    low, high = 0.0, mean
    while mmc_above(workers, rate, mean, high) > 1 - q:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if mmc_above(workers, rate, mean, middle) > 1 - q else (low, middle)
    return high


def mg1_wait(rate: float, mean: float, variance: float) -> float:
    """The mean wait of one worker with any service time (Pollaczek 1930, Khinchine 1932)."""
    load = rate * mean
    return math.inf if load >= 1 else rate * (variance + mean * mean) / (2 * (1 - load))


def mgc_wait(workers: int, rate: float, mean: float, variance: float) -> float:
    """The mean wait of c workers with any service time: exact for one, else Lee and Longton's (1959) approximation."""
    if workers == 1:
        return mg1_wait(rate, mean, variance)
    variation = variance / (mean * mean) if mean else 0.0
    return mmc_wait(workers, rate, mean) * (1 + variation) / 2


def fewest(load: float) -> int:
    """The fewest workers with a steady state at this load: strictly more workers than Erlangs."""
    return math.floor(load + 1e-9) + 1


def at_use(load: float, use: float) -> int:
    """The fewest workers that are busy at most a share `use` of their time."""
    return max(1, math.ceil(load / use - 1e-9))
