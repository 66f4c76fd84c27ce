"""Predict: find out before building whether a promise can be kept, as evidence of stage `design`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from upheld.core import latency
from upheld.core.assessment import Assessment
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Criterion, Kind, Stage
from upheld.core.evidence import Evidence, Quantile, Split, Statistic, identified
from upheld.core.fingerprint import indicator_hash
from upheld.core.judge import judge
from upheld.core.latency import Dice, Forecast, Question, Simulate, Tell
from upheld.core.network import Network
from upheld.core.quantity import Dimension
from upheld.core.verdict import Verdict
from upheld.errors import DefinitionError

RUN = 600.0  # seconds of the later run, where neither the assessment nor the build binding says
# By how much a prediction of this kind misses beyond sampling: the standard deviation of the logarithm of run over
# prediction, from service graphs that were really run (benchmarks/results/graphs.json).
RESIDUAL = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """What one assessment says of one criterion."""

    assessment: Assessment
    criterion: Criterion
    forecast: object
    evidence: Evidence
    verdict: Verdict
    aside: bool = False  # an option that its decision did not choose: shown, and no part of the exit status


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a prediction needs from outside, so that the same circumstances give the same prediction."""

    at: datetime
    dice: Dice
    simulate: Simulate
    tell: Tell
    producer: Mapping[str, str]
    source: Mapping[str, str]  # file and digest of what it rests on


def criteria_of(catalogue: Catalogue, head: Assessment) -> list[Criterion]:
    """The criteria that an assessment predicts; DefinitionError for one that is not there or cannot be judged."""
    found = []
    for address in head.predicts:
        criterion = catalogue.criteria.get(address)
        if criterion is None:
            raise DefinitionError(f'{head.file}: no criterion "{address}" can be judged; known: {_some(catalogue)}')
        found.append(criterion)
    return found


def _some(catalogue: Catalogue) -> str:
    return ", ".join(list(catalogue.criteria)[:8]) or "none; run: upheld lint"


def predict_latency(
    criterion: Criterion, head: Assessment, model: Network, *, batch: bool, seconds: float | None, residual: float | None,
    given: Circumstances,
) -> Predicted:  # fmt: skip
    """Predict how long requests, or batches of them, will take under the promised load."""
    sentence = criterion.sentence
    if criterion.indicator.kind is not Kind.VALUE or criterion.indicator.unit.dimension is not Dimension.TIME:
        raise DefinitionError(f"{head.file}: {criterion.address} is no promise on a duration: {sentence}")
    if sentence.quantile is None and sentence.statistic != "mean":
        raise DefinitionError(
            f"{head.file}: {sentence.statistic} of {sentence.indicator} is not predicted; promise a pQ or the mean"
        )
    load = criterion.binding(Stage.DESIGN).load or sentence.load
    rate = model.arrivals.rate or (float(load) if load is not None else 0.0)
    if not rate:
        raise DefinitionError(f"{head.file}: no load is promised in {criterion.address}; write arrivals: 200/s")
    network = model if model.arrivals.batch else model.at(rate)
    question = Question(
        q=None if sentence.quantile is None else float(sentence.quantile), target=float(sentence.target),
        seconds=seconds or criterion.binding(Stage.BUILD).duration or RUN, batch=batch,
        residual=RESIDUAL if residual is None else residual,
    )  # fmt: skip
    found = latency.forecast(network, question, simulate=given.simulate, dice=given.dice, tell=given.tell)
    statistic: Statistic = found.promised or _failing(found, question)
    conditions: dict[str, float | str] = {"seconds": question.seconds, "simulated": found.requests}
    if not network.arrivals.batch:
        conditions["offered"] = rate
    notes = tuple(f"{name} is assumed, not measured" for name in found.assumed)
    return _judged(criterion, head, found, statistic, conditions, notes, given)


def _failing(found: Forecast, question: Question) -> Statistic:
    """Where failures reach into the promised quantile there is no finite time: the share of good requests judges."""
    good = round(found.requests * (1 - found.failing))
    return Quantile(found.requests, (), found.requests - good, (Split(question.target, good, good),))


def _judged(  # noqa: PLR0917  # the parts of one record
    criterion: Criterion, head: Assessment, forecast: object, statistic: Statistic,
    conditions: Mapping[str, float | str], notes: tuple[str, ...], given: Circumstances,
) -> Predicted:  # fmt: skip
    option = {"option": head.option} if head.option else {}
    evidence = identified(
        Evidence(
            indicator=criterion.indicator.name, stage=Stage.DESIGN, statistic=statistic,
            conditions={**conditions, "assessment": head.id, **option}, links=(criterion.address,),
            indicator_hash=indicator_hash(criterion.indicator, Stage.DESIGN), run=head.option or head.id,
            observed=given.at, producer=given.producer, source=given.source, notes=notes,
        )
    )  # fmt: skip
    verdict = judge(criterion, Stage.DESIGN, [evidence], at=given.at)
    return Predicted(assessment=head, criterion=criterion, forecast=forecast, evidence=evidence, verdict=verdict)


def same(one: Evidence, other: Evidence) -> bool:
    """Whether two predictions say the same from the same, whenever they were made."""
    parts = ("indicator", "indicator_hash", "statistic", "conditions", "links", "source", "producer", "notes")
    return all(getattr(one, part) == getattr(other, part) for part in parts)
