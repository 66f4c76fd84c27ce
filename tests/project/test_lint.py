"""What `upheld lint` finds: each case is the clean project with one thing changed, and the one finding that follows."""

import ast
import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.project.definitions import (
    BUDGET,
    CLASSES,
    DECISION,
    FILES,
    PARENT,
    REQUIREMENT,
    REVIEW,
    RISK,
    TODAY,
    changed,
    linted,
    loaded,
    told,
    written,
)
from upheld.core.criterion import Binding, Criterion, Indicator, Kind, Stage, parse
from upheld.core.evidence import Evidence, Share
from upheld.core.judge import judge
from upheld.core.quantity import SHARE, seconds
from upheld.core.verdict import State
from upheld.errors import UsageError
from upheld.project.finding import Severity
from upheld.project.lint import every_rule, explain, lint, page
from upheld.project.rules import CHECKED, READING, RULES
from upheld.project.rules.promises import shortest, whole
from upheld.project.rules.wording import WEAK

pytestmark = pytest.mark.upheld("REQ-LNT-001.c1")

LAT = "requirements/REQ-LAT-001.md"
ADV = "requirements/REQ-ADV-004.md"
ADR = "decisions/0007-precompute.md"
RIS = "risks/RISK-003.md"
REV = "reviews/2026-11-20.md"
SES = "sessions/2026-11-21-joint.md"
THAT = "that: p95 of insight.latency < 1 s at 200/s over 30 d per customer"
AVA = "that: insight.availability >= 99.5 % over calendar month"


def with_decision(old: str = "", new: str = "") -> dict[str, str]:
    assert old in DECISION
    return {**FILES, ADR: DECISION.replace(old, new, 1) if old else DECISION}


def with_more(criteria: str) -> dict[str, str]:
    """One more requirement, with these criteria."""
    text = REQUIREMENT.replace("REQ-LAT-001", "REQ-LAT-002").replace("links: [{refines: REQ-ADV-004}]\n", "")
    head, _, rest = text.partition("criteria:\n")
    return {**FILES, "requirements/REQ-LAT-002.md": f"{head}criteria:\n{criteria}---{rest.rpartition('---')[2]}"}


def test_the_clean_project_has_no_finding(tmp_path: Path) -> None:
    assert told(linted(written(tmp_path, FILES))) == []


