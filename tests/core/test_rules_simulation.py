"""What rules 3, 6 and 12 do to the rate of false verdicts, through the judge itself.

A verdict is false when the truth sits exactly at the target and the judge says otherwise. Seeds are fixed, each noise
model is stated where it is made; the numbers in comments are what these seeds give. About 45 s of CPU in all.
"""

import functools
import math
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy import optimize

from upheld.core import criterion as criteria
from upheld.core import evidence as records
from upheld.core import quantity
from upheld.core.criterion import Binding, Criterion, Indicator, Kind, Stage
from upheld.core.judge import judge
from upheld.core.verdict import State, Verdict

pytestmark = [pytest.mark.slow, pytest.mark.upheld("REQ-JDG-002.c1")]

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def promise(text: str, **binding) -> Criterion:
    sentence = criteria.parse(text)
    indicator = Indicator(name=sentence.indicator, kind=Kind.RATIO, unit=quantity.SHARE)
    bindings = {Stage.BUILD: Binding(stage=Stage.BUILD, **binding)}
    return Criterion(address="REQ-X-001.c1", sentence=sentence, indicator=indicator, bindings=bindings)


def share(n: int, good: int, **more) -> records.Evidence:
    return records.Evidence(
        indicator="task.done", stage=Stage.BUILD, subject="git:a", statistic=records.Share(int(n), int(good)), **more
    )  # fmt: skip


def decide(criterion: Criterion, *found: records.Evidence) -> Verdict:
    return judge(criterion, Stage.BUILD, found, at=AT)


# ── Rule 3: load tests on a system with moods ────────────────────────────────────────────────────────────────────────

RATE, SECONDS, TARGET, RUNS = 200, 600, 0.95, 150


