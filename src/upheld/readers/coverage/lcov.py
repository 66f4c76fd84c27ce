"""LCOV tracefiles (`lcov`, `coverage lcov`, Istanbul, gcovr, llvm-cov)."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.coverage import INDICATORS, Coverage, Lines, evidence
from upheld.readers.intake import Intake, Unreadable

_BEGINS = re.compile(r"\A\s*(?:#[^\n]*\n\s*)*(?:TN:[^\n]*\n\s*)?SF:\S")
# Records whose content is counted from others, or says nothing about lines and branches.
_OTHER = {"TN", "FN", "FNDA", "FNF", "FNH", "FNL", "FNA", "BRF", "BRH", "LF", "LH", "VER", "MCDC", "MCF", "MCH"}


class Lcov:
    """LCOV tracefile: lines and branches per source file."""

    name = "lcov"
    title = "LCOV tracefile"
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*.lcov", "lcov.info", "*.info")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By its first record."""
        return "it begins with the record SF:" if _BEGINS.match(intake.head_text(head)) else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Read all blocks; a file named by several blocks is one file."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    found = Coverage()
    lines: Lines | None = None
    known: Mapping[str, Callable[[Coverage, Lines, str], None]] = {"DA": _line, "BRDA": _branch}
    text = file.text()
    for number, raw in enumerate(text.splitlines(), 1):
        record = raw.strip()
        if not record or record.startswith("#"):
            continue
        if number > intake.MOST_ELEMENTS:
            raise Unreadable(f"holds more than {intake.MOST_ELEMENTS} records")
        kind, colon, value = record.partition(":")
        if record == "end_of_record":
            lines = None
        elif kind == "SF" and value.strip():
            lines = found.file(value)
        elif kind in known and lines is not None:
            try:
                known[kind](found, lines, value)
            except ValueError:
                raise Unreadable(f"line {number} is no {kind} record: {intake.shorten(record, 60)}") from None
        elif kind not in _OTHER or not colon:
            where = " outside any SF block" if kind in known else ""
            raise Unreadable(f"line {number} is no LCOV record{where}: {intake.shorten(record, 60)}")
    if lines is not None:
        raise Unreadable(f"breaks off at byte {file.size}, before end_of_record: is it cut off?")
    file.producer.update(tool="lcov")
    return evidence(file, found)


def _line(_: Coverage, lines: Lines, value: str) -> None:
    number, hits, *_checksum = value.split(",")
    line = int(number)
    if line < 1:
        raise ValueError
    lines.executable.add(line)
    if int(hits) > 0:  # gcov is known to write negative counts when counters overflow: not covered
        lines.covered.add(line)


def _branch(found: Coverage, lines: Lines, value: str) -> None:
    line, block, *branch, taken = value.split(",")
    if int(line) < 1 or not branch:
        raise ValueError
    found.with_branches = True
    lines.add_branch((int(line), block, *branch), 0 if taken == "-" else int(int(taken) > 0), 1)
