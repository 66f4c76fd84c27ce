"""How available a whole is: seven sources in series, old data for a while, common causes; against a second simulator."""

import random

import numpy as np
import pytest

from upheld.core.availability import Cause, Need, Part, System, exact, forecast, simulate

pytestmark = pytest.mark.upheld("REQ-PRE-002.c1")
HALF_HOUR, MONTH, YEAR = 1800.0, 30 * 86400.0, 365 * 86400.0
NAMES = tuple(f"source-{i}" for i in range(1, 8))
POWER = {"power": Cause(parts=NAMES[:2], available=0.999, repair=7200.0)}


def seven(minutes: float = 0.0, causes=None) -> System:
    part = Part(available=0.995, repair=HALF_HOUR, held=60 * minutes)
    return System(parts=dict.fromkeys(NAMES, part), needs=Need(7, NAMES), causes=causes or {})


def quiet(done, of):
    assert done <= of


@pytest.mark.parametrize(
    ("minutes", "percent", "feasible"), [(0, 96.55, False), (60, 99.527, True), (45, 99.22, False)]
)
def test_seven_sources_of_995_permille_in_series(minutes, percent, feasible):
    found = forecast(seven(minutes), target=0.995, window=None, dice=random.Random, tell=quiet)
    assert 100 * found.expected == pytest.approx(percent, abs=0.005)
    assert found.feasible is feasible
    assert 100 * found.needed == pytest.approx(99.93, abs=0.005)


def by_arrays(system: System, years: float, seed: int) -> float:
    """A second simulator for parts in series that shares no code: all outages at once, as sorted arrays."""
    rng = np.random.default_rng(seed)
    end = years * YEAR

    def outages(available, repair):
        between = repair * available / (1 - available)
        many = int(1.1 * end / (between + repair)) + 100
        times = np.empty(2 * many)
        times[0::2], times[1::2] = rng.exponential(between, many), rng.exponential(repair, many)
        at = np.cumsum(times)
        return at[0::2], at[1::2]

    def united(starts, ends):
        """The union of intervals: what begins after everything before it has ended begins a new one."""
        order = np.argsort(starts)
        starts, ends = starts[order], np.maximum.accumulate(ends[order])
        first = np.concatenate(([True], starts[1:] > ends[:-1]))
        last = np.concatenate((first[1:], [True]))
        return starts[first], ends[last]

    shared = {name: outages(cause.available, cause.repair) for name, cause in system.causes.items()}
    missed = []
    for name, part in system.parts.items():
        own = [outages(part.available, part.repair)]
        own += [shared[c] for c, cause in system.causes.items() if name in cause.parts]
        starts, ends = united(*(np.concatenate(side) for side in zip(*own, strict=True)))
        late = ends - starts > part.held
        missed.append((starts[late] + part.held, ends[late]))
    starts, ends = united(*(np.concatenate(side) for side in zip(*missed, strict=True)))
    return 1 - float(np.sum(np.clip(ends, 0, end) - np.clip(starts, 0, end))) / end


@pytest.mark.slow
@pytest.mark.parametrize("minutes", [0, 45, 60])
@pytest.mark.parametrize("causes", [{}, POWER], ids=["independent", "common cause"])
def test_a_simulator_that_shares_no_code_agrees_within_0_02_points(minutes, causes):
    system = seven(minutes, causes)
    ours = exact(system)
    if ours is None:
        ours = simulate(system, 600 * YEAR, random.Random(5))
    theirs = sum(by_arrays(system, 300, seed) for seed in range(10)) / 10
    assert 100 * ours == pytest.approx(100 * theirs, abs=0.02)


@pytest.mark.slow
def test_simulation_and_closed_form_agree_where_both_can_answer():
    for system in (seven(60), seven(0, POWER)):
        assert simulate(system, 500 * YEAR, random.Random(2)) == pytest.approx(exact(system), abs=3e-4)


def test_a_declared_common_cause_lowers_it():
    assert exact(seven(0, POWER)) < exact(seven(0))
    assert exact(seven(60, POWER)) is None  # outages of one part overlap: simulated
    assert simulate(seven(60, POWER), 40 * YEAR, random.Random(1)) < exact(seven(60))


@pytest.mark.parametrize(
    ("what", "needs", "want"),
    [
        ("all of three", Need(3, ("a", "b", "c")), 0.9**3),
        ("any of three", Need(1, ("a", "b", "c")), 1 - 0.1**3),
        ("two of three", Need(2, ("a", "b", "c")), 3 * 0.81 * 0.1 + 0.729),
        ("one beside a pair", Need(2, ("a", Need(1, ("b", "c")))), 0.9 * 0.99),
        ("a part that is needed twice counts once", Need(2, (Need(1, ("a", "b")), Need(1, ("a", "c")))), 0.9 + 0.1 * 0.81),
    ],
)  # fmt: skip
def test_series_parallel_and_k_of_n(what, needs, want):
    parts = dict.fromkeys("abc", Part(available=0.9, repair=60.0))
    assert exact(System(parts=parts, needs=needs)) == pytest.approx(want, abs=1e-12), what


def test_one_month_may_miss_what_holds_on_average():
    found = forecast(seven(60), target=0.995, window=MONTH, dice=random.Random, tell=quiet)
    assert found.feasible
    assert found.predicted.low < 0.995 < found.predicted.high


def test_few_outages_widen_the_interval_and_none_is_an_assumption():
    def width(outages):
        parts = {"a": Part(available=0.99, repair=HALF_HOUR, outages=outages)}
        found = forecast(
            System(parts=parts, needs=Need(1, ("a",))), target=0.98, window=None, dice=random.Random, tell=quiet
        )
        return found.predicted.high - found.predicted.low

    assert width(5) > 2 * width(100) > 0
    assert width(0) == 0
