"""`upheld predict` for availability and estimates: from the file to the verdict, and what bad input gets."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from upheld.cli import cli
from upheld.errors import UpheldError

pytestmark = pytest.mark.upheld("REQ-PRE-002.c1", "REQ-PRE-003.c1")
PROJECT = {
    "upheld.yaml": "project: P\nsince: 2026-11-22\n",
    "customers.yaml": "northbank: {tier: gold}\n",
    "indicators.yaml": """insight.availability: {kind: ratio, build: {evidence: hand}}
insight.latency: {kind: value, unit: s, build: {load: POST /insight}}
delivery.time: {kind: level, unit: w, build: {evidence: hand}}
""",
    "requirements/REQ-1.md": """---
id: REQ-1
title: It is there in time
status: draft
customers: [northbank]
criteria:
  - {id: c1, that: insight.availability >= 99.5 %, needs: [design]}
  - {id: c2, that: delivery.time <= 12 w, needs: [design]}
  - {id: c3, that: p95 of insight.latency < 1 s at 200/s, needs: [design]}
  - {id: c4, that: insight.availability >= 99.5 % over calendar month, needs: [design]}
---
It shall be there.
""",
    "assessments/sources.yaml": """kind: availability
predicts: [REQ-1.c1]
each: {available: 99.5 %, repair: 30 min, last-known-good: 60 min}
parts: {source-1: , source-2: , source-3: , source-4: , source-5: , source-6: , source-7: }
""",
    "assessments/plan.yaml": """kind: estimate
predicts: [REQ-1.c2]
items: 60
history: {csv: issues.csv}
growth: [0 %, 20 %]
start: 2026-12-01
""",
    "assessments/guesses.yaml": """kind: estimate
predicts: [REQ-1.c2]
tasks:
  - {id: a, best: 1 d, likely: 2 d, worst: 6 d}
  - {id: b, best: 2 d, likely: 3 d, worst: 9 d}
people: 1
""",
    "assessments/issues.csv": "closed\n" + "".join(f"2026-{1 + i // 28 % 10:02d}-{1 + i % 28:02d}\n" for i in range(280)),
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    return tmp_path


def predict(project: Path, *words: str) -> dict:
    answer = CliRunner().invoke(cli, ["predict", *words, "--project", str(project), "--format", "json", "--no-keep"])
    assert answer.output.startswith("{"), answer.output or answer.exception
    [told] = json.loads(answer.output)["predictions"]
    return told | {"exit": answer.exit_code}


@pytest.mark.parametrize(
    ("setting", "percent", "feasible", "status"),
    [
        ((), 99.527, True, 0),
        (("--set", "last-known-good=45 min"), 99.22, False, 1),
        (("--set", "available=99.93 %"), 99.934, True, 0),
    ],
)
def test_seven_sources_with_old_data_for_an_hour_and_for_less(project, setting, percent, feasible, status):
    told = predict(project, "sources", *setting)
    assert told["estimate"] == pytest.approx(percent, abs=0.005)
    assert (told["model"]["feasible"], told["exit"]) == (feasible, status)
    assert 100 * told["model"]["each_needed"] == pytest.approx(99.93, abs=0.005)


def test_a_month_of_its_own_may_miss_what_holds_on_average(project):
    path = project / "assessments" / "sources.yaml"
    path.write_text(path.read_text().replace("REQ-1.c1", "REQ-1.c4"))
    told = predict(project, "sources")
    assert (told["verdict"], told["model"]["feasible"], told["exit"]) == ("inconclusive", True, 3)
    assert "narrower prediction" in told["settle"]


def test_dates_come_with_the_back_test_beside_them(project):
    answer = CliRunner().invoke(cli, ["predict", "plan", "--project", str(project), "--no-keep", "--at", "2026-11-22"])
    assert "P50 2027-0" in answer.output
    assert "back-test on" in answer.output
    assert "P85 held" in answer.output


def test_three_guesses_need_no_history(project):
    told = predict(project, "guesses")
    assert told["verdict"] == "met"
    assert told["model"]["weeks"]["p50"] == pytest.approx(1.3, abs=0.15)  # 6.2 days of work, five a week
    assert told["model"]["back_test"] == {}


@pytest.mark.parametrize(
    ("what", "file", "before", "after", "said"),
    [
        ("a part that is needed and not there", "sources", "parts:", "needs: {all: [source-1, sorce-2]}\nparts:",
         'sources.yaml:4:25: there is no part "sorce-2"; did you mean source-2?'),
        ("a cycle cannot be written: needs hold parts only", "sources", "parts:", "needs: {all: [needs]}\nparts:", 'no part "needs"'),
        ("needs that say nothing", "sources", "parts:", "needs: {some: [source-1]}\nparts:", "what is needed is not said"),
        ("three of two", "sources", "parts:", "needs: {at-least: 3, of: [source-1, source-2]}\nparts:", "3 of 2 cannot be"),
        ("an availability above 100 %", "sources", "99.5 %", "995 %", "995 % is no share"),
        ("no repair time", "sources", "repair: 30 min, ", "", "how long an outage lasts is not said"),
        ("no availability", "sources", "available: 99.5 %, ", "", "how often it is up is not said"),
        ("outages longer than the watch", "sources", "available: 99.5 %", "outages: 90, over: 1 d", "last longer than was watched"),
        ("another sort of promise", "sources", "REQ-1.c1", "REQ-1.c3", "is no promise to be available"),
        ("a date for a latency", "plan", "REQ-1.c2", "REQ-1.c1", "is no promise to be done within a time"),
        ("neither history nor tasks", "plan", "history: {csv: issues.csv}", "", "rests on a history or on tasks"),
        ("no number of items", "plan", "items: 60", "", "how many items are left"),
        ("growth in the wrong order", "plan", "[0 %, 20 %]", "[20 %, 0 %]", "growth is a share, or two in order"),
        ("a table that is not there", "plan", "issues.csv", "issue.csv", "issue.csv cannot be read"),
        ("guesses that do not ascend", "guesses", "worst: 6 d", "worst: 1 d", "do not ascend"),
        ("nobody works", "guesses", "people: 1", "people: 0", "nobody works"),
        ("no git there", "plan", "{csv: issues.csv}", "{git: nowhere}", "no history"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_clear_error(project, what, file, before, after, said):
    path = project / "assessments" / f"{file}.yaml"
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    with pytest.raises(UpheldError) as caught:
        cli.main(["predict", file, "--project", str(project)], standalone_mode=False)
    assert caught.value.exit_status == 2
    assert said in caught.value.message, what


def test_a_history_of_a_few_weeks_forecasts_nothing(project):
    (project / "assessments" / "issues.csv").write_text("closed\n2026-11-02\n2026-11-09\n")
    with pytest.raises(UpheldError, match="weeks of history are too few; 8 are the least"):
        cli.main(["predict", "plan", "--project", str(project)], standalone_mode=False)


def test_the_prediction_of_the_reference_system_is_scored_against_a_run_that_began_after_it(repository):
    reference = repository / "reference"
    words = ["thread", "REQ-LAT-001.c1", "--no-store", "--format", "json", "--evidence", str(reference / "evidence")]
    answer = CliRunner().invoke(cli, [*words, "--project", str(reference)])
    [thread] = json.loads(answer.output)["criteria"]
    score = thread["score"]
    assert score["predicted"] < score["at"]
    assert score["interval"][1] <= 3 * score["interval"][0]
    assert score["hit"] is (score["interval"][0] <= score["lived"] <= score["interval"][1])
