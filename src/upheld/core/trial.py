"""Try another number: the same evidence judged against thresholds around the promised one.

The verdicts come from the one judge, step by step, so that a page can move a threshold without judging anything itself.
Nothing is saved by trying.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from upheld.core.criterion import Criterion, Kind, Op, Stage
from upheld.core.evidence import Evidence
from upheld.core.judge import judge
from upheld.core.quantity import Quantity
from upheld.core.verdict import State

STEPS_PER_SIDE = 15
REACH = (
    0.5  # of the promised value, on each side, before steps are rounded up; of a share, the distance to its nearer end
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one stage says to one tried threshold."""

    state: State
    reason: str = ""
    members: tuple[str, ...] = ()  # who is not met, where members are judged one by one
    unsure: tuple[str, ...] = ()  # for whom it is inconclusive


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One tried threshold and the verdict of every stage that is asked."""

    target: Quantity
    stages: Mapping[Stage, Outcome]
    promised: bool = False  # the threshold as it stands


def targets(criterion: Criterion) -> tuple[Quantity, ...]:
    """The thresholds to try, in ascending order, the promised one among them; none where only one makes sense."""
    promised = criterion.sentence.target
    if criterion.sentence.op is Op.EQ or promised.number <= 0:
        return ()
    if criterion.indicator.kind is Kind.RATIO:
        return _shares(promised)
    step = _round_step(float(promised.number) * REACH / STEPS_PER_SIDE)
    numbers = {promised.number + step * i for i in range(-STEPS_PER_SIDE, STEPS_PER_SIDE + 1)}
    return tuple(Quantity(n, promised.unit) for n in sorted(numbers) if n > 0)


def _shares(promised: Quantity) -> tuple[Quantity, ...]:
    """Steps of the distance to the nearer end of 0 … 100 %, so that 99.5 % is tried from 99 % to 99.75 %."""
    whole = Decimal(1) / Decimal(float(promised.unit.factor))
    whole = whole.quantize(Decimal("0.000001")).normalize()
    near_top = promised.number > whole / 2
    distance = whole - promised.number if near_top else promised.number
    if distance <= 0:
        return ()
    step = _round_step(float(distance) / STEPS_PER_SIDE)
    numbers = {promised.number + step * i for i in range(-STEPS_PER_SIDE, STEPS_PER_SIDE + 1)}
    return tuple(Quantity(n, promised.unit) for n in sorted(numbers) if 0 < n < whole)


def _round_step(size: float) -> Decimal:
    """The smallest 1, 2 or 5 times a power of ten that is not smaller."""
    power = math.floor(math.log10(size))
    digit = next(d for d in (1, 2, 5, 10) if d * 10.0**power >= size * (1 - 1e-9))
    return Decimal(digit).scaleb(power)


def trial(
    criterion: Criterion,
    evidence: Sequence[Evidence],
    *,
    at: datetime,
    subject: str = "",
    ancestors: frozenset[str] = frozenset(),
) -> tuple[Step, ...]:
    """Judge the criterion at every threshold worth trying; empty where only the promised one makes sense."""
    about = {
        stage: [e for e in evidence if e.indicator == criterion.indicator.name and e.stage is stage]
        for stage in criterion.needs
    }
    steps = []
    for target in targets(criterion):
        tried = replace(criterion, sentence=replace(criterion.sentence, target=target))
        outcomes = {}
        for stage, found in about.items():
            here = subject if stage is Stage.BUILD and any(e.subject == subject for e in found) else ""
            verdict = judge(tried, stage, found, at=at, subject=here, ancestors=ancestors)
            broken, unsure = (
                tuple(g.member for g in verdict.groups if g.state is state)
                for state in (State.NOT_MET, State.INCONCLUSIVE)
            )
            outcomes[stage] = Outcome(state=verdict.state, reason=verdict.reason.value, members=broken, unsure=unsure)
        steps.append(Step(target=target, stages=outcomes, promised=target.base == criterion.sentence.target.base))
    return tuple(steps)
