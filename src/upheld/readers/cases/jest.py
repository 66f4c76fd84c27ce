"""Jest's `--json` and Vitest's JSON reporter, which writes the same form.

A file that did not run has no test in it and only says `failed`; a test that passed when tried again keeps the
messages of its failures.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.cases import INDICATORS, Counter, Outcome
from upheld.readers.intake import Intake, Unreadable

_OUTCOMES = {
    "passed": Outcome.PASSED, "failed": Outcome.FAILED,
    "pending": Outcome.SKIPPED, "skipped": Outcome.SKIPPED, "todo": Outcome.SKIPPED, "disabled": Outcome.SKIPPED,
}  # fmt: skip


class Jest:
    """JSON of Jest and Vitest."""

    name = "jest"
    title = "Jest or Vitest JSON test report"
    help = (
        "Tests count by their own status; pending, skipped and to-do ones are neither passed nor failed, one that passed "
        "when tried again is flaky. A test file that failed without a failed test counts as one failure. A run that was "
        "interrupted, or that announces more tests than it holds, shows nothing. Links: tags in names."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*jest*.json", "*vitest*.json")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the counters that Jest writes first."""
        text = intake.head_text(head)
        mine = text.lstrip().startswith("{") and '"numTotalTests"' in text and '"numFailedTests"' in text
        return "it counts numTotalTests and numFailedTests, as Jest does" if mine else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count the tests of all files."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    report = intake.mapping(file.json(), "the report")
    if report.get("wasInterrupted"):
        raise Unreadable("says that its run was interrupted: what was not run is not known")
    announced = intake.count(report.get("numTotalTests"), "numTotalTests")
    counter = Counter(file)
    for i, entry in enumerate(intake.sequence(report.get("testResults"), "testResults")):
        _file_of_tests(intake.mapping(entry, f"testResults/{i}"), f"testResults/{i}", counter)
    counter.expect(str(announced))
    if not report.get("success", True) and not counter.any_failed():
        raise Unreadable("says that its run failed, and no test did: what failed is not told")
    return counter.evidence(**_window(report))


def _file_of_tests(entry: Mapping[str, object], where: str, counter: Counter) -> None:
    path = str(entry.get("name", "")).replace("\\", "/")
    failed = False
    for k, found in enumerate(intake.sequence(entry.get("assertionResults"), f"{where}/assertionResults")):
        test = intake.mapping(found, f"{where}/assertionResults/{k}")
        said = str(test.get("status"))
        if said not in _OUTCOMES:
            raise Unreadable(f'{where} holds the status "{intake.shorten(said, 40)}", which is none of Jest')
        outcome = _OUTCOMES[said]
        failed |= outcome is Outcome.FAILED
        if outcome is Outcome.PASSED and (
            test.get("retryReasons") or _tried_again(test) or test.get("failureMessages")
        ):
            outcome = Outcome.FLAKY
        above = [str(title) for title in intake.sequence(test.get("ancestorTitles", []), f"{where}/ancestorTitles")]
        counter.add(outcome, name=str(test.get("title", "")), path=path, name_of_class=" ".join(above))
    if entry.get("status") == "failed" and not failed:
        counter.fail_outside(path)


def _tried_again(test: Mapping[str, object]) -> bool:
    tries = test.get("invocations")
    return isinstance(tries, int) and tries > 1


def _window(report: Mapping[str, object]) -> dict[str, datetime]:
    """When the tests ran: from the run's start to the end of the last file, both in milliseconds since 1970."""
    ends = [entry.get("endTime") for entry in report.get("testResults") or () if isinstance(entry, Mapping)]  # type: ignore[attr-defined]  # a list, as was seen
    numbers = [float(end) for end in ends if isinstance(end, int | float) and not isinstance(end, bool)]
    start = report.get("startTime")
    if not isinstance(start, int | float) or isinstance(start, bool) or not numbers:
        return {}
    if not 1e11 < start < max(numbers) < 1e14:
        return {}
    return {"start": datetime.fromtimestamp(start / 1e3, UTC), "end": datetime.fromtimestamp(max(numbers) / 1e3, UTC)}
