"""The judge turned round: the tightest promise that the evidence supports.

Found by bisection with the same `judge`, over the boundaries that the evidence itself has (cells of its histogram) or
a grid of three significant digits; one step tighter is no longer met, by construction.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from upheld.core import evidence as records
from upheld.core.criterion import Criterion, Kind, Op, Sentence, Stage
from upheld.core.evidence import Evidence
from upheld.core.judge import judge
from upheld.core.quantity import SHARE, Dimension, Quantity, Unit
from upheld.core.verdict import State, Verdict

SHARE_STEPS = 10_000  # shares are offered in steps of 0.01 %
LEVEL_STEPS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The tightest target that is met, the next tighter one that is not, and the verdict at the former."""

    member: str  # a customer, or empty for all together
    target: float | None  # base unit; None: no promise at all is supported
    tighter: float | None
    verdict: Verdict | None
    n: int


def offer(
    sentence: Sentence, criterion: Criterion, stage: Stage, evidence: Sequence[Evidence], *, at: datetime
) -> tuple[Offer, ...]:
    """The tightest promise in the form of `sentence` for all members together, then for each customer.

    The sentence's own target is only a template. The first offer is for all: no customer may be worse off, so where
    customers are told apart it is the weakest of theirs.
    """
    about = [e for e in evidence if e.indicator == criterion.indicator.name and e.stage is stage and not e.void]
    template = replace(criterion, sentence=replace(sentence, per=""))
    members = sorted({e.customer for e in about} - {""})
    offers = [_tightest(template, stage, [e for e in about if e.customer == m], at=at, member=m) for m in members]
    if not offers:
        return (_tightest(template, stage, about, at=at, member=""),)
    weakest = _weakest(offers, sentence.op)
    return (replace(weakest, member=""), *offers)


def _weakest(offers: Sequence[Offer], op: Op) -> Offer:
    """The promise that can be made to every member: the weakest of theirs, or none."""
    missing = next((o for o in offers if o.target is None), None)
    if missing is not None:
        return missing
    return (max if op.upper else min)(offers, key=lambda o: o.target or 0.0)


def _tightest(template: Criterion, stage: Stage, found: Sequence[Evidence], *, at: datetime, member: str) -> Offer:
    candidates = _candidates(template, found)
    n = sum(e.statistic.n for e in found if e.statistic is not None)

    def verdict(target: float) -> Verdict:
        sentence = replace(template.sentence, target=_quantity(target, template.sentence.target.unit))
        return judge(replace(template, sentence=sentence), stage, found, at=at)

    # candidates run from the weakest promise to the tightest; `met` is the last known met, `broken` the first known not
    met, broken = -1, len(candidates)
    while broken - met > 1:
        middle = (met + broken) // 2
        if verdict(candidates[middle]).state is State.MET:
            met = middle
        else:
            broken = middle
    if met < 0:
        return Offer(member=member, target=None, tighter=candidates[0] if candidates else None, verdict=None, n=n)
    tighter = candidates[broken] if broken < len(candidates) else None
    return Offer(member=member, target=candidates[met], tighter=tighter, verdict=verdict(candidates[met]), n=n)


def _candidates(template: Criterion, found: Sequence[Evidence]) -> list[float]:
    """Possible targets, weakest first."""
    sentence = template.sentence
    values: list[float]
    if sentence.quantile is not None:
        bounds: set[float] = set()
        for e in found:
            if isinstance(e.statistic, records.Quantile):
                bounds |= {c.upper for c in e.statistic.cells} | {c.lower for c in e.statistic.cells}
                bounds |= {s.threshold for s in e.statistic.splits}
        values = sorted(b for b in bounds if math.isfinite(b))
    elif template.indicator.kind is Kind.RATIO:
        values = [i / SHARE_STEPS for i in range(SHARE_STEPS + 1)]
    else:
        values = _grid(found)
    return values[::-1] if sentence.op.upper else values


def _grid(found: Sequence[Evidence]) -> list[float]:
    """1 000 steps around the reported values, wide enough for their standard errors."""
    low, high = math.inf, -math.inf
    for e in found:
        match e.statistic:
            case records.Level(value, se, _, _):
                reach = 6 * (se or 0.0)
            case records.Prediction(value, lower, upper, _):
                reach = upper - lower
            case records.Mean(moments) if moments.n > 1 and not math.isnan(moments.m2):
                value, reach = moments.mean, 12 * math.sqrt(moments.variance / moments.n)
            case records.Rate(events, exposure):
                value = events / (exposure or 1.0)
                reach = 6 * (math.sqrt(events) + 3) / (exposure or 1.0)
            case _:
                continue
        low, high = min(low, value - reach), max(high, value + reach)
    if not math.isfinite(low):
        return []
    if low == high:
        return [low]
    return [low + (high - low) * i / LEVEL_STEPS for i in range(LEVEL_STEPS + 1)]


def _quantity(target: float, unit: Unit) -> Quantity:
    """A target in base units as a quantity: shares exactly in per cent, values at their exact float."""
    if unit.dimension is Dimension.SHARE:
        return Quantity(Decimal(round(target * SHARE_STEPS)) / (SHARE_STEPS // 100), SHARE)
    return Quantity(Decimal(target), replace(unit, factor=Fraction(1), name=_base_name(unit)))


def _base_name(unit: Unit) -> str:
    return {Dimension.TIME: "s", Dimension.SIZE: "B", Dimension.RATE: "/s"}.get(unit.dimension, unit.name)
