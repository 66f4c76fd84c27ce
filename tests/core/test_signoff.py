"""Sign-offs and gates to the byte: what people sign, and what a gate's answer carries."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from upheld.core import quantity
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Rule, Stage
from upheld.core.gate import Gate, Kind, Line, Required, SignOff, SignOffState, Waiver, decide, waive
from upheld.core.requirement import Person, Requirement
from upheld.core.signoff import content_hash, gate_hash, message, required_of, state_of
from upheld.core.verdict import Reason, State, Verdict

pytestmark = pytest.mark.upheld("REQ-GAT-002.c1")

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
GATE = Gate(name="merge", kind=Kind.TECHNICAL, stage="build")
SIGN_OFF = SignOff(
    item="REQ-A-001",
    hash="sha256:ab",
    role="product",
    person="jake",
    meaning="Prüft und stimmt zu",
    time=AT,
    valid=True,
)
KNOWN = Catalogue(
    people={"jake": Person(id="jake", roles=("product",)), "mona": Person(id="mona", roles=("product",))},
    requirements={"REQ-A-001": Requirement(id="REQ-A-001", title="Answers are quick", customers=("northbank",))},
)


class TestBytes:
    """A signature stands for these bytes; whoever changes them voids every signature there is."""

    def test_a_person_signs_canonical_json(self):
        assert message(SIGN_OFF).decode() == (
            '{"hash":"sha256:ab","item":"REQ-A-001","meaning":"Prüft und stimmt zu","person":"jake","role":"product",'
            '"schema":"upheld/sign-off/v1","time":"2026-11-22T12:00:00Z"}'
        )

    def test_a_sign_off_without_its_time_signs_an_empty_one(self):
        assert message(replace(SIGN_OFF, time=None)).decode().endswith('"time":""}')

    def test_a_gates_content_is_the_hash_of_its_name_subject_and_promises(self):
        text = '["merge","tree:1",[["a","1"],["b","2"]]]'
        assert gate_hash(GATE, "tree:1", {"b": "2", "a": "1"}) == "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    def test_an_items_content_is_named_by_its_algorithm(self):
        found = content_hash(KNOWN, "REQ-A-001")
        assert found.startswith("sha256:")
        assert len(found) == len("sha256:") + 64


class TestWorth:
    def signed(self, **more) -> SignOff:
        return replace(SIGN_OFF, **({"hash": content_hash(KNOWN, "REQ-A-001")} | more))

    @pytest.mark.parametrize(
        ("valid", "state", "detail"),
        [(True, SignOffState.SIGNED, ""), (None, SignOffState.ASSERTED, "not signed with a key")],
    )
    def test_what_was_found_is_told_with_its_person_and_time(self, valid, state, detail):
        found = state_of(KNOWN, "product", content_hash(KNOWN, "REQ-A-001"), [self.signed(valid=valid)])
        assert found == Required(role="product", state=state, person="jake", detail=detail, time=AT)

    def test_of_two_alike_the_first_stands(self):
        expected = content_hash(KNOWN, "REQ-A-001")
        found = state_of(KNOWN, "product", expected, [self.signed(), self.signed(person="mona")])
        assert found.person == "jake"

    def test_every_role_that_the_item_asks_for_is_listed(self):
        roles = [r.role for r in required_of(KNOWN, "REQ-A-001", [])]
        assert roles == ["product", "engineering", "customer:northbank"]

    def test_a_signature_that_does_not_verify_is_told(self):
        found = state_of(KNOWN, "product", content_hash(KNOWN, "REQ-A-001"), [self.signed(valid=False)])
        assert (found.state, found.person) == (SignOffState.INVALID, "jake")
        assert found.detail


def line(state: State = State.NOT_MET, reason: Reason = Reason.NONE, **more) -> Line:
    verdict = Verdict(
        state=state, stage=Stage.BUILD, rule=Rule.CENSUS, target=1.0, unit=quantity.SHARE, reason=reason
    )  # fmt: skip
    known = {"criterion": "c", "requirement": "REQ-A-001", "sentence": "s", "verdict": verdict, "blocking": True}
    return Line(**(known | more))


class TestGate:
    WAIVER = Waiver(
        criterion="c", owner="jake", approver="lisa", reason="r", since=date(2026, 11, 22), until=date(2026, 11, 22)
    )

    def test_a_waiver_runs_on_its_first_day(self):
        assert self.WAIVER.runs(AT)
        assert waive(line(), [self.WAIVER], GATE, {}, AT).waiver == self.WAIVER

    def test_a_waiver_of_something_else_does_not_stop_the_search(self):
        assert waive(line(), [replace(self.WAIVER, criterion="x"), self.WAIVER], GATE, {}, AT).waiver == self.WAIVER

    def test_a_refused_waiver_leaves_the_line_as_it_was(self):
        refused = replace(self.WAIVER, approver="jake")
        assert waive(line(blocking=False), [refused], GATE, {}, AT) == line(
            blocking=False, waiver_note="jake asked for the waiver and approved it"
        )

    def test_missing_evidence_needs_both_ends_of_its_waiver(self):
        found = waive(line(State.INCONCLUSIVE, Reason.MISSING), [replace(self.WAIVER, since=None)], GATE, {}, AT)
        assert found.waiver_note == "missing evidence is waived for at most 72 h; give `since` and `until`"

    @pytest.mark.parametrize("role", ["executive", "customer:a"])
    def test_outside_the_house_an_assertion_is_not_enough(self, role):
        asserted = [Required(role=role, state=SignOffState.ASSERTED)]
        result = decide(GATE, [line(State.MET)], asserted, at=AT, subject="")
        assert (result.state, result.reason) == (State.INCONCLUSIVE, f"sign-off of {role} is asserted")

    def test_a_result_carries_its_gate_its_lines_and_its_sign_offs(self):
        given = Required(role="product", state=SignOffState.SIGNED)
        result = decide(GATE, [line(State.MET)], [given], at=AT, subject="tree:1")
        assert (result.gate, result.lines, result.sign_offs) == (GATE, (line(State.MET),), (given,))
