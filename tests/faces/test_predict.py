"""`upheld predict` from the file to the thread, on a small project in a real repository."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from upheld.cli import cli
from upheld.errors import UpheldError

pytestmark = pytest.mark.upheld("REQ-PRE-001.c1")
PROJECT = {
    "upheld.yaml": "project: Adviser Insights\nsince: 2026-11-22\n",
    "customers.yaml": "northbank: {tier: gold}\n",
    "indicators.yaml": "insight.latency: {kind: value, unit: s, build: {load: POST /insight}}\ntask.done: {kind: ratio, build: {evidence: hand}}\n",
    "requirements/REQ-LAT-001.md": """---
id: REQ-LAT-001
title: Insights arrive in time
status: approved
source: {document: MSA, quote: sub-second}
customers: [northbank]
priority: must
criteria:
  - {id: c1, that: p95 of insight.latency < 1 s at 200/s, needs: [design, build]}
  - {id: c2, that: task.done >= 90 %, needs: [build]}
---
It shall answer within 1 s.
""",
    "decisions/0007-two-tier.md": """---
status: accepted
date: 2026-11-22
affects: [REQ-LAT-001.c1]
options: [synchronous, two-tier]
chosen: two-tier
---
# Two tiers
""",
    "assessments/synchronous.yaml": """kind: latency
predicts: [REQ-LAT-001.c1]
decision: "0007"
option: synchronous
for: 10 s
steps:
  - {id: analysis, time: {uniform: [15 s, 20 s]}}
""",
    "assessments/two-tier.yaml": """kind: latency
predicts: [REQ-LAT-001.c1]
decision: "0007"
option: two-tier
for: 10 s
stations: {api: {workers: 8}}
steps:
  - {id: score, at: api, time: {sample: steps.csv, request: score}}
