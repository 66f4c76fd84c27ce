"""The arithmetic that verdicts rest on: bounds, dependence, e-values, and what would settle an open question.

Every function is pure and needs the standard library alone. The rule numbers are those of the project's statistics rules.

Three conventions hold throughout:

- A bound is one-sided at the level it is given. A pair of bounds is two one-sided statements, so at 95 % the two
  together enclose 90 %.
- Counts may be real-valued, because an effective sample size (rule 3) is, and may leave [0, n] by rounding.
- Arguments without meaning are a programming error and raise `ValueError` with the value.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import NamedTuple, Self

from upheld.core.distributions import (
    NEGLIGIBLE,
    beta_log_tails,
    beta_logit_quantile,
    binomial_tail,
    exp_or_infinity,
    gamma_quantile,
    log_logistic,
    logistic,
    normal_quantile,
    poisson_tail,
    require_positive,
    require_probability,
    student_quantile,
)

SLICE_SECONDS = 10
"""Length of the time buckets that rule 3 starts from."""

MINIMUM_BATCHES = 20
"""Fewer batches than this say too little about their own variance (rule 3)."""

MINIMUM_EVENTS = 10
"""With fewer bad events than this the variance between batches is not estimated (rule 3)."""

SAFETY_FACTOR = 5.0
"""How many times the limit the bad share must exceed before the safety floor may act (rule 13)."""

SAFETY_TAIL = 1e-6
"""How improbable the bad events must be at the limit before the safety floor acts (rule 13)."""

BURN_GUARD_TAIL = 1e-4
"""A burn-rate alert is kept back unless `burn_guard` is below this (rule 15)."""

MOST_WORTH_ASKING = 10_000_000
"""Beyond this many further observations `needed_more` says that more of the same settles nothing."""

LONGEST_RUN_SECONDS = 1_000_000_000
"""Beyond this length (about 30 years) `shortest_run` says that no timed run settles the question."""


class Bounds(NamedTuple):
    """Two one-sided bounds, each at the stated level."""

    lower: float
    upper: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A value with its standard error, both in the value's unit."""

    value: float
    se: float


# --- Checks -----------------------------------------------------------------------------------------------------------


def _checked(good: float, n: float, *, empty: bool = False) -> float:
    """The good count, moved into [0, n] where rounding took it out; n = 0 only where `empty` says so."""
    slack = 1e-12 * n  # 193887 * (111 / 193887) is 111.00000000000001: scaling all good events to n_eff
    if not (-slack <= good <= n + slack and n < math.inf and (n > 0 or empty)):
        raise ValueError(f"good = {good!r} of n = {n!r}: counts need 0 <= good <= n and a finite n > 0")
    return min(max(good, 0.0), n)


def _require_level(level: float) -> None:
    if not 0.5 <= level < 1:
        raise ValueError(f"level = {level!r}: a one-sided confidence level lies from 0.5 to below 1")


