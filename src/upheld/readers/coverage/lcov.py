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
    help = "Hits of several runs add up; a line is covered when their sum is above zero."
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
    text = file.text()
    records = text.splitlines()
    if len(records) > intake.MOST_ELEMENTS:
        raise Unreadable(f"holds more than {intake.MOST_ELEMENTS} records")
    for number, raw in enumerate(records, 1):
        try:
            lines = _take(found, lines, raw.strip())
        except ValueError as error:
            if number == len(records) and not text.endswith("\n"):
                break
            raise Unreadable(f"line {number} {error}: {intake.shorten(raw, 60)}") from None
    if lines is not None:
        raise Unreadable(f"breaks off at byte {file.size}, before end_of_record: is it cut off?")
    file.producer.update(tool="lcov")
    return evidence(file, found)


def _take(found: Coverage, lines: Lines | None, record: str) -> Lines | None:
    """Take one record and give the file that the next belongs to; ValueError says what is wrong with the record."""
    if not record or record.startswith("#"):
        return lines
    if record == "end_of_record":
        return None
    kind, colon, value = record.partition(":")
    if kind == "SF" and value.strip():
        return found.file(value)
    if kind in _KNOWN:
        if lines is None:
            raise ValueError("stands outside any SF block")
        try:
            _KNOWN[kind](found, lines, value)
        except ValueError:
            raise ValueError(f"is no {kind} record") from None
    elif kind not in _OTHER or not colon:
        raise ValueError("is no LCOV record")
    return lines


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


_KNOWN: Mapping[str, Callable[[Coverage, Lines, str], None]] = {"DA": _line, "BRDA": _branch}
