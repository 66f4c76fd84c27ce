"""A criterion can be judged: unit, statistic, window, load, a place where its indicator is found, and time to show it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from upheld.core import criterion as criteria
from upheld.core import statistics
from upheld.core.criterion import Indicator, Kind, Op, Rule, Stage
from upheld.core.quantity import SECOND, Dimension, find_unit, show
from upheld.core.quantity import SHARE as PERCENT
from upheld.project.rules.rule import ADVICE, ERROR, WARNING, Fault, rule
from upheld.project.rules.scope import Promise, Scope, Spot, nearest
from upheld.project.text import Place

BURN_RATE = Fraction(144, 10)  # the fast alert of the SRE workbook: 2 % of a 30-day budget in one hour
HIGHEST_WITHOUT_ALERT = 1 - 1 / BURN_RATE
_OPS = ("<=", ">=", "==", "≤", "≥", "<", ">", "=")


@lru_cache(maxsize=4096)
def _base(number: Decimal, unit: str) -> Fraction:
    """A target in base units; few different ones are written many times."""
    return Fraction(number) * find_unit(unit).factor


@lru_cache(maxsize=256)
def _quantile(statistic: str) -> Fraction | None:
    return criteria.quantile(statistic)


class _Objective(NamedTuple):
    """The share of good events that a promise asks for."""

    needed: Fraction
    silent: bool  # 14.4 times the allowed bad share is all there is, or more


@lru_cache(maxsize=4096)
def _objective(statistic: str, upper: bool, number: Decimal | None, unit: str) -> _Objective | None:  # noqa: FBT001
    quantile = _quantile(statistic)
    if quantile is None and number is None:
        return None
    share = quantile if quantile is not None else _base(number or Decimal(0), unit)
    # A percentile of an upper limit is a share from below; a share with an upper limit is one of bad events.
    needed = share if (quantile is not None) == upper else 1 - share
    return _Objective(needed, needed <= HIGHEST_WITHOUT_ALERT)


def _objective_of(promise: Promise) -> _Objective | None:
    """None where a promise does not divide events into good and bad."""
    sentence = promise.criterion.sentence
    number = sentence.target.number if promise.indicator.kind is Kind.RATIO else None
    return _objective(sentence.statistic, sentence.op.upper, number, sentence.target.unit.name)


def _every(scope: Scope) -> Iterator[Promise]:
    return chain(scope.promised, scope.gated, scope.foretold)


def _target_offset(that: str) -> int:
    """Where the quantity starts in a sentence as it is written."""
    found = [(at, -len(op)) for op in _OPS if (at := that.find(op)) >= 0]
    if not found:
        return 0
    at, length = min(found)
    rest = that[at - length :]
    return at - length + len(rest) - len(rest.lstrip())


def _faults(
    promise: Promise,
    message: str,
    fix: str,
    *,
    offset: int = 0,
    rule: str = "",
    path: Place = ("that",),
    value: str = "",
) -> Iterator[Fault]:
    """The same fault at every spot where the promise is written."""
    for spot in promise.spots:
        yield Fault(
            rule=rule, item=spot.item, path=(*spot.path, *path), value=value or promise.that, message=message, fix=fix,
            offset=offset,
        )  # fmt: skip


@rule(
    "indicator-unknown",
    ERROR,
    "A criterion names an indicator that nobody defines.",
    why="There is nothing to measure, so the criterion can never be judged.",
    fix="Correct the name, or define the indicator in indicators.yaml with its kind, its unit and where stages find it.",
    bad="that: p95 of insight.latenzy < 1 s",
    good="that: p95 of insight.latency < 1 s",
)
def indicator_unknown(scope: Scope) -> Iterator[Fault]:
    """The name is neither in indicators.yaml nor among those that readers bring."""
    known = scope.catalogue.indicators
    for spot in scope.strangers:
        sentence, that = spot.statement.sentence, spot.statement.that
        name = sentence.indicator if sentence else ""
        if scope.excuses("indicators.yaml", name):
            continue
        yield Fault(
            item=spot.item, path=spot.written, value=that, offset=max(that.find(name), 0),
            message=f"no indicator is named {name}",
            fix=nearest(name, known, otherwise="define it in indicators.yaml"),
        )  # fmt: skip


@rule(
    "unit-missing",
    ERROR,
    "A criterion's target has no unit, and its indicator has one.",
    why="1 could be a second or a millisecond: a factor of a thousand in a contract.",
    fix="Write the unit behind the number.",
    bad="that: p95 of insight.latency < 1 at 200/s",
    good="that: p95 of insight.latency < 1 s at 200/s",
)
def fits_indicator(scope: Scope) -> Iterator[Fault]:
    """Whether each sentence fits the indicator it names; the error itself says which rule it breaks."""
    for promise, error in scope.misfits:
        offset = _target_offset(promise.that) if error.column > 1 else 0
        yield from _faults(promise, error.message, error.fix or "correct the target", offset=offset, rule=error.rule)


@rule(
    "equality",
    ERROR,
    "A sample is asked to show that something is exactly equal to a number.",
    why="However many good events were seen, the next one may be bad; only a complete count can be equal to something.",
    fix="Use >= or <=, or mark the indicator `census: true` when it counts everything.",
    bad="that: p95 of insight.latency = 1 s",
    good="that: p95 of insight.latency <= 1 s",
)
def equality(scope: Scope) -> Iterator[Fault]:
    """A share of a sample; for values and levels the fit to the indicator says it already."""
    for promise in scope.sound:
        sentence, indicator = promise.criterion.sentence, promise.indicator
        if sentence.op is not Op.EQ or indicator.kind is not Kind.RATIO:
            continue
        sampled = [s for s in (Stage.BUILD, Stage.RELEASE) if s in promise.asked]
        if any(promise.criterion.rule(stage) not in (Rule.CENSUS, Rule.ESTIMATE) for stage in sampled):
            yield from _faults(
                promise, f"no sample can show that {indicator.name} equals {sentence.target}",
                "use >=, or say census: true at the indicator when every event is counted", offset=promise.that.find("="),
            )  # fmt: skip


@rule(
    "window-missing",
    ERROR,
    "A criterion that production must answer has no window.",
    why="99.5 % over a year allows 44 hours of outage in one piece; over a month it allows 3.6 hours.",
    fix='Add "over 30 d" or "over calendar month", or take production out of `needs`.',
    bad="that: insight.availability >= 99.5 %",
    good="that: insight.availability >= 99.5 % over calendar month per customer",
)
def window_missing(scope: Scope) -> Iterator[Fault]:
    """Production is asked; facts, levels and ages are exempt, because they have their value at one moment."""
    for promise in scope.sound:
        sentence, indicator = promise.criterion.sentence, promise.indicator
        if sentence.window is not None or Stage.PRODUCTION not in promise.asked:
            continue
        if indicator.census or indicator.kind in (Kind.LEVEL, Kind.AGE):
            continue
        yield from _faults(
            promise, "production is asked, and no window says over which time",
            'add e.g. "over 30 d" or "over calendar month"',
        )  # fmt: skip


@rule(
    "load-missing",
    ERROR,
    "A criterion on values that build or release must answer does not say under which load.",
    why="A p95 at one request per second says nothing about the p95 at two hundred.",
    fix='Add the offered load of the whole service, "at 200/s", or `build: {at: 50/s}` where a stage has its own.',
    bad="that: p95 of insight.latency < 1 s over 30 d",
    good="that: p95 of insight.latency < 1 s at 200/s over 30 d",
)
def load_missing(scope: Scope) -> Iterator[Fault]:
    """Build or release is asked, and neither the sentence nor the stage's binding has a load."""
    for promise in scope.sound:
        criterion = promise.criterion
        if criterion.sentence.load is not None or promise.indicator.kind is not Kind.VALUE or promise.indicator.census:
            continue
        asked = [s for s in (Stage.BUILD, Stage.RELEASE) if s in promise.asked and criterion.binding(s).load is None]
        if asked:
            stages = " and ".join(stage.value for stage in asked)
            yield from _faults(
                promise, f"{stages} must answer, and no load says how much traffic that is",
                f'add e.g. "at 200/s", or {asked[0].value}: {{at: 200/s}}',
            )  # fmt: skip


