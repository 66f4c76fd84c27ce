"""`upheld init`: finds what is there, changes no byte of it, and the first lint is quiet."""

import hashlib
import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.project.definitions import TODAY, linted, loaded, written
from upheld.cli.definitions import init, lint
from upheld.errors import UsageError
from upheld.project.adopt import Plan, Route, look_around, plan, write
from upheld.project.finding import Severity

pytestmark = pytest.mark.upheld("REQ-ADP-001.c1")

OPEN_API = """\
openapi: 3.0.3
info: {title: Insights, version: "1"}
paths:
  /insight:
    post: {summary: ask}
  /clients/{id}/cards:
    get: {summary: read}
    parameters: []
"""
NYGARD = (
    "# {n}. Choice {n}\n\nDate: 2024-03-0{d}\n\n## Status\n\n{status}\n\n## Context\n\nSome.\n\n## Decision\n\nSo.\n"
)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git/" not in path.as_posix()
    }


def begun(root: Path) -> Plan:
    made = plan(root, at=TODAY)
    write(made)
    return made


def spoken(root: Path) -> list[str]:
    """The lines that a person sees on the first lint."""
    return CliRunner().invoke(lint, ["--project", str(root), "--at", TODAY.isoformat()]).output.splitlines()


def nygard(count: int) -> dict[str, str]:
    statuses = ["Accepted", "Proposed", "Superseded by [3](0003-choice.md)", "Deprecated", "Rejected"]
    return {
        f"doc/adr/{n:04d}-choice.md": NYGARD.format(n=n, d=n % 9 + 1, status=statuses[n % 5])
        for n in range(1, count + 1)
    }


DIRTY = {
    "docs/adr/0001-ok.md": "---\nstatus: accepted\ndate: 2024-01-01\n---\n# Ok\n\n## Decision Outcome\n\nYes.\n",
    "docs/adr/0002-status-mapping.md": "---\nstatus: { accepted }\ndate: { 2024-01-02 }\n---\n# Mapping\n",
    "docs/adr/0003-broken-yaml.md": "---\nstatus: {{ status }}\ntitle: a: b: c\n---\n# Broken\n\n## Status\n\nAccepted\n",
    "docs/adr/0004-bom.md": "\ufeff---\nstatus: on hold\n---\n# Marked\n",
    "docs/adr/0005-tabs.md": "---\nstatus:\taccepted\n---\n# Tabs\n",
    "docs/adr/0006-open-front-matter.md": "---\nstatus: accepted\n\n# Never closed\n",
    "docs/adr/0007-duplicate.md": "---\nstatus: accepted\nstatus: rejected\n---\n# Twice\n",
    "docs/adr/0008-empty.md": "",
    "docs/adr/0008-same-number.md": "# Same number\n\n* Status: accepted\n* Deciders: jo\n",
    "docs/adr/0009-superseded.md": "# Old\n\n## Status\n\nSuperseded by [ADR-0099](0099-nowhere.md)\n",
    "docs/adr/0010-nul.md": "---\nstatus: \x00accepted\n---\n# Nul\n",
    "docs/adr/README.md": "# Our decisions\n",
    "docs/adr/template.md": "---\nstatus: {proposed | accepted}\n---\n# {title}\n",
    "docs/adr/img/x.svg": "<svg/>",
}


# ── What is there stays as it is ─────────────────────────────────────────────────────────────────────────────────────


def test_a_public_madr_folder_is_adopted_without_changing_a_byte(shared: Path, tmp_path: Path) -> None:
    shutil.copytree(shared / "samples/adrs/madr", tmp_path / "p", copy_function=shutil.copyfile)
    root = tmp_path / "p"
    root.chmod(0o755)
    before = digests(root)
    made = begun(root)
    lines = spoken(root)
    assert {name: digests(root)[name] for name in before} == before
    assert made.found.decisions == "docs/decisions"
    assert made.found.records == 19
    project = loaded(root)
    assert len(project.catalogue.decisions) == 19
    assert {d.id for d in project.catalogue.decisions.values()} == {f"{n:04d}" for n in range(19)}
    assert {f.severity for f in linted(root)} <= {Severity.ADVICE}
    assert len(lines) <= 6, lines


@pytest.mark.parametrize("files", [nygard(40), DIRTY], ids=["nygard", "dirty"])
@pytest.mark.parametrize("committed", [False, True], ids=["plain folder", "committed today"])
def test_the_first_lint_on_foreign_records_is_quiet(files: dict[str, str], committed: bool, tmp_path: Path) -> None:
    root = written(tmp_path, files)
    if committed:
        for words in (
            ["init", "-q"],
            ["add", "."],
            ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x"],
        ):
            subprocess.run(["git", "-C", str(root), *words], check=True)
    before = digests(root)
    begun(root)
    lines = spoken(root)
    assert {name: digests(root)[name] for name in before} == before
    assert [f for f in linted(root) if f.severity is Severity.ERROR] == []
    assert len(lines) <= 10, "\n".join(lines)
    assert "error" not in lines[-1]


