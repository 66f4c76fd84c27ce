"""Whether a design answers in time: the figures of the synchronous analysis and its alternatives."""

import math
import random
from dataclasses import replace

import pytest

from upheld.core.latency import Question, forecast, loads, saturation
from upheld.core.network import (
    Arrivals,
    Background,
    Cached,
    Chain,
    Network,
    Parallel,
    Step,
    demand,
    is_plain,
    quantile,
    simulate,
)  # fmt: skip
from upheld.core.prediction import interval_score
from upheld.core.sampling import Sample, Stated, lognormal, sample
from upheld.engines import clock

pytestmark = pytest.mark.upheld("REQ-PRE-001.c1")
ANALYSIS = Stated(shape="uniform", numbers=(15.0, 20.0))
ASK = Question(q=0.95, target=1.0, seconds=600.0, residual=0.08)


def quiet(done, of):
    assert done <= of


def predict(network, question=ASK):
    return forecast(network, question, simulate=simulate, dice=random.Random, tell=quiet)


def constant(seconds):
    return Stated(shape="constant", numbers=(seconds,))


@pytest.mark.slow
def test_a_synchronous_analysis_of_15_to_20_s_is_infeasible_with_any_number_of_workers():
    found = predict(Network(root=Step(id="analysis", time=ANALYSIS, station="pool"), arrivals=Arrivals(rate=200)))
    assert found.promised.low >= 15
    assert 3_000 <= found.in_flight <= 4_000
    limited = predict(
        Network(stations={"pool": 3_600}, root=Step(id="analysis", time=ANALYSIS, station="pool"), arrivals=Arrivals(rate=200)),
        replace(ASK, seconds=60.0),
    )  # fmt: skip
    assert limited.workers == {"pool": None}  # no number keeps it


@pytest.mark.slow
def test_precomputing_1000_portfolios_every_5_minutes_needs_59_workers_84_at_70_percent_and_61_or_62_to_finish():
    batches = Arrivals(rate=1000 / 300, batch=1000, every=300.0)
    network = Network(stations={"pool": 59}, root=Step(id="analysis", time=ANALYSIS, station="pool"), arrivals=batches)
    [load] = loads(network)
    assert load.load == pytest.approx(58.33, abs=0.01)
    assert (load.fewest, load.comfortable) == (59, 84)
    found = predict(network, replace(ASK, target=300.0, batch=True))
    assert found.workers["pool"] in (61, 62)


@pytest.mark.slow
def test_the_interval_covers_the_inputs_the_model_and_the_later_run():
    drawn = random.Random(5)
    values = tuple(0.02 * math.exp(0.5 * drawn.gauss(0, 1)) for _ in range(60))
    network = Network(
        stations={"a": 4}, root=Step(id="a", time=Sample(values), station="a"), arrivals=Arrivals(rate=60)
    )
    short = predict(network, replace(ASK, seconds=20.0))
    long = predict(network, replace(ASK, seconds=2_000.0))
    assert short.spread.inputs > 0
    assert short.spread.run > 5 * long.spread.run
    assert short.promised.high / short.promised.low > long.promised.high / long.promised.low
    without = predict(network, replace(ASK, seconds=2_000.0, residual=0.0))
    assert without.promised.high / without.promised.low < long.promised.high / long.promised.low


def test_percentiles_are_not_added():
    step = Stated(shape="exponential", numbers=(1.0,))
    two = Network(root=Chain((Step(id="a", time=step), Step(id="b", time=step))), arrivals=Arrivals(rate=1))
    p95 = quantile(simulate(two, 40_000, random.Random(1)).latency, 0.95)
    assert p95 == pytest.approx(4.744, rel=0.03)  # Erlang of order 2; the sum of both p95 would be 5.99


@pytest.mark.parametrize(
    ("name", "node", "want"),
    [
        ("a chain adds", Chain((Step(id="a", time=constant(1)), Step(id="b", time=constant(2)))), 3.0),
        ("branches wait for the slowest", Parallel((Step(id="a", time=constant(1)), Step(id="b", time=constant(2)))), 2.0),
        ("a hit spares the miss", Cached(id="c", hit=1.0, time=constant(0.5), miss=Step(id="a", time=constant(9))), 0.5),
        ("a miss costs the miss", Cached(id="c", hit=0.0, time=constant(0.5), miss=Step(id="a", time=constant(9))), 9.0),
        ("nobody waits for the background", Chain((Background(Step(id="a", time=constant(9))), Step(id="b", time=constant(2)))), 2.0),
        ("what fails never answers", Step(id="a", time=constant(1), fails=1.0), math.inf),
    ],
)  # fmt: skip
@pytest.mark.parametrize("engine", [simulate, clock.simulate], ids=["stations", "clock"])
def test_what_each_part_of_a_graph_means(name, node, want, engine):
    network = Network(root=node, arrivals=Arrivals(rate=1, regular=True))
    assert engine(network, 5, random.Random(1)).latency == pytest.approx([want] * 5), name