def _findable(indicator: Indicator, own: frozenset[str]) -> frozenset[Stage]:
    """The stages that know where to find an indicator.

    Predictions come from assessments, so design needs no place. A release is watched where production is. Reports
    bring the readers' indicators to the build and the release.
    """
    if indicator.name not in own:
        return frozenset({Stage.DESIGN, Stage.BUILD, Stage.RELEASE})
    stages = set(indicator.sources) | {Stage.DESIGN}
    if Stage.PRODUCTION in stages:
        stages.add(Stage.RELEASE)
    return frozenset(stages)


@rule(
    "indicator-nowhere",
    ERROR,
    "No stage that a criterion asks knows where to find its indicator.",
    why="Every verdict would be inconclusive for ever, for want of a place to look.",
    fix="Say in indicators.yaml where at least one of the asked stages finds it.",
    bad="insight.availability: {kind: ratio}",
    good="insight.availability:\n  kind: ratio\n  production: {good: 'http_requests_total{code!~\"5..\"}', total: http_requests_total}",
)
def indicator_nowhere(scope: Scope) -> Iterator[Fault]:
    """Of the stages after design that are asked, none has a place."""
    own = scope.own_indicators
    for promise in scope.foretold:
        if (
            promise.indicator.name in own and not promise.indicator.sources
        ):  # an outcome is seen wherever it is measured
            yield from _nowhere(promise, Stage.PRODUCTION)
    for name, asked, promises in scope.asking:
        wanted = [stage for stage in asked if stage is not Stage.DESIGN]
        if name in own and wanted and _findable(promises[0].indicator, own).isdisjoint(wanted):
            for promise in promises:
                yield from _nowhere(promise, *wanted)


