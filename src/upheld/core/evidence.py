"""One measurement: a statistic that adds, what it was measured on, when, and by what.

A record is append-only and named by the SHA-256 of its canonical bytes, so that the same fact is one record however
often it is sent. What cannot be read exactly is refused here, once, with the field that is wrong; nothing further in
meets a raw dictionary.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction

from upheld.core.criterion import Op, Stage
from upheld.core.quantity import Dimension, Unit, find_unit
from upheld.core.statistics import Moments
from upheld.errors import EvidenceError, SentenceError

SCHEMA = "upheld/evidence/v1"


# ── Statistics that combine (STATISTICS.md, "What is kept") ──────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Share:
    """Good events of all events (availability, CSAT, task completion, tests passed)."""

    n: int
    good: int

    def __add__(self, other: "Share") -> "Share":
        return Share(self.n + other.n, self.good + other.good)


@dataclass(frozen=True, slots=True)
class Cell:
    """`count` values known to lie in (lower, upper]; a single value has lower == upper."""

    lower: float
    upper: float
    count: int


@dataclass(frozen=True, slots=True)
class Split:
    """How many values are below, and how many at or below, one threshold (base unit), counted exactly."""

    threshold: float
    below: int
    at_or_below: int


@dataclass(frozen=True, slots=True)
class Quantile:
    """The distribution of a value: counts over value intervals, failed requests, and exact counts at thresholds.

    Raw values, log-bucket histograms, Prometheus buckets and the percentiles of a report are all cells; they differ
    only in width. `cells` may be empty when only `splits` are known; then no other threshold can be judged.
    """

    n: int  # all events, failures included
    cells: tuple[Cell, ...] = ()
    failures: int = 0
    splits: tuple[Split, ...] = ()

    def __add__(self, other: "Quantile") -> "Quantile":
        """Add two disjoint distributions; exact counts survive where both sides know them."""
        cells = _merge_cells(self.cells, other.cells) if self._complete and other._complete else ()
        mine = {s.threshold: s for s in self.splits}
        theirs = {s.threshold: s for s in other.splits}
        splits = tuple(
            Split(t, mine[t].below + theirs[t].below, mine[t].at_or_below + theirs[t].at_or_below)
            for t in sorted(mine.keys() & theirs.keys())
        )
        return Quantile(self.n + other.n, cells, self.failures + other.failures, splits)

    @property
    def _complete(self) -> bool:
        return bool(self.cells) or self.n == self.failures

    def good(self, op: Op, threshold: float) -> tuple[int, int] | None:
        """The fewest and the most events that satisfy `value OP threshold`; None when nothing resolves it.

        Failed events satisfy nothing. A cell's boundary at the threshold resolves both `<` and `<=`: values exactly at
        a boundary are as rare as the clock's resolution makes them; single values are compared exactly.
        """
        for split in self.splits:
            if split.threshold == threshold:
                count = {Op.LT: split.below, Op.LE: split.at_or_below}.get(op)
                if count is None:
                    answered = self.n - self.failures
                    count = answered - (split.at_or_below if op is Op.GT else split.below)
                return count, count
        if not self._complete:
            return None
        sure = possible = 0
        for cell in self.cells:
            inside, maybe = _cell_satisfies(cell, op, threshold)
            sure += cell.count if inside else 0
            possible += cell.count if maybe else 0
        return sure, possible

    def at_rank(self, rank: int) -> tuple[float, float]:
        """Bounds of the value with this rank from below (1 … n); failures rank last, as infinity."""
        seen = 0
        for cell in sorted(self.cells, key=lambda c: c.upper):
            seen += cell.count
            if seen >= rank:
                return _lower_at(self.cells, rank), cell.upper
        return math.inf, math.inf


def _lower_at(cells: Sequence[Cell], rank: int) -> float:
    seen = 0
    for cell in sorted(cells, key=lambda c: c.lower):
        seen += cell.count
        if seen >= rank:
            return cell.lower
    return math.inf


def _cell_satisfies(cell: Cell, op: Op, threshold: float) -> tuple[bool, bool]:
    """Whether all values of a cell satisfy the comparison, and whether some may."""
    if cell.lower == cell.upper:
        holds = op.holds(cell.lower, threshold)
        return holds, holds
    below, above = cell.upper <= threshold, cell.lower >= threshold
    if op.upper:
        return below, not above
    return above, not below


def _merge_cells(first: Iterable[Cell], second: Iterable[Cell]) -> tuple[Cell, ...]:
    counts: dict[tuple[float, float], int] = {}
    for cell in (*first, *second):
        counts[cell.lower, cell.upper] = counts.get((cell.lower, cell.upper), 0) + cell.count
    return tuple(Cell(lower, upper, count) for (lower, upper), count in sorted(counts.items()))


GROWTH = 1.02  # width of a log bucket: a shown quantile is at most 2 % wide


def bucket(value: float) -> tuple[float, float]:
    """The 2 % log bucket (lower, upper] that holds a positive value; zero and less are kept as they are."""
    if value <= 0:
        return value, value
    index = math.ceil(math.log(value) / math.log(GROWTH) - 1e-9)
    upper = GROWTH**index
    if value > upper:  # the logarithm rounded down
        index, upper = index + 1, GROWTH ** (index + 1)
    return GROWTH ** (index - 1), upper


MOST_SINGLE_VALUES = 512  # up to here raw values are kept exactly; above, 2 % buckets bound the size of a record


def distribution(values: Sequence[float], *, failures: int = 0, thresholds: Iterable[float] = ()) -> Quantile:
    """Summarise raw values (base unit): exactly while they are few, else in 2 % buckets with exact counts at `thresholds`."""
    counts: dict[tuple[float, float], int] = {}
    exact = len(values) <= MOST_SINGLE_VALUES
    for value in values:
        key = (value, value) if exact else bucket(value)
        counts[key] = counts.get(key, 0) + 1
    splits = tuple(Split(t, sum(v < t for v in values), sum(v <= t for v in values)) for t in sorted(set(thresholds)))
    cells = tuple(Cell(lower, upper, count) for (lower, upper), count in sorted(counts.items()))
    return Quantile(len(values) + failures, cells, failures, () if exact else splits)


@dataclass(frozen=True, slots=True)
class Mean:
    """Number, mean and centred sum of squares (base unit)."""

    moments: Moments

    @property
    def n(self) -> int:
        """The number of values."""
        return self.moments.n

    def __add__(self, other: "Mean") -> "Mean":
        return Mean(self.moments + other.moments)


@dataclass(frozen=True, slots=True)
class Rate:
    """Events, and the exposure in which they were counted (seconds, requests …); exposure 0 means none is stated."""

    events: int
    exposure: float = 0.0

    @property
    def n(self) -> int:
        """The number of events."""
        return self.events

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.events + other.events, self.exposure + other.exposure)


@dataclass(frozen=True, slots=True)
class Age:
    """Freshness at one moment: the time of the latest event."""

    latest: datetime

    @property
    def n(self) -> int:
        """One observation."""
        return 1


@dataclass(frozen=True, slots=True)
class Slices:
    """Good time slices of all slices; adds over time only, never over customers."""

    n: int
    good: int
    threshold: float | None = None  # what made a slice good, where that was a limit (base unit)

    def __add__(self, other: "Slices") -> "Slices":
        return Slices(self.n + other.n, self.good + other.good, self.threshold)


@dataclass(frozen=True, slots=True)
class Counts:
    """Apdex (satisfied, tolerating, frustrated) or NPS (promoters, passives, detractors)."""

    kind: str
    values: tuple[int, int, int]

    @property
    def n(self) -> int:
        """All answers."""
        return sum(self.values)

    def __add__(self, other: "Counts") -> "Counts":
        a, b = self.values, other.values
        return Counts(self.kind, (a[0] + b[0], a[1] + b[1], a[2] + b[2]))


@dataclass(frozen=True, slots=True)
class Auc:
    """Score histograms of the positives and of the negatives on one fixed, ascending grid."""

    positives: tuple[int, ...]
    negatives: tuple[int, ...]

    @property
    def n(self) -> int:
        """All scored cases."""
        return sum(self.positives) + sum(self.negatives)

    def __add__(self, other: "Auc") -> "Auc":
        return Auc(
            tuple(a + b for a, b in zip(self.positives, other.positives, strict=True)),
            tuple(a + b for a, b in zip(self.negatives, other.negatives, strict=True)),
        )


@dataclass(frozen=True, slots=True)
class Level:
    """One number from a report (base unit), with its standard error and degrees of freedom where it names them."""

    value: float
    se: float | None = None
    df: float | None = None
    n: int = 1


@dataclass(frozen=True, slots=True)
class Maximum:
    """The largest of n values (base unit); a census only, never a sample."""

    n: int
    maximum: float

    def __add__(self, other: "Maximum") -> "Maximum":
        return Maximum(self.n + other.n, max(self.maximum, other.maximum))


@dataclass(frozen=True, slots=True)
class Prediction:
    """A predicted value with its interval (base unit); the interval is two-sided at `level` (rule 14: 90 %)."""

    value: float
    low: float
    high: float
    level: float = 0.9
    n: int = 1


Statistic = Share | Quantile | Mean | Rate | Age | Slices | Counts | Auc | Level | Maximum | Prediction
ADDITIVE = (Share, Quantile, Mean, Rate, Slices, Counts, Auc, Maximum)


def combine(statistics: Sequence[Statistic]) -> Statistic:
    """Add statistics of one kind; raise EvidenceError when they are of different kinds or do not add."""
    first = statistics[0]
    if len(statistics) == 1:
        return first
    kinds = {type(s).__name__.lower() for s in statistics}
    if len(kinds) > 1 or not isinstance(first, ADDITIVE):
        raise EvidenceError(f"{' and '.join(sorted(kinds))} statistics do not add")
    total: Statistic = first
    try:
        for statistic in statistics[1:]:
            total = total + statistic  # type: ignore[operator]  # one kind, checked above
    except ValueError:
        raise EvidenceError("score histograms on different grids do not add") from None
    return total


# ── The record ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Bucket:
    """The part of a record that fell into one time bucket: offset from the start and length, in seconds."""

    at: float
    seconds: float
    statistic: Statistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One measurement of one indicator."""

    indicator: str
    stage: Stage
    statistic: Statistic | None  # None: a file that belongs here could not be read, see `unreadable`
    subject: str = ""
    asserted: bool = False  # the subject was claimed beside the report, not written by the job that produced it
    environment: str = ""
    population: Mapping[str, str] = field(default_factory=dict)
    start: datetime | None = None
    end: datetime | None = None
    conditions: Mapping[str, float | str] = field(default_factory=dict)
    series: tuple[Bucket, ...] = ()
    links: tuple[str, ...] = ()  # requirement and criterion addresses that the measured tests name
    indicator_hash: str = ""
    unit: str = ""  # the unit the record stated; values are kept in its base unit
    run: str = ""
    observed: datetime | None = None
    producer: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)  # file, digest
    notes: tuple[str, ...] = ()  # what a reader must know: flaky tests, rounding …
    void: str = ""  # a recorded reason, independent of the result, why this run does not count (rule 12)
    unreadable: str = ""
    id: str = ""

    @property
    def seconds(self) -> float | None:
        """How long the measurement lasted: as stated, else its window, else its events at the completed rate."""
        stated = self.conditions.get("seconds")
        if isinstance(stated, int | float):
            return float(stated)
        if self.start is not None and self.end is not None:
            return (self.end - self.start).total_seconds()
        completed = self.conditions.get("completed")
        if isinstance(completed, int | float) and completed > 0 and self.statistic is not None:
            return self.statistic.n / completed
        return None

    @property
    def customer(self) -> str:
        """The customer that was measured, or empty for all together."""
        return self.population.get("customer", "")