# The change, then the severity, the rule and the place of the only finding.
CASES = {
    "a criterion's id twice": (changed(LAT, "id: c2", "id: c1"), "error", "duplicate-id", f"{LAT}:16:9"),
    "approved without a criterion": (
        changed(ADV, "criteria:\n  - {id: c1, that: test.passed = 100 %, needs: [build]}\n", ""),
        "error", "criterion-missing", f"{ADV}:4:9"),
    "approved without customers": (
        changed(ADV, 'customers: ["tier:gold"]\n', ""), "error", "customers-missing", f"{ADV}:2:1"),
    "approved without a source": (
        changed(ADV, "source: {document: North Bank MSA 3.2}\n", ""), "error", "source-missing", f"{ADV}:2:1"),
    "approved without an owner in engineering": (
        changed(ADV, "{product: jake, engineering: lisa}", "{product: jake}"), "error", "owner-missing", f"{ADV}:7:9"),
    "an owner who is nobody": (
        changed(ADV, "product: jake", "product: jkae"), "error", "person-unknown", f"{ADV}:7:19"),
    "a waiver's approver who is nobody": (
        changed("waivers/w1.yaml", "approver: mara", "approver: nina"), "error", "person-unknown", "waivers/w1.yaml:4:11"),
    "an owner of another function": (
        changed(ADV, "engineering: lisa", "engineering: jake"), "warning", "owner-role", f"{ADV}:7:38"),
    "a customer who is nobody": (
        changed(LAT, "[northbank]", "[nortbank]"), "error", "customer-unknown", f"{LAT}:8:13"),
    "a tier that nobody has": (
        changed(ADV, "tier:gold", "tier:gld"), "error", "customer-unknown", f"{ADV}:6:13"),
    "customers grouped by something else": (
        changed(ADV, "tier:gold", "planet:earth"), "error", "customer-unknown", f"{ADV}:6:13"),
    "an indicator that nobody defines": (
        changed(LAT, "p95 of insight.latency", "p95 of insight.latenzy"), "error", "indicator-unknown", f"{LAT}:14:18"),
    "a missing unit": (changed(LAT, "< 1 s at", "< 1 at"), "error", "unit-missing", f"{LAT}:14:36"),
    "a unit of another dimension": (changed(LAT, "< 1 s at", "< 1 % at"), "error", "unit-mismatch", f"{LAT}:14:36"),
    "an unknown unit": (changed(LAT, "< 1 s at", "< 1 sek at"), "error", "unit-unknown", f"{LAT}:14:36"),
    "a sentence that does not parse": (
        changed(LAT, THAT, "that: latency should be low"), "error", "sentence-syntax", f"{LAT}:14:32"),
    "a value without a statistic": (
        changed(LAT, "p95 of insight", "insight"), "error", "statistic-missing", f"{LAT}:14:11"),
    "a percentile of a share": (
        changed(LAT, "that: insight.av", "that: p95 of insight.av"), "error", "statistic-kind", f"{LAT}:17:11"),
    "a share above 100 %": (changed(LAT, "99.5 %", "995 %"), "error", "range", f"{LAT}:17:35"),
    "equality of a percentile": (changed(LAT, "latency < 1", "latency = 1"), "error", "equality", f"{LAT}:14:11"),
    "no window where production is asked": (
        changed(LAT, " over calendar month", ""), "error", "window-missing", f"{LAT}:17:11"),
    "no load where build is asked": (changed(LAT, " at 200/s", ""), "error", "load-missing", f"{LAT}:14:11"),
    "no place for an indicator at any asked stage": (
        changed(LAT, "needs: [production]", "needs: [build]"), "error", "indicator-nowhere", f"{LAT}:17:11"),
    "no place at one of the asked stages": (
        changed(LAT, "needs: [production]", "needs: [build, production]"), "advice", "stage-blind", "indicators.yaml:6:1"),
    "p99 tighter than p95 in one requirement": (
        changed(LAT, f"{AVA}\n    needs: [production]\n    release: {{no-worse-than: 0.2 points}}\n",
                "that: p99 of insight.latency < 800 ms at 200/s over 30 d\n    build: {for: 20 min}\n"),
        "error", "percentile-order", f"{LAT}:17:36"),
    "p99 tighter than p95 across requirements": (
        with_more("  - {id: c1, that: p99 of insight.latency < 0.9 s at 200/s over 30 d, build: {for: 20 min}}\n"),
        "error", "percentile-order", "requirements/REQ-LAT-002.md:12:45"),
    "a margin in percent on a share": (
        changed(LAT, "0.2 points", "3 %"), "error", "margin-on-share", f"{LAT}:19:30"),
    "a margin in points on a value": (
        changed(LAT, "build: {for: 4 min, environment: staging}", "release: {no-worse-than: 1 points}\n    build: {for: 4 min}"),
        "error", "margin-on-share", f"{LAT}:15:30"),
    "a margin of nothing": (changed(LAT, "0.2 points", "0 points"), "error", "value-margin", f"{LAT}:19:30"),
    "a customer impact on nobody": (
        with_decision("customer: northbank", "customer: nortbank"), "error", "customer-unknown", f"{ADR}:8:30"),
    "a signer for a customer who is nobody": (
        changed("upheld.yaml", "customer: northbank}", "customer: nortbank}"),
        "error", "customer-unknown", "upheld.yaml:7:38"),
    "a gate that selects for a customer who is nobody": (
        changed("gates.yaml", "{status: approved}", "{status: approved, customers: [nortbank]}"),
        "error", "customer-unknown", "gates.yaml:4:42"),
    "a gate that a customer signs who is nobody": (
        changed("gates.yaml", "[product, engineering]", '[product, "customer:nortbank"]'),
        "error", "gate-role", "gates.yaml:7:24"),
    "a decision that does not say what it chose": (
        with_decision("chosen: precompute\n"), "error", "decision-options", f"{ADR}:6:10"),
    "a matrix that scores what is no option": (
        with_decision("chosen:", "matrix: [{axis: cost, weight: 1, precompute: 2, on-demand: 1, magic: 3}]\nchosen:"),
        "error", "decision-matrix", f"{ADR}:7:10"),
    "a matrix whose weight is no number": (
        with_decision("chosen:", "matrix: [{axis: cost, weight: much, precompute: 2, on-demand: 1}]\nchosen:"),
        "error", "decision-matrix", f"{ADR}:7:31"),
    "an environment that is not there": (
        changed(LAT, "environment: staging", "environment: stagin"), "warning", "environment-unknown", f"{LAT}:15:38"),
    "an environment of another stage": (
        changed("upheld.yaml", "staging: {stage: build}", "staging: {stage: release}"),
        "warning", "environment-unknown", f"{LAT}:15:38"),
    "an objective that no fast alert can watch": (
        changed(LAT, "99.5 %", "90 %"), "warning", "alert-impossible", f"{LAT}:17:11"),
    "a run that is too short to settle anything": (
        changed(LAT, "for: 4 min", "for: 60 s"), "warning", "run-too-short", f"{LAT}:15:18"),
    "a run without a length": (
        changed(LAT, "{for: 4 min, environment: staging}", "{environment: staging}"),
        "advice", "run-length", f"{LAT}:14:11"),
    "a path rule that serves nothing there is": (
        changed("upheld.yaml", "project: Adviser Insights\n", "project: Adviser Insights\npaths: {src/**: REQ-LAT-010}\n"),
        "error", "path-rule", "upheld.yaml:2:17"),
    "a census of a sample": (
        changed(LAT, "{for: 4 min, environment: staging}", "{for: 4 min, environment: staging, rule: census}"),
        "error", "census-on-sample", f"{LAT}:15:53"),
    "a link to nowhere": (
        changed(LAT, "refines: REQ-ADV-004", "refines: REQ-ADV-040"), "error", "link-dangling", f"{LAT}:11:19"),
    "links in a circle": (
        changed(ADV, "criteria:", "links: [{refines: REQ-LAT-001}]\ncriteria:"),
        "error", "link-cycle", f"{LAT}:11:19"),
    "a link to itself": (
        changed(LAT, "refines: REQ-ADV-004", "depends-on: REQ-LAT-001.c1"), "error", "link-cycle", f"{LAT}:11:22"),
    "a link whose other end has changed": (
        changed(LAT, "REQ-ADV-004}", "REQ-ADV-004, seen: 00000000}"), "warning", "link-suspect", f"{LAT}:11:38"),
    "a link to a retired requirement": (
        changed(ADV, "status: approved", "status: retired"), "warning", "link-suspect", f"{LAT}:11:19"),
    "a decision that cites nothing": (
        with_decision("affects: [REQ-LAT-001.c1]\n"), "error", "decision-cites-nothing", f"{ADR}:2:1"),
    "a decision that affects nothing known": (
        with_decision("REQ-LAT-001.c1", "REQ-LAT-001.c9"), "error", "link-dangling", f"{ADR}:5:11"),
    "a decision without options": (
        with_decision("options: [precompute, on-demand]\nchosen: precompute\n"),
        "error", "decision-options", f"{ADR}:2:1"),
    "a decision for something that was no option": (
        with_decision("chosen: precompute", "chosen: hybrid"), "error", "decision-options", f"{ADR}:7:9"),
    "a decision that says nothing to customers": (
        with_decision("customer-impact: [{customer: northbank, impact: the first answer may be 5 min old}]\n"),
        "error", "decision-impact", f"{ADR}:2:1"),
    "a decision that expects nothing": (
        with_decision("expected: [{id: e1, that: p95 of insight.latency < 0.8 s, by: 2027-03-01}]\n"),
        "error", "decision-expected", f"{ADR}:2:1"),
    "an outcome without a day": (with_decision(", by: 2027-03-01"), "error", "decision-expected", f"{ADR}:9:12"),
    "an outcome in the wrong unit": (with_decision("< 0.8 s", "< 0.8 %"), "error", "unit-mismatch", f"{ADR}:9:52"),
    "a decision that is never looked at again": (
        with_decision("review-by: 2027-06-01\n"), "error", "decision-review", f"{ADR}:2:1"),
    "a review that is overdue": (
        with_decision("review-by: 2027-06-01", "review-by: 2026-11-21"), "warning", "review-overdue", f"{ADR}:10:12"),
    "a matrix whose weights do not add up": (
        with_decision("chosen:", "matrix: [{axis: cost, weight: 0.5, precompute: 2, on-demand: 3}]\nchosen:"),
        "error", "decision-matrix", f"{ADR}:7:9"),
    "a matrix that leaves an option out": (
        with_decision("chosen:", "matrix: [{axis: cost, weight: 1, precompute: 2}]\nchosen:"),
        "error", "decision-matrix", f"{ADR}:7:10"),
    "a gate that judges nothing": (
        changed("gates.yaml", "  select: {status: approved}\n  criteria:\n    tests: test.passed = 100 %\n", ""),
        "error", "gate-empty", "gates.yaml:1:1"),
    "a gate at a stage that does not exist": (
        changed("gates.yaml", "stage: build", "stage: tset"), "error", "value-choice", "gates.yaml:3:10"),
    "a gate that wants an unknown role": (
        changed("gates.yaml", "[product, engineering]", "[produkt, engineering]"), "error", "gate-role", "gates.yaml:7:15"),
    "a gate that wants a role that nobody holds": (
        changed("gates.yaml", "[product, engineering]", "[product, auditor]"), "advice", "role-unheld", "gates.yaml:7:3"),
    "a gate that selects nothing yet": (
        {**changed("gates.yaml", "select: {status: approved}", "select: {status: proposed}"),
         "gates.yaml": FILES["gates.yaml"].replace("approved", "proposed").replace("  criteria:\n    tests: test.passed = 100 %\n", "")},
        "advice", "gate-empty", "gates.yaml:4:3"),
    "a gate's own criterion in the wrong unit": (
        changed("gates.yaml", "test.passed = 100 %", "test.passed = 100 s"), "error", "unit-mismatch", "gates.yaml:6:26"),
    "a waiver of nothing": (
        changed("waivers/w1.yaml", "REQ-LAT-001.c1", "REQ-LAT-001.c9"), "error", "waiver-unknown", "waivers/w1.yaml:1:12"),
    "a waiver for a gate that is not there": (
        changed("waivers/w1.yaml", "gate: merge", "gate: merg"), "error", "waiver-unknown", "waivers/w1.yaml:2:7"),
    "a waiver that its owner grants": (
        changed("waivers/w1.yaml", "approver: mara", "approver: lisa"), "error", "waiver-own", "waivers/w1.yaml:4:11"),
    "a waiver without an end": (
        changed("waivers/w1.yaml", "until: 2026-12-04\n", ""), "error", "missing-field", "waivers/w1.yaml:1:1"),
    "a waiver that is longer than its gate allows": (
        changed("waivers/w1.yaml", "until: 2026-12-04", "until: 2027-01-04"), "warning", "waiver-policy", "waivers/w1.yaml:7:8"),
    "a waiver that the wrong role grants": (
        changed("waivers/w1.yaml", "approver: mara", "approver: jake"), "warning", "waiver-policy", "waivers/w1.yaml:4:11"),
    "a waiver that ends in a week": (
        changed("waivers/w1.yaml", "until: 2026-12-04", "until: 2026-11-29"), "warning", "waiver-ending", "waivers/w1.yaml:7:8"),
    "a waiver that has ended": (
        changed("waivers/w1.yaml", "since: 2026-11-22\nuntil: 2026-12-04", "since: 2026-11-10\nuntil: 2026-11-21"),
        "advice", "waiver-ending", "waivers/w1.yaml:7:8"),
    "a session without engineering": (
        changed(SES, "engineering: [lisa], ", ""), "warning", "session-not-joint", f"{SES}:3:1"),
    "a session with somebody unknown": (
        changed(SES, "[lisa]", "[lisa, tom]"), "advice", "attendee-unknown", f"{SES}:3:1"),
    "an answer for a requirement that is not there": (
        changed(SES, "requirement: REQ-LAT-001", "requirement: REQ-LAT-010"), "error", "session-requirement", f"{SES}:5:18"),
    "an answer to no question": (
        changed(SES, "gap: latency-condition", "gap: latency-conditions"), "error", "session-gap", f"{SES}:6:10"),
    "an answer that is no criterion yet": (
        changed(SES, "p95 of insight.latency", "p99 of insight.latency"), "warning", "answer-without-criterion", f"{LAT}:12:1"),
    "a word that leaves a way out": (
        changed(ADV, "to a client while", "to a client, if possible, while"), "warning", "weak-word", f"{ADV}:11:52"),
    "a wish": (changed(ADV, "shall let", "should let"), "warning", "ears", f"{ADV}:11:13"),
    "a text that obliges nobody": (changed(ADV, "shall let", "lets"), "advice", "ears", f"{ADV}:11:1"),
    "a choice that breaks what is hard": (
        with_decision("chosen: precompute", "matrix: [{criterion: REQ-LAT-001.c1, hard: true, weight: 1, precompute: 1.2 s, on-demand: 17 s}]\nchosen: precompute"),
        "error", "decision-excluded", f"{ADR}:8:9"),
    "a choice that the matrix puts second": (
        with_decision("chosen: precompute", "matrix: [{axis: cost, better: less, weight: 1, precompute: 3 EUR, on-demand: 2 EUR}]\nchosen: precompute"),
        "advice", "decision-not-first", f"{ADR}:8:9"),
    "scores in two units": (
        with_decision("chosen: precompute", "matrix: [{axis: cost, weight: 1, precompute: 3 EUR, on-demand: 2 s}]\nchosen: precompute"),
        "error", "decision-matrix", f"{ADR}:7:64"),
    "a matrix row of a criterion that nobody has": (
        with_decision("chosen: precompute", "matrix: [{criterion: REQ-LAT-001.c9, weight: 1, precompute: 3 s, on-demand: 2 s}]\nchosen: precompute"),
        "error", "decision-matrix", f"{ADR}:7:22"),
    "a hard row that names no criterion": (
        with_decision("chosen: precompute", "matrix: [{axis: cost, hard: true, weight: 1, precompute: 3, on-demand: 2}]\nchosen: precompute"),
        "error", "decision-matrix", f"{ADR}:7:29"),
    "an interval of an outcome in another unit": (
        with_decision("by: 2027-03-01", "by: 2027-03-01, between: [60 %, 90 %]"), "error", "decision-interval", f"{ADR}:9:84"),
    "an interval of an outcome that runs backwards": (
        with_decision("by: 2027-03-01", "by: 2027-03-01, between: [0.9 s, 0.6 s]"),
        "error", "decision-interval", f"{ADR}:9:84"),
    "decisions that supersede each other": (
        {**with_decision("status: accepted", "status: superseded by 0008"),
         "decisions/0008-b.md": "---\nid: ADR-0008\nstatus: superseded by ADR-0007\ndate: 2026-11-21\n---\n# On demand\n"},
        "error", "supersede-cycle", f"{ADR}:3:9"),
    "a decision that supersedes the one that replaced it": (
        {**with_decision("status: accepted", "status: superseded by 0008\nlinks: [{supersedes: ADR-0008}]"),
         "decisions/0008-b.md": "---\nid: ADR-0008\nstatus: proposed\ndate: 2026-11-21\n---\n# On demand\n"},
        "error", "supersede-cycle", f"{ADR}:3:9"),
    "a risk that says little": (
        {**FILES, RIS: RISK.replace("owner: lisa\n", "").replace("mitigation: rows are checked on arrival\n", "")},
        "warning", "risk-incomplete", f"{RIS}:2:1"),
    "a risk that nobody looked at again": (
        {**FILES, RIS: RISK.replace("status: open", "status: open\nreview-by: 2026-11-20")}, "warning", "review-overdue", f"{RIS}:4:12"),
    "a risk for nobody": ({**FILES, RIS: RISK.replace("northbank", "southbank")}, "error", "customer-unknown", f"{RIS}:6:30"),
    "a risk of nobody": ({**FILES, RIS: RISK.replace("lisa", "lsia")}, "error", "person-unknown", f"{RIS}:5:8"),
    "a risk that watches an unknown indicator": (
        {**FILES, RIS: RISK.replace("insight.availability", "insight.availabilty")}, "error", "indicator-unknown", f"{RIS}:8:24"),
    "a review without engineering": (
        {**FILES, REV: REVIEW.replace(", engineering: [lisa]", "")}, "warning", "review-not-joint", f"{REV}:4:1"),
    "a review of no rhythm": ({**FILES, REV: REVIEW.replace("pack: weekly\n", "")}, "warning", "review-incomplete", f"{REV}:2:1"),
    "an outcome of a review about nothing": (
        {**FILES, REV: REVIEW.replace(", about: [REQ-LAT-001.c1]", "")}, "warning", "review-incomplete", f"{REV}:5:22"),
    "an outcome of a review about what is not there": (
        {**FILES, REV: REVIEW.replace("REQ-LAT-001.c1", "REQ-LAT-001.c9")}, "error", "about-unknown", f"{REV}:5:45"),
    "an outcome of a review that nobody owns": (
        {**FILES, REV: REVIEW.replace("owner: lisa", "owner: lsia")}, "error", "person-unknown", f"{REV}:5:69"),
    "a lesson about what is not there": (
        with_decision("review-by:", "lessons: [{about: [REQ-X], lesson: none}]\nreview-by:"), "error", "about-unknown", f"{ADR}:10:20"),
    "a class that nobody answers": (
        {**FILES, "nonfunctional.yaml": CLASSES.replace("cost: {criteria: [REQ-LAT-001.c1]}\n", "")},
        "warning", "nonfunctional-open", "nonfunctional.yaml:1:1"),
    "a class whose waiver has ended": (
        {**FILES, "nonfunctional.yaml": CLASSES.replace("2027-06-01", "2026-11-21")},
        "warning", "nonfunctional-open", "nonfunctional.yaml:12:1"),
    "a class whose waiver does not end": (
        {**FILES, "nonfunctional.yaml": CLASSES.replace(", until: 2027-06-01", "")},
        "warning", "nonfunctional-open", "nonfunctional.yaml:12:1"),
    "a class that is no class": (
        {**FILES, "nonfunctional.yaml": CLASSES + "securty: {}\n"}, "error", "unknown-key", "nonfunctional.yaml:13:1"),
    "a class answered also by what is not there": (
        {**FILES, "nonfunctional.yaml": CLASSES.replace("cost: {criteria: [", "cost: {criteria: [REQ-LAT-001.c9, ")},
        "error", "nonfunctional-unknown", "nonfunctional.yaml:11:19"),
    "qualities without any answer to their classes": (
        changed(LAT, "priority: must", "type: quality\npriority: must"), "advice", "nonfunctional-open", "upheld.yaml:1:1"),
    "parts that exceed the promise": (
        {**FILES, "budgets.yaml": BUDGET.replace("700 ms", "901 ms")}, "error", "budget-exceeded", "budgets.yaml:3:3"),
    "misses that exceed the promise": (
        {**FILES, "budgets.yaml": BUDGET.replace("700 ms", "{limit: 700 ms, misses: 5.1 %}")},
        "error", "budget-exceeded", "budgets.yaml:3:3"),
    "a part of another kind": (
        {**FILES, "budgets.yaml": BUDGET.replace("700 ms", "70 %")}, "error", "budget-part", "budgets.yaml:3:28"),
    "a budget of no promise": (
        {**FILES, "budgets.yaml": BUDGET.replace("LAT-001.c1", "LAT-001.c9")}, "error", "budget-part", "budgets.yaml:2:14"),
    "errors that exceed the promise": (
        {**FILES, "budgets.yaml": "up: {criterion: REQ-LAT-001.c2, parts: {gateway: 0.2 %, model: 0.31 %}}\n"},
        "error", "budget-exceeded", "budgets.yaml:1:33"),
    "an indicator of an outcome that nobody finds": (
        {**with_decision("p95 of insight.latency < 0.8 s", "advice.used >= 40 %"),
         "indicators.yaml": FILES["indicators.yaml"] + "advice.used: {kind: ratio}\n"},
        "error", "indicator-nowhere", f"{ADR}:9:27"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_one_change_gives_one_finding_at_its_place(case: str, tmp_path: Path) -> None:
    files, severity, rule, place = CASES[case]
    found = [f for f in told(linted(written(tmp_path, files))) if f[1] != "decision-sign-off"]
    assert found == [(severity, rule, place)]


def test_every_rule_with_a_check_is_shown_by_a_case() -> None:
    shown = {rule for _, _, rule, _ in CASES.values()} | {
        "decision-sign-off",
        "decision-plain",
        "question",
        "gate-stage",
        "decision-reopened",  # with evidence, in test_accountable
        "risk-materialising",
        "assessment-criterion",  # with assessments, in test_predict
        "assessment-option",
    }
    assert {rule.id for rule in CHECKED} - shown == set()


def test_every_finding_says_what_to_do(tmp_path: Path) -> None:
    for number, (files, *_) in enumerate(CASES.values()):
        for finding in linted(written(tmp_path / str(number), files)):
            assert finding.message, finding
            assert finding.fix, finding


def test_all_faults_come_in_one_run_sorted(tmp_path: Path) -> None:
    text = REQUIREMENT.replace("< 1 s at", "< 1 at").replace(" over calendar month", "")
    tighter = "  - {id: c1, that: p99 of insight.latency < 0.5 s at 200/s over 30 d, build: {for: 20 min}}\n"
    files = {**with_more(tighter), LAT: text, "requirements/z.md": PARENT}
    more = files["requirements/REQ-LAT-002.md"].replace(
        "---\nWhen", "  - {id: c2, that: p95 of insight.latency < 1 s at 200/s over 30 d}\n---\nWhen"
    )
    found = told(linted(written(tmp_path, {**files, "requirements/REQ-LAT-002.md": more})))
    errors = [f for f in found if f[0] == "error"]
    assert errors == [
        ("error", "duplicate-id", f"{ADV}:2:5"),
        ("error", "unit-missing", f"{LAT}:14:36"),
        ("error", "window-missing", f"{LAT}:17:11"),
        ("error", "percentile-order", "requirements/REQ-LAT-002.md:12:45"),
        ("error", "duplicate-id", "requirements/z.md:2:5"),
    ]


def test_both_places_of_an_id_are_named(tmp_path: Path) -> None:
    found = told(linted(written(tmp_path, {**FILES, "requirements/b.md": PARENT})))
    assert found == [("error", "duplicate-id", f"{ADV}:2:5"), ("error", "duplicate-id", "requirements/b.md:2:5")]


def test_the_same_project_gives_the_same_findings(tmp_path: Path) -> None:
    written(tmp_path, CASES["a link whose other end has changed"][0])
    assert linted(tmp_path) == linted(tmp_path)


def test_findings_on_items_that_are_older_than_the_project_are_advice(tmp_path: Path) -> None:
    files = changed(LAT, "< 1 s at", "< 1 at")
    files[LAT] = files[LAT].replace("priority: must", "priority: must\ndate: 2020-01-01")
    assert {f[0] for f in told(linted(written(tmp_path, files)))} == {"advice"}


def test_a_unit_fault_names_the_unit_of_the_indicator(tmp_path: Path) -> None:
    [finding] = linted(written(tmp_path, changed(LAT, "< 1 s at", "< 1 at")))
    assert finding.fix == "insight.latency is measured in s; did you mean 1 s?"
    assert finding.value == "p95 of insight.latency < 1 at 200/s over 30 d per customer"


def test_a_binding_may_carry_the_load_of_its_stage(tmp_path: Path) -> None:
    files = changed(LAT, " at 200/s over 30 d", " over 30 d")
    files[LAT] = files[LAT].replace("{for: 4 min,", "{at: 50/s, for: 4 min,")
    [finding] = linted(written(tmp_path, files))
    assert finding.rule == "load-missing"
    assert finding.message.startswith("release must answer")
    files[LAT] = files[LAT].replace("    build: {at", "    release: {at: 10/s}\n    build: {at")
    assert linted(written(tmp_path / "both", files)) == ()


@pytest.mark.parametrize(
    ("criterion", "customers"),
    [
        ("p99 of insight.latency < 0.5 s at 200/s over 30 d", "[eastcredit]"),  # nobody was promised both
        ("p99 of insight.latency < 0.5 s at 10/s over 30 d", "[northbank]"),  # under another load
        ("p99 of insight.latency < 0.5 s at 200/s over 30 d during Sat-Sun 08:00-18:00", "[northbank]"),  # other hours
        ("p99 of insight.latency < 1 s at 200/s over 30 d", "[northbank]"),  # as tight, not tighter
        ("p50 of insight.latency < 0.5 s at 200/s over 30 d", "[northbank]"),  # a lower percentile
    ],
)
def test_percentiles_that_do_not_contradict_each_other_are_left_alone(
    criterion: str, customers: str, tmp_path: Path
) -> None:
    files = with_more(f"  - {{id: c1, that: {criterion}, build: {{for: 20 min}}}}\n")
    path = "requirements/REQ-LAT-002.md"
    files[path] = files[path].replace("[northbank]", customers)
    assert [f for f in linted(written(tmp_path, files)) if f.rule == "percentile-order"] == []


def test_a_percentile_of_a_lower_limit_is_tighter_when_it_is_higher(tmp_path: Path) -> None:
    files = with_more(
        "  - {id: c1, that: p5 of insight.latency > 10 ms at 200/s over 30 d, build: {for: 20 min}}\n"
        "  - {id: c2, that: p1 of insight.latency > 20 ms at 200/s over 30 d, build: {for: 20 min}}\n"
    )
    rules = [f.rule for f in linted(written(tmp_path, files))]
    assert rules == ["percentile-order"]


def test_a_long_circle_is_told_once_and_without_recursion(tmp_path: Path) -> None:
    count = 1200
    files = {**FILES}
    for i in range(count):
        files[f"requirements/L{i}.md"] = (
            f"---\nid: REQ-L-{i}\ntitle: t\nlinks: [{{refines: REQ-L-{(i + 1) % count}}}]\n---\n"
        )
    found = linted(written(tmp_path, files))
    assert [f.rule for f in found] == ["link-cycle"]
    assert "→ … →" in found[0].message


def test_two_circles_are_two_findings(tmp_path: Path) -> None:
    files = {**FILES}
    for a, b in (("1", "2"), ("2", "1"), ("3", "4"), ("4", "3"), ("5", "4")):
        files[f"requirements/C{a}.md"] = f"---\nid: REQ-C-{a}\ntitle: t\nlinks: [{{refines: REQ-C-{b}}}]\n---\n"
    assert [f.rule for f in linted(written(tmp_path, files))] == ["link-cycle", "link-cycle"]


def test_a_link_with_the_present_fingerprint_is_not_suspect(tmp_path: Path) -> None:
    now = loaded(written(tmp_path / "a", FILES)).catalogue.fingerprint("REQ-ADV-004")
    files = changed(LAT, "REQ-ADV-004}", f"REQ-ADV-004, seen: {now}}}")
    assert linted(written(tmp_path / "b", files)) == ()


def test_a_link_to_a_criterion_says_that_the_promise_has_changed(tmp_path: Path) -> None:
    files = changed(LAT, "{refines: REQ-ADV-004}", "{refines: REQ-ADV-004.c1, seen: 00000000}")
    [finding] = linted(written(tmp_path, files))
    assert finding.message == "the promise of REQ-ADV-004.c1 has changed since this link was written"
    assert "upheld ack REQ-LAT-001 REQ-ADV-004.c1" in finding.fix


def test_an_accepted_decision_waits_for_its_sign_offs(tmp_path: Path) -> None:
    [finding] = linted(written(tmp_path, with_decision()))
    assert (finding.severity, finding.rule) == (Severity.WARNING, "decision-sign-off")
    assert finding.message == "ADR-0007 is accepted without the sign-off of product, engineering, customer"


def test_above_the_cost_limit_an_executive_signs_too(tmp_path: Path) -> None:
    [finding] = linted(written(tmp_path, with_decision("review-by", "cost: 60000 EUR\nreview-by")))
    assert finding.message.endswith("product, engineering, customer, executive")
    [finding] = linted(written(tmp_path / "b", with_decision("review-by", "cost: 40000 EUR\nreview-by")))
    assert finding.message.endswith("product, engineering, customer")


def test_sign_offs_of_the_present_content_end_the_waiting(tmp_path: Path) -> None:
    from upheld.core.signoff import content_hash

    files = with_decision()
    content = content_hash(loaded(written(tmp_path / "a", files)).catalogue, "ADR-0007")
    for role, person in (("product", "jake"), ("engineering", "lisa"), ("customer:northbank", "nb-cto")):
        files[f"signoffs/{person}.json"] = (
            f'{{"schema": "upheld/sign-off/v1", "item": "ADR-0007", "hash": "{content}", "role": "{role}",'
            f' "person": "{person}"}}'
        )
    assert linted(written(tmp_path / "b", files)) == ()
    files[ADR] = files[ADR].replace("5 min old", "15 min old")
    [finding] = linted(written(tmp_path / "c", files))
    assert "product (stale), engineering (stale), customer:northbank (stale)" in finding.message


def test_a_proposed_decision_owes_nothing_yet(tmp_path: Path) -> None:
    files = {**FILES, ADR: "---\nstatus: proposed\naffects: [REQ-LAT-001]\n---\n# Maybe\n"}
    assert linted(written(tmp_path, files)) == ()


def test_foreign_decisions_get_one_line_together(tmp_path: Path) -> None:
    files = {f"decisions/{i:04d}-choice.md": f"# {i}. Choice\n\n## Status\n\nAccepted\n" for i in range(30)}
    [finding] = linted(written(tmp_path, {**FILES, **files}))
    assert (finding.severity, finding.rule) == (Severity.ADVICE, "decision-plain")
    assert finding.message.startswith("30 accepted decisions are not tied to a requirement yet")


@pytest.mark.parametrize("phrase", WEAK)
def test_every_weak_phrase_is_one_that_the_lexicon_knows(phrase: str, tmp_path: Path) -> None:
    body = f"The service shall, {phrase}, answer."
    root = written(
        tmp_path, changed(ADV, "The product shall let an adviser talk to a client while insights load.", body)
    )
    found = linted(root)
    assert [f.rule for f in found] == ["weak-word"]
    assert found[0].column - 1 <= body.index(phrase) + len(phrase)


def test_an_imported_text_is_not_told_how_to_write(tmp_path: Path) -> None:
    files = changed(ADV, "shall let", "should, where possible, let")
    assert {f.rule for f in linted(written(tmp_path / "a", files))} == {"ears", "weak-word"}
    files[ADV] = files[ADV].replace("---\n", '---\nx-reqif: {identifier: "_77"}\n', 1)
    assert linted(written(tmp_path / "b", files)) == ()


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 27)])
def test_the_day_is_an_argument(day: date, tmp_path: Path) -> None:
    rules = [f.rule for f in linted(written(tmp_path, FILES), at=day)]
    assert rules == (["waiver-ending"] if day.day == 27 else [])