def _nowhere(promise: Promise, *wanted: Stage) -> Iterator[Fault]:
    name = promise.indicator.name
    yield from _faults(
        promise,
        f"{', '.join(stage.value for stage in wanted)} must answer, and {name} does not say where it is found there",
        f"add {wanted[0].value}: {{…}} to {name} in indicators.yaml",
        offset=max(promise.that.find(name), 0),
    )


@rule(
    "stage-blind",
    ADVICE,
    "A stage is asked for an indicator, and nothing says where that stage finds it.",
    why="That stage stays inconclusive until evidence is brought by hand.",
    fix="Add the stage to the indicator in indicators.yaml, or take it out of `needs`.",
    bad="insight.latency: {kind: value, unit: s, production: {…}}   # build is asked as well",
    good="insight.latency: {kind: value, unit: s, build: {load: POST /insight}, production: {…}}",
)
def stage_blind(scope: Scope) -> Iterator[Fault]:
    """Said once per indicator, where it is mended."""
    own, blind = scope.own_indicators, defaultdict[str, dict[Stage, list[Promise]]](dict)
    for name, asked, promises in scope.asking:
        stages = _findable(promises[0].indicator, own)
        if name in own and stages.isdisjoint(asked):
            continue  # an error of its own
        for stage in asked:
            if stage not in stages:
                blind[name].setdefault(stage, []).extend(promises)
    for name, asking in blind.items():
        addresses = list(dict.fromkeys(s.address for found in asking.values() for p in found for s in p.spots))
        first = next(iter(asking.values()))[0]
        stage_names = ", ".join(stage.value for stage in Stage if stage in asking)
        count = f"{addresses[0]} asks" if len(addresses) == 1 else f"{len(addresses)} criteria ask, e.g. {addresses[0]}"
        mine = name in own
        yield Fault(
            item=scope.item("indicator", name) if mine else first.spots[0].item,
            path=() if mine else first.spots[0].written, value=name if mine else first.that, key=mine,
            message=f"nothing says where {stage_names} finds {name} ({count})",
            fix=f"add {stage_names.partition(',')[0]}: {{…}} to {name}, or leave the stage out of needs"
            if mine else "set needs: [build], or bring the evidence by hand",
        )  # fmt: skip


