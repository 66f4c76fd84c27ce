"""Locust: the statistics of `--csv` (FILE_stats.csv) and of `--json` / `--json-file`.

Locust rounds response times as it counts them (147 ms to 150, 3432 ms to 3400), the percentiles are of rounded times,
and failed requests are among them. The row `Aggregated` is the whole run.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from io import StringIO
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Cell, Evidence, Quantile, Share
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.timing import INDICATORS, LATENCY, OK, Mark, milliseconds, nearest_rank, summarised

_PERCENTILE = re.compile(r"(\d{1,3}(?:\.\d+)?)%")
_TOTAL = "Aggregated"


class Locust:
    """Locust statistics, CSV or JSON."""

    name = "locust"
    title = "Locust load test statistics"
    help = (
        "The percentiles that Locust reports bracket the times, rounding included; failed requests are slower "
        "than any promise."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*_stats.csv", "*locust*.csv", "*locust*.json")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the header of the CSV, or the keys of the JSON."""
        text = intake.head_text(head).lstrip()
        header = text.partition("\n")[0]
        if header.replace('"', "").startswith("Type,Name,") and "Request" in header and "%" in header:
            return "its header is Locust's"
        if text.startswith("[") and all(
            f'"{key}"' in text for key in ("num_requests", "num_failures", "response_times")
        ):
            return "its keys are Locust's"
        return ""

    def read(self, path: Path, request: Request) -> Reading:
        """Read every request name and the whole run."""
        return intake.take(self, path, request, _parse)


@dataclass(frozen=True, slots=True)
class _Row:
    """One request name, or the whole run (`request` empty)."""

    request: str
    n: int
    failures: int
    latency: Quantile


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    file.producer.update(tool="locust")
    text = file.text()
    if text.lstrip().startswith("["):
        rows, window = _from_json(file, text)
        conditions = _conditions(rows[-1].n, (window["end"] - window["start"]).total_seconds() if window else 0.0)
    else:
        rows, rate = _from_csv(text)
        window = {}
        conditions = _conditions(rows[-1].n, rows[-1].n / rate if rate > 0 else 0.0)
    total = rows[-1]
    if not total.n:
        raise Unreadable("holds no request")
    if total.failures:
        file.notes.append(f"{total.failures} of {total.n} requests failed; which times were theirs is not known")
    file.notes.append("response times are rounded by Locust to two or three digits, and widened here by as much")
    found = []
    for row in rows:
        if not row.n:
            continue
        known = {"population": {"request": row.request} if row.request else {}, "conditions": conditions, **window}
        found.append(file.evidence(LATENCY, row.latency, unit="ms", **known))
        found.append(file.evidence(OK, Share(row.n, row.n - row.failures), **known))
    return found, f"{total.n} requests, {total.failures} failed, {len(rows) - 1} names"


def _conditions(n: int, seconds: float) -> dict[str, float | str]:
    """The load of the whole run, which is what a promise `at 200/s` is about (rule 5)."""
    return {"completed": n / seconds, "seconds": seconds} if seconds > 0 else {}


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _from_csv(text: str) -> tuple[list[_Row], float]:
    """The rows, the whole run last, and its requests per second."""
    try:
        table = [row for row in csv.reader(StringIO(text, newline=""), strict=True) if row]
    except csv.Error as error:
        raise Unreadable(f"is no CSV: {error}") from None
    header = [name.strip() for name in table[0]]
    if "User Count" in header:
        raise Unreadable("is Locust's history, not its result: give FILE_stats.csv")
    columns = {name: i for i, name in enumerate(header)}
    missing = [name for name in ("Type", "Name", "Request Count", "Failure Count") if name not in columns]
    if missing:
        raise Unreadable(f'has no column "{missing[0]}": is it FILE_stats.csv of Locust?')
    rows, rate, total = [], 0.0, None
    for number, cells in enumerate(table[1:], 2):
        if len(cells) != len(header):
            raise Unreadable(f"row {number} has {len(cells)} cells, the header {len(header)}: is the file cut off?")
        known = dict(zip(header, cells, strict=True))
        row = _csv_row(known, number)
        if known["Name"] == _TOTAL and not known["Type"]:
            total = _Row("", row.n, row.failures, row.latency)
            rate = _number(known.get("Requests/s", "0"), f"row {number}: Requests/s")
        else:
            rows.append(row)
    if total is None:
        raise Unreadable(f'has no row "{_TOTAL}": is the file cut off?')
    counted = sum(row.n for row in rows)
    if rows and counted != total.n:
        raise Unreadable(f"counts {total.n} requests in all, but {counted} by name: is a row missing?")
    return [*rows, total], rate


def _csv_row(known: Mapping[str, str], number: int) -> _Row:
    what = f"row {number}"
    n, failures = (_count(known[key], f"{what}: {key}") for key in ("Request Count", "Failure Count"))
    if failures > n:
        raise Unreadable(f"{what}: {failures} of {n} requests failed")
    request = " ".join(part for part in (known["Type"].strip(), known["Name"].strip()) if part)
    return _Row(request, n, failures, summarised(_marks(known, n, what), n, failures) if n else Quantile(0))


