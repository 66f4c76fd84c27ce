"""Predict: find out before building whether a promise can be kept, as evidence of stage `design`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from upheld.core import availability, latency
from upheld.core import forecast as forecasting
from upheld.core.assessment import Assessment
from upheld.core.availability import System
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Criterion, Kind, Stage
from upheld.core.evidence import Evidence, Prediction, Quantile, Share, Split, Statistic, identified
from upheld.core.fingerprint import indicator_hash
from upheld.core.forecast import Beta, Work
from upheld.core.judge import judge
from upheld.core.latency import Dice, Forecast, Question, Simulate, Tell
from upheld.core.network import Network
from upheld.core.profile import DRIVERS, Complexity
from upheld.core.quantity import Dimension
from upheld.core.verdict import Verdict
from upheld.errors import DefinitionError

RUN = 600.0  # seconds of the later run, where neither the assessment nor the build binding says
# By how much a prediction of this kind misses beyond sampling: the standard deviation of the logarithm of run over
# prediction, from twenty generated graphs that were really run on a busy machine, the two stalled ones left aside
# (benchmarks/graphs.py, seeds 100 to 119; decisions/0012).
RESIDUAL = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """What one assessment says of one criterion."""

    assessment: Assessment
    criterion: Criterion
    forecast: object
    evidence: Evidence
    verdict: Verdict
    start: date | None = None  # of work that is estimated
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
    notes = _assumed(found.assumed)
    return _judged(criterion, head, found, statistic, conditions, notes, given)


def predict_availability(criterion: Criterion, head: Assessment, system: System, *, given: Circumstances) -> Predicted:
    """Predict the share of time, or of requests that come evenly, in which enough of a system is up."""
    sentence = criterion.sentence
    if criterion.indicator.kind is not Kind.RATIO or not sentence.op.lower:
        raise DefinitionError(f"{head.file}: {criterion.address} is no promise to be available: {sentence}")
    window = sentence.window.seconds if sentence.window else None
    found = availability.forecast(
        system, target=float(sentence.target), window=window, dice=given.dice, tell=given.tell
    )
    conditions: dict[str, float | str] = {} if window is None else {"seconds": window}
    if sentence.load is not None:
        conditions["offered"] = float(sentence.load)
    notes = _assumed([name for name, part in system.parts.items() if not part.outages])
    return _judged(criterion, head, found, found.predicted, conditions, notes, given)


def predict_estimate(
    criterion: Criterion, head: Assessment, work: Work, *, start: date | None, chance: Beta, given: Circumstances
) -> Predicted:
    """Predict how long work will take from its start."""
    sentence = criterion.sentence
    if sentence.target.unit.dimension is not Dimension.TIME or not sentence.op.upper:
        raise DefinitionError(f"{head.file}: {criterion.address} is no promise to be done within a time: {sentence}")
    found = forecasting.forecast(work, chance=chance, tell=given.tell)
    if found is None:
        raise DefinitionError(
            f"{head.file}: {len(work.finished)} weeks of history are too few; {forecasting.LEAST_WEEKS} are the least, "
            "or give tasks: with three guesses each"
        )
    conditions: dict[str, float | str] = {"items": float(work.items or len(work.tasks)), "weeks": float(found.weeks)}
    never = Prediction(*(forecasting.LONGEST * forecasting.WEEK,) * 3, 0.9)
    notes = () if found.predicted else ("late ends lie beyond ten years; the interval begins there",)
    return replace(_judged(criterion, head, found, found.predicted or never, conditions, notes, given), start=start)


def predict_integration(
    criterion: Criterion, head: Assessment, found: Complexity, *, given: Circumstances
) -> Predicted:
    """Count what a criterion on `SOURCE.nulls`, `.duplicates`, `.late` or `.conflicts` is about in that source's extract."""
    source, _, driver = criterion.indicator.name.rpartition(".")
    profile = found.profiles.get(source)
    counted = profile.counted(driver) if profile is not None and driver in DRIVERS else None
    if criterion.indicator.kind is not Kind.RATIO or profile is None or counted is None:
        known = ", ".join(
            f"{name}.{d}" for name, p in found.profiles.items() for d in DRIVERS if p.counted(d) is not None
        )
        raise DefinitionError(
            f"{head.file}: {criterion.address} is about {criterion.indicator.name}; measured are {known}"
        )
    bad, n = counted
    return _judged(criterion, head, found, Share(n, bad), {"rows": float(profile.rows)}, (), given)


def _assumed(names: Sequence[str]) -> tuple[str, ...]:
    return (f"assumed, not measured: {', '.join(names)}",) if names else ()


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
