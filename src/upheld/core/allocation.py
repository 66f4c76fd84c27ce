"""A promise shared out: the part of a latency, of the errors or of the cost that each component may use.

What a promise allows is divided, so the parts must add up to no more than it. Times and costs add. Percentiles never
do, but misses do, whatever depends on what (Boole's inequality): if each component keeps its limit in all but m of the
requests, the sum of the limits is kept in all but the sum of the m. So a part may say its share of misses; without one
the misses that the promise allows are shared out evenly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from upheld.core import quantity
from upheld.core.criterion import Criterion, Kind, expected_unit
from upheld.core.quantity import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one component may use: a limit (time, cost, size) or a share of errors, and in how many requests it may not."""

    component: str
    limit: Quantity
    misses: Quantity | None = None  # of a percentile's part: the share of requests in which it may take longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """One promise and its parts."""

    name: str
    criterion: str
    parts: tuple[Part, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What the parts use of what the promise allows, both in the base unit; `what` names it."""

    what: str
    used: Fraction
    allowed: Fraction
    unit: quantity.Unit

    @property
    def exceeded(self) -> bool:
        """Whether the parts need more than there is."""
        return self.used > self.allowed

    @property
    def left(self) -> Fraction:
        """What is not given away yet."""
        return self.allowed - self.used


def misfits(allocation: Allocation, criterion: Criterion) -> Iterator[tuple[str, str]]:
    """The components whose part cannot be added, and why; with none, `sums` holds."""
    share = criterion.indicator.kind is Kind.RATIO
    expected = expected_unit(criterion.sentence.statistic, criterion.indicator)
    if not (share and criterion.sentence.op.lower) and not criterion.sentence.op.upper:
        yield "", f"{criterion.address} sets no upper limit, so there is nothing to share out"
        return
    for part in allocation.parts:
        if not quantity.compatible(part.limit.unit, expected):
            wanted = expected.name or "no unit"
            yield part.component, f"{part.limit} cannot be part of a limit in {wanted}"
        elif part.limit.number < 0:
            yield part.component, f"{part.limit} is less than nothing"
        elif part.misses is not None and criterion.sentence.quantile is None:
            yield part.component, "misses belong to a percentile"
        elif part.misses is not None and part.misses.unit.dimension is not quantity.Dimension.SHARE:
            yield part.component, f"{part.misses} is no share of requests"


def sums(allocation: Allocation, criterion: Criterion) -> tuple[Sum, ...]:
    """What the parts add up to beside what the promise allows.

    Of a promise on a share (availability >= 99.5 %) the parts are the errors of each component, and the errors add.
    """
    sentence = criterion.sentence
    used = sum((part.limit.base for part in allocation.parts), Fraction())
    if criterion.indicator.kind is Kind.RATIO and sentence.op.lower:
        return (Sum(what="errors", used=used, allowed=1 - sentence.target.base, unit=quantity.SHARE),)
    unit = sentence.target.unit
    found = [Sum(what=sentence.statistic or "limit", used=used, allowed=sentence.target.base, unit=unit)]
    q = sentence.quantile
    if q is not None:
        each = misses_each(allocation, criterion)
        total = sum((part.misses.base if part.misses else each for part in allocation.parts), Fraction())
        found.append(Sum(what="misses", used=total, allowed=1 - q, unit=quantity.SHARE))
    return tuple(found)


def misses_each(allocation: Allocation, criterion: Criterion) -> Fraction:
    """The share of requests in which a component without misses of its own may exceed its limit: what is left, evenly."""
    q = criterion.sentence.quantile
    silent = [part for part in allocation.parts if part.misses is None]
    if q is None or not silent:
        return Fraction()
    given = sum((part.misses.base for part in allocation.parts if part.misses is not None), Fraction())
    return max(Fraction(), 1 - q - given) / len(silent)
