"""A prediction is scored once, against the first valid run after it."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from upheld.core.criterion import Criterion, Indicator, Kind, Stage, parse
from upheld.core.evidence import Evidence, Prediction, distribution, identified
from upheld.core.prediction import interval, score, spread
from upheld.core.quantity import SECOND

pytestmark = pytest.mark.upheld("REQ-PRE-001.c1")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATENCY = Criterion(
    address="R-1.c1", sentence=parse("p95 of a.b < 1 s at 200/s"), requirement="R-1",
    indicator=Indicator(name="a.b", kind=Kind.VALUE, unit=SECOND),
)  # fmt: skip


def predicted(minutes, low=0.6, high=0.9, **more):
    return identified(
        Evidence(
            indicator="a.b", stage=Stage.DESIGN, statistic=Prediction((low + high) / 2, low, high),
            observed=NOON + timedelta(minutes=minutes), **more,
        )
    )  # fmt: skip


def ran(minutes, p95=0.8, *, lasted=10, failures=0, **more):
    given = {"conditions": {"offered": 200.0, "completed": 200.0}, **more}
    start = NOON + timedelta(minutes=minutes)
    return identified(
        Evidence(
            indicator="a.b", stage=Stage.BUILD, statistic=distribution([p95] * 100, failures=failures), start=start,
            end=start + timedelta(minutes=lasted), observed=start + timedelta(minutes=lasted), **given,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("what", "evidence", "want"),
    [
        ("inside", [predicted(0), ran(10)], (True, 0.8, 0.3)),
        ("above: the width and twenty times the miss", [predicted(0), ran(10, 1.0)], (False, 1.0, 2.3)),
        ("the first run counts, later ones do not", [predicted(0), ran(10, 1.0), ran(30, 0.8)], (False, 1.0, 2.3)),
        ("the newest prediction before the run", [predicted(0, 0.1, 0.2), predicted(5), ran(10)], (True, 0.8, 0.3)),
        ("what was predicted after the run began scores nothing", [predicted(12), ran(10)], None),
        ("a run from before the prediction does not count, the next one does", [ran(-20, 2.0), predicted(0), ran(10)], (True, 0.8, 0.3)),
        ("a void run does not count", [predicted(0), ran(10, 9.0, void="the disk was full"), ran(30)], (True, 0.8, 0.3)),
        ("a run under less load does not try it", [predicted(0), ran(10, 9.0, conditions={"offered": 100.0})], None),
        ("a run that does not say its load", [predicted(0), ran(10, 9.0, conditions={})], None),
        ("a run of one customer alone", [predicted(0), ran(10, 9.0, population={"customer": "northbank"})], None),
        ("a prediction of another promise", [predicted(0, links=("R-1.c2",)), ran(10)], None),
        ("no run yet", [predicted(0)], None),
    ],
)  # fmt: skip
def test_the_first_valid_run_decides(what, evidence, want):
    found = score(LATENCY, evidence)
    if want is None:
        assert found is None, what
        return
    hit, lived, points = want
    assert found is not None, what
    assert (found.hit, found.lived, found.points) == (hit, pytest.approx(lived), pytest.approx(points)), what


def test_a_run_whose_failures_reach_into_the_quantile_is_a_miss_without_a_number():
    found = score(LATENCY, [predicted(0), ran(10, failures=20)])
    assert found is not None
    assert (found.hit, found.lived, found.points) == (False, math.inf, math.inf)


def test_noise_of_the_run_is_told_from_doubt_of_the_inputs():
    pairs = [(math.exp(i / 10 + 0.1), math.exp(i / 10 - 0.1)) for i in range(-5, 6)]
    middle, found = spread(pairs, shrink=0.5, residual=0.2)
    assert middle == pytest.approx(0.0)
    assert found.run == pytest.approx(0.02 * 0.5)
    assert found.inputs == pytest.approx(0.11 - 0.02 / 2)
    assert found.residual == pytest.approx(0.04)
    told = interval(middle, found)
    assert math.log(told.high) == pytest.approx(1.6449 * math.sqrt(found.total), rel=1e-3)
    assert replace(found, inputs=0.0).total < found.total


def test_forty_graphs_that_were_predicted_and_then_run_stand_as_they_fell():
    told = json.loads((Path(__file__).parents[2] / "benchmarks" / "graphs" / "runs.json").read_text("utf-8"))
    before = json.loads((Path(__file__).parents[2] / "benchmarks" / "graphs" / "predictions.json").read_text("utf-8"))
    runs = told["runs"]
    assert told["predicted"] == before["predicted"] < told["begun"]
    assert {name: pytest.approx(p["low"], abs=1e-5) for name, p in before["graphs"].items()} == {
        name: run["low"] for name, run in runs.items()
    }
    inside = {name for name, run in runs.items() if run["low"] <= run["lived"] <= run["high"]}
    assert (len(runs), len(inside), told["hits"]) == (40, 36, 36)
    assert set(runs) - inside == {"520", "521", "522", "523"}  # the misses are kept
    assert sorted(run["high"] / run["low"] for run in runs.values())[19] <= 1.5
