"""Findings for machines: JSON and SARIF 2.1.0."""

from collections.abc import Sequence
from urllib.parse import quote

from upheld.core.catalogue import Catalogue
from upheld.project.finding import Finding, Severity
from upheld.project.lint import every_rule
from upheld.project.load import Project

SCHEMA = "upheld/lint/v1"
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

Json = dict[str, object]

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}


def document(project: Project, findings: Sequence[Finding]) -> Json:
    """Items, findings and criteria (`upheld/lint/v1`)."""
    return {
        "schema": SCHEMA,
        "items": [
            {"file": item.file, "kind": item.kind, "id": item.id, "status": item.status} for item in project.items
        ],
        "findings": [
            {
                "rule": f.rule, "severity": f.severity.value, "file": f.file, "line": f.line, "column": f.column,
                "message": f.message, "fix": f.fix,
            }
            for f in findings
        ],
        "criteria": criteria(project.catalogue),
    }  # fmt: skip


def criteria(catalogue: Catalogue) -> list[Json]:
    """What each criterion of a requirement promises, as data; the objective is in the unit beside it."""
    found: list[Json] = []
    for criterion in catalogue.criteria.values():
        sentence = criterion.sentence
        found.append(
            {
                "criterion": criterion.address, "requirement": criterion.requirement, "sentence": str(sentence),
                "statistic": sentence.statistic or criterion.indicator.kind.value, "indicator": sentence.indicator,
                "operator": sentence.op.value, "objective": float(sentence.target.number),
                "unit": sentence.target.unit.name,
                "window": str(sentence.window) if sentence.window else None,
                "load": str(sentence.load) if sentence.load else None, "population": sentence.per or "all",
                "rule": {stage.value: criterion.rule(stage).value for stage in criterion.needs},
                "customers": list(criterion.customers),
            }
        )  # fmt: skip
    return found


def counted(severity: Severity, count: int) -> str:
    """The word for so many findings of one severity."""
    if severity is Severity.ADVICE:
        return "advice"
    return severity.value if count == 1 else f"{severity.value}s"


def sarif(findings: Sequence[Finding], *, version: str, prefix: str = "") -> Json:
    """A SARIF 2.1.0 log with the rules that it uses."""
    used = sorted({f.rule for f in findings})
    known = {rule.id: rule for rule in every_rule()}
    rules: list[Json] = []
    for name in used:
        rule: Json = {"id": name}
        if name in known:
            told = known[name]
            rule |= {
                "shortDescription": {"text": told.meaning}, "fullDescription": {"text": told.why},
                "help": {"text": told.fix}, "defaultConfiguration": {"level": _LEVELS[told.severity]},
            }  # fmt: skip
        rules.append(rule)
    results: list[Json] = [
        {
            "ruleId": f.rule,
            "ruleIndex": used.index(f.rule),
            "level": _LEVELS[f.severity],
            "message": {"text": f"{f.message}. {f.fix}" if f.fix else f.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(prefix + f.file)},
                        "region": {"startLine": f.line, "startColumn": f.column},
                    }
                }
            ],
        }
        for f in findings
    ]
    driver: Json = {"name": "upheld lint", "version": version, "rules": rules}
    return {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
