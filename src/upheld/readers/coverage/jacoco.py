"""JaCoCo XML: instructions and branches per line, with counters at every level that must not be added up.

Lines of source files are what is counted. Writers that give no instructions per line (gcovr) leave only the counters:
then the report's own are taken, and nothing is known about changed lines.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence, Share
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.coverage import INDICATORS, Coverage, Lines, evidence
from upheld.readers.intake import Intake, Unreadable


class JaCoCo:
    """JaCoCo XML of JaCoCo, Kover and gcovr."""

    name = "jacoco"
    title = "JaCoCo XML coverage report"
    help = (
        "A line is covered when any of its instructions ran. Counters of methods, classes and packages repeat what the "
        "lines say and are left out; where no line says it, the report's own counters count."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("jacoco*.xml", "*jacoco*.xml")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the root element and what JaCoCo puts below it."""
        text = intake.head_text(head)
        mine = any(word in text for word in ("JACOCO", "jacoco", "<sessioninfo", "<sourcefile", "<counter"))
        return "the root element is <report> of JaCoCo" if intake.root_element(head) == "report" and mine else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Read the lines of every source file."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    report = _Report()
    report.read(file)
    file.producer.update(tool="jacoco")
    if report.twice:
        file.note("named by several packages, their lines are taken together", report.twice)
    if report.told:
        return evidence(file, report.found)
    return _by_counters(file, report)


def _by_counters(file: Intake, report: "_Report") -> tuple[list[Evidence], str]:
    """What the counters of the whole report say, where its lines say nothing."""
    if "LINE" not in report.totals:
        raise Unreadable("measured no line: was the code compiled with line numbers?")
    covered, lines = report.totals["LINE"]
    if not lines:
        raise Unreadable("measured no line: was the right source folder measured?")
    names = "\n".join(sorted(report.found.files))
    population = {"files": hashlib.sha256(names.encode()).hexdigest()[:16]}
    file.notes.append("no line says whether it ran; the report's own counters are taken")
    records = [file.evidence("coverage.lines", Share(lines, covered), population=population)]
    if "BRANCH" in report.totals:
        taken, branches = report.totals["BRANCH"]
        records.append(file.evidence("coverage.branches", Share(branches, taken), population=population))
    if file.request.changed_lines is not None:
        reason = "no line of the report says whether it ran"
        records.append(file.unread("coverage.changed-lines", reason, population=population))
    return records, f"{covered} of {lines} lines in {len(report.found.files)} files"


class _Report(intake.Walk):
    roots = ("report",)
    format = "JaCoCo"
    external_doctype = True

    def __init__(self) -> None:
        super().__init__()
        self.found = Coverage()
        self.totals: dict[str, tuple[int, int]] = {}  # counter of the whole report → covered, all
        self.told = False  # whether lines say what ran
        self.twice: list[str] = []
        self._package = ""
        self._lines: Lines | None = None

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "package":
            self._package = attributes.get("name", "")
        elif name == "sourcefile":
            path = "/".join(part for part in (self._package, attributes.get("name", "")) if part)
            if not path:
                raise Unreadable("holds a source file without a name")
            if path in self.found.files:
                self.twice.append(path)
            self._lines = self.found.file(path)
        elif name == "line" and self._lines is not None:
            self._line(self._lines, attributes)
        elif name == "counter" and self.above == ["report"]:
            missed, covered = (_count(attributes, key) for key in ("missed", "covered"))
            self.totals[attributes.get("type", "")] = covered, missed + covered

    def end(self, name: str) -> None:
        if name == "sourcefile":
            self._lines = None
        elif name == "package":
            self._package = ""

    def _line(self, lines: Lines, attributes: Mapping[str, str]) -> None:
        number = _count(attributes, "nr")
        if "ci" in attributes:
            self.told = True
            lines.executable.add(number)
            if _count(attributes, "ci"):
                lines.covered.add(number)
        missed, taken = (_count(attributes, key) if key in attributes else 0 for key in ("mb", "cb"))
        if missed + taken:
            self.found.with_branches = True
            lines.add_branch(number, taken, missed + taken)


def _count(attributes: Mapping[str, str], key: str) -> int:
    text = attributes.get(key, "")
    if not text.isdecimal() or len(text) > 12:
        raise Unreadable(f'holds a {key} of "{intake.shorten(text, 40)}", a count is needed')
    return int(text)
