"""Trivy's JSON (schema version 2): vulnerabilities, failed checks, secrets and licences of everything it looked at."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.scan import INDICATORS, Finding, evidence


class Trivy:
    """Trivy JSON reports."""

    name = "trivy"
    title = "Trivy JSON report"
    help = (
        "Every entry counts, as in Trivy's own table: vulnerabilities, checks that failed, secrets, licences. What was "
        "suppressed is left out. A report without results looked at nothing, and for an operating system that is out of "
        "support nobody reports new vulnerabilities: both show nothing."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*trivy*.json",)

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By its schema version and artifact."""
        text = intake.head_text(head)
        mine = text.lstrip().startswith("{") and '"SchemaVersion"' in text and '"ArtifactName"' in text
        return "it names a SchemaVersion and an ArtifactName, as Trivy does" if mine else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count the findings of all results."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    report = intake.mapping(file.json(), "the report")
    if report.get("SchemaVersion") != 2:
        raise Unreadable(f"has the schema version {intake.shorten(str(report.get('SchemaVersion')), 20)}, 2 is read")
    system = intake.mapping(intake.mapping(report.get("Metadata") or {}, "Metadata").get("OS") or {}, "OS")
    if system.get("EOSL"):
        named = " ".join(str(system.get(key, "")) for key in ("Family", "Name"))
        raise Unreadable(f"is about {intake.shorten(named, 60)}, out of support: nobody reports its vulnerabilities")
    results = intake.sequence(report.get("Results") or [], "Results")
    if not results:
        raise Unreadable("holds no results: Trivy found nothing that it could look at")
    findings = [
        finding
        for i, result in enumerate(results)
        for finding in _findings(intake.mapping(result, f"result {i + 1}"), f"result {i + 1}")
    ]
    file.producer.update(tool="trivy")
    artifact = str(report.get("ArtifactName") or "")
    return evidence(file, findings, {"tool": "trivy"} | ({"artifact": artifact} if artifact else {}))


def _findings(result: Mapping[str, object], where: str) -> Iterator[Finding]:
    for key, name in (
        ("Vulnerabilities", "VulnerabilityID"), ("Misconfigurations", "ID"), ("Secrets", "RuleID"), ("Licenses", "Name"),
    ):  # fmt: skip
        for found in intake.sequence(result.get(key) or [], f"{where}: {key}"):
            entry = intake.mapping(found, f"{where}: {key}")
            if key == "Misconfigurations" and entry.get("Status", "FAIL") != "FAIL":
                continue
            fixable = bool(entry.get("FixedVersion"))
            yield Finding(str(entry.get(name) or "?"), str(entry.get("Severity", "")).lower(), fixable)
