"""How available a whole is, from its parts: in series, in parallel, k of n, with old data for a while, with common causes.

Outages are independent, begin at random and last exponentially long (mean `repair`, in seconds). A part that lives on
last-known-good data for T is missed only by the time of an outage beyond T: (1 - A) exp(-T / repair) of the time.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from upheld.core.evidence import Prediction
from upheld.core.prediction import LEVEL, range_of
from upheld.core.sampling import Chance

Dice = Callable[[int], Chance]
WINDOWS = 400  # simulated windows: the 5th percentile then lies between the 3rd and the 7th
MOST_CAUSES = 12  # above, cases are too many to go through
YEARS = 200.0  # of one simulation where no closed form is exact
YEAR = 365 * 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that is up or down."""

    available: float  # the share of time it is up
    repair: float  # mean seconds of an outage
    held: float = 0.0  # seconds for which its last-known-good data will do
    outages: int = 0  # how many were seen; 0: nothing was measured

    @property
    def missed(self) -> float:
        """The share of time in which it is down beyond what its old data cover."""
        return (1 - self.available) * math.exp(-self.held / self.repair)

    def another(self, chance: Chance) -> "Part":
        """As it might be after so many outages: rate and repair time are means of that many exponential times."""
        if not self.outages:
            return self
        rate, repair = (
            math.fsum(chance.expovariate(1.0) for _ in range(self.outages)) / self.outages for _ in range(2)
        )
        ratio = (1 - self.available) / self.available * rate * repair  # down time per up time
        return replace(self, available=1 / (1 + ratio), repair=self.repair * repair)


@dataclass(frozen=True, slots=True)
class Need:
    """At least `count` of these are needed; all of them in series, one of them in parallel."""

    count: int
    of: "tuple[Need | str, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What takes several parts down at once, beside their own outages."""

    parts: tuple[str, ...]
    available: float
    repair: float


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Parts by name, what of them is needed, and what they share."""

    parts: Mapping[str, Part]
    needs: Need
    causes: Mapping[str, Cause] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is predicted of a system."""

    expected: float  # the long-run share of time in which enough is there
    exact: bool  # whether a closed form gave it
    predicted: Prediction  # of one window, or of the long run where no window is promised
    needed: float | None  # what every part would have to be available alone; None: nothing would do
    parts: Mapping[str, float]  # what the whole would be if this part never failed, the best first
    target: float
    window: float | None

    @property
    def feasible(self) -> bool:
        """Whether the promise holds on average; one window may still miss it."""
        return self.expected >= self.target


def exact(system: System) -> float | None:
    """The long-run share of time in which enough is up; None where no closed form is known.

    That is where old data bridge outages of a part that a common cause takes down too: its outages then overlap, and
    together last longer than either.
    """
    shared = {name for cause in system.causes.values() for name in cause.parts}
    if any(system.parts[name].held for name in shared) or len(system.causes) > MOST_CAUSES:
        return None
    total = 0.0
    for case in product((False, True), repeat=len(system.causes)):
        weight, gone = 1.0, set[str]()
        for down, cause in zip(case, system.causes.values(), strict=True):
            weight *= (1 - cause.available) if down else cause.available
            gone |= set(cause.parts) if down else set()
        up = {name: 0.0 if name in gone else 1 - part.missed for name, part in system.parts.items()}
        total += weight * _enough(system.needs, up)
    return total


def _enough(need: Need, up: Mapping[str, float]) -> float:
    """The probability that enough is up; a part that is named twice is looked at once up and once down."""
    names = list(_names(need))
    twice = next((name for name in names if names.count(name) > 1 and 0 < up[name] < 1), None)
    if twice is not None:
        return up[twice] * _enough(need, {**up, twice: 1.0}) + (1 - up[twice]) * _enough(need, {**up, twice: 0.0})
    return _independent(need, up)


def _independent(need: Need, up: Mapping[str, float]) -> float:
    chances = [1.0]  # chances[k]: that exactly k are up
    for inner in need.of:
        p = up[inner] if isinstance(inner, str) else _independent(inner, up)
        chances = [
            (chances[k] * (1 - p) if k < len(chances) else 0.0) + (chances[k - 1] * p if k else 0.0)
            for k in range(len(chances) + 1)
        ]
    return math.fsum(chances[need.count :])


def _names(need: Need) -> Iterable[str]:
    for inner in need.of:
        if isinstance(inner, str):
            yield inner
        else:
            yield from _names(inner)


# ── Simulation ───────────────────────────────────────────────────────────────────────────────────────────────────────

