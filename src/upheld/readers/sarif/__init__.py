"""SARIF 2.1.0: how many findings a static analysis has, by level, and which of them are new."""

import re
from collections.abc import Mapping
from pathlib import Path

from upheld.core.criterion import Indicator, Kind
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake

INDICATORS: Mapping[str, Indicator] = {
    name: Indicator(name=name, kind=Kind.COUNT, census=True, help=meaning)
    for name, meaning in (
        ("sarif.errors", "findings of level error; where a finding names no level, its rule's default counts"),
        ("sarif.warnings", "findings of level warning"),
        ("sarif.notes", "findings of level note"),
        ("sarif.findings", "all findings, whatever their level, but those whose suppression was accepted"),
        ("sarif.new-errors", "errors that the base did not have; needs the base's report or baselineState"),
        ("sarif.new-findings", "findings that the base did not have; a finding that only moved is not new"),
    )
}

_VERSION = re.compile(r'"version"\s*:\s*"2\.1\.0')


class Sarif:
    """SARIF 2.1.0 logs of linters and scanners."""

    name = "sarif"
    title = "SARIF 2.1.0 log"
    help = (
        "The level of a finding comes from the finding, else from its rule. Suppressed, absent and passed "
        "results are no findings. A run that failed, that reports errors of the tool itself, or that has no "
        "results shows nothing."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*.sarif", "*.sarif.json")

    def recognise(self, name: str, head: bytes) -> str:
        """By its version or schema beside `runs`, or by its name."""
        if not intake.looks_like_json(head):
            return ""
        text = intake.head_text(head)
        if '"upheld/evidence/' in text:
            return ""  # a record of ours may speak of SARIF and of runs
        if '"runs"' in text and (_VERSION.search(text) or "sarif" in text):
            return "it is JSON with a SARIF version and runs"
        if "sarif-schema-2.1.0" in text or "sarif-2.1.0" in text:
            return "it names the SARIF 2.1.0 schema"
        return "its name says SARIF" if name.lower().endswith((".sarif", ".sarif.json")) else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count findings; a run that failed or has no results makes the file unreadable."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    # msgspec takes 60 ms to import, which a project without SARIF should not wait for.
    from upheld.readers.sarif.findings import evidence  # noqa: PLC0415

    return evidence(file)