""",
    "assessments/steps.csv": "request,latency_ms,status\n"
    + "".join(f"score,{12 + i % 17},200\nother,900,200\n" for i in range(200)),
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    return tmp_path


def upheld(*words: object, project: Path):
    return CliRunner().invoke(cli, [*map(str, words), "--project", str(project)])


def thread(project: Path, *words: str) -> dict:
    told = json.loads(upheld("thread", "--format", "json", "--no-store", *words, project=project).output)
    return next(c for c in told["criteria"] if c["criterion"] == "REQ-LAT-001.c1")


def test_a_prediction_is_judged_by_the_criterion_of_the_later_run_and_shown_in_the_thread(project):
    answer = upheld("predict", "--seed", "3", project=project)
    assert answer.exit_code == 0, answer.output
    assert "✖ not met synchronous" in answer.output
    assert "● met    two-tier" in answer.output
    stage = thread(project)["stages"]["design"]
    assert stage["verdict"] == "met"
    assert stage["interval"][1] < 0.1  # that of the chosen option
    kept = sorted(path.name for path in (project / "predictions").iterdir())
    assert kept == ["synchronous.ndjson", "two-tier.ndjson"]


def test_an_infeasible_design_exits_1_with_what_it_would_need(project):
    answer = upheld("predict", "two-tier", "--set", "api.workers=2", project=project)
    assert answer.exit_code == 1
    assert "no steady state" in answer.output
    assert "4 are the fewest" in answer.output
    assert not (project / "predictions").exists()  # a variant is compared, never kept


def test_predicting_again_adds_nothing_where_nothing_has_changed(project):
    for _ in range(2):
        upheld("predict", "two-tier", project=project)
    kept = project / "predictions" / "two-tier.ndjson"
    assert len(kept.read_text().splitlines()) == 1
    upheld("predict", "two-tier", "--seed", "9", project=project)
    assert len(kept.read_text().splitlines()) == 2


def test_an_interrupted_prediction_leaves_the_one_before(project, monkeypatch):
    upheld("predict", "two-tier", project=project)
    before = (project / "predictions" / "two-tier.ndjson").read_bytes()

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("upheld.stages.predict.latency.forecast", interrupted)
    upheld("predict", "two-tier", "--seed", "9", project=project)
    assert (project / "predictions" / "two-tier.ndjson").read_bytes() == before


def test_the_json_of_a_prediction_names_what_carries_it(project):
    answer = upheld("predict", "two-tier", "--format", "json", "--no-keep", project=project)
    [told] = json.loads(answer.output)["predictions"]
    assert told["verdict"] == "met"
    assert told["model"]["stations"][0]["keep_the_promise"] == 4
    assert told["model"]["assumed"] == []
    assert not (project / "predictions").exists()


@pytest.mark.parametrize(
    ("what", "file", "text", "said"),
    [
        ("a percentile alone", "time: {sample: steps.csv, request: score}", "time: {p95: 400 ms}",
         "assessments/two-tier.yaml:8:33: a p95 alone says nothing"),
        ("a sample that is not there", "steps.csv", "none.csv", "none.csv cannot be read"),
        ("a request that the sample does not hold", "request: score", "request: scor", 'holds no request "scor"; it holds other, score'),
        ("a station that is not there", "at: api", "at: apy", 'two-tier.yaml:8:21: there is no station "apy"'),
        ("nobody at work", "workers: 8", "workers: 0", "nobody works there"),
        ("a criterion that is not there", "c1]", "c9]", 'no criterion "REQ-LAT-001.c9" can be judged'),
        ("a criterion on something else", "c1]", "c2]", "is no promise on a duration"),
        ("an unknown kind", "kind: latency", "kind: lateness", "lateness"),
        ("no load anywhere", "for: 10 s", "arrivals: 0/s", "is no load"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_clear_error_with_its_place(project, what, file, text, said):
    path = project / "assessments" / "two-tier.yaml"
    path.write_text(path.read_text().replace(file, text))
    with pytest.raises(UpheldError) as caught:
        cli.main(["predict", "two-tier", "--project", str(project)], standalone_mode=False)
    assert caught.value.exit_status == 2
    assert said in caught.value.message, what


@pytest.mark.parametrize(
    ("setting", "said"),
    [("wrkers=8", 'nothing is called "wrkers"'), ("id=x", "stands at"), ("workers", "changes nothing")],
)
def test_a_setting_that_means_nothing_or_two_things_is_refused(project, setting, said):
    path = project / "assessments" / "two-tier.yaml"
    path.write_text(path.read_text() + "  - {id: write, time: 1 ms}\n")
    with pytest.raises(UpheldError, match=said):
        cli.main(["predict", "two-tier", "--set", setting, "--project", str(project)], standalone_mode=False)


def test_lint_tells_the_faults_of_an_assessment_with_their_place(project):
    path = project / "assessments" / "two-tier.yaml"
    path.write_text(path.read_text().replace("{sample: steps.csv, request: score}", "{p95: 400 ms}"))
    told = json.loads(upheld("lint", "--format", "json", project=project).output)
    found = [f for f in told["findings"] if f["rule"] == "percentile-without-sample"]
    assert [(f["file"], f["line"]) for f in found] == [("assessments/two-tier.yaml", 8)]


def test_the_json_of_a_prediction_is_what_its_schema_says(project):
    schema = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "prediction-v1.json").read_text("utf-8"))
    told = json.loads(upheld("predict", "--format", "json", "--no-keep", project=project).output)
    Draft202012Validator(schema).validate(told)
    assert [(p["assessment"], p["chosen"]) for p in told["predictions"]] == [("synchronous", False), ("two-tier", True)]


@pytest.mark.parametrize(
    ("rule", "before", "after", "said"),
    [
        ("assessment-criterion", "[REQ-LAT-001.c1]", "[REQ-LAT-01.c1]", "REQ-LAT-001.c1"),
        ("assessment-option", "option: two-tier", "option: twotier", "synchronous, two-tier"),
        ("assessment-option", 'decision: "0007"', 'decision: "0070"', "0007"),
    ],
)
def test_lint_tells_what_an_assessment_refers_to_and_is_not_there(project, rule, before, after, said):
    path = project / "assessments" / "two-tier.yaml"
    path.write_text(path.read_text().replace(before, after))
    told = json.loads(upheld("lint", "--format", "json", project=project).output)
    [found] = [f for f in told["findings"] if f["rule"] == rule]
    assert said in found["fix"]


def test_pictures_are_one_page_that_needs_nothing_else(project):
    page = project / "predicted.html"
    upheld("predict", "--no-keep", "--draw", page, project=project)
    html = page.read_text("utf-8")
    assert html.count("<svg") == 2
    assert "not met" in html
    assert "default-src &#x27;none&#x27;" in html
    assert not re.search(r"<script|style=|https?://|src=", html)


def spans(*named: tuple[str, float, int]) -> dict:
    listed = [
        {
            "name": name,
            "startTimeUnixNano": "1000",
            "endTimeUnixNano": str(1000 + round(1e9 * seconds)),
            "status": {"code": code},
        }
        for name, seconds, code in named
    ]
    return {"resourceSpans": [{"scopeSpans": [{"spans": listed}]}]}


def test_a_step_may_rest_on_spans_of_traces(project):
    steps = project / "assessments" / "steps.csv"
    many = [
        spans(("score", 0.02, 0), ("score", 9.0, 2), ("other", 5.0, 0)) for _ in range(50)
    ]  # one failed, one another's
    steps.write_text("\n".join(map(json.dumps, many)))
    [told] = json.loads(upheld("predict", "two-tier", "--no-keep", "--format", "json", project=project).output)[
        "predictions"
    ]
    assert told["model"]["quantiles"]["p95"][0] == pytest.approx(0.02, rel=0.1)
    steps.write_text(json.dumps(spans(("render", 0.02, 0))))
    with pytest.raises(UpheldError, match='holds no span "score"; it holds render'):
        cli.main(["predict", "two-tier", "--project", str(project)], standalone_mode=False)