def ar1_moods(correlation: int, rng: np.random.Generator) -> np.ndarray:
    """Bad shares per second: logit(bad) = a + 0.8 z, z a standard normal AR(1) process in steps of 1 s.

    Its coefficient is exp(-1/correlation) and it starts in its stationary distribution; `a` is such that the mean over
    that distribution is exactly 5 % bad.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    middle = optimize.brentq(
        lambda a: float(weights @ (1 / (1 + np.exp(-(a + 0.8 * nodes)))) / weights.sum()) - (1 - TARGET), -9, 0
    )
    memory = math.exp(-1 / correlation)
    z = np.empty((RUNS, SECONDS))
    z[:, 0] = rng.standard_normal(RUNS)
    for t in range(1, SECONDS):
        z[:, t] = memory * z[:, t - 1] + math.sqrt(1 - memory**2) * rng.standard_normal(RUNS)
    return 1 / (1 + np.exp(-(middle + 0.8 * z)))


def slow_periods(correlation: int, rng: np.random.Generator) -> np.ndarray:
    """Bad shares per second: a two-state Markov chain in steps of 1 s, its state an AR(1) process as above.

    Busy 30 % of the time, and then 10 % of the requests are bad; calm, 2.86 % are: 5 % in the long run.
    """
    memory = math.exp(-1 / correlation)
    busy = np.empty((RUNS, SECONDS), bool)
    busy[:, 0] = rng.random(RUNS) < 0.3
    for t in range(1, SECONDS):
        busy[:, t] = rng.random(RUNS) < np.where(busy[:, t - 1], 0.3 + 0.7 * memory, 0.3 * (1 - memory))
    return np.where(busy, 0.10, (0.05 - 0.3 * 0.10) / 0.7)


MODELS = {"ar1": ar1_moods, "slow periods": slow_periods}


@functools.cache
def falsely_met(model: str, correlation: int) -> tuple[float, float]:
    """Share of 150 load tests of 120 000 requests at exactly 95 % that are met: as bare counts, and timed with buckets."""
    rng = np.random.default_rng([correlation, len(model)])
    bad = rng.binomial(RATE, MODELS[model](correlation, rng))
    criterion = promise("task.done >= 95 %")
    bare = timed = 0
    for run in bad:
        good = RATE * SECONDS - int(run.sum())
        tens = 10 * RATE - run.reshape(-1, 10).sum(axis=1)
        series = tuple(records.Bucket(10.0 * i, 10.0, records.Share(10 * RATE, int(g))) for i, g in enumerate(tens))
        bare += decide(criterion, share(RATE * SECONDS, good)).met
        timed += decide(criterion, share(RATE * SECONDS, good, series=series, conditions={"seconds": SECONDS})).met
    return bare / RUNS, timed / RUNS


@pytest.mark.parametrize(
    ("model", "correlation", "at_most"),
    [("ar1", 1, 0.10), ("ar1", 30, 0.20), ("slow periods", 1, 0.10), ("slow periods", 30, 0.20)],
)
def test_bare_counts_are_falsely_met_in_a_third_to_a_half_of_load_tests_and_timed_buckets_in_far_fewer(
    model, correlation, at_most
):
    bare, timed = falsely_met(model, correlation)
    assert 0.22 <= bare <= 0.56, bare
    assert timed <= at_most, timed
    assert timed <= bare / 2


@pytest.mark.parametrize("model", MODELS)
def test_moods_of_two_minutes_are_beyond_a_run_of_ten(model):
    """The rule does not cure them, and says so: prefer longer runs."""
    bare, timed = falsely_met(model, 120)
    assert 0.40 <= bare <= 0.62
    assert 0.10 <= timed <= 0.75 * bare


def test_the_length_alone_errs_less_than_bare_counts():
    """The same moods (AR(1), 30 s) without buckets: one event per second counts."""
    rng = np.random.default_rng(7)
    bad = rng.binomial(RATE, ar1_moods(30, rng)).sum(axis=1)
    criterion = promise("task.done >= 95 %")
    n = RATE * SECONDS
    met = [decide(criterion, share(n, n - b, conditions={"seconds": SECONDS})).met for b in bad]
    assert np.mean(met) <= 0.15


# ── Rule 6: many customers ───────────────────────────────────────────────────────────────────────────────────────────

CUSTOMERS, EVENTS, MONTHS = 50, 20_000, 40


@functools.cache
def false_months() -> tuple[float, float]:
    """Share of months in which some customer is falsely not met: each judged alone, and together by the rule.

    The noise model: 50 customers with 20 000 independent events each, every one at exactly 95 %.
    """
    rng = np.random.default_rng(6)
    together = promise("task.done >= 95 % per customer", per="customer")
    single = promise("task.done >= 95 %")
    alone = ruled = 0
    for good in rng.binomial(EVENTS, 0.95, (MONTHS, CUSTOMERS)):
        members = [share(EVENTS, g, population={"customer": f"c{i:02}"}) for i, g in enumerate(good)]
        alone += any(decide(single, member).state is State.NOT_MET for member in members)
        ruled += decide(together, *members).state is State.NOT_MET
    return alone / MONTHS, ruled / MONTHS


def test_of_fifty_customers_at_the_target_some_one_is_falsely_not_met_in_nine_months_of_ten():
    alone, _ = false_months()
    assert 0.83 <= alone <= 0.97, alone


def test_with_the_correction_a_month_is_falsely_not_met_at_most_as_often_as_one_customer():
    _, ruled = false_months()
    assert ruled <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / MONTHS), ruled


def test_the_correction_still_finds_a_customer_who_is_really_below():
    """The same customers and one at 94 %: its 20 000 events show it in every month."""
    rng = np.random.default_rng(61)
    together = promise("task.done >= 95 % per customer", per="customer")
    found = 0
    for _ in range(10):
        good = [*rng.binomial(EVENTS, 0.95, CUSTOMERS - 1), rng.binomial(EVENTS, 0.94)]
        verdict = decide(
            together, *(share(EVENTS, g, population={"customer": f"c{i:02}"}) for i, g in enumerate(good))
        )  # fmt: skip
        found += verdict.state is State.NOT_MET
    assert found == 10


# ── Rule 12: run until green ─────────────────────────────────────────────────────────────────────────────────────────

TRIES, STORIES = 5, 120


@pytest.mark.upheld("REQ-JDG-004.c1")
def test_running_until_green_is_falsely_met_at_most_twice_as_often_as_one_run():
    """Up to five runs of independent events at exactly 90 %, stopped at the first that is met (level 95 %)."""
    n, rng = 400, np.random.default_rng(12)
    criterion = promise("task.done >= 90 %")
    alone = ruled = 0
    for goods in rng.binomial(n, 0.9, (STORIES, TRIES)):
        runs = [share(n, g, run=f"run-{j}") for j, g in enumerate(goods)]
        alone += any(decide(criterion, run).met for run in runs)
        ruled += any(decide(criterion, *runs[: j + 1]).met for j in range(TRIES))
    noise = 2 * math.sqrt(0.1 * 0.9 / STORIES)
    assert alone / STORIES >= 0.15
    assert ruled / STORIES <= 0.10 + noise
    assert ruled < alone / 2


@pytest.mark.upheld("REQ-JDG-004.c1")
def test_a_broken_build_stays_broken_however_often_it_is_run():
    """A share of 85 % where 90 % is promised: five runs of 300 never turn it green."""
    rng = np.random.default_rng(121)
    criterion = promise("task.done >= 90 %")
    for goods in rng.binomial(300, 0.85, (20, TRIES)):
        runs = [share(300, g, run=f"run-{j}") for j, g in enumerate(goods)]
        assert not any(decide(criterion, *runs[: j + 1]).met for j in range(TRIES))
