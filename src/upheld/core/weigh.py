"""What one pool of evidence says about a promise: shares, windows, and numbers with their uncertainty.

The rules are those of STATISTICS.md; comments name them by number.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from upheld.core import criterion as criteria
from upheld.core import distributions, quantity, statistics
from upheld.core import evidence as records
from upheld.core.criterion import Criterion, Kind, Op, Rule, Stage
from upheld.core.evidence import Evidence
from upheld.core.verdict import Reason, State, worst
from upheld.errors import EvidenceError

LOAD_REACHED = 0.98  # rule 5
FIRST_LOOK = 10  # buckets, rule 10
WINDOW_TOLERANCE = 0.001  # of a window: what a scrape interval or a rounded timestamp may leave out
WEEK = timedelta(days=7)
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one pool of evidence says, before it is dressed as a verdict."""

    state: State
    reason: Reason = Reason.NONE
    detail: str = ""
    estimate: float | None = None
    interval: tuple[float, float] | None = None
    share: tuple[float, float, float] | None = None
    n: int = 0
    n_eff: float | None = None
    settle: str = ""


def inconclusive(reason: Reason, detail: str = "", *, settle: str = "", **known: object) -> Answer:
    """An answer that does not know, with its reason and what would settle it."""
    return Answer(state=State.INCONCLUSIVE, reason=reason, detail=detail, settle=settle, **known)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Scale:
    """One criterion at one stage and moment: weighs evidence against the promise."""

    criterion: Criterion
    stage: Stage
    at: datetime

    @property
    def rule(self) -> Rule:
        """The decision rule."""
        return self.criterion.rule(self.stage)

    def pool(self, found: Sequence[Evidence], level: float) -> Answer:
        """Pool runs, judge the statistic, then apply what limits a pass: load, length, sample, window, comparison."""
        found = self._inside(found)
        unfit = self._sampled(found) or self._late(found) or self._outside_hours(found)
        if unfit is not None:
            return unfit
        statistics_found = [e.statistic for e in found if e.statistic is not None]
        if not statistics_found:
            return inconclusive(Reason.NO_TRAFFIC, "no events")
        if (
            any(isinstance(s, records.Level | records.Prediction | records.Age) for s in statistics_found)
            and len(found) > 1
        ):
            answers = self._each(found, level)
            state = worst([a.state for a in answers])  # levels: the worst stands (rule 12)
            return next(a for a in answers if a.state is state)
        try:
            total = records.combine(statistics_found)
        except EvidenceError as error:
            return inconclusive(Reason.KIND, error.message)
        answer = self._statistic(total, found, level)
        if answer.state is not State.MET:
            return self._limit_failure(answer, found)
        return self._limit_pass(answer, total, found)

    def _inside(self, found: Sequence[Evidence]) -> Sequence[Evidence]:
        """In production, what ended before the promised window is not of it, whatever the rule."""
        ends = [e.end for e in found if e.start is not None and e.end is not None]
        window = self.criterion.sentence.window
        if self.stage is not Stage.PRODUCTION or window is None or not ends or len(ends) < len(found):
            return found
        start, _ = window_of(window, max(ends))
        return [e for e in found if e.end is not None and e.end > start]

    def _sampled(self, found: Sequence[Evidence]) -> Answer | None:
        """A census compares exactly, so it is refused on what is a sample (rule 7): a load test, or a mere wish for one."""
        binding, name = self.criterion.binding(self.stage), self.criterion.indicator.name
        windowed = self.stage is Stage.PRODUCTION and self.criterion.sentence.window is not None
        if self.rule is not Rule.CENSUS or windowed:
            return None
        if binding.rule is Rule.CENSUS and not self.criterion.indicator.census:
            return inconclusive(Reason.KIND, f"rule: census is for complete counts, and {name} is none",
                                settle="the rule confident, or census: true in indicators.yaml where everything is counted")  # fmt: skip
        loaded = any({"offered", "completed"} & e.conditions.keys() for e in found)
        if loaded and self.stage in (Stage.BUILD, Stage.RELEASE):
            return inconclusive(Reason.KIND, "the requests of a load test are a sample, and no complete count",
                                settle="the rule confident, and no census: true for this indicator")  # fmt: skip
        return None

    def _late(self, found: Sequence[Evidence]) -> Answer | None:
        """A promise over a window is about the time up to now: evidence that ended long ago does not show it (rule 7).

        It may end earlier by the lateness allowance: the binding's maximum age, else a tenth of a rolling window (at
        most a day), or one whole period, so that last month's promise can be judged all through this month.
        """
        window = self.criterion.sentence.window
        ends = [e.end for e in found if e.end is not None]
        if self.stage is not Stage.PRODUCTION or window is None or not ends:
            return None
        usual = window.seconds if window.calendar else min(window.seconds / 10, 86400.0)
        allowance = self.criterion.binding(self.stage).max_age or usual
        lag = (self.at - max(ends)).total_seconds()
        if lag <= allowance:
            return None
        shown = quantity.show(lag, quantity.SECOND)
        return inconclusive(Reason.OLD, f"the evidence ends on {minute(max(ends))}, {shown} before the time asked about",
                            settle="evidence up to the time asked about")  # fmt: skip

    def _outside_hours(self, found: Sequence[Evidence]) -> Answer | None:
        """A promise for service hours needs evidence of those hours: `conditions: {"hours": "Mon-Fri 08:00-18:00"}`."""
        hours = self.criterion.sentence.hours
        if self.stage is not Stage.PRODUCTION or hours is None:
            return None
        if all(e.conditions.get("hours") == str(hours) for e in found):
            return None
        return inconclusive(Reason.WINDOW, f"the evidence does not say that it covers {hours}, and only that",
                            settle=f'evidence with conditions {{"hours": "{hours}"}}')  # fmt: skip

    def _limit_failure(self, answer: Answer, found: Sequence[Evidence]) -> Answer:
        """A failure counted with maintenance in it may be the maintenance's, where the promise excludes that."""
        excluded = all(e.conditions.get("maintenance") == "excluded" for e in found)
        if answer.state is not State.NOT_MET or not self.criterion.sentence.excluding_maintenance:
            return answer
        if self.stage is not Stage.PRODUCTION or excluded:
            return answer
        return replace(answer, state=State.INCONCLUSIVE, reason=Reason.WINDOW,
                       detail="not met with maintenance counted in, and the evidence does not exclude it",
                       settle='evidence with conditions {"maintenance": "excluded"}')  # fmt: skip

    def _each(self, found: Sequence[Evidence], level: float) -> list[Answer]:
        """Numbers that do not add, each at the level of its own attempt; `level` is that of the last (rule 12)."""
        attempts = Counter(tuple(sorted(e.population.items())) for e in found)
        last = max(attempts.values())
        answers = []
        for e in found:  # newest first
            population = tuple(sorted(e.population.items()))
            later = last - attempts[population] if self.stage in (Stage.BUILD, Stage.RELEASE) else 0
            attempts[population] -= 1
            answers.append(self.pool([e], 1 - (1 - level) * 2**later))
        return answers

    def _limit_pass(self, answer: Answer, total: records.Statistic, found: Sequence[Evidence]) -> Answer:
        """What keeps a pass from standing; a failure stands whatever the load, length or comparison."""
        binding = self.criterion.binding(self.stage)

        def hold(reason: Reason, detail: str, settle: str) -> Answer:
            return replace(answer, state=State.INCONCLUSIVE, reason=reason, detail=detail, settle=settle)

        load = binding.load or self.criterion.sentence.load
        if load is not None and self.stage in (Stage.BUILD, Stage.DESIGN):
            problem = self._load_problem(float(load), found)
            if problem:
                return hold(Reason.LOAD, problem, f"a run that offers and completes {load}")
        if binding.duration is not None and self.stage in (Stage.BUILD, Stage.RELEASE):
            lasted = _seconds(found)
            if lasted is None or lasted < binding.duration * LOAD_REACHED:
                shown = "an unstated time" if lasted is None else quantity.show(lasted, quantity.SECOND)
                asked = quantity.show(binding.duration, quantity.SECOND)
                return hold(Reason.SHORT, f"the run lasted {shown}, {asked} is asked for", f"a run of {asked}")
        if binding.at_least is not None and total.n < binding.at_least:
            return hold(Reason.FEW, f"{total.n} events, at least {binding.at_least} are asked for",
                        f"{binding.at_least - total.n} more events")  # fmt: skip
        if binding.no_worse_than is not None:
            return hold(Reason.BASELINE, f"no worse than {binding.no_worse_than} is asked for, and there is no baseline",
                        "evidence of a concurrent baseline")  # fmt: skip
        return answer

    def _load_problem(self, load: float, found: Sequence[Evidence]) -> str:
        """Why the promised load was not reached (rule 5), or empty. Completed requests were also offered."""
        reached: dict[object, list[tuple[float, Evidence]]] = {}
        for i, e in enumerate(found):
            completed, offered = (e.conditions.get(name) for name in ("completed", "offered"))
            if self.stage is Stage.DESIGN:
                completed = completed if completed is not None else offered
                if completed is None:
                    continue  # a prediction for the sentence's own load need not repeat it
            if isinstance(completed, str) or isinstance(offered, str) or completed is None:
                return "the report does not say which load it completed"
            own = min(completed, offered if offered is not None else completed)
            reached.setdefault(_whole(e) or i, []).append((own, e))
        least = min(map(_load, reached.values()), default=load)
        if least < LOAD_REACHED * load:
            return (
                f"{quantity.show(least, quantity.UNITS['/s'])} of {quantity.show(load, quantity.UNITS['/s'])} reached"
            )
        return ""

    def _statistic(self, total: records.Statistic, found: Sequence[Evidence], level: float) -> Answer:
        sentence = self.criterion.sentence
        match total:
            case records.Quantile() if sentence.quantile is not None:
                return self._quantile(total, found, level)
            case records.Share() | records.Slices() if self._is_share():
                return self._counted(total, found, level)
            case records.Quantile() if sentence.statistic == "mean":
                return self._from_cells(total, found, level)
            case records.Mean() if sentence.statistic == "mean":
                return self._mean(total.moments, found, level)
            case records.Rate() if self.criterion.indicator.kind is Kind.COUNT:
                return self._events(total, level)
            case records.Counts(_, values) if sentence.statistic == total.kind and not any(values):
                return inconclusive(Reason.NO_TRAFFIC, "no answers")
            case records.Counts() if sentence.statistic == total.kind:
                estimate = getattr(statistics, total.kind)(*total.values)
                scale = 100.0 if total.kind == "nps" else 1.0  # points are hundredths
                answer = self._number(estimate.value / scale, estimate.se / scale, None, total.n, level)
                return _within(answer, -1.0 if total.kind == "nps" else 0.0, 1.0)
            case records.Auc(positives, negatives) if not any(positives) or not any(negatives):
                return inconclusive(Reason.NO_TRAFFIC, "a ranking needs cases of both labels", n=total.n)
            case records.Auc():
                estimate = statistics.auc(total.positives, total.negatives)
                return _within(self._number(estimate.value, estimate.se, None, total.n, level), 0.0, 1.0)
            case records.Level(value, se, df, n):
                return self._number(value, se, df, n, level)
            case records.Prediction() if self.stage is Stage.DESIGN:
                return self._predicted(total, level)
            case records.Maximum(n, maximum) if sentence.statistic == "max":
                return self._largest(n, maximum)
            case records.Age(latest) if latest > self.at + CLOCK_SKEW:
                return inconclusive(
                    Reason.FUTURE, f"the latest event is of {minute(latest)}, after the time asked about"
                )
            case records.Age(latest):
                return self._exact((self.at - latest).total_seconds(), 1)
        name = sentence.statistic or "this promise"
        return inconclusive(
            Reason.KIND, f"{name} of {sentence.indicator} cannot be judged from a {_kind_name(total)} statistic"
        )

    def _is_share(self) -> bool:
        kind = self.criterion.indicator.kind
        return kind in (Kind.RATIO, Kind.AGE) or self.criterion.sentence.quantile is not None

    # Shares: rules 1, 2, 3, 7, 10

    def _quantile(self, total: records.Quantile, found: Sequence[Evidence], level: float) -> Answer:
        sentence = self.criterion.sentence
        threshold = float(sentence.target.base)
        if total.n == 0:
            return inconclusive(Reason.NO_TRAFFIC, "no events")
        good = total.good(sentence.op, threshold)
        if good is None:
            known = ", ".join(quantity.show(s.threshold, sentence.target.unit) for s in total.splits) or "nothing"
            return inconclusive(
                Reason.STALE,
                f"counts were split at {known}, {sentence.target} is promised now",
                n=total.n,
                settle="measure again",
            )
        answer = self._shares(good, total.n, found, level, lambda s: _quantile_good(s, sentence.op, threshold))
        q = sentence.quantile or Fraction(0)
        estimate = _value_at(total, q)
        return replace(answer, estimate=estimate, interval=_value_interval(self.rule, total, q, answer, level))

    def _counted(self, total: records.Share | records.Slices, found: Sequence[Evidence], level: float) -> Answer:
        if total.n == 0:
            return inconclusive(Reason.NO_TRAFFIC, "no events")
        if isinstance(total, records.Slices) and self._split_elsewhere(total.threshold):
            return inconclusive(
                Reason.STALE, f"slices were split at another limit than {self.criterion.sentence.target}"
            )
        answer = self._shares((total.good, total.good), total.n, found, level, _share_good)
        if answer.share is None:
            return answer
        value, low, high = answer.share
        return replace(answer, estimate=value, interval=(low, high))

    def _split_elsewhere(self, threshold: float | None) -> bool:
        if self.criterion.indicator.kind is Kind.RATIO:
            return False
        return threshold != float(self.criterion.sentence.target.base)

    def _shares(
        self,
        good: tuple[int, int],
        n: int,
        found: Sequence[Evidence],
        level: float,
        of: Callable[[records.Statistic], tuple[int, int] | None],
    ) -> Answer:
        """Judge `good` (fewest, most) of n events against the share that the promise asks for."""
        op, target = self.criterion.share_target
        low, high = good
        rule = self.rule
        if rule is Rule.CENSUS and self.stage is Stage.PRODUCTION and self.criterion.sentence.window is not None:
            return self._windowed(good, n, found)
        n_eff: float | None = None
        if rule in (Rule.CENSUS, Rule.ESTIMATE):
            bounds = (low / n, high / n)
            states = {_compare(op, Fraction(low, n), target), _compare(op, Fraction(high, n), target)}
        else:
            n_eff = self._effective(found, n, of)
            lower, upper = _share_bounds(rule, good, n, n_eff=n_eff, level=level)
            bounds = (lower, upper)
            if rule is Rule.SEQUENTIAL and self._too_early(found, n, op, target):
                early = self._share_answer(
                    State.INCONCLUSIVE, good, n, n_eff=n_eff, bounds=bounds, reason=Reason.FEW,
                    detail="a rollout is first judged after 10 buckets and 20 expected bad events",
                )  # fmt: skip
                count = len(_bucket_starts(found))
                settle = f"a record with at least 10 time buckets (series); here {count or 'none'}"
                return replace(early, settle=settle) if count < FIRST_LOOK else early
            states = {_from_bounds(op, bounds, target)}
        if len(states) > 1:
            return self._share_answer(
                State.INCONCLUSIVE, good, n, n_eff=n_eff, bounds=bounds, reason=Reason.RESOLUTION,
                detail=f"between {low} and {high} of {n} are good; the report does not tell",
            )  # fmt: skip
        state = states.pop()
        reason = Reason.UNPROVEN if state is State.INCONCLUSIVE else Reason.NONE
        if reason is Reason.UNPROVEN and low != high:
            closed = {
                _from_bounds(op, _share_bounds(rule, (g, g), n, n_eff=n_eff or n, level=level), target) for g in good
            }
            if len(closed) > 1:
                reason = Reason.RESOLUTION
        return self._share_answer(state, good, n, n_eff=n_eff, bounds=bounds, reason=reason, level=level)

    def _share_answer(
        self,
        state: State,
        good: tuple[int, int],
        n: int,
        *,
        n_eff: float | None,
        bounds: tuple[float, float],
        reason: Reason = Reason.NONE,
        detail: str = "",
        level: float = 0.95,
    ) -> Answer:
        estimate = (good[0] + good[1]) / (2 * n)
        op, target = self.criterion.share_target
        settle = ""
        if reason is Reason.UNPROVEN and op is Op.EQ:
            detail = "no sample shows an exact share"
            settle = "a complete count (census: true in indicators.yaml, or rule: census), or >= instead of ="
        elif reason is Reason.UNPROVEN:
            unit = quantity.SHARE
            side, bound = ("at least", bounds[0]) if op.lower else ("at most", bounds[1])
            detail = f"{side} {quantity.show(bound, unit)} is shown, {quantity.show(float(target), unit)} needed"
            settle = _more_events(op, target, good, n, n_eff=n_eff or n, level=level)
        elif reason is Reason.RESOLUTION:
            settle = "a histogram with a boundary at the threshold, or raw values"
        return Answer(
            state=state, reason=reason, detail=detail, share=(estimate, *bounds), n=n, n_eff=n_eff, settle=settle
        )

    def _too_early(self, found: Sequence[Evidence], n: int, op: Op, target: Fraction) -> bool:
        """Rule 10: the first verdict needs 10 buckets and 20 expected bad events; a record without time has no bucket."""
        allowed = float(target if op.upper else 1 - target)
        return len(_bucket_starts(found)) < FIRST_LOOK or n * allowed < 20

    def _effective(
        self, found: Sequence[Evidence], n: int, of: Callable[[records.Statistic], tuple[int, int] | None]
    ) -> float:
        """The effective sample (rule 3), run by run: runs are independent of each other, seconds of one run are not."""
        total = 0.0
        for run in runs(found):
            size = sum(e.statistic.n for e in run if e.statistic is not None)
            if size == 0:
                continue
            seconds = _seconds(run)
            slices = _slices(run, of)
            if seconds is None and slices is None:
                total += size
            else:
                covered = seconds if seconds is not None else 10.0 * len(slices or ())
                total += statistics.effective_n(slices, seconds=covered).n_eff if slices else min(size, covered)
        return min(float(n), max(total, 1.0))

    # Rule 7: the window of a promise in production

    def _windowed(self, good: tuple[int, int], n: int, found: Sequence[Evidence]) -> Answer:
        """Exact comparison over the window; what is missing counts once as all good and once as all bad."""
        op, target = self.criterion.share_target
        span = self._window(found)
        if isinstance(span, Answer):
            return replace(span, n=n, share=(sum(good) / (2 * n), good[0] / n, good[1] / n))
        missing = _lost_events(span, found, n)
        worst_case = good[0] / (n + missing) if op.lower else (good[0] + missing) / (n + missing)
        best_case = (good[1] + missing) / (n + missing) if op.lower else good[1] / (n + missing)
        if span.missing == 0:
            states = {_compare(op, Fraction(g, n), target) for g in good}
        else:
            states = {_compare(op, Fraction(case), target) for case in (worst_case, best_case)}
        bounds = (min(worst_case, best_case), max(worst_case, best_case))
        estimate = (sum(good) / (2 * n), *bounds)
        if len(states) == 1:
            return Answer(state=states.pop(), share=estimate, n=n)
        if span.missing == 0:
            return inconclusive(
                Reason.RESOLUTION, f"between {good[0]} and {good[1]} of {n} are good", share=estimate, n=n
            )
        if span.end > self.at:
            return inconclusive(Reason.WINDOW, f"{self.criterion.sentence.window} ends on {day(span.end)}",
                                 settle=f"it settles on {day(span.end)}", share=estimate, n=n)  # fmt: skip
        gap = quantity.show(span.missing, quantity.SECOND)
        return inconclusive(Reason.WINDOW, f"{gap} of {self.criterion.sentence.window} have no evidence",
                             settle=f"evidence for the missing {gap}", share=estimate, n=n)  # fmt: skip

    def _window(self, found: Sequence[Evidence]) -> "_Span | Answer":
        window = self.criterion.sentence.window
        if window is None or any(e.start is None or e.end is None for e in found):
            return inconclusive(
                Reason.WINDOW, "the evidence does not say which time it covers", settle='evidence with its "window"'
            )
        start, end = window_of(window, max(e.end for e in found if e.end is not None))
        tolerance = (end - start) * WINDOW_TOLERANCE
        gaps = []
        reach = start
        for e in sorted(found, key=lambda e: e.start or self.at):
            if e.start is None or e.end is None or e.end <= start:
                continue
            if e.start < start - tolerance:
                return inconclusive(Reason.WINDOW, f"a record from {minute(e.start)} covers time outside {window}",
                                     settle="records that end where the window starts")  # fmt: skip
            if e.start > reach:
                gaps.append((reach, e.start))
            reach = max(reach, e.end)
        if reach < end:
            gaps.append((reach, end))
        missing = sum((b - a for a, b in gaps), timedelta())
        return _Span(start, end, tuple(gaps) if missing > tolerance else ())

    # Numbers with an uncertainty: rules 2 and 4

    def _mean(self, moments: statistics.Moments, found: Sequence[Evidence], level: float) -> Answer:
        if moments.n == 0:
            return inconclusive(Reason.NO_TRAFFIC, "no events")
        if self.rule in (Rule.ESTIMATE, Rule.CENSUS):
            return self._exact(moments.mean, moments.n)
        if math.isnan(moments.m2) or moments.n < 2:
            return inconclusive(Reason.NO_ERROR, "a mean without its standard deviation", estimate=moments.mean, n=moments.n,
                                 settle="a report with the standard deviation, or raw values")  # fmt: skip
        seconds = _seconds(found)
        n_eff = moments.n if seconds is None else max(2.0, min(moments.n, seconds))  # rule 3, no buckets of means
        se = math.sqrt(moments.variance / n_eff)
        bounds = statistics.level_bounds(moments.mean, se, level=level, df=n_eff - 1)
        return replace(self._bounded(moments.mean, bounds, n=moments.n), n_eff=n_eff)

    def _from_cells(self, total: records.Quantile, found: Sequence[Evidence], level: float) -> Answer:
        if total.failures:
            return inconclusive(Reason.KIND, f"{total.failures} failed events have no value to average", n=total.n)
        if any(cell.lower != cell.upper for cell in total.cells) or not total.cells:
            return inconclusive(
                Reason.RESOLUTION, "a histogram does not give a mean", n=total.n, settle="raw values, or n, mean and m2"
            )
        moments = statistics.Moments(n=0, mean=0.0, m2=0.0)
        for cell in total.cells:
            moments = moments + statistics.Moments(n=cell.count, mean=cell.lower, m2=0.0)
        return self._mean(moments, found, level)

    def _events(self, total: records.Rate, level: float) -> Answer:
        as_rate = (
            self.criterion.sentence.statistic == "rate"
            or self.criterion.sentence.target.unit.dimension is quantity.Dimension.RATE
        )
        if self.rule in (Rule.ESTIMATE, Rule.CENSUS):
            if not as_rate:
                return self._exact(float(total.events), total.events)
            if not total.exposure:
                return inconclusive(Reason.NO_TRAFFIC, "a rate needs the exposure it was counted in")
            return self._exact(total.events / total.exposure, total.events)
        exposure = total.exposure if as_rate else 1.0
        if not exposure:
            return inconclusive(Reason.NO_TRAFFIC, "a rate needs the exposure it was counted in")
        bounds = (
            statistics.rate_lower(total.events, exposure, level=level),
            statistics.rate_upper(total.events, exposure, level=level),
        )
        return self._bounded(total.events / exposure, bounds, n=total.events)

    def _number(self, value: float, se: float | None, df: float | None, n: int, level: float) -> Answer:
        if not math.isfinite(value):
            return inconclusive(Reason.NOT_FINITE, "the report holds no finite number")
        if self.rule in (Rule.ESTIMATE, Rule.CENSUS):
            return self._exact(value, n)
        if se is None:
            return inconclusive(Reason.NO_ERROR, "a number without its standard error", estimate=value, n=n,
                                 settle='a report with its standard error, or "rule: estimate" in the binding')  # fmt: skip
        return self._bounded(value, statistics.level_bounds(value, se, level=level, df=df), n=n)

    def _predicted(self, total: records.Prediction, level: float) -> Answer:
        """A two-sided interval is two one-sided bounds; it shows no more than the level it was made at (rule 14)."""
        if self.rule in (Rule.ESTIMATE, Rule.CENSUS):
            return self._exact(total.value, total.n)
        answer = self._bounded(total.value, (total.low, total.high), n=total.n)
        reached = (1 + total.level) / 2
        if answer.state is State.INCONCLUSIVE:  # nobody can draw a larger sample of a prediction
            return replace(answer, settle=answer.settle.replace("a larger sample", "a narrower prediction"))
        if reached >= level - 1e-9:
            return answer
        return replace(answer, state=State.INCONCLUSIVE, reason=Reason.UNPROVEN,
                       detail=f"its {total.level:.0%} interval shows a bound at {reached:.1%}, {level:.1%} is asked for",
                       settle=f"an interval at {2 * level - 1:.1%}")  # fmt: skip

    def _largest(self, n: int, maximum: float) -> Answer:
        if n == 0:
            return inconclusive(Reason.NO_TRAFFIC, "no events")
        answer = self._exact(maximum, n)
        if answer.state is State.MET and self.rule not in (Rule.CENSUS, Rule.ESTIMATE):
            return replace(answer, state=State.INCONCLUSIVE, reason=Reason.KIND,
                           detail="the maximum of a sample says nothing about the largest there is",
                           settle="a complete count (census: true in indicators.yaml), or a quantile")  # fmt: skip
        return answer

    def _exact(self, value: float, n: int) -> Answer:
        state = _compare(self.criterion.sentence.op, Fraction(value), _as_float(self.criterion.sentence.target))
        return Answer(state=state, estimate=value, interval=(value, value), n=n)

    def _bounded(self, value: float, bounds: tuple[float, float], *, n: int) -> Answer:
        sentence = self.criterion.sentence
        state = _from_bounds(sentence.op, bounds, _as_float(sentence.target))
        answer = Answer(state=state, estimate=value, interval=bounds, n=n)
        if state is not State.INCONCLUSIVE:
            return answer
        if sentence.op is Op.EQ:
            return replace(answer, reason=Reason.UNPROVEN, detail="no sample shows an exact number",
                           settle="a complete count (census: true in indicators.yaml)")  # fmt: skip
        unit = criteria.expected_unit(sentence.statistic, self.criterion.indicator)
        bad_side = bounds[1] if sentence.op.upper else bounds[0]
        if not math.isfinite(bad_side):
            return replace(answer, reason=Reason.UNPROVEN, detail="values without any spread give no bound",
                           settle="a larger sample")  # fmt: skip
        return replace(
            answer, reason=Reason.UNPROVEN,
            detail=f"the bound {quantity.show(bad_side, unit)} does not reach {sentence.target}",
            settle=f"a larger sample, or a promise of {quantity.show(bad_side, unit)}",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Span:
    """The time a promise covers, and the parts of it that the evidence leaves out, in order."""

    start: datetime
    end: datetime
    gaps: tuple[tuple[datetime, datetime], ...]

    @property
    def missing(self) -> float:
        """Seconds without evidence."""
        return sum((end - start).total_seconds() for start, end in self.gaps)


def window_of(window: criteria.Window, latest: datetime) -> tuple[datetime, datetime]:
    """Start and end of the window that evidence up to `latest` is about."""
    if window.calendar:
        return calendar_period(window.calendar, latest - timedelta(seconds=1))
    return latest - timedelta(seconds=window.seconds), latest


def _lost_events(span: _Span, found: Sequence[Evidence], n: int) -> float:
    """How many events the gaps would have held: as many as the same time a week before, else as the average (rule 7)."""
    if not span.gaps:
        return 0.0
    average = n / ((span.end - span.start).total_seconds() - span.missing)
    known = _rates(found)
    total = 0.0
    for first, end in span.gaps:  # in order of time: what fills one gap is the week before of a later one
        start = first
        while start < end:
            stop = min(end, start + WEEK)
            again = [
                (max(a + WEEK, start), min(b + WEEK, stop), rate)
                for a, b, rate in known
                if a + WEEK < stop and b + WEEK > start
            ]
            told = sum((b - a).total_seconds() for a, b, _ in again)
            total += sum((b - a).total_seconds() * rate for a, b, rate in again)
            total += ((stop - start).total_seconds() - told) * average
            known += again
            start = stop
    return total


def _rates(found: Sequence[Evidence]) -> list[tuple[datetime, datetime, float]]:
    """Events per second over time, all records together: stretches that do not overlap."""
    records_at: dict[datetime, list[tuple[int, float]]] = {}
    for e in found:
        if e.start is not None and e.end is not None and e.statistic is not None:
            rate = e.statistic.n / (e.end - e.start).total_seconds()
            records_at.setdefault(e.start, []).append((1, rate))
            records_at.setdefault(e.end, []).append((-1, rate))
    stretches = []
    running: Counter[float] = Counter()
    times = sorted(records_at)
    for time, following in pairwise(times):
        for sign, rate in records_at[time]:
            running[rate] += sign
        if any(running.values()):
            stretches.append((time, following, sum(rate * count for rate, count in running.items())))
    return stretches


def calendar_period(name: str, moment: datetime) -> tuple[datetime, datetime]:
    """Start and end (UTC) of the calendar day, week, month, quarter or year that holds a moment."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if name == "day":
        return day, day + timedelta(days=1)
    if name == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[name]
    first = (day.month - 1) // months * months + 1
    start = day.replace(month=first, day=1)
    year, month = divmod(start.year * 12 + first - 1 + months, 12)
    return start, start.replace(year=year, month=month + 1)


def _as_float(target: quantity.Quantity) -> Fraction:
    """The target as the nearest float: measured values are floats, and 0.8 must compare equal to 0.8."""
    return Fraction(float(target))


def _within(answer: Answer, lowest: float, highest: float) -> Answer:
    """The same answer with its interval cut to what the score can be; no state depends on what is cut off."""
    if answer.interval is None:
        return answer
    return replace(answer, interval=(max(answer.interval[0], lowest), min(answer.interval[1], highest)))


def _compare(op: Op, value: Fraction, target: Fraction) -> State:
    return State.MET if op.holds(value, target) else State.NOT_MET


def _from_bounds(op: Op, bounds: tuple[float, float], target: Fraction) -> State:
    """Met when the bound on the bad side satisfies the target, not met when the other one violates it (rule 2)."""
    lower, upper = bounds
    if op is Op.EQ:
        return State.NOT_MET if lower > target or upper < target else State.INCONCLUSIVE
    bad, other = (upper, lower) if op.upper else (lower, upper)
    if math.isfinite(bad) and op.holds(bad, target):
        return State.MET
    return State.NOT_MET if math.isfinite(other) and not op.holds(other, target) else State.INCONCLUSIVE


def _share_bounds(rule: Rule, good: tuple[float, float], n: int, *, n_eff: float, level: float) -> tuple[float, float]:
    """One-sided bounds of the share: Clopper-Pearson (rule 2), or valid at every look (rule 10)."""
    scale = n_eff / n
    low, high = good
    if rule is Rule.SEQUENTIAL:
        alpha = 1 - level
        lower = statistics.anytime_share_bounds(low * scale, n_eff, alpha=alpha)[0]
        return lower, statistics.anytime_share_bounds(high * scale, n_eff, alpha=alpha)[1]
    return (
        statistics.share_lower(low * scale, n_eff, level=level),
        statistics.share_upper(high * scale, n_eff, level=level),
    )


def _quantile_good(statistic: records.Statistic, op: Op, threshold: float) -> tuple[int, int] | None:
    return statistic.good(op, threshold) if isinstance(statistic, records.Quantile) else None


def _share_good(statistic: records.Statistic) -> tuple[int, int] | None:
    return (statistic.good, statistic.good) if isinstance(statistic, records.Share | records.Slices) else None


def _slices(
    run: Sequence[Evidence], of: Callable[[records.Statistic], tuple[int, int] | None]
) -> list[statistics.Slice] | None:
    """The run as 10 s buckets over all its records, or None when any record has none that fit (rule 3)."""
    if not run or any(not e.series or any(b.seconds > 10.0 for b in e.series) for e in run):
        return None
    counts: dict[int, tuple[int, int]] = {}
    for e in run:
        for b in e.series:
            good = of(b.statistic)
            if good is None:
                return None
            n, g = counts.get(int(b.at // 10), (0, 0))
            counts[int(b.at // 10)] = (n + b.statistic.n, g + (good[0] + good[1]) // 2)
    first, last = min(counts), max(counts)
    found = [counts.get(i, (0, 0)) for i in range(first, last + 1)]
    return [statistics.Slice(n=n, good=good) for n, good in found]


def _bucket_starts(found: Sequence[Evidence]) -> set[float]:
    """When the time buckets of a rollout begin: those of its series; a record of a time without one is one bucket."""
    starts: set[float] = set()
    for e in found:
        begin = e.start.timestamp() if e.start else 0.0
        starts |= {begin + b.at for b in e.series} or ({begin} if e.start and e.end else set())
    return starts


def _seconds(found: Sequence[Evidence]) -> float | None:
    """How long the records lasted: shards of one run side by side, runs after each other."""
    runs: dict[str, float] = {}
    for i, e in enumerate(found):
        if e.seconds is None:
            return None
        key = e.run or e.source.get("digest", "") or str(i)
        runs[key] = max(runs.get(key, 0.0), e.seconds)
    return sum(runs.values()) if runs else None


def _value_at(total: records.Quantile, q: Fraction) -> float | None:
    """The inverted CDF at q (the middle of its cell), None when only counts are known or failures reach it."""
    if not total.cells:
        return None
    lower, upper = total.at_rank(max(1, math.ceil(q * total.n)))
    return None if math.isinf(lower) else (lower if math.isinf(upper) else (lower + upper) / 2)


def _value_interval(
    rule: Rule, total: records.Quantile, q: Fraction, answer: Answer, level: float
) -> tuple[float, float] | None:
    """Bounds of the quantile from the same bounds on shares that judged it, at the ranks where they cross q."""
    if not total.cells:
        return None
    n_eff = answer.n_eff or float(total.n)
    if answer.n_eff is None:
        lower, upper = total.at_rank(max(1, math.ceil(q * total.n)))
        return lower, upper

    scale = n_eff / total.n

    def upper_reaches(rank: int) -> bool:  # share_upper(rank) >= q, without solving for the bound itself
        good = rank * scale
        if rule is Rule.SEQUENTIAL:
            return statistics.share_e_below(min(good, n_eff), n_eff, float(q)) <= 1 / (1 - level)
        return good >= n_eff or distributions.beta_cdf(float(q), good + 1, n_eff - good) <= level

    def lower_reaches(rank: int) -> bool:  # share_lower(rank) >= q
        good = min(rank * scale, n_eff)
        if rule is Rule.SEQUENTIAL:
            return statistics.share_e_above(good, n_eff, float(q)) >= 1 / (1 - level)
        return distributions.beta_cdf(float(q), good, n_eff - good + 1) <= 1 - level

    ranks = range(1, total.n + 1)
    first = 1 + bisect_left(ranks, True, key=upper_reaches)
    last = 1 + bisect_left(ranks, True, key=lower_reaches)
    return total.at_rank(first)[0], (math.inf if last > total.n else total.at_rank(last)[1])


def _more_events(op: Op, target: Fraction, good: tuple[int, int], n: int, *, n_eff: float, level: float) -> str:
    """What would settle a share: more events like these, or a weaker promise."""
    middle = (good[0] + good[1]) / 2
    share = middle / n
    ideal = share == (1.0 if op.lower else 0.0)
    if target == 1 and op is Op.GE:
        return "a complete count (census: true in indicators.yaml): no sample shows 100 %"
    if ideal and op.lower and n_eff == n:
        more = statistics.needed_more(middle, n, float(target), level=level)
        if more is not None:
            return f"{more} more, all good ({n + more} in all)"
    if not op.holds(share, target):
        return f"a larger sample; at {quantity.show(share, quantity.SHARE)} it will not be met"
    size = n_eff
    while size < 1e9:
        size *= 1.05
        if (
            _from_bounds(op, _share_bounds(Rule.CONFIDENT, (middle, middle), n, n_eff=size, level=level), target)
            is State.MET
        ):
            return f"about {size / n_eff:.1f} times as much evidence like this"
    return "a larger margin: the measured share lies at the promise"


def _kind_name(statistic: records.Statistic) -> str:
    return str(records.encode_statistic(statistic)["kind"])


def day(moment: datetime) -> str:
    """The date of a moment, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d")


def minute(moment: datetime) -> str:
    """A moment to the minute, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _whole(e: Evidence) -> tuple[object, ...]:
    """What a shard is a part of: the same run, the same population but for `shard`; empty for what is no shard.

    Records that differ otherwise, by customer say, may each repeat the load of the whole, so theirs never adds.
    """
    if not e.run or "shard" not in e.population:
        return ()
    return (e.run, *sorted((name, member) for name, member in e.population.items() if name != "shard"))


def _load(shards: Sequence[tuple[float, Evidence]]) -> float:
    """The load that shards offer together; where their times are known to lie apart, the least of them."""
    starts = [e.start for _, e in shards if e.start is not None]
    ends = [e.end for _, e in shards if e.end is not None]
    apart = len(shards) > 1 and starts and ends and max(starts) >= min(ends)
    return (min if apart else math.fsum)(load for load, _ in shards)


def runs(counted: Sequence[Evidence]) -> list[list[Evidence]]:
    """Group evidence into runs, oldest first: shards of one run id, or one file, belong together."""
    runs: dict[str, list[Evidence]] = {}
    for i, e in enumerate(reversed(counted)):  # `counted` is newest first
        runs.setdefault(e.run or e.source.get("digest", "") or e.id or str(i), []).append(e)
    return list(runs.values())
