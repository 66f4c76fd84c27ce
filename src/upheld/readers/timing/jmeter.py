"""JMeter's XML: one element a sample. A transaction sums up the samples inside it, and those are what is counted.

A page with its images is one sample with others inside: there the outer one is the request that a user waits for.
"""

from collections.abc import Mapping
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.timing import INDICATORS, milliseconds, requests
from upheld.readers.timing.requests import TRANSACTION, Run

_SAMPLES = ("httpSample", "sample")


class JMeter:
    """JMeter results, XML."""

    name = "jmeter"
    title = "JMeter XML results"
    help = (
        "Every sample counts once; one with others inside it counts as the one that a user waits for, but a transaction "
        "is left out and its requests are counted. JMeter's CSV, with a header or without, is read as samples."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*.jtl", "*jmeter*.xml")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the root element."""
        return "the root element is <testResults>" if intake.root_element(head) == "testResults" else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Read every sample."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    results = _Results()
    results.read(file)
    run = results.run
    if not run.n:
        raise Unreadable("holds no sample")
    file.producer.update(tool="JMeter")
    return requests.evidence(file, run), f"{run.n} requests, {run.failures} failed"


class _Results(intake.Walk):
    roots = ("testResults",)
    format = "JMeter's results"

    def __init__(self) -> None:
        super().__init__()
        self.run = Run(unit="ms")
        self._counted = 0  # depth of the sample that is being counted, below which others are a part of it

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name not in _SAMPLES or self._counted:
            return
        if attributes.get("rm", "").startswith(TRANSACTION):
            self.run.transactions += 1
            return
        self._counted = len(self.above)
        success = attributes.get("s", "").lower()
        if success not in ("true", "false"):
            raise Unreadable(f'holds a sample whose s is "{intake.shorten(success, 40)}", true or false is needed')
        elapsed = _milliseconds(attributes, "t")
        start = _milliseconds(attributes, "ts") if "ts" in attributes else 0.0
        self.run.timed = self.run.timed and "ts" in attributes
        requests.add(
            self.run, start, elapsed, request=attributes.get("lb", "").strip(), failed=success == "false"
        )  # fmt: skip

    def end(self, name: str) -> None:
        if name in _SAMPLES and self._counted == len(self.above):
            self._counted = 0


def _milliseconds(attributes: Mapping[str, str], key: str) -> float:
    """Seconds; Unreadable for what is no count of milliseconds."""
    text = attributes.get(key, "")
    if not text.isdecimal() or len(text) > 15:
        raise Unreadable(f'holds a sample whose {key} is "{intake.shorten(text, 40)}", milliseconds are needed')
    return milliseconds(float(text))
