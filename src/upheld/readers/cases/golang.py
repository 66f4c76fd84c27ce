"""`go test -json`: a stream of events, one line each, for every package and test.

A package that could not be built, or that fails while none of its tests did, is one failure; a test that began and
never ended has failed. A stream in which a package has no end breaks off.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.cases import INDICATORS, Counter, Outcome
from upheld.readers.intake import Intake, Unreadable

_ENDS = {"pass": Outcome.PASSED, "bench": Outcome.PASSED, "fail": Outcome.FAILED, "skip": Outcome.SKIPPED}
_OTHERS = ("run", "pause", "cont", "output", "start", "attr", "artifacts", "build-output", "build-fail")
_BUILD_FAILED = "[build failed]"  # before Go 1.24 this stands in the stream as plain text


class GoTest:
    """The JSON stream of `go test -json` and of `go tool test2json`."""

    name = "go"
    title = "go test -json"
    help = (
        "Every test and subtest that go reports counts, as gotestsum counts them. A package that was not built, or that "
        "failed without a failed test, counts as one failure; a test without an end has failed; a package without an "
        "end, or a stream without tests, shows nothing. Links: tags in names (`[REQ-LAT-001.c1]`)."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*go-test*.json", "*gotest*.json", "*go-test*.ndjson", "*golang*.json")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the first line that is JSON: an event with an action and a package."""
        for line in intake.head_text(head).split("\n")[:200]:
            if line.startswith("{"):
                names = '"Action":' in line and ('"Package":' in line or '"ImportPath":' in line)
                return "its lines are events of go test" if names else ""
        return ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count the tests of all packages."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    run = _Run(Counter(file))
    for number, line in enumerate(file.text().split("\n"), 1):
        if line.startswith("{"):
            run.take(intake.mapping(_event(line, number), f"line {number}"), number)
        elif line.strip():
            run.plain(line)
    run.close()
    file.producer.update(tool="go test")
    return run.counter.evidence()


def _event(line: str, number: int) -> object:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise Unreadable(f"line {number} is no event: {error.msg}; is the file cut off?") from None


class _Run:
    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self._open: dict[str, set[str]] = {}  # package → tests that began and have not ended
        self._failed: set[str] = set()  # packages in which a test failed
        self._told: set[str] = set()  # packages whose failure was counted
        self._events = 0

    def take(self, event: Mapping[str, object], number: int) -> None:
        """One event."""
        action, package = (str(event.get(key) or "") for key in ("Action", "Package"))
        test = str(event.get("Test") or "")
        if action not in _ENDS and action not in _OTHERS:
            raise Unreadable(f'line {number} holds the action "{intake.shorten(action, 40)}", which is none of go test')
        self._events += 1
        if action.startswith("build-"):
            return  # the package that needed it fails, and says so
        if not package:
            raise Unreadable(f"line {number} names no package")
        running = self._open.setdefault(package, set())
        if test and action in _ENDS:
            running.discard(test)
            self._end(package, test, _ENDS[action])
        elif test and action == "run":
            running.add(test)
        elif action in _ENDS:
            self._close(package, running, _ENDS[action])

    def _end(self, package: str, test: str, outcome: Outcome) -> None:
        if outcome is Outcome.FAILED:
            self._failed.add(package)
        self.counter.add(outcome, name=test, path=package)

    def _close(self, package: str, running: set[str], outcome: Outcome) -> None:
        for test in sorted(running):
            self._end(package, test, Outcome.FAILED)
        if outcome is Outcome.FAILED and package not in self._failed and package not in self._told:
            self._told.add(package)
            self.counter.fail_outside(package)
        del self._open[package]

    def plain(self, line: str) -> None:
        """A line that is no event: go writes some of its own words between them."""
        if line.startswith("FAIL\t"):
            package = line.removeprefix("FAIL\t").partition(" ")[0].strip()
            if _BUILD_FAILED in line or "[setup failed]" in line:
                self._told.add(package)
                self.counter.fail_outside(package)

    def close(self) -> None:
        """The end of the stream; every package must have ended."""
        if not self._events:
            raise Unreadable("holds no event of go test")
        if self._open:
            raise Unreadable(f"breaks off: {intake.listed(sorted(self._open))} did not end")
