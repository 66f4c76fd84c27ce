"""`upheld learn` and `upheld report`: a story of one decision from its trade-off to the pack that brings it back."""

import json
import os
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from tests.project.definitions import CLASSES, DECISION, FILES, REVIEW, RISK, written
from upheld.cli import cli, main
from upheld.errors import UpheldError

pytestmark = pytest.mark.upheld("REQ-RPT-001.c1")
ADR = "decisions/0007-precompute.md"
MATRIX = """\
matrix:
  - {criterion: REQ-LAT-001.c1, weight: 0.4, hard: true, precompute: 0.6 s, on-demand: 17 s, hybrid: 0.8 s}
  - {axis: running cost, weight: 0.35, better: less, precompute: 5 EUR, on-demand: 1 EUR, hybrid: 3 EUR}
  - {axis: value-complexity, weight: 0.25, precompute: 4, on-demand: 2, hybrid: 5}
"""
WEIGHED = (
    DECISION.replace("options: [precompute, on-demand]", "options: [precompute, on-demand, hybrid]")
    .replace("chosen: precompute\n", f"chosen: hybrid\n{MATRIX}")
    .replace(
        "review-by", "assumptions: [{id: a1, that: questions.repeated >= 80 %}]\n"
        "lessons: [{about: [REQ-LAT-001.c1], lesson: warm the cache first}]\nreview-by"
    )
)  # fmt: skip
PROJECT = {
    **FILES,
    ADR: WEIGHED,
    "risks/RISK-003.md": RISK,
    "reviews/2026-11-20.md": REVIEW,
    "nonfunctional.yaml": CLASSES.replace("cost: {criteria: [REQ-LAT-001.c1]}\n", ""),
    "upheld.yaml": FILES["upheld.yaml"] + "folders: {evidence: measured}\nreviews: {weekly: 2026-11-13}\n",
    "indicators.yaml": FILES["indicators.yaml"] + "questions.repeated: {kind: ratio, build: {evidence: log}}\n",
}


def git(root: Path, *words: str, day: str = "2026-11-19") -> None:
    when = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    who = {"GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@x", "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@x"}
    subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, env={**os.environ, **when, **who})


def committed(root: Path, files: dict[str, str], *, day: str) -> Path:
    written(root, files)
    if not (root / ".git").exists():
        git(root, "init", "-q")
    git(root, "add", "-A", day=day)
    git(root, "commit", "-qm", "x", day=day)
    return root


def record(n: int, good: int, observed: str) -> str:
    return json.dumps({
        "schema": "upheld/evidence/v1", "indicator": "questions.repeated", "stage": "build", "subject": "",
        "observed": observed, "statistic": {"kind": "share", "n": n, "good": good},
    })  # fmt: skip


def latency(seconds: float, observed: str) -> str:
    return json.dumps({
        "schema": "upheld/evidence/v1", "indicator": "insight.latency", "stage": "build", "subject": "git:abc",
        "environment": "staging", "observed": observed, "conditions": {"seconds": 600, "offered": 200, "completed": 200},
        "statistic": {"kind": "quantile", "unit": "s", "n": 120000, "cells": [[0, seconds, 120000]]},
    })  # fmt: skip


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--project", str(root), "--no-store"])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return committed(tmp_path, PROJECT, day="2026-11-19")


def test_a_decision_shows_its_ranking_what_it_excludes_and_which_weight_flips_it(project: Path) -> None:
    shown = run(project, "learn", "0007", "--at", "2026-11-22").output
    assert "on-demand breaks REQ-LAT-001.c1" in shown
    sums = next(line for line in shown.splitlines() if "weighted sum" in line)
    assert re.split(r"\s{2,}", sums.strip()) == ["weighted sum", "0.600", "0.400", "excluded"]
    assert "precompute is first when REQ-LAT-001.c1 weighs 0.501 or more instead of 0.4" in shown
    assert "lesson: warm the cache first" in shown


