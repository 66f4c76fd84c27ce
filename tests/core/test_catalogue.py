"""The catalogue: statements joined with their indicators and customers, and the fingerprints of items."""

from dataclasses import replace

import pytest

from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.catalogue import Catalogue, Config
from upheld.core.criterion import Binding, Indicator, Kind, Stage
from upheld.core.decision import Decision, Impact, Row
from upheld.core.decision import Status as DecisionStatus
from upheld.core.fingerprint import promise_hash
from upheld.core.gate import Gate
from upheld.core.gate import Kind as GateKind
from upheld.core.requirement import Customer, Person, Requirement, Statement, Status

pytestmark = pytest.mark.upheld("REQ-THR-001.c1")

CUSTOMERS = {
    "northbank": Customer(id="northbank", tier="gold", region="uk"),
    "fjordbank": Customer(id="fjordbank", tier="gold", region="no"),
    "eastcredit": Customer(id="eastcredit", tier="silver", region="uk"),
}
INDICATORS = {"task.done": Indicator(name="task.done", kind=Kind.RATIO, unit=quantity.SHARE)}


def statement(name: str = "c1", that: str = "task.done >= 90 %", **more) -> Statement:
    return Statement(id=name, that=that, sentence=criteria.parse(that), **more)


ITEM = Requirement(
    id="REQ-USE-001", title="Tasks are finished", status=Status.APPROVED, customers=("tier:gold",), priority="must",
    owners={"product": "jake", "engineering": "lisa"}, criteria=(statement(),), body="Nine of ten tasks.",
)  # fmt: skip
DECISION = Decision(
    id="ADR-0001", title="Two tiers", status=DecisionStatus.ACCEPTED, affects=("REQ-USE-001",), options=("one", "two"),
    chosen="two", impacts=(Impact(customer="northbank", impact="older insights"),), expected=(statement("o1"),),
    assumptions=(statement("a1"),), matrix=(Row(axis="cost", weight="3", scores={"one": "2", "two": "5"}),), body="Because.",
)  # fmt: skip


def catalogue(*items: Requirement, **more) -> Catalogue:
    known = {"customers": CUSTOMERS, "indicators": INDICATORS, "requirements": {r.id: r for r in items or (ITEM,)}}
    return Catalogue(**(known | more))


class TestCustomers:
    @pytest.mark.parametrize(
        ("selectors", "expected"),
        [
            (["all"], ("eastcredit", "fjordbank", "northbank")), (["tier:gold"], ("fjordbank", "northbank")),
            (["region:uk"], ("eastcredit", "northbank")), (["northbank"], ("northbank",)),
            (["tier:silver", "fjordbank"], ("eastcredit", "fjordbank")), (["northbank", "tier:gold"], ("fjordbank", "northbank")),
            (["tier:bronze"], ()), (["colour:red"], ()), ([], ()), (["unknownbank"], ("unknownbank",)),
        ],
    )  # fmt: skip
    def test_selectors_name_customers(self, selectors, expected):
        assert catalogue().promised_to(selectors) == expected


class TestCriteria:
    def test_a_statement_is_joined_with_its_indicator_and_customers(self):
        criterion = catalogue().criteria["REQ-USE-001.c1"]
        assert criterion.indicator is INDICATORS["task.done"]
        assert criterion.customers == ("fjordbank", "northbank")
        assert (criterion.requirement, criterion.owner, criterion.blocking) == ("REQ-USE-001", "lisa", True)
        assert criterion.sentence == criteria.parse("task.done >= 90 %")

    def test_bindings_and_severity_are_kept(self):
        bound = {Stage.BUILD: Binding(stage=Stage.BUILD, environment="staging")}
        criterion = catalogue(replace(ITEM, criteria=(statement(bindings=bound, blocking=False),))).criteria[
            "REQ-USE-001.c1"
        ]
        assert (criterion.bindings, criterion.blocking) == (bound, False)

    @pytest.mark.parametrize(
        "broken",
        [Statement(id="c1", that="task done often"), statement(that="other.thing >= 90 %")],
    )
    def test_what_cannot_be_judged_is_left_out(self, broken):
        known = catalogue(replace(ITEM, criteria=(broken, statement("c2"))))
        assert list(known.criteria) == ["REQ-USE-001.c2"]
        assert known.criterion(ITEM, broken) is None

    def test_a_retired_requirement_promises_nothing_any_more_and_the_next_one_still_does(self):
        other = replace(ITEM, id="REQ-USE-002")
        assert list(catalogue(replace(ITEM, status=Status.RETIRED), other).criteria) == ["REQ-USE-002.c1"]

    def test_an_owner_nobody_named_is_empty(self):
        assert catalogue(replace(ITEM, owners={})).criteria["REQ-USE-001.c1"].owner == ""

    def test_criteria_stand_in_the_order_of_the_files(self):
        items = [replace(ITEM, id=f"REQ-USE-00{n}", criteria=(statement("c2"), statement("c1"))) for n in (3, 1)]
        assert list(catalogue(*items).criteria) == [
            "REQ-USE-003.c2", "REQ-USE-003.c1", "REQ-USE-001.c2", "REQ-USE-001.c1",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("own", "configured", "expected"),
        [
            ((Stage.BUILD,), {"must": (Stage.DESIGN,)}, (Stage.BUILD,)),
            (None, {"must": (Stage.DESIGN, Stage.BUILD)}, (Stage.DESIGN, Stage.BUILD)),
            (None, {"should": (Stage.DESIGN,)}, tuple(Stage)),
            (None, {}, tuple(Stage)),
            ((), {"must": (Stage.DESIGN,)}, ()),
        ],
    )
    def test_the_stages_that_are_asked(self, own, configured, expected):
        known = catalogue(replace(ITEM, criteria=(statement(needs=own),)), config=Config(needs=configured))
        assert known.criteria["REQ-USE-001.c1"].needs == expected

    def test_an_indicator_is_found_by_its_name(self):
        assert catalogue().indicator("task.done") is INDICATORS["task.done"]
        assert catalogue().indicator("nothing") is None