Span = tuple[float, float]


def simulate(system: System, seconds: float, chance: Chance) -> float:
    """The share of one simulated stretch of time in which enough is up; it begins anywhere in the life of its parts."""
    lead = max((part.held for part in system.parts.values()), default=0.0)
    end = lead + seconds  # an outage that began before the stretch may outlast its old data inside
    common: dict[str, list[Span]] = {}
    for cause in system.causes.values():
        spans = _outages(cause.available, cause.repair, end, chance)
        for name in cause.parts:
            common.setdefault(name, []).extend(spans)
    events: list[tuple[float, int, str]] = []
    for name, part in system.parts.items():
        spans = _united([*_outages(part.available, part.repair, end, chance), *common.get(name, ())])
        for start, stop in spans:
            since = max(start + part.held, lead)
            if stop > since:
                events += [(since, 1, name), (min(stop, end), 0, name)]
    events.sort()
    down: set[str] = set()
    good, at, up = 0.0, lead, _holds(system.needs, down)
    for moment, begins, name in events:
        good += moment - at if up else 0.0
        at = moment
        (down.add if begins else down.discard)(name)
        up = _holds(system.needs, down)
    return (good + (end - at if up else 0.0)) / seconds


def _outages(available: float, repair: float, end: float, chance: Chance) -> list[Span]:
    if available >= 1:
        return []
    between = repair * available / (1 - available)
    at = 0.0
    spans = []
    if chance.random() >= available:  # it may be down at the beginning; the rest of such an outage is exponential too
        at = chance.expovariate(1 / repair)
        spans.append((0.0, at))
    while True:
        start = at + chance.expovariate(1 / between)
        if start >= end:
            return spans
        at = start + chance.expovariate(1 / repair)
        spans.append((start, at))


def _united(spans: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for start, stop in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], stop))
        else:
            found.append((start, stop))
    return found


def _holds(need: Need, down: set[str]) -> bool:
    return sum(inner not in down if isinstance(inner, str) else _holds(inner, down) for inner in need.of) >= need.count


# ── The prediction ───────────────────────────────────────────────────────────────────────────────────────────────────


def forecast(
    system: System, *, target: float, window: float | None, dice: Dice, tell: Callable[[int, int], object]
) -> Forecast:
    """The long run by the closed form or by simulation; the interval of one window with what is not known of the parts."""
    closed = exact(system)
    expected = simulate(system, YEARS * YEAR, dice(0)) if closed is None else closed
    shares = []
    for i in range(WINDOWS):
        chance = dice(i + 1)
        drawn = replace(system, parts={name: part.another(chance) for name, part in system.parts.items()})
        known = exact(drawn) if window is None else simulate(drawn, window, chance)
        shares.append(expected if known is None else known)
        tell(i + 1, WINDOWS)
    found = range_of(shares)
    return Forecast(
        expected=expected, exact=closed is not None, target=target, window=window,
        predicted=Prediction(expected, min(found.low, expected), max(found.high, expected), LEVEL),
        needed=_needed(system, target), parts=_without(system, expected, dice),
    )  # fmt: skip


def _needed(system: System, target: float) -> float | None:
    """What every part would have to be available, all alike and without old data, to keep the promise."""
    bare = replace(system, parts={name: replace(part, held=0.0) for name, part in system.parts.items()})

    def whole(available: float) -> float:
        alike = {name: replace(part, available=available) for name, part in bare.parts.items()}
        return exact(replace(bare, parts=alike)) or 0.0

    if whole(1.0) < target:
        return None
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if whole(middle) >= target else (middle, high)
    return high


def _without(system: System, expected: float, dice: Dice) -> dict[str, float]:
    """What the whole would be if one part, or one common cause, never failed."""
    found = {}
    for name, part in system.parts.items():
        spared = replace(system, parts={**system.parts, name: replace(part, available=1.0)})
        found[name] = exact(spared)
    for name, cause in system.causes.items():
        found[name] = exact(replace(system, causes={**system.causes, name: replace(cause, available=1.0)}))
    if None in found.values():  # no closed form: the same chance for every part, so that they compare
        for name in found:
            parts = {n: replace(p, available=1.0) if n == name else p for n, p in system.parts.items()}
            causes = {n: c for n, c in system.causes.items() if n != name}
            found[name] = simulate(replace(system, parts=parts, causes=causes), YEARS / 10 * YEAR, dice(0))
    told = {name: expected if value is None else value for name, value in found.items()}
    return dict(sorted(told.items(), key=lambda entry: -entry[1]))