def test_every_status_of_a_nygard_folder_is_read(tmp_path: Path) -> None:
    root = written(tmp_path, nygard(25))
    begun(root)
    counts: dict[str, int] = {}
    for decision in loaded(root).catalogue.decisions.values():
        counts[decision.status.value] = counts.get(decision.status.value, 0) + 1
    assert counts == dict.fromkeys(("accepted", "proposed", "superseded", "deprecated", "rejected"), 5)


def test_files_that_are_there_are_kept(tmp_path: Path) -> None:
    root = written(tmp_path, {"gates.yaml": "# mine\n", "customers.yaml": "{}\n"})
    before = digests(root)
    made = begun(root)
    assert made.kept == ("customers.yaml", "gates.yaml")
    assert {name: digests(root)[name] for name in before} == before
    assert "kept        gates.yaml is there already and stays as it is" in made.lines


def test_a_file_that_appears_meanwhile_is_not_touched(tmp_path: Path) -> None:
    made = plan(tmp_path, at=TODAY)
    written(tmp_path, {"gates.yaml": "# mine\n"})
    with pytest.raises(UsageError, match="has appeared meanwhile"):
        write(made)
    assert (tmp_path / "gates.yaml").read_text("utf-8") == "# mine\n"


# ── What is written ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_folder_becomes_a_project_that_lints_without_error(tmp_path: Path) -> None:
    begun(tmp_path)
    assert sorted(digests(tmp_path)) == [
        ".upheld/.gitignore", "customers.yaml", "gates.yaml", "indicators.yaml", "upheld.yaml"
    ]  # fmt: skip
    project = loaded(tmp_path)
    assert project.catalogue.config.since == TODAY
    assert {g.kind.value for g in project.catalogue.gates.values()} == {"customer", "technical", "readiness"}
    assert {g.enforce_from for g in project.catalogue.gates.values()} == {date(2027, 1, 17)}
    assert project.findings == ()
    assert {f.severity for f in linted(tmp_path)} <= {Severity.ADVICE}


def test_git_ignores_what_we_keep_for_ourselves(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    begun(tmp_path)
    spoken(tmp_path)
    answer = subprocess.run(
        ["git", "-C", str(tmp_path), "status", "--porcelain", "--untracked-files=all"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert ".upheld" not in answer.stdout


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ('[core]\n\tbare = false\n[remote "origin"]\n\turl = git@example.com:bank/adviser-insights.git\n', "adviser-insights"),
        ('[remote "fork"]\n\turl = https://example.com/x/y\n[remote "origin"]\n\turl = https://example.com/bank/insights/\n', "insights"),
        ("", "the-folder"),
    ],
)  # fmt: skip
def test_a_project_is_called_like_its_repository(config: str, name: str, tmp_path: Path) -> None:
    root = written(tmp_path / "the-folder", {".git/config": config, "README.md": "x"})
    assert plan(root, at=TODAY).project == name


def test_a_name_that_yaml_would_bite_is_quoted(tmp_path: Path) -> None:
    root = tmp_path / "a: #b"
    root.mkdir()
    begun(root)
    assert loaded(root).catalogue.config.project == "a: #b"


def test_taken_folder_names_are_left_to_their_owner(tmp_path: Path) -> None:
    files = {
        "requirements/base.md": "# pip notes\n", "contracts/token.yaml": "apiVersion: v1\n---\nkind: Pod\n",
        "risks/RISK-1.md": "---\nid: RISK-1\nstatus: open\n---\n", "requirements/dev.txt": "x\n",
    }  # fmt: skip
    root = written(tmp_path, files)
    made = begun(root)
    assert dict(made.found.moved) == {"requirements": "upheld/requirements", "contracts": "upheld/contracts"}
    project = loaded(root)
    assert project.findings == ()
    assert [item.id for item in project.items if item.kind == "risk"] == ["RISK-1"]


# ── What is found ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "folder",
    ["docs/adr", "docs/decisions", "doc/adr", "adr", "decisions", "docs/architecture/decisions", "architecture/decisions", "services/pay/adr"],
)  # fmt: skip
def test_decision_folders_are_found_where_people_keep_them(folder: str, tmp_path: Path) -> None:
    files = {f"{folder}/{n:04d}-x.md": f"# {n}. X\n\n## Status\n\nAccepted\n" for n in range(1, 5)}
    root = written(tmp_path, {**files, "docs/guide/01-intro.md": "# Intro\n\nHello.\n"})
    assert look_around(root).decisions == folder
    begun(root)
    assert len(loaded(root).catalogue.decisions) == 4


