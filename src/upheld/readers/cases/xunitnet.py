"""xUnit.net XML, version 2 and 3 (`assemblies`) and 1 (`assembly`): one result per test."""

from collections.abc import Mapping
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.cases import INDICATORS, Counter, Outcome, of_tags
from upheld.readers.intake import Intake, Unreadable

_OUTCOMES = {
    "pass": Outcome.PASSED, "fail": Outcome.FAILED, "skip": Outcome.SKIPPED, "notrun": Outcome.SKIPPED,
}  # fmt: skip


class XUnitNet:
    """xUnit.net XML of its runners and of those that write its format."""

    name = "xunit.net"
    title = "xUnit.net XML test report"
    help = (
        "Tests count by their own result; skipped and not run ones are neither passed nor failed. An error of an "
        "assembly or of a clean-up counts as one failure; an assembly that announces more tests than it holds shows "
        "nothing. Links: traits and tags in names."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*xunit.net*.xml", "*xunit*.xml")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the root element; `assembly` alone means many things."""
        root = intake.root_element(head)
        if root == "assemblies":
            return "the root element is <assemblies>"
        text = intake.head_text(head)
        return (
            "the root element is <assembly> of a test run"
            if root == "assembly" and ("run-date" in text or "test-framework" in text)
            else ""
        )

    def read(self, path: Path, request: Request) -> Reading:
        """Count the tests of all assemblies."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    run = _Run(file, file.request.link_properties)
    run.read(file)
    return run.counter.evidence()


class _Run(intake.Walk):
    roots = ("assemblies", "assembly")
    format = "xUnit.net"

    def __init__(self, file: Intake, properties: tuple[str, ...]) -> None:
        super().__init__()
        self.counter = Counter(file)
        self._properties = properties
        self._assembly = ""
        self._announced = ""
        self._before = 0
        self._collection = ""
        self._test: dict[str, str] | None = None
        self._links: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "assembly":
            self._assembly = attributes.get("name", "").replace("\\", "/").rpartition("/")[2]
            self._announced, self._before = attributes.get("total", ""), self.counter.held()
        elif name in ("collection", "class"):
            self._collection = attributes.get("name", "")
        elif name == "test":
            if self._test is not None:
                raise Unreadable("holds a test inside a test")
            self._test, self._links = attributes, []
        elif name == "trait" and self._test is not None:
            key, value = attributes.get("name", ""), attributes.get("value", "")
            self._links += of_tags([value] if key.lower() == "category" else [f"{key}:{value}"], self._properties)
        elif name == "error" and self._test is None:
            self.counter.fail_outside(f"{self._assembly} {attributes.get('type', '')}".strip())
            self._before += 1

    def end(self, name: str) -> None:
        if name == "test" and self._test is not None:
            test, self._test = self._test, None
            said = test.get("result", "")
            if said.lower() not in _OUTCOMES:
                raise Unreadable(f'holds the result "{intake.shorten(said, 40)}", which is none of xUnit.net')
            self.counter.add(
                _OUTCOMES[said.lower()], name=test.get("name", ""), path=f"{self._assembly}\0{self._collection}",
                name_of_class=test.get("type", ""), links=self._links,
            )  # fmt: skip
        elif name == "assembly":
            held = self.counter.held() - self._before
            if self._announced.isdecimal() and int(self._announced[:12]) > held:
                raise Unreadable(
                    f'announces more tests than it holds ("{intake.shorten(self._assembly, 60)}" says '
                    f"{self._announced[:12]}, holds {held}): is it a part, or cut off?"
                )
