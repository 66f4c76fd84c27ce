"""Grype's JSON: matches of known vulnerabilities with packages, and the state of the database they come from."""

from collections.abc import Mapping
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.scan import INDICATORS, Finding, evidence


class Grype:
    """Grype JSON reports."""

    name = "grype"
    title = "Grype JSON report"
    help = (
        "Every match counts; ignored matches are named in a note. Negligible and unknown are unrated. A database that is "
        "not valid, or a report that names no source, shows nothing."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*grype*.json",)

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By its list of matches, and the words that Grype has beside it."""
        text = intake.head_text(head).lstrip()
        own = any(word in text for word in ('"grype"', '"matchDetails"', '"relatedVulnerabilities"', '"descriptor"'))
        mine = text.startswith("{") and '"matches"' in text and own
        return "it holds matches as Grype writes them" if mine else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count the matches."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    report = intake.mapping(file.json(), "the report")
    descriptor = intake.mapping(report.get("descriptor"), "descriptor")
    if descriptor.get("name") != "grype":
        raise Unreadable("is no report of Grype: its descriptor names another tool")
    _check_database(intake.mapping(descriptor.get("db") or {}, "db"))
    source = intake.mapping(report.get("source") or {}, "source")
    if not source.get("target"):
        raise Unreadable("names no source: what was looked at is not known")
    findings = []
    for i, found in enumerate(intake.sequence(report.get("matches"), "matches")):
        match = intake.mapping(found, f"match {i + 1}")
        weakness = intake.mapping(match.get("vulnerability"), f"match {i + 1}: vulnerability")
        fix = intake.mapping(weakness.get("fix") or {}, f"match {i + 1}: fix")
        severity = str(weakness.get("severity", "")).lower()
        findings.append(Finding(str(weakness.get("id") or "?"), severity, fix.get("state") == "fixed"))
    ignored = intake.sequence(report.get("ignoredMatches") or [], "ignoredMatches")
    if ignored:
        file.notes.append(f"{len(ignored)} matches were ignored by a rule and are not counted")
    file.producer.update(tool="grype", version=intake.shorten(str(descriptor.get("version", "")), 40))
    target = source["target"]
    if isinstance(target, Mapping):
        target = target.get("userInput") or target.get("imageID") or "?"
    return evidence(file, findings, {"tool": "grype", "artifact": intake.shorten(str(target))})


def _check_database(database: Mapping[str, object]) -> None:
    status = intake.mapping(database.get("status") or {}, "db status")
    error = database.get("error") or status.get("error")
    if error or database.get("valid") is False or status.get("valid") is False:
        raise Unreadable(
            f"was made with a database that is not valid ({intake.shorten(str(error or 'no reason'), 60)})"
        )
