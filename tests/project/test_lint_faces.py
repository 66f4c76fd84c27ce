"""What `upheld lint`, `new` and `ack` print and leave behind: for a person, for JSON, for GitHub, for SARIF."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.project.definitions import FILES, REQUIREMENT, TODAY, changed, linted, loaded, written
from upheld.cli.definitions import lint, new
from upheld.errors import UsageError
from upheld.ports import Request
from upheld.project import formats
from upheld.project.finding import Finding, Severity
from upheld.readers.sarif import Sarif

pytestmark = pytest.mark.upheld("REQ-LNT-001.c1")

LAT = "requirements/REQ-LAT-001.md"
TWO_FAULTS = {
    **FILES,
    LAT: REQUIREMENT.replace("< 1 s at", "< 1 at").replace(" over calendar month", ""),
}


def ran(root: Path, *words: str) -> Result:
    return CliRunner().invoke(lint, ["--project", str(root), "--at", TODAY.isoformat(), *words])


# ── For a person ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_sees_the_sentence_and_a_caret_below_the_place(tmp_path: Path) -> None:
    lines = ran(written(tmp_path, TWO_FAULTS)).output.splitlines()
    assert lines[0] == (
        "requirements/REQ-LAT-001.md:14:36  error    unit-missing    p95 of insight.latency < 1 at 200/s over 30 d per customer"
    )
    assert lines[1].index("^") == lines[0].index("1 at 200/s")
    assert lines[1].strip() == "^ 1 has no unit: insight.latency is measured in s; did you mean 1 s?"
    assert lines[2].startswith(
        "requirements/REQ-LAT-001.md:17:11  error    window-missing  insight.availability >= 99.5 %"
    )
    assert lines[3].strip() == (
        'production is asked, and no window says over which time: add e.g. "over 30 d" or "over calendar month"'
    )
    assert lines[4].startswith("2 errors in 15 items (")


def test_a_clean_project_says_so(tmp_path: Path) -> None:
    answer = ran(written(tmp_path, FILES))
    assert answer.exit_code == 0
    assert answer.output.startswith("nothing to say in 15 items (")


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        (changed(LAT, "< 1 s at", "< 1 at"), 1, "1 error in"),
        (changed(LAT, "for: 4 min", "for: 60 s"), 0, "1 warning in"),
        (changed(LAT, "{for: 4 min, environment: staging}", "{environment: staging}"), 0, "1 advice in"),
    ],
)
def test_only_an_error_ends_with_status_one(files: dict[str, str], status: int, words: str, tmp_path: Path) -> None:
    answer = ran(written(tmp_path, files))
    assert answer.exit_code == status
    assert words in answer.output


def test_advice_is_one_line_of_each_kind_unless_all_is_asked_for(tmp_path: Path) -> None:
    files = {**FILES, "sessions/a.md": "---\nattendees: {product: [jake, x], engineering: [lisa]}\n---\n"}
    for i in range(20):
        files[f"sessions/a{i}.md"] = files["sessions/a.md"]
    root = written(tmp_path, files)
    short, full = ran(root).output.splitlines(), ran(root, "--all").output.splitlines()
    assert len(short) == 3
    assert short[0].endswith("x took part and is not in upheld.yaml (and 20 more like it)")
    assert short[1] == "advice in full, with what to do: upheld lint --all"
    assert short[2].startswith("21 advice in ")
    assert len(full) == 2 * 21 + 1


def test_linting_writes_nothing_but_its_cache(tmp_path: Path) -> None:
    root = written(tmp_path, TWO_FAULTS)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    ran(root)
    after = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert {path: after[path] for path in before} == before
    assert {path.relative_to(root).parts[:2] for path in after.keys() - before.keys()} == {(".upheld", "cache")}


@pytest.mark.usefixtures("permissions_count")
def test_a_folder_that_cannot_be_written_is_linted_all_the_same(tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    root.chmod(0o555)
    assert ran(root).exit_code == 0


def test_a_second_run_from_the_cache_says_the_same(tmp_path: Path) -> None:
    root = written(tmp_path, {**TWO_FAULTS, "decisions/0001-x.md": "# 1. X\n\n## Status\n\nAccepted\n"})
    first, second = ran(root, "--format", "json").output, ran(root, "--format", "json").output
    assert first == second
    written(root, {LAT: REQUIREMENT})
    assert json.loads(ran(root, "--format", "json").output)["findings"] != json.loads(first)["findings"]


def test_outside_a_project_the_way_in_is_named(tmp_path: Path) -> None:
    answer = ran(tmp_path)
    assert isinstance(answer.exception, UsageError)
    assert answer.exception.message.endswith("start with: upheld init")


def test_a_rule_is_explained_without_a_project(tmp_path: Path) -> None:
    answer = CliRunner().invoke(lint, ["--explain", "question-freshness"])
    assert answer.exit_code == 0
    assert answer.output.startswith("question-freshness (warning)\nData shall be current, and no age says how current.")


@pytest.mark.parametrize("words", [["--at", "yesterday"], ["--format", "xml"]])
def test_a_wrong_option_is_a_usage_error(words: list[str], tmp_path: Path) -> None:
    assert CliRunner().invoke(lint, words).exit_code == 2


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_json_names_its_schema_items_and_findings(tmp_path: Path) -> None:
    document = json.loads(ran(written(tmp_path, TWO_FAULTS), "--format", "json").output)
    assert document["schema"] == "upheld/lint/v1"
    assert {"file": LAT, "kind": "requirement", "id": "REQ-LAT-001", "status": "approved"} in document["items"]
    assert document["findings"][0] == {
        "rule": "unit-missing", "severity": "error", "file": LAT, "line": 14, "column": 36, "message": "1 has no unit",
        "fix": "insight.latency is measured in s; did you mean 1 s?",
    }  # fmt: skip
    assert all(set(f) == set(document["findings"][0]) for f in document["findings"])


def test_json_says_what_each_criterion_promises(tmp_path: Path) -> None:
    document = json.loads(ran(written(tmp_path, FILES), "--format", "json").output)
    assert document["criteria"][2] == {
        "criterion": "REQ-LAT-001.c2", "requirement": "REQ-LAT-001",
        "sentence": "insight.availability >= 99.5 % over calendar month", "statistic": "ratio",
        "indicator": "insight.availability", "operator": ">=", "objective": 99.5, "unit": "%",
        "window": "calendar month", "load": None, "population": "all", "rule": {"production": "census"},
        "customers": ["northbank"],
    }  # fmt: skip


# ── GitHub ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def finding(severity: Severity = Severity.ERROR, **more: object) -> Finding:
    known: dict[str, object] = {
        "rule": "unit-missing", "severity": severity, "file": "a.md", "line": 3, "column": 7, "message": "m", "fix": "f"
    }  # fmt: skip
    return Finding(**{**known, **more})  # type: ignore[arg-type]


def test_annotations_lead_to_the_project_from_where_the_job_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "sub", TWO_FAULTS)
    monkeypatch.chdir(tmp_path)
    answer = CliRunner().invoke(lint, ["--project", "sub", "--format", "github", "--at", "2026-11-22"])
    assert answer.exit_code == 1
    assert answer.output.startswith(f"::error file=sub/{LAT},line=14,col=36,title=unit-missing::1 has no unit; insight")


def test_a_clean_project_has_no_annotations(tmp_path: Path) -> None:
    assert ran(written(tmp_path, FILES), "--format", "github").output == ""


# ── SARIF ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_our_own_reader_reads_the_sarif(tmp_path: Path) -> None:
    root = written(tmp_path / "p", TWO_FAULTS)
    log = tmp_path / "lint.sarif"
    log.write_text(ran(root, "--format", "sarif").output, "utf-8")
    reading = Sarif().read(log, Request())
    assert reading.readable
    counts = {e.indicator: e.statistic.n for e in reading.evidence if e.statistic is not None}
    assert counts["sarif.errors"] == 2


def test_sarif_names_rule_place_and_help(tmp_path: Path) -> None:
    document = formats.sarif(linted(written(tmp_path, TWO_FAULTS)), version="1.2", prefix="sub/ü/")
    [run] = document["runs"]  # type: ignore[misc]
    assert document["version"] == "2.1.0"
    assert [r["id"] for r in run["tool"]["driver"]["rules"]] == ["unit-missing", "window-missing"]
    [first, second] = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("unit-missing", 0, "error")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"sub/%C3%BC/{LAT}"
    assert place["region"] == {"startLine": 14, "startColumn": 36}
    assert second["ruleIndex"] == 1


def test_a_rule_that_is_not_in_the_table_is_still_named() -> None:
    document = formats.sarif([finding(rule="from-elsewhere")], version="1")
    assert document["runs"][0]["tool"]["driver"]["rules"] == [{"id": "from-elsewhere"}]  # type: ignore[index]


# ── new ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def written_by(root: Path, *words: str) -> Result:
    return CliRunner().invoke(new, [*words, "--project", str(root), "--at", "2026-11-22"])


def test_new_writes_a_file_and_says_what_comes_next(tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    answer = written_by(root, "requirement", "REQ-LAT", "--text", "answers in real-time")
    assert answer.exit_code == 0
    assert answer.output.splitlines()[0] == "requirements/REQ-LAT-002.md written"
    assert "1 question open" in answer.output
    assert (root / "requirements/REQ-LAT-002.md").exists()


def test_new_with_dry_run_prints_and_writes_nothing(tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    answer = written_by(root, "customer", "westunion", "--title", "West Union", "--dry-run")
    assert answer.output.startswith('customers.yaml:\nwestunion:\n  name: "West Union"')
    assert (root / "customers.yaml").read_text("utf-8") == FILES["customers.yaml"]


def test_new_adds_to_a_table_without_touching_what_it_holds(tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    assert written_by(root, "indicator", "feed.lag").exit_code == 0
    assert (root / "indicators.yaml").read_text("utf-8").startswith(FILES["indicators.yaml"])
    assert "feed.lag" in loaded(root).catalogue.indicators


def test_new_from_a_session_prints_what_to_add(tmp_path: Path) -> None:
    root = written(tmp_path, changed("sessions/2026-11-21-joint.md", "p95 of insight", "p99 of insight"))
    answer = written_by(root, "requirement", "--from-session", "sessions/2026-11-21-joint.md")
    assert answer.exit_code == 0
    assert "put this under criteria: in requirements/REQ-LAT-001.md" in answer.output
    assert "  - id: c3\n    that: p99 of insight.latency < 1 s at 200/s over 30 d per customer\n" in answer.output
    assert (root / LAT).read_text("utf-8") == FILES[LAT]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("decision", "--from-session", "x"), "--from-session yields requirements"),
        (("requirement", "--from-session", "x"), 'no session "x"; known: 2026-11-21-joint'),
        (("requirement", "REQ-LAT-001"), "REQ-LAT-001 is taken"),
    ],
)
def test_new_refuses_what_has_no_meaning(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    error = written_by(written(tmp_path, FILES), *words).exception
    assert isinstance(error, UsageError)
    assert message in error.message


# ── As a process ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_lint_from_its_cache_imports_neither_yaml_nor_readers(tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    for path in root.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))  # long ago, so that the stamp alone identifies a file
    program = (
        "import sys\nfrom upheld.cli.definitions import lint\n"
        f"try:\n    lint(['--project', {str(root)!r}, '--at', '2026-11-22'])\n"
        "except SystemExit:\n    pass\n"
        "print('LOADED', *sorted(sys.modules))\n"
    )
    # Coverage would follow the program, and bring sqlite3 with it.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    for _ in range(2):
        answer = subprocess.run([sys.executable, "-c", program], env=alone, capture_output=True, text=True, check=True)
    loaded_modules = set(answer.stdout.rpartition("LOADED")[2].split())
    unwanted = {"yaml", "upheld.readers", "upheld.wiring", "upheld.core.judge", "sqlite3", "msgspec", "cryptography"}
    assert loaded_modules & unwanted == set()
    assert "upheld.project.lint" in loaded_modules
