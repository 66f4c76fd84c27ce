"""Gates: all blocking criteria met, waivers that end, sign-offs on one content."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from upheld.core import quantity
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Rule, Stage
from upheld.core.gate import Gate, Kind, Line, Required, SignOff, SignOffState, Waiver, WaiverPolicy, decide, waive
from upheld.core.requirement import Person, Requirement
from upheld.core.signoff import content_hash, gate_hash, message, required_of, roles_asked, state_of
from upheld.core.verdict import Reason, State, Verdict

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
GATE = Gate(
    name="merge", kind=Kind.TECHNICAL, stage="build", waivers=WaiverPolicy(approver="engineering", at_most=14 * 86400.0)
)
ROLES = {"jake": ("product",), "lisa": ("engineering",), "mona": ("operations",)}


def verdict(state: State, reason: Reason = Reason.NONE) -> Verdict:
    return Verdict(state=state, stage=Stage.BUILD, rule=Rule.CENSUS, target=1.0, unit=quantity.SHARE, reason=reason)


def line(state: State, reason: Reason = Reason.NONE, *, blocking: bool = True, criterion: str = "REQ-A-001.c1") -> Line:
    return Line(
        criterion=criterion, requirement="REQ-A-001", sentence="s", verdict=verdict(state, reason), blocking=blocking
    )


WAIVER = Waiver(
    criterion="REQ-A-001.c1", owner="jake", approver="lisa", reason="rig is broken", since=date(2026, 11, 20), until=date(2026, 11, 23)
)  # fmt: skip


@pytest.mark.upheld("REQ-JDG-001.c1")
class TestDecide:
    """Rule 8."""

    @pytest.mark.parametrize(
        ("states", "expected"),
        [
            ([State.MET, State.MET], State.MET),
            ([State.MET, State.INCONCLUSIVE], State.INCONCLUSIVE),
            ([State.INCONCLUSIVE, State.NOT_MET], State.NOT_MET),
            ([], State.INCONCLUSIVE),
        ],
    )
    def test_the_worst_blocking_criterion_decides(self, states, expected):
        result = decide(GATE, [line(s) for s in states], [], at=AT, subject="tree:1")
        assert result.state is expected
        assert result.subject == "tree:1"

    def test_an_empty_selection_says_so(self):
        assert decide(GATE, [], [], at=AT, subject="").reason == "the gate selects no blocking criterion"

    def test_an_advisory_criterion_is_shown_and_never_decides(self):
        result = decide(GATE, [line(State.MET), line(State.NOT_MET, blocking=False)], [], at=AT, subject="")
        assert (result.state, len(result.lines)) == (State.MET, 2)

    def test_nothing_but_advice_is_inconclusive(self):
        assert decide(GATE, [line(State.MET, blocking=False)], [], at=AT, subject="").state is State.INCONCLUSIVE

    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            (SignOffState.SIGNED, State.MET),
            (SignOffState.ASSERTED, State.MET),
            (SignOffState.STALE, State.INCONCLUSIVE),
            (SignOffState.INVALID, State.INCONCLUSIVE),
            (SignOffState.MISSING, State.INCONCLUSIVE),
        ],
    )
    def test_a_sign_off_that_is_asked_for_must_stand(self, state, expected):
        result = decide(GATE, [line(State.MET)], [Required(role="product", state=state)], at=AT, subject="")
        assert result.state is expected
        assert (result.reason == "") == (expected is State.MET)

    def test_a_customers_sign_off_must_carry_a_signature(self):
        asserted = [Required(role="customer:a", state=SignOffState.ASSERTED)]
        assert decide(GATE, [line(State.MET)], asserted, at=AT, subject="").state is State.INCONCLUSIVE

    @pytest.mark.parametrize(("day", "enforced"), [(21, True), (22, True), (23, False)])
    def test_a_gate_is_enforced_from_its_date(self, day, enforced):
        gate = replace(GATE, enforce_from=date(2026, 11, day))
        assert decide(gate, [line(State.NOT_MET)], [], at=AT, subject="").enforced is enforced


@pytest.mark.upheld("REQ-GAT-001.c1")
class TestWaive:
    """Waivers are owned, dated and never hide what is beneath them."""

    def laid(self, waiver: Waiver, found: Line | None = None, gate: Gate = GATE, at: datetime = AT) -> Line:
        return waive(found or line(State.NOT_MET), [waiver], gate, ROLES, at)

    def test_a_waiver_turns_not_met_into_a_pass_and_leaves_the_verdict_visible(self):
        found = self.laid(WAIVER)
        assert (found.state, found.verdict.state, found.waiver) == (State.MET, State.NOT_MET, WAIVER)

    @pytest.mark.parametrize(
        ("moment", "waived"),
        [("2026-11-23T23:59:59", True), ("2026-11-24T00:00:00", False), ("2026-11-19T23:59:00", False)],
    )
    def test_it_runs_to_the_end_of_its_last_day(self, moment, waived):
        at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        assert (self.laid(WAIVER, at=at).waiver is not None) is waived
        assert WAIVER.runs(at) is waived

    @pytest.mark.parametrize(
        ("change", "note"),
        [
            ({"approver": "jake"}, "jake asked for the waiver and approved it"),
            ({"approver": "ghost"}, "ghost approved the waiver and is nobody in upheld.yaml"),
            ({"approver": "mona"}, "mona does not hold the role engineering"),
            ({"until": date(2026, 11, 21)}, "the waiver ended on 2026-11-21"),
            ({"since": date(2026, 11, 23)}, "the waiver starts on 2026-11-23"),
            ({"until": date(2026, 12, 5)}, "the waiver runs longer than 14 d"),
            ({"since": None, "until": date(2026, 12, 7)}, "the waiver ends more than 14 d from now"),
        ],
    )
    def test_a_waiver_that_does_not_count_says_why(self, change, note):
        found = self.laid(replace(WAIVER, **change))
        assert (found.waiver, found.waiver_note, found.state) == (None, note, State.NOT_MET)

    def test_the_longest_waiver_is_allowed_to_the_day(self):
        assert self.laid(replace(WAIVER, until=date(2026, 12, 4))).waiver is not None
        assert self.laid(replace(WAIVER, since=None, until=date(2026, 12, 6))).waiver is not None

    def test_a_waiver_of_another_criterion_or_gate_is_left_aside(self):
        assert self.laid(replace(WAIVER, criterion="REQ-A-001.c2")).waiver_note == ""
        assert self.laid(replace(WAIVER, gate="release")).waiver is None
        assert self.laid(replace(WAIVER, gate="merge")).waiver is not None

    def test_what_is_met_needs_no_waiver(self):
        met = line(State.MET)
        assert self.laid(WAIVER, met) == met

    def test_only_missing_evidence_may_be_waived_and_only_for_72_hours(self):
        missing = line(State.INCONCLUSIVE, Reason.MISSING)
        too_small = line(State.INCONCLUSIVE, Reason.UNPROVEN)
        assert self.laid(WAIVER, missing).waiver is not None  # 20 to 23 November
        assert "at most 72 h" in self.laid(replace(WAIVER, since=date(2026, 11, 19)), missing).waiver_note
        assert "at most 72 h" in self.laid(replace(WAIVER, since=None), missing).waiver_note
        assert "cannot be waived" in self.laid(WAIVER, too_small).waiver_note

    def test_a_later_waiver_counts_where_an_earlier_one_does_not(self):
        found = waive(line(State.NOT_MET), [replace(WAIVER, approver="jake"), WAIVER], GATE, ROLES, AT)
        assert found.waiver == WAIVER

    def test_a_waived_line_keeps_everything_else(self):
        found = self.laid(WAIVER, line(State.NOT_MET, blocking=False))
        assert (found.criterion, found.requirement, found.sentence, found.blocking) == (
            "REQ-A-001.c1",
            "REQ-A-001",
            "s",
            False,
        )


@pytest.mark.upheld("REQ-GAT-002.c1")
class TestSignOffs:
    """A sign-off approves one content in one role."""

    PEOPLE = {
        "jake": Person(id="jake", roles=("product",)),
        "okafor": Person(id="okafor", roles=("customer",), customer="northbank"),
    }  # fmt: skip
    ITEM = Requirement(
        id="REQ-A-001", title="Answers are quick", customers=("northbank", "tier:gold"), body="Within a second."
    )

    def catalogue(self, **change) -> Catalogue:
        return Catalogue(people=self.PEOPLE, requirements={"REQ-A-001": replace(self.ITEM, **change)})

    def signed(
        self, catalogue: Catalogue, *, valid: bool | None = True, role: str = "product", person: str = "jake"
    ) -> SignOff:
        return SignOff(
            item="REQ-A-001", hash=content_hash(catalogue, "REQ-A-001"), role=role, person=person, valid=valid, time=AT
        )  # fmt: skip

    def state(self, catalogue: Catalogue, *found: SignOff, role: str = "product") -> Required:
        return next(r for r in required_of(catalogue, "REQ-A-001", found) if r.role == role)

    def test_product_engineering_and_every_named_customer_are_asked(self):
        assert roles_asked(self.catalogue(), "REQ-A-001") == ("product", "engineering", "customer:northbank")
        assert roles_asked(self.catalogue(customers=("all",)), "REQ-A-001") == ("product", "engineering")
        assert roles_asked(self.catalogue(), "gate.merge") == ("product", "engineering")

    @pytest.mark.parametrize(
        ("valid", "expected"),
        [(True, SignOffState.SIGNED), (None, SignOffState.ASSERTED), (False, SignOffState.INVALID)],
    )
    def test_a_signature_decides_what_a_sign_off_is_worth(self, valid, expected):
        catalogue = self.catalogue()
        assert self.state(catalogue, self.signed(catalogue, valid=valid)).state is expected

    @pytest.mark.parametrize("change", [{"body": "Within a minute."}, {"title": "Answers are slow"}])
    def test_one_changed_word_makes_it_stale(self, change):
        found = self.state(self.catalogue(**change), self.signed(self.catalogue()))
        assert (found.state, found.detail) == (SignOffState.STALE, "jake signed another version")

    def test_white_space_and_status_change_nothing(self):
        moved = self.catalogue(body="Within\n  a second. ", status=replace(self.ITEM).status)
        assert self.state(moved, self.signed(self.catalogue())).state is SignOffState.SIGNED

    def test_nobody_signs_in_a_role_they_do_not_hold(self):
        catalogue = self.catalogue()
        assert self.state(catalogue, self.signed(catalogue, person="okafor")).state is SignOffState.INVALID
        assert "nobody in upheld.yaml" in self.state(catalogue, self.signed(catalogue, person="ghost")).detail

    def test_a_customers_signer_speaks_for_their_own_company_only(self):
        catalogue = self.catalogue(customers=("northbank", "eastcredit"))
        own = self.signed(catalogue, role="customer:northbank", person="okafor")
        other = self.signed(catalogue, role="customer:eastcredit", person="okafor")
        assert self.state(catalogue, own, other, role="customer:northbank").state is SignOffState.SIGNED
        assert self.state(catalogue, own, other, role="customer:eastcredit").state is SignOffState.INVALID

    def test_the_best_of_several_sign_offs_stands(self):
        catalogue = self.catalogue()
        good, asserted = self.signed(catalogue), self.signed(catalogue, valid=None)
        for found in ((good, asserted), (asserted, good)):
            assert self.state(catalogue, *found).state is SignOffState.SIGNED

    def test_a_role_without_a_sign_off_is_missing(self):
        assert self.state(self.catalogue()).state is SignOffState.MISSING

    def test_whoever_signed_beyond_what_is_asked_is_shown_too(self):
        catalogue = self.catalogue(customers=("all",))
        found = required_of(
            catalogue, "REQ-A-001", [self.signed(catalogue, role="customer:northbank", person="okafor")]
        )
        assert [r.role for r in found] == ["product", "engineering", "customer:northbank"]

    def test_a_gates_content_is_its_promises_on_one_subject(self):
        content = gate_hash(GATE, "tree:1", {"a": "1", "b": "2"})
        assert content == gate_hash(GATE, "tree:1", {"b": "2", "a": "1"})
        assert content != gate_hash(GATE, "tree:2", {"a": "1", "b": "2"})
        assert content != gate_hash(GATE, "tree:1", {"a": "1", "b": "3"})
        assert content != gate_hash(replace(GATE, name="other"), "tree:1", {"a": "1", "b": "2"})

    def test_the_signed_message_covers_every_field_but_the_signature(self):
        catalogue = self.catalogue()
        plain = self.signed(catalogue)
        assert message(plain) == message(replace(plain, signature="xyz", file="f", valid=False))
        for change in ({"item": "x"}, {"hash": "x"}, {"role": "x"}, {"person": "x"}, {"meaning": "x"}, {"time": None}):
            assert message(replace(plain, **change)) != message(plain)

    def test_it_binds_all_bits_of_the_content_and_not_the_short_fingerprint_of_links(self):
        catalogue = self.catalogue()
        digest = content_hash(catalogue, "REQ-A-001")
        assert len(digest) == len("sha256:") + 64
        assert content_hash(catalogue, "REQ-A-002") != digest
        assert catalogue.fingerprint("REQ-A-001") not in digest

    def test_state_of_ignores_other_roles(self):
        catalogue = self.catalogue()
        assert state_of(catalogue, "engineering", "h", [self.signed(catalogue)]).state is SignOffState.MISSING