class TestFreeCriteria:
    """Those of gates and decisions."""

    GATE = Gate(name="merge", kind=GateKind.TECHNICAL, stage="release")

    def test_a_gates_own_criterion_is_addressed_by_the_gate_and_judged_at_its_stage(self):
        own = catalogue().gate_criterion(self.GATE, statement("tasks", blocking=False))
        assert own is not None
        assert (own.address, own.needs, own.blocking, own.requirement) == (
            "gate.merge.tasks",
            (Stage.RELEASE,),
            False,
            "",
        )
        assert (own.indicator, own.sentence) == (INDICATORS["task.done"], criteria.parse("task.done >= 90 %"))

    def test_a_decisions_outcome_is_lived_in_production(self):
        bound = {Stage.PRODUCTION: Binding(stage=Stage.PRODUCTION, at_least=9)}
        outcome = catalogue().outcome(DECISION, statement("o1", bindings=bound))
        assert outcome is not None
        assert (outcome.address, outcome.needs, outcome.bindings) == ("ADR-0001.o1", (Stage.PRODUCTION,), bound)

    @pytest.mark.parametrize("broken", [Statement(id="x", that="often"), statement(that="other.thing >= 90 %")])
    def test_what_cannot_be_judged_is_none(self, broken):
        assert catalogue().gate_criterion(self.GATE, broken) is None
        assert catalogue().outcome(DECISION, broken) is None


class TestFingerprints:
    def test_a_criterion_is_seen_as_its_promise(self):
        known = catalogue()
        assert known.fingerprint("REQ-USE-001.c1") == promise_hash(known.criteria["REQ-USE-001.c1"])[:8]

    def test_what_is_not_there_has_none(self):
        assert catalogue().fingerprint("REQ-NO-001") == ""

    @pytest.mark.parametrize(
        "change",
        [
            {"title": "Tasks are done"}, {"body": "Eight of ten tasks."}, {"customers": ("all",)},
            {"criteria": (statement(that="task.done >= 80 %"),)}, {"criteria": (statement("c2"),)}, {"criteria": ()},
            {"criteria": (statement(), Statement(id="c2", that="often"))},
        ],
    )  # fmt: skip
    def test_a_requirement_is_its_words_and_its_promises(self, change):
        assert catalogue(replace(ITEM, **change)).fingerprint(ITEM.id) != catalogue().fingerprint(ITEM.id)

    @pytest.mark.parametrize(
        "change",
        [
            {"status": Status.DELIVERED}, {"owners": {}}, {"priority": "should"}, {"file": "x.md"},
            {"body": " Nine  of ten\ntasks."}, {"customers": ("northbank", "fjordbank")},
        ],
    )  # fmt: skip
    def test_its_state_and_place_are_not(self, change):
        assert catalogue(replace(ITEM, **change)).fingerprint(ITEM.id) == catalogue().fingerprint(ITEM.id)

    @pytest.mark.parametrize("text", ["often", "seldom"])
    def test_a_statement_that_does_not_parse_counts_by_its_words(self, text):
        often = catalogue(replace(ITEM, criteria=(Statement(id="c1", that="often"),))).fingerprint(ITEM.id)
        other = catalogue(replace(ITEM, criteria=(Statement(id="c1", that=text),))).fingerprint(ITEM.id)
        assert (often == other) is (text == "often")

    def seen(self, **change) -> str:
        return catalogue(decisions={"ADR-0001": replace(DECISION, **change)}).fingerprint("ADR-0001")

    @pytest.mark.parametrize(
        "change",
        [
            {"title": "One tier"}, {"chosen": "one"}, {"options": ("one", "two", "three")}, {"affects": ()}, {"body": "No."},
            {"expected": ()}, {"expected": (statement("o1", "task.done >= 91 %"),)}, {"assumptions": ()},
            {"impacts": ()}, {"impacts": (Impact(customer="northbank", impact="newer insights"),)},
            {"matrix": ()}, {"matrix": (Row(axis="cost", weight="3", scores={"one": "3", "two": "5"}),)},
            {"matrix": (Row(axis="cost", weight="1", scores={"one": "2", "two": "5"}),)},
            {"matrix": (Row(axis="speed", weight="3", scores={"one": "2", "two": "5"}),)},
        ],
    )  # fmt: skip
    def test_a_decision_is_what_was_weighed_and_chosen(self, change):
        assert self.seen(**change) != self.seen()

    @pytest.mark.parametrize(
        "change",
        [{"status": DecisionStatus.SUPERSEDED}, {"matrix": (Row(axis="cost", weight="3", scores={"two": "5", "one": "2"}),)},
         {"impacts": (Impact(customer="northbank", impact="older insights", accepted_by="okafor"),)}],
    )  # fmt: skip
    def test_its_status_and_who_accepted_it_are_not(self, change):
        assert self.seen(**change) == self.seen()


def test_everybody_has_their_roles():
    people = {"jake": Person(id="jake", roles=("product", "executive")), "bob": Person(id="bob")}
    assert catalogue(people=people).roles() == {"jake": ("product", "executive"), "bob": ()}


def test_an_empty_project_defines_nothing():
    empty = Catalogue()
    assert (empty.criteria, empty.roles(), empty.promised_to(["all"]), empty.config) == ({}, {}, (), Config())
