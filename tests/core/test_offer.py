"""Offers: the tightest promise that the evidence supports, found with the same judge."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from scipy import stats

from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.criterion import Criterion, Indicator, Kind, Stage
from upheld.core.evidence import (
    Auc,
    Cell,
    Evidence,
    Level,
    Mean,
    Prediction,
    Quantile,
    Rate,
    Share,
    Statistic,
    distribution,
)
from upheld.core.judge import judge
from upheld.core.offer import offer
from upheld.core.quantity import Quantity
from upheld.core.statistics import Moments
from upheld.core.verdict import State

pytestmark = pytest.mark.upheld("REQ-OFF-001.c1")
AT = datetime(2026, 11, 22, tzinfo=UTC)


def made(text: str, kind: Kind, unit: quantity.Unit = quantity.NUMBER) -> Criterion:
    sentence = criteria.parse(text)
    return Criterion(address="offer", sentence=sentence, indicator=Indicator(name="x", kind=kind, unit=unit))


def found(statistic: Statistic, **more) -> Evidence:
    return Evidence(indicator="x", stage=Stage.BUILD, statistic=statistic, **more)


LATENCY = made("p95 of x <= 1 s", Kind.VALUE, quantity.SECOND)


@pytest.mark.slow
def test_ten_thousand_random_offers_are_met_and_one_bucket_tighter_never_is():
    chance = random.Random(20261122)
    for _ in range(10_000):
        edges = sorted({round(chance.lognormvariate(-1, 1), 4) for _ in range(chance.randint(2, 12))})
        cells = tuple(Cell(a, b, chance.randint(0, 60)) for a, b in zip(edges, edges[1:], strict=False))
        failures = chance.choice((0, 0, 1, 5))
        total = Quantile(sum(c.count for c in cells) + failures, cells, failures)
        if not total.n:
            continue
        level = chance.choice(("80 %", "95 %", "99 %"))
        q = chance.choice(("p50", "p90", "p95", "p99"))
        op = chance.choice(("<=", "<", ">=", ">"))
        criterion = made(f"{q} of x {op} 1 s with {level}", Kind.VALUE, quantity.SECOND)
        best = offer(criterion.sentence, criterion, Stage.BUILD, [found(total)], at=AT)[0]
        for target, expected in ((best.target, True), (best.tighter, False)):
            if target is None:
                continue
            sentence = replace(criterion.sentence, target=Quantity(Decimal(target), quantity.SECOND))
            verdict = judge(replace(criterion, sentence=sentence), Stage.BUILD, [found(total)], at=AT)
            assert (verdict.state is State.MET) is expected


@pytest.mark.slow
def test_offers_at_95_percent_cover_the_true_quantile_in_95_percent_of_5000_simulations():
    """80 independent log-normal latencies a run; the true 95th percentile is known."""
    chance = np.random.default_rng(7)
    truth = float(np.exp(stats.norm.ppf(0.95) * 0.5))
    covered = 0
    for _ in range(5000):
        values = np.exp(chance.standard_normal(80) * 0.5)
        best = offer(LATENCY.sentence, LATENCY, Stage.BUILD, [found(distribution(values.tolist()))], at=AT)[0]
        covered += best.target is None or best.target >= truth
    assert covered / 5000 >= 0.95


def test_the_offer_for_all_is_the_weakest_of_the_customers():
    slow = found(distribution([2.0] * 100), population={"customer": "slow"})
    quick = found(distribution([0.5] * 100), population={"customer": "quick"})
    offers = offer(LATENCY.sentence, LATENCY, Stage.BUILD, [slow, quick], at=AT)
    assert [(o.member, o.target) for o in offers] == [("", 2.0), ("quick", 0.5), ("slow", 2.0)]


def test_a_customer_with_too_little_evidence_lets_no_promise_be_made_to_all():
    little = found(distribution([0.5] * 10), population={"customer": "little"})
    much = found(distribution([0.5] * 100), population={"customer": "much"})
    offers = offer(LATENCY.sentence, LATENCY, Stage.BUILD, [little, much], at=AT)
    assert [(o.member, o.target) for o in offers] == [("", None), ("little", None), ("much", 0.5)]


def test_a_share_is_offered_to_a_hundredth_of_a_percent_below_its_bound():
    criterion = made("x >= 50 %", Kind.RATIO)
    best = offer(criterion.sentence, criterion, Stage.BUILD, [found(Share(1000, 990))], at=AT)[0]
    bound = stats.beta.ppf(0.05, 990, 11)
    assert best.target == pytest.approx(np.floor(bound * 10_000) / 10_000)
    assert best.tighter == pytest.approx(best.target + 1e-4)


@pytest.mark.parametrize(
    ("statistic", "text", "bound"),
    [
        (Level(0.82, 0.015), "x >= 0.5", 0.82 - 1.6448536 * 0.015),
        (Prediction(0.76, 0.62, 0.91), "x <= 5", 0.91),
        (Mean(Moments(n=100, mean=0.5, m2=99 * 0.04)), "mean of x <= 1 s", 0.5 + stats.t.ppf(0.95, 99) * 0.02),
        (Rate(10, 86400.0), "rate of x <= 9/s", stats.chi2.ppf(0.95, 22) / 2 / 86400),
    ],
)
def test_numbers_are_offered_to_within_a_step_of_their_bound(statistic, text, bound):
    kinds = {Mean: Kind.VALUE, Rate: Kind.COUNT}
    unit = quantity.SECOND if isinstance(statistic, Mean) else quantity.NUMBER
    criterion = made(text, kinds.get(type(statistic), Kind.LEVEL), unit)
    stage = Stage.DESIGN if isinstance(statistic, Prediction) else Stage.BUILD
    best = offer(criterion.sentence, criterion, stage, [replace(found(statistic), stage=stage)], at=AT)[0]
    assert best.target is not None
    assert best.tighter is not None
    between = sorted((best.target, best.tighter))
    assert between[0] <= bound <= between[1]
    assert between[1] - between[0] < 0.02 * abs(bound)


def test_nothing_is_offered_on_nothing():
    best = offer(LATENCY.sentence, LATENCY, Stage.BUILD, [], at=AT)
    assert [(o.target, o.tighter, o.n) for o in best] == [(None, None, 0)]


def test_void_evidence_and_other_stages_do_not_count():
    void = found(distribution([0.1] * 100), void="wrong machine")
    other = replace(found(distribution([0.1] * 100)), stage=Stage.DESIGN)
    best = offer(LATENCY.sentence, LATENCY, Stage.BUILD, [void, other], at=AT)[0]
    assert (best.target, best.n) == (None, 0)


def test_a_level_without_an_error_supports_no_promise():
    criterion = made("auc of x >= 0.5", Kind.LEVEL)
    assert offer(criterion.sentence, criterion, Stage.BUILD, [found(Level(0.9))], at=AT)[0].target is None


def test_score_histograms_are_no_grid_to_offer_on():
    criterion = made("auc of x >= 0.5", Kind.LEVEL)
    assert offer(criterion.sentence, criterion, Stage.BUILD, [found(Auc((1, 5), (5, 1)))], at=AT)[0].target is None
