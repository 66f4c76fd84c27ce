"""Robot Framework's output.xml: tests with their tags, which `--xunit` loses.

As Robot itself does when it reads this file, a suite whose teardown failed fails its tests. A dry run writes PASS for
tests whose keywords did not run.
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
    "PASS": Outcome.PASSED, "FAIL": Outcome.FAILED, "SKIP": Outcome.SKIPPED, "NOT RUN": Outcome.SKIPPED,
    "NOT_RUN": Outcome.SKIPPED,
}  # fmt: skip
_STEPS = ("kw", "for", "while", "if", "try", "group")  # what a test's body is made of


class Robot:
    """Robot Framework output.xml, versions 3 to 7, as robot and rebot write it."""

    name = "robot"
    title = "Robot Framework output"
    help = (
        "Tests (or tasks) count by their own status; skipped ones are neither passed nor failed, and so is a test of a "
        "dry run, none of whose keywords ran. Where a suite's teardown failed, its tests failed. Links: tags "
        "(`REQ-LAT-001.c1`, `requirement:REQ-LAT-001`) and names."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("output.xml", "*robot*.xml")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the root element."""
        return "the root element is <robot>" if intake.root_element(head) == "robot" else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count the tests of all suites."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    run = _Run()
    run.read(file)
    file.producer.update({"tool": run.generator} if run.generator else {})
    counter = Counter(file)
    for test in run.tests:
        links = of_tags(test.tags, file.request.link_properties)
        counter.add(test.outcome, name=test.name, path=test.path, links=links)
    return counter.evidence()


class _Test:
    __slots__ = ("ended", "name", "outcome", "path", "steps", "tags", "waiting")

    def __init__(self, name: str, path: str) -> None:
        self.name, self.path = name, path
        self.outcome = Outcome.PASSED
        self.ended = False  # its own status was read
        self.tags: list[str] = []
        self.steps = self.waiting = 0  # steps of its body, and those that did not run


class _Suite:
    __slots__ = ("broken", "name", "tests")

    def __init__(self, name: str) -> None:
        self.name = name
        self.tests: list[_Test] = []
        self.broken = False  # its teardown failed


class _Run(intake.Walk):
    roots = ("robot",)
    format = "Robot Framework's output"
    wants_text = frozenset({"tag"})

    def __init__(self) -> None:
        super().__init__()
        self.tests: list[_Test] = []
        self.generator = ""
        self._suites: list[_Suite] = []
        self._test: _Test | None = None
        self._teardown = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        parent = self.above[-1] if self.above else ""
        if not self.above:
            self.generator = intake.shorten(attributes.get("generator", "").partition(" (")[0], 60)
        elif name == "suite" and parent in ("robot", "suite"):
            self._suites.append(_Suite(attributes.get("name", "")))
        elif name == "test":
            if self._test is not None or not self._suites:
                raise Unreadable("holds a test outside a suite, or inside a test")
            self._test = _Test(attributes.get("name", ""), "\0".join(suite.name for suite in self._suites))
        elif name in _STEPS:
            self._teardown = parent == "suite" and attributes.get("type", "").lower() == "teardown"
        elif name == "status":
            self._status(parent, attributes)

    def _status(self, parent: str, attributes: Mapping[str, str]) -> None:
        said = attributes.get("status", "")
        if said not in _OUTCOMES:
            raise Unreadable(f'holds the status "{intake.shorten(said, 40)}", which is none of Robot Framework')
        grand = self.above[-2] if len(self.above) > 1 else ""
        if parent == "test" and self._test is not None:
            self._test.outcome, self._test.ended = _OUTCOMES[said], True
        elif parent in _STEPS and grand == "test" and self._test is not None:
            self._test.steps += 1
            self._test.waiting += said.startswith("NOT")
        elif parent in _STEPS and grand == "suite" and self._teardown and said == "FAIL":
            self._suites[-1].broken = True

    def end(self, name: str) -> None:
        if name == "tag" and self.above[-1] in ("test", "tags") and self._test is not None:
            self._test.tags.append(self.text)
        elif name == "test" and self._test is not None:
            test, self._test = self._test, None
            if not test.ended:
                raise Unreadable(f'holds the test "{intake.shorten(test.name, 60)}" without a status')
            if test.outcome is Outcome.PASSED and test.steps and test.steps == test.waiting:
                test.outcome = Outcome.SKIPPED
            self._suites[-1].tests.append(test)
        elif name == "suite" and self.above[-1] in ("robot", "suite") and self._suites:
            suite = self._suites.pop()
            for test in suite.tests if suite.broken else ():
                test.outcome = Outcome.FAILED if test.outcome is Outcome.PASSED else test.outcome
            (self._suites[-1].tests if self._suites else self.tests).extend(suite.tests)
