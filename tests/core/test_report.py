"""Verdicts, gates and threads as JSON: the keys that tools rely on, and numbers in the unit that stands beside them."""

import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.criterion import Criterion, Indicator, Kind, Rule, Stage
from upheld.core.gate import Gate, Line, Required, Result, SignOffState, Waiver
from upheld.core.gate import Kind as GateKind
from upheld.core.report import (
    exit_status,
    gate_json,
    impact_json,
    in_unit,
    interval,
    sign_off_json,
    thread_json,
    verdict_json,
)
from upheld.core.requirement import Source
from upheld.core.shown import shown_unit
from upheld.core.thread import Change, Direction, Thread
from upheld.core.verdict import Attempt, Group, Reason, State, Verdict

pytestmark = pytest.mark.upheld("REQ-THR-001.c1")

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHARE = Criterion(
    address="REQ-USE-001.c1", sentence=criteria.parse("task.done >= 90 % per customer"), requirement="REQ-USE-001",
    indicator=Indicator(name="task.done", kind=Kind.RATIO, unit=quantity.SHARE), customers=("northbank",),
    needs=(Stage.BUILD, Stage.PRODUCTION),
)  # fmt: skip
LATENCY = Criterion(
    address="REQ-LAT-001.c1", sentence=criteria.parse("p95 of insight.latency < 800 ms at 200/s over 30 d"),
    indicator=Indicator(name="insight.latency", kind=Kind.VALUE, unit=quantity.SECOND),
)  # fmt: skip
VERDICT = Verdict(
    state=State.INCONCLUSIVE, stage=Stage.BUILD, rule=Rule.CONFIDENT, target=0.9, unit=quantity.SHARE, reason=Reason.UNPROVEN,
    detail="at least 68.8 % is shown, 90 % needed", estimate=1.0, interval=(0.6876560219, 1.0), share=(1.0, 0.6876560219, 1.0),
    needed=0.9, level=0.95, n=8, n_eff=7.00049, margin=0.1, evidence=("sha256:a",), subject="git:a", observed=AT,
    settle="21 more, all good (29 in all)", notes=("one was flaky",),
    groups=(Group(member="northbank", state=State.NOT_MET, estimate=0.5, interval=(0.2, 0.8), n=8, n_eff=7.0),
            Group(member="eastcredit", state=State.INCONCLUSIVE, reason=Reason.NO_TRAFFIC, detail="no evidence")),
    attempts=(Attempt(run="r1", state=State.NOT_MET, estimate=0.25, n=4, observed=AT, void=""),
              Attempt(run="r2", state=State.INCONCLUSIVE, estimate=None, n=0, void="disk full")),
)  # fmt: skip
GATE = Gate(name="merge", kind=GateKind.TECHNICAL, stage="build")
WAIVER = Waiver(
    criterion="REQ-USE-001.c1", owner="jake", approver="lisa", reason="rig is broken", until=date(2026, 11, 23),
    customers_informed=True, file="waivers/rig.yaml",
)  # fmt: skip


class TestUnits:
    @pytest.mark.parametrize(
        ("value", "unit", "shown"),
        [
            (0.688, "%", 68.8), (0.76, "ms", 760.0), (0.0001157407407407, "/d", 9.99999999999648), (0.3, "points", 30.0),
            (5.0, "", 5.0), (0.1 + 0.2, "", 0.3), (None, "%", None), (math.inf, "s", None), (math.nan, "s", None),
        ],
    )  # fmt: skip
    def test_a_number_is_in_the_unit_beside_it(self, value, unit, shown):
        assert in_unit(value, quantity.UNITS[unit]) == (None if shown is None else pytest.approx(shown, rel=1e-12))

    def test_what_a_division_leaves_over_is_not_shown(self):
        assert in_unit(0.29, quantity.SHARE) == 29.0

    def test_an_infinite_bound_is_null(self):
        assert interval((0.5, math.inf), quantity.UNITS["ms"]) == [500.0, None]
        assert interval((-math.inf, 0.25), quantity.SHARE) == [None, 25.0]
        assert interval(None, quantity.SHARE) is None

    def test_the_targets_unit_is_shown_where_it_fits(self):
        seconds = replace(VERDICT, unit=quantity.SECOND)
        assert shown_unit(LATENCY, seconds).name == "ms"
        assert shown_unit(LATENCY, VERDICT).name == "%"


