"""Known weaknesses that a scanner found, by severity; a scan that saw nothing is not a scan that found nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from upheld.core.criterion import Indicator, Kind
from upheld.core.evidence import Evidence, Rate
from upheld.readers import intake
from upheld.readers.intake import Intake

LEVELS = ("critical", "high", "medium", "low")
INDICATORS: Mapping[str, Indicator] = {
    name: Indicator(name=name, kind=Kind.COUNT, census=True, help=meaning)
    for name, meaning in (
        *((f"scan.{level}", f"findings that the scanner rates {level}") for level in LEVELS),
        ("scan.unrated", "findings without a severity, or with one that is none of the four"),
        ("scan.findings", "all findings of the scan, as its own summary counts them"),
        ("scan.fixable", "findings for which a version that mends them is known"),
    )
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One weakness in one place."""

    name: str
    severity: str  # one of LEVELS, or anything else for "unrated"
    fixable: bool


def evidence(
    file: Intake, findings: Sequence[Finding], population: Mapping[str, str], *, rated: bool = True
) -> tuple[list[Evidence], str]:
    """The findings by severity; `rated` says whether the scanner rates them at all: else no level is known."""
    levels = Counter(finding.severity if finding.severity in LEVELS else "unrated" for finding in findings)
    known = dict(population)
    found = []
    for level in (*LEVELS, "unrated"):
        name = f"scan.{level}"
        if level != "unrated" and findings and not rated:
            found.append(file.unread(name, "the scanner rates nothing: how bad its findings are is not known"))
            continue
        named = [f.name for f in findings if (f.severity if f.severity in LEVELS else "unrated") == level]
        notes = (f"{level}: {intake.listed(named)}",) if named else ()
        found.append(file.evidence(name, Rate(levels[level]), population=known, notes=notes))
    fixable = sum(finding.fixable for finding in findings)
    found.append(file.evidence("scan.findings", Rate(len(findings)), population=known))
    found.append(file.evidence("scan.fixable", Rate(fixable), population=known))
    parts = [f"{levels[level]} {level}" for level in (*LEVELS, "unrated") if levels[level]]
    return found, ", ".join([f"{len(findings)} findings", *parts])
