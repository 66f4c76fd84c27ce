"""Write the conformance suite: the rules of verdicts as cases that any implementation can run.

    scripts/conformance.py           write conformance/*.json
    scripts/conformance.py --check   say which files would change, and write none

The expected answers are computed here by an oracle that shares no code with Upheld: it reads the same JSON, takes its
distributions from scipy, compares shares as exact fractions, and follows the text of the rules. docs/conformance.md
says what the fields of a case mean.
"""

import argparse
import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from scipy import optimize, special, stats

Json = dict[str, Any]
Bounds = tuple[float, float]
FOLDER = Path(__file__).resolve().parent.parent / "conformance"
MET, NOT_MET, UNKNOWN = "met", "not met", "inconclusive"

# ── The oracle: units and sentences ──────────────────────────────────────────────────────────────────────────────────

TIME = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "min": Fraction(60),
}
TIME |= {"h": Fraction(3600), "d": Fraction(86400), "w": Fraction(604800)}
UNITS: dict[str, tuple[str, Fraction]] = {"": ("number", Fraction(1)), "EUR": ("EUR", Fraction(1))}
UNITS |= {"%": ("share", Fraction(1, 100)), "points": ("points", Fraction(1, 100))}
UNITS |= {name: ("time", factor) for name, factor in TIME.items()}
UNITS |= {f"/{name}": ("rate", 1 / factor) for name, factor in TIME.items()}
UNITS |= {"B": ("size", Fraction(1)), "kB": ("size", Fraction(1000)), "MB": ("size", Fraction(10**6))}

SENTENCE = re.compile(
    r"(?:(?P<statistic>\S+) of )?(?P<indicator>\S+) (?P<op><=|>=|<|>|=) (?P<target>.+?)"
    r"(?: at (?P<load>\S+))?(?: over (?P<window>.+?))?"
    r"(?: during (?P<hours>.+?))?(?: per (?P<per>\S+))?(?P<excluding> excluding maintenance)?(?: with (?P<level>.+))?"
)
HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
}


def parts(pattern: str | re.Pattern[str], text: str) -> re.Match[str]:
    """The parts of a text that must have a form."""
    match = re.fullmatch(pattern, text)
    if match is None:
        raise ValueError(f"{text!r} has another form than {pattern!r}")
    return match


def quantity(text: str) -> tuple[Fraction, str]:
    """`1 s` as the exact value in base units, and the name of the unit."""
    match = parts(r"(-?[\d.]+)\s*(.*)", text)
    return Fraction(match[1]) * UNITS[match[2]][1], match[2]


def moment(text: str) -> datetime:
    """A time with its zone."""
    return datetime.fromisoformat(text).astimezone(UTC)


@dataclass(frozen=True)
class Promise:
    """A criterion at one stage and moment, read from a case."""

    statistic: str
    indicator: str
    op: str
    target: Fraction
    unit: str
    load: float | None
    window: str
    dimension: str
    level: float
    rule: str
    kind: str
    expected: str  # dimension of the unit that values must have
    census: bool
    hours: str
    excluding: bool
    binding: Json
    stage: str
    at: datetime

    @property
    def upper(self) -> bool:
        """Whether the value is limited from above."""
        return self.op in ("<", "<=")

    @property
    def quantile(self) -> Fraction | None:
        """The Q of pQ."""
        return Fraction(self.statistic[1:]) / 100 if re.fullmatch(r"p\d.*", self.statistic) else None

    @property
    def share(self) -> tuple[str, Fraction]:
        """Rule 1: pQ of X < T is share >= Q, pQ of X > T is share >= 1 - Q."""
        q = self.quantile
        if self.kind == "age":
            return ">=", Fraction(1)  # an age that is promised for a window holds in every slice of it
        if q is None:
            return self.op, self.target
        return ">=", q if self.upper else 1 - q

    @property
    def allowed(self) -> Fraction:
        """The share of bad events that the promise allows."""
        op, target = self.share
        return target if op in ("<", "<=") else 1 - target

    @property
    def number(self) -> float:
        """The target as a double, to compare with measured doubles."""
        return float(self.target)


def promise(case: Json) -> Promise:
    """Read the criterion of a case."""
    written, stage = case["criterion"], case["stage"]
    match = parts(SENTENCE, written["sentence"])
    indicator, binding = written["indicator"], written["bindings"].get(stage, {})
    target, unit = quantity(match["target"])
    quantile = re.fullmatch(r"p\d.*", match["statistic"] or "") is not None
    divides = quantile or indicator["kind"] in ("ratio", "age")
    rule = binding.get("rule", "")
    if not rule:
        if indicator["census"] or (stage == "production" and match["window"] and divides):
            rule = "census"
        else:
            rule = "sequential" if stage == "release" and divides else "confident"
    per = binding.get("per", match["per"] if stage == "production" else "") or ""
    load = binding.get("at", match["load"])
    return Promise(
        statistic=match["statistic"] or "", indicator=match["indicator"], op=match["op"], target=target, unit=unit,
        load=None if load is None else float(quantity(load)[0]), window=match["window"] or "",
        dimension="" if per == "all" else per,
        level=float(quantity(binding.get("confidence", match["level"] or "95 %"))[0]), rule=rule,
        kind=indicator["kind"], expected=UNITS[unit][0], census=indicator["census"],
        hours=match["hours"] or "", excluding=bool(match["excluding"]), binding=binding, stage=stage,
        at=moment(case["at"]),
    )  # fmt: skip


# ── The oracle: evidence ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Stat:
    """A statistic in base units; which fields are set depends on its kind."""

    kind: str
    n: int = 0
    good: int = 0
    cells: tuple[tuple[float, float, int], ...] = ()
    failures: int = 0
    splits: tuple[tuple[float, int, int], ...] = ()
    value: float = math.nan  # mean, level, max, prediction, threshold of slices
    spread: float | None = None  # m2 of a mean, SE of a level
    df: float | None = None
    exposure: float = 0.0
    parts: tuple[tuple[int, ...], ...] = ()
    low: float = math.nan
    high: float = math.nan
    level: float = 0.9
    latest: datetime | None = None


@dataclass(frozen=True)
class Record:
    """One evidence record."""

    raw: Json
    stat: Stat | None
    start: datetime | None
    end: datetime | None
    observed: datetime | None
    population: tuple[tuple[str, str], ...]
    run: str

    @property
    def seconds(self) -> float | None:
        """How long it was measured, as stated or by its window."""
        stated = self.raw.get("conditions", {}).get("seconds")
        if stated is not None:
            return float(stated)
        return None if self.start is None or self.end is None else (self.end - self.start).total_seconds()

    def said(self, condition: str) -> str:
        """What the record says of a condition."""
        return str(self.raw.get("conditions", {}).get(condition, ""))

    def of(self, dimension: str) -> str:
        """The member of a dimension that was measured."""
        return dict(self.population).get(dimension, "")


def record(raw: Json, number: int) -> Record:
    """Read one record of a case."""
    window = raw.get("window") or {}
    start, end = (moment(window[key]) if key in window else None for key in ("from", "to"))
    observed = moment(raw["observed"]) if "observed" in raw else end
    run = raw.get("run") or raw.get("source", {}).get("digest") or f"record {number}"
    population = tuple(sorted(raw.get("population", {}).items()))
    return Record(raw, stat(raw["statistic"]) if "statistic" in raw else None, start, end, observed, population, run)


def stat(raw: Json) -> Stat:
    """Read one statistic into base units."""
    factor = UNITS[raw.get("unit", "")][1]

    def base(value: float | str) -> float:
        return math.inf if value == "inf" else float(Fraction(value) * factor)

    kind = raw["kind"]
    if kind in ("share", "slices"):
        return Stat(kind, raw["n"], raw["good"], value=base(raw["threshold"]) if "threshold" in raw else math.nan)
    if kind == "quantile":
        cells = [(base(v), base(v), 1) for v in raw.get("values", [])]
        cells += [(base(low), base(high), count) for low, high, count in raw.get("cells", [])]
        failures = raw.get("failures", 0)
        good = raw.get("good", {})
        if not isinstance(good, dict):
            good = {repr(raw["threshold"]): good}
        splits = [(base(float(t)), *(c if isinstance(c, list) else [c, c])) for t, c in good.items()]
        n = raw.get("n", sum(c[2] for c in cells) + failures)
        return Stat(kind, n, cells=tuple(cells), failures=failures, splits=tuple(splits))
    if kind == "mean":
        m2 = float(raw["m2"]) * float(factor) ** 2 if "m2" in raw else None
        return Stat(kind, raw["n"], value=base(raw["mean"]), spread=m2)
    if kind in ("rate", "count"):
        return Stat("rate", raw["events"], exposure=float(raw.get("exposure", 0)))
    if kind == "level":
        se = None if raw.get("se") is None else base(raw["se"])
        return Stat(kind, 1, value=base(raw["value"]), spread=se, df=raw.get("df"))
    if kind == "max":
        return Stat(kind, raw["n"], value=base(raw["max"]))
    if kind == "prediction":
        return Stat(kind, 1, value=base(raw["value"]), low=base(raw["low"]), high=base(raw["high"]),
                    level=raw.get("level", 0.9))  # fmt: skip
    if kind == "age":
        return Stat(kind, 1, latest=moment(raw["latest"]))
    if kind == "auc":
        return Stat(kind, sum(raw["positives"]) + sum(raw["negatives"]),
                    parts=(tuple(raw["positives"]), tuple(raw["negatives"])))  # fmt: skip
    names = {"nps": ("promoters", "passives", "detractors"), "apdex": ("satisfied", "tolerating", "frustrated")}[kind]
    counts = tuple(raw[name] for name in names)
    return Stat(kind, sum(counts), parts=(counts,))


def added(found: Sequence[Stat]) -> Stat | None:
    """Disjoint statistics of one kind together; None where they do not add."""
    first = found[0]
    if len(found) == 1:
        return first
    if len({s.kind for s in found}) > 1:
        return None
    n, good = sum(s.n for s in found), sum(s.good for s in found)
    if first.kind == "quantile":
        cells = [c for s in found for c in s.cells] if all(s.cells or s.n == s.failures for s in found) else []
        known = set.intersection(*({t for t, _, _ in s.splits} for s in found))
        splits = tuple(
            (t, sum(b for s in found for u, b, _ in s.splits if u == t), sum(a for s in found for u, _, a in s.splits if u == t))
            for t in sorted(known)
        )  # fmt: skip
        return Stat("quantile", n, cells=tuple(cells), failures=sum(s.failures for s in found), splits=splits)
    if first.kind == "mean":
        mean = math.fsum(s.n * s.value for s in found) / n
        m2 = None
        if all(s.spread is not None for s in found):
            m2 = math.fsum((s.spread or 0) + s.n * (s.value - mean) ** 2 for s in found)
        return Stat("mean", n, value=mean, spread=m2)
    if first.kind == "max":
        return Stat("max", n, value=max(s.value for s in found))
    parts = tuple(
        tuple(sum(c) for c in zip(*(s.parts[i] for s in found), strict=True)) for i in range(len(first.parts))
    )
    return replace(first, n=n, good=good, exposure=sum(s.exposure for s in found), parts=parts)


def good_of(p: Promise, s: Stat) -> tuple[int, int] | None:
    """Rule 1: the fewest and the most events that keep the promise; None where the counts do not tell."""
    if s.kind != "quantile":
        return s.good, s.good
    limit = p.number
    for threshold, below, at_or_below in s.splits:
        if threshold == limit:
            answered = s.n - s.failures
            count = {"<": below, "<=": at_or_below, ">": answered - at_or_below, ">=": answered - below}[p.op]
            return count, count
    if not s.cells and s.n != s.failures:
        return None
    sure = possible = 0
    for low, high, count in s.cells:
        if low == high:
            inside = outside = HOLDS[p.op](low, limit)
        elif p.upper:
            inside, outside = high <= limit, low < limit
        else:
            inside, outside = low >= limit, high > limit
        sure += count * inside
        possible += count * outside
    return sure, possible


# ── The oracle: bounds ───────────────────────────────────────────────────────────────────────────────────────────────


def clopper_pearson(good: float, n: float, level: float) -> Bounds:
    """One-sided bounds of a share, each at the level (rule 2)."""
    lower = 0.0 if good <= 0 else float(stats.beta.ppf(1 - level, good, n - good + 1))
    upper = 1.0 if good >= n else float(stats.beta.ppf(level, good + 1, n - good))
    return lower, upper


def anytime(good: float, n: float, level: float) -> Bounds:
    """Bounds that hold at every look: the shares that the mixture likelihood ratio does not refute (rule 10)."""

    def lower(k: float) -> float:
        if k == 0:
            return 0.0
        b = n - k

        def excess(t: float) -> float:
            # The mean over u uniform on (t, 1) of u^k (1-u)^b, over its value at t, against 1 / alpha.
            mixed = special.betaln(k + 1, b + 1) + stats.beta.logsf(t, k + 1, b + 1) - math.log1p(-t)
            return float(mixed - k * math.log(t) - b * math.log1p(-t) + math.log(1 - level))

        top = k / n if b else 1 - 1e-15
        return float(optimize.brentq(excess, 1e-300, top, xtol=1e-17, rtol=1e-15))

    return lower(good), 1 - lower(n - good)


def effective(slices: Sequence[tuple[float, float]], seconds: float) -> float:
    """Rule 3: how many independent events a run of (n, good) per 10 s is worth."""
    events = np.array(slices, dtype=float)
    n, good = events.sum(axis=0)
    short = float(min(n, seconds))
    p = good / n
    variances = []
    for width in (1, 3):
        parts = [events[i : i + width] for i in range(0, len(events), width)]
        batches = [part.sum(axis=0) for part in parts if part[:, 0].sum() > 0]
        if sum(len(part) == width and part[:, 0].sum() > 0 for part in parts) < 20:
            return short
        e = np.array([g - p * m for m, g in batches])
        k = len(e)
        r = max(0.0, float(np.dot(e[:-1], e[1:]) / np.dot(e, e))) if np.any(e) else 0.0
        variances.append(k / (k - 1) * float(np.dot(e, e)) / n**2 * (1 + r) / (1 - r))
    if min(good, n - good) < 10:
        return short
    return float(min(n, p * (1 - p) / max(variances))) if max(variances) > 0 else float(n)


