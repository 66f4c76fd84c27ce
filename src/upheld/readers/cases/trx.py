"""TRX: what `dotnet test --logger trx`, Visual Studio and writers of their format say about each test.

The run's own summary is believed only where it says worse than the results: a host that crashed leaves results that
all passed. A data-driven test holds its rows as inner results, and the rows are what is counted.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.cases import INDICATORS, Counter, Outcome, of_tags
from upheld.readers.intake import Intake, Unreadable

# Schema: vstst.xsd of Visual Studio, TestOutcome. A test that began and did not end has failed.
_OUTCOMES = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED, "error": Outcome.FAILED, "timeout": Outcome.FAILED, "aborted": Outcome.FAILED,
    "passedbutrunaborted": Outcome.FAILED, "notrunnable": Outcome.FAILED, "disconnected": Outcome.FAILED,
    "inprogress": Outcome.FAILED,
    "notexecuted": Outcome.SKIPPED, "pending": Outcome.SKIPPED, "inconclusive": Outcome.SKIPPED,
    "warning": Outcome.SKIPPED, "completed": Outcome.SKIPPED,
}  # fmt: skip
_RESULTS = ("UnitTestResult", "ManualTestResult", "GenericTestResult", "WebTestResult", "TestResult")
_BROKEN_RUN = ("error", "aborted", "timeout", "disconnected", "passedbutrunaborted")


class Trx:
    """TRX of Visual Studio, dotnet test and test runners that write their format."""

    name = "trx"
    title = "TRX test results"
    help = (
        "Every result counts once, the rows of a data-driven test instead of the test. Not executed, pending and "
        "inconclusive tests are neither passed nor failed. A run that was aborted, whose summary says Failed while no "
        "result did, or that announces more results than it holds shows nothing. Links: test categories, properties "
        "and tags in names."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*.trx",)

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the root element."""
        return "the root element is <TestRun>" if intake.root_element(head) == "TestRun" else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count the results of one run."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    run = _Run(file.request.link_properties)
    run.read(file)
    if run.broken:
        raise Unreadable(f"says that its run {run.broken}: what was not run is not known")
    counter = Counter(file)
    for test, name, outcome in run.results:
        definition = run.definitions.get(test, _Definition())
        counter.add(
            outcome, name=name, path=definition.storage, name_of_class=definition.name_of_class,
            links=of_tags(definition.tags, ("", *file.request.link_properties)),
        )  # fmt: skip
    counter.expect(run.announced, "the summary")
    if run.failed and not any(outcome is Outcome.FAILED for *_, outcome in run.results):
        raise Unreadable("says Failed in its summary, and no result did: what failed is not told")
    return counter.evidence(**run.window)


class _Definition:
    """What stands beside a test: its class, the file that holds it, and its categories and properties."""

    def __init__(self) -> None:
        self.name_of_class = ""
        self.storage = ""
        self.tags: list[str] = []


class _Run(intake.Walk):
    roots = ("TestRun",)
    format = "TRX"
    wants_text = frozenset({"Key", "Value"})

    def __init__(self, properties: tuple[str, ...]) -> None:
        super().__init__()
        self.results: list[tuple[str, str, Outcome]] = []  # test, name, outcome
        self.definitions: dict[str, _Definition] = {}
        self.announced = ""
        self.failed = False
        self.broken = ""
        self.window: dict[str, datetime] = {}
        self._properties = properties
        self._open: list[list[tuple[str, str, Outcome]]] = []  # results inside each open result
        self._definition = _Definition()
        self._key = ""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name in _RESULTS:
            self._result(attributes)
        elif name == "UnitTest":
            self._definition = self.definitions.setdefault(attributes.get("id", ""), _Definition())
            self._definition.storage = attributes.get("storage", "").replace("\\", "/").rpartition("/")[2]
        elif name == "TestMethod":
            self._definition.name_of_class = attributes.get("className", "").partition(",")[0]
        elif name == "TestCategoryItem":
            self._definition.tags.append(attributes.get("TestCategory", ""))
        elif name == "ResultSummary":
            said = attributes.get("outcome", "").lower()
            self.failed = said == "failed"
            self.broken = self.broken or (f"ended with {said}" if said in _BROKEN_RUN else "")
        elif name == "Counters":
            self.announced = attributes.get("total", "")
        elif name == "RunInfo" and attributes.get("outcome", "").lower() in ("error", "failed", "aborted"):
            self.broken = "broke (it says so beside its results)"
        elif name == "Times":
            self._times(attributes)

    def _result(self, attributes: Mapping[str, str]) -> None:
        said = attributes.get("outcome", "")
        if said.lower() not in _OUTCOMES:
            raise Unreadable(f'holds the outcome "{intake.shorten(said, 40)}", which is none of TRX')
        self._open.append([])
        self._open[-1].append((attributes.get("testId", ""), attributes.get("testName", ""), _OUTCOMES[said.lower()]))

    def end(self, name: str) -> None:
        if name in _RESULTS and self._open:
            own, *inner = self._open.pop()
            # The rows of a data-driven test stand for it, unless it says worse than they do.
            worse = not inner or own[2] > max(outcome for *_, outcome in inner)
            told = [*inner, own] if worse else inner
            (self._open[-1] if self._open else self.results).extend(told)
        elif name == "Key":
            self._key = self.text.strip()
        elif name == "Value" and self._key in self._properties:
            self._definition.tags.append(f"{self._key}:{self.text.strip()}")

    def _times(self, attributes: Mapping[str, str]) -> None:
        try:
            start, end = (datetime.fromisoformat(attributes.get(key, "")) for key in ("start", "finish"))
        except ValueError:
            return
        if start.tzinfo is not None and end.tzinfo is not None and start < end:
            self.window = {"start": start, "end": end}
