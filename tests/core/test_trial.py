"""Trying another number: the same judge, step by step, on the same evidence."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.criterion import Criterion, Indicator, Kind, Stage
from upheld.core.evidence import Evidence, Share, distribution
from upheld.core.judge import judge
from upheld.core.trial import targets, trial
from upheld.core.verdict import State

pytestmark = pytest.mark.upheld("REQ-PAG-001.c1")
AT = datetime(2026, 11, 22, tzinfo=UTC)


def made(text: str, kind: Kind, unit: quantity.Unit) -> Criterion:
    sentence = criteria.parse(text)
    return Criterion(
        address="x.c1", sentence=sentence, indicator=Indicator(name=sentence.indicator, kind=kind, unit=unit),
        needs=(Stage.BUILD, Stage.PRODUCTION),
    )  # fmt: skip


LATENCY = made("p95 of wait < 1 s", Kind.VALUE, quantity.SECOND)
UP = made("up >= 99.5 %", Kind.RATIO, quantity.SHARE)
RUN = [
    Evidence(indicator="wait", stage=Stage.BUILD, subject="git:1", statistic=distribution([0.71] * 990 + [1.2] * 10))
]


@pytest.mark.parametrize(
    ("criterion", "low", "high"),
    [
        (LATENCY, "0.25 s", "1.75 s"),
        (UP, "99.05 %", "99.95 %"),
        (made("wait-count <= 200", Kind.LEVEL, quantity.NUMBER), "50", "350"),
    ],
)
def test_round_thresholds_are_tried_on_both_sides_of_the_promise(criterion, low, high):
    found = targets(criterion)
    numbers = [t.base for t in found]
    assert numbers == sorted(set(numbers))
    assert criterion.sentence.target.base in numbers
    assert quantity.parse(low).base >= numbers[0]
    assert quantity.parse(high).base <= numbers[-1]
    assert 20 <= len(found) <= 31, [str(t) for t in found]
    assert all(len(quantity.plain(t.number).replace(".", "").strip("0")) <= 4 for t in found)


@pytest.mark.parametrize("text", ["findings = 0", "findings <= 0"])
def test_where_only_one_number_makes_sense_none_is_tried(text):
    assert trial(made(text, Kind.LEVEL, quantity.NUMBER), [], at=AT) == ()


def test_every_step_says_what_the_judge_says_to_the_sentence_with_that_number():
    steps = trial(LATENCY, RUN, at=AT)
    assert {s.stages[Stage.BUILD].state for s in steps} == {State.MET, State.NOT_MET}
    for step in steps:
        sentence = criteria.parse(f"p95 of wait < {step.target}")
        verdict = judge(replace(LATENCY, sentence=sentence), Stage.BUILD, RUN, at=AT)
        assert step.stages[Stage.BUILD].state is verdict.state
        assert step.stages[Stage.PRODUCTION].reason == "missing"


def test_exactly_one_step_is_the_promise_as_it_stands():
    assert [str(s.target) for s in trial(LATENCY, RUN, at=AT) if s.promised] == ["1 s"]


def test_a_step_names_the_customers_that_it_would_break():
    criterion = replace(made("up >= 99 % over 30 d per customer", Kind.RATIO, quantity.SHARE), customers=("a", "b"))
    window = {"start": datetime(2026, 10, 23, tzinfo=UTC), "end": AT, "observed": AT}
    found = [
        Evidence(indicator="up", stage=Stage.PRODUCTION, statistic=Share(10_000, good), population={"customer": c}, **window)
        for c, good in (("a", 9_990), ("b", 9_930))
    ]  # fmt: skip
    by_target = {str(s.target): s.stages[Stage.PRODUCTION].members for s in trial(criterion, found, at=AT)}
    assert by_target["99 %"] == ()
    assert by_target["99.5 %"] == ("b",)
