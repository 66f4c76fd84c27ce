"""check(): which criteria a gate judges, and what history, waivers and sign-offs do to its answer."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from upheld.core import criterion as criteria
from upheld.core import evidence as records
from upheld.core import quantity
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Indicator, Kind, Stage
from upheld.core.gate import Gate, SignOff, SignOffState, Waiver, WaiverPolicy
from upheld.core.gate import Kind as GateKind
from upheld.core.requirement import Customer, Person, Requirement, Statement, Status
from upheld.core.verdict import Reason, State
from upheld.errors import DefinitionError
from upheld.stages.check import check, content_of, criteria_of

pytestmark = pytest.mark.upheld("REQ-GAT-001.c1")

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def statement(name: str, that: str, **more) -> Statement:
    return Statement(id=name, that=that, sentence=criteria.parse(that), **more)


TASKS = Requirement(
    id="REQ-USE-001", title="Tasks", status=Status.APPROVED, customers=("tier:gold",), priority="must", type="quality",
    criteria=(statement("c1", "task.done >= 90 %"),), file="requirements/REQ-USE-001.md",
)  # fmt: skip
DRAFT = replace(TASKS, id="REQ-USE-002", status=Status.DRAFT, priority="should", type="", customers=("eastcredit",))
GATE = Gate(
    name="merge", kind=GateKind.TECHNICAL, stage="build", select={"status": ("approved",)},
    criteria=(statement("coverage", "coverage.lines >= 80 %"),), waivers=WaiverPolicy(approver="engineering"),
)  # fmt: skip
INDICATORS = {
    "task.done": Indicator(name="task.done", kind=Kind.RATIO, unit=quantity.SHARE),
    "coverage.lines": Indicator(name="coverage.lines", kind=Kind.RATIO, unit=quantity.SHARE, census=True),
}
PEOPLE = {"jake": Person(id="jake", roles=("product",)), "lisa": Person(id="lisa", roles=("engineering",))}


def catalogue(*items: Requirement, **more) -> Catalogue:
    known = {
        "requirements": {r.id: r for r in items or (TASKS, DRAFT)}, "indicators": INDICATORS, "people": PEOPLE,
        "customers": {"northbank": Customer(id="northbank", tier="gold"), "eastcredit": Customer(id="eastcredit")},
    }  # fmt: skip
    return Catalogue(**(known | more))


def share(indicator: str, n: int, good: int, **more) -> records.Evidence:
    return records.decode(
        {"schema": records.SCHEMA, "indicator": indicator, "stage": "build", "subject": "git:a",
         "statistic": {"kind": "share", "n": n, "good": good}} | more
    )  # fmt: skip


GOOD = [share("task.done", 50, 50), share("coverage.lines", 100, 85)]


def answer(found=GOOD, known: Catalogue | None = None, gate: Gate = GATE, **more):
    return check(known or catalogue(), gate, found, at=more.pop("at", AT), subject=more.pop("subject", "git:a"), **more)


class TestSelection:
    @pytest.mark.parametrize(
        ("select", "addresses"),
        [
            ({"status": ("approved",)}, ["REQ-USE-001.c1"]), ({"status": ("draft", "approved")}, ["REQ-USE-001.c1", "REQ-USE-002.c1"]),
            ({"priority": ("should",)}, ["REQ-USE-002.c1"]), ({"type": ("quality",)}, ["REQ-USE-001.c1"]),
            ({"customers": ("northbank",)}, ["REQ-USE-001.c1"]), ({"id": ("REQ-USE-002",)}, ["REQ-USE-002.c1"]),
            ({"status": ("approved",), "priority": ("should",)}, []), ({"colour": ("red",)}, []), ({}, []),
        ],
    )  # fmt: skip
    def test_a_gate_judges_what_it_selects_and_then_its_own(self, select, addresses):
        chosen = criteria_of(catalogue(), replace(GATE, select=select))
        assert list(chosen) == [*addresses, "gate.merge.coverage"]

    def test_a_retired_requirement_is_not_selected(self):
        known = catalogue(replace(TASKS, status=Status.RETIRED))
        assert list(criteria_of(known, replace(GATE, select={"status": ("retired",)}))) == ["gate.merge.coverage"]

    def test_a_stage_that_is_not_asked_is_not_judged(self):
        only = replace(TASKS, criteria=(statement("c1", "task.done >= 90 %", needs=(Stage.PRODUCTION,)),))
        assert list(criteria_of(catalogue(only), GATE)) == ["gate.merge.coverage"]

    def test_a_selected_promise_that_cannot_be_judged_stops_the_gate(self):
        broken = replace(TASKS, criteria=(Statement(id="c1", that="tasks are done often"),))
        with pytest.raises(
            DefinitionError, match=r'REQ-USE-001.md: REQ-USE-001.c1 "tasks are done often" cannot be judged'
        ):
            criteria_of(catalogue(broken), GATE)

    def test_a_gates_own_criterion_that_cannot_be_judged_stops_it_too(self):
        broken = replace(GATE, criteria=(statement("other", "nothing.known >= 1 %"),))
        with pytest.raises(DefinitionError, match=r'gates.yaml: merge.other "nothing.known >= 1 %" cannot be judged'):
            criteria_of(catalogue(), broken)


class TestAnswer:
    def test_all_good_is_met_line_by_line(self):
        result = answer()
        assert (result.state, result.subject, result.enforced) == (State.MET, "git:a", True)
        assert [(x.criterion, x.requirement, x.sentence, x.state, x.blocking) for x in result.lines] == [
            ("REQ-USE-001.c1", "REQ-USE-001", "task.done >= 90 %", State.MET, True),
            ("gate.merge.coverage", "", "coverage.lines >= 80 %", State.MET, True),
        ]

    def test_one_failing_criterion_fails_the_gate(self):
        assert answer([GOOD[0], share("coverage.lines", 100, 79)]).state is State.NOT_MET

    def test_evidence_that_was_removed_leaves_it_inconclusive(self):
        result = answer(GOOD[1:])
        assert (result.state, result.lines[0].verdict.reason) == (State.INCONCLUSIVE, Reason.MISSING)

    def test_evidence_of_another_subject_does_not_count_unless_an_ancestor_will_do(self):
        assert answer(subject="git:b").state is State.INCONCLUSIVE
        bound = criteria.Binding(stage=Stage.BUILD, subject="ancestor")
        statements = {
            "criteria": (statement("coverage", "coverage.lines >= 80 %", bindings={Stage.BUILD: bound}),), "select": {},
        }  # fmt: skip
        gate = replace(GATE, **statements)
        assert answer(gate=gate, subject="git:b").state is State.INCONCLUSIVE
        assert answer(gate=gate, subject="git:b", ancestors=frozenset({"git:a"})).state is State.MET

    def test_a_gate_may_ask_for_recorded_subjects(self):
        asserted = [replace(e, asserted=True) for e in GOOD]
        assert answer(asserted).state is State.MET
        result = answer(asserted, gate=replace(GATE, require_subject=True))
        assert (result.state, result.lines[0].verdict.reason) == (State.INCONCLUSIVE, Reason.NO_SUBJECT)

    def test_advice_does_not_decide(self):
        advice = replace(TASKS, criteria=(statement("c1", "task.done >= 90 %", blocking=False),))
        assert answer([share("task.done", 50, 5), GOOD[1]], catalogue(advice)).state is State.MET


class TestWaivers:
    WAIVER = Waiver(
        criterion="REQ-USE-001.c1", owner="jake", approver="lisa", reason="r", since=date(2026, 11, 20), until=date(2026, 11, 22)
    )  # fmt: skip

    def test_a_waiver_turns_a_failure_into_a_pass_and_stops_the_day_after_its_end(self):
        known = catalogue(waivers=[self.WAIVER])
        bad = [share("task.done", 50, 5), GOOD[1]]
        during, after = (answer(bad, known, at=AT.replace(day=d)) for d in (22, 23))
        assert (during.state, during.lines[0].verdict.state) == (State.MET, State.NOT_MET)
        assert (after.state, after.lines[0].waiver_note) == (State.NOT_MET, "the waiver ended on 2026-11-22")

    def test_its_approver_must_hold_the_role_of_the_gate(self):
        known = catalogue(waivers=[replace(self.WAIVER, owner="lisa", approver="jake")])
        assert answer([share("task.done", 50, 5), GOOD[1]], known).state is State.NOT_MET


@pytest.mark.upheld("REQ-JDG-004.c1")
class TestHistory:
    """Earlier evidence adds attempts and never a pass."""

    def earlier(self, good: int, **more) -> records.Evidence:
        return share("task.done", 50, good, run="earlier", observed="2026-11-01T00:00:00Z", **more)

    def test_a_failed_run_that_is_not_in_the_folder_any_more_still_counts(self):
        now = share("task.done", 50, 50, run="now", observed="2026-11-02T00:00:00Z")
        result = answer([now, GOOD[1]], history=[self.earlier(5)])
        assert result.state is not State.MET
        assert [a.run for a in result.lines[0].verdict.attempts] == ["earlier", "now"]

    def test_history_never_makes_a_pass(self):
        now = share("task.done", 8, 8, run="now", observed="2026-11-02T00:00:00Z")
        assert answer([now, GOOD[1]]).lines[0].state is State.INCONCLUSIVE
        line = answer([now, GOOD[1]], history=[self.earlier(50)]).lines[0]
        assert (line.state, line.verdict.n, len(line.verdict.attempts)) == (State.INCONCLUSIVE, 8, 2)

    def test_history_alone_is_no_evidence(self):
        line = answer(GOOD[1:], history=[self.earlier(50)]).lines[0]
        assert (line.state, line.verdict.reason) == (State.INCONCLUSIVE, Reason.MISSING)

    def test_history_of_other_subjects_is_left_aside(self):
        line = answer(history=[self.earlier(5, subject="git:old")]).lines[0]
        assert (line.state, line.verdict.attempts) == (State.MET, ())

    def test_what_was_given_again_is_not_its_own_history(self):
        assert answer(history=GOOD).lines[0].verdict == answer().lines[0].verdict


@pytest.mark.upheld("REQ-GAT-002.c1")
class TestSignOffs:
    GATE = replace(GATE, sign_offs=("product",))

    def signed(self, subject: str = "git:a", valid: bool | None = True, item: str = "gate.merge") -> SignOff:
        content = content_of(self.GATE, criteria_of(catalogue(), self.GATE), subject)
        return SignOff(item=item, hash=content, role="product", person="jake", valid=valid)

    def test_a_sign_off_that_is_asked_for_and_missing_holds_the_gate(self):
        result = answer(gate=self.GATE)
        assert (result.state, result.reason) == (State.INCONCLUSIVE, "sign-off of product is missing")

    def test_the_present_content_signed_passes(self):
        result = answer(gate=self.GATE, sign_offs=[self.signed()])
        assert (result.state, [s.state for s in result.sign_offs]) == (State.MET, [SignOffState.SIGNED])

    def test_another_subject_or_another_item_was_not_approved(self):
        assert answer(gate=self.GATE, sign_offs=[self.signed("git:b")]).sign_offs[0].state is SignOffState.STALE
        assert (
            answer(gate=self.GATE, sign_offs=[self.signed(item="gate.other")]).sign_offs[0].state
            is SignOffState.MISSING
        )

    def test_a_changed_promise_makes_it_stale(self):
        changed = catalogue(replace(TASKS, criteria=(statement("c1", "task.done >= 80 %"),)))
        result = answer(known=changed, gate=self.GATE, sign_offs=[self.signed()])
        assert (result.state, result.sign_offs[0].state) == (State.INCONCLUSIVE, SignOffState.STALE)
