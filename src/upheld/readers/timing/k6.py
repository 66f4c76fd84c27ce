"""k6: the summary of `--summary-export` (flat) and the data that `handleSummary` gets (with `values`).

The names mislead: `http_req_failed.passes` counts the requests for which "failed" is true, and a threshold that is
`true` in the flat summary was crossed, while `{"ok": true}` in the other form was kept. Times are milliseconds.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence, Quantile, Share
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.timing import INDICATORS, LATENCY, OK, Mark, interpolated, milliseconds, summarised

_PERCENTILE = re.compile(r"p\((\d{1,3}(?:\.\d+)?)\)")
_DURATION = "http_req_duration"
_ANSWERED = "http_req_duration{expected_response:true}"
_ONE_TAG = re.compile(r"http_req_duration\{(name|url):([^,{}]+)\}")


class K6:
    """k6 end-of-test summary, JSON."""

    name = "k6"
    title = "k6 summary"
    help = (
        "The percentiles of the summary bracket the times; `http_req_failed.passes` are the failed requests, "
        "and thresholds that were crossed are named."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*k6*.json", "summary.json")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the metrics that k6 always has."""
        text = intake.head_text(head)
        if not text.lstrip().startswith("{") or '"metrics"' not in text:
            return ""
        known = ("http_req_", "iteration_duration", "iterations", "vus_max", "root_group", "testRunDurationMs")
        found = [word for word in known if word in text]
        return f"its metrics are k6's ({found[0]})" if found else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Read the durations and failures of HTTP requests."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    report = intake.mapping(file.json(), "the summary")
    metrics = {
        name: intake.mapping(metric, name) for name, metric in intake.mapping(report.get("metrics"), "metrics").items()
    }
    file.producer.update(tool="k6")
    if _DURATION not in metrics or "http_reqs" not in metrics:
        raise Unreadable(f'holds no metric "{_DURATION if _DURATION not in metrics else "http_reqs"}": no HTTP request')
    n = intake.count(_values(metrics["http_reqs"]).get("count"), "http_reqs.count")
    if not n:
        raise Unreadable("holds no request")
    failures = _failures(metrics, n)
    crossed = [f"{name}: {rule}" for name, metric in metrics.items() for rule in _crossed(metric)]
    file.note("k6 reports thresholds as crossed", crossed)
    conditions = _conditions(report, metrics, n)
    if failures is None:
        file.notes.append("holds no http_req_failed: which requests failed is not known")
    found = [file.evidence(LATENCY, _latency(metrics, n, failures or 0), unit="ms", conditions=conditions)]
    if failures is not None:
        found.append(file.evidence(OK, Share(n, n - failures), conditions=conditions))
    for name, metric in metrics.items():
        part = _ONE_TAG.fullmatch(name)
        if part is not None:
            found += _part(file, metrics, metric, part, conditions)
    return found, f"{n} requests, {'an unknown number' if failures is None else failures} failed"


def _values(metric: Mapping[str, object]) -> Mapping[str, object]:
    """The numbers of a metric, in either form."""
    return intake.mapping(metric["values"], "values") if "values" in metric else metric


def _failures(metrics: Mapping[str, Mapping[str, object]], n: int) -> int | None:
    if "http_req_failed" not in metrics:
        return None
    values = _values(metrics["http_req_failed"])
    failed = intake.count(values.get("passes"), "http_req_failed.passes")  # passes: "failed" was true
    answered = intake.count(values.get("fails"), "http_req_failed.fails")
    if failed + answered != n:
        raise Unreadable(f"counts {n} requests, and {failed} failed and {answered} answered: which is right?")
    return failed


def _crossed(metric: Mapping[str, object]) -> list[str]:
    """The thresholds that were not kept: true in the flat form, ok: false in the other."""
    found = []
    for rule, state in intake.mapping(metric.get("thresholds", {}), "thresholds").items():
        if state is True or (isinstance(state, Mapping) and state.get("ok") is False):
            found.append(rule)
    return found


def _latency(metrics: Mapping[str, Mapping[str, object]], n: int, failures: int) -> Quantile:
    """The times of the answered requests where k6 keeps them apart, else those of all with the failures somewhere."""
    if failures and failures < n and _ANSWERED in metrics:
        answered = _summary(metrics[_ANSWERED], n - failures, 0, _ANSWERED)
        return Quantile(n, answered.cells, failures)
    return _summary(metrics[_DURATION], n, failures, _DURATION)


def _summary(metric: Mapping[str, object], n: int, failures: int, what: str) -> Quantile:
    if failures == n:
        return Quantile(n, (), n)
    marks = []
    for name, value in _values(metric).items():
        percentile = _PERCENTILE.fullmatch(name)
        if percentile is None and name not in ("min", "med", "max"):
            continue
        seconds = milliseconds(intake.number(value, f"{what}.{name}"))
        if seconds < 0:
            raise Unreadable(f"{what}.{name} is {seconds:g} s")
        if name in ("min", "max"):
            rank = 1 if name == "min" else n
            marks.append(Mark(rank, rank, seconds, seconds))
            continue
        q = Fraction(percentile[1]) / 100 if percentile is not None else Fraction(1, 2)
        if q <= 1:
            marks.append(interpolated(q, n, seconds))
    if not marks:
        raise Unreadable(f"{what} holds neither percentiles nor extremes")
    return summarised(marks, n, failures)


def _part(
    file: Intake,
    metrics: Mapping[str, Mapping[str, object]],
    metric: Mapping[str, object],
    part: re.Match[str],
    conditions: Mapping[str, float | str],
) -> list[Evidence]:
    """One tagged request, where the summary also counts it (a threshold on http_reqs{name:…} makes k6 do so)."""
    tag = f"{{{part[1]}:{part[2]}}}"
    counted = metrics.get(f"http_reqs{tag}")
    if counted is None:
        return []
    n = intake.count(_values(counted).get("count"), f"http_reqs{tag}.count")
    failed = metrics.get(f"http_req_failed{tag}")
    failures = 0 if failed is None else intake.count(_values(failed).get("passes"), f"http_req_failed{tag}.passes")
    if not n or failures > n:
        return []
    known = {"population": {"request": part[2].strip()}, "conditions": conditions}
    found = [file.evidence(LATENCY, _summary(metric, n, failures, f"{_DURATION}{tag}"), unit="ms", **known)]
    return found if failed is None else [*found, file.evidence(OK, Share(n, n - failures), **known)]


def _conditions(
    report: Mapping[str, object], metrics: Mapping[str, Mapping[str, object]], n: int
) -> dict[str, float | str]:
    state = intake.mapping(report.get("state", {}), "state")
    rate = intake.number(_values(metrics["http_reqs"]).get("rate", 0), "http_reqs.rate")
    if "testRunDurationMs" in state:
        seconds = intake.number(state["testRunDurationMs"], "state.testRunDurationMs") / 1000
    else:
        seconds = n / rate if rate > 0 else 0.0
    if seconds <= 0:
        return {}
    conditions: dict[str, float | str] = {"completed": n / seconds, "seconds": seconds}
    if "dropped_iterations" in metrics and "iterations" in metrics:  # what a fixed arrival rate could not start
        dropped, done = (
            intake.count(_values(metrics[name]).get("count"), f"{name}.count")
            for name in ("dropped_iterations", "iterations")
        )
        if done:
            conditions["offered"] = n / seconds * (done + dropped) / done
    return conditions
