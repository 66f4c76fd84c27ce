"""Raw samples of a load test, CSV: one row a request, a header that says what its columns are, and in which unit.

The value column is called latency, duration, elapsed or response_time and names its unit (`latency_ms`, `elapsed (s)`).
Known beside it: when the request was scheduled or began, whether it succeeded, which request and which customer it was.
JMeter's own CSV is such a file too, in milliseconds, with transaction rows that would count requests twice.
"""

import csv
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path

from upheld.core import quantity
from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.errors import SentenceError
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.timing import INDICATORS, requests
from upheld.readers.timing.requests import TRANSACTION, Run

_UNITS = {
    "ms": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms", "msec": "ms",
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "us": "us", "micros": "us", "microseconds": "us", "usec": "us", "ns": "ns", "nanos": "ns", "nanoseconds": "ns",
    "min": "min", "minutes": "min",
}  # fmt: skip
_EXPONENT = {"s": "", "ms": "e-3", "us": "e-6", "ns": "e-9"}
_VALUE = re.compile(r"(?:[a-z0-9]+_)*?(?:latency|duration|elapsed|response_?time|rtt)")
# Such a column sums up other requests: the file is a report and no list of samples.
_SUMS = {"median", "average", "avg", "mean", "min", "max", "total", "std", "stddev", "sum", "p50", "p90", "p95", "p99"}
_SCHEDULED = {"scheduled", "scheduled_at", "scheduled_start", "scheduled_time", "intended", "intended_start", "planned"}
_START = {"start", "started", "started_at", "start_time", "sent", "sent_at", "begin"}
_STAMP = {"timestamp", "time", "ts", "at", "time_stamp", "datetime", "date"}
_STATUS = {"status", "status_code", "code", "http_status", "response_code", "responsecode", "statuscode"}
_SUCCESS = {"success", "ok", "passed", "successful"}
_ERROR = {"error", "errors", "exception", "failure", "failed", "error_message"}
_REQUEST = {"request", "name", "endpoint", "route", "label", "operation", "transaction", "path", "url"}
_CUSTOMER = {"customer", "customer_id", "tenant", "tenant_id"}
_YES = {"true", "1", "yes", "y", "ok", "success", "passed", "pass", "t"}
_NO_ERROR = {"", "0", "false", "no", "none", "null", "nil", "-", "nan", "n/a", "f"}
_JMETER = {"timestamp", "elapsed", "label", "success"}