@rule(
    "census-on-sample",
    ERROR,
    "A census is asked for where only a sample is measured.",
    why="A census compares exactly, without any interval: ten lucky requests of a load test would pass as a proof.",
    fix="Leave the rule out (samples are judged with confidence), or write census: true for an indicator of which everything is"
    " counted, such as tests or files.",
    bad="that: p95 of insight.latency < 1 s\nbuild: {rule: census}",
    good="that: p95 of insight.latency < 1 s\nbuild: {rule: confident}",
)
def census_on_sample(scope: Scope) -> Iterator[Fault]:
    """A written `rule: census` on an indicator that is no complete count, or any census of a load test or benchmark."""
    for promise in scope.sound:
        criterion, indicator = promise.criterion, promise.indicator
        for stage in promise.asked:
            binding = criterion.bindings.get(stage)
            windowed = stage is Stage.PRODUCTION and criterion.sentence.window is not None
            written = binding is not None and binding.rule is Rule.CENSUS
            sampled = indicator.sources.get(stage, "").partition(":")[0].strip() in _SAMPLED
            if windowed or not (written or (indicator.census and sampled)) or (indicator.census and not sampled):
                continue
            source = (
                f"comes from a {indicator.sources[stage].partition(':')[0]} test" if sampled else "is no complete count"
            )
            yield from _faults(
                promise, f"{indicator.name} {source}, so a census of it at {stage.value} would take a sample for everything",
                "leave rule: census out" if written else f"take census: true out of {indicator.name}",
                path=(stage.value, "rule") if written else ("that",), value="census" if written else promise.that,
            )  # fmt: skip


_SAMPLED = frozenset({"load", "benchmark"})


@rule(
    "percentile-order",
    ERROR,
    "A higher percentile is promised a tighter limit than a lower one of the same indicator.",
    why="99 % of the requests under 0.5 s include the 95 %, so the two promises contradict each other or one is void.",
    fix="Loosen the higher percentile, or drop the lower one.",
    bad="that: p95 of insight.latency < 1 s\nthat: p99 of insight.latency < 0.8 s",
    good="that: p95 of insight.latency < 1 s\nthat: p99 of insight.latency < 2 s",
)
def percentile_order(scope: Scope) -> Iterator[Fault]:
    """Within a requirement and across requirements, where load and hours agree and the customers overlap."""
    groups = defaultdict[tuple[str, bool, str], dict[str, list[Promise]]](lambda: defaultdict(list))
    upper = {op: op.upper for op in Op if op is not Op.EQ}
    for promise in scope.sound:
        sentence = promise.criterion.sentence
        if promise.criterion.requirement and _quantile(sentence.statistic) is not None and sentence.op in upper:
            hours = str(sentence.hours) if sentence.hours else ""
            groups[sentence.indicator, upper[sentence.op], hours][sentence.statistic].append(promise)
    for by_statistic in groups.values():
        if len(by_statistic) > 1:
            yield from _out_of_order(scope, by_statistic)