def _require_between_0_and_1(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise ValueError(f"{name} = {value!r}: it must lie between 0 and 1, both excluded")


def _require_alpha(alpha: float) -> None:
    if not 0 < alpha <= 0.5:
        raise ValueError(f"alpha = {alpha!r}: an error probability lies above 0 and at most at 0.5")


# --- Rule 2: shares and rates -----------------------------------------------------------------------------------------


def share_lower(good: float, n: float, *, level: float) -> float:
    """The one-sided lower Clopper-Pearson bound of a share at `level`, from `good` of `n` events (real-valued allowed).

    0 <= good <= n, n > 0, 0.5 <= level < 1; ValueError otherwise. Source: Clopper and Pearson 1934.
    """
    good = _checked(good, n)
    _require_level(level)
    if good == 0:
        return 0.0
    if good == n:
        return math.exp(math.log1p(-level) / n)
    return logistic(beta_logit_quantile(good, n - good + 1, math.log1p(-level)))


def share_upper(good: float, n: float, *, level: float) -> float:
    """The one-sided upper Clopper-Pearson bound of a share at `level`; shapes and errors as `share_lower`."""
    good = _checked(good, n)
    _require_level(level)
    if good == n:
        return 1.0
    if good == 0:
        return -math.expm1(math.log1p(-level) / n)
    return logistic(-beta_logit_quantile(n - good, good + 1, math.log1p(-level)))


def wilson(good: float, n: float, *, level: float) -> Bounds:
    """The two-sided Wilson score interval at `level`, for drawing only: it never judges (rule 2).

    Its one-sided error exceeds the stated level near 0 and 1, where promises live. Source: Wilson 1927.
    """
    good = _checked(good, n)
    _require_between_0_and_1("level", level)
    z = normal_quantile((1 + level) / 2)
    p = good / n
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    middle = p + z * z / (2 * n)
    scale = 1 + z * z / n
    return Bounds(max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


def _require_events(events: float, exposure: float) -> None:
    if not 0 <= events < math.inf:
        raise ValueError(f"events = {events!r}: it must be finite and not negative")
    require_positive("exposure", exposure)


def rate_lower(events: float, exposure: float, *, level: float) -> float:
    """The one-sided lower exact Poisson bound of events per unit of exposure at `level`. Source: Garwood 1936."""
    _require_events(events, exposure)
    _require_level(level)
    return 0.0 if events == 0 else gamma_quantile(1 - level, events) / exposure


def rate_upper(events: float, exposure: float, *, level: float) -> float:
    """The one-sided upper exact Poisson bound of events per unit of exposure at `level`. Source: Garwood 1936."""
    _require_events(events, exposure)
    _require_level(level)
    return gamma_quantile(level, events + 1) / exposure


# --- Means and levels -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Moments:
    """A sample of values as three numbers that add; `Moments(n=0, mean=0.0, m2=0.0)` is the empty sample.

    Never a raw sum of squares: on epoch seconds that gave a variance of 419 instead of 0.0001.
    """

    n: int
    """How many values."""
    mean: float
    """Their mean."""
    m2: float
    """The sum of their squared distances from the mean."""

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        """The moments of some values in one pass. Source: Welford 1962."""
        n, mean, m2 = 0, 0.0, 0.0
        for value in values:
            n += 1
            distance = value - mean
            mean += distance / n
            m2 += distance * (value - mean)
        return cls(n=n, mean=mean, m2=m2)

    def __add__(self, other: "Moments") -> "Moments":
        """The moments of two disjoint samples together. Source: Chan, Golub and LeVeque 1979."""
        if self.n == 0:
            return other
        if other.n == 0:
            return self
        n = self.n + other.n
        distance = other.mean - self.mean
        return Moments(
            n=n,
            mean=self.mean + distance * (other.n / n),
            m2=self.m2 + other.m2 + distance * distance * (self.n / n * other.n),
        )

    @property
    def variance(self) -> float:
        """The unbiased sample variance; NaN for fewer than two values, which have none."""
        return self.m2 / (self.n - 1) if self.n >= 2 else math.nan


def mean_bounds(moments: Moments, *, level: float) -> Bounds:
    """Lower and upper bound of a mean, each one-sided at `level`, by Student's t.

    Fewer than two values, or values that never differed, do not say how far the next one may lie:
    the bounds are then infinite. (Two answers of 5 on a scale of five would otherwise prove a mean of 5.)
    """
    _require_level(level)
    if moments.n < 2 or moments.m2 == 0:
        return Bounds(-math.inf, math.inf)
    return level_bounds(moments.mean, math.sqrt(moments.variance / moments.n), level=level, df=moments.n - 1)


def level_bounds(value: float, se: float, *, level: float, df: float | None = None) -> Bounds:
    """Lower and upper bound of a reported value from its standard error, each one-sided at `level` (rule 4).

    Normal, or Student's t with `df` degrees of freedom. A standard error of 0 states no precision (a report that
    rounds prints one) and an infinite one none either: the bounds are then infinite. ValueError for a negative
    or missing (NaN) standard error and for a value that is not finite.
    """
    _require_level(level)
    if not math.isfinite(value) or not se >= 0:
        raise ValueError(
            f"value = {value!r}, se = {se!r}: the value must be finite and its standard error not negative"
        )
    if se in (0, math.inf):
        return Bounds(-math.inf, math.inf)
    reach = se * (normal_quantile(level) if df is None else student_quantile(level, df))
    return Bounds(value - reach, value + reach)


# --- Rule 3: dependence -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """The events of one time bucket, or of one respondent: how many, and how many of them good."""

    n: float
    good: float


class Sizing(Enum):
    """How an effective sample size was found, or why it had to be the length of the run."""

    BATCHES_OF_10_S = "the variance between 10 s batches"
    BATCHES_OF_30_S = "the variance between 30 s batches"
    FEW_BATCHES = "fewer than 20 batches of 30 s: one event per second counts"
    FEW_BAD = "fewer than 10 bad (or fewer than 10 good) events: one event per second counts"


_BATCHES = ((1, Sizing.BATCHES_OF_10_S), (3, Sizing.BATCHES_OF_30_S))
"""Widths of the batches, in slices."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effective:
    """How many independent events a run is worth."""

    n: float
    """Events observed."""
    good: float
    """Good events observed."""
    n_eff: float
    """Independent events that carry the same information; never more than n."""
    autocorrelation: float | None
    """Lag-1 autocorrelation between the batches that decided, at least 0; None where batches were not used."""
    method: Sizing
    """Where n_eff comes from."""

    @property
    def good_eff(self) -> float:
        """The good events among n_eff: what `share_lower` and `share_upper` take together with n_eff."""
        return min(self.n_eff, self.good / self.n * self.n_eff)


def _total(slices: Sequence[Slice]) -> Slice:
    for part in slices:
        if not 0 <= part.good <= part.n < math.inf:
            raise ValueError(f"{part!r}: counts need 0 <= good <= n and a finite n")
    n, good = math.fsum(part.n for part in slices), math.fsum(part.good for part in slices)
    if n == 0:
        raise ValueError(f"{len(slices)} slices without a single event: nothing was observed")
    return Slice(n=n, good=min(good, n))


def _ratio_variance(parts: Sequence[Slice], total: Slice) -> tuple[float, list[float]]:
    """Variance of good / n over the parts, linearised for unequal n, and the parts' residuals (they sum to 0).

    Source: Cochran 1977, Sampling Techniques, ratio estimators.
    """
    share = total.good / total.n
    residuals = [part.good - share * part.n for part in parts]
    k = len(parts)
    return k / (k - 1) * math.fsum(e * e for e in residuals) / total.n**2, residuals


def effective_n(slices: Sequence[Slice], *, seconds: float) -> Effective:
    """How many independent events a timed run of `seconds` is worth (rule 3).

    `slices` are its 10 s buckets in time order, empty ones included; a run without buckets is one slice.
    ValueError without a single event, for impossible counts, and for a length that is not positive.

    The slices are taken as batches of 10 s and of 30 s. For each width the variance of the share between batches
    (linearised for unequal n) is multiplied by (1+r)/(1-r), r >= 0 the lag-1 autocorrelation of the residuals;
    the larger variance wins, and n_eff = min(n, p(1-p)/variance). Decisions where the rule leaves room, each
    on the cautious side:

    - Both widths need 20 batches, so batches are used from 60 slices (600 s) on. Below that only the 10 s batches
      could be estimated, and they cannot see the slower swings that matter most.
    - Only whole batches with events count towards the 20. A batch without events is left out and its neighbours
      become neighbours: kept in, gaps in the traffic would dilute r towards 0.
    - Fewer than 10 good events is the mirror image of fewer than 10 bad ones and falls back likewise.
    - r cannot reach 1: for k residuals it is at most cos(pi/(k+1)), so the factor never exceeds about (k+1)^2 / 2.5.
    - Batches that differ not at all give n_eff = n: evidence is never worth more than its events.
    """
    require_positive("seconds", seconds)
    total = _total(slices)

    def result(n_eff: float, method: Sizing, autocorrelation: float | None = None) -> Effective:
        return Effective(n=total.n, good=total.good, n_eff=n_eff, autocorrelation=autocorrelation, method=method)

    by_length = min(total.n, seconds)
    candidates = []
    for width, method in _BATCHES:
        batches, whole = _batches(slices, width)
        if whole < MINIMUM_BATCHES:
            return result(by_length, Sizing.FEW_BATCHES)
        variance, residuals = _ratio_variance(batches, total)
        r = _autocorrelation(residuals)
        candidates.append((variance * (1 + r) / (1 - r), method, r))
    if min(total.good, total.n - total.good) < MINIMUM_EVENTS:
        return result(by_length, Sizing.FEW_BAD)
    variance, method, r = max(candidates, key=lambda candidate: candidate[0])
    return result(_worth(total, variance), method, r)


def _batches(slices: Sequence[Slice], width: int) -> tuple[list[Slice], int]:
    """Every `width` neighbouring slices as one batch, those without events left out; and how many of them are whole."""
    batches, whole = [], 0
    for start in range(0, len(slices), width):
        members = slices[start : start + width]
        n = math.fsum(member.n for member in members)
        if n > 0:
            batches.append(Slice(n=n, good=math.fsum(member.good for member in members)))
            whole += len(members) == width
    return batches, whole


def _autocorrelation(residuals: Sequence[float]) -> float:
    """The lag-1 autocorrelation of residuals with mean 0, not below 0; 0 where nothing varies."""
    squares = math.fsum(e * e for e in residuals)
    products = math.fsum(e * f for e, f in pairwise(residuals))
    return products / squares if products > 0 else 0.0


def _worth(total: Slice, variance: float) -> float:
    """The number of independent events whose share has this variance; never more than there were."""
    share = total.good / total.n
    return min(total.n, share * (1 - share) / variance) if variance > 0 else total.n


def cluster_effective_n(clusters: Sequence[Slice]) -> float:
    """How many independent events the answers of respondents are worth, each respondent one cluster (rule 3).

    min(n, p(1-p)/variance), with the variance of the share between clusters, linearised for unequal n.
    With fewer than 20 clusters, or fewer than 10 bad or good events, that variance is not worth estimating:
    the answers of one respondent then count as one, n_eff = (sum of n)^2 / (sum of n^2), which is the number
    of clusters when they are of equal size (Kish 1965). One answer each is n. ValueError as `effective_n`.
    """
    total = _total(clusters)
    filled = [cluster for cluster in clusters if cluster.n > 0]
    if all(cluster.n <= 1 for cluster in filled):
        return total.n
    if len(filled) < MINIMUM_BATCHES or min(total.good, total.n - total.good) < MINIMUM_EVENTS:
        return total.n**2 / math.fsum(cluster.n**2 for cluster in filled)
    variance, _ = _ratio_variance(filled, total)
    return _worth(total, variance)


# --- What would settle it ---------------------------------------------------------------------------------------------


def _smallest(holds: Callable[[int], bool], start: int, most: int) -> int | None:
    """The smallest whole number from `start` to `most` for which a condition that stays true once true holds."""
    low, high = start - 1, start
    while not holds(high):
        if high >= most:
            return None
        low, high = high, min(most, max(2 * high, 1))
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


def shortest_run(rate: float, target: float, *, level: float, bad_share: float) -> int | None:
    """The shortest timed run, in whole seconds, that settles share >= `target` when no time buckets are kept.

    `rate` is events per second and `bad_share` the true share of bad events that is assumed. Without buckets a run
    is worth min(n, seconds) events (rule 3), so a higher rate than one per second does not shorten it. Below the allowed share
    1 - target the run ends met, above it not met; at exactly the allowed share, or beyond about 30 years, None.
    """
    require_positive("rate", rate)
    _require_between_0_and_1("target", target)
    _require_level(level)
    require_probability(bad_share)
    good_share = 1 - bad_share
    if math.isclose(good_share, target, rel_tol=0, abs_tol=1e-12):
        return None

    def settles(seconds: int) -> bool:
        n_eff = min(math.floor(rate * seconds + 1e-9), seconds)
        if n_eff == 0:
            return False
        good = min(n_eff, good_share * n_eff)
        if good_share > target:
            return share_lower(good, n_eff, level=level) >= target
        return share_upper(good, n_eff, level=level) < target

    return _smallest(settles, 1, LONGEST_RUN_SECONDS)


def needed_all_good(target: float, *, level: float) -> int:
    """How many events, all good, show share >= `target` at `level` (rule 2: 59 for 95 % at 95 %)."""
    _require_between_0_and_1("target", target)
    _require_level(level)
    n = max(1, math.floor(math.log1p(-level) / math.log(target)))
    while share_lower(n, n, level=level) < target:
        n += 1
    return n


def needed_all_good_anytime(target: float, *, alpha: float) -> int:
    """How many events, all good, show share >= `target` when judged at every look (rule 2: 88 for 95 % at 5 %)."""
    _require_between_0_and_1("target", target)
    _require_alpha(alpha)
    found = _smallest(lambda n: share_e_above(n, n, target) >= 1 / alpha, 1, 2**62)
    if found is None:
        raise ValueError(f"target = {target!r}: no number of good events shows a share that close to 1")
    return found


def needed_more(good: float, n: float, target: float, *, level: float) -> int | None:
    """How many further events, all good, make the lower bound reach `target`; None beyond ten million.

    0 if it does already. n = 0 is allowed. (8 of 8 against 90 %: 21 more.)
    """
    good = _checked(good, n, empty=True)
    _require_between_0_and_1("target", target)
    _require_level(level)

    def reached(more: int) -> bool:
        return n + more > 0 and share_lower(good + more, n + more, level=level) >= target

    return _smallest(reached, 0, MOST_WORTH_ASKING)


# --- Rule 10: judging at every look -----------------------------------------------------------------------------------


def _log_e_above(good: float, n: float, u: float) -> tuple[float, float]:
    """Log of `share_e_above` at target = logistic(u), and its slope in u.

    With M the upper tail of Beta(good + 1, bad + 1) over its density on the logit scale, E = target * M. E equals the
    integral over v from 0 to 1 of (1 + v exp(-u))^good (1 - v)^bad, so it falls in u and its logarithm is convex.
    """
    _, log_upper, log_density = beta_log_tails(good + 1, n - good + 1, u)
    log_mills = log_upper - log_density
    return log_logistic(u) + log_mills, (n + 1) * logistic(u) - good - exp_or_infinity(-log_mills)


def share_e_above(good: float, n: float, target: float) -> float:
    """The e-value against "the share is at most `target`": at 1/alpha or more that is refuted at every look.

    The likelihood ratio against `target`, mixed uniformly over shares from `target` to 1. Its expectation is at most 1
    under any share up to `target`, after any number of independent events. Real-valued counts (n_eff) are allowed;
    n = 0 gives 1; values beyond the range of a float are infinite. Source: Robbins 1970; Ville 1939.
    """
    good = _checked(good, n, empty=True)
    _require_between_0_and_1("target", target)
    return exp_or_infinity(_log_e_above(good, n, math.log(target) - math.log1p(-target))[0])


def share_e_below(good: float, n: float, target: float) -> float:
    """The e-value against "the share is at least `target`", mixed uniformly over shares from 0 to `target`.

    The mirror image of `share_e_above`.
    """
    good = _checked(good, n, empty=True)
    _require_between_0_and_1("target", target)
    return exp_or_infinity(_log_e_above(n - good, n, math.log1p(-target) - math.log(target))[0])


def anytime_share_bounds(good: float, n: float, *, alpha: float) -> Bounds:
    """Lower and upper bound of a share that hold at every look, each with error at most `alpha` (rule 10).

    The shares that `share_e_above` and `share_e_below` do not refute at 1/alpha. n = 0 gives (0, 1).
    """
    good = _checked(good, n, empty=True)
    _require_alpha(alpha)
    return Bounds(logistic(_anytime_lower_logit(good, n, alpha)), logistic(-_anytime_lower_logit(n - good, n, alpha)))


def _anytime_lower_logit(good: float, n: float, alpha: float) -> float:
    """Logit of the share at which the e-value is 1/alpha, by Newton's method; minus infinity without good events."""
    if good < NEGLIGIBLE:
        return -math.inf
    bad = n - good
    log_threshold = -math.log(alpha)
    # Somewhat below the bound: left of the root the slope is well conditioned.
    u = math.log(good / (bad + 1)) - math.sqrt(2 * math.log((n + 1) / alpha) * (1 / good + 1 / (bad + 1)))
    for _ in range(200):
        log_e, slope = _log_e_above(good, n, u)
        step = (log_e - log_threshold) / slope
        u -= step
        # The logarithm is convex and falls, so u rises to the root from wherever it is left of it, squaring the error.
        if abs(step) < 1e-9 * max(1.0, abs(u)):
            return u
    raise ArithmeticError(f"no anytime bound found for good = {good!r}, n = {n!r}, alpha = {alpha!r}")


# --- Rules 6 and 12: levels that pay for several tries ----------------------------------------------------------------


def rerun_level(level: float, attempt: int) -> float:
    """The level at which the `attempt`-th run on one subject is judged: 1 - (1 - level) / 2^(attempt - 1) (rule 12).

    The errors of all attempts together stay below twice that of one.
    """
    _require_level(level)
    if attempt < 1:
        raise ValueError(f"attempt = {attempt!r}: attempts count from 1")
    # Past some fifty attempts the level would round to 1, which no bound can have.
    return min(1 - math.ldexp(1 - level, 1 - attempt), math.nextafter(1, 0))


def per_member_level(level: float, members: int) -> float:
    """The level at which one of `members` members is found not met: 1 - (1 - level) / members (rule 6)."""
    _require_level(level)
    if members < 1:
        raise ValueError(f"members = {members!r}: there must be at least one")
    return 1 - (1 - level) / members


# --- Scores -----------------------------------------------------------------------------------------------------------

_RULE_OF_THREE = 3
"""An AUC nearer to 0 or 1 than 3 / (size of the smaller group) is not told apart from one that near."""

_LEAST_COUNT = 5
"""An outer category seen fewer times than this counts as this often, for the variance alone."""


def auc(positives: Sequence[float], negatives: Sequence[float]) -> Estimate:
    """The area under the ROC curve and its DeLong standard error, from counts on one ascending grid of scores.

    `positives[i]` and `negatives[i]` count the cases whose score falls into cell i; a tie counts half.
    Source: DeLong, DeLong and Clarke-Pearson 1988; the counts take the place of sorted scores.

    Guard: near 0 and 1 DeLong's error runs to 0 while rare inversions are merely unseen. Where the area is nearer to 0
    or 1 than 3/k, k the size of the smaller group, or where nothing varied, the error is not less than that of Hanley
    and McNeil (1982) for an area 3/k away. One case in a group gives an infinite error. ValueError for grids of unequal
    length, negative counts, or an empty group.
    """
    if len(positives) != len(negatives):
        raise ValueError(f"{len(positives)} cells of positives, {len(negatives)} of negatives: they share one grid")
    if any(not 0 <= count < math.inf for count in (*positives, *negatives)):
        raise ValueError("a count is negative or not finite")
    m, n = math.fsum(positives), math.fsum(negatives)
    if m == 0 or n == 0:
        raise ValueError(f"{m:g} positives, {n:g} negatives: the area needs both")

    below = 0.0
    above = m
    positive_places, negative_places = [], []  # share of the other group on the right side of a case in this cell
    for p, q in zip(positives, negatives, strict=True):
        above -= p
        positive_places.append((below + q / 2) / n)
        negative_places.append((max(above, 0.0) + p / 2) / m)
        below += q
    value = math.fsum(p * place for p, place in zip(positives, positive_places, strict=True)) / m
    value = min(1.0, value)
    if m <= 1 or n <= 1:
        return Estimate(value=value, se=math.inf)
    s10 = math.fsum(p * (place - value) ** 2 for p, place in zip(positives, positive_places, strict=True)) / (m - 1)
    s01 = math.fsum(q * (place - value) ** 2 for q, place in zip(negatives, negative_places, strict=True)) / (n - 1)
    se = math.sqrt(s10 / m + s01 / n)

    edge = min(0.5, _RULE_OF_THREE / min(m, n))
    if not edge < value < 1 - edge or se == 0:
        # An area below one half is one above it with the groups exchanged.
        high, groups = (value, (m, n)) if value >= 0.5 else (1 - value, (n, m))
        se = max(se, _hanley_mcneil(min(high, 1 - edge), *groups))
    return Estimate(value=value, se=se)


def _hanley_mcneil(area: float, m: float, n: float) -> float:
    q1 = area / (2 - area)
    q2 = 2 * area * area / (1 + area)
    return math.sqrt((area * (1 - area) + (m - 1) * (q1 - area * area) + (n - 1) * (q2 - area * area)) / (m * n))


def _three_way(top: float, middle: float, bottom: float) -> Estimate:
    """Share of top minus share of bottom, with the multinomial standard error.

    Guard: a category that nobody chose is not one that nobody would choose. For the variance alone, top and bottom
    count as seen at least five times (the textbook condition for a normal approximation), and the larger variance stands.
    """
    n = top + middle + bottom
    if not (min(top, middle, bottom) >= 0 and 0 < n < math.inf):
        raise ValueError(f"counts {top!r}, {middle!r}, {bottom!r}: they must be finite, not negative and not all 0")

    def variance(a: float, b: float, size: float) -> float:
        return (a + b) / size - ((a - b) / size) ** 2

    seen = variance(top, bottom, n)
    a, b = max(top, _LEAST_COUNT), max(bottom, _LEAST_COUNT)
    guarded = variance(a, b, a + middle + b)
    return Estimate(value=(top - bottom) / n, se=math.sqrt(max(seen, guarded) / n))


def nps(promoters: float, passives: float, detractors: float) -> Estimate:
    """The net promoter score in points (-100 to 100) with its multinomial standard error, guarded as `_three_way` says."""
    balance = _three_way(promoters, passives, detractors)
    return Estimate(value=100 * balance.value, se=100 * balance.se)


def apdex(satisfied: float, tolerating: float, frustrated: float) -> Estimate:
    """The Apdex score (0 to 1; tolerating counts half) with its multinomial standard error, guarded as `_three_way` says."""
    balance = _three_way(satisfied, tolerating, frustrated)
    return Estimate(value=(1 + balance.value) / 2, se=balance.se / 2)


# --- Rules 13 and 15: acting at once, and not too often ---------------------------------------------------------------


def safety_floor(bad: float, n: float, limit: float) -> bool:
    """Whether bad events stop a change at once: share > 5 x limit, and binomial tail at the limit < 10^-6 (rule 13).

    `limit` is the allowed share of bad events, 0 <= limit < 1. No events stop nothing.
    """
    bad = _checked(bad, n, empty=True)
    if n == 0:
        return False
    if not 0 <= limit < 1:
        raise ValueError(f"limit = {limit!r}: an allowed share of bad events lies from 0 to below 1")
    return bad / n > SAFETY_FACTOR * limit and binomial_tail(bad, n, limit) < SAFETY_TAIL


def burn_guard(bad: float, n: float, objective_bad_share: float) -> float:
    """How probable `bad` or more bad events of `n` are under the objective's own bad share (rule 15).

    The Poisson tail over the long window; a burn-rate alert goes out only if it is below `BURN_GUARD_TAIL`.
    """
    if not (bad >= 0 and 0 <= n < math.inf):
        raise ValueError(f"bad = {bad!r} of n = {n!r}: they must not be negative, and n must be finite")
    if not 0 <= objective_bad_share <= 1:
        raise ValueError(f"objective_bad_share = {objective_bad_share!r}: a share lies from 0 to 1")
    return poisson_tail(bad, n * objective_bad_share)


def e_bh(evalues: Sequence[float], *, alpha: float) -> tuple[int, ...]:
    """The indexes, ascending, of the hypotheses that e-BH rejects with a false discovery rate of at most `alpha` (rule 15).

    Those with the k largest e-values, k the largest number for which the k-th is at least K / (alpha k).
    It holds under any dependence. Source: Wang and Ramdas 2022.
    """
    _require_between_0_and_1("alpha", alpha)
    if any(not e >= 0 for e in evalues):
        raise ValueError(f"e-values {evalues!r}: none may be negative or missing")
    order = sorted(range(len(evalues)), key=lambda i: -evalues[i])
    kept = 0
    for k, i in enumerate(order, start=1):
        if evalues[i] * alpha * k >= len(evalues):
            kept = k
    return tuple(sorted(order[:kept]))