def test_the_folder_that_a_tool_names_comes_first(tmp_path: Path) -> None:
    record = "# 1. X\n\n## Status\n\nAccepted\n"
    files = {".adr-dir": "notes/choices\n", "notes/choices/0001-x.md": record, "docs/adr/0001-x.md": record}
    found = look_around(written(tmp_path, files))
    assert (found.decisions, found.other_decisions) == ("notes/choices", ("docs/adr",))


def test_numbered_chapters_are_no_decisions(tmp_path: Path) -> None:
    files = {f"docs/guide/{n:02d}-chapter.md": f"# Chapter {n}\n\nText.\n" for n in range(1, 9)}
    assert look_around(written(tmp_path, files)).decisions == ""


@pytest.mark.parametrize(("file", "text"), [
    ("api/openapi.yaml", OPEN_API),
    ("openapi.json", json.dumps({"openapi": "3.1.0", "paths": {"/insight": {"post": {}}, "/clients/{id}/cards": {"get": {}}}})),
    ("docs/swagger.yml", OPEN_API.replace("openapi: 3.0.3", 'swagger: "2.0"')),
])  # fmt: skip
def test_routes_of_an_interface_are_proposed_as_comments(file: str, text: str, tmp_path: Path) -> None:
    root = written(tmp_path, {file: text})
    made = begun(root)
    assert made.found.routes == (Route(method="post", path="/insight"), Route(method="get", path="/clients/{id}/cards"))
    assert made.found.routes[1].name == "get-clients-cards"
    proposed = (root / "indicators.yaml").read_text("utf-8")
    assert '#  build: {load: "POST /insight"}' in proposed
    assert loaded(root).item("indicator", "post-insight.latency") is None


def test_a_proposed_indicator_is_read_once_its_comment_sign_is_gone(tmp_path: Path) -> None:
    root = written(tmp_path, {"openapi.yaml": OPEN_API})
    begun(root)
    lines = (root / "indicators.yaml").read_text("utf-8").splitlines()
    live = [line[1:] if line.startswith(("#post", "#get", "#  ")) else line for line in lines]
    written(root, {"indicators.yaml": "\n".join(live) + "\n"})
    project = loaded(root)
    assert project.findings == ()
    assert {"post-insight.latency", "post-insight.availability", "get-clients-cards.latency"} <= set(
        project.catalogue.indicators
    )


@pytest.mark.parametrize(
    "text",
    ["openapi: 3.0.0\npaths: [1, 2\n", "openapi: 3.0.0\npaths: 7\n", '{"openapi": "3.0.0", "paths": ', "openapi: 3\n"],
)
def test_a_broken_interface_proposes_nothing(text: str, tmp_path: Path) -> None:
    name = "openapi.json" if text.startswith("{") else "openapi.yaml"
    assert look_around(written(tmp_path, {name: text})).routes == ()


def test_reports_and_scenarios_are_found(tmp_path: Path) -> None:
    files = {
        "build/test-results/junit.xml": "<testsuite/>", "target/surefire-reports/TEST-a.B.xml": "<testsuite/>",
        "coverage.xml": "<coverage/>", "out/lint.sarif": "{}", "features/pay.feature": "Feature: pay\n",
        "features/deep/more.feature": "Feature: more\n", "node_modules/x/junit.xml": "<x/>", ".venv/pyvenv.cfg": "",
    }  # fmt: skip
    root = written(tmp_path, files)
    made = begun(root)
    assert dict(made.found.reports) == {
        "JUnit": "target/surefire-reports/TEST-a.B.xml", "coverage": "coverage.xml", "SARIF": "out/lint.sarif"
    }  # fmt: skip
    assert len(made.found.reports) == 4
    assert (made.found.scenarios, made.found.features) == ("features", 2)
    assert sorted(i.id for i in loaded(root).items if i.kind == "scenario") == ["more", "pay"]


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dry_run_prints_the_plan_and_writes_nothing(tmp_path: Path) -> None:
    root = written(tmp_path, nygard(3))
    before = digests(root)
    answer = CliRunner().invoke(init, [str(root), "--dry-run", "--at", "2026-11-22"])
    assert answer.exit_code == 0
    assert "would write upheld.yaml" in answer.output
    assert "    | since: 2026-11-22" in answer.output
    assert digests(root) == before


def test_a_second_run_says_that_it_is_a_project_already(tmp_path: Path) -> None:
    root = written(tmp_path, nygard(3))
    assert "decisions   3 in doc/adr, read as they are" in CliRunner().invoke(init, [str(root)]).output
    before = digests(root)
    answer = CliRunner().invoke(init, [str(root)])
    assert (answer.exit_code, digests(root)) == (0, before)
    assert "this is a project already; next: upheld lint" in answer.output


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        plan(tmp_path / "nowhere", at=TODAY)