# What cannot be read is said once; what follows from it is not said again.
BROKEN = {
    "people": ({"upheld.yaml": "project: x\npeople: {jake: {role: product\n"}, {"yaml-syntax"}),
    "customers": ({"customers.yaml": "northbank: {tier: gold\n"}, {"yaml-syntax"}),
    "indicators": ({"indicators.yaml": "insight.latency: {kind: valu}\ninsight.availability: {kind: ratoi}\n"}, {"value-choice"}),
    "gates": ({"gates.yaml": "merge: {kind: technical, stage: biuld}\n"}, {"value-choice"}),
    "a requirement": ({LAT: "---\nid: REQ-LAT-001\n"}, {"front-matter-open"}),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_read_is_not_followed_by_what_it_would_have_said(what: str, tmp_path: Path) -> None:
    files, rules = BROKEN[what]
    found = linted(written(tmp_path, {**FILES, **files}))
    assert {f.rule for f in found if f.severity is Severity.ERROR} == rules
    assert {f.rule for f in found} - rules <= {"gate-empty", "role-unheld", "attendee-unknown", "waiver-policy"}


def test_a_cost_in_another_currency_is_above_the_limit_because_nobody_compared(tmp_path: Path) -> None:
    [finding] = linted(written(tmp_path, with_decision("review-by", "cost: 10 USD\nreview-by")))
    assert finding.message.endswith("customer, executive")


def test_links_to_a_decision_are_followed_by_any_of_its_names(tmp_path: Path) -> None:
    for number, name in enumerate(("ADR-0007", "0007", "ADR-7")):
        files = with_decision()
        files[LAT] = files[LAT].replace("{refines: REQ-ADV-004}", f"{{depends-on: {name}}}")
        assert [f.rule for f in linted(written(tmp_path / str(number), files))] == ["decision-sign-off"]
        files[LAT] = files[LAT].replace(f"{name}}}", f"{name}, seen: 00000000}}")
        found = linted(written(tmp_path / f"{number} suspect", files))
        assert [f.rule for f in found] == ["decision-sign-off", "link-suspect"]


# ── The length of a run (STATISTICS, rule 3) ─────────────────────────────────────────────────────────────────────────


def verdict_of_run(target: Fraction, duration: float, *, bad: Fraction) -> State:
    """Judge a run of so many seconds at 200/s in which this share is bad, without time buckets."""
    percent = float(target * 100)
    indicator = Indicator(name="a.good", kind=Kind.RATIO, unit=SHARE)
    criterion = Criterion(
        address="R.c1", sentence=parse(f"a.good >= {percent:g} % at 200/s"), indicator=indicator, needs=(Stage.BUILD,),
        bindings={Stage.BUILD: Binding(stage=Stage.BUILD)},
    )  # fmt: skip
    n = round(200 * duration)
    start = datetime(2026, 11, 22, tzinfo=UTC)
    evidence = Evidence(
        indicator="a.good", stage=Stage.BUILD, statistic=Share(n=n, good=n - int(bad * n)), subject="git:1",
        start=start, end=start + timedelta(seconds=duration), conditions={"load": 200.0, "offered": 200.0, "completed": 200.0},
        run="r", observed=start, id="sha256:1",
    )  # fmt: skip
    return judge(criterion, Stage.BUILD, [evidence], at=start + timedelta(days=1), subject="git:1").state


@given(st.sampled_from([Fraction(n, 1000) for n in (500, 800, 900, 950, 980, 990, 995)]))
def test_following_the_printed_length_settles_the_criterion(target: Fraction) -> None:
    found = shortest(target, 0.95, 200.0)
    assert found is not None
    printed = seconds(whole(found))
    bad = (1 - target) / 2
    assert printed >= found
    assert verdict_of_run(target, printed, bad=bad) is State.MET
    assert verdict_of_run(target, found, bad=bad) is State.MET
    assert verdict_of_run(target, found * 0.9, bad=bad) is State.INCONCLUSIVE


def test_a_short_run_is_told_the_length_that_would_settle_it(tmp_path: Path) -> None:
    [finding] = linted(written(tmp_path, changed(LAT, "for: 4 min", "for: 60 s")))
    assert finding.message == (
        "a run of 60 s cannot settle p95 of insight.latency < 1 s at 200/s over 30 d per customer:"
        " with half of the allowed 5 % bad it takes 3.72 min"
    )
    assert finding.fix == "write for: 4 min"


@pytest.mark.parametrize("binding", ["{rule: estimate, for: 60 s}", "{for: 60 s, confidence: 60 %}"])
def test_a_run_that_can_settle_its_criterion_is_left_alone(binding: str, tmp_path: Path) -> None:
    assert linted(written(tmp_path, changed(LAT, "{for: 4 min, environment: staging}", binding))) == ()


# ── Questions ────────────────────────────────────────────────────────────────────────────────────────────────────────

RAW = (
    "Process customer data in real-time to provide predictive insights with 99.5% uptime and sub-second response times."
)
FOUR = ["question-accuracy", "question-availability-window", "question-freshness", "question-latency-condition"]


@pytest.mark.parametrize(
    "text",
    [
        f"---\nid: REQ-1\ntitle: {RAW}\n---\n",
        f"---\nid: REQ-1\ntitle: Insights\n---\n{RAW}\n",
        f"---\nid: REQ-1\ntitle: Insights\nsource: {{quote: {RAW}}}\n---\n",
        f"---\nid: REQ-1\ntitle: Insights\nsource:\n  quote: >-\n    {RAW[:60]}\n    {RAW[60:]}\n---\n{RAW}\n",
    ],
    ids=["title", "body", "quote", "folded quote and body"],
)
def test_the_raw_sentence_is_asked_four_questions_wherever_it_stands(text: str, tmp_path: Path) -> None:
    found = linted(written(tmp_path, {**FILES, "requirements/REQ-1.md": text}))
    assert sorted(f.rule for f in found) == FOUR
    assert {f.severity for f in found} == {Severity.WARNING}
    owners = {f.rule: f.message.partition(":")[0] for f in found}
    assert owners == {
        "question-accuracy": "product", "question-availability-window": "customer", "question-freshness": "product",
        "question-latency-condition": "engineering",
    }  # fmt: skip
    lines = text.split("\n")
    for finding in found:
        assert lines[finding.line - 1][finding.column - 1 :].startswith(finding.value)


def test_a_requirement_with_criteria_is_asked_nothing(tmp_path: Path) -> None:
    text = REQUIREMENT.replace("sub-second response times", RAW)
    assert linted(written(tmp_path, {**FILES, LAT: text})) == ()


def test_a_retired_requirement_is_asked_nothing(tmp_path: Path) -> None:
    text = f"---\nid: REQ-1\ntitle: {RAW}\nstatus: retired\n---\n"
    assert linted(written(tmp_path, {**FILES, "requirements/REQ-1.md": text})) == ()


# ── What rules mean ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_rule_explains_itself() -> None:
    for rule in every_rule():
        text = explain(rule.id)
        assert text.startswith(f"{rule.id} ({rule.severity.value})\n{rule.meaning}\n")
        assert rule.why in text
        assert rule.fix in text


def test_rules_have_one_name_each() -> None:
    names = [rule.id for rule in every_rule()]
    assert len(names) == len(set(names))


def test_an_unknown_rule_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match='no rule "unit-mising"; did you mean unit-missing'):
        explain("unit-mising")