def _marks(known: Mapping[str, str], n: int, what: str) -> list[Mark]:
    fastest = milliseconds(_number(known.get("Min Response Time", "0"), f"{what}: Min Response Time"))
    slowest = (
        _number(known["Max Response Time"], f"{what}: Max Response Time") if "Max Response Time" in known else None
    )
    top = float("inf") if slowest is None else milliseconds(slowest)
    marks = [Mark(1, 1, fastest, fastest)] + ([] if slowest is None else [Mark(n, n, top, top)])
    for name, text in known.items():
        match = _PERCENTILE.fullmatch(name)
        if match is None or text.strip() in ("", "N/A"):
            continue
        q = Fraction(match[1]) / 100
        low, high = _widened(_number(text, f"{what}: {name}"))
        if 0 < q <= 1:
            marks.append(nearest_rank(q, n, min(max(low, fastest), top), max(fastest, min(high, top))))
    return marks


def _widened(milli: float) -> tuple[float, float]:
    """The response times (seconds) that Locust may have rounded to this one (milliseconds)."""
    half = 0.5 if milli < 100 else 5.0 if milli < 1_000 else 50.0 if milli < 10_000 else 500.0
    return milliseconds(max(0.0, milli - half)), milliseconds(milli + half)


def _number(text: str, what: str) -> float:
    try:
        return intake.number(float(text), what)
    except ValueError:
        raise Unreadable(f'{what} is "{intake.shorten(text, 40)}", a number is needed') from None


def _count(text: str, what: str) -> int:
    return intake.count(_number(text, what), what)


# ── JSON: the whole histogram of rounded times ───────────────────────────────────────────────────────────────────────


def _from_json(file: Intake, text: str) -> tuple[list[_Row], dict[str, datetime]]:
    entries = [intake.mapping(e, "an entry") for e in intake.sequence(intake.parse_json(text), "the report")]
    if not entries:
        raise Unreadable("holds no request")
    rows = []
    whole: dict[float, int] = {}
    none = 0
    for entry in entries:
        request = " ".join(part for part in (str(entry.get("method") or ""), str(entry.get("name") or "")) if part)
        what = intake.shorten(request, 60)
        times = _times(entry, what)
        failures = intake.count(entry.get("num_failures"), f"{what}: num_failures")
        n = intake.count(entry.get("num_requests"), f"{what}: num_requests")
        untimed = n - sum(times.values())
        if untimed < 0 or failures > n:
            raise Unreadable(f"{what}: {n} requests, {sum(times.values())} response times, {failures} failures")
        none += untimed
        rows.append(_Row(request, n, failures, _from_times(times, n, failures)))
        for time, count in times.items():
            whole[time] = whole.get(time, 0) + count
    if none:
        file.notes.append(f"{none} requests have no response time and count as slower than any promise")
    n, failures = sum(row.n for row in rows), sum(row.failures for row in rows)
    rows.append(_Row("", n, failures, _from_times(whole, n, failures)))
    return rows, _window(entries)


def _times(entry: Mapping[str, object], what: str) -> dict[float, int]:
    known = intake.mapping(entry.get("response_times"), f"{what}: response_times")
    times: dict[float, int] = {}
    for time, count in known.items():
        milli = _number(time, f"{what}: response_times")
        if milli < 0:
            raise Unreadable(f"{what}: a response time is {milli:g} ms")
        times[milli] = times.get(milli, 0) + intake.count(count, f"{what}: response_times.{time}")
    return {time: count for time, count in times.items() if count}


def _from_times(times: Mapping[float, int], n: int, failures: int) -> Quantile:
    """The histogram; a failed request may be any of the times, so each answered one may be `failures` ranks faster."""
    untimed = n - sum(times.values())
    answered = max(0, n - max(failures, untimed))
    if not answered:
        return Quantile(n, (), n)
    steps: list[tuple[int, float, float]] = []  # (values up to here, low, high)
    seen = 0
    for milli, count in sorted(times.items()):
        seen += count
        low, high = _widened(milli)
        steps.append((seen, low, high))
    shift = n - untimed - answered  # failed requests among the timed ones
    return Quantile(n, _shifted(steps, answered, shift), n - answered)


def _shifted(steps: Sequence[tuple[int, float, float]], answered: int, shift: int) -> tuple[Cell, ...]:
    cells: dict[tuple[float, float], int] = {}
    rank, i, j = 1, 0, 0  # the rank, the step that holds it, the step that holds rank + shift
    while rank <= answered:
        while steps[i][0] < rank:
            i += 1
        while steps[j][0] < rank + shift:
            j += 1
        end = min(steps[i][0], steps[j][0] - shift, answered)
        key = steps[i][1], steps[j][2]
        cells[key] = cells.get(key, 0) + end - rank + 1
        rank = end + 1
    return tuple(Cell(low, high, count) for (low, high), count in sorted(cells.items()))


def _window(entries: Sequence[Mapping[str, object]]) -> dict[str, datetime]:
    starts = [intake.number(e["start_time"], "start_time") for e in entries if e.get("start_time")]
    ends = [
        intake.number(e["last_request_timestamp"], "last_request_timestamp")
        for e in entries
        if e.get("last_request_timestamp")
    ]
    if not starts or not ends or max(ends) <= min(starts) or not 0 < min(starts) < max(ends) < 1e11:
        return {}
    return {"start": datetime.fromtimestamp(min(starts), UTC), "end": datetime.fromtimestamp(max(ends), UTC)}
