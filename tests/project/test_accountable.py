"""What evidence says of decisions and risks appears in lint, from the evidence that the project keeps."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.project.definitions import DECISION, FILES, RISK, written
from upheld.cli import cli

pytestmark = pytest.mark.upheld("REQ-DEC-002.c1")
ADR = "decisions/0007-precompute.md"
ASSUMING = DECISION.replace("review-by", "assumptions: [{id: a1, that: questions.repeated >= 80 %}]\nreview-by")
WATCHING = RISK.replace("insight.availability >= 95 %", "source-3.nulls <= 5 %")
BASE = {
    **FILES,
    ADR: ASSUMING,
    "risks/RISK-003.md": WATCHING,
    "upheld.yaml": FILES["upheld.yaml"] + "folders: {evidence: measured}\n",
    "indicators.yaml": FILES["indicators.yaml"] + "questions.repeated: {kind: ratio, build: {evidence: log}}\n"
    "source-3.nulls: {kind: ratio, build: {evidence: profile}}\n",
}


def record(indicator: str, n: int, good: int, observed: str = "2026-11-20T12:00:00Z") -> str:
    return json.dumps({
        "schema": "upheld/evidence/v1", "indicator": indicator, "stage": "build", "subject": "", "observed": observed,
        "statistic": {"kind": "share", "n": n, "good": good},
    })  # fmt: skip


def lint(root: Path) -> Result:
    return CliRunner().invoke(cli, ["lint", "--project", str(root), "--at", "2026-11-22", "--format", "json"])


def said(root: Path, rule: str) -> list[tuple[str, int, str]]:
    found = json.loads(lint(root).output)["findings"]
    return [(f["file"], f["line"], f["message"]) for f in found if f["rule"] == rule]


def test_an_assumption_contradicted_by_committed_evidence_re_opens_its_decision_in_lint(tmp_path: Path) -> None:
    root = written(tmp_path, {**BASE, "measured/log.json": record("questions.repeated", 5000, 3100)})
    text = "ADR-0007 is re-opened: assumption a1 is not met: questions.repeated >= 80 % (tested 62 %)"
    assert said(root, "decision-reopened") == [(ADR, 10, text)]
    assert lint(root).exit_code == 0


@pytest.mark.parametrize("evidence", [{}, {"measured/log.json": record("questions.repeated", 5000, 4500)}])
def test_what_is_not_contradicted_is_not_re_opened(evidence: dict[str, str], tmp_path: Path) -> None:
    assert said(written(tmp_path, {**BASE, **evidence}), "decision-reopened") == []


def test_a_risk_materialises_in_lint_when_nulls_exceed_its_limit_and_nobody_edited_it(tmp_path: Path) -> None:
    root = written(tmp_path, {**BASE, "measured/profile.json": record("source-3.nulls", 10_000, 720)})
    [(file, line, message)] = said(root, "risk-materialising")
    assert (file, line) == ("risks/RISK-003.md", 8)
    assert message == "RISK-003 is materialising: source-3.nulls <= 5 % (tested 7.2 %); lisa looks after it"
    written(tmp_path, {"measured/profile.json": record("source-3.nulls", 10_000, 110)})
    assert said(root, "risk-materialising") == []


def test_lint_knows_also_what_the_store_remembers(tmp_path: Path) -> None:
    root = written(tmp_path, {**BASE, "log.json": record("questions.repeated", 5000, 3100)})
    gate = "pilot:\n  kind: technical\n  stage: build\n  criteria: {repeated: questions.repeated >= 10 %}\n"
    written(tmp_path, {"gates.yaml": FILES["gates.yaml"] + gate})
    run = CliRunner().invoke(cli, ["check", "pilot", "--project", str(root), "--evidence", str(root / "log.json")])
    assert run.exit_code == 0, run.output
    assert len(said(root, "decision-reopened")) == 1


def test_evidence_is_not_read_when_nothing_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {k: v for k, v in BASE.items() if not k.startswith(("decisions/", "risks/"))}
    root = written(tmp_path, {**files, "measured/log.json": record("questions.repeated", 5000, 3100)})

    def refused(*_: object) -> None:
        raise AssertionError("evidence was read")

    monkeypatch.setattr("upheld.wiring.Workspace.kept", refused)
    assert lint(root).exit_code == 0
    written(tmp_path, {ADR: ASSUMING})
    assert isinstance(lint(root).exception, AssertionError)


def test_a_risk_materialises_by_what_a_profile_counts_in_the_extract_of_its_source(tmp_path: Path) -> None:
    rows = [f"{i},{'' if i % 5 == 0 else i}" for i in range(2000)]
    files = {
        **BASE, "assessments/source-3.csv": "\n".join(["client,amount", *rows]) + "\n",
        "assessments/sources.yaml": "kind: integration\ntitle: What the feeds hold\npredicts: [REQ-LAT-001.c3]\n"
        "sources:\n  source-3: {file: source-3.csv, key: [client]}\n",
        "requirements/REQ-LAT-001.md": FILES["requirements/REQ-LAT-001.md"].replace(
            "---\nWhen", "  - {id: c3, that: source-3.nulls <= 20 %, needs: [design]}\n---\nWhen"
        ),
    }  # fmt: skip
    root = written(tmp_path, files)
    assert said(root, "risk-materialising") == []
    profiled = CliRunner().invoke(cli, ["predict", "--project", str(root)])
    assert profiled.exit_code == 0, profiled.output
    [(_, _, message)] = said(root, "risk-materialising")
    assert message == "RISK-003 is materialising: source-3.nulls <= 5 % (profiled 9.2–10.8 %); lisa looks after it"
