"""Threads: one promise in stage order, what is missing, and exactly what a change makes suspect or stale."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from upheld.core import criterion as criteria
from upheld.core import evidence as records
from upheld.core import quantity
from upheld.core.allocation import Allocation
from upheld.core.catalogue import Catalogue, Config
from upheld.core.criterion import Binding, Indicator, Kind, Stage
from upheld.core.decision import Decision
from upheld.core.decision import Status as DecisionStatus
from upheld.core.gate import SignOff, SignOffState
from upheld.core.meeting import Review
from upheld.core.nonfunctional import Answer, Class
from upheld.core.requirement import Customer, Link, Person, Requirement, Source, Statement, Status
from upheld.core.risk import Risk
from upheld.core.scope import Scope, narrow
from upheld.core.signoff import content_hash
from upheld.core.thread import Change, Direction, Thread, impact, threads
from upheld.core.verdict import Reason, State

pytestmark = pytest.mark.upheld("REQ-THR-001.c1")

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SENTENCE = "p95 of insight.latency < 1 s at 200/s over 30 d per customer"


def statement(name: str = "c1", that: str = SENTENCE, **more) -> Statement:
    return Statement(id=name, that=that, sentence=criteria.parse(that), **more)


LATENCY = Requirement(
    id="REQ-LAT-001", title="Insights arrive while the adviser is still on the phone", status=Status.APPROVED,
    customers=("northbank", "eastcredit"), priority="must", owners={"product": "jake", "engineering": "lisa"},
    criteria=(statement(bindings={Stage.BUILD: Binding(stage=Stage.BUILD, duration=600.0)}),),
    body="When an adviser opens a client, the service shall answer within 1 s.",
)  # fmt: skip
TASKS = Requirement(
    id="REQ-USE-001", title="Advisers finish their tasks", status=Status.PROPOSED, customers=("northbank",),
    priority="should", links=(Link(relation="refines", to="REQ-LAT-001", seen="00000000"),),
    criteria=(statement("c1", "task.done >= 90 %", needs=(Stage.BUILD,)), statement("c2", "task.done >= 50 %", needs=(Stage.BUILD,))),
)  # fmt: skip
TWO_TIER = Decision(
    id="ADR-0007", title="Two tiers", status=DecisionStatus.ACCEPTED, affects=("REQ-LAT-001.c1",),
)  # fmt: skip
WHOLE = Decision(id="ADR-0008", title="Cache", status=DecisionStatus.ACCEPTED, affects=("REQ-LAT-001",))
OTHER = Decision(id="ADR-0009", title="Colours", status=DecisionStatus.ACCEPTED, affects=("REQ-USE-001.c1",))
PEOPLE = {
    "jake": Person(id="jake", roles=("product",)), "lisa": Person(id="lisa", roles=("engineering",)),
    "okafor": Person(id="okafor", roles=("customer",), customer="northbank"),
    "emma": Person(id="emma", roles=("customer",), customer="eastcredit"),
}  # fmt: skip


def catalogue(*requirements: Requirement, **more) -> Catalogue:
    items = requirements or (LATENCY, TASKS)
    indicators = {
        "insight.latency": Indicator(name="insight.latency", kind=Kind.VALUE, unit=quantity.SECOND),
        "task.done": Indicator(name="task.done", kind=Kind.RATIO, unit=quantity.SHARE),
        "http3.done": Indicator(name="http3.done", kind=Kind.RATIO, unit=quantity.SHARE),
    }
    known = {
        "customers": {c: Customer(id=c, tier="gold") for c in ("northbank", "eastcredit")}, "people": PEOPLE,
        "indicators": indicators, "requirements": {r.id: r for r in items},
        "decisions": {d.id: d for d in (TWO_TIER, WHOLE, OTHER)}, "config": Config(project="p"),
    }  # fmt: skip
    return Catalogue(**(known | more))


def tightened(text: str, **more) -> Requirement:
    return replace(LATENCY, criteria=(statement(that=text, bindings=LATENCY.criteria[0].bindings),), **more)


def evidence(indicator: str, statistic: dict, stage: str, file: str = "", **more) -> records.Evidence:
    source = {"source": {"file": file}} if file else {}
    record = {"schema": records.SCHEMA, "indicator": indicator, "stage": stage, "statistic": statistic}
    return records.decode(record | source | more)


def lived(customer: str) -> records.Evidence:
    window = {"from": (AT - timedelta(days=30)).isoformat(), "to": AT.isoformat()}
    cells = {"kind": "quantile", "cells": [[0.1, 0.5, 9900], [0.9, 1.0, 100]]}
    return evidence("insight.latency", cells, "production", window=window, population={"customer": customer})


PREDICTED = evidence("insight.latency", {"kind": "prediction", "value": 0.7, "low": 0.6, "high": 0.9}, "design")
SPLIT = evidence(
    "insight.latency", {"kind": "quantile", "n": 120000, "good": 119000, "threshold": 1}, "build", "locust_stats.csv",
    subject="git:old", run="load-1", conditions={"seconds": 600, "completed": 200},
)  # fmt: skip
MINUTE = {"kind": "quantile", "cells": [[0.1, 0.7, 990], [0.9, 1.0, 10]]}
HISTOGRAM = evidence(
    "insight.latency", {"kind": "quantile", "cells": [[0.1, 0.7, 9900], [0.9, 1.0, 100]]}, "release", "release.json",
    subject="git:old", series=[{"at": i * 60, "seconds": 60, "statistic": MINUTE} for i in range(10)],
)  # fmt: skip
EVERYTHING = [PREDICTED, SPLIT, HISTOGRAM, lived("northbank"), lived("eastcredit")]


def signed(known: Catalogue, role: str, person: str, item: str = "REQ-LAT-001", valid: bool | None = True) -> SignOff:
    return SignOff(item=item, hash=content_hash(known, item), role=role, person=person, valid=valid)


def all_signed(known: Catalogue) -> list[SignOff]:
    roles = {"product": "jake", "engineering": "lisa", "customer:northbank": "okafor", "customer:eastcredit": "emma"}
    return [signed(known, role, person) for role, person in roles.items()]


def one(known: Catalogue, found=(), **asked) -> Thread:
    return threads(known, found, at=AT, only=["REQ-LAT-001"], **asked)[0]


class TestOneThread:
    """Everything known about one criterion, in stage order."""

    def test_the_four_stages_stand_in_order_with_their_verdicts(self):
        thread = one(catalogue(), EVERYTHING)
        assert list(thread.stages) == [Stage.DESIGN, Stage.BUILD, Stage.RELEASE, Stage.PRODUCTION]
        assert [v.state for v in thread.stages.values() if v] == [State.MET] * 4
        assert thread.state is State.MET

    def test_what_the_requirement_says_stands_beside_it(self):
        thread = one(catalogue())
        assert (thread.title, thread.status, thread.priority) == (LATENCY.title, "approved", "must")
        assert thread.owners == {"product": "jake", "engineering": "lisa"}
        assert thread.criterion.address == "REQ-LAT-001.c1"
        assert thread.criterion.customers == ("eastcredit", "northbank")

    def test_the_worst_stage_that_is_asked_decides(self):
        slow = replace(PREDICTED, statistic=records.Prediction(2.0, 1.5, 3.0))
        assert one(catalogue(), [slow]).state is State.NOT_MET
        assert one(catalogue(), [PREDICTED]).state is State.INCONCLUSIVE

    def test_a_stage_that_is_not_asked_has_no_verdict(self):
        first = threads(catalogue(), EVERYTHING, at=AT, only=["REQ-USE-001.c1"])[0]
        assert {stage for stage, v in first.stages.items() if v is None} == set(Stage) - {Stage.BUILD}

    def test_decisions_that_affect_the_criterion_or_its_requirement_are_named_once(self):
        both = replace(TWO_TIER, affects=("REQ-LAT-001.c1", "REQ-LAT-001"))
        known = catalogue(decisions={"ADR-0007": both, "ADR-0008": WHOLE, "ADR-0009": OTHER})
        assert one(known).decisions == ("ADR-0007", "ADR-0008")
        assert threads(known, [], at=AT, only=["REQ-USE-001.c1"])[0].decisions == ("ADR-0009",)

    def test_each_customer_stands_at_production(self):
        production = one(catalogue(), EVERYTHING).stages[Stage.PRODUCTION]
        assert production is not None
        assert [(g.member, g.state) for g in production.groups] == [("eastcredit", State.MET), ("northbank", State.MET)]

    @pytest.mark.parametrize(
        ("only", "addresses"),
        [
            ((), ["REQ-LAT-001.c1", "REQ-USE-001.c1", "REQ-USE-001.c2"]),
            (["REQ-USE-001"], ["REQ-USE-001.c1", "REQ-USE-001.c2"]),
            (["REQ-USE-001.c2"], ["REQ-USE-001.c2"]),
            (["REQ-USE-001.c2", "REQ-LAT-001"], ["REQ-LAT-001.c1", "REQ-USE-001.c2"]),
            (["REQ-NO-001"], []),
        ],
    )
    def test_all_threads_or_those_that_are_named(self, only, addresses):
        assert [t.criterion.address for t in threads(catalogue(), [], at=AT, only=only)] == addresses

    def test_a_retired_requirement_has_no_thread(self):
        assert threads(catalogue(replace(LATENCY, status=Status.RETIRED)), EVERYTHING, at=AT) == ()

    def test_evidence_of_another_indicator_changes_nothing(self):
        other = evidence("task.done", {"kind": "share", "n": 10, "good": 0}, "design")
        assert one(catalogue(), [*EVERYTHING, other]) == one(catalogue(), EVERYTHING)

    def test_the_time_of_judging_is_an_input(self):
        later = replace(PREDICTED, observed=AT + timedelta(days=1))
        design = one(catalogue(), [later]).stages[Stage.DESIGN]
        assert design is not None
        assert design.reason is Reason.MISSING


class TestAgreement:
    """Agreed: every required role signed the present words."""

    def test_all_roles_signed_are_agreed(self):
        known = catalogue()
        thread = one(known, sign_offs=all_signed(known))
        assert thread.agreement is State.MET
        assert [r.role for r in thread.agreed] == [
            "product",
            "engineering",
            "customer:northbank",
            "customer:eastcredit",
        ]
        assert {r.state for r in thread.agreed} == {SignOffState.SIGNED}

    def test_an_asserted_sign_off_is_enough_for_a_draft(self):
        known = catalogue()
        inside = [s if s.role.startswith("customer") else replace(s, valid=None) for s in all_signed(known)]
        assert one(known, sign_offs=inside).agreement is State.MET

    def test_a_customer_agrees_only_by_a_signature(self):
        known = catalogue()
        asserted = [replace(s, valid=None) for s in all_signed(known)]
        assert one(known, sign_offs=asserted).agreement is State.INCONCLUSIVE

    def test_one_role_that_is_missing_keeps_it_open_and_is_named(self):
        known = catalogue()
        thread = one(known, sign_offs=all_signed(known)[1:])
        assert thread.agreement is State.INCONCLUSIVE
        assert "sign-off of product" in thread.missing

    def test_one_changed_word_makes_every_sign_off_stale(self):
        given = all_signed(catalogue())
        thread = one(
            catalogue(replace(LATENCY, body="The service shall answer within one second."), TASKS), sign_offs=given
        )
        assert thread.agreement is State.INCONCLUSIVE
        assert thread.stale == (
            "sign-off of product: jake signed another version", "sign-off of engineering: lisa signed another version",
            "sign-off of customer:northbank: okafor signed another version",
            "sign-off of customer:eastcredit: emma signed another version",
        )  # fmt: skip

    def test_a_sign_off_of_another_requirement_does_not_count(self):
        known = catalogue()
        given = [signed(known, "product", "jake", item="REQ-USE-001")]
        assert {r.state for r in one(known, sign_offs=given).agreed} == {SignOffState.MISSING}
        tasks = threads(known, [], at=AT, only=["REQ-USE-001.c1"], sign_offs=given)[0]
        assert tasks.agreed[0].state is SignOffState.SIGNED

    def test_nothing_signed_and_nothing_asked_is_no_agreement(self):
        assert replace(one(catalogue()), agreed=()).agreement is State.INCONCLUSIVE


class TestMissing:
    """What is missing, and what would settle it."""

    def test_every_stage_without_evidence_says_what_is_wanted(self):
        thread = one(catalogue())
        assert thread.missing[-4:] == (
            "Predicted: evidence of insight.latency at stage design",
            "Tested: evidence of insight.latency at stage build",
            "Released: evidence of insight.latency at stage release",
            "Lived: evidence of insight.latency at stage production",
        )

    def test_a_source_is_named_where_the_indicator_knows_one(self):
        indicator = Indicator(
            name="insight.latency", kind=Kind.VALUE, unit=quantity.SECOND, sources={Stage.BUILD: "load: POST /insight"}
        )
        missing = one(catalogue(indicators={"insight.latency": indicator})).missing
        assert "Tested: evidence of insight.latency at stage build (load: POST /insight)" in missing

    def test_a_silent_customer_is_missing_at_production(self):
        missing = one(catalogue(), [PREDICTED, SPLIT, HISTOGRAM, lived("northbank")]).missing
        assert [m for m in missing if m.startswith("Lived")] == ["Lived: eastcredit (no evidence)"]

    def test_what_is_there_is_not_missing(self):
        assert [m for m in one(catalogue(), EVERYTHING).missing if not m.startswith("sign-off")] == []

    def test_a_stage_that_is_not_asked_is_not_missing(self):
        thread = threads(catalogue(), [], at=AT, only=["REQ-USE-001.c1"])[0]
        assert [m for m in thread.missing if not m.startswith("sign-off")] == [
            "Tested: evidence of task.done at stage build"
        ]


class TestStale:
    """What was measured for another promise or on another tree."""

    def test_counts_split_at_the_old_limit_are_stale(self):
        thread = one(catalogue(tightened(SENTENCE.replace("1 s", "0.8 s")), TASKS), EVERYTHING)
        assert thread.stale == ("Tested: counts were split at 1 s, 0.8 s is promised now",)
        tested, released = (thread.stages[s] for s in (Stage.BUILD, Stage.RELEASE))
        assert tested is not None
        assert released is not None
        assert (tested.reason, released.state) == (Reason.STALE, State.MET)

    @pytest.mark.parametrize(
        ("subject", "ancestors", "stale"),
        [
            ("git:new", frozenset(), ("Tested: measured on another tree (git:old)",)),
            ("git:new", frozenset({"git:old"}), ("Tested: measured on an earlier commit (git:old)",)),
            ("git:old", frozenset(), ()),
            ("", frozenset(), ()),
        ],
    )
    def test_a_test_of_another_tree_is_shown_as_such(self, subject, ancestors, stale):
        assert one(catalogue(), EVERYTHING, subject=subject, ancestors=ancestors).stale == stale

    def test_where_the_subject_itself_was_measured_older_measurements_are_not_shown(self):
        newer = replace(SPLIT, subject="git:old", observed=AT - timedelta(hours=1))
        own = replace(SPLIT, subject="git:new", observed=AT - timedelta(hours=2), run="own")
        build = one(catalogue(), [newer, own], subject="git:new").stages[Stage.BUILD]
        assert build is not None
        assert (build.subject, build.n) == ("git:new", 120000)

    def test_an_unasked_stage_does_not_hide_a_stale_one(self):
        latency = replace(
            tightened(SENTENCE.replace("1 s", "0.8 s")),
            criteria=(statement(that=SENTENCE.replace("1 s", "0.8 s"), needs=(Stage.BUILD,)),),
        )
        assert one(catalogue(latency, TASKS), EVERYTHING).stale == (
            "Tested: counts were split at 1 s, 0.8 s is promised now",
        )

    def test_a_long_subject_is_cut(self):
        long = replace(SPLIT, subject="tree:0123456789abcdef0123")
        assert one(catalogue(), [long], subject="tree:ffff").stale == (
            "Tested: measured on another tree (tree:0123456789ab)",
        )


class TestImpact:
    """What a change of the definitions does, promise by promise."""

    def changed(
        self, after: Catalogue, before: Catalogue | None = None, found=EVERYTHING, given=None
    ) -> tuple[Change, ...]:
        old = before or catalogue()
        return impact(old, after, found, all_signed(old) if given is None else given, at=AT)

    def test_one_second_to_eight_tenths_lists_exactly_the_dependent_decisions_sign_offs_links_and_evidence(self):
        (change,) = self.changed(catalogue(tightened(SENTENCE.replace("1 s", "0.8 s")), TASKS))
        assert (change.criterion, change.direction) == ("REQ-LAT-001.c1", Direction.TIGHTENED)
        assert (change.before, change.after) == (SENTENCE, SENTENCE.replace("1 s", "0.8 s"))
        assert change.decisions == ("ADR-0007", "ADR-0008")
        assert change.links == ("REQ-USE-001",)
        assert change.sign_offs == (
            "REQ-LAT-001 by jake (product)", "REQ-LAT-001 by lisa (engineering)",
            "REQ-LAT-001 by okafor (customer:northbank)", "REQ-LAT-001 by emma (customer:eastcredit)",
        )  # fmt: skip
        assert change.evidence == ("Tested: locust_stats.csv (counts were split at 1 s, 0.8 s is promised now)",)
        assert change.needs_customers == ()

    def test_loosening_a_promise_that_a_customer_signed_names_that_customer(self):
        known = catalogue()
        given = [signed(known, "customer:northbank", "okafor"), signed(known, "product", "jake")]
        (change,) = self.changed(catalogue(tightened(SENTENCE.replace("1 s", "2 s")), TASKS), given=given)
        assert (change.direction, change.needs_customers) == (Direction.LOOSENED, ("northbank",))

    def test_removing_a_promise_needs_the_customers_who_signed_it(self):
        (change,) = self.changed(catalogue(replace(LATENCY, criteria=()), TASKS))
        assert (change.direction, change.after, change.evidence) == (Direction.REMOVED, "", ())
        assert change.needs_customers == ("northbank", "eastcredit")

    def test_a_new_promise_is_added_and_asks_nobody(self):
        extra = replace(TASKS, criteria=(*TASKS.criteria, statement("c3", "task.done >= 70 %", needs=(Stage.BUILD,))))
        (change,) = self.changed(catalogue(LATENCY, extra), given=[])
        assert (change.criterion, change.direction, change.before) == ("REQ-USE-001.c3", Direction.ADDED, "")
        assert (change.after, change.sign_offs, change.needs_customers) == ("task.done >= 70 %", (), ())

    def test_nothing_changed_lists_nothing(self):
        assert self.changed(catalogue()) == ()

    @pytest.mark.parametrize("text", ["1000 ms", "1.0 s"])
    def test_the_same_limit_in_other_words_is_neither_tighter_nor_looser(self, text):
        changes = self.changed(catalogue(tightened(SENTENCE.replace("1 s", text)), TASKS))
        assert [c.direction for c in changes] == ([Direction.CHANGED] if text == "1000 ms" else [])

    def test_a_sign_off_of_the_criterion_itself_counts_too(self):
        given = [SignOff(item="REQ-LAT-001.c1", hash="h", role="product", person="jake")]
        (change,) = self.changed(catalogue(tightened(SENTENCE.replace("1 s", "0.8 s")), TASKS), given=given)
        assert change.sign_offs == ("REQ-LAT-001.c1 by jake (product)",)

    def test_changes_stand_in_the_order_of_their_addresses(self):
        loose = replace(TASKS, criteria=(statement("c1", "task.done >= 80 %"), statement("c2", "task.done >= 60 %")))
        changes = self.changed(catalogue(tightened(SENTENCE.replace("1 s", "0.8 s")), loose))
        assert [c.criterion for c in changes] == ["REQ-LAT-001.c1", "REQ-USE-001.c1", "REQ-USE-001.c2"]
        assert [c.direction for c in changes] == [Direction.TIGHTENED, Direction.LOOSENED, Direction.TIGHTENED]

    def test_evidence_is_named_by_its_file_its_run_or_its_id(self):
        after = catalogue(tightened(SENTENCE.replace("1 s", "0.8 s")), TASKS)
        by_run = replace(SPLIT, source={})
        by_id = replace(SPLIT, source={}, run="", id="sha256:0123456789abcdef")
        for found, name in ((by_run, "load-1"), (by_id, "sha256:0123456789ab")):
            (change,) = self.changed(after, found=[found])
            assert change.evidence == (f"Tested: {name} (counts were split at 1 s, 0.8 s is promised now)",)

    @pytest.mark.parametrize(
        ("before", "after", "direction"),
        [
            (("northbank",), ("northbank", "eastcredit"), Direction.TIGHTENED),
            (("northbank", "eastcredit"), ("northbank",), Direction.LOOSENED),
            (("northbank",), ("eastcredit",), Direction.CHANGED),
        ],
    )
    def test_a_promise_to_more_customers_is_tighter(self, before, after, direction):
        old, new = (catalogue(replace(LATENCY, customers=c), TASKS) for c in (before, after))
        (change,) = self.changed(new, old, given=[])
        assert change.direction is direction

    def test_the_order_in_which_customers_are_named_changes_nothing(self):
        assert self.changed(catalogue(replace(LATENCY, customers=("eastcredit", "northbank")), TASKS)) == ()

    def test_an_indicator_that_is_found_elsewhere_changes_the_promise(self):
        moved = Indicator(name="task.done", kind=Kind.RATIO, unit=quantity.SHARE, sources={Stage.BUILD: "survey"})
        latency = catalogue().indicators["insight.latency"]
        changes = self.changed(catalogue(indicators={"insight.latency": latency, "task.done": moved}))
        assert [(c.criterion, c.direction) for c in changes] == [
            ("REQ-USE-001.c1", Direction.CHANGED), ("REQ-USE-001.c2", Direction.CHANGED),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new", "direction"),
        [
            ("task.done >= 90 %", "task.done >= 95 %", Direction.TIGHTENED),
            ("task.done >= 90 %", "task.done >= 85 %", Direction.LOOSENED),
            ("task.done > 90 %", "task.done > 91 %", Direction.TIGHTENED),
            ("task.done <= 10 %", "task.done <= 5 %", Direction.TIGHTENED),
            ("task.done < 10 %", "task.done < 20 %", Direction.LOOSENED),
            ("task.done = 90 %", "task.done = 95 %", Direction.CHANGED),
            ("task.done >= 90 %", "task.done > 90 %", Direction.CHANGED),
            ("task.done >= 90 %", "task.done >= 90 % with 99 %", Direction.CHANGED),
            ("task.done >= 90 % over 30 d", "task.done >= 95 % over 30 d", Direction.TIGHTENED),
            ("task.done >= 90 % over 30 d", "task.done >= 95 % over 90 d", Direction.CHANGED),
            ("p95 of insight.latency < 1 s", "p99 of insight.latency < 1 s", Direction.CHANGED),
            ("p95 of insight.latency < 1 s", "p95 of insight.latency < 800 ms", Direction.TIGHTENED),
            ("p95 of insight.latency > 1 s", "p95 of insight.latency > 1000 ms", Direction.CHANGED),
            ("http3.done >= 3 %", "http3.done >= 4 %", Direction.TIGHTENED),
            ("task.done >= 90 %", "p95 of insight.latency >= 90 s", Direction.CHANGED),
        ],
    )
    def test_the_direction_of_a_change(self, old, new, direction):
        before, after = (catalogue(replace(TASKS, criteria=(statement("c1", text),))) for text in (old, new))
        (change,) = impact(before, after, [], [], at=AT)
        assert change.direction is direction


# ── What one customer may see ────────────────────────────────────────────────────────────────────────────────────────


def seen_by(customer, definitions, evidence, sign_offs):
    scope = Scope(product="", customers=frozenset({customer}), inside=False)
    seen = narrow(definitions, evidence, sign_offs, scope)
    return threads(seen.catalogue, seen.evidence, at=AT, sign_offs=seen.sign_offs, agreed=seen.agreed)


def test_a_customer_sees_its_own_promises_numbers_and_sign_offs_and_nothing_of_anyone_else():
    requirement = replace(LATENCY, source=Source(document="East Credit MSA", quote="fast"))
    definitions = catalogue(requirement)
    day = {"start": AT - timedelta(days=30), "end": AT, "observed": AT}
    evidence = [
        records.Evidence(indicator="insight.latency", stage=Stage.PRODUCTION, population={"customer": name}, **day,
                 statistic=records.distribution([0.5] * good + [3.0] * (2000 - good)))
        for name, good in (("northbank", 1990), ("eastcredit", 1000))
    ]  # fmt: skip
    sign_offs = [
        SignOff(item="REQ-LAT-001", hash=content_hash(definitions, "REQ-LAT-001"), role=f"customer:{c}", person=p, valid=True)
        for c, p in (("northbank", "okafor"), ("eastcredit", "emma"))
    ]  # fmt: skip
    everybody = threads(definitions, evidence, at=AT, sign_offs=sign_offs)
    (own,) = seen_by("northbank", definitions, evidence, sign_offs)
    assert everybody[0].stages[Stage.PRODUCTION].state is State.NOT_MET
    assert own.stages[Stage.PRODUCTION].state is State.MET
    assert [g.member for g in own.stages[Stage.PRODUCTION].groups] == ["northbank"]
    assert own.criterion.customers == ("northbank",)
    signed = {r.role: r.state for r in own.agreed}
    assert signed["customer:northbank"] is SignOffState.SIGNED
    for word in ("eastcredit", "East Credit", "emma"):
        assert word not in repr(own)
    assert seen_by("nobody", definitions, evidence, sign_offs) == ()


def test_a_customer_sees_nothing_of_risks_reviews_budgets_and_what_is_not_answered():
    inside = {
        "risks": {"R": Risk(id="R")}, "reviews": {"V": Review(id="V")}, "answers": (Answer(kind=Class.COST),),
        "allocations": (Allocation(name="a", criterion="REQ-LAT-001.c1"),),
        "decisions": {"D": Decision(id="D", title="d", status=DecisionStatus.ACCEPTED, affects=("REQ-LAT-001",))},
    }  # fmt: skip
    definitions = replace(catalogue(LATENCY), **inside)
    scope = Scope(product="", customers=frozenset({"northbank"}), inside=False)
    seen = narrow(definitions, [], [], scope).catalogue
    assert not any(getattr(seen, name) for name in inside)
    everybody = Scope(product="", customers=None, inside=True)
    assert all(getattr(narrow(definitions, [], [], everybody).catalogue, name) for name in inside)


def test_a_thread_names_each_re_opened_decision_that_affects_it_once_with_every_reason():
    overdue = Decision(
        id="D", title="d", status=DecisionStatus.ACCEPTED, affects=("REQ-LAT-001", "REQ-LAT-001.c1"),
        review_by=date(2020, 1, 1), expected=(replace(statement("o1", "p95 of insight.latency < 1 s"), due=date(2020, 1, 1)),),
    )  # fmt: skip
    definitions = replace(
        catalogue(LATENCY), decisions={"D": overdue, "E": replace(overdue, id="E", affects=("REQ-X",))}
    )
    (thread,) = threads(definitions, [], at=AT)
    assert [decision for decision, _ in thread.reopened] == ["D", "D"]
    assert "was due on 2020-01-01" in thread.reopened[0][1]
    assert "overdue" in thread.reopened[1][1]