@pytest.mark.slow
def test_both_engines_agree_where_both_can_answer():
    network = Network(
        stations={"a": 3, "b": 2, "c": 4},
        root=Chain(
            (
                Step(id="a", station="a", time=lognormal(0.02, 0.06)),
                Parallel((Step(id="b", station="b", time=constant(0.01)), Step(id="c", station="c", time=lognormal(0.02, 0.08)))),
            )
        ),
        arrivals=Arrivals(rate=90),
    )  # fmt: skip
    both = []
    for engine in (simulate, clock.simulate):
        runs = [quantile(engine(network, 6_000, random.Random(seed)).latency[600:], 0.95) for seed in range(5)]
        both.append(sum(runs) / len(runs))
    assert both[0] == pytest.approx(both[1], rel=0.05)


def test_a_caller_that_gives_up_leaves_the_line_and_a_served_one_leaves_work_behind():
    slow = Step(id="a", station="a", time=constant(1.0), timeout=0.4)
    network = Network(stations={"a": 1}, root=slow, arrivals=Arrivals(rate=1, batch=3, every=10.0))
    found = clock.simulate(network, 3, random.Random(1))
    assert all(math.isinf(value) for value in found.latency)
    assert found.busy == {"a": 1.0}  # the first was served for nobody, the others never came to be served


def test_retries_answer_what_a_single_attempt_does_not():
    once = Step(id="a", time=constant(0.1), fails=0.5)
    many = replace(once, retries=3)
    failed = []
    for step in (once, many):
        network = Network(root=step, arrivals=Arrivals(rate=10))
        latency = clock.simulate(network, 4_000, random.Random(2)).latency
        failed.append(sum(map(math.isinf, latency)) / len(latency))
    assert failed[0] == pytest.approx(0.5, abs=0.03)
    assert failed[1] == pytest.approx(0.0625, abs=0.015)
    assert demand(Network(stations={"w": 1}, root=replace(many, station="w"), arrivals=Arrivals(rate=1)))["w"][
        0
    ] == pytest.approx(1.875)


def test_a_station_that_is_visited_twice_needs_one_clock_for_all():
    again = Chain((Step(id="a", station="db", time=constant(1)), Step(id="b", station="db", time=constant(1))))
    assert not is_plain(Network(stations={"db": 2}, root=again, arrivals=Arrivals(rate=1)))
    assert is_plain(Network(stations={"db": None}, root=again, arrivals=Arrivals(rate=1)))


def test_the_saturation_is_that_of_the_first_station_to_give_way():
    root = Chain(
        (
            Step(id="a", station="a", time=constant(0.1)),
            Cached(id="c", hit=0.75, time=constant(0), miss=Step(id="b", station="b", time=constant(0.2))),
        )
    )
    network = Network(stations={"a": 4, "b": 1}, root=root, arrivals=Arrivals(rate=1))
    assert saturation(network) == (pytest.approx(20.0), "b")


def test_overload_has_no_steady_state_and_says_which_workers_are_missing():
    network = Network(stations={"w": 2}, root=Step(id="a", station="w", time=constant(0.1)), arrivals=Arrivals(rate=30))
    found = predict(network, replace(ASK, seconds=60.0))
    assert (found.steady, found.saturation, found.bottleneck) == (False, pytest.approx(20.0), "w")
    assert found.workers == {"w": 4}
    assert found.promised.low > 10  # after a minute the line is 20 s long


@pytest.mark.slow
def test_the_strongest_lever_stands_first():
    root = Chain((Step(id="small", time=constant(0.01)), Step(id="large", time=lognormal(0.2, 0.6))))
    found = predict(Network(root=root, arrivals=Arrivals(rate=50)), replace(ASK, seconds=60.0))
    assert found.levers[0].name == "large"
    assert found.assumed == ("small", "large")


def test_the_same_seed_gives_the_same_prediction():
    network = Network(
        stations={"w": 4}, root=Step(id="a", station="w", time=lognormal(0.1, 0.2)), arrivals=Arrivals(rate=30)
    )
    short = replace(ASK, seconds=3.0)
    one, other = (
        forecast(network, short, simulate=simulate, dice=random.Random, tell=quiet, explain=False) for _ in range(2)
    )
    assert one == other


@pytest.mark.parametrize(
    ("lived", "want"), [(1.5, 1.0), (0.5, 11.0), (2.5, 11.0)], ids=["inside: the width", "below", "above"]
)
def test_the_interval_score_is_the_width_and_twenty_times_the_miss(lived, want):
    from upheld.core.evidence import Prediction

    assert interval_score(Prediction(1.5, 1.0, 2.0), lived) == pytest.approx(want)


def test_a_histogram_becomes_a_sample_with_its_mean_and_its_quantiles():
    found = sample([(0.0, 1.0, 500), (1.0, 2.0, 500), (9.0, 9.0, 10), (9.0, math.inf, 3)])
    assert len(found.values) == 1010
    assert quantile(found.values, 0.5) == pytest.approx(1.0, abs=0.02)
    assert found.mean == pytest.approx((500 * 0.5 + 500 * 1.5 + 90) / 1010, rel=1e-3)
