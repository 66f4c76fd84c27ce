"""One scale for every promise: how much of the badness that it allows is used.

Almost every criterion divides events into good and bad, so that all of them can be drawn on one axis: 0 is flawless, 1 is
the promise, and what lies beyond 1 is broken.
"""

import math
from dataclasses import dataclass

from upheld.core.criterion import Criterion, Kind, Op
from upheld.core.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """How much of the badness that a promise allows is used: 0 is flawless, 1 is the promise itself."""

    estimate: float  # may be infinite: something is bad where nothing may be
    low: float
    high: float
    member: str = ""  # whose, where members are judged one by one: of those that decide, the one nearest to the line


def used(criterion: Criterion, verdict: Verdict) -> Used | None:
    """One scale for every promise: bad share ÷ allowed bad share, with its interval; None without any number.

    Where no events were counted (a level, a mean, a predicted quantile) it is the value ÷ the promised value, turned
    round for promises that limit from below. A promise per member is used as much as by the member that decides.
    """
    op, target = criterion.share_target
    allowed = float(target if op.upper else 1 - target)
    deciding = [
        (g, found)
        for g in verdict.groups
        if g.state is verdict.state
        and (found := _used(criterion, allowed, g.share, g.estimate, g.interval)) is not None
    ]
    if deciding:
        group, found = max(deciding, key=lambda pair: pair[1][0])
        return Used(estimate=found[0], low=found[1], high=found[2], member=group.member)
    pooled = _used(criterion, allowed, verdict.share, verdict.estimate, verdict.interval)
    return None if pooled is None else Used(estimate=pooled[0], low=pooled[1], high=pooled[2])


_Triple = tuple[float, float, float]


def _used(
    criterion: Criterion,
    allowed: float,
    share: _Triple | None,
    estimate: float | None,
    bounds: tuple[float, float] | None,
) -> _Triple | None:
    if criterion.indicator.kind is Kind.RATIO and share is None and estimate is not None:
        share = (estimate, *(bounds or (estimate, estimate)))
    if share is not None and criterion.counts and criterion.indicator.kind is not Kind.AGE:
        bad = share if criterion.share_target[0].upper else (1 - share[0], 1 - share[2], 1 - share[1])
        return _ordered(tuple(_ratio(b, allowed) for b in bad))
    if estimate is None:
        return None
    op, promised = criterion.sentence.op, float(criterion.sentence.target)
    values = (estimate, *(bounds or (estimate, estimate)))
    if op is Op.EQ or promised <= 0:
        return _ordered(tuple(0.0 if op.holds(v, promised) else math.inf for v in values))
    return _ordered(tuple(_ratio(v, promised) if op.upper else _ratio(promised, v) for v in values))


def _ratio(part: float, whole: float) -> float:
    if whole <= 0:
        return 0.0 if part <= 1e-12 else math.inf  # what a subtraction of floats leaves over is nothing
    return max(0.0, part / whole)


def _ordered(found: tuple[float, ...]) -> _Triple | None:
    """Estimate and bounds, the bounds around the estimate; None when one is no number."""
    if any(math.isnan(value) for value in found):
        return None
    return found[0], min(found), max(found)