def test_the_printed_flip_weight_written_into_the_file_does_flip_the_ranking(project: Path) -> None:
    document = json.loads(run(project, "learn", "0007", "--at", "2026-11-22", "--format", "json").output)
    trade = document["decisions"][0]["tradeoff"]
    assert trade["ranking"][0]["option"] == "hybrid"
    for flip in trade["flips"]:
        rest = (1 - flip["flips_at"]) / (1 - flip["weight"])
        text = WEIGHED
        for axis in trade["axes"]:
            new = flip["flips_at"] if axis["axis"] == flip["axis"] else axis["weight"] * rest
            text = re.sub(rf"({re.escape(axis['axis'])}, )weight: [0-9.]+", rf"\1weight: {new:.12f}", text)
        written(project, {ADR: text})
        again = json.loads(run(project, "learn", "0007", "--format", "json").output)["decisions"][0]["tradeoff"]
        assert again["ranking"][0]["option"] == flip["winner"] != "hybrid"


def test_a_missing_score_is_one_error_with_its_place_and_exit_2(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written(project, {ADR: WEIGHED.replace(", hybrid: 3 EUR", "")})
    monkeypatch.setattr("sys.argv", ["upheld", "learn", "0007", "--project", str(project)])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.err == (
        f'upheld: {ADR}:10:5: the row "running cost" has no score for hybrid; score every option in every row\n'
    )
    assert said.out == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("weight: 0.25", "weight: 0.35", "the weights of ADR-0007 add up to 1.1, not 1"),
        ("hybrid: 0.8 s", "hybrid: predicted", "nothing is predicted of REQ-LAT-001.c1 for hybrid"),
        ("hybrid: 0.8 s", "hybrid: 0.8 EUR", "cannot be compared"),
    ],
)
def test_what_cannot_be_weighed_is_refused(old: str, new: str, message: str, project: Path) -> None:
    written(project, {ADR: WEIGHED.replace(old, new, 1)})
    error = run(project, "learn", "0007").exception
    assert isinstance(error, UpheldError)
    assert error.exit_status == 2
    assert message in error.message
    assert f"{ADR}:" in error.message


def test_a_score_may_be_what_was_predicted_for_the_option(project: Path) -> None:
    def prediction(option: str, value: float) -> str:
        return json.dumps({
            "schema": "upheld/evidence/v1", "indicator": "insight.latency", "stage": "design", "run": option,
            "observed": "2026-11-18T09:00:00Z", "subject": "",
            "statistic": {"kind": "prediction", "unit": "s", "value": value, "low": value * 0.9, "high": value * 1.1},
        })  # fmt: skip

    text = WEIGHED.replace(
        "precompute: 0.6 s, on-demand: 17 s, hybrid: 0.8 s",
        "precompute: predicted, on-demand: predicted, hybrid: predicted",
    )
    runs = {"precompute": 0.6, "on-demand": 17.0, "hybrid": 1.3}
    written(project, {ADR: text, **{f"measured/{o}.json": prediction(o, v) for o, v in runs.items()}})
    trade = json.loads(run(project, "learn", "0007", "--format", "json").output)["decisions"][0]["tradeoff"]
    assert trade["axes"][0]["scores"] == runs
    assert list(trade["excluded"]) == ["on-demand", "hybrid"]
    assert [place["option"] for place in trade["ranking"]] == ["precompute"]


