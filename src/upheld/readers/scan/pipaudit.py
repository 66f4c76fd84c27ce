"""pip-audit's JSON: known vulnerabilities of Python packages, and those packages that it could not look up."""

from collections.abc import Mapping
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.scan import INDICATORS, Finding, evidence


class PipAudit:
    """pip-audit JSON reports."""

    name = "pip-audit"
    title = "pip-audit JSON report"
    help = (
        "Every vulnerability of every package counts; pip-audit rates none, so with one finding no severity is known. A "
        "package that was skipped was not audited, although pip-audit then says that it found nothing: such a report, or "
        "one without packages, shows nothing."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*pip-audit*.json", "*pip_audit*.json")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By dependencies with vulnerabilities, or with the reason why they were skipped."""
        text = intake.head_text(head).lstrip()
        mine = text.startswith("{") and '"dependencies"' in text and ('"vulns"' in text or '"skip_reason"' in text)
        old = text.startswith("[") and '"vulns"' in text and '"version"' in text
        return "its dependencies hold vulns, as pip-audit writes them" if mine or old else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count the vulnerabilities of all packages."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    report = file.json()
    packages = report if isinstance(report, list) else intake.mapping(report, "the report").get("dependencies")
    findings: list[Finding] = []
    skipped: list[str] = []
    names: list[str] = []
    for i, found in enumerate(intake.sequence(packages, "dependencies")):
        package = intake.mapping(found, f"dependency {i + 1}")
        name = str(package.get("name") or "?")
        names.append(name)
        if "vulns" not in package:
            skipped.append(f"{name} ({package.get('skip_reason') or 'no reason'})")
            continue
        for entry in intake.sequence(package["vulns"], f"{name}: vulns"):
            weakness = intake.mapping(entry, f"{name}: a vulnerability")
            fixable = bool(intake.sequence(weakness.get("fix_versions") or [], f"{name}: fix_versions"))
            findings.append(Finding(f"{weakness.get('id') or '?'} in {name}", "", fixable))
    if not names:
        raise Unreadable("holds no package: nothing was audited")
    if skipped:
        raise Unreadable(f"could not audit {len(skipped)} of {len(names)} packages: {intake.listed(skipped)}")
    file.producer.update(tool="pip-audit")
    return evidence(file, findings, {"tool": "pip-audit"}, rated=False)
