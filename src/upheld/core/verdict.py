"""The three answers, why one is inconclusive, and everything that is shown beside a verdict.

The order of badness is: not met, inconclusive, met.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from upheld.core import quantity
from upheld.core.criterion import Rule, Stage


class State(Enum):
    """The three answers."""

    MET = "met"
    NOT_MET = "not met"
    INCONCLUSIVE = "inconclusive"


_BADNESS = (State.MET, State.INCONCLUSIVE, State.NOT_MET)


def worst(states: Iterable[State]) -> State:
    """The worst of several answers; none at all is inconclusive (rule 8)."""
    return max(states, key=_BADNESS.index, default=State.INCONCLUSIVE)


class Reason(Enum):
    """Why a verdict is inconclusive."""

    NONE = ""
    MISSING = "missing"  # no evidence for this criterion at this stage
    UNREADABLE = "unreadable"  # a file that belongs here cannot be read
    SUBJECT = "wrong subject"  # measured on something else
    NO_SUBJECT = "no subject"  # the record does not say what it measured
    OLD = "too old"  # older than its maximum age, or of unknown age where one is set
    FUTURE = "from the future"  # of a time after the one asked about
    STALE = "stale"  # the indicator or threshold has changed since
    ENVIRONMENT = "wrong environment"
    POPULATION = "no customer"  # a promise per customer, evidence for nobody in particular
    UNIT = "wrong unit"
    KIND = "wrong kind"  # a statistic from which this sentence cannot be judged
    OVERLAP = "overlap"  # the same time was counted twice
    FEW = "too few"  # below the minimum sample
    SHORT = "too short"  # the run lasted less than asked
    LOAD = "load"  # the promised load was not reached, or is not stated
    RESOLUTION = "resolution"  # the histogram or percentiles do not tell
    UNPROVEN = "not shown"  # the sample is too small to tell
    NO_ERROR = "no standard error"  # a number without its uncertainty
    WINDOW = "window"  # the window is unfinished or has gaps
    NO_TRAFFIC = "no traffic"
    BASELINE = "no baseline"  # a comparison was asked for, nothing to compare with
    NOT_FINITE = "not finite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The verdict for one member of the `per` dimension (a customer, a route)."""

    member: str
    state: State
    reason: Reason = Reason.NONE
    detail: str = ""
    estimate: float | None = None
    interval: tuple[float, float] | None = None
    n: int = 0
    n_eff: float | None = None
    share: tuple[float, float, float] | None = None  # estimate and bounds of the member's share of good events


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One run on the subject, as it stands alone (rule 12 judges them together)."""

    run: str
    state: State
    estimate: float | None
    n: int
    observed: datetime | None = None
    void: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one criterion at one stage. Values are in base units (seconds, shares of one)."""

    state: State
    stage: Stage
    rule: Rule
    target: float
    unit: quantity.Unit
    reason: Reason = Reason.NONE
    detail: str = ""
    estimate: float | None = None
    interval: tuple[float, float] | None = None  # two one-sided bounds at the level C (two-sided 90 % for 95 %)
    share: tuple[float, float, float] | None = None  # estimate and bounds of the share of good events
    needed: float | None = None  # the share of good events that the promise asks for
    level: float = 0.95
    n: int = 0
    n_eff: float | None = None
    margin: float | None = None  # distance from estimate to target, positive is good
    groups: tuple[Group, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    evidence: tuple[str, ...] = ()
    subject: str = ""
    observed: datetime | None = None
    settle: str = ""  # what would settle an inconclusive verdict
    notes: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Whether the promise is shown to hold."""
        return self.state is State.MET

    @property
    def why(self) -> str:
        """The reason with its detail, or empty."""
        return ": ".join(part for part in (self.reason.value, self.detail) if part)
