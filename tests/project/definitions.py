"""A small project that lints clean, for tests that change one thing in it."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from upheld.core.criterion import Indicator, Kind
from upheld.core.evidence import Evidence
from upheld.core.quantity import SHARE
from upheld.project.finding import Finding
from upheld.project.lint import lint
from upheld.project.load import Project, load

TODAY = date(2026, 11, 22)
NATIVE = {
    "test.passed": Indicator(name="test.passed", kind=Kind.RATIO, unit=SHARE, census=True, linked=True),
    "coverage.changed-lines": Indicator(name="coverage.changed-lines", kind=Kind.RATIO, unit=SHARE, census=True),
    "sarif.new-errors": Indicator(name="sarif.new-errors", kind=Kind.COUNT, census=True),
}

REQUIREMENT = """\
---
id: REQ-LAT-001
title: Insights arrive while the adviser is still on the phone
status: approved
source:
  document: North Bank MSA 3.2
  quote: sub-second response times
customers: [northbank]
priority: must
owners: {product: jake, engineering: lisa}
links: [{refines: REQ-ADV-004}]
criteria:
  - id: c1
    that: p95 of insight.latency < 1 s at 200/s over 30 d per customer
    build: {for: 4 min, environment: staging}
  - id: c2
    that: insight.availability >= 99.5 % over calendar month
    needs: [production]
    release: {no-worse-than: 0.2 points}
---
When an adviser opens a client, the insight service shall answer within 1 s.
"""
PARENT = """\
---
id: REQ-ADV-004
title: Advisers talk to clients
status: approved
source: {document: North Bank MSA 3.2}
customers: ["tier:gold"]
owners: {product: jake, engineering: lisa}
criteria:
  - {id: c1, that: test.passed = 100 %, needs: [build]}
---
The product shall let an adviser talk to a client while insights load.
"""
DECISION = """\
---
id: ADR-0007
status: accepted
date: 2026-11-20
affects: [REQ-LAT-001.c1]
options: [precompute, on-demand]
chosen: precompute
customer-impact: [{customer: northbank, impact: the first answer may be 5 min old}]
expected: [{id: e1, that: p95 of insight.latency < 0.8 s, by: 2027-03-01}]
review-by: 2027-06-01
---
# Precompute insights
"""
SESSION = """\
---
date: 2026-11-21
attendees: {product: [jake], engineering: [lisa], customer: [nb-cto]}
answers:
  - requirement: REQ-LAT-001
    gap: latency-condition
    answer: 95 of 100, in the morning peak
    by: lisa
    criterion: p95 of insight.latency < 1 s at 200/s over 30 d per customer
---
"""
WAIVER = """\
criterion: REQ-LAT-001.c1
gate: merge
owner: lisa
approver: mara
reason: the staging rig is being moved
since: 2026-11-22
until: 2026-12-04
"""
RISK = """\
---
id: RISK-003
status: open
kind: integration
owner: lisa
customer-impact: [{customer: northbank, impact: gaps in their portfolio}]
mitigation: rows are checked on arrival
watch: [{id: w1, that: insight.availability >= 95 %}]
---
# A feed sends half of its rows
"""
REVIEW = """\
---
pack: weekly
date: 2026-11-20
attendees: {product: [jake], engineering: [lisa]}
outcomes: [{outcome: measure again, about: [REQ-LAT-001.c1], owner: lisa, by: 2026-12-04}]
---
"""
CLASSES = "".join(
    f"{name}: {{criteria: [REQ-LAT-001.c1]}}\n"
    for name in (
        "performance", "scalability", "availability", "reliability", "security", "privacy", "freshness",
        "model-quality", "explainability", "operability", "cost",
    )
) + "accessibility: {owner: jake, reason: no screens yet, until: 2027-06-01}\n"  # fmt: skip
BUDGET = """\
answer:
  criterion: REQ-LAT-001.c1
  parts: {gateway: 100 ms, model: 700 ms}
"""
FILES: Mapping[str, str] = {
    "upheld.yaml": """\
project: Adviser Insights
since: 2026-11-01
people:
  jake: {role: product}
  lisa: {role: engineering}
  mara: {role: [engineering, executive]}
  nb-cto: {role: customer, customer: northbank}
environments:
  staging: {stage: build}
cost-limit: 50000 EUR
""",
    "customers.yaml": """\
northbank: {name: North Bank, tier: gold, region: uk}
eastcredit: {tier: silver}
""",
    "indicators.yaml": """\
insight.latency:
  kind: value
  unit: s
  build: {load: POST /insight}
  production: {histogram: http_request_duration_seconds}
insight.availability:
  kind: ratio
  production: {good: good_total, total: total}
""",
    "gates.yaml": """\
merge:
  kind: technical
  stage: build
  select: {status: approved}
  criteria:
    tests: test.passed = 100 %
  sign-offs: [product, engineering]
  waivers: {approver: engineering, at-most: 14 d}
""",
    "requirements/REQ-LAT-001.md": REQUIREMENT,
    "requirements/REQ-ADV-004.md": PARENT,
    "sessions/2026-11-21-joint.md": SESSION,
    "waivers/w1.yaml": WAIVER,
}


def written(root: Path, files: Mapping[str, str]) -> Path:
    """The files on disk."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def loaded(root: Path) -> Project:
    """The project in a folder, read without a cache."""
    return load(root, native=NATIVE, cache=False)


def linted(root: Path, *, at: date = TODAY, evidence: Sequence[Evidence] = ()) -> tuple[Finding, ...]:
    """All findings of the project in a folder, on the evidence that it keeps."""
    return lint(loaded(root), at=at, evidence=lambda: evidence)


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """The clean project with one text replaced, which must be there."""
    before = FILES.get(file, DECISION)
    assert old in before, f"{old!r} is not in {file}"
    return {**FILES, file: before.replace(old, new, 1)}


def told(findings: Sequence[Finding]) -> list[tuple[str, str, str]]:
    """Severity, rule and place of each finding, short enough to read in a failure."""
    return [(f.severity.value, f.rule, f"{f.file}:{f.line}:{f.column}") for f in findings]
