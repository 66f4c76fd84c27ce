"""k6's stream of points (`--out json`): one line for every measurement of every request.

A request is one point of http_req_duration; whether it failed stands in its tag expected_response, and the points of
http_req_failed must agree in number. The stream has no end, so that a last line which breaks off is refused.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.timing import INDICATORS, milliseconds, requests
from upheld.readers.timing.requests import Run

_DURATION = "http_req_duration"
_FAILED = "http_req_failed"
_WANTED = (f'"{_DURATION}"', f'"{_FAILED}"', '"dropped_iterations"')


class K6Stream:
    """k6 points, NDJSON."""

    name = "k6-stream"
    title = "k6 stream of points"
    help = (
        "Every point of http_req_duration is a request, failed where its tag expected_response is false; where k6 counts "
        "other failures, or the last line breaks off, the file shows nothing. Parts by the tag name."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*k6*.ndjson", "*k6*.jsonl")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the first line."""
        first = intake.head_text(head).lstrip().partition("\n")[0]
        mine = (
            first.startswith("{") and '"metric"' in first and ('"type":"Metric"' in first or '"type":"Point"' in first)
        )
        return "its lines are metrics and points as k6 writes them" if mine else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Read the points of all HTTP requests."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    text = file.text()
    run = Run(unit="ms")
    counted, dropped, untold = 0, 0, 0
    if not text.endswith("\n"):
        raise Unreadable(f"breaks off at byte {file.size}: its last line has no end")
    for number, line in enumerate(text.split("\n"), 1):
        if not line.startswith("{") or not any(metric in line for metric in _WANTED):
            if line and not (line.startswith("{") and line.rstrip().endswith("}")):
                raise Unreadable(f"line {number} is no point of k6")
            continue
        found = _line(line, number)
        if found.get("type") != "Point":
            continue
        data = intake.mapping(found.get("data"), f"line {number}: data")
        value = intake.number(data.get("value"), f"line {number}: value")
        if found.get("metric") == _FAILED:
            counted += value != 0
        elif found.get("metric") == "dropped_iterations":
            dropped += int(value)
        elif found.get("metric") == _DURATION:
            untold += _request(run, data, value, number)
    if not run.n:
        raise Unreadable(f"holds no point of {_DURATION}: no HTTP request")
    if untold == run.n and not counted:
        run.tells_failures = False
    elif untold or counted != run.failures:
        raise Unreadable(f"counts {counted} failed requests, and {run.failures} by their tags: which is right?")
    if dropped:
        file.notes.append(f"k6 could not start {dropped} iterations in time: less load was offered than was asked for")
    file.producer.update(tool="k6")
    return requests.evidence(file, run), f"{run.n} requests, {run.failures} failed"


def _line(line: str, number: int) -> Mapping[str, object]:
    try:
        return intake.mapping(json.loads(line), f"line {number}")
    except json.JSONDecodeError as error:
        raise Unreadable(f"line {number} is no point: {error.msg}; is the file cut off?") from None


def _request(run: Run, data: Mapping[str, object], value: float, number: int) -> bool:
    """Count one request; whether its point does not tell if it failed."""
    tags = intake.mapping(data.get("tags") or {}, f"line {number}: tags")
    if value < 0:
        raise Unreadable(f"line {number}: a request took {value:g} ms")
    expected = tags.get("expected_response")
    ended = _moment(data.get("time"), number)
    seconds = milliseconds(value)
    # A point stands at the end of its request; the request began so much earlier.
    requests.add(
        run, ended - seconds, seconds, request=str(tags.get("name") or ""), failed=str(expected).lower() == "false"
    )  # fmt: skip
    return expected is None


def _moment(text: object, number: int) -> float:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise Unreadable(f'line {number}: the time is "{intake.shorten(str(text), 40)}"') from None
    if moment.tzinfo is None:
        raise Unreadable(f"line {number}: the time names no zone")
    return moment.timestamp()
