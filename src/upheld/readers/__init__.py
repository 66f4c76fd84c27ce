"""Every format of evidence: one line each in the table below. A reader says why it takes a file.

Content decides, not the name. The name only says what a file should have been that cannot be read: then its indicators
are unreadable too, and no verdict passes over it.
"""

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatch
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import cast

from upheld.core.criterion import Indicator
from upheld.ports import Reading, Request
from upheld.readers.cases.junit import JUnit
from upheld.readers.intake import HEAD, Format, Unreadable, head_text, looks_like, opened, reason_of, unreadable
from upheld.readers.native import Native
from upheld.readers.record import SUFFIX, apply_side_file


class Later:
    """A reader whose module is imported when a file begins as its files do: nobody waits for eight formats to read one."""

    def __init__(self, module: str, reader: str, begins: str) -> None:
        self._module, self._reader, self._begins = module, reader, begins

    @cached_property
    def _real(self) -> Format:
        return cast("Format", getattr(import_module(f"upheld.readers.{self._module}"), self._reader)())

    @property
    def name(self) -> str:
        """The name of the reader."""
        return self._real.name

    @property
    def title(self) -> str:
        """The title of the reader."""
        return self._real.title

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """The indicators of the reader."""
        return self._real.indicators

    @property
    def help(self) -> str:
        """What the reader counts, and what it refuses."""
        return self._real.help

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files."""
        return self._real.files

    def recognise(self, name: str, head: bytes) -> str:
        """Ask the reader, unless the first character already says no."""
        first = head_text(head[:256]).lstrip()[:1]
        mine = first in self._begins if self._begins else first not in ("", "<", "{", "[")
        return self._real.recognise(name, head) if mine else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Have the reader read the file."""
        return self._real.read(path, request)


READERS: tuple[Format, ...] = (
    Native(),  # *.json, *.ndjson: upheld/evidence/v1
    JUnit(),  # junit.xml, TEST-*.xml: test.passed, test.failed, test.flaky, test.skipped
    Later("cases.trx", "Trx", "<"),  # *.trx: the same
    Later("cases.nunit", "NUnit", "<"),  # TestResult.xml: the same
    Later("cases.xunitnet", "XUnitNet", "<"),  # *xunit*.xml: the same
    Later("cases.robot", "Robot", "<"),  # output.xml: the same
    Later("cases.golang", "GoTest", "{F#?o"),  # go test -json, and the words that go writes between its events
    Later("cases.jest", "Jest", "{"),  # jest --json, vitest --reporter=json: the same
    Later("cases.cucumber", "Cucumber", "["),  # cucumber.json: the same
    Later("cases.cucumber", "CucumberMessages", "{"),  # *.ndjson: the same
    Later("coverage.coveragepy", "CoveragePy", "{"),  # coverage.json: coverage.lines, .branches, .changed-lines
    Later("coverage.cobertura", "Cobertura", "<"),  # coverage.xml: the same
    Later("coverage.jacoco", "JaCoCo", "<"),  # jacoco.xml: the same
    Later("coverage.lcov", "Lcov", ""),  # lcov.info: the same
    Later("sarif", "Sarif", "{"),  # *.sarif: sarif.errors, .warnings, .notes, .findings, .new-errors, .new-findings
    Later("parts.cyclonedx", "CycloneDX", "{<"),  # bom.json, bom.xml: sbom.components …, vex.affected …
    Later("parts.openvex", "OpenVex", "{"),  # openvex.json: vex.affected, vex.under-investigation
    Later("scan.trivy", "Trivy", "{"),  # trivy.json: scan.critical, .high, .medium, .low, .findings …
    Later("scan.grype", "Grype", "{"),  # grype.json: the same
    Later("scan.pipaudit", "PipAudit", "{["),  # pip-audit.json: the same
    Later("timing.locust", "Locust", '[T"'),  # *_stats.csv, JSON: load.latency, load.ok
    Later("timing.k6", "K6", "{"),  # summary.json: the same
    Later("timing.k6stream", "K6Stream", "{"),  # k6.ndjson: the same
    Later("timing.jmeter", "JMeter", "<"),  # *.jtl: the same
    Later("timing.samples", "Samples", ""),  # *.csv, *.jtl: the same
    Later("timing.benchmark", "Benchmark", "{"),  # benchmark.json: benchmark.time
)
# What lies in evidence folders and is no evidence: pages, logs, and what Locust writes beside FILE_stats.csv.
_NOT_EVIDENCE = (
    ".md", ".txt", ".log", ".html", ".css", ".js", ".py", ".png", ".svg", ".gitignore", SUFFIX,
    "_stats_history.csv", "_failures.csv", "_exceptions.csv",
)  # fmt: skip