def test_a_contradicted_assumption_re_opens_in_lint_thread_learn_and_the_weekly_pack(project: Path) -> None:
    written(project, {"measured/log.json": record(5000, 3100, "2026-11-21T12:00:00Z")})
    why = "assumption a1 is not met: questions.repeated >= 80 % (tested 62 %)"
    at = ("--at", "2026-11-22")
    assert f"ADR-0007 is re-opened: {why}" in CliRunner().invoke(cli, ["lint", "--project", str(project), *at]).output
    assert f"ADR-0007  {why} → upheld learn ADR-0007" in run(project, "thread", *at).output
    assert f"~ ADR-0007 is re-opened: {why}" in run(project, "thread", "REQ-LAT-001.c1", *at).output
    assert "Precompute insights  (re-opened)" in run(project, "learn", *at).output
    assert f"~ ADR-0007 Precompute insights: {why}" in run(project, "report", "--pack", "weekly", *at).output
    document = json.loads(run(project, "thread", *at, "--format", "json").output)
    told = {c["criterion"]: c["reopened"] for c in document["criteria"]}
    assert told["REQ-LAT-001.c1"] == [{"decision": "ADR-0007", "why": why}]
    assert told["REQ-ADV-004.c1"] == []


def test_the_pack_tells_what_changed_what_got_worse_and_what_is_due_since_the_last_joint_review(project: Path) -> None:
    measured = {"measured/before.json": latency(0.5, "2026-11-19T12:00:00Z")}
    committed(project, measured, day="2026-11-19")
    tighter = FILES["requirements/REQ-LAT-001.md"].replace("< 1 s at", "< 0.8 s at")
    later = {
        "requirements/REQ-LAT-001.md": tighter,
        "measured/after.json": latency(1.5, "2026-11-21T12:00:00Z").replace("[0, 1.5", "[1.2, 1.5"),
        ADR: WEIGHED.replace("by: 2027-03-01", "by: 2026-11-25"),
        "decisions/0008-next.md": "---\nid: ADR-0008\nstatus: proposed\ndecision-makers: [jake]\ndate: 2026-11-21\naffects: [REQ-LAT-001]\n---\n# Cache more\n",
    }
    committed(project, later, day="2026-11-21")
    document = json.loads(run(project, "report", "--at", "2026-11-22", "--format", "json").output)
    assert (document["last"], document["since"]) == ("2026-11-20", "2026-11-20T23:59:59Z")
    assert [(c["criterion"], c["direction"]) for c in document["changes"]] == [("REQ-LAT-001.c1", "tightened")]
    assert [(m["decision"], m["what"]) for m in document["decisions"]] == [
        ("ADR-0007", "says something else"), ("ADR-0008", "new, proposed"),
    ]  # fmt: skip
    assert [(v["criterion"], v["stage"], v["before"], v["after"], v["turn"]) for v in document["verdicts"]] == [
        ("REQ-LAT-001.c1", "build", "met", "not met", "worse")
    ]
    assert ("ADR-0008", ["jake"]) in [(w["item"], w["whom"]) for w in document["undecided"]]
    assert [(d["id"], d["by"], d["due"]) for d in document["due"]] == [("ADR-0007.e1", "2026-11-25", False)]
    assert [(r["risk"], r["unwatched"]) for r in document["risks"]] == [("RISK-003", True)]
    assert [c["class"] for c in document["classes"]] == ["cost"]
    assert document["completion"] == {"planned": 2, "held": 1, "missed": ["2026-11-13"]}


def test_a_first_pack_names_some_of_what_was_added_and_counts_the_rest(project: Path) -> None:
    more = "".join(
        f"  - {{id: d{i}, that: insight.availability >= {i + 1} % over 30 d, needs: [production]}}\n" for i in range(30)
    )
    text = FILES["requirements/REQ-LAT-001.md"].replace("---\nWhen", f"{more}---\nWhen")
    committed(project, {"requirements/REQ-LAT-001.md": text}, day="2026-11-21")
    shown = run(project, "report", "--at", "2026-11-22").output
    assert "and 18 more added: upheld thread" in shown
    assert shown.count(" added: insight") == 12


def test_a_pack_without_history_says_so_and_still_tells_the_rest(tmp_path: Path) -> None:
    root = written(tmp_path, {**PROJECT, "measured/log.json": record(5000, 3100, "2026-11-21T12:00:00Z")})
    shown = run(root, "report", "--at", "2026-11-22").output
    assert "what was defined then is not known here" in shown
    assert "ADR-0007 Precompute insights: assumption a1 is not met" in shown