def _names_in(repository: Path) -> set[str]:
    """Every rule that the code can tell, read from the texts of the modules that tell them."""
    found: set[str] = set()
    modules = [*(repository / "src/upheld/project").glob("*.py"), repository / "src/upheld/core/criterion.py"]
    modules.append(repository / "src/upheld/core/quantity.py")
    tells = {"Problem": 0, "problem": 0, "fault": 0, "_fault_of_folder": 0, "Wrong": 2}
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            said = [k.value for k in node.keywords if k.arg == "rule"]
            if name in tells and len(node.args) > tells[name]:
                said.append(node.args[tells[name]])
            found |= {s.value for s in said if isinstance(s, ast.Constant) and isinstance(s.value, str)}
    return {name for name in found if re.fullmatch(r"[a-z]+(-[a-z]+)*", name)}


def test_every_rule_that_reading_tells_is_explained(repository: Path) -> None:
    told_by_reading = _names_in(repository)
    assert {"yaml-syntax", "unknown-key", "unit-unknown", "folder-missing"} <= told_by_reading
    assert told_by_reading - {rule.id for rule in RULES} == set()


def test_rules_of_reading_have_no_check() -> None:
    assert all(list(rule.check(None)) == [] for rule in READING)  # type: ignore[arg-type]


def test_the_page_of_rules_is_current(repository: Path) -> None:
    assert (repository / "docs/rules.md").read_text("utf-8") == page(), "run: upheld lint --explain all > docs/rules.md"


def test_linting_gives_what_reading_found_too(tmp_path: Path) -> None:
    project = loaded(written(tmp_path, changed(LAT, "priority: must", "priorty: must")))
    [finding] = lint(project, at=TODAY)
    assert finding in project.findings
    assert finding.rule == "unknown-key"