def sample(p: Promise, found: Sequence[Record]) -> float:
    """Rule 3 over all runs: seconds of one run depend on each other, runs do not."""
    total, n = 0.0, sum(r.stat.n for r in found if r.stat)
    for run in dict.fromkeys(r.run for r in found):
        mine = [r for r in found if r.run == run]
        size = sum(r.stat.n for r in mine if r.stat)
        lengths = [r.seconds for r in mine]
        seconds = None if None in lengths else max(s for s in lengths if s is not None)
        slices = by_ten_seconds(p, mine)
        if not size:
            continue
        if slices:
            total += effective(slices, seconds if seconds is not None else 10.0 * len(slices))
        else:
            total += size if seconds is None else min(size, seconds)
    return min(float(n), max(1.0, total))


def by_ten_seconds(p: Promise, run: Sequence[Record]) -> list[tuple[float, float]]:
    """The buckets of a run as (n, good) per 10 s; empty where it has none."""
    if any(not r.raw.get("series") for r in run):
        return []
    counts: dict[int, list[float]] = {}
    for r in run:
        for bucket in r.raw["series"]:
            if bucket["seconds"] > 10:
                return []
            s = stat(bucket["statistic"])
            good = good_of(p, s) or (0, 0)
            place = counts.setdefault(int(bucket["at"] // 10), [0.0, 0.0])
            place[0] += s.n
            place[1] += sum(good) / 2
    first, last = min(counts), max(counts)
    return [(counts[i][0], counts[i][1]) if i in counts else (0.0, 0.0) for i in range(first, last + 1)]


# ── The oracle: one pool ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Answer:
    """What a pool shows; values in base units."""

    verdict: str
    reason: str = ""
    estimate: float | None = None
    interval: Bounds | None = None
    n: int | None = None
    groups: tuple[tuple[str, str], ...] = field(default=())


def unknown(reason: str, **more: Any) -> Answer:  # noqa: ANN401  # the fields of an answer
    """An inconclusive answer with its reason."""
    return Answer(UNKNOWN, reason, **more)


def decide(op: str, bounds: Bounds, target: Fraction) -> str:
    """Rule 2: met when the bound on the bad side keeps the promise, not met when the other one breaks it."""
    lower, upper = bounds
    if op == "=":
        return NOT_MET if lower > target or upper < target else UNKNOWN
    bad, other = (upper, lower) if op in ("<", "<=") else (lower, upper)
    if math.isfinite(bad) and HOLDS[op](bad, target):
        return MET
    return NOT_MET if math.isfinite(other) and not HOLDS[op](other, target) else UNKNOWN


def worst(verdicts: Iterable[str]) -> str:
    """Rule 8: not met, then inconclusive, then met; nothing at all is inconclusive."""
    return max(verdicts, key=[MET, UNKNOWN, NOT_MET].index, default=UNKNOWN)


def pool(p: Promise, found: Sequence[Record], level: float) -> Answer:
    """Judge records that belong together, then hold back a pass that its conditions do not carry."""
    counted = p.census or (p.stage == "production" and p.window)
    loaded = p.stage in ("build", "release") and any("offered" in r.raw.get("conditions", {}) for r in found)
    if p.rule == "census" and (loaded or (p.binding.get("rule") and not counted)):
        return unknown("wrong kind")
    given = [r.stat for r in found if r.stat]
    if p.stage == "production" and p.window and all(r.start and r.end for r in found):
        start, _ = span(p, found)
        found = [r for r in found if r.end and r.end > start]
        given = [r.stat for r in found if r.stat]
    if len(found) > 1 and any(s.kind in ("level", "prediction", "age") for s in given):
        # Rule 12: of levels the worst stands, run j at its own level.
        oldest = sorted(found, key=lambda r: r.observed or datetime(1970, 1, 1, tzinfo=UTC))
        repeats = p.stage in ("build", "release") and p.rule != "census"
        tries: dict[tuple[tuple[str, str], ...], int] = {}
        answers = []
        for r in oldest:
            tries[r.population] = tries.get(r.population, 0) + 1
            answers.append(pool(p, [r], rerun(p.level, tries[r.population]) if repeats else level))
        state = worst(a.verdict for a in answers)
        return next(a for a in reversed(answers) if a.verdict == state)
    total = added(given)
    if total is None:
        return unknown("wrong kind")
    if p.stage == "production" and p.hours and any(r.said("hours") != p.hours for r in found):
        return unknown("window")
    if p.stage == "production" and p.window and late(p, [r.end for r in found if r.end]):
        return unknown("too old")
    answer = weigh(p, total, found, level)
    counted_in = any(r.said("maintenance") != "excluded" for r in found)
    if answer.verdict == NOT_MET and p.excluding and p.stage == "production" and counted_in:
        return replace(answer, verdict=UNKNOWN, reason="window")
    return held(p, answer, total, found) if answer.verdict == MET else answer


def late(p: Promise, ends: Sequence[datetime]) -> bool:
    """Whether the evidence ended too long ago to be about a window up to now (rule 7)."""
    if not ends:
        return False
    periods = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
    if "max-age" in p.binding:
        allowed = float(quantity(p.binding["max-age"])[0])
    elif p.window.startswith("calendar "):
        allowed = periods[p.window.removeprefix("calendar ")] * 86400.0
    else:
        allowed = min(float(quantity(p.window)[0]) / 10, 86400.0)
    return (p.at - max(ends)).total_seconds() > allowed


def held(p: Promise, answer: Answer, total: Stat, found: Sequence[Record]) -> Answer:
    """What keeps a pass from standing (a failure stands): load, length, sample, a missing baseline."""
    reason = ""
    if p.load is not None and p.stage in ("build", "design"):
        for r in found:
            conditions = r.raw.get("conditions", {})
            done, offered = conditions.get("completed"), conditions.get("offered")
            if p.stage == "design" and done is None:
                done = offered
                if done is None:
                    continue
            numbers = [v for v in (done, offered) if v is not None]
            if done is None or any(isinstance(v, str) for v in numbers) or min(numbers) < 0.98 * p.load:
                reason = "load"
    if not reason and "for" in p.binding and p.stage in ("build", "release"):
        lengths = [r.seconds for r in found]
        asked = float(quantity(p.binding["for"])[0])
        runs = {r.run: r.seconds for r in found}
        if None in lengths or sum(s or 0 for s in runs.values()) < 0.98 * asked:
            reason = "too short"
    if not reason and total.n < int(p.binding.get("at-least", 0)):
        reason = "too few"
    if not reason and "no-worse-than" in p.binding:
        reason = "no baseline"
    return replace(answer, verdict=UNKNOWN, reason=reason) if reason else answer


def weigh(p: Promise, s: Stat, found: Sequence[Record], level: float) -> Answer:  # noqa: PLR0912  # one branch a kind
    """What one statistic says about the promise."""
    if s.kind == "quantile" and p.quantile is not None:
        return quantile(p, s, found, level)
    if s.kind in ("share", "slices") and (p.kind in ("ratio", "age") or p.quantile is not None):
        if s.n == 0:
            return unknown("no traffic")
        if s.kind == "slices" and p.kind != "ratio" and s.value != p.number:
            return unknown("stale")
        return shares(p, (s.good, s.good), s.n, found, level)
    if s.kind == "quantile" and p.statistic == "mean":
        if s.failures:
            return unknown("wrong kind")
        if any(low != high for low, high, _ in s.cells):
            return unknown("resolution")
        values = np.repeat([c[0] for c in s.cells], [c[2] for c in s.cells])
        s = Stat("mean", len(values), value=float(values.mean()), spread=float(((values - values.mean()) ** 2).sum()))
    exact = p.rule in ("estimate", "census")
    if s.kind == "mean" and p.statistic == "mean":
        return mean(p, s, found, level)
    if s.kind == "rate" and p.kind == "count":
        return events(p, s, level)
    if s.kind == "age":
        if s.latest and s.latest > p.at + timedelta(minutes=5):
            return unknown("from the future")
        return exactly(p, (p.at - (s.latest or p.at)).total_seconds(), 1)
    if s.kind == "max" and p.statistic == "max":
        if s.n == 0:
            return unknown("no traffic")
        answer = exactly(p, s.value, s.n)
        return replace(answer, verdict=UNKNOWN, reason="wrong kind") if answer.verdict == MET and not exact else answer
    if s.kind == "prediction" and p.stage == "design":
        if exact:
            return exactly(p, s.value, 1)
        # A two-sided interval at 90 % is two one-sided bounds at 95 %: it cannot show more than that.
        narrow = (1 + s.level) / 2 < level - 1e-12
        answer = bounded(p, s.value, (s.low, s.high), 1)
        return replace(answer, verdict=UNKNOWN, reason="not shown") if narrow else answer
    if s.kind == "level":
        if exact:
            return exactly(p, s.value, 1)
        if s.spread is None:
            return unknown("no standard error", estimate=s.value, n=1)
        return bounded(p, s.value, around(s.value, s.spread, level, s.df), 1)
    if s.kind in ("nps", "apdex", "auc") and s.kind in ("auc", p.statistic):
        if not s.n or (s.kind == "auc" and not all(sum(part) for part in s.parts)):
            return unknown("no traffic")
        value, se = score(s)
        return exactly(p, value, s.n) if exact else bounded(p, value, around(value, se, level, None), s.n)
    return unknown("wrong kind")


def exactly(p: Promise, value: float, n: int) -> Answer:
    """Compare a number with the promise as it stands."""
    return Answer(MET if HOLDS[p.op](value, p.number) else NOT_MET, "", value, (value, value), n)


def bounded(p: Promise, value: float, bounds: Bounds, n: int) -> Answer:
    """Compare bounds with the promise."""
    state = decide(p.op, bounds, Fraction(p.number))
    return Answer(state, "not shown" if state == UNKNOWN else "", value, bounds, n)


def around(value: float, se: float, level: float, df: float | None) -> Bounds:
    """Normal bounds, or Student's with df; a standard error of 0 states no precision."""
    if se == 0:
        return -math.inf, math.inf
    reach = se * float(stats.norm.ppf(level) if df is None else stats.t.ppf(level, df))
    return value - reach, value + reach


def mean(p: Promise, s: Stat, found: Sequence[Record], level: float) -> Answer:
    """Student's t over the values, or over the seconds of a timed run (rule 3)."""
    if s.n == 0:
        return unknown("no traffic")
    if p.rule in ("estimate", "census"):
        return exactly(p, s.value, s.n)
    if s.spread is None or s.n < 2:
        return unknown("no standard error", estimate=s.value, n=s.n)
    lengths = {r.run: r.seconds for r in found}
    n = float(s.n)
    if None not in lengths.values():
        n = max(2.0, min(n, sum(v for v in lengths.values() if v is not None)))
    return bounded(p, s.value, around(s.value, math.sqrt(s.spread / (s.n - 1) / n), level, n - 1), s.n)


def events(p: Promise, s: Stat, level: float) -> Answer:
    """Events are Poisson (chi-squared bounds), in all or per exposure."""
    as_rate = p.statistic == "rate" or p.expected == "rate"
    if as_rate and not s.exposure:
        return unknown("no traffic")
    exposure = s.exposure if as_rate else 1.0
    value = s.n / exposure
    if p.rule in ("estimate", "census"):
        return exactly(p, value, s.n)
    lower = float(stats.chi2.ppf(1 - level, 2 * s.n)) / 2 / exposure if s.n else 0.0
    return bounded(p, value, (lower, float(stats.chi2.ppf(level, 2 * s.n + 2)) / 2 / exposure), s.n)


def score(s: Stat) -> tuple[float, float]:
    """NPS (as a share of one), Apdex and AUC with their standard errors."""
    if s.kind == "auc":
        # DeLong over every pair of a positive and a negative; a tie counts half.
        cells = np.arange(len(s.parts[0]))
        x, y = (np.repeat(cells, counts) for counts in s.parts)
        pairs = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
        variance = pairs.mean(axis=1).var(ddof=1) / len(x) + pairs.mean(axis=0).var(ddof=1) / len(y)
        return float(pairs.mean()), float(math.sqrt(variance))
    values = {"nps": (1.0, 0.0, -1.0), "apdex": (1.0, 0.5, 0.0)}[s.kind]
    each = np.repeat(values, s.parts[0])
    return float(each.mean()), float(each.std() / math.sqrt(len(each)))


def quantile(p: Promise, s: Stat, found: Sequence[Record], level: float) -> Answer:
    """Rule 1, with the quantile itself shown as the inverted distribution function."""
    if s.n == 0:
        return unknown("no traffic")
    good = good_of(p, s)
    if good is None:
        return unknown("stale")
    answer = shares(p, good, s.n, found, level)
    q = p.quantile or Fraction(0)
    if not s.cells:
        return replace(answer, estimate=None, interval=None)
    uppers = sorted((high, count) for _, high, count in s.cells)
    lowers = sorted((low, count) for low, _, count in s.cells)

    def at(ordered: Sequence[tuple[float, int]], rank: int) -> float:
        seen = 0
        for value, count in ordered:
            seen += count
            if seen >= rank:
                return value
        return math.inf

    rank = max(1, math.ceil(q * s.n))
    low, high = at(lowers, rank), at(uppers, rank)
    estimate = None if math.isinf(low) else low if math.isinf(high) else (low + high) / 2
    if p.rule in ("estimate", "census"):
        return replace(answer, estimate=estimate, interval=(low, high))
    n_eff = sample(p, found)
    bounds = anytime if p.rule == "sequential" else clopper_pearson

    def first(side: int) -> int:
        below, reaching = 0, s.n + 1
        while reaching - below > 1:
            middle = (below + reaching) // 2
            if bounds(middle * n_eff / s.n, n_eff, level)[side] >= q:
                reaching = middle
            else:
                below = middle
        return reaching

    return replace(answer, estimate=estimate, interval=(at(lowers, first(1)), at(uppers, first(0))))


def shares(p: Promise, good: tuple[int, int], n: int, found: Sequence[Record], level: float) -> Answer:
    """Judge a share of which the fewest and the most good events are known."""
    op, target = p.share
    low, high = good
    middle = (low + high) / (2 * n)
    if p.rule == "census" and p.stage == "production" and p.window:
        return windowed(p, found)
    if p.rule in ("estimate", "census"):
        ends = {HOLDS[op](Fraction(g, n), target) for g in good}
        state = UNKNOWN if len(ends) > 1 else MET if True in ends else NOT_MET
        return Answer(state, "resolution" if state == UNKNOWN else "", middle, (low / n, high / n), n)
    n_eff = sample(p, found)
    bounds = anytime if p.rule == "sequential" else clopper_pearson
    ends_of = [bounds(g * n_eff / n, n_eff, level) for g in good]
    shown = (ends_of[0][0], ends_of[1][1])
    if p.rule == "sequential":
        begins = [r.start.timestamp() if r.start else 0 for r in found]
        buckets = {b + one["at"] for b, r in zip(begins, found, strict=True) for one in r.raw.get("series", [])}
        buckets |= {b for b, r in zip(begins, found, strict=True) if not r.raw.get("series") and r.start and r.end}
        if len(buckets) < 10 or n * p.allowed < 20:
            return unknown("too few", estimate=middle, interval=shown, n=n)
    states = {decide(op, ends, target) for ends in ends_of}
    if len(states) > 1:
        return unknown("resolution", estimate=middle, interval=shown, n=n)
    state = states.pop()
    return Answer(state, "not shown" if state == UNKNOWN else "", middle, shown, n)


# ── The oracle: windows (rule 7) ─────────────────────────────────────────────────────────────────────────────────────


def span(p: Promise, found: Sequence[Record]) -> tuple[datetime, datetime]:
    """The time that the promise covers: up to the newest evidence, or the calendar period that holds it."""
    latest = max(r.end for r in found if r.end)
    if not p.window.startswith("calendar "):
        return latest - timedelta(seconds=float(quantity(p.window)[0])), latest
    last = latest - timedelta(seconds=1)
    midnight = last.replace(hour=0, minute=0, second=0, microsecond=0)
    name = p.window.removeprefix("calendar ")
    if name == "day":
        return midnight, midnight + timedelta(days=1)
    if name == "week":
        monday = midnight - timedelta(days=midnight.weekday())
        return monday, monday + timedelta(days=7)
    length = {"month": 1, "quarter": 3, "year": 12}[name]
    first = (midnight.month - 1) // length * length
    after = first + length
    start = midnight.replace(month=first + 1, day=1)
    return start, start.replace(year=start.year + after // 12, month=after % 12 + 1)


def windowed(p: Promise, found: Sequence[Record]) -> Answer:
    """Exact over the window; what is missing counts once as all good and once as all bad."""
    op, target = p.share
    if any(r.start is None or r.end is None for r in found):
        return unknown("window")
    start, end = span(p, found)
    times = sorted(
        ((r.start, r.end, r) for r in found if r.start and r.end and r.end > start), key=lambda time: time[:2]
    )
    slack = (end - start) * 0.001
    if any(s < start - slack for s, _, _ in times):
        return unknown("window")
    gaps, reach = [], start
    for s, e, _ in times:
        if s > reach:
            gaps.append((reach, s))
        reach = max(reach, e)
    if reach < end:
        gaps.append((reach, end))
    if sum((b - a).total_seconds() for a, b in gaps) <= slack.total_seconds():
        gaps = []
    counts = [(good_of(p, r.stat), r.stat.n) for _, _, r in times if r.stat]
    n = sum(c for _, c in counts)
    low, high = (sum(g[i] for g, _ in counts if g) for i in (0, 1))
    covered = (end - start - sum((b - a for a, b in gaps), timedelta())).total_seconds()
    lost = sum((volume(a, b, times, Fraction(n) / Fraction(covered)) for a, b in gaps), Fraction(0))
    upper = op in ("<", "<=")
    worst_case = (high + lost if upper else low) / (n + lost)
    best_case = (low if upper else high + lost) / (n + lost)
    states = {HOLDS[op](case, target) for case in (worst_case, best_case)}
    cases = (float(min(worst_case, best_case)), float(max(worst_case, best_case)))
    shown = Answer(UNKNOWN, estimate=(low + high) / (2 * n), interval=cases, n=n)
    if len(states) > 1:
        return replace(shown, reason="window" if gaps else "resolution")
    return replace(shown, verdict=MET if True in states else NOT_MET)


def volume(a: datetime, b: datetime, times: Sequence[tuple[datetime, datetime, Record]], average: Fraction) -> Fraction:
    """Events that a gap would have held: those of the same time in the latest week that has evidence, else the average."""
    first = min(s for s, _, _ in times)
    week = timedelta(days=7)
    cuts = {a, b}
    cuts |= {edge + k * week for s, e, _ in times for edge in (s, e) for k in range(1, 60) if a < edge + k * week < b}
    total = Fraction(0)
    for left, right in zip(sorted(cuts), sorted(cuts)[1:], strict=False):
        earlier, length, rate = left - week, right - left, average
        while earlier >= first:
            holding = [(s, e, r) for s, e, r in times if s <= earlier and earlier + length <= e and r.stat]
            if holding:
                rate = sum(
                    (Fraction(r.stat.n) / Fraction((e - s).total_seconds()) for s, e, r in holding if r.stat),
                    Fraction(0),
                )
                break
            earlier -= week
        total += rate * Fraction(length.total_seconds())
    return total


# ── The oracle: which evidence counts, and for whom ──────────────────────────────────────────────────────────────────


def rerun(level: float, attempt: int) -> float:
    """Rule 12: the level of the attempt-th run."""
    return 1 - math.ldexp(1 - level, 1 - attempt)


def expectation(case: Json) -> Json:
    """What a case must give, in the unit of the target."""
    answer = judged(case)
    factor = UNITS[promise(case).unit][1]

    def shown(value: float | None) -> float | None:
        return None if value is None or not math.isfinite(value) else float(f"{value / float(factor):.11g}")

    expected: Json = {"verdict": answer.verdict, "reason": answer.reason}
    if shown(answer.estimate) is not None:
        expected["estimate"] = shown(answer.estimate)
    if answer.interval is not None:
        expected["interval"] = [shown(bound) for bound in answer.interval]
    if answer.n is not None:
        expected["n"] = answer.n
    if answer.groups:
        expected["groups"] = [{"customer": name, "verdict": verdict} for name, verdict in answer.groups]
    return expected


def judged(case: Json) -> Answer:
    """The answer of a case."""
    p = promise(case)
    written = case["criterion"]
    about = [record(raw, i) for i, raw in enumerate(case["evidence"]) if concerns(raw, p, written)]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    about.sort(key=lambda r: r.observed or epoch, reverse=True)
    subject = case["subject"]
    if not subject and p.stage in ("build", "release"):
        subject = next((r.raw["subject"] for r in about if r.raw.get("subject") and (r.observed or p.at) <= p.at), "")
    reasons = [refusal(r, p, case, subject) for r in about]
    usable = [r for r, reason in zip(about, reasons, strict=True) if not reason]
    if not usable:
        return unknown(reasons[0] if reasons else "missing")
    if p.stage == "design":
        usable = usable[:1]  # a newer prediction replaces the older one
    if p.stage in ("build", "release"):
        # Runs on different subjects are no re-runs (rule 12): the subject itself, else the newest that will do.
        mine = [r for r in usable if r.raw.get("subject", "") in ("", subject)]
        newest = next((r.raw["subject"] for r in usable if r.raw.get("subject")), "")
        usable = mine or [r for r in usable if r.raw.get("subject") == newest]
    broken = [r for r in usable if "unreadable" in r.raw]
    counted = once([r for r in usable if "unreadable" not in r.raw and not r.raw.get("void")])
    if not counted:
        return unknown("unreadable" if broken else "missing")
    if overlapping(p, counted):
        return unknown("overlap")
    answer = by_member(p, counted, written["customers"])
    if broken and answer.verdict == MET:
        return replace(answer, verdict=UNKNOWN, reason="unreadable")
    return answer


def concerns(raw: Json, p: Promise, written: Json) -> bool:
    """Whether a record is about this criterion at all."""
    if raw["indicator"] != p.indicator or raw["stage"] != p.stage:
        return False
    if "unreadable" in raw:
        return True
    customer = raw.get("population", {}).get("customer", "")
    if customer and written["customers"] and customer not in written["customers"]:
        return False
    links, named = raw.get("links", []), {written["address"], written["requirement"]} - {""}
    if written["indicator"]["linked"]:
        return bool(named & set(links)) if written["requirement"] else not links
    return not links or bool(named & set(links))


def refusal(r: Record, p: Promise, case: Json, subject: str) -> str:
    """Why a record may not be counted, or nothing."""
    raw, binding = r.raw, p.binding
    if r.observed is not None and r.observed > p.at:
        return "missing"
    if "unreadable" in raw:
        return ""
    own = raw.get("subject", "")
    if p.stage in ("build", "release"):
        if case["require_subject"] and (not own or raw.get("asserted")):
            return "no subject"
        ancestor = binding.get("of") == "ancestor" and own in case["ancestors"]
        if own and subject and own != subject and not ancestor:
            return "wrong subject"
    if "max-age" in binding:
        age = None if r.observed is None else (p.at - r.observed).total_seconds()
        if age is None or age > quantity(binding["max-age"])[0]:
            return "too old"
    if binding.get("environment") and raw.get("environment") != binding["environment"]:
        return "wrong environment"
    if "indicator_hash" in raw:
        return "stale"  # the suite holds only hashes that no definition has
    unit = raw["statistic"].get("unit")
    return "wrong unit" if unit is not None and UNITS[unit][0] != p.expected else ""


def once(found: Sequence[Record]) -> list[Record]:
    """The same source, measurement or record counts once."""
    unique: dict[str, Record] = {}
    for r in found:
        raw = r.raw
        digest = raw.get("source", {}).get("digest")
        same: Any = [digest, r.population, raw.get("links", [])]
        if not digest:
            same = (
                raw
                if r.start is None
                else [str(r.start), str(r.end), r.population, raw.get("links", []), raw["statistic"]]
            )
        unique.setdefault(json.dumps(same, sort_keys=True), r)
    return list(unique.values())


def overlapping(p: Promise, found: Sequence[Record]) -> bool:
    """Whether some time of some population is counted twice."""
    if p.census and p.stage != "production":
        return False
    adds = ("level", "prediction", "age")
    for i, a in enumerate(found):
        for b in found[i + 1 :]:
            timed = a.start and a.end and b.start and b.end
            if timed and (a.end <= b.start or b.end <= a.start):  # type: ignore[operator]  # all four are known
                continue
            # Without times only a total beside its parts is known to count twice.
            if not timed and (
                dict(a.population).keys() == dict(b.population).keys() or (a.stat and a.stat.kind in adds)
            ):
                continue
            shards = bool(a.raw.get("run")) and a.raw.get("run") == b.raw.get("run") and a.population != b.population
            mine, theirs = dict(a.population), dict(b.population)
            if not shards and not any(mine[key] != theirs[key] for key in mine.keys() & theirs.keys()):
                return True
    return False


def by_member(p: Promise, found: Sequence[Record], customers: Sequence[str]) -> Answer:
    """Rule 6, or the pool where nobody is told apart."""
    runs: dict[tuple[tuple[str, str], ...], set[str]] = {}
    for r in found:
        runs.setdefault(r.population, set()).add(r.run)
    attempts = max(len(names) for names in runs.values())
    level = p.level
    if p.stage in ("build", "release") and p.rule != "census":
        level = rerun(level, attempts)
    if not p.dimension:
        return pool(p, found, level)
    members: dict[str, list[Record]] = {}
    for r in found:
        members.setdefault(r.of(p.dimension), []).append(r)
    if set(members) == {""}:
        return unknown("no customer")
    silent = [c for c in customers if c not in members] if p.dimension == "customer" else []
    fewest = int(p.binding.get("at-least", math.ceil(1 / p.allowed) if 0 < p.allowed < 1 else 1))
    small = {m: rs for m, rs in members.items() if sum(r.stat.n for r in rs if r.stat) < fewest}
    pools = {m: rs for m, rs in members.items() if m not in small}
    if small:
        pools[f"{len(small)} small together"] = [r for rs in small.values() for r in rs]
    k = len(pools)
    answers = {}
    for name, rs in pools.items():
        answer = pool(p, rs, level)
        if answer.verdict == NOT_MET and k > 1 and p.rule in ("confident", "sequential"):
            strict = pool(p, rs, 1 - (1 - level) / k)
            if strict.verdict != NOT_MET:
                answer = replace(answer, verdict=UNKNOWN, reason="not shown")
        answers[name] = answer
    answers |= {name: unknown("no traffic") for name in silent}
    groups = {name: a.verdict for name, a in answers.items()} | dict.fromkeys(small, UNKNOWN)
    total = pool(p, found, level)
    state = worst(a.verdict for a in answers.values())
    reasons = [a.reason for a in answers.values() if a.verdict == state]
    return replace(
        total, verdict=state, reason=reasons[0] if state == UNKNOWN else "", groups=tuple(sorted(groups.items()))
    )


# ── The cases ────────────────────────────────────────────────────────────────────────────────────────────────────────

AT = "2026-11-22T12:00:00Z"


def evidence(indicator: str, statistic: Json, stage: str = "build", **more: Any) -> Json:  # noqa: ANN401  # JSON fields
    """One evidence record; at build and release it names its subject."""
    subject = {"subject": "git:a"} if stage in ("build", "release") else {}
    fields: Json = {"schema": "upheld/evidence/v1", "indicator": indicator, "stage": stage, **subject}
    fields |= {"statistic": statistic} | more
    return {key: value for key, value in fields.items() if value is not None}


def case(
    rule: str, name: str, sentence: str, kind: str, *found: Json, stage: str = "build", unit: str | None = None,
    census: bool = False, linked: bool = False, customers: Sequence[str] = (), requirement: str = "",
    binding: Json | None = None, at: str = AT, subject: str = "", ancestors: Sequence[str] = (),
    require_subject: bool = False,
) -> Json:  # fmt: skip
    """One case without its expectation."""
    match = parts(SENTENCE, sentence)
    default = {"value": "s", "age": "s", "ratio": "%"}.get(kind, "")
    return {
        "name": name, "rule": rule,
        "criterion": {
            "address": f"{requirement or 'REQ-X-001'}.c1", "requirement": requirement, "sentence": sentence,
            "indicator": {
                "name": match["indicator"], "kind": kind, "unit": default if unit is None else unit,
                "census": census, "linked": linked,
            },
            "customers": list(customers), "bindings": {stage: binding} if binding else {},
        },
        "stage": stage, "evidence": list(found), "at": at, "subject": subject, "ancestors": list(ancestors),
        "require_subject": require_subject,
    }  # fmt: skip


def share(n: int, good: int, stage: str = "build", **more: Any) -> Json:  # noqa: ANN401  # JSON fields
    """A share of `task.done`."""
    return evidence("task.done", {"kind": "share", "n": n, "good": good}, stage, **more)


def latency(cells: Sequence[Sequence[Any]], stage: str = "build", failures: int = 0, **more: Any) -> Json:  # noqa: ANN401
    """A histogram of `api.latency` in seconds."""
    statistic: Json = {"kind": "quantile", "cells": [list(c) for c in cells]}
    return evidence("api.latency", statistic | ({"failures": failures} if failures else {}), stage, **more)


def period(start: str, end: str) -> Json:
    """A window from one UTC time to another; days may be given without their time."""
    return {"window": {key: t if "T" in t else f"{t}T00:00:00Z" for key, t in (("from", start), ("to", end))}}


def days(count: float, until: str = AT) -> Json:
    """A window of some days that ends at a time."""
    end = moment(until)
    return {"window": {"from": iso(end - timedelta(days=count)), "to": iso(end)}}


def iso(time: datetime) -> str:
    """A UTC time as the records write it."""
    return time.isoformat().replace("+00:00", "Z")


def up(n: int, good: int, window: Json, customer: str = "", **more: Any) -> Json:  # noqa: ANN401  # JSON fields
    """A share of `service.up` in production."""
    population = {"population": {"customer": customer}} if customer else {}
    return evidence("service.up", {"kind": "share", "n": n, "good": good}, "production", **window, **population, **more)


def quantile_as_share() -> Iterator[Json]:
    """Rule 1: a quantile is a share of events on the good side of its limit."""
    rule = "1"
    for op in ("<", "<=", ">", ">="):
        for value in (0.799, 0.8, 0.801):
            values = {"kind": "quantile", "values": [value] * 100}
            yield case(rule, f"A hundred values of {value} s against {op} 0.8 s are compared exactly.",
                       f"p95 of api.latency {op} 0.8 s", "value", evidence("api.latency", values))  # fmt: skip
    for q, good, n in [("50", 60, 100), ("50", 50, 100), ("90", 95, 100), ("90", 100, 100), ("99", 1000, 1000),
                       ("99", 990, 1000), ("99.9", 2994, 2994), ("99.9", 2995, 2995), ("99.5", 597, 597),
                       ("99.5", 598, 598), ("95", 58, 58), ("95", 59, 59), ("99", 298, 298), ("99", 299, 299)]:  # fmt: skip
        yield case(rule, f"{good} of {n} below the limit, against the p{q}.", f"p{q} of api.latency < 1 s", "value",
                   latency([[0.1, 0.5, good]] + ([[1.5, 2, n - good]] if n > good else [])))  # fmt: skip
    for failures in (0, 4, 5, 10, 20, 200):
        yield case(rule, f"190 quick answers and {failures} failures: a failed request is a bad event.",
                   "p95 of api.latency < 1 s", "value", latency([[0.1, 0.5, 190]], failures=failures))  # fmt: skip
    yield case(rule, "Only failures, no answer at all.", "p95 of api.latency < 1 s", "value",
               evidence("api.latency", {"kind": "quantile", "n": 50, "failures": 50}))  # fmt: skip
    yield case(rule, "A quantile from below is kept by the rest: 5 % may be under the limit.", "p95 of api.latency > 1 s",
               "value", latency([[0.1, 0.5, 90], [1.5, 2, 10]]))  # fmt: skip
    yield case(rule, "p95 above the limit is shown by 2 % above it only when 5 % are asked for: not met.",
               "p95 of api.latency > 1 s", "value", latency([[0.1, 0.5, 980], [1.5, 2, 20]]))  # fmt: skip
    yield case(rule, "A failed request is not above a lower limit either.", "p50 of api.latency > 1 s", "value",
               latency([[1.5, 2, 30]], failures=70))  # fmt: skip
    for low, high in ((0.5, 1.0), (1.0, 2.0), (0.999, 1.0), (1.0, 1.001)):
        yield case(rule, f"A bucket from {low} s to {high} s has its boundary at the limit and resolves it.",
                   "p95 of api.latency < 1 s", "value", latency([[low, high, 400]]))  # fmt: skip
    yield case(rule, "A boundary at the limit resolves <= as well.", "p95 of api.latency <= 1 s", "value",
               latency([[0.5, 1.0, 400], [1.0, 2.0, 5]]))  # fmt: skip
    for inside in (10, 20, 30, 40, 50, 60, 100, 400):
        yield case(rule, f"A bucket with {inside} of 1000 events straddles the limit; both readings must agree.",
                   "p95 of api.latency < 1 s", "value", latency([[0.1, 0.9, 1000 - inside], [0.9, 1.1, inside]]))  # fmt: skip
    yield case(rule, "A straddling bucket cannot save what is lost anyway.", "p95 of api.latency < 1 s", "value",
               latency([[0.1, 0.9, 500], [0.9, 1.1, 20], [2, 3, 480]]))  # fmt: skip
    yield case(rule, "The last bucket has no upper end and counts as above the limit.", "p95 of api.latency < 1 s", "value",
               latency([[0.1, 0.5, 980], [2.5, "inf", 20]]))  # fmt: skip
    yield case(rule, "The quantile lies in the bucket without an upper end; its lower end is shown.",
               "p95 of api.latency < 1 s", "value", latency([[0.1, 0.5, 500], [2.5, "inf", 500]]))  # fmt: skip
    yield case(rule, "A bucket without an upper end that holds the limit does not tell.", "p95 of api.latency < 1 s",
               "value", latency([[0.1, 0.5, 900], [0.5, "inf", 100]]))  # fmt: skip
    splits = {"kind": "quantile", "n": 1000, "good": 990, "threshold": 1}
    yield case(rule, "Counts split at the limit are enough.", "p95 of api.latency < 1 s", "value",
               evidence("api.latency", splits))  # fmt: skip
    for limit in ("0.8 s", "1.2 s"):
        yield case(rule, f"Counts split at 1 s say nothing about {limit} any more.", f"p95 of api.latency < {limit}",
                   "value", evidence("api.latency", splits))  # fmt: skip
        yield case(rule, f"A histogram is judged again when the limit moves from 1 s to {limit}.",
                   f"p95 of api.latency < {limit}", "value", latency([[0.1, 0.7, 900], [0.9, 1.1, 100]]))  # fmt: skip
    for op in ("<", "<=", ">", ">="):
        both = {"kind": "quantile", "n": 400, "good": {"1.0": [370, 390]}, "failures": 5}
        yield case(rule, f"370 below, 390 at or below and 5 failures of 400, for {op}.", f"p95 of api.latency {op} 1 s",
                   "value", evidence("api.latency", both))  # fmt: skip
    yield case(rule, "The quantile shown for an even sample is the inverted distribution function, without interpolation.",
               "p50 of api.latency < 9 s", "value",
               evidence("api.latency", {"kind": "quantile", "values": [1, 2, 3, 4, 5, 6, 7, 8]}))  # fmt: skip
    yield case(rule, "p25 of seven values is the second.", "p25 of api.latency < 9 s", "value",
               evidence("api.latency", {"kind": "quantile", "values": [7, 3, 1, 2, 6, 5, 4]}))  # fmt: skip
    yield case(rule, "Values in any order and with ties give one distribution.", "p90 of api.latency <= 3 s", "value",
               evidence("api.latency", {"kind": "quantile", "values": [3, 1, 2] * 40}))  # fmt: skip


def confident() -> Iterator[Json]:
    """Rule 2: the bound on the bad side decides."""
    rule = "2"
    table = [
        ("90 %", [(8, 8), (28, 28), (29, 29), (30, 29), (100, 70), (100, 90), (100, 95), (100, 96), (1000, 916), (1000, 900)]),
        ("95 %", [(58, 58), (59, 59), (1, 1), (1, 0), (93, 92), (100, 87), (10000, 9540), (10000, 9500), (2, 0)]),
        ("99 %", [(298, 298), (299, 299), (473, 472), (472, 471), (100000, 99060), (50, 48)]),
        ("99.5 %", [(597, 597), (598, 598), (100000000, 99512000), (100000000, 99501000), (100000000, 99488000)]),
        ("99.9 %", [(2994, 2994), (2995, 2995), (100000000, 99905200), (100000000, 99900300), (100, 99)]),
        ("50 %", [(5, 5), (4, 4), (100, 50), (100, 59), (100, 60), (100, 41), (100, 40)]),
        ("100 %", [(1000, 1000), (1000, 999)]),
        ("0 %", [(10, 0), (10, 10)]),
    ]  # fmt: skip
    for target, counts in table:
        for n, good in counts:
            yield case(
                rule, f"{good} of {n} against at least {target}.", f"task.done >= {target}", "ratio", share(n, good)
            )
    for n, bad in [(20, 0), (28, 0), (29, 0), (60, 1), (60, 3), (60, 12), (100000, 9800), (100000, 10200), (1, 1)]:
        yield case(rule, f"{bad} of {n} against at most 10 %: the upper bound is the bad side.", "task.done <= 10 %",
                   "ratio", share(n, bad))  # fmt: skip
    for op in ("<", ">", "<=", ">="):
        yield case(rule, f"All of 1e8 events against {op} 50 %.", f"task.done {op} 50 %", "ratio", share(10**8, 10**8))
        yield case(rule, f"Exactly half of 1e8 events against {op} 50 %: the sample lies at the promise.",
                   f"task.done {op} 50 %", "ratio", share(10**8, 5 * 10**7))  # fmt: skip
    for n, good in ((100, 100), (100, 70), (100, 60)):
        yield case(rule, f"{good} of {n} against exactly 70 %: a sample can only deny equality.", "task.done = 70 %",
                   "ratio", share(n, good))  # fmt: skip
    for level in ("50 %", "80 %", "90 %", "97.5 %", "99 %", "99.9 %"):
        for n in (30, 60, 200):
            yield case(rule, f"All of {n} good against at least 95 %, asked with {level}.", f"task.done >= 95 % with {level}",
                       "ratio", share(n, n))  # fmt: skip
    yield case(rule, "A binding's confidence goes before the sentence's.", "task.done >= 90 % with 99 %", "ratio",
               share(29, 29), binding={"confidence": "95 %"})  # fmt: skip
    yield case(rule, "No events are no traffic.", "task.done >= 90 %", "ratio", share(0, 0))
    yield case(rule, "No evidence is missing evidence.", "task.done >= 90 %", "ratio")
    yield case(rule, "A histogram says nothing about a ratio.", "task.done >= 90 %", "ratio",
               evidence("task.done", {"kind": "quantile", "cells": [[0.1, 0.5, 100]]}))  # fmt: skip
    yield case(rule, "CSAT is a share of satisfied answers.", "csat of survey.answers >= 80 %", "ratio",
               evidence("survey.answers", {"kind": "share", "n": 120, "good": 108}))  # fmt: skip
    yield case(rule, "Two disjoint samples add.", "task.done >= 90 %", "ratio",
               share(20, 20, population={"region": "uk"}), share(20, 20, population={"region": "no"}))  # fmt: skip


def dependence() -> Iterator[Json]:
    """Rule 3: a timed run is worth fewer events than it counts."""
    rule = "3"
    slow = [[0.1, 0.5, 11880], [1.5, 2, 120]]
    for seconds in (10, 60, 80, 88, 89, 90, 100, 600, 12000, 20000):
        yield case(rule, f"12 000 requests with 1 % slow in {seconds} s, no buckets: one event per second.",
                   "p95 of api.latency < 1 s", "value", latency(slow, conditions={"seconds": seconds}))  # fmt: skip
    yield case(rule, "A window states the length of a run too.", "p95 of api.latency < 1 s", "value",
               latency(slow, **period("2026-11-20T10:00:00Z", "2026-11-20T10:01:00Z")))  # fmt: skip
    yield case(
        rule,
        "Nobody says how long it took: events count one by one.",
        "p95 of api.latency < 1 s",
        "value",
        latency(slow),
    )
    yield case(rule, "Shards of one run stand side by side; their seconds do not add.", "p95 of api.latency < 1 s", "value",
               *(latency([[0.1, 0.5, 6000]], run="r", population={"shard": s}, conditions={"seconds": 58}) for s in "ab"))  # fmt: skip
    yield case(rule, "A share in a timed run is worth its seconds too.", "task.done >= 95 %", "ratio",
               share(100000, 100000, conditions={"seconds": 58}))  # fmt: skip

    def series(pattern: Callable[[int], tuple[int, int]], count: int, width: int = 10) -> Json:
        buckets, total = [], [0, 0]
        for i in range(count):
            n, good = pattern(i)
            buckets.append({"at": i * width, "seconds": width, "statistic": {"kind": "share", "n": n, "good": good}})
            total = [total[0] + n, total[1] + good]
        return evidence("task.done", {"kind": "share", "n": total[0], "good": total[1]}, series=buckets,
                        conditions={"seconds": count * width})  # fmt: skip

    patterns: list[tuple[str, Callable[[int], tuple[int, int]], int]] = [
        ("steady buckets with 3 % bad", lambda i: (2000, 1940 - i % 3), 60),
        ("buckets that never differ", lambda _: (200, 194), 60),
        ("bad events in a few bursts", lambda i: (2000, 1500 if i % 20 in (7, 8) else 1990), 60),
        ("one long slow period of two minutes", lambda i: (2000, 1400 if 20 <= i < 32 else 1995), 60),
        ("a slow wave of ten minutes", lambda i: (2000, 1940 + round(50 * math.sin(i / 60 * 2 * math.pi))), 120),
        ("alternating buckets (negative correlation counts as none)", lambda i: (2000, 1900 if i % 2 else 1980), 60),
        ("a run of 590 s: 59 buckets are too few", lambda i: (2000, 1940 - i % 3), 59),
        ("a run of 600 s with eight bad events in all", lambda i: (2000, 1999 if i % 8 == 0 else 2000), 60),
        ("a run with nine good events in all", lambda i: (200, 1 if i % 7 == 0 else 0), 60),
        ("unequal volumes", lambda i: (500 + 40 * i, round((500 + 40 * i) * 0.97) - i % 5), 60),
        ("quiet buckets without a single event", lambda i: (0, 0) if i % 4 == 3 else (2000, 1940 - 5 * (i % 3)), 100),
        ("a ramp from good to bad", lambda i: (2000, 1990 - 2 * i), 90),
    ]  # fmt: skip
    for what, pattern, count in patterns:
        for target in ("95 %", "97 %"):
            yield case(rule, f"{what[0].upper()}{what[1:]}, against at least {target}.", f"task.done >= {target}", "ratio",
                       series(pattern, count))  # fmt: skip
    yield case(rule, "Buckets of 5 s are joined to 10 s.", "task.done >= 95 %", "ratio",
               series(lambda i: (1000, 960 + 5 * (i // 2 % 3)), 120, 5))  # fmt: skip
    yield case(rule, "Buckets of 30 s are too wide: the run is worth its seconds.", "task.done >= 95 %", "ratio",
               series(lambda i: (6000, 5880 - i % 3), 20, 30))  # fmt: skip


def reports() -> Iterator[Json]:
    """Rule 4: what a report that gives only some numbers shows."""
    rule = "4"
    for value, se in [(0.82, 0.035), (0.84, 0.011), (0.82, 0.015), (0.8, 0.001), (0.7, 0.01), (0.79, 0.01), (0.83, 0)]:
        yield case(rule, f"An AUC of {value} with SE {se} against at least 0.80.", "auc of model >= 0.80", "level",
                   evidence("model", {"kind": "level", "value": value, "se": se}))  # fmt: skip
    for df in (1, 2, 5, 30, 1000):
        yield case(rule, f"A standard error from {df} degrees of freedom is judged by Student's t.", "auc of model >= 0.80",
                   "level", evidence("model", {"kind": "level", "value": 0.84, "se": 0.02, "df": df}))  # fmt: skip
    for sentence, kind, statistic in [
        ("auc of model >= 0.80", "level", {"kind": "level", "value": 0.9}),
        ("mean of api.latency < 1 s", "value", {"kind": "mean", "n": 50, "mean": 0.1}),
        ("max of api.latency < 1 s", "value", {"kind": "max", "n": 50, "max": 0.4}),
    ]:
        name = sentence.split()[2]
        for how in ("confident", "estimate", "census"):
            yield case(rule, f"A {statistic['kind']} without its error under `{how}`.", sentence, kind,
                       evidence(name, statistic), binding={"rule": how})  # fmt: skip
        yield case(rule, f"A {statistic['kind']} without its error of an indicator that counts everything.", sentence, kind,
                   evidence(name, statistic), census=True)  # fmt: skip
    yield case(rule, "The maximum of a sample can break a promise.", "max of api.latency < 1 s", "value",
               evidence("api.latency", {"kind": "max", "n": 50, "max": 1.0}))  # fmt: skip
    yield case(rule, "The maxima of two disjoint shards: the larger one.", "max of api.latency <= 1 s", "value",
               *(evidence("api.latency", {"kind": "max", "n": 50, "max": m}, population={"shard": str(m)}) for m in (0.4, 0.9)),
               census=True)  # fmt: skip
    yield case(rule, "A maximum of nothing is no traffic.", "max of api.latency < 1 s", "value",
               evidence("api.latency", {"kind": "max", "n": 0, "max": 0}))  # fmt: skip
    percentiles = [[0, 0.2, 500], [0.2, 0.7, 400], [0.7, 0.95, 50], [0.95, 1.6, 40], [1.6, 4, 10]]
    for limit in ("0.5 s", "0.95 s", "1 s", "1.2 s", "1.6 s", "2 s"):
        yield case(rule, f"A report with p50, p90, p95 and p99 only, against {limit}.", f"p95 of api.latency < {limit}",
                   "value", latency(percentiles))  # fmt: skip
    for value, low, high in [
        (760, 620, 910),
        (760, 620, 1000),
        (1100, 1000, 1200),
        (1300, 1010, 1500),
        (900, 700, 1000.5),
    ]:
        for op in ("<", "<="):
            yield case("14", f"A prediction of {value} ms between {low} and {high} ms against {op} 1 s.",
                       f"p95 of api.latency {op} 1 s", "value",
                       evidence("api.latency", {"kind": "prediction", "unit": "ms", "value": value, "low": low, "high": high},
                                "design"), stage="design")  # fmt: skip
    for level in (0.5, 0.8, 0.9, 0.95, 0.98):
        for asked in ("95 %", "99 %"):
            statistic = {"kind": "prediction", "value": 0.5, "low": 0.4, "high": 0.6, "level": level}
            yield case("14", f"A prediction's {level:.0%} interval, asked with {asked}: two one-sided bounds at {(1 + level) / 2:.2%}.",
                       f"p95 of api.latency < 1 s with {asked}", "value", evidence("api.latency", statistic, "design"),
                       stage="design")  # fmt: skip
    wide = {"kind": "prediction", "value": 0.5, "low": 0.2, "high": 2.0}
    yield case("14", "An estimate is allowed where the binding says so: the middle decides.", "p95 of api.latency < 1 s",
               "value", evidence("api.latency", wide, "design"), stage="design", binding={"rule": "estimate"})  # fmt: skip
    older = evidence("api.latency", wide, "design", observed="2026-11-01T00:00:00Z")
    newer = evidence("api.latency", wide | {"high": 0.9}, "design", observed="2026-11-02T00:00:00Z")
    yield case(
        "14",
        "A newer prediction replaces the older one.",
        "p95 of api.latency < 1 s",
        "value",
        older,
        newer,
        stage="design",
    )


def numbers() -> Iterator[Json]:
    """Means, rates, counts, ages and scores with their uncertainty."""
    for n, m2 in [(2, 0.01), (50, 0.5), (50, 50), (1000, 900), (100000000, 1e8), (2, 0), (1, 0)]:
        for limit in ("0.12 s", "0.5 s", "0.05 s"):
            yield case("2", f"A mean of 0.1 s over {n} values with a sum of squares of {m2} against {limit}.",
                       f"mean of api.latency < {limit}", "value",
                       evidence("api.latency", {"kind": "mean", "n": n, "mean": 0.1, "m2": m2}))  # fmt: skip
    yield case("2", "The means of two disjoint shards combine with their distance.", "mean of api.latency < 1 s", "value",
               *(evidence("api.latency", {"kind": "mean", "n": n, "mean": m, "m2": 0.5}, population={"shard": str(n)})
                 for n, m in ((40, 0.1), (60, 0.9))))  # fmt: skip
    yield case("3", "A mean in a timed run is worth its seconds.", "mean of api.latency < 1 s", "value",
               evidence("api.latency", {"kind": "mean", "n": 10000, "mean": 0.9, "m2": 900},
                        conditions={"seconds": 20}))  # fmt: skip
    yield case("2", "Single values give their mean.", "mean of api.latency < 1 s", "value",
               evidence("api.latency", {"kind": "quantile", "values": [0.2, 0.4, 0.3, 0.7, 0.5]}))  # fmt: skip
    yield case(
        "4", "A histogram does not give a mean.", "mean of api.latency < 1 s", "value", latency([[0.1, 0.5, 100]])
    )
    yield case("1", "Failures have no value to average.", "mean of api.latency < 1 s", "value",
               evidence("api.latency", {"kind": "quantile", "values": [0.2, 0.4], "failures": 1}))  # fmt: skip
    yield case("4", "Means are values of the past to a quantile: it cannot be judged from them.", "p95 of api.latency < 1 s",
               "value", evidence("api.latency", {"kind": "mean", "n": 9, "mean": 0.1, "m2": 0.1}))  # fmt: skip
    for events_, exposure, target in [(10, 86400, "20/d"), (10, 86400, "12/d"), (10, 86400, "5/d"), (0, 86400, "3/d"),
                                      (0, 86400, "2.9/d"), (100000000, 1e6, "101/s"), (3, 3600, "10/h")]:  # fmt: skip
        yield case("2", f"{events_} events in {exposure:g} s against at most {target}: Poisson bounds.",
                   f"rate of crashes <= {target}", "count",
                   evidence("crashes", {"kind": "rate", "events": events_, "exposure": exposure}),
                   unit="/" + target.partition("/")[2])  # fmt: skip
    for n, most in [(0, 2), (0, 3), (0, 0), (1, 0), (5, 12), (5, 9), (20, 10), (7, 7)]:
        statistic = {"kind": "count", "events": n}
        yield case("2", f"{n} events against at most {most}, as a sample.", f"count of crashes <= {most}", "count",
                   evidence("crashes", statistic))  # fmt: skip
        yield case("7", f"{n} events against at most {most}, all counted.", f"count of crashes <= {most}", "count",
                   evidence("crashes", statistic), census=True)  # fmt: skip
    for n in (0, 1):
        yield case("7", f"{n} new findings against exactly none.", "new.findings = 0", "count",
                   evidence("new.findings", {"kind": "count", "events": n}), census=True)  # fmt: skip
    yield case("7", "A rate without its exposure is no rate.", "rate of crashes <= 3/d", "count",
               evidence("crashes", {"kind": "rate", "events": 3}), unit="/d")  # fmt: skip
    yield case("7", "A complete rate is compared as it is.", "rate of crashes <= 3/d", "count",
               evidence("crashes", {"kind": "rate", "events": 3, "exposure": 86400}), unit="/d", census=True)  # fmt: skip
    for counts in [(60, 25, 15), (600, 250, 150), (40, 40, 20), (34, 33, 33), (500, 400, 100), (10, 30, 60)]:
        statistic = dict(zip(("kind", "promoters", "passives", "detractors"), ("nps", *counts), strict=True))
        yield case("2", f"{counts[0]} promoters, {counts[1]} passives, {counts[2]} detractors against an NPS of 30 points.",
                   "nps of survey >= 30 points", "level", evidence("survey", statistic), unit="points")  # fmt: skip
    for counts in [(900, 60, 40), (90, 6, 5), (850, 100, 50), (500, 300, 200), (88000, 8000, 4000)]:
        statistic = dict(zip(("kind", "satisfied", "tolerating", "frustrated"), ("apdex", *counts), strict=True))
        yield case("2", f"Apdex of {counts[0]} satisfied, {counts[1]} tolerating, {counts[2]} frustrated against 0.9.",
                   "apdex of pages >= 0.9", "level", evidence("pages", statistic))  # fmt: skip
    for positives, negatives in [([2, 6, 14, 28], [30, 14, 5, 1]), ([20, 60, 140, 280], [300, 140, 50, 10]),
                                 ([5, 5, 5, 5], [5, 5, 5, 5]), ([1, 9, 20, 30], [60, 30, 9, 2])]:  # fmt: skip
        statistic = {"kind": "auc", "positives": positives, "negatives": negatives}
        yield case("2", f"AUC from score histograms {positives} and {negatives} by DeLong, against 0.80.",
                   "auc of model >= 0.80", "level", evidence("model", statistic))  # fmt: skip
    halves = [([10, 30, 70, 140], [150, 70, 25, 5]), ([10, 30, 70, 140], [150, 70, 25, 5])]
    yield case("2", "Score histograms of two regions add; a bare AUC never does.", "auc of model >= 0.80", "level",
               *(evidence("model", {"kind": "auc", "positives": p, "negatives": n}, population={"region": str(i)})
                 for i, (p, n) in enumerate(halves)))  # fmt: skip
    for kind, names in (
        ("nps", ("promoters", "passives", "detractors")),
        ("apdex", ("satisfied", "tolerating", "frustrated")),
    ):
        target, unit = ("30 points", "points") if kind == "nps" else ("0.9", "")
        yield case("2", f"An {kind} of nobody.", f"{kind} of survey >= {target}", "level",
                   evidence("survey", {"kind": kind} | dict.fromkeys(names, 0)), unit=unit)  # fmt: skip
    yield case("2", "A ranking needs cases of both labels.", "auc of model >= 0.80", "level",
               evidence("model", {"kind": "auc", "positives": [0, 5], "negatives": [0, 0]}))  # fmt: skip
    yield case("14", "A prediction is no measurement.", "p95 of api.latency < 1 s", "value",
               evidence("api.latency", {"kind": "prediction", "value": 0.5, "low": 0.4, "high": 0.6}))  # fmt: skip
    yield case("7", "An event of tomorrow says nothing about today.", "age of feed <= 15 min", "age",
               evidence("feed", {"kind": "age", "latest": "2026-11-23T12:00:00Z"}, "production"), stage="production")  # fmt: skip
    for minutes in (5, 14.9, 15, 15.1, 600):
        latest = iso(moment(AT) - timedelta(minutes=minutes))
        yield case("7", f"The latest event is {minutes} min old, 15 min are allowed.", "age of feed <= 15 min", "age",
                   evidence("feed", {"kind": "age", "latest": latest}, "production"), stage="production")  # fmt: skip
    for good in (1440, 1439, 0):
        yield case("7", f"{good} of 1440 minutes were fresh: an age is promised for every one.", "age of feed <= 15 min over 1 d", "age",
                   evidence("feed", {"kind": "slices", "n": 1440, "good": good, "threshold": 900}, "production", **days(1)),
                   stage="production")  # fmt: skip
    yield case("7", "Slices that were split at another limit are stale.", "age of feed <= 10 min over 1 d", "age",
               evidence("feed", {"kind": "slices", "n": 1440, "good": 1440, "threshold": 900}, "production", **days(1)),
               stage="production")  # fmt: skip


def load() -> Iterator[Json]:
    """Rule 5: a pass needs the load, a failure stands."""
    rule = "5"
    fast, slow = [[0.1, 0.5, 90000]], [[1.5, 2, 90000]]
    table: list[Json] = [
        {"offered": 200, "completed": 200}, {"offered": 200, "completed": 196}, {"offered": 200, "completed": 195.9},
        {"offered": 196, "completed": 196}, {"offered": 195.9, "completed": 200}, {"offered": 150, "completed": 150},
        {"offered": 400, "completed": 400}, {"completed": 199}, {"completed": 100}, {"offered": 200}, {},
        {"completed": "many"}, {"offered": "all of it", "completed": 200}, {"offered": 200, "completed": 0},
    ]  # fmt: skip
    for conditions in table:
        said = ", ".join(f"{key} {value}/s" for key, value in conditions.items()) or "nothing said of the load"
        for what, cells in (("quick", fast), ("slow", slow)):
            yield case(rule, f"A {what} run of 200/s with {said}.", "p95 of api.latency < 1 s at 200/s", "value",
                       latency(cells, conditions=conditions | {"seconds": 600}))  # fmt: skip
    yield case(rule, "A stage may bind its own load.", "p95 of api.latency < 1 s at 200/s", "value",
               latency(fast, conditions={"completed": 50, "seconds": 600}), binding={"at": "50/s"})  # fmt: skip
    yield case(rule, "Loads are compared in events per second: 12 000/min are 200/s.", "p95 of api.latency < 1 s at 12000/min",
               "value", latency(fast, conditions={"completed": 199, "seconds": 600}))  # fmt: skip
    yield case(rule, "Of two runs the one below the load keeps the pass from standing.", "p95 of api.latency < 1 s at 200/s",
               "value", latency(fast, run="1", conditions={"completed": 200, "seconds": 600}),
               latency(fast, run="2", conditions={"completed": 120, "seconds": 600}))  # fmt: skip
    yield case(rule, "What is not shown stays not shown, whatever the load was.", "p95 of api.latency < 1 s at 200/s", "value",
               latency(fast, conditions={"completed": 10, "seconds": 30}))  # fmt: skip
    predicted = {"kind": "prediction", "value": 0.5, "low": 0.4, "high": 0.6}
    for conditions in ({"offered": 200}, {"offered": 100}, {}):
        yield case(rule, f"A prediction that says {conditions or 'nothing'} of its load.", "p95 of api.latency < 1 s at 200/s",
                   "value", evidence("api.latency", predicted, "design", conditions=conditions or None), stage="design")  # fmt: skip
    for seconds in (600, 590, 588, 580, 60):
        yield case(rule, f"A run of {seconds} s where 10 min are asked for.", "p50 of api.latency < 1 s", "value",
                   latency(fast, conditions={"seconds": seconds}), binding={"for": "10 min"})  # fmt: skip
    yield case(rule, "A run that does not say how long it lasted.", "p50 of api.latency < 1 s", "value", latency(fast),
               binding={"for": "10 min"})  # fmt: skip
    yield case(rule, "A short run that failed has failed.", "p50 of api.latency < 1 s", "value",
               latency(slow, conditions={"seconds": 60}), binding={"for": "10 min"})  # fmt: skip
    for n in (99, 100):
        for good in (n, 3):
            yield case(rule, f"{good} of {n} where at least 100 are asked for.", "task.done >= 50 %", "ratio", share(n, good),
                       binding={"at-least": 100})  # fmt: skip
    for good in (500, 100):
        yield case("11", f"{good} of 500 good, no worse than a baseline that is not there.", "task.done >= 50 %", "ratio",
                   share(500, good), binding={"no-worse-than": "2 points"})  # fmt: skip


def members() -> Iterator[Json]:
    """Rule 6: every member is judged, and no member is falsely not met because there are many."""
    rule, text, month = "6", "service.up >= 95 % over 30 d per customer", days(30)

    def lived(name: str, *found: Json, sentence: str = text, **more: Any) -> Json:  # noqa: ANN401  # arguments of case
        return case(rule, name, sentence, "ratio", *found, stage="production", **more)

    yield lived("Every customer is met.", *(up(9000, 8900, month, c) for c in ("a", "b", "c")))
    yield lived(
        "One customer below is not met although the total is above.",
        up(9000, 9000, month, "a"),
        up(500, 350, month, "b"),
    )
    yield lived(
        "A promised customer without evidence is not counted as fine.", up(9000, 9000, month, "a"), customers=("a", "b")
    )
    yield lived("A silent customer does not hide a broken one.", up(500, 350, month, "a"), customers=("a", "b"))
    yield lived("A customer who was promised nothing is left aside.", up(9000, 9000, month, "a"), up(9000, 1, month, "z"),
                customers=("a",))  # fmt: skip
    yield lived("Evidence for nobody in particular shows nothing per customer.", up(9000, 9000, month))
    yield lived("A total beside its parts is counted twice.", up(9000, 9000, month), up(900, 900, month, "a"))
    for good in (9, 10):
        small = [up(10, good, month, f"s{i}") for i in range(5)]
        yield lived(f"Five customers with {good} of 10 each are judged together.", up(9000, 9000, month, "big"), *small)
    yield lived(
        "Nineteen events are fewer than 1/(1-95 %), twenty are not.",
        up(20, 18, month, "twenty"),
        up(19, 18, month, "nineteen"),
    )
    yield lived(
        "One small customer alone is judged as the pooled member.",
        up(9000, 9000, month, "big"),
        up(3, 2, month, "small"),
    )
    yield lived("Only small customers, good together.", *(up(5, 5, month, f"s{i}") for i in range(8)))
    yield lived("A customer with traffic of zero.", up(9000, 9000, month, "a"), up(0, 0, month, "b"))
    yield lived("Each customer's window must be complete.", up(9000, 9000, month, "a"), up(6000, 6000, days(20), "b"))
    yield lived("Per route, not per customer.",
                evidence("service.up", {"kind": "share", "n": 900, "good": 900}, "production", **month, population={"route": "/a"}),
                evidence("service.up", {"kind": "share", "n": 900, "good": 800}, "production", **month, population={"route": "/b"}),
                sentence="service.up >= 95 % over 30 d per route")  # fmt: skip
    yield lived("Where the binding says all, customers pool in production too.", up(9000, 9000, month, "a"),
                up(500, 350, month, "b"), binding={"per": "all"})  # fmt: skip

    def built(name: str, counts: Json, target: str = "95 %", at_least: int = 0) -> Json:
        found = [share(n, good, population={"customer": c}) for c, (n, good) in counts.items()]
        minimum = {"at-least": at_least} if at_least else {}
        return case(
            rule, name, f"task.done >= {target} per customer", "ratio", *found, binding={"per": "customer"} | minimum
        )

    for bad in (20, 26, 30, 34, 38, 42, 60):
        counts: Json = {f"c{i:02}": (400, 396) for i in range(9)} | {"unlucky": (400, 400 - bad)}
        yield built(f"Nine customers at 99 % and one with {bad} bad of 400: not met only beyond 1 - 5 %/10.", counts)
    for bad in (28, 33, 38, 44):
        yield built(f"The same customer with {bad} bad of 400 alone: no correction.", {"alone": (400, 400 - bad)})
    counts = {f"c{i:02}": (400, 380) for i in range(50)}
    yield built("Fifty customers at exactly 95 %.", counts)
    yield built("Fifty customers at exactly 95 % and one at 90 %.", counts | {"c50": (400, 360)})
    yield built("A sampled customer is met at C, without a correction.", {"a": (59, 59), "b": (59, 59), "c": (59, 59)})
    yield built("One of three customers is a single event short.", {"a": (59, 59), "b": (58, 58), "c": (59, 59)})
    yield built("With 99 % each customer needs 299 good.", {"a": (299, 299), "b": (298, 298)}, "99 %")
    yield built(
        "The minimum sample of the binding decides who is small.", {"a": (400, 399), "b": (40, 10)}, at_least=100
    )
    yield built("Small customers together are too few as well.", {"a": (400, 399), "b": (40, 40)}, at_least=100)
    pooled = [share(100, g, population={"customer": c}) for c, g in (("a", 100), ("b", 80))]
    yield case(
        rule, "Build pools unless the binding says otherwise.", "task.done >= 80 % per customer", "ratio", *pooled
    )
    yield case(rule, "Told apart at build, one of the two is not shown.", "task.done >= 80 % per customer", "ratio", *pooled,
               binding={"per": "customer"})  # fmt: skip
    yield case(rule, "Under `estimate` members are compared as they are.", "task.done >= 80 % per customer", "ratio", *pooled,
               binding={"per": "customer", "rule": "estimate"})  # fmt: skip
    each = [latency([[0.1, 0.9, good], [1.1, 2, 1000 - good]], "production", population={"customer": c}, **days(30))
            for c, good in (("a", 960), ("b", 950), ("c", 949))]  # fmt: skip
    yield case(rule, "A quantile per customer over 30 days.", "p95 of api.latency < 1 s over 30 d per customer", "value", *each,
               stage="production")  # fmt: skip


def windows() -> Iterator[Json]:
    """Rule 7: the window of a promise in production."""
    rule = "7"

    def lived(name: str, sentence: str, *found: Json, at: str = AT, kind: str = "ratio", **more: Any) -> Json:  # noqa: ANN401
        return case(rule, name, sentence, kind, *found, stage="production", at=at, **more)

    text = "service.up >= 99.5 % over 30 d"
    for good in (1000, 996, 995, 994, 0):
        yield lived(f"A complete window with {good} of 1000 is compared exactly.", text, up(1000, good, days(30)))
    yield lived(
        "Exactly at the target is met, one event fewer is not, at 1e8 events.", text, up(10**8, 99500000, days(30))
    )
    yield lived("One event below the target at 1e8 events.", text, up(10**8, 99499999, days(30)))
    for op, good in (("<", 5), ("<=", 5), ("<", 4), ("<=", 6)):
        yield lived(
            f"{good} of 1000 bad, {op} 0.5 % allowed.", f"service.up {op} 0.5 % over 30 d", up(1000, good, days(30))
        )
    for covered in (29.98, 29.9, 29.5, 28.6, 28, 27.2, 27, 20, 1):
        yield lived(
            f"{covered} of 30 days, all good, against 90 %.",
            "service.up >= 90 % over 30 d",
            up(1000, 1000, days(covered)),
        )
    yield lived("A gap cannot save a budget that is spent.", text, up(1000, 900, days(28)))
    yield lived(
        "A gap cannot break a limit from above that its worst case keeps.",
        "service.up <= 20 % over 30 d",
        up(1000, 10, days(28)),
    )
    yield lived("A gap may break a limit from above.", "service.up <= 5 % over 30 d", up(1000, 10, days(28)))
    yield lived("Zero traffic is not 100 %.", text, up(0, 0, days(30)))
    yield lived("Evidence without its time fills no window.", text, up(1000, 1000, {}))
    yield lived("A record that reaches back before the window is not cut.", text, up(1000, 1000, days(45)))
    older = up(100, 0, days(1, "2026-10-23T12:00:00Z"))
    daily = [up(100, 100, days(1, iso(moment(AT) - timedelta(days=d)))) for d in range(30)]
    yield lived("Days add up to the window, and older ones fall out.", text, older, *daily)
    yield lived("A day is missing in the middle, no other week knows more.", text, *daily[:9], *daily[10:])
    yield lived(
        "A day is missing and 96 % are asked: even all bad it holds.",
        "service.up >= 96 % over 30 d",
        *daily[:9],
        *daily[10:],
    )
    weekly = [
        up(10 if d % 7 == 3 else 400, 10 if d % 7 == 3 else 400, days(1, iso(moment(AT) - timedelta(days=d))))
        for d in range(30)
    ]
    yield lived(
        "A missing quiet day weighs what it weighed a week before.",
        "service.up >= 99 % over 30 d",
        *weekly[:10],
        *weekly[11:],
    )
    yield lived(
        "A missing busy day weighs what it weighed a week before.",
        "service.up >= 96.1 % over 30 d",
        *weekly[:8],
        *weekly[9:],
    )
    yield lived("Two weeks of one quiet day are missing: the last known week counts.", "service.up >= 99 % over 30 d",
                *weekly[:10], *weekly[11:17], *weekly[18:])  # fmt: skip
    yield lived("Old days do not count for a sample either.", "service.up >= 90 % over 30 d", older, *daily,
                binding={"rule": "confident"})  # fmt: skip
    yield lived("Incidents of an earlier month do not count for this window.", "count of incidents <= 12 over 30 d",
                evidence("incidents", {"kind": "count", "events": 50}, "production", **days(30, "2026-10-23T12:00:00Z")),
                evidence("incidents", {"kind": "count", "events": 4}, "production", **days(30)), kind="count")  # fmt: skip
    for target in ("1 s", "2 s"):
        yield lived(f"A quantile over the window against {target}: older records are out of it.",
                    f"p95 of api.latency < {target} over 30 d",
                    latency([[5, 6, 900]], "production", **days(1, "2026-10-23T12:00:00Z")),
                    latency([[0.1, 0.5, 500], [1.2, 1.8, 100]], "production", **days(30)), kind="value")  # fmt: skip
    yield lived("A straddling bucket in a complete window does not tell.", "p95 of api.latency < 1 s over 30 d",
                latency([[0.1, 0.5, 900], [0.9, 1.1, 100]], "production", **days(30)), kind="value")  # fmt: skip
    month = "service.up >= 99.5 % over calendar month"
    for start, end, at in [
        ("2026-10-01", "2026-11-01", "2026-11-01T00:00:00Z"), ("2026-12-01", "2027-01-01", "2027-01-02T00:00:00Z"),
        ("2028-02-01", "2028-03-01", "2028-03-01T06:00:00Z"), ("2027-02-01", "2027-03-01", "2027-03-01T06:00:00Z"),
        ("2028-02-01", "2028-02-29", "2028-02-29T06:00:00Z"), ("2026-11-01", "2026-11-22T12:00:00Z", AT),
    ]:  # fmt: skip
        for good in (99600, 99400, 90000):
            yield lived(f"{good / 1000} % good from {start} to {end[:10]}, seen on {at[:10]}.", month,
                        up(100000, good, period(start, end)), at=at)  # fmt: skip
    yield lived("A leap year's quarter has 91 days.", "service.up >= 99.5 % over calendar quarter",
                up(9100, 9090, period("2028-01-01", "2028-04-01")), at="2028-04-02T00:00:00Z")  # fmt: skip
    yield lived("The last quarter ends with the year.", "service.up >= 99.5 % over calendar quarter",
                *(up(900, 898, period(a, b)) for a, b in (("2026-10-01", "2026-11-01"), ("2026-11-01", "2026-12-01"),
                                                          ("2026-12-01", "2027-01-01"))), at="2027-01-01T00:00:00Z")  # fmt: skip
    yield lived("Two of three months of a quarter are not the quarter.", "service.up >= 99.5 % over calendar quarter",
                *(up(900, 898, period(a, b)) for a, b in (("2026-10-01", "2026-11-01"), ("2026-11-01", "2026-12-01"))),
                at="2026-12-01T00:00:00Z")  # fmt: skip
    yield lived("A leap year has 366 days.", "service.up >= 99.9 % over calendar year",
                up(10**6, 999000, period("2028-01-01", "2029-01-01")), at="2029-01-01T00:00:00Z")  # fmt: skip
    yield lived("365 days of a leap year leave one day open.", "service.up >= 99.9 % over calendar year",
                up(10**6, 999100, period("2028-01-01", "2028-12-31")), at="2028-12-31T12:00:00Z")  # fmt: skip
    yield lived("A calendar week starts on Monday, also across the year's end.", "service.up >= 99.5 % over calendar week",
                up(1000, 998, period("2026-12-28", "2027-01-04")), at="2027-01-04T00:00:00Z")  # fmt: skip
    yield lived("From Sunday to Sunday are two calendar weeks.", "service.up >= 99.5 % over calendar week",
                up(1000, 998, period("2026-12-27", "2027-01-03")), at="2027-01-04T00:00:00Z")  # fmt: skip
    yield lived("A calendar day in UTC.", "service.up >= 99.5 % over calendar day",
                up(1000, 998, period("2026-11-21", "2026-11-22")))  # fmt: skip
    yield lived("A month in local time is not the month in UTC.", month,
                up(1000, 999, period("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z")))  # fmt: skip
    for end, at in [("2026-11-21", "2026-11-21T23:00:00Z"), ("2026-11-21", "2026-11-22T00:00:00Z"),
                    ("2026-11-21", "2026-11-22T01:00:00Z"), ("2026-09-01", AT)]:  # fmt: skip
        yield lived(f"Thirty days up to {end}, asked about on {at}: a window is about the time up to now.", text,
                    up(1000, 1000, days(30, f"{end}T00:00:00Z")), at=at)  # fmt: skip
    for age in ("2 d", "12 h"):
        yield lived(f"A maximum age of {age} says how late evidence of a window may be.", text,
                    up(1000, 1000, days(30, "2026-11-21T12:00:00Z")), binding={"max-age": age})  # fmt: skip
    yield lived("Last month's promise can be judged all through this month.", month,
                up(1000, 999, period("2026-10-01", "2026-11-01")), at="2026-11-30T00:00:00Z")  # fmt: skip
    yield lived("A month long ago is not the present one.", month,
                up(1000, 999, period("2026-08-01", "2026-09-01")))  # fmt: skip
    service = "service.up >= 99.5 % over 30 d during Mon-Fri 08:00-18:00"
    for hours in ("Mon-Fri 08:00-18:00", "Mon-Fri 09:00-17:00", None):
        said: Json = {"conditions": {"hours": hours}} if hours else {}
        yield lived(
            f"A promise for service hours, evidence of {hours or 'all hours'}.",
            service,
            up(1000, 999, days(30), **said),
        )
    excluding = "service.up >= 99.5 % over 30 d excluding maintenance"
    for good in (999, 900):
        for conditions in ({"maintenance": "excluded"}, {}):
            yield lived(f"{good} of 1000 where maintenance is excluded from the promise, the evidence says {conditions or 'nothing'}.",
                        excluding, up(1000, good, days(30), conditions=conditions))  # fmt: skip
    spent = {"kind": "slices", "n": 43200, "good": 43200 - 216}
    for good in (43200 - 216, 43200 - 217):
        yield lived(f"{good} of 43 200 good minutes against 99.5 %.", text,
                    evidence("service.up", spent | {"good": good}, "production", **days(30)))  # fmt: skip


def sequential() -> Iterator[Json]:
    """Rule 10: a bound that holds at every look."""
    rule = "10"

    def minutes(n: int, good: int) -> list[Json]:
        """Ten buckets of a minute: too long to show how seconds depend on each other, long enough to be looked at."""
        parts = [(n * (i + 1) // 10 - n * i // 10, good * (i + 1) // 10 - good * i // 10) for i in range(10)]
        return [
            {"at": i * 60, "seconds": 60, "statistic": {"kind": "share", "n": a, "good": b}}
            for i, (a, b) in enumerate(parts)
        ]

    def released(target: str, n: int, good: int, name: str = "", **more: Any) -> Json:  # noqa: ANN401  # fields
        more.setdefault("series", minutes(n, good))
        return case(rule, name or f"{good} of {n} in a rollout against at least {target}.", f"task.done >= {target}", "ratio",
                    share(n, good, "release", **more), stage="release")  # fmt: skip

    for target, n in [
        ("95 %", 399),
        ("95 %", 400),
        ("99 %", 1999),
        ("99 %", 2000),
        ("99.5 %", 4000),
        ("99.9 %", 19999),
        ("99.9 %", 20000),
    ]:
        yield released(target, n, n, f"All of {n} good against {target}: twenty bad events must have been possible.")
    for n, good in [(400, 395), (400, 390), (400, 385), (400, 380), (400, 360), (400, 340), (1000, 960), (1000, 975),
                    (5000, 4810), (5000, 4600), (5000, 4750), (100000, 95300), (100000, 95100), (100000, 94700)]:  # fmt: skip
        yield released("95 %", n, good)
    for n, bad in [(1000, 30), (1000, 70), (1000, 20), (1000, 100)]:
        yield case(rule, f"{bad} of {n} bad in a rollout against at most 5 %.", "task.done <= 5 %", "ratio",
                   share(n, bad, "release", series=minutes(n, bad)), stage="release")  # fmt: skip
    for level in ("90 %", "99 %"):
        yield case(rule, f"390 of 400 in a rollout asked with {level}.", f"task.done >= 95 % with {level}", "ratio",
                   share(400, 390, "release", series=minutes(400, 390)), stage="release")  # fmt: skip
    for count in (9, 10, 12):
        buckets = [
            {"at": i * 10, "seconds": 10, "statistic": {"kind": "share", "n": 100, "good": 99}} for i in range(count)
        ]
        yield released(
            "95 %", 100 * count, 99 * count, f"{count} buckets: the first verdict needs ten.", series=buckets
        )
    yield case(rule, "A rollout without time buckets is not judged, however large.", "task.done >= 95 %", "ratio",
               share(100_000, 99_999, "release"), stage="release")  # fmt: skip
    yield case(rule, "Nor is one that fails: nobody knows whether it was one bad minute.", "task.done >= 95 %", "ratio",
               share(100_000, 50_000, "release"), stage="release")  # fmt: skip
    for count in (9, 10):
        yield case(rule, f"{count} records of a minute each are {count} buckets.", "task.done >= 95 %", "ratio",
                   *(share(400, 399, "release", **period(iso(moment(AT) - timedelta(minutes=60 - i)), iso(moment(AT) - timedelta(minutes=59 - i))))
                     for i in range(count)), stage="release")  # fmt: skip

    def quick(good: int) -> Json:
        """So many of 1000 below a second, spread over ten minutes."""
        cells = [[i / 100, i / 100, 10] for i in range(good // 10)]
        cells += [[1 + i / 50, 1 + i / 50, 2] for i in range((1000 - good) // 2)]
        parts = [
            {"at": i * 60, "seconds": 60, "statistic": {"kind": "quantile", "cells": cells[i::10]}} for i in range(10)
        ]
        return latency(cells, "release", series=parts)

    for good in (990, 960, 900):
        yield case(rule, f"{good} of 1000 quick in a rollout: the quantile shown is bounded at every look, too.",
                   "p95 of api.latency < 1 s", "value",
                   quick(good), stage="release")  # fmt: skip
    yield case(rule, "A rollout in which nothing counts events is judged as a sample.", "mean of api.latency < 1 s", "value",
               evidence("api.latency", {"kind": "mean", "n": 50, "mean": 0.4, "m2": 2}, "release"), stage="release")  # fmt: skip
    yield case(rule, "The binding may ask for a fixed sample instead.", "task.done >= 95 %", "ratio", share(59, 59, "release"),
               stage="release", binding={"rule": "confident"})  # fmt: skip
    yield case(rule, "At build the binding may ask for every look.", "task.done >= 95 %", "ratio",
               share(400, 396, series=minutes(400, 396)),
               binding={"rule": "sequential"})  # fmt: skip


def reruns() -> Iterator[Json]:
    """Rule 12: repeated runs pool at a stricter level, of levels the worst stands."""
    rule = "12"

    def run(number: int, statistic: Json, indicator: str = "task.done", **more: Any) -> Json:  # noqa: ANN401  # fields
        return evidence(indicator, statistic, run=f"run-{number}", observed=f"2026-11-20T{number:02}:00:00Z", **more)

    def done(number: int, n: int, good: int, **more: Any) -> Json:  # noqa: ANN401  # fields
        return run(number, {"kind": "share", "n": n, "good": good}, **more)

    for count in range(1, 7):
        yield case(rule, f"All good in {count} runs of 12 against 95 %: run {count} is judged at 1 - 5 %/{2 ** (count - 1)}.",
                   "task.done >= 95 %", "ratio", *(done(j, 12, 12) for j in range(1, count + 1)))  # fmt: skip
    for first, second in [
        ((100, 80), (100, 100)),
        ((100, 80), (1000, 990)),
        ((40, 39), (60, 60)),
        ((100, 100), (100, 80)),
    ]:
        yield case(rule, f"{first[1]} of {first[0]} and then {second[1]} of {second[0]} pool.", "task.done >= 90 %", "ratio",
                   done(1, *first), done(2, *second))  # fmt: skip
    slow, fast = [[0.1, 0.5, 9000], [1.5, 2, 1000]], [[0.1, 0.5, 9700], [1.5, 2, 300]]
    for seconds in (None, 1800):
        more = {"conditions": {"seconds": seconds}} if seconds else {}
        runs = [
            run(j, {"kind": "quantile", "cells": cells}, "api.latency", **more) for j, cells in ((1, slow), (2, fast))
        ]
        yield case(rule, "A load test that failed and was run again until green" + (f", {seconds} s each." if seconds else "."),
                   "p95 of api.latency < 1 s", "value", *runs)  # fmt: skip
        yield case(
            rule,
            "The green run alone" + (f" of {seconds} s." if seconds else "."),
            "p95 of api.latency < 1 s",
            "value",
            runs[1],
        )
    yield case(rule, "A void run is not counted.", "task.done >= 90 %", "ratio",
               done(1, 100, 10, void="the load generator ran out of memory"), done(2, 40, 40))  # fmt: skip
    yield case(rule, "Every run is void.", "task.done >= 90 %", "ratio", done(1, 100, 10, void="the disk was full"))
    yield case(
        rule, "One record sent twice is one run.", "task.done >= 90 %", "ratio", done(1, 29, 29), done(1, 29, 29)
    )
    source = {"source": {"digest": "sha256:aa"}}
    yield case(rule, "The same file under two names counts once.", "task.done >= 90 %", "ratio",
               evidence("task.done", {"kind": "share", "n": 15, "good": 15}, source=source["source"] | {"file": "a.json"}),
               evidence("task.done", {"kind": "share", "n": 15, "good": 15}, source=source["source"] | {"file": "b.json"}))  # fmt: skip
    yield case(rule, "Shards of one run with different populations are no re-runs.", "task.done >= 90 %", "ratio",
               *(done(1, 15, 15, population={"shard": s}) for s in "ab"))  # fmt: skip
    yield case(rule, "Two runs of different regions are no re-runs.", "task.done >= 90 %", "ratio",
               *(done(j, 15, 15, population={"region": r}) for j, r in ((1, "uk"), (2, "no"))))  # fmt: skip
    yield case(rule, "A second run of one of two regions is one.", "task.done >= 90 %", "ratio",
               *(done(j, 15, 15, population={"region": r}) for j, r in ((1, "uk"), (2, "no"), (3, "no"))))  # fmt: skip
    for values in [((0.9, 0.01), (0.7, 0.01)), ((0.7, 0.01), (0.9, 0.01)), ((0.9, 0.01), (0.88, 0.01)),
                   ((0.782, 0.01), (0.9, 0.01)), ((0.9, 0.01), (0.782, 0.01)), ((0.9, 0.01), (0.81, 0.02)),
                   ((0.8175, 0.01), (0.9, 0.01)), ((0.9, 0.01), (0.8175, 0.01))]:  # fmt: skip
        found = [run(j, {"kind": "level", "value": v, "se": se}, "model") for j, (v, se) in enumerate(values, 1)]
        yield case(rule, f"AUCs of {values[0][0]} ± {values[0][1]} SE, then {values[1][0]} ± {values[1][1]} SE: the worst stands, "
                   "run j at its own level.", "auc of model >= 0.80", "level", *found)  # fmt: skip
    for good in ((3, 3), (3, 2)):
        yield case(rule, f"Tests with {good[0]} and then {good[1]} of 3 passed: a complete count has no level, and flaky is not passed.",
                   "test.passed = 100 %", "ratio",
                   *(run(j, {"kind": "share", "n": 3, "good": g}, "test.passed") for j, g in enumerate(good, 1)), census=True)  # fmt: skip
    yield case(rule, "In production records of different days are no re-runs.", "task.done >= 90 %", "ratio",
               *(share(15, 15, "production", **days(1, f"2026-11-{d}T00:00:00Z")) for d in (20, 21)), stage="production")  # fmt: skip
    older = share(100, 10, subject="git:old", observed="2026-11-01T00:00:00Z")
    newer = share(40, 40, subject="git:new", observed="2026-11-02T00:00:00Z")
    own = share(40, 40, subject="git:now", observed="2026-11-03T00:00:00Z")
    asked: Json = {"subject": "git:now", "ancestors": ["git:old", "git:new"], "binding": {"of": "ancestor"}}
    yield case(
        rule,
        "A run on an earlier subject is no earlier run on this one.",
        "task.done >= 90 %",
        "ratio",
        older,
        own,
        **asked,
    )
    yield case(
        rule,
        "Of several ancestors the newest one measured stands for the subject.",
        "task.done >= 90 %",
        "ratio",
        older,
        newer,
        **asked,
    )


def overlaps() -> Iterator[Json]:
    """Evidence adds only when it is disjoint."""
    rule = "overlap"
    hours = [period(f"2026-11-20T{a:02}:00:00Z", f"2026-11-20T{b:02}:00:00Z") for a, b in ((9, 11), (10, 12), (11, 13))]

    def done(window: Json, **more: Any) -> Json:  # noqa: ANN401  # fields
        return share(1000, 1000, **window, **more)

    yield case(
        rule,
        "Two runs over the same hour count it twice.",
        "task.done >= 90 %",
        "ratio",
        done(hours[0], run="1"),
        done(hours[1], run="2"),
    )
    yield case(
        rule,
        "Runs that touch do not overlap.",
        "task.done >= 90 %",
        "ratio",
        done(hours[0], run="1"),
        done(hours[2], run="2"),
    )
    yield case(rule, "Different customers at the same time are disjoint.", "task.done >= 90 %", "ratio",
               *(done(w, run=c, population={"customer": c}) for w, c in zip(hours, "ab", strict=False)))  # fmt: skip
    yield case(rule, "A customer and a region may share members.", "task.done >= 90 %", "ratio",
               done(hours[0], run="1", population={"customer": "a"}), done(hours[1], run="2", population={"region": "uk"}))  # fmt: skip
    yield case(rule, "Shards of one run add although they ran at the same time.", "task.done >= 90 %", "ratio",
               *(done(hours[0], run="1", population={"shard": s}) for s in "ab"))  # fmt: skip
    yield case(rule, "A failure does not stand on doubly counted time either.", "task.done >= 90 %", "ratio",
               share(1000, 1, **hours[0], run="1"), share(1000, 1, **hours[1], run="2"))  # fmt: skip
    yield case(rule, "Complete counts of a build may run side by side.", "test.passed = 100 %", "ratio",
               *(evidence("test.passed", {"kind": "share", "n": n, "good": n}, **w, run=str(n)) for n, w in ((3, hours[0]), (4, hours[1]))),
               census=True)  # fmt: skip
    yield case(rule, "In production complete counts overlap as well.", "service.up >= 99 % over 1 d", "ratio",
               up(100, 100, days(1)), up(101, 101, days(0.5)), stage="production")  # fmt: skip
    yield case(rule, "A total beside its parts counts them twice, also where no time is stated.", "task.done >= 90 %", "ratio",
               share(100, 100, run="1"), share(40, 40, run="2", population={"region": "uk"}))  # fmt: skip
    yield case(rule, "Different kinds of statistic do not add.", "p95 of api.latency < 1 s", "value",
               latency([[0.1, 0.5, 100]], run="1"), evidence("api.latency", {"kind": "mean", "n": 5, "mean": 1.0}, run="2"))  # fmt: skip


def subjects() -> Iterator[Json]:
    """What was measured, where and when: wrong, old or unknown is inconclusive."""
    rule, text = "subject", "task.done >= 90 %"
    good, bad = share(50, 50), share(50, 5)
    yield case(rule, "Another subject is inconclusive.", text, "ratio", good, subject="git:b")
    yield case(rule, "A failure of another subject is inconclusive as well.", text, "ratio", bad, subject="git:b")
    yield case(rule, "The subject asked about.", text, "ratio", good, subject="git:a")
    yield case(rule, "Without a question the newest subject is meant.", text, "ratio",
               share(50, 5, subject="git:old", observed="2026-11-01T00:00:00Z"),
               share(50, 50, subject="git:new", observed="2026-11-02T00:00:00Z"))  # fmt: skip
    for ancestors in ((), ("git:a",), ("git:z",)):
        for of in ("exact", "ancestor"):
            yield case(rule, f"Measured on git:a, asked about git:b with {list(ancestors)} before it, `of: {of}`.", text, "ratio",
                       good, subject="git:b", ancestors=ancestors, binding={"of": of})  # fmt: skip
    nobody, asserted = share(50, 50, subject=None), share(50, 50, asserted=True)
    for required in (False, True):
        yield case(
            rule,
            f"A record without a subject, required: {required}.",
            text,
            "ratio",
            nobody,
            subject="git:a",
            require_subject=required,
        )
        yield case(rule, f"A record that only asserts its subject, required: {required}.", text, "ratio", asserted, subject="git:a",
                   require_subject=required)  # fmt: skip
    yield case(rule, "In production the subject is not asked for.", text, "ratio", share(50, 50, "production", **days(1)),
               stage="production", subject="git:b", require_subject=True)  # fmt: skip
    for hours, limit in [
        (1, "7 d"),
        (168, "7 d"),
        (168.01, "7 d"),
        (169, "7 d"),
        (2, "1 h"),
        (0.99, "1 h"),
        (1, "1 h"),
    ]:
        yield case("age", f"Evidence {hours} h old where at most {limit} is allowed.", text, "ratio",
                   share(50, 50, observed=iso(moment(AT) - timedelta(hours=hours))), binding={"max-age": limit})  # fmt: skip
    yield case(
        "age",
        "Evidence of unknown age is too old where a maximum is set.",
        text,
        "ratio",
        good,
        binding={"max-age": "1 h"},
    )
    yield case(
        "age",
        "Old evidence is fine where no maximum is set.",
        text,
        "ratio",
        share(50, 50, observed="2001-01-01T00:00:00Z"),
    )
    yield case("age", "A window's end is when it was observed.", text, "ratio",
               share(50, 50, **period("2026-11-01", "2026-11-02")), binding={"max-age": "7 d"})  # fmt: skip
    yield case(
        "age",
        "What was observed later does not exist yet.",
        text,
        "ratio",
        share(50, 50, observed="2026-11-22T13:00:00Z"),
    )
    yield case("age", "A later failure does not undo what was known then.", text, "ratio",
               share(50, 50, run="1", observed="2026-11-20T00:00:00Z"), share(50, 0, run="2", observed="2026-11-23T00:00:00Z"))  # fmt: skip
    yield case("age", "Old evidence falls away and the new one stands.", text, "ratio",
               share(50, 0, run="1", observed="2026-11-01T00:00:00Z"), share(50, 50, run="2", observed="2026-11-22T00:00:00Z"),
               binding={"max-age": "7 d"})  # fmt: skip
    for environment in ("staging", "laptop", None):
        yield case("environment", f"Measured in {environment}, staging is asked for.", text, "ratio",
                   share(50, 50, environment=environment), binding={"environment": "staging"})  # fmt: skip
    yield case("environment", "Evidence of another stage is no evidence here.", text, "ratio", share(50, 50, "release"))
    yield case("environment", "Evidence of another indicator is no evidence here.", text, "ratio",
               evidence("task.begun", {"kind": "share", "n": 50, "good": 50}))  # fmt: skip
    yield case("stale", "The indicator was defined otherwise when this was measured.", text, "ratio",
               share(50, 50, indicator_hash="0" * 16))  # fmt: skip
    broken = {"unreadable": "ends in the middle", "indicator": "task.done", "stage": "build"}
    for name, found in [
        ("alone", []),
        ("beside a pass", [good]),
        ("beside a failure", [bad]),
        ("beside too little", [share(8, 8)]),
    ]:
        yield case("unreadable", f"A file that cannot be read {name}.", text, "ratio", *found, broken)
    for links, requirement in [(["REQ-A-001"], "REQ-A-001"), (["REQ-A-001.c1"], "REQ-A-001"), (["REQ-A-001.c2"], "REQ-A-001"),
                               ([], "REQ-A-001"), (["REQ-B-002", "REQ-A-001"], "REQ-A-001")]:  # fmt: skip
        tests = evidence("test.passed", {"kind": "share", "n": 3, "good": 3}, links=links)
        yield case("links", f"Tests that name {links or 'nothing'} for {requirement}.c1.", "test.passed = 100 %", "ratio", tests,
                   census=True, linked=True, requirement=requirement)  # fmt: skip
        yield case("links", f"A sample that names {links or 'nothing'} for {requirement}.c1.", text, "ratio",
                   share(50, 50, links=links), requirement=requirement)  # fmt: skip
    for passed in (3, 2):
        yield case("7", f"{passed} of 3 tests passed against all.", "test.passed = 100 %", "ratio",
                   evidence("test.passed", {"kind": "share", "n": 3, "good": passed}), census=True)  # fmt: skip
    for covered in (81, 80, 79):
        yield case("7", f"{covered} of 100 changed lines covered against 80 %: complete counts are compared exactly.",
                   "coverage.changed >= 80 %", "ratio",
                   evidence("coverage.changed", {"kind": "share", "n": 100, "good": covered}), census=True)  # fmt: skip
    for n, passed in ((8, 8), (10, 9), (10, 8), (3, 3)):
        yield case(
            "4",
            f"{passed} of {n} under `estimate` against 90 %.",
            text,
            "ratio",
            share(n, passed),
            binding={"rule": "estimate"},
        )


def units() -> Iterator[Json]:
    """The same quantity in any unit of its dimension."""
    rule = "units"
    for limit in ("1 s", "1000 ms", "0.016 min", "999 ms"):
        for unit, low, high in (("s", 0.2, 1), ("ms", 200, 1000), ("us", 200000, 1000000)):
            found = evidence("api.latency", {"kind": "quantile", "unit": unit, "cells": [[low, high, 400]]})
            yield case(
                rule, f"{low} to {high} {unit} against {limit}.", f"p95 of api.latency < {limit}", "value", found
            )
    yield case(rule, "Kilobytes are no seconds.", "p95 of api.latency < 1 s", "value",
               evidence("api.latency", {"kind": "quantile", "unit": "kB", "cells": [[0.1, 0.2, 400]]}))  # fmt: skip
    yield case(rule, "A size in MB judged in kB.", "p95 of page.size < 800 kB", "value",
               evidence("page.size", {"kind": "quantile", "unit": "MB", "cells": [[0.1, 0.7, 400], [0.9, 1.2, 3]]}), unit="kB")  # fmt: skip
    yield case(rule, "A level in milliseconds with its standard error.", "start.time <= 2 s", "level",
               evidence("start.time", {"kind": "level", "unit": "ms", "value": 1700, "se": 100}), unit="s")  # fmt: skip
    yield case(rule, "A maximum in ms.", "max of api.latency <= 0.9 s", "value",
               evidence("api.latency", {"kind": "max", "unit": "ms", "n": 10, "max": 900}), census=True)  # fmt: skip
    yield case(rule, "A mean in ms: squares are scaled twice.", "mean of api.latency < 1 s", "value",
               evidence("api.latency", {"kind": "mean", "unit": "ms", "n": 50, "mean": 400, "m2": 2000000}))  # fmt: skip
    yield case(rule, "A level in euros.", "cost.month <= 3000 EUR", "level",
               evidence("cost.month", {"kind": "level", "unit": "EUR", "value": 2800, "se": 50}), unit="EUR")  # fmt: skip
    for target in ("20/d", "0.84/h", "0.00024/s"):
        yield case(rule, f"Ten events a day against at most {target}.", f"rate of crashes <= {target}", "count",
                   evidence("crashes", {"kind": "rate", "events": 10, "exposure": 86400}), unit="/" + target.partition("/")[2])  # fmt: skip
    for value in (0.1 + 0.2, 0.3):
        yield case(rule, f"A level of {value!r} against <= 0.3: numbers are compared as they are stored.", "drift.score <= 0.3",
                   "level", evidence("drift.score", {"kind": "level", "value": value}), census=True)  # fmt: skip


def gates() -> Iterator[Json]:
    """Rule 8: all blocking criteria met; the worst decides; nothing is nothing."""

    def gate(name: str, *lines: tuple[str, bool] | tuple[str, bool, bool], expected: str) -> Json:
        criteria = [
            {"verdict": line[0], "severity": "blocking" if line[1] else "advisory", "waived": len(line) > 2}
            for line in lines
        ]
        return {"name": name, "rule": "8", "criteria": criteria, "expect": {"verdict": expected}}

    yield gate("An empty selection is inconclusive.", expected=UNKNOWN)
    for first in (MET, UNKNOWN, NOT_MET):
        yield gate(f"One criterion that is {first}.", (first, True), expected=first)
        yield gate(f"Advice that is {first} never decides.", (MET, True), (first, False), expected=MET)
        yield gate(f"Nothing but advice that is {first} is an empty selection.", (first, False), expected=UNKNOWN)
        yield gate(
            f"{first[0].upper()}{first[1:]} under a waiver passes.", (first, True, True), (MET, True), expected=MET
        )
        for second in (MET, UNKNOWN, NOT_MET):
            bad = [NOT_MET, UNKNOWN, MET]
            expected = bad[min(bad.index(first), bad.index(second))]
            yield gate(
                f"A criterion that is {first} beside one that is {second}.",
                (first, True),
                (second, True),
                expected=expected,
            )
    yield gate("A waiver of one does not help another.", (NOT_MET, True, True), (NOT_MET, True), expected=NOT_MET)


TOPICS: dict[str, Callable[[], Iterator[Json]]] = {
    "rule-01-quantile": quantile_as_share,
    "rule-02-confident": confident,
    "rule-03-dependence": dependence,
    "rule-04-reports": reports,
    "rule-05-load": load,
    "rule-06-members": members,
    "rule-07-windows": windows,
    "rule-08-gates": gates,
    "rule-10-sequential": sequential,
    "rule-12-reruns": reruns,
    "numbers": numbers,
    "overlap": overlaps,
    "subjects": subjects,
    "units": units,
}


def built() -> dict[str, str]:
    """The text of every file of the suite, by name: a list with one case a line."""
    files = {}
    for topic, cases in TOPICS.items():
        complete = [c if "expect" in c else c | {"expect": expectation(c)} for c in cases()]
        lines = ",\n".join(json.dumps(c, ensure_ascii=False) for c in complete)
        files[f"{topic}.json"] = f"[\n{lines}\n]\n"
    return files


def main() -> int:
    """Write the suite, or with `--check` say which files are not what they should be."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    options = words.parse_args()
    FOLDER.mkdir(exist_ok=True)
    changed, count = [], 0
    for name, text in built().items():
        path = FOLDER / name
        count += text.count("\n") - 2
        if not path.exists() or path.read_text("utf-8") != text:
            changed.append(name)
            if not options.check:
                path.write_text(text, "utf-8")
    print(f"{count} cases; {'would change' if options.check else 'written'}: {', '.join(changed) or 'nothing'}")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
