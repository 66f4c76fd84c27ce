"""How long a step takes: a measured sample or a stated distribution, and what is not known about either.

Times are in seconds. Chance comes in as an argument (`random.Random` is one), so that the same seed gives the same
prediction.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Protocol, TypeVar

T = TypeVar("T")
MOST_VALUES = 20_000  # of a sample; more are thinned evenly, which moves a p99 by less than 0.1 %
Z95 = 1.6448536269514722  # the 95 % point of the standard normal distribution


class Chance(Protocol):
    """A source of random numbers."""

    def random(self) -> float:
        """Uniform on [0, 1)."""

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        """Normal."""

    def expovariate(self, lambd: float) -> float:
        """Exponential with this rate."""

    def choices(self, population: Sequence[T], *, k: int = 1) -> list[T]:
        """`k` draws with replacement."""


class Time(Protocol):
    """A distribution of durations."""

    @property
    def mean(self) -> float:
        """Seconds."""

    @property
    def variance(self) -> float:
        """Seconds squared."""

    @property
    def measured(self) -> int:
        """How many measurements it rests on; 0 for an assumption."""

    def draws(self, chance: Chance, n: int) -> list[float]:
        """`n` durations."""

    def another(self, chance: Chance) -> "Time":
        """The same distribution as it might have been known: a bootstrap of the sample, another value of a guess."""

    def scaled(self, factor: float) -> "Time":
        """The same with every duration times `factor`."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Measured durations, each as likely as the others."""

    values: tuple[float, ...]
    factor: float = 1.0

    @property
    def measured(self) -> int:
        """The number of values."""
        return len(self.values)

    @property
    def mean(self) -> float:
        """The sample's mean."""
        return self.factor * math.fsum(self.values) / len(self.values)

    @property
    def variance(self) -> float:
        """The sample's variance (divided by n: the sample is what is drawn from)."""
        middle = math.fsum(self.values) / len(self.values)
        return self.factor**2 * math.fsum((v - middle) ** 2 for v in self.values) / len(self.values)

    def draws(self, chance: Chance, n: int) -> list[float]:
        """Draw with replacement."""
        drawn = chance.choices(self.values, k=n)
        return drawn if self.factor == 1.0 else [v * self.factor for v in drawn]

    def another(self, chance: Chance) -> "Sample":
        """A bootstrap of the sample (Efron 1979)."""
        return replace(self, values=tuple(chance.choices(self.values, k=len(self.values))))

    def scaled(self, factor: float) -> "Sample":
        """Faster or slower."""
        return replace(self, factor=self.factor * factor)


def sample(cells: Iterable[tuple[float, float, int]]) -> Sample:
    """A sample from counts over value intervals (lower, upper, count): spread evenly inside each interval."""
    known = [(low, high, count) for low, high, count in cells if count and math.isfinite(high)]
    total = sum(count for *_, count in known)
    share = min(1.0, MOST_VALUES / total) if total else 1.0
    values: list[float] = []
    kept = 0.0
    for low, high, count in known:
        kept += count * share
        n = round(kept) - len(values)
        values += [low + (high - low) * (i + 0.5) / n for i in range(n)]
    return Sample(tuple(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A distribution that somebody stated; `doubt` is the relative standard error of its scale."""

    shape: str  # constant, uniform, triangular, exponential, lognormal
    numbers: tuple[float, ...]  # constant: value · uniform: low, high · triangular: low, likely, high ·
    # exponential: mean · lognormal: median, sigma of the logarithm
    doubt: float = 0.0

    @property
    def measured(self) -> int:
        """Nothing was measured."""
        return 0

    @property
    def mean(self) -> float:
        """The expected duration."""
        n = self.numbers
        if self.shape in ("constant", "exponential"):
            return n[0]
        if self.shape == "lognormal":
            return n[0] * math.exp(n[1] ** 2 / 2)
        return math.fsum(n) / len(n)

    @property
    def variance(self) -> float:
        """Its variance."""
        n = self.numbers
        match self.shape:
            case "constant":
                return 0.0
            case "uniform":
                return (n[1] - n[0]) ** 2 / 12
            case "triangular":
                low, likely, high = n
                return (low * low + likely * likely + high * high - low * likely - low * high - likely * high) / 18
            case "exponential":
                return n[0] ** 2
            case _:
                return self.mean**2 * (math.exp(n[1] ** 2) - 1)

    def draws(self, chance: Chance, n: int) -> list[float]:
        """Independent draws."""
        a, draw = self.numbers, chance.random
        match self.shape:
            case "constant":
                return [a[0]] * n
            case "uniform":
                low, span = a[0], a[1] - a[0]
                return [low + span * draw() for _ in range(n)]
            case "triangular":
                return [_triangular(draw(), *a) for _ in range(n)]
            case "exponential":
                rate = 1 / a[0]
                return [chance.expovariate(rate) for _ in range(n)]
            case _:
                return [a[0] * math.exp(a[1] * chance.gauss()) for _ in range(n)]

    def another(self, chance: Chance) -> "Stated":
        """Another scale, within the doubt."""
        return self.scaled(math.exp(self.doubt * chance.gauss())) if self.doubt else self

    def scaled(self, factor: float) -> "Stated":
        """Faster or slower; the sigma of a logarithm does not scale."""
        if self.shape == "lognormal":
            return replace(self, numbers=(self.numbers[0] * factor, self.numbers[1]))
        return replace(self, numbers=tuple(number * factor for number in self.numbers))


def _triangular(u: float, low: float, likely: float, high: float) -> float:
    span = high - low
    if span == 0:
        return low
    turn = (likely - low) / span
    if u < turn:
        return low + math.sqrt(u * span * (likely - low))
    return high - math.sqrt((1 - u) * span * (high - likely))


def lognormal(p50: float, p95: float, *, doubt: float = 0.0) -> Stated:
    """The lognormal distribution with this median and 95th percentile (seconds, 0 < p50 < p95)."""
    return Stated(shape="lognormal", numbers=(p50, math.log(p95 / p50) / Z95), doubt=doubt)


def poisson(chance: Chance, rate: float, n: int) -> list[float]:
    """`n` arrival times of a Poisson process from 0 on."""
    return list(accumulate(chance.expovariate(rate) for _ in range(n)))


def count(chance: Chance, mean: float) -> int:
    """A Poisson count: exactly for small means, by the rounded normal distribution from 500 on."""
    if mean >= 500:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    total, n = chance.expovariate(1.0), 0
    while total < mean:
        total += chance.expovariate(1.0)
        n += 1
    return n
