"""How long things took: requests of a load test and rounds of a benchmark, from raw values or reported percentiles.

A report that gives only percentiles brackets the distribution: between two of them a known number of values lies
somewhere. Rounding widens the brackets, and so do failed requests, whose times are among the percentiles but count as
bad wherever they lie. What the brackets do not resolve stays open.
"""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from upheld.core import quantity
from upheld.core.criterion import Indicator, Kind
from upheld.core.evidence import Cell, Quantile
from upheld.readers.intake import Unreadable

LATENCY = "load.latency"
OK = "load.ok"
INDICATORS: Mapping[str, Indicator] = {
    LATENCY: Indicator(
        name=LATENCY,
        kind=Kind.VALUE,
        unit=quantity.SECOND,
        help="time of a request in a load test; a failed request is slower than any promise; population: request, "
        "and customer where the samples name one",
    ),
    OK: Indicator(name=OK, kind=Kind.RATIO, help="share of the requests of a load test that were answered well"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One reported percentile: a value in [low, high] (seconds) that is at least x_(first) and at most x_(last)."""

    first: int
    last: int
    low: float
    high: float


def nearest_rank(q: Fraction, n: int, low: float, high: float) -> Mark:
    """The value of rank q·n, rounded up; where q·n is whole, some tools take the next one: both are allowed for."""
    return Mark(max(1, math.ceil(q * n)), min(n, math.floor(q * n) + 1), low, high)


def interpolated(q: Fraction, n: int, value: float) -> Mark:
    """A value between the two ranks around q·(n−1)+1 (k6, numpy); a rank more each way where that is whole."""
    at = q * (n - 1) + 1
    whole = at.denominator == 1
    return Mark(max(1, math.floor(at) - whole), min(n, math.ceil(at) + whole), value, value)


def cells_between(marks: Iterable[Mark], n: int, failures: int = 0) -> tuple[Cell, ...]:
    """Where the n − failures answered requests lie, when the marks are percentiles of all n.

    The k-th fastest answered request is at least as slow as the k-th of all, and at most as slow as the
    (k + failures)-th of all. With no failures that is the bracket between two percentiles. Raises Unreadable when the
    percentiles contradict each other.
    """
    known = sorted(marks, key=lambda mark: (mark.last, mark.first))
    answered = n - failures
    breaks = {1, answered + 1}
    breaks |= {mark.last for mark in known} | {mark.first - failures + 1 for mark in known}
    edges = sorted(edge for edge in breaks if 1 <= edge <= answered + 1)
    cells: dict[tuple[float, float], int] = {}
    for start, end in itertools.pairwise(edges):
        below = [mark for mark in known if mark.last <= start]
        lowest = max(below, key=lambda mark: mark.low, default=None)
        upper = min((mark.high for mark in known if start + failures <= mark.first), default=math.inf)
        lower = 0.0 if lowest is None else lowest.low
        if lower > upper:
            raise Unreadable(f"has percentiles that contradict each other: {lower:g} s and {upper:g} s")
        if lowest is not None and lowest.low == lowest.high < upper:
            lower = math.nextafter(lower, 0.0)  # a cell does not hold its lower end, but values may equal a percentile
        cells[lower, upper] = cells.get((lower, upper), 0) + end - start
    return tuple(Cell(lower, upper, count) for (lower, upper), count in sorted(cells.items()))


def summarised(marks: Sequence[Mark], n: int, failures: int = 0) -> Quantile:
    """What percentiles of all n requests, `failures` of them failed, tell of the distribution."""
    return Quantile(n, cells_between(marks, n, failures), failures)


def milliseconds(value: float) -> float:
    """Milliseconds in seconds: the float nearest to the decimal that was written."""
    return float(Decimal(repr(float(value))).scaleb(-3))
