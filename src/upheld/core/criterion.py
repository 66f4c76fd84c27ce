"""A promise made measurable: the sentence, its parser and printer, and the binding that evaluates it at one stage.

    [STATISTIC of] INDICATOR OP QUANTITY [at LOAD] [over WINDOW | over calendar month] [during HOURS]
    [per DIMENSION] [excluding maintenance] [with CONFIDENCE]

One grammar serves requirements, gates, expected outcomes and assumptions of decisions, triggers of risks and budget
policies. Every sentence is written as the promise that should hold.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from upheld.core import quantity
from upheld.core.quantity import Dimension, Quantity, Unit
from upheld.errors import SentenceError


class Stage(Enum):
    """The four stages of a thread, in order, and the word that the thread shows for each."""

    DESIGN = "design"
    BUILD = "build"
    RELEASE = "release"
    PRODUCTION = "production"

    @property
    def shown(self) -> str:
        """Predicted, Tested, Released or Lived."""
        return _SHOWN[self]


T = TypeVar("T")
_SHOWN = {Stage.DESIGN: "Predicted", Stage.BUILD: "Tested", Stage.RELEASE: "Released", Stage.PRODUCTION: "Lived"}


class Kind(Enum):
    """What sort of quantity an indicator measures."""

    VALUE = "value"  # a number per event (latency): quantiles, means and maxima of it
    RATIO = "ratio"  # good events of all events
    LEVEL = "level"  # one number from a report (AUC, a score)
    COUNT = "count"  # events, in all or per exposure
    AGE = "age"  # the time since the latest event


class Rule(Enum):
    """The decision rules of STATISTICS.md."""

    ESTIMATE = "estimate"
    CONFIDENT = "confident"
    CENSUS = "census"
    SEQUENTIAL = "sequential"


class Op(Enum):
    """How the measured value compares with the promised one."""

    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    EQ = "="

    @property
    def upper(self) -> bool:
        """Whether the promise limits the value from above."""
        return self in (Op.LT, Op.LE)

    @property
    def lower(self) -> bool:
        """Whether the promise limits the value from below."""
        return self in (Op.GT, Op.GE)

    def holds(self, value: Fraction | float, target: Fraction | float) -> bool:
        """Compare exactly: Python compares floats and fractions by their exact values."""
        return _HOLDS[self](value, target)


_HOLDS: Mapping[Op, Callable[[Fraction | float, Fraction | float], bool]] = {
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
    Op.EQ: operator.eq,
}
_OPS = {"<": Op.LT, "<=": Op.LE, "≤": Op.LE, ">": Op.GT, ">=": Op.GE, "≥": Op.GE, "=": Op.EQ, "==": Op.EQ}
_BAD_OPS = {"=>": ">=", "=<": "<=", "!=": "=", "<>": "="}

# Statistic names besides pQ, the kinds of indicator they make sense for, and one line of meaning.
STATISTICS: Mapping[str, tuple[frozenset[Kind], str]] = MappingProxyType(
    {
        "mean": (frozenset({Kind.VALUE}), "the arithmetic mean"),
        "max": (frozenset({Kind.VALUE}), "the largest value (census only)"),
        "rate": (frozenset({Kind.COUNT}), "events per exposure"),
        "count": (frozenset({Kind.COUNT}), "events in all"),
        "age": (frozenset({Kind.AGE}), "the time since the latest event"),
        "auc": (frozenset({Kind.LEVEL}), "area under the ROC curve"),
        "nps": (frozenset({Kind.LEVEL}), "net promoter score, in points"),
        "apdex": (frozenset({Kind.LEVEL}), "Apdex score"),
        "csat": (frozenset({Kind.RATIO}), "share of satisfied answers"),
        "share": (frozenset({Kind.RATIO}), "share of good events"),
    }
)
CALENDAR = ("day", "week", "month", "quarter", "year")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Window:
    """The time a production promise covers: a rolling duration, or a calendar period."""

    duration: Quantity | None = None
    calendar: str = ""

    def __str__(self) -> str:
        """`30 d` or `calendar month`."""
        return f"calendar {self.calendar}" if self.calendar else str(self.duration)

    @property
    def seconds(self) -> float:
        """The length in seconds (a calendar month counts 30 days, a quarter 91, a year 365)."""
        if self.duration is not None:
            return float(self.duration)
        return {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}[self.calendar] * 86400.0


@dataclass(frozen=True, slots=True)
class Hours:
    """The service hours that a promise covers: days, from and to, and the time zone (empty: the customer's own)."""

    first_day: str
    last_day: str
    start: str
    end: str
    zone: str = ""

    def __str__(self) -> str:
        """`Mon-Fri 08:00-18:00 Europe/London`."""
        days = self.first_day if self.first_day == self.last_day else f"{self.first_day}-{self.last_day}"
        return f"{days} {self.start}-{self.end}" + (f" {self.zone}" if self.zone else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One measurable statement, as data."""

    statistic: str  # "" (the indicator's own), "p95", "mean", …
    indicator: str
    op: Op
    target: Quantity
    load: Quantity | None = None
    window: Window | None = None
    hours: Hours | None = None
    per: str = ""
    excluding_maintenance: bool = False
    confidence: Decimal | None = None  # as a share: 0.99

    @property
    def quantile(self) -> Fraction | None:
        """The Q of pQ as a share (0.95 for p95), or None."""
        return quantile(self.statistic)

    def __str__(self) -> str:
        """The canonical print; parsing it gives an equal sentence."""
        words = [f"{self.statistic} of {self.indicator}" if self.statistic else self.indicator]
        words += [self.op.value, str(self.target)]
        words += [f"at {self.load}"] if self.load else []
        words += [f"over {self.window}"] if self.window else []
        words += [f"during {self.hours}"] if self.hours else []
        words += [f"per {self.per}"] if self.per else []
        words += ["excluding maintenance"] if self.excluding_maintenance else []
        if self.confidence is not None:
            words.append(f"with {quantity.plain(self.confidence * 100)} %")
        return " ".join(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """The measured quantity (SLI): its kind, its unit, and where each stage finds it."""

    name: str
    kind: Kind
    unit: Unit = quantity.NUMBER
    sources: Mapping[Stage, str] = field(default_factory=dict)  # canonical text of where a stage finds it
    census: bool = False  # a complete count (tests, scans, repository facts), not a sample
    linked: bool = False  # measured per requirement by links (tests): counts only for the criteria that it names
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """How one criterion is evaluated at one stage. `None` means: the default of the stage and indicator."""

    stage: Stage
    rule: Rule | None = None
    environment: str = ""
    duration: float | None = None  # seconds that a run must last
    subject: str = "exact"  # `exact`: the subject asked about; `ancestor`: an earlier commit of it will do
    max_age: float | None = None  # seconds
    at_least: int | None = None  # minimum sample
    per: str = ""  # "" (the stage's default), "all" (pooled) or a dimension
    no_worse_than: Quantity | None = None  # non-inferiority margin against the baseline
    confidence: Decimal | None = None
    load: Quantity | None = None  # the load of this stage where it differs from the sentence's


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A sentence with its address, its bindings and the stages that are asked for it."""

    address: str  # REQ-LAT-001.c1; gate.merge.coverage for a gate's own
    sentence: Sentence
    indicator: Indicator
    bindings: Mapping[Stage, Binding] = field(default_factory=dict)
    needs: tuple[Stage, ...] = ()
    requirement: str = ""
    customers: tuple[str, ...] = ()
    blocking: bool = True
    owner: str = ""

    def binding(self, stage: Stage) -> Binding:
        """The binding at a stage: the written one, or the default."""
        return self.bindings.get(stage) or Binding(stage=stage)

    def rule(self, stage: Stage) -> Rule:
        """The decision rule at a stage (design §5): written, else census for complete counts, else by stage."""
        written = self.binding(stage).rule
        if written is not None:
            return written
        if self.indicator.census:
            return Rule.CENSUS
        if stage is Stage.PRODUCTION and self.sentence.window is not None and self.counts:
            return Rule.CENSUS
        return Rule.SEQUENTIAL if stage is Stage.RELEASE and self.counts else Rule.CONFIDENT

    @property
    def counts(self) -> bool:
        """Whether the promise divides events into good and bad (and so has an error budget)."""
        return self.sentence.quantile is not None or self.indicator.kind in (Kind.RATIO, Kind.AGE)

    def confidence(self, stage: Stage) -> float:
        """The level C: the binding's, else the sentence's, else 95 %."""
        return float(self.binding(stage).confidence or self.sentence.confidence or Decimal("0.95"))

    @property
    def share_target(self) -> tuple[Op, Fraction]:
        """The promise as one on the share of good events (rule 1): `p95 of X < T` is share >= 0.95."""
        q = self.sentence.quantile
        if self.indicator.kind is Kind.AGE:
            return Op.GE, Fraction(1)  # an age that is promised for a window holds in every slice of it
        if q is None:
            return self.sentence.op, self.sentence.target.base
        return Op.GE, q if self.sentence.op.upper else 1 - q


def quantile(statistic: str) -> Fraction | None:
    """The Q of "p95" or "p99.9" as a share, or None when the statistic is no quantile."""
    if len(statistic) > 1 and statistic[0] == "p" and statistic[1].isdigit():
        return Fraction(statistic[1:]) / 100
    return None


# ── The parser: words with their columns, read left to right ─────────────────────────────────────────────────────────

_WORD = re.compile(r"\S+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*")
_CLAUSES = ("at", "over", "during", "per", "excluding", "with")
_OP_SPLIT = re.compile(r"\s*(<=|>=|=>|=<|==|!=|<>|≤|≥|<|>|=)\s*")
_STATISTIC_OF = re.compile(r"(\S+)\s+of\s+(\S.*)", re.DOTALL)
_QUANTILE_NAME = re.compile(r"p(\d{1,2}(?:\.\d{1,4})?)")
_HOURS = re.compile(r"(\w{3})(?:-(\w{3}))?\s+(\d\d:\d\d)-(\d\d:\d\d)(?:\s+([A-Za-z_]+(?:/[A-Za-z_+0-9-]+)*))?")
# The common sentence in one match; anything it does not cover takes the slow road, which also explains errors.
_CLAUSE_START = re.compile(r"(?<=\s)(at|over|during|per|excluding|with)(?=\s)")


def parse(text: str) -> Sentence:
    """Parse a criterion sentence.

    Raises SentenceError with the column (from 1) of the first thing that does not fit and, where one is likely, what
    was probably meant.
    """
    match = _OP_SPLIT.search(text)
    if match is None:
        raise SentenceError(
            f'"{text.strip()}" compares nothing',
            column=len(text.rstrip()) + 1,
            fix="write INDICATOR OP QUANTITY, e.g. p95 of insight.latency < 1 s",
        )
    if match[1] not in _OPS:
        raise SentenceError(
            f'unknown comparison "{match[1]}"', column=match.start(1) + 1, fix=f"did you mean {_BAD_OPS[match[1]]}?"
        )
    statistic, indicator = _subject(text, match.start())
    clauses = list(_CLAUSE_START.finditer(text, match.end()))
    end = clauses[0].start() if clauses else len(text)
    target = _at(text, match.end(), end, _target)
    values: dict[str, str] = {}
    columns: dict[str, int] = {}
    order = -1
    for i, clause in enumerate(clauses):
        word, start = clause[1], clause.start()
        stop = clauses[i + 1].start() if i + 1 < len(clauses) else len(text)
        if word in values:
            raise SentenceError(f'"{word}" appears twice', column=start + 1, fix=f'keep one "{word} …"')
        if _CLAUSES.index(word) < order:
            raise SentenceError(
                f'"{word} …" stands too late',
                column=start + 1,
                fix="the order is: at, over, during, per, excluding, with",
            )
        order = _CLAUSES.index(word)
        values[word] = text[clause.end() : stop].strip()
        columns[word] = clause.end() + 1 + (len(text[clause.end() : stop]) - len(text[clause.end() : stop].lstrip()))
    return Sentence(
        statistic=statistic,
        indicator=indicator,
        op=_OPS[match[1]],
        target=target,
        load=_clause(values, columns, "at", _load),
        window=_clause(values, columns, "over", _window),
        hours=_clause(values, columns, "during", _hours),
        per=_clause(values, columns, "per", _dimension) or "",
        excluding_maintenance=_clause(values, columns, "excluding", _maintenance) or False,
        confidence=_clause(values, columns, "with", _confidence),
    )


def _at(text: str, start: int, end: int, read: Callable[[str], T]) -> T:
    """Read one part and move the column of its error to the whole sentence."""
    part = text[start:end]
    column = start + len(part) - len(part.lstrip())
    try:
        return read(part.strip())
    except SentenceError as error:
        error.column += column
        raise


def _clause(values: dict[str, str], columns: dict[str, int], word: str, read: Callable[[str], T]) -> T | None:
    if word not in values:
        return None
    try:
        if not values[word]:
            raise SentenceError(f'"{word}" says nothing', fix=f'complete or remove "{word}"')
        return read(values[word])
    except SentenceError as error:
        error.column += columns[word] - 1
        raise


def _subject(text: str, end: int) -> tuple[str, str]:
    head = text[:end]
    indent = len(head) - len(head.lstrip())
    of = _STATISTIC_OF.fullmatch(head.strip())
    statistic, name, column = "", head.strip(), indent
    if of is not None:
        statistic, name, column = _statistic(of[1], indent), of[2].strip(), indent + of.start(2)
    if not name:
        raise SentenceError("no indicator before the comparison", column=1, fix="name one, e.g. insight.latency")
    if not _NAME.fullmatch(name):
        words = name.split()
        fix = f'write "p95 of {words[-1]}"' if len(words) > 1 else "an indicator is named like insight.latency"
        raise SentenceError(f'"{name}" is no indicator name', column=column + 1, fix=fix)
    return statistic, name


def _statistic(word: str, column: int) -> str:
    lower = word.lower()
    if lower == "median":
        return "p50"
    quantile_match = _QUANTILE_NAME.fullmatch(lower)
    if quantile_match is not None and Decimal(quantile_match[1]) > 0:
        return f"p{quantity.plain(Decimal(quantile_match[1]))}"
    if lower in STATISTICS:
        return lower
    near = get_close_matches(lower, [*STATISTICS, "p95", "p99", "median"], n=1)
    fix = (
        f"did you mean {near[0]}?"
        if near
        else "known: p50 … p99.99, mean, max, rate, count, age, auc, nps, apdex, csat"
    )
    raise SentenceError(f'unknown statistic "{word}"', column=column + 1, fix=fix, rule="statistic-unknown")


def _target(part: str) -> Quantity:
    if not part:
        raise SentenceError("no quantity after the comparison", fix='add one, e.g. "1 s"')
    return quantity.parse(part)


def _load(part: str) -> Quantity:
    load = quantity.parse(part)
    if load.unit.dimension is not Dimension.RATE or load.number <= 0:
        raise SentenceError(f'"{part}" is no load', rule="load-unit", fix='write a rate, e.g. "at 200/s"')
    return load


def _window(part: str) -> Window:
    first, _, rest = part.partition(" ")
    if first == "calendar":
        if rest.strip() not in CALENDAR:
            raise SentenceError(
                f'"{part}" is no window',
                rule="window-unit",
                fix="one of: " + ", ".join(f"calendar {c}" for c in CALENDAR),
            )
        return Window(calendar=rest.strip())
    duration = quantity.parse(part)
    if duration.unit.dimension is not Dimension.TIME or duration.number <= 0:
        raise SentenceError(
            f'"{part}" is no window', rule="window-unit", fix='write "over 30 d" or "over calendar month"'
        )
    return Window(duration)


def _hours(part: str) -> Hours:
    match = _HOURS.fullmatch(part)
    if match is None:
        raise SentenceError(
            f'"{part}" are no hours', rule="hours", fix='write "during Mon-Fri 08:00-18:00 Europe/London"'
        )
    first, last = match[1].capitalize(), (match[2] or match[1]).capitalize()
    for day in (first, last):
        if day not in _DAYS:
            raise SentenceError(f'unknown day "{day}"', rule="hours", fix="one of: " + ", ".join(_DAYS))
    for clock in (match[3], match[4]):
        if clock > "24:00" or clock[3:] > "59":
            raise SentenceError(f'"{clock}" is no time of day', rule="hours", fix='write e.g. "08:00-18:00"')
    if match[3] >= match[4]:
        raise SentenceError(
            f'"{match[3]}-{match[4]}" ends before it starts', rule="hours", fix='write e.g. "08:00-18:00"'
        )
    return Hours(first, last, match[3], match[4], match[5] or "")


def _dimension(part: str) -> str:
    if not _NAME.fullmatch(part):
        raise SentenceError(f'"{part}" is no dimension', rule="per", fix='write e.g. "per customer"')
    return part


def _maintenance(part: str) -> bool:
    if part != "maintenance":
        raise SentenceError(f'cannot exclude "{part}"', rule="excluding", fix='only "excluding maintenance" exists')
    return True


def _confidence(part: str) -> Decimal:
    level = quantity.parse(part.removesuffix("confidence").strip())
    if level.unit.dimension is not Dimension.SHARE or not 50 <= level.number < 100:
        raise SentenceError(f'"{part}" is no confidence', rule="confidence", fix='write e.g. "with 99 %"')
    return level.number / 100


def check(sentence: Sentence, indicator: Indicator) -> None:
    """Check that the sentence fits the indicator it names: unit, statistic, comparison.

    Raises SentenceError; the column points into the canonical print of the sentence.
    """
    text = str(sentence)
    target_column = text.index(f" {sentence.op.value} ") + len(sentence.op.value) + 3
    q = sentence.quantile
    name = sentence.statistic or "its own value"
    allowed = (
        {Kind.VALUE} if q is not None else (STATISTICS[name][0] if name in STATISTICS else set(Kind) - {Kind.VALUE})
    )
    if indicator.kind not in allowed:
        if indicator.kind is Kind.VALUE and not sentence.statistic:
            fix = f'say which: "p95 of {indicator.name}" or "mean of {indicator.name}"'
            raise SentenceError(f"{indicator.name} is a value per event", rule="statistic-missing", fix=fix)
        kinds = " or ".join(sorted(kind.value for kind in allowed))
        raise SentenceError(
            f'"{name}" needs an indicator of kind {kinds}; {indicator.name} is of kind {indicator.kind.value}',
            rule="statistic-kind",
            fix="use another statistic or another indicator",
        )
    expected = expected_unit(sentence.statistic, indicator)
    given = sentence.target.unit
    if given.dimension is Dimension.NUMBER and expected.dimension is not Dimension.NUMBER:
        raise SentenceError(
            f"{sentence.target} has no unit",
            column=target_column,
            rule="unit-missing",
            fix=f"{indicator.name} is measured in {expected.name}; did you mean {sentence.target} {expected.name}?",
        )
    if not compatible_units(given, expected):
        raise SentenceError(
            f"{sentence.target} is {given.dimension.value}; {indicator.name} is {expected.dimension.value}"
            + (f" ({expected.name})" if expected.name else ""),
            column=target_column,
            rule="unit-mismatch",
            fix=f"write the target in {expected.name}" if expected.name else "write the target without a unit",
        )
    if sentence.op is Op.EQ and not (indicator.census or indicator.kind in (Kind.COUNT, Kind.RATIO)):
        raise SentenceError(
            f"no sample can show that {indicator.name} equals {sentence.target}",
            rule="equality",
            fix="use <, <=, > or >=",
        )
    share = sentence.target.base
    if expected.dimension is Dimension.SHARE and not 0 <= share <= 1:
        raise SentenceError(
            f"a share lies between 0 and 100 %, not at {sentence.target}", column=target_column, rule="range"
        )


def expected_unit(statistic: str, indicator: Indicator) -> Unit:
    """The unit that a target must have: the indicator's, except where the statistic sets its own."""
    if indicator.kind is Kind.RATIO:
        return quantity.SHARE
    if statistic == "age" or indicator.kind is Kind.AGE:
        return quantity.SECOND
    if statistic == "nps":
        return quantity.UNITS["points"]
    if statistic == "rate" and indicator.unit.dimension is Dimension.NUMBER:
        return quantity.UNITS["/s"]
    return indicator.unit


def compatible_units(given: Unit, expected: Unit) -> bool:
    """Whether a target in `given` can be compared with values in `expected` (points of NPS may be bare numbers)."""
    return quantity.compatible(given, expected)
