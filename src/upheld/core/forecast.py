"""When will the work be done? From the pace at which it was done before, or from three guesses where there is no history.

Time is counted in weeks from the start. The method is the usual bootstrap of weekly throughput; what it usually leaves
out, discovered work and pace that drifts, is sampled too. Every forecast is shown beside how its forerunners fared.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from upheld.core import statistics
from upheld.core.evidence import Prediction
from upheld.core.prediction import LEVEL
from upheld.core.sampling import Chance

WEEK = 7 * 86400.0
TRIALS = 10_000
LEAST_WEEKS = 8  # of history; with fewer nothing is said
RECENT = 26  # weeks of history that a forecast looks back at
BLOCK = 4  # weeks drawn together, because a busy week seldom stands alone
LONGEST = 520  # weeks; what takes longer is not finished
AHEAD = 6  # weeks that a forecast of the back-test looks forward, about
BACK_TEST_TRIALS = 1_000
LEARNED = 10  # past forecasts from which the width is corrected


class Beta(Chance, Protocol):
    """Chance that also draws from the beta distribution."""

    def betavariate(self, alpha: float, beta: float) -> float:
        """Beta."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task by three guesses, in working days."""

    best: float
    likely: float
    worst: float

    def draw(self, chance: Beta) -> float:
        """PERT: the beta distribution with the mean (best + 4 likely + worst) / 6 (Malcolm and others 1959)."""
        span = self.worst - self.best
        if span == 0:
            return self.best
        return self.best + span * chance.betavariate(
            1 + 4 * (self.likely - self.best) / span, 1 + 4 * (self.worst - self.likely) / span
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is left to do: items at the pace of the history, or tasks by three guesses; and by how much it will grow."""

    items: int = 0
    finished: tuple[int, ...] = ()  # items per week, the newest last
    tasks: tuple[Task, ...] = ()
    people: int = 1
    days: float = 5.0  # working days a week
    growth: tuple[float, float] = (0.0, 0.0)  # of the work while it is done, between these shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """When work will be done, in weeks from the start, and how forecasts of this kind fared before."""

    predicted: Prediction | None  # seconds; None where the late ones do not end
    p50: float
    p85: float
    p95: float
    unfinished: float  # the share of trials that do not end within ten years
    wider: float  # by how much the distance from P50 was stretched, because past forecasts were too narrow
    weeks: int  # of history
    curve: tuple[tuple[float, float, float], ...]  # share done per week: 5 %, median, 95 %; for the picture
    back_test: "BackTest | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One past forecast and what became of it, in weeks."""

    week: int  # of the history, at which it was made
    items: int
    p50: float
    p85: float  # stretched by what the forecasts before it had shown
    actual: float
    strain: float  # how far beyond P50 it ended, in distances from P50 to the unstretched P85


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """Past forecasts on dates that do not overlap."""

    past: tuple[Past, ...]

    @property
    def wider(self) -> float:
        """By how much the next forecast has to be stretched."""
        return _wider([p.strain for p in self.past])

    def held(self, which: str) -> tuple[int, int, float, float]:
        """How many P50 or P85 forecasts held, of how many, and the 90 % interval of that share (Clopper-Pearson)."""
        n = len(self.past)
        held = sum(p.actual <= getattr(p, which) for p in self.past)
        return held, n, statistics.share_lower(held, n, level=0.95), statistics.share_upper(held, n, level=0.95)


def weeks_to_finish(items: float, finished: Sequence[int], chance: Chance) -> float:
    """One future: blocks of recent weeks in random order until `items` are done; infinite when that takes ten years.

    How far back it looks is itself drawn, from 8 weeks to all: whether the pace of the last weeks or that of the last
    half year will go on is not known.
    """
    recent = finished[-min(len(finished), LEAST_WEEKS + int(chance.random() * (RECENT - LEAST_WEEKS + 1))) :]
    if not any(recent):
        return math.inf
    left, weeks = items, 0.0
    while weeks < LONGEST:
        first = int(chance.random() * len(recent))
        for i in range(first, first + BLOCK):
            done = recent[i % len(recent)]
            if done >= left:
                return weeks + (left / done if done else 0.0)
            left -= done
            weeks += 1
    return math.inf


def one_future(work: Work, chance: Beta) -> float:
    """Weeks until the work is done, with what is discovered on the way."""
    low, high = work.growth
    more = 1 + low + (high - low) * chance.random()
    if work.tasks:
        return more * math.fsum(task.draw(chance) for task in work.tasks) / (work.people * work.days)
    return weeks_to_finish(work.items * more, work.finished, chance)


def forecast(work: Work, *, chance: Beta, tell: Callable[[int, int], object]) -> Forecast | None:
    """P50, P85 and P95 with the back-test beside them; None with fewer than eight weeks of history."""
    if not work.tasks and len(work.finished) < LEAST_WEEKS:
        return None
    ends = []
    for i in range(TRIALS):
        ends.append(one_future(work, chance))
        if i % 1000 == 999:
            tell(i + 1, TRIALS)
    past = None if work.tasks else back_test(work.finished, chance)
    wider = past.wider if past else 1.0
    ends.sort()
    middle = _at(ends, 0.5)
    ends = [_stretched(end, middle, wider) for end in ends]
    p5, p50, p85, p95 = (_at(ends, q) for q in (0.05, 0.5, 0.85, 0.95))
    predicted = Prediction(p50 * WEEK, p5 * WEEK, p95 * WEEK, LEVEL) if math.isfinite(p95) else None
    return Forecast(
        predicted=predicted, p50=p50, p85=p85, p95=p95, unfinished=sum(map(math.isinf, ends)) / TRIALS, wider=wider,
        weeks=len(work.finished), curve=_curve(ends), back_test=past,
    )  # fmt: skip


def _at(ordered: Sequence[float], q: float) -> float:
    return ordered[max(0, math.ceil(q * len(ordered)) - 1)]


def _stretched(end: float, middle: float, wider: float) -> float:
    """An end moved away from the middle, by a factor of its distance in logarithms."""
    return end if wider == 1.0 or end <= 0 or math.isinf(middle) else middle * (end / middle) ** wider


def _wider(strains: Sequence[float]) -> float:
    """By how much P85 has to be further away so that 85 % of the past would have ended before it, never by less.

    The quantile is the one of split conformal prediction (Vovk and others 2005): of n past misses the one of rank
    ceil(0.85 (n + 1)). Fewer than ten change nothing.
    """
    n = len(strains)
    return max(1.0, sorted(strains)[min(n, math.ceil(0.85 * (n + 1))) - 1]) if n >= LEARNED else 1.0


def _curve(ends: Sequence[float]) -> tuple[tuple[float, float, float], ...]:
    """The share of the work that is done after each week: at an even pace towards late, middle and early ends."""
    late, middle, early = (_at(ends, q) for q in (0.95, 0.5, 0.05))
    if math.isinf(late):
        return ()
    n = min(LONGEST, math.ceil(late) + 1)
    return tuple(tuple(min(1.0, week / end) if end else 1.0 for end in (late, middle, early)) for week in range(n))  # type: ignore[misc]


def back_test(finished: Sequence[int], chance: Chance) -> BackTest:
    """Forecast the past, from dates that do not overlap, with what was known then."""
    past: list[Past] = []
    week = RECENT
    while week < len(finished) - 1:
        known = finished[:week]
        items = round(math.fsum(known[-LEAST_WEEKS:]) / LEAST_WEEKS * AHEAD)
        actual = _actual(finished, week, items)
        if items < 1:
            week += 1
            continue
        if actual is None:
            break
        ends = sorted(weeks_to_finish(items, known, chance) for _ in range(BACK_TEST_TRIALS))
        p50, p85 = _at(ends, 0.5), _at(ends, 0.85)
        wider = _wider([p.strain for p in past])
        width = max(math.log(p85 / p50), 1e-3) if 0 < p50 < p85 < math.inf else 1e-3
        past.append(
            Past(
                week=week, items=items, p50=p50, p85=_stretched(p85, p50, wider), actual=actual,
                strain=math.log(max(actual, 1e-3) / p50) / width if 0 < p50 < math.inf else 0.0,
            )
        )  # fmt: skip
        week += max(1, math.ceil(actual))
    return BackTest(past=tuple(past))


def _actual(finished: Sequence[int], week: int, items: int) -> float | None:
    """Weeks that the items really took from a date on; None when they were not finished by the end of the history."""
    left = items
    for i in range(week, len(finished)):
        if finished[i] >= left:
            return i - week + (left / finished[i] if finished[i] else 0.0)
        left -= finished[i]
    return None