def _out_of_order(scope: Scope, by_statistic: Mapping[str, list[Promise]]) -> Iterator[Fault]:
    """Each promise of a higher quantile against the loosest of the lower ones that it contradicts."""
    by_quantile = defaultdict[Fraction, list[Promise]](list)
    for statistic, promises in by_statistic.items():
        by_quantile[_quantile(statistic) or Fraction(0)] += promises
    lower, loosest = _Limits(scope), -1.0
    for quantile in sorted(by_quantile):
        here = by_quantile[quantile]
        near = [_near(p.criterion.sentence.target.number, p.criterion.sentence.target.unit.name) for p in here]
        for limit, promise in zip(near, here, strict=True):
            for spot in promise.spots if limit <= loosest else ():  # almost always it needs no search
                found = lower.above(promise, spot)
                if found is None:
                    continue
                sentence, loose = promise.criterion.sentence, found.promise.criterion.sentence
                yield Fault(
                    item=spot.item, path=spot.written, value=promise.that, offset=_target_offset(promise.that),
                    message=f"{sentence.statistic} {sentence.op.value} {sentence.target} is tighter than"
                    f" {loose.statistic} {loose.op.value} {loose.target} of {found.spot.address}",
                    fix=f"loosen this one to at least {loose.target}, or drop the other",
                )  # fmt: skip
        loosest = max(loosest, *near)
        lower.waiting += here


@lru_cache(maxsize=4096)
def _near(number: Decimal, unit: str) -> float:
    """A target in base units, rounded: comparing floats costs a tenth."""
    return float(_base(number, unit))


class _Limit(NamedTuple):
    """A target in base units, and where it is promised."""

    target: Fraction
    promise: Promise
    spot: Spot


class _Limits:
    """The loosest limit of each load and set of customers; thousands of promises share some dozens of those."""

    def __init__(self, scope: Scope) -> None:
        self.waiting: list[Promise] = []  # sorted in when somebody asks
        self._known = defaultdict[Fraction | None, dict[frozenset[str], _Limit]](dict)
        self._customers = lru_cache(maxsize=None)(lambda selectors: frozenset(scope.catalogue.promised_to(selectors)))

    def above(self, promise: Promise, spot: Spot) -> _Limit | None:
        """The loosest limit above this one where load and hours agree and one customer can hold both."""
        for other in self.waiting:
            for there in other.spots:
                self._add(_Limit(_target(other), other, there))
        self.waiting = []
        target = _target(promise)
        load, mine = _load(promise), self._customers(spot.customers)
        keys = tuple(self._known) if load is None else (load, None)
        met = [
            limit
            for key in keys
            for theirs, limit in self._known.get(key, {}).items()
            if limit.target > target and _overlap(mine, theirs)
        ]
        return max(met, key=lambda limit: limit.target, default=None)

    def _add(self, limit: _Limit) -> None:
        known, customers = self._known[_load(limit.promise)], self._customers(limit.spot.customers)
        if customers not in known or known[customers].target < limit.target:
            known[customers] = limit


def _target(promise: Promise) -> Fraction:
    target = promise.criterion.sentence.target
    return _base(target.number, target.unit.name)


def _load(promise: Promise) -> Fraction | None:
    load = promise.criterion.sentence.load
    return _base(load.number, load.unit.name) if load else None


