"""Waiting in line: closed forms against their textbook values, scipy, a second simulator and our own simulation."""

import math
import random

import ciw
import pytest
from scipy import stats

from upheld.core import queueing
from upheld.core.network import Arrivals, Chain, Network, Step, is_plain, quantile, simulate
from upheld.core.sampling import Stated

pytestmark = pytest.mark.upheld("REQ-PRE-001.c1")
EXPONENTIAL = Stated(shape="exponential", numbers=(1.0,))


def station(workers: int, rate: float, time=EXPONENTIAL) -> Network:
    return Network(stations={"w": workers}, root=Step(id="work", station="w", time=time), arrivals=Arrivals(rate=rate))


@pytest.mark.parametrize(("workers", "load"), [(1, 0.5), (5, 3.0), (59, 58.3), (84, 58.3), (300, 200.0)])
def test_the_share_that_waits_equals_erlang_c_written_with_poisson_probabilities(workers, load):
    # Another form of the same number: C = pmf / (pmf + (1 - rho) * cdf).
    rho = load / workers
    top = stats.poisson.pmf(workers, load)
    want = top / (top + (1 - rho) * stats.poisson.cdf(workers - 1, load))
    assert queueing.erlang_c(workers, load) == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize(
    ("what", "got", "want"),
    [
        ("mean wait of M/M/1 at 80 %", queueing.mmc_wait(1, 0.8, 1.0), 4.0),
        ("mean number in M/M/1 at 80 %", queueing.mmc_in_system(1, 0.8, 1.0), 4.0),
        ("mean wait of M/D/1 is half that of M/M/1", queueing.mg1_wait(0.8, 1.0, 0.0), 2.0),
        ("mean wait of M/G/1 with twice the variance", queueing.mg1_wait(0.8, 1.0, 2.0), 6.0),
        ("p95 of M/M/1 is exponential", queueing.mmc_quantile(1, 0.8, 1.0, 0.95), -math.log(0.05) / 0.2),
        ("one worker is exact for any service time", queueing.mgc_wait(1, 0.8, 1.0, 0.0), 2.0),
        ("no steady state", queueing.mmc_wait(2, 3.0, 1.0), math.inf),
        ("the fewest workers at 58.3 Erlangs", queueing.fewest(1000 / 300 * 17.5), 59),
        ("workers at 70 % use", queueing.at_use(1000 / 300 * 17.5, 0.7), 84),
        ("as many workers as Erlangs are too few", queueing.fewest(3.0), 4),
    ],
)
def test_closed_forms(what, got, want):
    assert got == pytest.approx(want, rel=1e-6), what


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "rate"), [(1, 0.7), (4, 3.2), (20, 18.0)])
def test_simulated_waits_equal_the_closed_form_and_a_second_simulator_within_their_intervals(workers, rate):
    runs = [simulate(station(workers, rate), 40_000, random.Random(seed)).latency[4_000:] for seed in range(12)]
    means = [sum(run) / len(run) for run in runs]
    low, high = stats.t.interval(0.999, len(means) - 1, loc=sum(means) / len(means), scale=stats.sem(means))
    assert low <= queueing.mmc_wait(workers, rate, 1.0) + 1.0 <= high
    tails = [quantile(run, 0.95) for run in runs]
    low, high = stats.t.interval(0.999, len(tails) - 1, loc=sum(tails) / len(tails), scale=stats.sem(tails))
    assert low <= queueing.mmc_quantile(workers, rate, 1.0, 0.95) <= high
    theirs = []
    for seed in range(6):
        ciw.seed(seed)
        network = ciw.create_network(
            arrival_distributions=[ciw.dists.Exponential(rate)], service_distributions=[ciw.dists.Exponential(1.0)],
            number_of_servers=[workers],
        )  # fmt: skip
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(8_000 / rate)
        records = simulation.get_all_records()
        late = [r.exit_date - r.arrival_date for r in records if r.arrival_date > 800 / rate]
        theirs.append(sum(late) / len(late))
    answer = stats.ttest_ind(means, theirs, equal_var=False)
    assert answer.pvalue > 0.001


def test_a_tandem_of_exponential_stations_is_the_product_of_its_parts():
    # Burke's theorem: what leaves M/M/c is Poisson again, so that mean times add up.
    network = Network(
        stations={"a": 2, "b": 3},
        root=Chain((Step(id="a", station="a", time=EXPONENTIAL), Step(id="b", station="b", time=EXPONENTIAL))),
        arrivals=Arrivals(rate=1.4),
    )
    assert is_plain(network)
    runs = [simulate(network, 20_000, random.Random(seed)).latency[2_000:] for seed in range(6)]
    mean = sum(map(sum, runs)) / sum(map(len, runs))
    want = queueing.mmc_wait(2, 1.4, 1.0) + queueing.mmc_wait(3, 1.4, 1.0) + 2.0
    assert mean == pytest.approx(want, rel=0.03)
