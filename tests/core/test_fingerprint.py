"""Fingerprints: what changes them, and what does not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.criterion import Binding, Criterion, Indicator, Kind, Rule, Stage
from upheld.core.fingerprint import binding_hash, indicator_hash, promise_hash, text_hash

pytestmark = pytest.mark.upheld("REQ-THR-001.c1")

INDICATOR = Indicator(
    name="insight.latency", kind=Kind.VALUE, unit=quantity.SECOND,
    sources={Stage.BUILD: "load: POST /insight", Stage.PRODUCTION: "histogram: request_seconds"},
)  # fmt: skip
PROMISE = Criterion(
    address="REQ-LAT-001.c1", sentence=criteria.parse("p95 of insight.latency < 1 s per customer"), indicator=INDICATOR,
    customers=("northbank", "eastcredit"), requirement="REQ-LAT-001",
)  # fmt: skip
BINDING = Binding(stage=Stage.BUILD)


class TestIndicator:
    def test_it_is_what_the_indicator_means_at_one_stage(self):
        assert indicator_hash(INDICATOR, Stage.BUILD) == indicator_hash(replace(INDICATOR), Stage.BUILD)
        assert len({indicator_hash(INDICATOR, stage) for stage in Stage}) == 3  # design and release have no source

    @pytest.mark.parametrize(
        "change",
        [
            {"name": "other"},
            {"kind": Kind.LEVEL},
            {"unit": quantity.UNITS["ms"]},
            {"sources": {Stage.BUILD: "load: GET /"}},
        ],
    )
    def test_another_meaning_has_another_hash(self, change):
        assert indicator_hash(replace(INDICATOR, **change), Stage.BUILD) != indicator_hash(INDICATOR, Stage.BUILD)

    @pytest.mark.parametrize(
        "change",
        [
            {"help": "seconds until the answer"},
            {"census": True},
            {"sources": INDICATOR.sources | {Stage.PRODUCTION: "x"}},
        ],
    )
    def test_help_and_other_stages_leave_it_alone(self, change):
        assert indicator_hash(replace(INDICATOR, **change), Stage.BUILD) == indicator_hash(INDICATOR, Stage.BUILD)

    def test_recorded_evidence_stays_valid_for_ever(self):
        """The hash is stored in evidence: these digits may only change together with a migration."""
        assert indicator_hash(INDICATOR, Stage.BUILD) == "aab5c62ec81bdc34"
        assert indicator_hash(INDICATOR, Stage.DESIGN) == "b0aa277aacec0551"


class TestPromise:
    @pytest.mark.parametrize(
        "change",
        [
            {"sentence": criteria.parse("p95 of insight.latency < 0.8 s per customer")},
            {"sentence": criteria.parse("p95 of insight.latency < 1 s")},
            {"customers": ("northbank",)},
            {"indicator": replace(INDICATOR, unit=quantity.UNITS["ms"])},
            {"indicator": replace(INDICATOR, kind=Kind.LEVEL)},
            {"indicator": replace(INDICATOR, name="x")},
            {"indicator": replace(INDICATOR, sources={})},
        ],
    )
    def test_sentence_indicator_and_customers_are_the_promise(self, change):
        assert promise_hash(replace(PROMISE, **change)) != promise_hash(PROMISE)

    @pytest.mark.parametrize(
        "change",
        [
            {"address": "REQ-B-002.c9"}, {"requirement": "x"}, {"owner": "lisa"}, {"blocking": False},
            {"bindings": {Stage.BUILD: BINDING}}, {"customers": ("eastcredit", "northbank")},
            {"indicator": replace(INDICATOR, sources=dict(reversed(INDICATOR.sources.items())))},
            {"sentence": criteria.parse("p95  of insight.latency  <  1.0 s   per customer")},
        ],
    )  # fmt: skip
    def test_address_owner_bindings_and_order_are_not(self, change):
        assert promise_hash(replace(PROMISE, **change)) == promise_hash(PROMISE)

    def test_signed_promises_stay_signed_for_ever(self):
        assert promise_hash(PROMISE) == "0e366f89bb9895e0"


class TestBinding:
    @pytest.mark.parametrize(
        "change",
        [
            {"stage": Stage.RELEASE}, {"rule": Rule.CENSUS}, {"environment": "staging"}, {"duration": 600.0},
            {"subject": "ancestor"}, {"max_age": 86400.0}, {"at_least": 2000}, {"per": "all"},
            {"no_worse_than": quantity.parse("3 %")}, {"confidence": Decimal("0.99")}, {"load": quantity.parse("200/s")},
        ],
    )  # fmt: skip
    def test_every_field_counts(self, change):
        assert binding_hash(replace(BINDING, **change)) != binding_hash(BINDING)

    def test_it_is_sixteen_digits_that_stay(self):
        assert binding_hash(BINDING) == "c9894df26293293d"
        full = Binding(
            stage=Stage.BUILD, rule=Rule.CONFIDENT, environment="staging", duration=600.0, subject="ancestor", max_age=60.0,
            at_least=5, per="customer", no_worse_than=quantity.parse("3 %"), confidence=Decimal("0.99"),
            load=quantity.parse("200/s"),
        )  # fmt: skip
        assert binding_hash(full) == "b3a08fcafa3e18f1"


class TestText:
    def test_white_space_and_the_order_of_promises_change_nothing(self):
        assert text_hash("A  title", "two\n words", ["b", "a"]) == text_hash("A title ", " two words", ["a", "b"])

    @pytest.mark.parametrize(
        "other", [("A titel", "two words", ["a"]), ("A title", "two words.", ["a"]), ("A title", "two words", ["b"])]
    )
    def test_one_changed_word_changes_it(self, other):
        assert text_hash(*other) != text_hash("A title", "two words", ["a"])

    def test_it_is_eight_digits_that_stay(self):
        assert text_hash("A title", "two words", ["b", "a"]) == "6f257a68"

    def test_other_alphabets_are_hashed_as_they_are_written(self):
        assert text_hash("Überblick", "日本", []) == "c7d81b36"