def _overlap(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether one customer can hold both promises; a promise to nobody yet may become one to anybody."""
    return not mine or not theirs or not mine.isdisjoint(theirs)


@rule(
    "margin-on-share",
    ERROR,
    "A margin against the baseline is written in the wrong unit: `%` for a share, or points for a value.",
    why="3 % worse than 99.5 % could mean 96.5 % or 99.485 %; for a share a margin is counted in points.",
    fix="Write points for a share (0.2 points), % for a value (3 %).",
    bad="that: insight.availability >= 99.5 %\nrelease: {no-worse-than: 3 %}",
    good="that: insight.availability >= 99.5 %\nrelease: {no-worse-than: 0.2 points}",
)
def margin_on_share(scope: Scope) -> Iterator[Fault]:
    """Rule 11: a ratio for values, points for shares."""
    for promise in _every(scope):
        for stage, binding in promise.criterion.bindings.items():
            margin = binding.no_worse_than
            if margin is None or promise.indicator.kind not in (Kind.RATIO, Kind.VALUE):
                continue
            share = promise.indicator.kind is Kind.RATIO
            wanted = Dimension.POINTS if share else Dimension.SHARE
            if margin.unit.dimension is not wanted:
                yield from _faults(
                    promise,
                    f"{promise.indicator.name} is {'a share' if share else 'a value'}; a margin on it is counted in"
                    f" {'points' if share else '%'}",
                    f"write e.g. {'0.2 points' if share else '3 %'}", path=(stage.value, "no-worse-than"), value=str(margin),
                )  # fmt: skip


@rule(
    "environment-unknown",
    WARNING,
    "A stage's binding names an environment that upheld.yaml does not have, or one of another stage.",
    why="Evidence from anywhere else is then of the wrong environment, and the verdict stays inconclusive.",
    fix="Correct the name, or add the environment under environments in upheld.yaml.",
    bad="build: {environment: stagin}",
    good="build: {environment: staging}   # environments: {staging: {stage: build}}",
)
def environment_unknown(scope: Scope) -> Iterator[Fault]:
    """Only where the project has environments at all."""
    known = scope.catalogue.config.environments
    for promise in scope.sound if known else ():
        for stage, binding in promise.criterion.bindings.items():
            name = binding.environment
            if (
                not name
                or (name in known and known[name].stage is stage)
                or scope.excuses("upheld.yaml", name, "environments")
            ):
                continue
            if name in known:
                message, fix = f"{name} serves {known[name].stage.value}, not {stage.value}", "name one of this stage"
            else:
                message = f"upheld.yaml has no environment {name}"
                fix = nearest(name, known, otherwise="add it under environments")
            yield from _faults(promise, message, fix, path=(stage.value, "environment"), value=name)


@rule(
    "alert-impossible",
    WARNING,
    "The objective allows so many bad events that the fast burn-rate alert could never fire.",
    why="The fast alert fires at 14.4 times the allowed bad share; above 100 % there is nothing left to exceed.",
    fix="Promise more than 93.1 %, or watch this objective with another alert.",
    bad="that: insight.availability >= 90 % over 30 d",
    good="that: insight.availability >= 99.5 % over 30 d",
)
def alert_impossible(scope: Scope) -> Iterator[Fault]:
    """Production is asked over a window, and 14.4 times the allowed bad share reaches 100 %."""
    for promise in scope.sound:
        criterion = promise.criterion
        if criterion.sentence.window is None or Stage.PRODUCTION not in promise.asked:
            continue
        objective = _objective_of(promise)
        if objective is not None and objective.silent:
            allowed = 1 - objective.needed
            yield from _faults(
                promise,
                f"{show(float(allowed), PERCENT)} of all events may be bad; 14.4 times that is"
                f" {show(float(allowed * BURN_RATE), PERCENT)}, so"
                " the fast burn-rate alert can never fire",
                "promise more than 93.1 %, or watch it with a slower alert only",
            )  # fmt: skip


@lru_cache(maxsize=256)
def shortest(needed: Fraction, level: float, rate: float) -> int | None:
    """The shortest run in seconds that shows `share >= needed` when half of the allowed bad share occurs."""
    share = float(needed)
    return statistics.shortest_run(rate, share, level=level, bad_share=(1 - share) / 2)


class _Lengths:
    """The shortest run of each promise that build must answer; few different ones are written many times."""

    def __init__(self) -> None:
        # Naming the member of an enum costs as much as the rest of a look into a dictionary.
        self._build, self._ratio = Stage.BUILD, Kind.RATIO
        self._known: dict[tuple[object, ...], tuple[Fraction, int] | None] = {}

    def of(self, promise: Promise) -> tuple[Fraction, int] | None:
        """The share of good events that is needed, and the seconds that show it; None for what is no timed run."""
        criterion = promise.criterion
        sentence, binding = criterion.sentence, criterion.bindings.get(self._build)
        number = sentence.target.number if promise.indicator.kind is self._ratio else None
        load = (binding and binding.load) or sentence.load
        how = binding and (binding.rule and binding.rule.value, binding.confidence, binding.duration is None)
        key = (sentence.statistic, sentence.op, number, load and (load.number, load.unit.name),
               sentence.confidence, id(promise.indicator), how)  # fmt: skip
        if key not in self._known:
            self._known[key] = self._found(promise)
        return self._known[key]

    def _found(self, promise: Promise) -> tuple[Fraction, int] | None:
        criterion = promise.criterion
        objective = _objective_of(promise)
        needed = objective.needed if objective else Fraction(0)
        if not 0 < needed < 1 or criterion.rule(Stage.BUILD) is not Rule.CONFIDENT:
            return None
        binding = criterion.binding(Stage.BUILD)
        load = binding.load or criterion.sentence.load
        if load is None and binding.duration is None:
            return None  # people or cases, not traffic
        seconds = shortest(needed, criterion.confidence(Stage.BUILD), min(float(load), 1.0) if load else 1.0)
        return None if seconds is None else (needed, seconds)


@rule(
    "run-too-short",
    WARNING,
    "A build's run is shorter than the shortest one that could settle its criterion.",
    why="Neighbouring requests are alike, so without time buckets a run is worth one event a second."
    " A run that is too short ends inconclusive, however good it was.",
    fix="Run at least as long as the message says. It assumes that half of the allowed bad share occurs.",
    bad="that: p95 of insight.latency < 1 s at 200/s\nbuild: {for: 60 s}",
    good="that: p95 of insight.latency < 1 s at 200/s\nbuild: {for: 4 min}",
)
def run_too_short(scope: Scope) -> Iterator[Fault]:
    """Runs with a length; those without are told once per length."""
    lengths, build = _Lengths(), Stage.BUILD
    for promise in scope.sound:
        binding = promise.criterion.bindings.get(build)
        if binding is None or binding.duration is None or build not in promise.asked:
            continue
        known = lengths.of(promise)
        if known is None or binding.duration >= known[1]:
            continue
        needed, seconds = known
        yield from _faults(
            promise,
            f"a run of {show(binding.duration, SECOND)} cannot settle {promise.criterion.sentence}: with half of the allowed"
            f" {show(float(1 - needed), PERCENT)} bad it takes {show(seconds, SECOND)}",
            f"write for: {whole(seconds)}",
            path=("build", "for"),
            value=show(binding.duration, SECOND),
        )


@rule(
    "run-length",
    ADVICE,
    "A build's run has no length; this is the shortest one that could settle it.",
    why="Whoever plans the load test should know how long it must last before it is started.",
    fix="Write the length as `build: {for: …}`.",
    bad="that: p95 of insight.latency < 1 s at 200/s",
    good="that: p95 of insight.latency < 1 s at 200/s\nbuild: {for: 4 min}",
)
def run_length(scope: Scope) -> Iterator[Fault]:
    """Said once per length, because most criteria share one."""
    found, lengths = defaultdict[int, list[Promise]](list), _Lengths()
    for promise in scope.sound:
        binding = promise.criterion.bindings.get(Stage.BUILD)
        if Stage.BUILD not in promise.asked or (binding is not None and binding.duration is not None):
            continue
        known = lengths.of(promise)
        if known is not None:
            found[known[1]].append(promise)
    for seconds, promises in sorted(found.items()):
        spots = [spot for promise in promises for spot in promise.spots]
        more = f" (so do {len(spots) - 1} more)" if len(spots) > 1 else ""
        yield Fault(
            item=spots[0].item, path=spots[0].written, value=promises[0].that,
            message=f"{spots[0].address} needs a run of at least {show(seconds, SECOND)} to be settled at build{more}",
            fix=f"write build: {{for: {whole(seconds)}}}",
        )  # fmt: skip


def whole(seconds: int) -> str:
    """A length that is at least so long, in whole units that a person would write."""
    for limit, size, unit in ((180, 10, "s"), (10_800, 60, "min")):
        if seconds <= limit:
            count = -(-seconds // size)
            return f"{count * size if unit == 's' else count} {unit}"
    return f"{-(-seconds // 3600)} h"
