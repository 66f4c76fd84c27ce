"""What a change does: new findings and not the old ones, and which criteria lose their tests."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from upheld.cli import cli

GATES = """
changed:
  kind: technical
  stage: build
  criteria:
    changed-lines: coverage.changed-lines >= 80 %
    new-errors: sarif.new-errors = 0
    new-undocumented: docs.new-undocumented = 0
merge:
  kind: technical
  stage: build
  select: {status: approved}
"""
REQUIREMENT = """---
id: {id}
title: A promise
status: approved
source: {{document: a contract}}
customers: [all]
priority: must
owners: {{product: jake, engineering: lisa}}
criteria:
  - {{id: c1, that: test.passed = 100 %, needs: [build]}}
  - {{id: c2, that: test.passed = 100 %, needs: [build]}}
---
The service shall answer.
"""
OLD = '"""A module."""\n\n\ndef old_and_undocumented():\n    return 1\n'
NEW = OLD + "\n\ndef new_and_undocumented(x):\n    if x:\n        return 2\n    return 3\n"


def sarif(*found: tuple[str, int]) -> str:
    results = [
        {
            "ruleId": rule, "level": "error", "message": {"text": f"{rule} is bad"},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": "shop.py"}, "region": {"startLine": line}}}],
        }
        for rule, line in found
    ]  # fmt: skip
    run = {
        "tool": {"driver": {"name": "linter", "rules": []}},
        "results": results,
        "invocations": [{"executionSuccessful": True}],
    }
    return json.dumps({"version": "2.1.0", "runs": [run]})


def coverage(executed: list[int], missing: list[int]) -> str:
    summary = {
        "covered_lines": len(executed), "num_statements": len(executed) + len(missing), "missing_lines": len(missing), "excluded_lines": 0,
        "percent_covered": 0,
    }  # fmt: skip
    file = {"executed_lines": executed, "missing_lines": missing, "excluded_lines": [], "summary": summary}
    return json.dumps({"meta": {"format": 3, "version": "7.0"}, "files": {"shop.py": file}, "totals": summary})


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    files = {
        "upheld.yaml": "project: Shop\nsince: 2026-11-22\npeople: {jake: {role: product}, lisa: {role: engineering}}\n",
        "customers.yaml": "northbank: {tier: gold}\n",
        "indicators.yaml": "x: {kind: ratio}\n",
        "gates.yaml": GATES.lstrip(),
        "shop.py": OLD,
        ".gitignore": "build/\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "requirements").mkdir()
    for number in (1, 2):
        text = REQUIREMENT.format(id=f"REQ-A-00{number}")
        (tmp_path / "requirements" / f"REQ-A-00{number}.md").write_text(text, encoding="utf-8")
    for folder in ("build/base", "build/evidence"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "build/base/lint.sarif").write_text(sarif(("E1", 4)), encoding="utf-8")
    commit(tmp_path, "start")
    return tmp_path


def commit(root: Path, message: str) -> None:
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", message]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words], cwd=root, check=True)


def check(root: Path, gate: str, *words: str) -> tuple[int, dict[str, dict]]:
    command = [
        "check",
        gate,
        "--project",
        str(root),
        "--evidence",
        str(root / "build/evidence"),
        "--no-store",
        "--format",
        "json",
        *words,
    ]
    result = CliRunner().invoke(cli, command)
    return result.exit_code, {line["criterion"]: line for line in json.loads(result.stdout)["criteria"]}


@pytest.mark.upheld("REQ-EVI-002.c1")
def test_a_second_commit_with_three_faults_gives_exactly_three_findings(shop):
    (shop / "shop.py").write_text(NEW, encoding="utf-8")
    commit(shop, "second")
    (shop / "build/evidence/lint.sarif").write_text(sarif(("E1", 4), ("E2", 9)), encoding="utf-8")
    (shop / "build/evidence/coverage.json").write_text(coverage([1, 4, 5, 8], [9, 10, 11]), encoding="utf-8")
    status, lines = check(shop, "changed", "--base", "HEAD~1", "--baseline", str(shop / "build/base"))
    assert status == 1
    assert {name: (line["verdict"], line["estimate"]) for name, line in lines.items()} == {
        "gate.changed.changed-lines": ("not met", 25.0),
        "gate.changed.new-errors": ("not met", 1.0),
        "gate.changed.new-undocumented": ("not met", 1.0),
    }


@pytest.mark.upheld("REQ-EVI-002.c1")
def test_a_second_commit_without_faults_passes_although_old_ones_remain(shop):
    (shop / "shop.py").write_text(OLD + '\n\ndef documented():\n    """Say so."""\n    return 2\n', encoding="utf-8")
    commit(shop, "second")
    (shop / "build/evidence/lint.sarif").write_text(sarif(("E1", 4)), encoding="utf-8")
    (shop / "build/evidence/coverage.json").write_text(coverage([1, 4, 5, 8, 9, 10], []), encoding="utf-8")
    status, lines = check(shop, "changed", "--base", "HEAD~1", "--baseline", str(shop / "build/base"))
    assert {line["verdict"] for line in lines.values()} == {"met"}
    assert status == 0


@pytest.mark.upheld("REQ-EVI-002.c1")
def test_without_a_base_nothing_new_is_known_and_nothing_passes(shop):
    (shop / "build/evidence/lint.sarif").write_text(sarif(("E1", 4)), encoding="utf-8")
    (shop / "build/evidence/coverage.json").write_text(coverage([1], []), encoding="utf-8")
    status, lines = check(shop, "changed")
    assert status == 3
    assert {line["verdict"] for line in lines.values()} == {"inconclusive"}


TESTS = {
    "one": ["REQ-A-001.c1"],
    "two": ["REQ-A-001.c2"],
    "three": ["REQ-A-002"],
    "four": ["REQ-A-001.c2", "REQ-A-002.c1"],
}


def junit(tests: dict[str, list[str]]) -> str:
    cases = ""
    for name, links in tests.items():
        properties = "".join(f'<property name="requirement" value="{link}"/>' for link in links)
        cases += f'<testcase classname="t" name="{name}"><properties>{properties}</properties></testcase>'
    return f'<testsuites><testsuite name="s">{cases}<testcase classname="t" name="free"/></testsuite></testsuites>'


@pytest.mark.upheld("REQ-JDG-001.c1")
@pytest.mark.parametrize(
    ("deleted", "lost"),
    [
        (set(), set()),
        ({"one"}, {"REQ-A-001.c1"}),
        ({"two"}, set()),
        ({"two", "four"}, {"REQ-A-001.c2"}),
        ({"three"}, {"REQ-A-002.c2"}),
        ({"three", "four"}, {"REQ-A-002.c1", "REQ-A-002.c2"}),
    ],
)
def test_deleting_linked_tests_makes_exactly_their_criteria_inconclusive(shop, deleted, lost):
    kept = {name: links for name, links in TESTS.items() if name not in deleted}
    (shop / "build/evidence/junit.xml").write_text(junit(kept), encoding="utf-8")
    status, lines = check(shop, "merge")
    assert {name for name, line in lines.items() if line["verdict"] == "inconclusive"} == lost
    assert {name for name, line in lines.items() if line["verdict"] == "met"} == set(lines) - lost
    assert status == (3 if lost else 0)


@pytest.mark.upheld("REQ-SUB-001.c1")
@pytest.mark.parametrize(("digits", "state"), [(40, "met"), (7, "met"), (6, "inconclusive")])
def test_a_commit_names_the_source_also_when_it_is_abbreviated(shop, digits, state):
    gate = "\ntasks:\n  kind: technical\n  stage: build\n  criteria: {done: x >= 50 %}\n"
    (shop / "gates.yaml").write_text(GATES.lstrip() + gate, encoding="utf-8")
    commit(shop, "a gate")
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=shop, capture_output=True, text=True, check=True
    ).stdout.strip()
    record = {"schema": "upheld/evidence/v1", "indicator": "x", "stage": "build", "subject": f"git:{head[:digits]}",
              "statistic": {"kind": "share", "n": 99, "good": 99}}  # fmt: skip
    (shop / "build/evidence/x.json").write_text(json.dumps(record), encoding="utf-8")
    _, lines = check(shop, "tasks")
    assert lines["gate.tasks.done"]["verdict"] == state


@pytest.mark.upheld("REQ-SUB-001.c1")
@pytest.mark.parametrize(
    ("of", "state"), [("ancestor", "met"), ("exact", "inconclusive")], ids=["earlier commits will do", "they will not"]
)
def test_an_earlier_commit_may_be_named_by_its_id(shop, of, state):
    gate = (
        f"\ntasks:\n  kind: technical\n  stage: build\n  criteria: {{done: {{that: x >= 50 %, build: {{of: {of}}}}}}}\n"
    )
    (shop / "gates.yaml").write_text(GATES.lstrip() + gate, encoding="utf-8")
    commit(shop, "a gate")
    earlier = subprocess.run(["git", "rev-parse", "HEAD"], cwd=shop, capture_output=True, text=True, check=True).stdout
    (shop / "README.md").write_text("more\n", encoding="utf-8")
    commit(shop, "one change more")
    record = {"schema": "upheld/evidence/v1", "indicator": "x", "stage": "build", "subject": f"git:{earlier.strip()}",
              "statistic": {"kind": "share", "n": 99, "good": 99}}  # fmt: skip
    (shop / "build/evidence/x.json").write_text(json.dumps(record), encoding="utf-8")
    _, lines = check(shop, "tasks")
    assert lines["gate.tasks.done"]["verdict"] == state