def test_in_a_markdown_pack_no_text_of_ours_becomes_mark_up(project: Path) -> None:
    name = "decisions/0008-x.md"
    written(
        project,
        {
            name: "---\nid: ADR-0008\nstatus: proposed\naffects: [REQ-LAT-001]\ndate: 2026-11-21\n---\n# <img src=x> @all [a](b)\n"
        },
    )
    shown = run(project, "report", "--format", "markdown", "--at", "2026-11-22").output
    assert shown.startswith("# Adviser Insights · weekly design review")
    assert "\\<img src=x\\> @\u200ball" in shown
    assert "@all" not in shown


def test_lessons_are_found_by_criterion_and_an_unknown_name_is_refused(project: Path) -> None:
    shown = run(project, "learn", "REQ-LAT-001").output
    assert "warm the cache first  → ADR-0007" in shown
    error = run(project, "learn", "REQ-NONE-1").exception
    assert isinstance(error, UpheldError)
    assert "no decision, criterion, requirement or indicator" in error.message


def test_component_budgets_above_the_promise_exit_1(project: Path) -> None:
    written(project, {"budgets.yaml": "answer: {criterion: REQ-LAT-001.c1, parts: {gateway: 300 ms, model: 701 ms}}\n"})
    done = CliRunner().invoke(cli, ["lint", "--project", str(project), "--at", "2026-11-22"])
    assert done.exit_code == 1
    assert "the parts of answer take 1.001 s of p95, REQ-LAT-001.c1 allows 1 s" in done.output
    written(project, {"budgets.yaml": "answer: {criterion: REQ-LAT-001.c1, parts: {gateway: 300 ms, model: 700 ms}}\n"})
    assert CliRunner().invoke(cli, ["lint", "--project", str(project), "--at", "2026-11-22"]).exit_code == 0


def test_a_trade_off_is_drawn_as_one_file_that_says_in_words_what_it_shows(project: Path, tmp_path: Path) -> None:
    written(project, {ADR: WEIGHED.replace("axis: running cost", 'axis: "cost <a> & \\"more\\""')})
    file = tmp_path / "tradeoff.svg"
    assert run(project, "learn", "0007", "--draw", str(file)).exit_code == 0
    drawn = ET.fromstring(file.read_text("utf-8"))
    words = [text.text or "" for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert drawn.get("aria-label", "").endswith("hybrid, then precompute; excluded: on-demand")
    assert 'cost <a> & "more", weight 0.35' in words
    assert any(word.startswith("hybrid: 0.600 · first in ") for word in words)
    assert "from 0.501: precompute" in words
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|<script|javascript:", file.read_text("utf-8"))
    error = run(project, "learn", "--draw", str(file)).exception
    assert isinstance(error, UpheldError)


@pytest.mark.parametrize("folder", [".", "reference"])
def test_our_own_and_techflows_trade_offs_are_computed_and_their_choices_stand(folder: str, repository: Path) -> None:
    root = repository / folder
    numbers = sorted(p.name[:4] for p in (root / "decisions").glob("*.md") if "\nmatrix:" in p.read_text("utf-8"))
    assert numbers
    for number in numbers:
        done = run(root, "learn", number, "--format", "json")
        assert done.exit_code == 0, (number, done.exception)
        [decision] = json.loads(done.output)["decisions"]
        assert decision["tradeoff"]["ranking"][0]["option"] == decision["chosen"], number
        assert decision["standings"], number


def test_techflow_weighs_every_decision_and_foretells_dated_intervals(repository: Path) -> None:
    for path in sorted((repository / "reference/decisions").glob("*.md")):
        text = path.read_text("utf-8")
        assert "\nmatrix:" in text, path
        assert re.search(r"expected:\n.*by: \d{4}-\d\d-\d\d, between: \[", text), path