class TestVerdict:
    def test_everything_a_verdict_rests_on(self):
        assert verdict_json(SHARE, VERDICT) == {
            "criterion": "REQ-USE-001.c1",
            "requirement": "REQ-USE-001",
            "sentence": "task.done >= 90 % per customer",
            "stage": "build",
            "verdict": "inconclusive",
            "reason": "not shown: at least 68.8 % is shown, 90 % needed",
            "rule": "confident",
            "statistic": "ratio",
            "indicator": "task.done",
            "unit": "%",
            "estimate": 100.0,
            "interval": [68.76560219, 100.0],
            "level": 0.95,
            "n": 8,
            "n_eff": 7.0,
            "target": 90.0,
            "margin": 10.0,
            "share": {"estimate": 1.0, "lower": 0.6876560219, "upper": 1.0, "needed": 0.9},
            "attempts": [
                {"run": "r1", "verdict": "not met", "estimate": 25.0, "n": 4, "at": "2026-11-22T12:00:00Z", "void": ""},
                {"run": "r2", "verdict": "inconclusive", "estimate": None, "n": 0, "at": None, "void": "disk full"},
            ],
            "evidence": ["sha256:a"],
            "groups": [
                {
                    "customer": "northbank", "verdict": "not met", "reason": "", "estimate": 50.0, "interval": [20.0, 80.0],
                    "n": 8,
                },
                {
                    "customer": "eastcredit", "verdict": "inconclusive", "reason": "no traffic: no evidence",
                    "estimate": None, "interval": None, "n": 0,
                },
            ],
            "settle": "21 more, all good (29 in all)",
            "notes": ["one was flaky"],
            "at": "2026-11-22T12:00:00Z",
            "subject": "git:a",
        }  # fmt: skip

    def test_what_is_not_known_is_null(self):
        bare = Verdict(state=State.INCONCLUSIVE, stage=Stage.BUILD, rule=Rule.CENSUS, target=0.8, unit=quantity.SECOND)
        shown = verdict_json(LATENCY, bare)
        assert [k for k, v in shown.items() if v is None] == [
            "requirement", "estimate", "interval", "n_eff", "margin", "share", "at", "subject",
        ]  # fmt: skip
        assert (shown["statistic"], shown["unit"], shown["target"]) == ("p95", "ms", 800.0)

    def test_times_are_shown_in_utc(self):
        moment = datetime(2026, 11, 22, 13, tzinfo=timezone(timedelta(hours=1)))
        assert verdict_json(SHARE, replace(VERDICT, observed=moment))["at"] == "2026-11-22T12:00:00Z"

    def test_it_is_plain_json(self):
        assert json.loads(json.dumps(verdict_json(SHARE, VERDICT), allow_nan=False)) == verdict_json(SHARE, VERDICT)


def line(**more) -> Line:
    known = {
        "criterion": "REQ-USE-001.c1", "requirement": "REQ-USE-001", "sentence": "s", "verdict": VERDICT, "blocking": True,
    }  # fmt: skip
    return Line(**(known | more))


SIGNED = Required(role="product", state=SignOffState.SIGNED, person="jake", time=AT)


class TestGate:
    """`upheld check GATE --format json`."""

    def result(self, *lines: Line, **more) -> dict:
        known = {
            "gate": GATE, "state": State.INCONCLUSIVE, "enforced": True, "lines": lines, "sign_offs": (SIGNED,),
            "subject": "tree:1", "reason": "why",
        }  # fmt: skip
        return gate_json(Result(**(known | more)), {"REQ-USE-001.c1": SHARE})

    def test_the_keys_that_tools_rely_on_are_there(self):
        found = self.result(line())
        assert {"schema", "gate", "verdict", "subject", "signoffs", "criteria"} <= set(found)
        assert {
            "criterion", "requirement", "stage", "verdict", "reason", "rule", "statistic", "unit", "estimate", "interval",
            "n", "n_eff", "target", "margin", "severity", "waiver", "attempts", "evidence", "groups",
        } <= set(found["criteria"][0])  # fmt: skip
        assert {"customer", "verdict", "reason", "estimate", "interval", "n"} == set(found["criteria"][0]["groups"][0])
        assert {"role", "state"} <= set(found["signoffs"][0])

    def test_a_result_names_itself(self):
        found = self.result()
        assert found == {
            "schema": "upheld/gate-result/v1", "gate": "merge", "kind": "technical", "verdict": "inconclusive",
            "reason": "why", "enforced": True, "subject": "tree:1", "built_from": None,
            "signoffs": [{"role": "product", "state": "signed", "person": "jake", "detail": "", "time": "2026-11-22T12:00:00Z"}],
            "criteria": [],
        }  # fmt: skip

    def test_a_line_is_its_verdict_with_its_severity(self):
        (found,) = self.result(line())["criteria"]
        assert found == verdict_json(SHARE, VERDICT) | {"severity": "blocking", "waiver": None, "waiver_note": ""}
        (advice,) = self.result(line(blocking=False, waiver_note="the waiver ended"))["criteria"]
        assert (advice["severity"], advice["waiver_note"]) == ("advisory", "the waiver ended")

    def test_a_waiver_never_hides_the_verdict(self):
        (found,) = self.result(line(waiver=WAIVER))["criteria"]
        assert found["verdict"] == "inconclusive"
        assert found["waiver"] == {
            "until": "2026-11-23", "owner": "jake", "approver": "lisa", "reason": "rig is broken", "file": "waivers/rig.yaml",
            "customers_informed": True,
        }  # fmt: skip

    def test_a_sign_off_nobody_gave_has_no_person(self):
        assert sign_off_json(Required(role="customer:a", state=SignOffState.MISSING)) == {
            "role": "customer:a", "state": "missing", "person": None, "detail": "", "time": None,
        }  # fmt: skip


