"""NUnit XML, version 3 (`test-run`) and 2 (`test-results`): one result per test case.

The result of the run is not believed: some writers leave it at Passed. A suite that failed while none of its cases did
broke in its set-up or teardown, and counts as one failure.
"""

from collections.abc import Mapping
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.cases import INDICATORS, Counter, Outcome, of_tags
from upheld.readers.intake import Intake, Unreadable

_OUTCOMES = {
    "passed": Outcome.PASSED, "success": Outcome.PASSED,
    "failed": Outcome.FAILED, "failure": Outcome.FAILED, "error": Outcome.FAILED, "cancelled": Outcome.FAILED,
    "notrunnable": Outcome.FAILED, "invalid": Outcome.FAILED,
    "skipped": Outcome.SKIPPED, "ignored": Outcome.SKIPPED, "explicit": Outcome.SKIPPED,
    "inconclusive": Outcome.SKIPPED, "warning": Outcome.SKIPPED,
}  # fmt: skip


class NUnit:
    """NUnit XML of the NUnit console and runners that write its format."""

    name = "nunit"
    title = "NUnit XML test report"
    help = (
        "Test cases count by their own result; ignored, inconclusive and warned ones are neither passed nor failed, one "
        "that cannot be run has failed. A suite that failed without a failed case counts as one failure. Links: "
        "categories, properties and tags in names, of a case or of a suite around it."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*nunit*.xml", "TestResult.xml")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the root element."""
        root = intake.root_element(head)
        return f"the root element is <{root}>" if root in _Run.roots else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count the cases of one run."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    run = _Run(file, file.request.link_properties)
    run.read(file)
    run.counter.expect(run.announced, "the run")
    return run.counter.evidence()


class _Suite:
    def __init__(self, name: str, *, failed: bool) -> None:
        self.name = name
        self.failed = failed
        self.failures = 0  # cases below it that failed
        self.links: list[str] = []


class _Run(intake.Walk):
    roots = ("test-run", "test-results")
    format = "NUnit"

    def __init__(self, file: Intake, properties: tuple[str, ...]) -> None:
        super().__init__()
        self.counter = Counter(file)
        self.announced = ""
        self._properties = properties
        self._suites: list[_Suite] = []
        self._case: dict[str, str] | None = None
        self._links: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if not self.above:
            self.announced = attributes.get("total", "")
        if name == "test-suite":
            failed = _outcome(attributes) is Outcome.FAILED if "result" in attributes else False
            self._suites.append(_Suite(attributes.get("name", ""), failed=failed))
        elif name == "test-case":
            if self._case is not None:
                raise Unreadable("holds a test case inside a test case")
            self._case, self._links = attributes, []
        elif name == "property":
            self._see(attributes.get("name", ""), attributes.get("value", ""))
        elif name == "category":
            self._see("Category", attributes.get("name", ""))

    def _see(self, key: str, value: str) -> None:
        found = of_tags([value] if key == "Category" else [f"{key}:{value}"], self._properties)
        if self._case is not None:
            self._links += found
        elif self._suites:
            self._suites[-1].links += found

    def end(self, name: str) -> None:
        if name == "test-case" and self._case is not None:
            case, self._case = self._case, None
            outcome = _outcome(case)
            for suite in self._suites if outcome is Outcome.FAILED else ():
                suite.failures += 1
            self.counter.add(
                outcome, name=case.get("fullname") or case.get("name", ""), name_of_class=case.get("classname", ""),
                path="\0".join(suite.name for suite in self._suites),
                links=list(dict.fromkeys([*self._links, *(a for suite in self._suites for a in suite.links)])),
            )  # fmt: skip
        elif name == "test-suite":
            suite = self._suites.pop()
            if suite.failed and not suite.failures:
                self.counter.fail_outside(suite.name)
                for outer in self._suites:
                    outer.failures += 1


def _outcome(attributes: Mapping[str, str]) -> Outcome:
    said = attributes.get("result", "")
    if not said and attributes.get("executed", "").lower() == "false":
        return Outcome.SKIPPED
    if not said and attributes.get("success"):  # NUnit 2.4 and older write no result
        return Outcome.PASSED if attributes["success"].lower() == "true" else Outcome.FAILED
    if said.lower() not in _OUTCOMES:
        raise Unreadable(f'holds the result "{intake.shorten(said, 40)}", which is none of NUnit')
    return _OUTCOMES[said.lower()]