class Samples:
    """CSV with one row a request: home-made drivers, and JMeter."""

    name = "samples"
    title = "CSV of load test samples"
    help = (
        "One row a request; the header says what its columns are and in which unit. JMeter's CSV, with its "
        "header or without, is read too, and its transaction rows are left out."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*samples*.csv", "*latenc*.csv", "*latenc*.tsv", "*.jtl")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By a header with a column of latencies."""
        text = intake.head_text(head)
        line = text.lstrip().partition("\n")[0]
        if line[:1] in ("<", "{", "[") or len(line) > 4_096:
            return ""
        if _is_headless(line):
            return "its lines are samples as JMeter writes them without a header"
        found = [column for column in _header(line, _delimiter(line)) if column.is_value]
        return f'its header has the column "{intake.shorten(found[0].written, 40)}"' if found else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Read every row; one that cannot be read makes the file unreadable."""
        return intake.take(self, path, request, _parse)


# ── The header ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its name as written, its plain name, and the unit that the name carries."""

    index: int
    written: str
    name: str
    unit: str

    @property
    def is_value(self) -> bool:
        """Whether it holds the time of one request."""
        return _VALUE.fullmatch(self.name) is not None and not _SUMS & set(self.name.split("_"))


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _header(line: str, delimiter: str) -> list[_Column]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [_column(i, cell.strip()) for i, cell in enumerate(cells)]


def _column(index: int, written: str) -> _Column:
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", written).lower()  # responseTime
    words = [word for word in re.split(r"[^a-z0-9µμ]+", text.replace("µs", "us").replace("μs", "us")) if word]
    unit = _UNITS.get(words[-1], "") if len(words) > 1 else ""
    return _Column(index, written, "_".join(words[:-1] if unit else words), unit)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column is what."""

    value: _Column
    unit: str
    scheduled: _Column | None
    start: _Column | None
    status: _Column | None
    success: _Column | None
    errors: tuple[_Column, ...]
    request: _Column | None
    method: _Column | None
    customer: _Column | None
    transactions: int | None  # JMeter's responseMessage, which tells transaction rows from samples

    @property
    def began(self) -> _Column | None:
        """When a request should have begun, or did."""
        return self.scheduled or self.start

    @property
    def tells_failures(self) -> bool:
        """Whether a row says if its request failed."""
        return bool(self.status or self.success or self.errors)


def _layout(columns: Sequence[_Column], request: Request) -> _Layout:
    by_name = {column.name: column for column in reversed(columns)}

    def first(names: Iterable[str]) -> _Column | None:
        found = [by_name[name] for name in names if name in by_name]
        return min(found, key=lambda column: column.index, default=None)

    plain = {column.written.lower() for column in columns}
    jmeter = plain >= _JMETER
    values = [column for column in columns if column.is_value]
    if jmeter:
        values = [column for column in values if column.name == "elapsed"]
    if not values:
        raise Unreadable("has no column of latencies, e.g. latency_ms")
    if len(values) > 1:
        names = " and ".join(f'"{column.written}"' for column in values)
        raise Unreadable(f"has several columns of latencies, {names}: keep the one that is meant")
    stamp = first(_STAMP)
    return _Layout(
        value=values[0],
        unit=_unit(values[0], "ms" if jmeter else request.unit),
        scheduled=first(_SCHEDULED),
        start=first(_START) or stamp,
        status=None if jmeter else first(_STATUS),
        success=first(_SUCCESS),
        errors=() if jmeter else tuple(column for column in columns if column.name in _ERROR),
        request=first(_REQUEST),
        method=by_name.get("method"),
        customer=first(_CUSTOMER),
        transactions=next((c.index for c in columns if jmeter and c.written.lower() == "responsemessage"), None),
    )


def _unit(column: _Column, otherwise: str) -> str:
    if column.unit:
        return column.unit
    if not otherwise:
        raise Unreadable(
            f'names no unit for "{column.written}": write it into the header ({column.written}_ms), or give --unit'
        )
    try:
        unit = quantity.find_unit(otherwise)
    except SentenceError as error:
        raise Unreadable(f"cannot be read in {otherwise}: {error.message}") from None
    if unit.dimension is not quantity.Dimension.TIME:
        raise Unreadable(f"cannot be read in {otherwise}: a latency is a time")
    return unit.name


def _seconds_of(unit: str) -> Callable[[str], float]:
    """How a text in this unit becomes seconds: exactly the float that the decimal number is nearest to."""
    exponent = _EXPONENT.get(unit)
    factor = quantity.UNITS[unit].factor

    def convert(text: str) -> float:
        if exponent is not None and "e" not in text and "E" not in text:
            return float(text + exponent)
        return float(Fraction(Decimal(text)) * factor) if abs(float(text)) < 1e30 else math.inf

    return convert


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Clock:
    """Reads times: ISO 8601, or numbers since 1970 whose size tells their unit, or seconds since the start."""

    def __init__(self, column: _Column) -> None:
        self.column = column
        self.zoneless = False

    def read(self, text: str) -> float:
        """Seconds; raise ValueError for what is no time."""
        try:
            value = float(text)
        except ValueError:
            moment = datetime.fromisoformat(text)
            self.zoneless = self.zoneless or moment.tzinfo is None
            return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
        if not 0 <= value < 1e20:
            raise ValueError(text)
        if self.column.unit:
            return value * float(quantity.UNITS[self.column.unit].factor)
        for limit, divisor in ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3)):
            if value >= limit:
                return value / divisor
        return value


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    text = file.text().lstrip()
    first = text.partition("\n")[0].rstrip("\r")
    delimiter = _delimiter(first)
    headless = _is_headless(first)
    columns = _default_columns(first) if headless else _header(first, delimiter)
    layout = _layout(columns, file.request)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    if headless:
        file.notes.append("has no header: read with the columns that JMeter writes unless told otherwise")
    try:
        if not headless:
            next(rows)
        run = _read(file, rows, layout, len(columns))
    except csv.Error as error:
        raise Unreadable(f"is no CSV at line {rows.line_num}: {error}") from None
    if not run.n:
        raise Unreadable("holds a header and no sample")
    if not text.endswith(("\n", "\r")):
        file.notes.append("the last line has no end: if the file was cut off, its last value is wrong")
    return requests.evidence(file, run), f"{run.n} requests" + (
        f", {run.failures} failed" if run.tells_failures else ""
    )


# What JMeter writes first, in every version, when `jmeter.save.saveservice.print_field_names` is false.
_DEFAULT = ("timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName", "dataType", "success")


def _is_headless(line: str) -> bool:
    """Whether the first line is a sample in JMeter's default order: a time of 13 digits, milliseconds, … true or false."""
    if not line[:13].isdecimal() or line[13:14] != ",":
        return False
    try:
        cells = next(csv.reader([line], strict=True), [])
    except csv.Error:
        return False
    return len(cells) >= len(_DEFAULT) and cells[1].isdecimal() and cells[7].lower() in ("true", "false")


def _default_columns(line: str) -> list[_Column]:
    further = len(next(csv.reader([line]))) - len(_DEFAULT)
    return [_column(i, name) for i, name in enumerate((*_DEFAULT, *(f"column {i}" for i in range(further))))]


def _read(file: Intake, rows: Iterator[list[str]], layout: _Layout, width: int) -> Run:
    clock = _Clock(layout.began) if layout.began is not None else None
    run = Run(unit=layout.unit, tells_failures=layout.tells_failures, scheduled=layout.scheduled is not None)
    convert = _seconds_of(layout.unit)
    for number, cells in enumerate(rows, 2):
        if len(cells) != width:
            if not cells:
                continue
            raise Unreadable(f"row {number} has {len(cells)} cells, the header {width}: is the file cut off?")
        if number > intake.MOST_ELEMENTS:
            raise Unreadable(f"holds more than {intake.MOST_ELEMENTS} rows")
        if layout.transactions is not None and cells[layout.transactions].startswith(TRANSACTION):
            run.transactions += 1
            continue
        failed = _failed(cells, layout)
        value = _value(cells[layout.value.index].strip(), convert, failed=failed)
        if value < 0:
            shown = intake.shorten(cells[layout.value.index], 40)
            raise Unreadable(f'row {number}: {layout.value.written} is "{shown}", a time is needed')
        start = 0.0
        if clock is not None:
            try:
                start, lag = _began(cells, layout, clock)
            except (ValueError, OverflowError):
                written = cells[clock.column.index]
                if run.n:
                    raise Unreadable(
                        f'row {number}: {clock.column.written} is "{intake.shorten(written, 40)}"'
                    ) from None
                file.notes.append(f'times such as "{intake.shorten(written, 40)}" are not understood and left out')
                clock, lag = None, 0.0
            value += lag
            run.lag = max(run.lag, lag)
        customer = cells[layout.customer.index].strip() if layout.customer is not None else ""
        if layout.customer is not None and not customer:
            raise Unreadable(f'leaves "{layout.customer.written}" empty in some rows: whose requests were they?')
        requests.add(run, start, value, request=_request(cells, layout), customer=customer, failed=failed)
    run.timed, run.zoneless = clock is not None, clock is not None and clock.zoneless
    return run


def _failed(cells: Sequence[str], layout: _Layout) -> bool:
    if layout.success is not None and cells[layout.success.index].strip().lower() not in _YES:
        return True
    if layout.status is not None:
        status = cells[layout.status.index].strip().lower()
        answered = 100 <= int(status) < 400 if status.isdecimal() and len(status) == 3 else status in _YES
        if not answered:
            return True
    return any(cells[column.index].strip().lower() not in _NO_ERROR for column in layout.errors)


def _value(text: str, convert: Callable[[str], float], *, failed: bool) -> float:
    """Seconds; −1 for what is no time. A failed request may have none: it then took no known time."""
    if failed and not text:
        return 0.0
    try:
        value = convert(text)
    except (ValueError, ArithmeticError):
        return 0.0 if failed and text.lower() in _NO_ERROR else -1.0
    return value if 0 <= value < math.inf else -1.0


def _began(cells: Sequence[str], layout: _Layout, clock: _Clock) -> tuple[float, float]:
    """When a request should have begun, and how much later it did (no coordinated omission, rule 5)."""
    start = clock.read(cells[clock.column.index].strip())
    if layout.scheduled is None or layout.start is None:
        return start, 0.0
    actual = _Clock(layout.start)
    lag = actual.read(cells[layout.start.index].strip()) - start
    return start, max(0.0, lag)


def _request(cells: Sequence[str], layout: _Layout) -> str:
    if layout.request is None:
        return ""
    request = cells[layout.request.index].strip()
    if layout.method is not None and request:
        request = f"{cells[layout.method.index].strip()} {request}".strip()
    return request