def recognise(path: Path, request: Request | None = None) -> tuple[Format | None, str]:
    """The reader of a file and why; or none, and what it looks like instead."""
    try:
        with opened(path, request or Request()) as file:
            head = file.read(HEAD)
    except (Unreadable, OSError) as error:
        return None, reason_of(error)
    found = [(reader, why) for reader in READERS if (why := reader.recognise(path.name, head))]
    if len(found) > 1:
        return None, "could be " + " or ".join(f"{reader.title} ({why})" for reader, why in found)
    if found:
        return found[0]
    tried = ", ".join(reader.name for reader in READERS)
    return None, f"looks like {looks_like(head)}; no reader takes it (tried: {tried})"


def read(path: Path, request: Request) -> Reading | None:
    """Read one file with its record beside it; None for what is no evidence by its name."""
    mine = _mapped(path, request)
    if path.name.endswith(_NOT_EVIDENCE) and mine is None:
        return None
    reader, why = recognise(path, request)
    if mine is not None:
        return apply_side_file(path, _with_mapping(path, request, mine, reader, why))
    if reader is None:
        return apply_side_file(path, _by_name(path, why))
    reading = reader.read(path, request)
    return apply_side_file(path, replace(reading, reason=why) if reading.readable else reading)


def _mapped(path: Path, request: Request) -> Format | None:
    """The reader of what the project maps in this file; None where it maps nothing."""
    if not any(mapping.matches(path.as_posix()) for mapping in request.mapped):
        return None
    from upheld.readers.mapped import mapped_in  # noqa: PLC0415  # its trees of XML would cost every check 14 ms

    return mapped_in(request, path)


def _with_mapping(path: Path, request: Request, mine: Format, reader: Format | None, why: str) -> Reading:
    """What the project's mapping sees in a file, beside what the reader of its format does where there is one."""
    reading = mine.read(path, request)
    reasons = [mine.recognise(path.name, b"")] if reading.readable else [reading.reason]
    if reader is None:
        return replace(reading, reason=reasons[0])
    other = reader.read(path, request)
    return Reading(
        reader=f"{other.reader} + {reading.reader}", evidence=(*other.evidence, *reading.evidence),
        summary=f"{other.summary}; {reading.summary}", reason="; ".join([why if other.readable else other.reason, *reasons]),
        readable=other.readable and reading.readable,
    )  # fmt: skip


def _by_name(path: Path, why: str) -> Reading:
    """The reading of a file that no reader takes: unreadable, with the indicators that its name promises."""
    named = [reader for reader in READERS if any(fnmatch(path.name.lower(), glob.lower()) for glob in reader.files)]
    meant = [reader for reader in named if reader.indicators]
    if not meant:
        return Reading(reader="", evidence=(), summary="not readable", reason=why, readable=False)
    reason = f"is named like {' or '.join(reader.title for reader in meant)}, but {why}"
    readings = [unreadable(reader, reason, {"file": path.name}) for reader in meant]
    evidence = {e.indicator: e for reading in readings for e in reading.evidence}
    return replace(readings[0], evidence=tuple(evidence.values()))
