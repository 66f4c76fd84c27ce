"""Classes of requirements and shared-out promises: silence is no answer, and nothing is given away twice."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.allocation import Allocation, Part, misfits, sums
from upheld.core.criterion import Criterion, Indicator, Kind, parse
from upheld.core.nonfunctional import Answer, Class, unanswered
from upheld.core.quantity import SECOND, SHARE, UNITS
from upheld.core.quantity import parse as amount

pytestmark = pytest.mark.upheld("REQ-CLS-001.c1")
TODAY = date(2026, 11, 22)
WAIVED = Answer(kind=Class.COST, owner="jake", reason="nobody pays per use", until=TODAY)

ANSWERS = {
    "a criterion that is judged": (Answer(kind=Class.COST, criteria=("R-1.c1",)), ""),
    "one of two criteria that is judged": (Answer(kind=Class.COST, criteria=("R-9.c1", "R-1.c1")), ""),
    "a waiver on its last day": (WAIVED, ""),
    "nothing": (None, "no criterion and no waiver"),
    "an empty line": (Answer(kind=Class.COST), "no criterion and no waiver"),
    "a criterion that nobody judges": (Answer(kind=Class.COST, criteria=("R-9.c1",)), "R-9.c1 is no criterion that is judged"),
    "a waiver without its end": (Answer(kind=Class.COST, owner="jake", reason="x"), "its waiver has no until"),
    "a waiver without owner and reason": (Answer(kind=Class.COST, until=TODAY), "its waiver has no owner and no reason"),
    "a waiver that ended yesterday": (
        Answer(kind=Class.COST, owner="jake", reason="x", until=date(2026, 11, 21)), "its waiver ended on 2026-11-21"),
}  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS)
def test_a_class_is_answered_by(case: str) -> None:
    answer, why = ANSWERS[case]
    found = unanswered([answer] if answer else [], {"R-1.c1"}, at=TODAY)
    assert {entry.kind: entry.why for entry in found}.get(Class.COST, "") == why
    assert len(found) == 11 + bool(why)


def test_there_are_twelve_classes_and_each_asks_a_question() -> None:
    assert [kind.value for kind in Class] == [
        "performance", "scalability", "availability", "reliability", "security", "privacy", "freshness", "model-quality",
        "explainability", "operability", "cost", "accessibility",
    ]  # fmt: skip
    assert all(kind.question.endswith("?") for kind in Class)


INDICATORS = {
    "a.time": Indicator(name="a.time", kind=Kind.VALUE, unit=SECOND),
    "a.up": Indicator(name="a.up", kind=Kind.RATIO, unit=SHARE),
    "a.cost": Indicator(name="a.cost", kind=Kind.LEVEL, unit=UNITS["EUR"]),
}


def promise(that: str) -> Criterion:
    sentence = parse(that)
    return Criterion(address="R-1.c1", sentence=sentence, indicator=INDICATORS[sentence.indicator])


def shared(*parts: str) -> Allocation:
    """`name limit` or `name limit misses`, the amounts without spaces."""
    made = []
    for part in parts:
        name, limit, *misses = part.split()
        made.append(Part(component=name, limit=amount(limit), misses=amount(misses[0]) if misses else None))
    return Allocation(name="a", criterion="R-1.c1", parts=tuple(made))


EXCEEDED = {
    "limits that add up to the promise": ("p95 of a.time < 1 s", ["gateway 100ms", "model 900ms"], []),
    "limits above the promise": ("p95 of a.time < 1 s", ["gateway 101ms", "model 900ms"], ["p95"]),
    "misses that add up to what is allowed": ("p95 of a.time < 1 s", ["gateway 0.1s 1%", "model 0.5s 4%"], []),
    "misses above what is allowed": ("p95 of a.time < 1 s", ["gateway 0.1s 1.1%", "model 0.5s 4%"], ["misses"]),
    "one miss that leaves nothing to the others": ("p95 of a.time < 1 s", ["gateway 0.1s 5%", "model 0.5s"], []),
    "means that add": ("mean of a.time < 1 s", ["gateway 0.6s", "model 0.6s"], ["mean"]),
    "errors that add up to what is allowed": ("a.up >= 99.5 %", ["gateway 0.2%", "model 0.3%"], []),
    "errors above what is allowed": ("a.up >= 99.5 %", ["gateway 0.2%", "model 0.31%"], ["errors"]),
    "seven sources of 0.5 % behind a promise of 99.5 %": (
        "a.up >= 99.5 %",
        [f"s{i} 0.5%" for i in range(7)],
        ["errors"],
    ),
    "seven sources of 0.07 %": ("a.up >= 99.5 %", [f"s{i} 0.07%" for i in range(7)], []),
    "costs above the limit": ("a.cost <= 3 EUR", ["model 2EUR", "feeds 1.01EUR"], ["limit"]),
}


@pytest.mark.parametrize("case", EXCEEDED)
def test_a_budget_is_refused_for(case: str) -> None:
    that, parts, expected = EXCEEDED[case]
    assert list(misfits(shared(*parts), promise(that))) == []
    assert [total.what for total in sums(shared(*parts), promise(that)) if total.exceeded] == expected


MISFITS = {
    "a share of a time": ("p95 of a.time < 1 s", "model 3%", "cannot be part of a limit in s"),
    "a time of a share": ("a.up >= 99.5 %", "model 1s", "cannot be part of a limit in %"),
    "another currency": ("a.cost <= 3 EUR", "model 1USD", "cannot be part of a limit in EUR"),
    "less than nothing": ("p95 of a.time < 1 s", "model -1s", "less than nothing"),
    "misses of a cost": ("a.cost <= 3 EUR", "model 1EUR 1%", "misses belong to a percentile"),
    "misses in seconds": ("p95 of a.time < 1 s", "model 0.1s 1s", "no share of requests"),
    "a promise without an upper limit": ("p95 of a.time > 1 s", "model 1s", "nothing to share out"),
}


@pytest.mark.parametrize("case", MISFITS)
def test_a_part_cannot_be(case: str) -> None:
    that, part, why = MISFITS[case]
    assert [why in text for _, text in misfits(shared(part), promise(that))] == [True]


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 20)), min_size=1, max_size=4), st.integers(0, 2**32))
def test_if_every_component_keeps_its_part_the_promise_is_kept_however_they_depend_on_each_other(
    parts: list[tuple[int, int]], seed: int
) -> None:
    # 1000 requests; each component misses its share of them, in any of them, and keeps its limit in all others.
    rows = [f"c{i} {limit}s {misses / 10}%" for i, (limit, misses) in enumerate(parts)]
    allocation = shared(*rows)
    limit = sum(limit for limit, _ in parts)
    bad = set()
    for i, (_, misses) in enumerate(parts):
        first = (seed >> (8 * i)) % 1000
        bad |= {(first + k) % 1000 for k in range(misses)}
    q = 1 - Fraction(sum(m for _, m in parts), 1000)
    criterion = (
        promise(f"p{float(q * 100):g} of a.time <= {limit} s") if 0 < q < 1 else promise(f"p99 of a.time <= {limit} s")
    )
    if not any(total.exceeded for total in sums(allocation, criterion)):
        assert Fraction(1000 - len(bad), 1000) >= (criterion.sentence.quantile or 0)