def canonical(record: Mapping[str, object]) -> bytes:
    """The canonical bytes of a JSON record: sorted keys, UTF-8, whole floats as integers, no NaN."""
    return json.dumps(
        _plain(record), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def _plain(value: object) -> object:
    kind = type(value)
    if kind is str or kind is int:  # most of a record, and the two quickest questions
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def content_id(record: Mapping[str, object]) -> str:
    """`sha256:…` of the canonical bytes."""
    return "sha256:" + hashlib.sha256(canonical(record)).hexdigest()


# ── Decoding: every field is checked, the first that is wrong is named ───────────────────────────────────────────────

_FIELDS = {
    "schema", "indicator", "indicator_hash", "stage", "subject", "asserted", "environment", "population", "window",
    "conditions", "statistic", "series", "links", "run", "observed", "producer", "source", "notes", "void",
}  # fmt: skip


def decode(record: object) -> Evidence:
    """Read one evidence record from parsed JSON; raise EvidenceError naming the field that is wrong."""
    if not isinstance(record, Mapping):
        raise EvidenceError("an evidence record is a JSON object")
    schema = record.get("schema")
    if schema != SCHEMA:
        raise EvidenceError(f'schema is {json.dumps(schema)[:80]}, expected "{SCHEMA}"')
    unknown = sorted(key for key in record if key not in _FIELDS and not str(key).startswith("x-"))
    if unknown:
        raise EvidenceError(f'unknown field "{unknown[0]}"; own fields start with "x-"')
    stage = record.get("stage")
    if stage not in [s.value for s in Stage]:
        raise EvidenceError(f"stage is {json.dumps(stage)[:80]}; one of design, build, release, production")
    indicator = _text(record, "indicator")
    if not indicator:
        raise EvidenceError("indicator is missing")
    window = record.get("window") or {}
    if not isinstance(window, Mapping):
        raise EvidenceError('window must be {"from": time, "to": time}')
    start, end = (_time(window.get(key), f"window.{key}") for key in ("from", "to"))
    if start is not None and end is not None and end <= start:
        raise EvidenceError("window ends before it starts")
    evidence = Evidence(
        indicator=indicator,
        stage=Stage(stage),
        statistic=decode_statistic(record.get("statistic"), "statistic"),
        subject=_text(record, "subject"),
        asserted=record.get("asserted") is True,
        environment=_text(record, "environment"),
        population=_texts(record, "population"),
        start=start,
        end=end,
        conditions=_conditions(record.get("conditions")),
        series=_series(record.get("series")),
        links=_list(record, "links"),
        indicator_hash=_text(record, "indicator_hash"),
        unit=_stated_unit(record["statistic"]),
        run=_text(record, "run"),
        observed=_time(record.get("observed"), "observed") or end,
        producer=_texts(record, "producer"),
        source=_texts(record, "source"),
        notes=_list(record, "notes"),
        void=_text(record, "void"),
        id=_identity(record),
    )
    _check_series(evidence)
    return evidence


def _identity(record: Mapping[str, object]) -> str:
    try:
        return content_id(record)
    except (ValueError, TypeError) as error:  # NaN or a surrogate in a field of the submitter's own
        raise EvidenceError(f"the record is not plain JSON: {error}") from None


def decode_statistic(value: object, where: str) -> Statistic:
    """Read one statistic; raise EvidenceError naming the field that is wrong."""
    if not isinstance(value, Mapping):
        raise EvidenceError(f'{where} must be an object such as {{"kind": "share", "n": 8, "good": 8}}')
    kind = value.get("kind")
    decoder = _STATISTICS.get(kind) if isinstance(kind, str) else None
    if decoder is None:
        raise EvidenceError(f"{where}.kind is {json.dumps(kind)[:80]}; one of {', '.join(_STATISTICS)}")
    allowed = {"kind", *decoder[1]} | (_UNIT_FIELD if kind in _WITH_UNIT else set())
    unknown = sorted(str(key) for key in value if key not in allowed and not str(key).startswith("x-"))
    if unknown:
        raise EvidenceError(f'{where}: unknown field "{unknown[0]}" for kind {kind}; known: {", ".join(decoder[1])}')
    statistic = decoder[0](value, where)
    if "unit" not in value:
        return statistic
    unit = decode_unit(value, where)
    if unit.dimension is Dimension.TIME and _smallest(statistic) < 0:
        raise EvidenceError(f"{where} holds {_smallest(statistic):g} {unit.name}; a duration is not negative")
    return scaled(statistic, unit.factor)


def _smallest(statistic: Statistic) -> float:
    match statistic:
        case Quantile(_, cells):
            return min((c.lower for c in cells), default=0.0)
        case Mean(moments):
            return moments.mean
        case Level(value) | Maximum(_, value) | Prediction(_, value):
            return value
        case _:
            return 0.0


def _stated_unit(statistic: object) -> str:
    return str(statistic.get("unit", "")) if isinstance(statistic, Mapping) else ""


def decode_unit(value: Mapping[str, object], where: str) -> Unit:
    """The unit that a statistic states for its numbers; raise EvidenceError when it is none we know."""
    try:
        return find_unit(str(value.get("unit", "")))
    except SentenceError as error:
        raise EvidenceError(f"{where}.unit: {error.message}; {error.fix}") from None


def scaled(statistic: Statistic, factor: Fraction) -> Statistic:
    """The same statistic with its values multiplied into the base unit; counts stay."""
    if factor == 1:
        return statistic
    f = float(factor)

    def times(value: float) -> float:
        return value if math.isinf(value) else float(Fraction(value) * factor)

    match statistic:
        case Quantile(n, cells, failures, splits):
            return Quantile(
                n,
                tuple(Cell(times(c.lower), times(c.upper), c.count) for c in cells),
                failures,
                tuple(Split(times(s.threshold), s.below, s.at_or_below) for s in splits),
            )
        case Mean(moments):
            return Mean(Moments(n=moments.n, mean=times(moments.mean), m2=moments.m2 * f * f))
        case Level(value, se, df, n):
            return Level(times(value), None if se is None else times(se), df, n)
        case Maximum(n, maximum):
            return Maximum(n, times(maximum))
        case Prediction(value, low, high, level):
            return Prediction(times(value), times(low), times(high), level)
        case Slices(n, good, threshold):
            return Slices(n, good, None if threshold is None else times(threshold))
        case _:
            return statistic


MOST_EVENTS = 2**53  # beyond it a JSON number is no exact count


def _whole(value: Mapping[str, object], name: str, where: str, default: int | None = None) -> int:
    number = value.get(name, default)
    if isinstance(number, bool) or not (isinstance(number, int) or (isinstance(number, float) and number.is_integer())):
        raise EvidenceError(f"{where}.{name} is {json.dumps(number)[:80]}; a whole number is needed")
    if not 0 <= number <= MOST_EVENTS:
        raise EvidenceError(f"{where}.{name} is {str(number)[:30]}; a count is not negative and at most 2^53")
    return int(number)


def _number(value: object, where: str) -> float:
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST_EVENTS:
        return float(value)
    raise EvidenceError(f"{where} is {json.dumps(value)[:80]}; a finite number is needed")


def _counted(value: Mapping[str, object], where: str) -> tuple[int, int]:
    n, good = _whole(value, "n", where), _whole(value, "good", where)
    if good > n:
        raise EvidenceError(f"{where}: {good} good of {n} events")
    return n, good


def _share(value: Mapping[str, object], where: str) -> Statistic:
    return Share(*_counted(value, where))


def _quantile(value: Mapping[str, object], where: str) -> Statistic:
    failures = _whole(value, "failures", where, 0)
    if "values" in value:
        values = [
            _number(v, f"{where}.values[{i}]") for i, v in enumerate(_sequence(value["values"], f"{where}.values"))
        ]
        return distribution(values, failures=failures)
    cells = tuple(
        _cell(c, f"{where}.cells[{i}]") for i, c in enumerate(_sequence(value.get("cells", []), f"{where}.cells"))
    )
    if _look_cumulative(cells):
        raise EvidenceError(f"{where}.cells look cumulative; a cell holds only the values inside its own interval")
    counted = sum(c.count for c in cells) + failures
    n = _whole(value, "n", where, counted if cells else None)
    if cells and counted != n:
        raise EvidenceError(f"{where}: cells and failures count {counted} events, n says {n}")
    good = value.get("good", {})
    if not isinstance(good, Mapping):
        if "threshold" not in value:
            raise EvidenceError(f"{where}: good needs the threshold it was split at")
        good = {json.dumps(value["threshold"]): good}
    splits = []
    for text, count in good.items():
        threshold = _threshold(text, f"{where}.good")
        pair = count if isinstance(count, list) else [count, count]
        if len(pair) != 2:
            raise EvidenceError(f"{where}.good: a count, or [below, at or below]")
        below, at = (_whole({"good": p}, "good", where) for p in pair)
        if not below <= at <= n - failures:
            raise EvidenceError(f"{where}: {at} good of {n} events, {failures} of them failures")
        splits.append(Split(threshold, below, at))
    if n and not cells and not splits and n != failures:
        raise EvidenceError(f"{where}: a quantile needs cells, values, or good with its threshold")
    return Quantile(n, cells, failures, tuple(sorted(splits, key=lambda s: s.threshold)))


def _look_cumulative(cells: Sequence[Cell]) -> bool:
    """Whether every cell begins where the first does and counts at least what the narrower one does, as buckets do."""
    wide = [c for c in cells if c.lower < c.upper]
    if len(wide) < 2 or len({c.lower for c in wide}) > 1:
        return False
    counts = [c.count for c in sorted(wide, key=lambda c: c.upper)]
    return counts == sorted(counts)


def _threshold(text: object, where: str) -> float:
    try:
        value = float(str(text).strip('"'))
    except ValueError:
        raise EvidenceError(f"{where}: threshold {json.dumps(text)[:80]} is no number in the base unit") from None
    return _number(value, where)


def _cell(value: object, where: str) -> Cell:
    if not isinstance(value, list) or len(value) != 3:
        raise EvidenceError(f"{where}: a cell is [lower, upper, count]")
    lower = _number(value[0], f"{where}[0]")
    upper = math.inf if value[1] == "inf" else _number(value[1], f"{where}[1]")
    if upper < lower:
        raise EvidenceError(f"{where}: upper bound {upper:g} lies below {lower:g}")
    return Cell(lower, upper, _whole({"count": value[2]}, "count", where))


def _mean(value: Mapping[str, object], where: str) -> Statistic:
    n = _whole(value, "n", where)
    m2 = _number(value["m2"], f"{where}.m2") if "m2" in value else math.nan
    if m2 < 0:
        raise EvidenceError(f"{where}.m2 is {m2:g}; a sum of squares is not negative")
    return Mean(Moments(n=n, mean=_number(value.get("mean"), f"{where}.mean"), m2=m2))


def _rate(value: Mapping[str, object], where: str) -> Statistic:
    exposure = _number(value["exposure"], f"{where}.exposure") if "exposure" in value else 0.0
    if exposure < 0:
        raise EvidenceError(f"{where}.exposure is {exposure:g}; it is not negative")
    return Rate(_whole(value, "events", where), exposure)


def _age(value: Mapping[str, object], where: str) -> Statistic:
    if "latest" in value:
        latest = _time(value["latest"], f"{where}.latest")
        if latest is None:
            raise EvidenceError(f"{where}.latest is missing")
        return Age(latest)
    return _slices(value, where)


def _slices(value: Mapping[str, object], where: str) -> Statistic:
    threshold = _number(value["threshold"], f"{where}.threshold") if "threshold" in value else None
    return Slices(*_counted(value, where), threshold)


def _apdex(value: Mapping[str, object], where: str) -> Statistic:
    return Counts("apdex", _three(value, where, ("satisfied", "tolerating", "frustrated")))


def _nps(value: Mapping[str, object], where: str) -> Statistic:
    return Counts("nps", _three(value, where, ("promoters", "passives", "detractors")))


def _three(value: Mapping[str, object], where: str, names: tuple[str, str, str]) -> tuple[int, int, int]:
    first, second, third = (_whole(value, name, where) for name in names)
    return first, second, third


def _auc(value: Mapping[str, object], where: str) -> Statistic:
    grids = []
    for name in ("positives", "negatives"):
        counts = _sequence(value.get(name), f"{where}.{name}")
        grids.append(tuple(_whole({"count": c}, "count", f"{where}.{name}") for c in counts))
    if len(grids[0]) != len(grids[1]):
        raise EvidenceError(f"{where}: positives and negatives are counted on different grids")
    return Auc(grids[0], grids[1])


def _level(value: Mapping[str, object], where: str) -> Statistic:
    se, df = (None if value.get(k) is None else _number(value[k], f"{where}.{k}") for k in ("se", "df"))
    if (se is not None and se < 0) or (df is not None and df <= 0):
        raise EvidenceError(f"{where}: a standard error is not negative, degrees of freedom are positive")
    return Level(_number(value.get("value"), f"{where}.value"), se, df)


def _maximum(value: Mapping[str, object], where: str) -> Statistic:
    return Maximum(_whole(value, "n", where), _number(value.get("max"), f"{where}.max"))


def _prediction(value: Mapping[str, object], where: str) -> Statistic:
    middle, low, high = (_number(value.get(k), f"{where}.{k}") for k in ("value", "low", "high"))
    level = _number(value.get("level", 0.9), f"{where}.level")
    if not low <= middle <= high or not 0 < level < 1:
        raise EvidenceError(f"{where}: low <= value <= high and 0 < level < 1 are needed")
    return Prediction(middle, low, high, level)


_STATISTICS: dict[str, tuple[Callable[[Mapping[str, object], str], Statistic], tuple[str, ...]]] = {
    "share": (_share, ("n", "good")),
    "quantile": (_quantile, ("n", "good", "threshold", "failures", "cells", "values")),
    "mean": (_mean, ("n", "mean", "m2")),
    "rate": (_rate, ("events", "exposure")),
    "count": (_rate, ("events", "exposure")),
    "age": (_age, ("latest", "n", "good", "threshold")),
    "slices": (_slices, ("n", "good", "threshold")),
    "apdex": (_apdex, ("satisfied", "tolerating", "frustrated")),
    "nps": (_nps, ("promoters", "passives", "detractors")),
    "auc": (_auc, ("positives", "negatives")),
    "level": (_level, ("value", "se", "df")),
    "max": (_maximum, ("n", "max")),
    "prediction": (_prediction, ("value", "low", "high", "level")),
}


_UNIT_FIELD = {"unit"}
_WITH_UNIT = {"quantile", "mean", "level", "max", "prediction", "slices", "age"}


def _sequence(value: object, where: str) -> Sequence[object]:
    if not isinstance(value, list):
        raise EvidenceError(f"{where} must be a list")
    return value


def _text(record: Mapping[str, object], name: str) -> str:
    value = record.get(name, "")
    if not isinstance(value, str):
        raise EvidenceError(f"{name} is {json.dumps(value)[:80]}; text is needed")
    return value


def _texts(record: Mapping[str, object], name: str) -> Mapping[str, str]:
    value = record.get(name) or {}
    if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
        raise EvidenceError(f"{name} must be an object of texts")
    return dict(value)


def _list(record: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise EvidenceError(f"{name} must be a list of texts")
    return tuple(value)


def _time(value: object, where: str) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise EvidenceError(
            f"{where} is {json.dumps(value)[:80]}; a time with its zone is needed, e.g. 2026-11-22T07:40:00Z"
        )
    return moment.astimezone(UTC)


def _conditions(value: object) -> Mapping[str, float | str]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise EvidenceError("conditions must be an object")
    return {str(k): v if isinstance(v, str) else _number(v, f"conditions.{k}") for k, v in value.items()}


def _series(value: object) -> tuple[Bucket, ...]:
    buckets = []
    for i, item in enumerate(_sequence(value or [], "series")):
        where = f"series[{i}]"
        if not isinstance(item, Mapping):
            raise EvidenceError(f"{where} must be an object")
        seconds = _number(item.get("seconds"), f"{where}.seconds")
        if seconds <= 0:
            raise EvidenceError(f"{where}.seconds is {seconds:g}; a bucket has a length")
        statistic = decode_statistic(item.get("statistic"), f"{where}.statistic")
        buckets.append(Bucket(_number(item.get("at"), f"{where}.at"), seconds, statistic))
    return tuple(sorted(buckets, key=lambda b: b.at))


def _check_series(evidence: Evidence) -> None:
    """A series must sum to its record: otherwise one of the two is wrong and neither can be trusted."""
    if evidence.series and evidence.statistic is not None:
        counted = sum(b.statistic.n for b in evidence.series)
        if counted != evidence.statistic.n:
            raise EvidenceError(f"series counts {counted} events, statistic says {evidence.statistic.n}")
        for before, after in zip(evidence.series, evidence.series[1:], strict=False):
            if after.at < before.at + before.seconds - 1e-6:
                raise EvidenceError(f"series: the bucket at {after.at:g} s overlaps the one before")


# ── Encoding ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def encode_statistic(statistic: Statistic) -> dict[str, object]:
    """The JSON form of a statistic; decoding it gives an equal one."""
    match statistic:
        case Share(n, good):
            return {"kind": "share", "n": n, "good": good}
        case Quantile(n, cells, failures, splits):
            record: dict[str, object] = {"kind": "quantile", "n": n, "failures": failures}
            if cells:
                record["cells"] = [[c.lower, "inf" if c.upper == math.inf else c.upper, c.count] for c in cells]
            if splits:
                record["good"] = {repr(s.threshold): [s.below, s.at_or_below] for s in splits}
            return record
        case Mean(moments):
            m2 = {} if math.isnan(moments.m2) else {"m2": moments.m2}
            return {"kind": "mean", "n": moments.n, "mean": moments.mean, **m2}
        case Rate(events, exposure):
            return {"kind": "rate", "events": events, **({"exposure": exposure} if exposure else {})}
        case Age(latest):
            return {"kind": "age", "latest": _iso(latest)}
        case Slices(n, good, threshold):
            return {"kind": "slices", "n": n, "good": good} | ({} if threshold is None else {"threshold": threshold})
        case Counts(kind, values):
            return {"kind": kind, **dict(zip(_STATISTICS[kind][1], values, strict=True))}
        case Auc(positives, negatives):
            return {"kind": "auc", "positives": list(positives), "negatives": list(negatives)}
        case Level(value, se, df):
            return {"kind": "level", "value": value} | {k: v for k, v in (("se", se), ("df", df)) if v is not None}
        case Maximum(n, maximum):
            return {"kind": "max", "n": n, "max": maximum}
        case Prediction(value, low, high, level):
            return {"kind": "prediction", "value": value, "low": low, "high": high, "level": level}


def encode(evidence: Evidence) -> dict[str, object]:
    """The JSON record of an evidence; decoding it gives an equal one with its id."""
    if evidence.statistic is None:
        raise EvidenceError(f"unreadable evidence is not recorded: {evidence.unreadable}")
    record: dict[str, object] = {"schema": SCHEMA, "indicator": evidence.indicator, "stage": evidence.stage.value}
    for name in ("indicator_hash", "subject", "asserted", "environment", "run", "void"):
        if getattr(evidence, name):
            record[name] = getattr(evidence, name)
    for name in ("population", "conditions", "producer", "source"):
        if getattr(evidence, name):
            record[name] = dict(getattr(evidence, name))
    for name in ("links", "notes"):
        if getattr(evidence, name):
            record[name] = list(getattr(evidence, name))
    if evidence.start is not None and evidence.end is not None:
        record["window"] = {"from": _iso(evidence.start), "to": _iso(evidence.end)}
    if evidence.observed is not None:
        record["observed"] = _iso(evidence.observed)
    record["statistic"] = encode_statistic(evidence.statistic) | _base_unit(evidence.unit)
    if evidence.series:
        record["series"] = [
            {"at": b.at, "seconds": b.seconds, "statistic": encode_statistic(b.statistic)} for b in evidence.series
        ]
    return record


def _base_unit(unit: str) -> dict[str, object]:
    """Values are encoded in the base unit, so that is the unit that is stated (`1` for shares)."""
    bases = {Dimension.TIME: "s", Dimension.SIZE: "B", Dimension.RATE: "/s"}
    if not unit:
        return {}
    known = find_unit(unit)
    return {"unit": bases.get(known.dimension, "" if known.factor != 1 else known.name)}


def identified(evidence: Evidence) -> Evidence:
    """The same evidence with its content id filled in."""
    return replace(evidence, id=content_id(encode(evidence))) if evidence.statistic is not None else evidence


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
