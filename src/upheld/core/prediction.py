"""A prediction and its fate: the interval that covers what is not known, and the score once the run has been made.

STATISTICS.md, rule 14: a 90 % interval over input uncertainty, model residuals and the later run's own noise; committed
before the run; scored once, against the first valid run.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.core import evidence as records
from upheld.core.criterion import Criterion, Stage
from upheld.core.evidence import Evidence, Prediction
from upheld.core.network import quantile
from upheld.core.sampling import Z95

LEVEL = 0.9
LOAD_REACHED = 0.98  # rule 5: a run that offers less does not try what was predicted


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where the width of an interval comes from, as variances of the logarithm."""

    inputs: float
    run: float  # the later run's own noise
    residual: float

    @property
    def total(self) -> float:
        """All three together: they are independent."""
        return self.inputs + self.run + self.residual


def spread(pairs: Sequence[tuple[float, float]], *, shrink: float, residual: float) -> tuple[float, Spread]:
    """The middle (of logarithms) and the spread of simulated pairs.

    Both of a pair rest on the same draw of the inputs, so their difference is noise of the run and nothing else.
    `shrink` is how much of that noise a run of the later length keeps; `residual` is the standard deviation of the
    logarithm by which the model has missed before.
    """
    logs = [(math.log(a), math.log(b)) for a, b in pairs]
    n = len(logs)
    noise = math.fsum((a - b) ** 2 for a, b in logs) / (2 * n)
    means = [(a + b) / 2 for a, b in logs]
    middle = math.fsum(means) / n
    between = math.fsum((m - middle) ** 2 for m in means) / (n - 1) - noise / 2 if n > 1 else 0.0
    return middle, Spread(inputs=max(0.0, between), run=noise * shrink, residual=residual**2)


def interval(middle: float, found: Spread) -> Prediction:
    """The two-sided 90 % interval around a middle, both in logarithms (lognormal, as sums of many factors are)."""
    reach = Z95 * math.sqrt(found.total)
    value = math.exp(middle)
    return Prediction(value, value * math.exp(-reach), value * math.exp(reach), LEVEL)


def interval_score(prediction: Prediction, lived: float) -> float:
    """Gneiting and Raftery's (2007) interval score: the width, and 2/α times by how much the run lies outside."""
    penalty = 2 / (1 - prediction.level)
    below, above = max(0.0, prediction.low - lived), max(0.0, lived - prediction.high)
    return prediction.high - prediction.low + penalty * (below + above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One prediction against the first valid run after it."""

    prediction: Prediction
    predicted: datetime
    lived: float
    run: str  # evidence id of the run
    stage: Stage
    observed: datetime

    @property
    def hit(self) -> bool:
        """Whether the run fell inside the interval."""
        return self.prediction.low <= self.lived <= self.prediction.high

    @property
    def points(self) -> float:
        """The interval score, in the unit of the values; small is good, infinite when the run has no finite value."""
        return interval_score(self.prediction, self.lived)


def score(criterion: Criterion, evidence: Sequence[Evidence]) -> Score | None:
    """The newest prediction before the first valid run, scored against it; None when either is missing.

    A run is valid that was not voided, is readable, was made for all together and was offered the promised load. Every
    prediction that was replaced before its run is left aside; what was predicted after the run scores nothing.
    """
    about = [e for e in evidence if e.indicator == criterion.indicator.name and e.observed is not None]
    predicted = [e for e in about if e.stage is Stage.DESIGN and isinstance(e.statistic, Prediction) and not e.void]
    predicted = [e for e in predicted if not e.links or criterion.address in e.links]
    runs = [(e, value) for e in about if (value := lived(criterion, e)) is not None]
    for start, run, value in sorted(((began(e), e, value) for e, value in runs), key=lambda r: (r[0], r[1].id)):
        before = [e for e in predicted if e.observed is not None and e.observed < start]
        if not before:
            continue
        last = max(before, key=lambda e: (e.observed or start, e.id))
        if isinstance(last.statistic, Prediction) and last.observed is not None and run.observed is not None:
            return Score(
                prediction=last.statistic, predicted=last.observed, lived=value, run=run.id, stage=run.stage,
                observed=run.observed,
            )  # fmt: skip
    return None


def began(e: Evidence) -> datetime:
    """When a run began: a prediction that was made while it was under way is none."""
    moment = e.start or e.observed
    assert moment is not None  # noqa: S101  # asked only of dated evidence
    return moment


def lived(criterion: Criterion, e: Evidence) -> float | None:
    """What a later run showed of the predicted number; None where the evidence is no valid run of it."""
    if e.stage is Stage.DESIGN or e.statistic is None or e.void or e.unreadable or e.customer:
        return None
    load = criterion.binding(e.stage).load or criterion.sentence.load
    offered = e.conditions.get("offered", e.conditions.get("completed"))
    if load is not None and (not isinstance(offered, int | float) or offered < LOAD_REACHED * float(load)):
        return None
    q = criterion.sentence.quantile
    match e.statistic:
        case records.Quantile(n, cells) if q is not None and cells and n:
            low, high = e.statistic.at_rank(max(1, math.ceil(q * n)))
            return math.inf if math.isinf(high) else (low + high) / 2
        case records.Share(n, good) if q is None and n:
            return good / n
        case records.Level(value) | records.Maximum(_, value):
            return value
        case records.Mean(moments) if criterion.sentence.statistic == "mean":
            return moments.mean
    return None


def range_of(values: Sequence[float]) -> Prediction:
    """The interval between the 5th and the 95th percentile of simulated outcomes, around their median."""
    return Prediction(quantile(values, 0.5), quantile(values, 0.05), quantile(values, 0.95), LEVEL)
