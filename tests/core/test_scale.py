"""One scale for every promise: bad share ÷ allowed bad share, checked by hand and against the verdict."""

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.criterion import Criterion, Indicator, Kind, Stage
from upheld.core.evidence import Evidence, Level, Prediction, Share, distribution
from upheld.core.judge import judge
from upheld.core.scale import used
from upheld.core.verdict import State

pytestmark = pytest.mark.upheld("REQ-PAG-001.c1")
AT = datetime(2026, 11, 22, tzinfo=UTC)
UNITS = {Kind.VALUE: quantity.SECOND, Kind.RATIO: quantity.SHARE}


def made(text: str, kind: Kind, *, census: bool = False, customers: tuple[str, ...] = ()) -> Criterion:
    sentence = criteria.parse(text)
    indicator = Indicator(name=sentence.indicator, kind=kind, unit=UNITS.get(kind, quantity.NUMBER), census=census)
    return Criterion(address="x.c1", sentence=sentence, indicator=indicator, needs=tuple(Stage), customers=customers)


def on_scale(criterion: Criterion, statistic, stage: Stage = Stage.BUILD):
    record = Evidence(indicator=criterion.indicator.name, stage=stage, statistic=statistic, subject="git:1", run="1")
    verdict = judge(criterion, stage, [record], at=AT)
    return verdict, used(criterion, verdict)


@pytest.mark.parametrize(
    ("sentence", "kind", "statistic", "expected"),
    [
        ("up >= 99.5 %", Kind.RATIO, Share(1000, 997), 0.6),  # 0.3 % bad of 0.5 % allowed
        ("up >= 99.5 %", Kind.RATIO, Share(1000, 990), 2.0),
        ("failed <= 2 %", Kind.RATIO, Share(1000, 10), 0.5),  # a share that is promised from above is itself the badness
        ("p90 of wait < 1 s", Kind.VALUE, distribution([0.5] * 95 + [2.0] * 5), 0.5),  # 5 % slow of 10 % allowed
        ("p90 of wait > 1 s", Kind.VALUE, distribution([0.5] * 5 + [2.0] * 95), 0.05 / 0.1 * 1.0 * 1.0),
        ("mean of wait < 2 s", Kind.VALUE, distribution([1.0, 1.0, 1.0]), 0.5),
        ("score >= 0.8", Kind.LEVEL, Level(0.4, 0.01), 2.0),
        ("score <= 0.8", Kind.LEVEL, Level(0.4, 0.01), 0.5),
    ],
)  # fmt: skip
def test_the_share_of_the_allowed_badness_is_what_a_person_computes(sentence, kind, statistic, expected):
    if sentence == "p90 of wait > 1 s":
        expected = 0.05 / 0.9  # p90 above one second asks for a tenth of the values above it: nine tenths may be below
    _, found = on_scale(made(sentence, kind), statistic)
    assert found.estimate == pytest.approx(expected)
    assert found.low <= found.estimate <= found.high


def test_nothing_bad_where_nothing_may_be_bad_is_flawless_and_one_bad_event_is_off_the_scale():
    criterion = made("passed = 100 %", Kind.RATIO, census=True)
    assert on_scale(criterion, Share(20, 20))[1].estimate == 0
    assert math.isinf(on_scale(criterion, Share(20, 19))[1].estimate)


def test_a_count_that_must_be_zero_is_flawless_or_off_the_scale():
    criterion = made("findings = 0", Kind.LEVEL, census=True)
    assert on_scale(criterion, Level(0.0))[1].estimate == 0
    assert math.isinf(on_scale(criterion, Level(3.0))[1].estimate)


def test_a_prediction_of_a_quantile_is_measured_by_its_value():
    _, found = on_scale(made("p95 of wait < 1 s", Kind.VALUE), Prediction(0.76, 0.62, 0.91), Stage.DESIGN)
    assert (found.low, found.estimate, found.high) == pytest.approx((0.62, 0.76, 0.91))


def test_without_any_number_there_is_no_mark():
    criterion = made("up >= 99.5 %", Kind.RATIO)
    assert used(criterion, judge(criterion, Stage.BUILD, [], at=AT)) is None


def test_a_promise_per_customer_is_used_as_much_as_by_the_one_that_decides():
    criterion = made("up >= 90 % over 30 d per customer", Kind.RATIO, customers=("a", "b"))
    window = {"start": datetime(2026, 10, 23, tzinfo=UTC), "end": AT, "observed": AT}
    found = [
        Evidence(indicator="up", stage=Stage.PRODUCTION, statistic=Share(1000, good), population={"customer": c}, **window)
        for c, good in (("a", 990), ("b", 850))
    ]  # fmt: skip
    verdict = judge(criterion, Stage.PRODUCTION, found, at=AT)
    assert verdict.state is State.NOT_MET
    mark = used(criterion, verdict)
    assert (mark.member, mark.estimate) == ("b", pytest.approx(1.5))  # pooled it would be 0.8: left of the line


@given(n=st.integers(1, 4000), share=st.floats(0, 1), target=st.sampled_from(["50 %", "90 %", "99.5 %"]))
def test_a_met_promise_lies_left_of_the_line_with_its_interval_and_a_broken_one_right_of_it(n, share, target):
    verdict, found = on_scale(made(f"up >= {target}", Kind.RATIO), Share(n, round(n * share)))
    if verdict.state is State.MET:
        assert found.high <= 1 + 1e-9
    elif verdict.state is State.NOT_MET:
        assert found.low >= 1 - 1e-9
    else:
        assert found.low <= 1 + 1e-9 <= found.high + 2e-9