class TestThread:
    """`upheld thread --format json`."""

    def thread(self, criterion: Criterion = SHARE, **stages: Verdict | None) -> Thread:
        return Thread(
            criterion=criterion, title="Tasks are finished", status="approved", priority="must", owners={"product": "jake"},
            agreed=(SIGNED,), stages={stage: stages.get(stage.value) for stage in Stage}, stale=("s",), missing=("m",),
            decisions=("ADR-1",), reopened=(("ADR-1", "a1 is not met"),), type="quality", source=Source(),
        )  # fmt: skip

    def shown(self, *found: Thread) -> dict:
        return thread_json(found, project="Adviser Insights", subject="tree:1", at=AT)

    def test_all_threads_of_a_project(self):
        assert self.shown() == {
            "schema": "upheld/thread/v1", "project": "Adviser Insights", "subject": "tree:1", "at": "2026-11-22T12:00:00Z",
            "criteria": [],
        }  # fmt: skip

    def test_one_thread_has_the_keys_that_tools_rely_on(self):
        (found,) = self.shown(self.thread(build=VERDICT))["criteria"]
        stages = found.pop("stages")
        assert found == {
            "criterion": "REQ-USE-001.c1", "requirement": "REQ-USE-001", "title": "Tasks are finished", "status": "approved",
            "priority": "must", "sentence": "task.done >= 90 % per customer", "statistic": "ratio", "indicator": "task.done",
            "objective": 90.0, "operator": ">=", "unit": "%", "window": None, "load": None, "population": "customer",
            "rule": {"build": "confident", "production": "confident"}, "customers": ["northbank"], "owners": {"product": "jake"},
            "agreed": {"verdict": "met", "signoffs": [sign_off_json(SIGNED)]}, "decisions": ["ADR-1"],
            "reopened": [{"decision": "ADR-1", "why": "a1 is not met"}], "stale": ["s"],
            "missing": ["m"], "score": None,
        }  # fmt: skip
        assert list(stages) == ["design", "build", "release", "production"]
        assert [name for name, stage in stages.items() if stage is None] == ["design", "release", "production"]
        full = verdict_json(SHARE, VERDICT)
        assert stages["build"] == {key: full[key] for key in stages["build"]}
        assert {"verdict", "reason", "estimate", "unit", "interval", "n", "at", "groups"} <= set(stages["build"])
        assert set(full) - set(stages["build"]) == {
            "criterion", "requirement", "sentence", "stage", "statistic", "indicator", "level", "target",
        }  # fmt: skip

    def test_window_and_load_are_as_they_were_promised(self):
        verdict = replace(VERDICT, unit=quantity.SECOND, target=0.8)
        (found,) = self.shown(self.thread(LATENCY, build=verdict))["criteria"]
        assert (found["window"], found["load"], found["population"], found["objective"], found["unit"]) == (
            "30 d", "200/s", "all", 800.0, "ms",
        )  # fmt: skip

    def test_a_thread_with_no_stage_asked_is_in_the_unit_of_its_indicator(self):
        (found,) = self.shown(self.thread(LATENCY))["criteria"]
        assert (found["unit"], found["objective"]) == ("s", 0.8)


def test_an_impact_lists_what_changed_and_what_hangs_on_it():
    change = Change(
        criterion="REQ-LAT-001.c1", direction=Direction.LOOSENED, before="a", after="b", decisions=("ADR-1",),
        links=("REQ-2",), sign_offs=("REQ-LAT-001 by jake (product)",), evidence=("Tested: f",), needs_customers=("northbank",),
    )  # fmt: skip
    assert impact_json([change], since="HEAD~1") == {
        "schema": "upheld/impact/v1", "since": "HEAD~1",
        "changes": [
            {
                "criterion": "REQ-LAT-001.c1", "direction": "loosened", "before": "a", "after": "b", "decisions": ["ADR-1"],
                "links": ["REQ-2"], "signoffs": ["REQ-LAT-001 by jake (product)"], "evidence": ["Tested: f"],
                "needs_customers": ["northbank"],
            }
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "enforced", "status"),
    [
        (State.MET, True, 0), (State.NOT_MET, True, 1), (State.INCONCLUSIVE, True, 3),
        (State.NOT_MET, False, 0), (State.INCONCLUSIVE, False, 0),
    ],
)  # fmt: skip
def test_the_exit_status_of_a_gate(state, enforced, status):
    assert exit_status(state, enforced=enforced) == status


def test_the_exit_status_is_enforced_unless_said_otherwise():
    assert exit_status(State.NOT_MET) == 1
