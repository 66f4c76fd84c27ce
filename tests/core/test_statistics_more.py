"""The machinery of the distributions, piece by piece, and the edges of what each function accepts."""

import math

import pytest

from upheld.core import distributions
from upheld.core.distributions import (
    beta_cdf,
    beta_quantile,
    binomial_tail,
    gamma_cdf,
    gamma_quantile,
    normal_quantile,
    poisson_tail,
    student_quantile,
)
from upheld.core.statistics import (
    Moments,
    Slice,
    anytime_share_bounds,
    apdex,
    auc,
    burn_guard,
    cluster_effective_n,
    e_bh,
    effective_n,
    level_bounds,
    mean_bounds,
    needed_all_good,
    needed_all_good_anytime,
    needed_more,
    nps,
    per_member_level,
    rate_lower,
    rate_upper,
    rerun_level,
    safety_floor,
    share_e_above,
    share_e_below,
    share_lower,
    share_upper,
    shortest_run,
    wilson,
)

pytestmark = pytest.mark.upheld("REQ-JDG-002.c1")


@pytest.mark.parametrize("order", [2, 4, 10, 28])
def test_a_quadrature_rule_integrates_polynomials_below_twice_its_order_exactly(order):
    rule = distributions._gauss_legendre(order)
    assert len(rule) == order
    for degree in range(2 * order):
        assert math.fsum(w * t**degree for t, w in rule) == pytest.approx(1 / (degree + 1), rel=1e-13)


def test_the_nodes_of_a_quadrature_rule_lie_inside_the_interval_in_pairs_about_its_middle():
    nodes = [node for node, _ in distributions._gauss_legendre(28)]
    assert all(0 < node < 1 for node in nodes)
    assert sorted(nodes) == pytest.approx(sorted(1 - node for node in nodes), rel=1e-13)


EDGES = [
    (lambda: anytime_share_bounds(1, 2, alpha=0.5).lower > 0, "an error of one half is the largest that has meaning"),
    (lambda: needed_all_good_anytime(0.5, alpha=0.5) > 0, "at every look as well"),
    (lambda: safety_floor(5, 5, 0.0), "no bad event at all may be the limit"),
    (lambda: burn_guard(1, 5, 0.0) == 0, "an objective may allow nothing"),
    (lambda: burn_guard(1, 1e9, 1.0) == 1, "an objective may allow everything"),
    (lambda: e_bh([1.0], alpha=1 - 1e-9) == (), "any false discovery rate between 0 and 1 has meaning"),
    (lambda: e_bh([0.0], alpha=0.5) == (), "an e-value of 0 is no evidence at all"),
    (lambda: rerun_level(0.5, 1) == 0.5, "the lowest level is one half"),
    (lambda: per_member_level(0.5, 1) == 0.5, "for a member as well"),
    (lambda: shortest_run(200, 0.95, level=0.95, bad_share=1) == 2, "everything may be bad"),
    (lambda: share_e_above(0, 0, 0.5) == pytest.approx(1), "nothing seen is no evidence"),
]


@pytest.mark.parametrize(("holds", "sentence"), EDGES, ids=[row[-1] for row in EDGES])
def test_the_edges_of_what_has_meaning_are_accepted(holds, sentence):
    assert holds()


# What a refusal says behind the value: what would have been right.
COUNTS = "counts need 0 <= good <= n and a finite n > 0"
LEVEL = "a one-sided confidence level lies from 0.5 to below 1"
INSIDE = "it must lie between 0 and 1, both excluded"
POSITIVE = "it must be positive and finite"
PROBABILITY = "a probability lies from 0 to 1"
ALPHA = "an error probability lies above 0 and at most at 0.5"
THREE = "they must be finite, not negative and not all 0"
BINOMIAL = "they must be numbers, n finite and not negative"
POISSON = "they must be numbers, mu finite and not negative"
VALUE = "the value must be finite and its standard error not negative"

REFUSALS = [
    (lambda: share_lower(11, 10, level=0.95), "good = 11 of n = 10", COUNTS),
    (lambda: share_upper(-1, 10, level=0.95), "good = -1 of n = 10", COUNTS),
    (lambda: share_lower(0, 0, level=0.95), "good = 0 of n = 0", COUNTS),
    (lambda: share_upper(3, math.inf, level=0.95), "good = 3 of n = inf", COUNTS),
    (lambda: share_upper(math.nan, 10, level=0.95), "good = nan of n = 10", COUNTS),
    (lambda: share_lower(1, 2, level=1), "level = 1", LEVEL),
    (lambda: share_upper(1, 2, level=95), "level = 95", LEVEL),
    (lambda: share_lower(1, 2, level=0.4), "level = 0.4", LEVEL),
    (lambda: wilson(1, 2, level=0), "level = 0", INSIDE),
    (lambda: wilson(1, 2, level=1), "level = 1", INSIDE),
    (lambda: wilson(0, 0, level=0.9), "good = 0 of n = 0", COUNTS),
    (lambda: rate_upper(1, 0, level=0.95), "exposure = 0", POSITIVE),
    (lambda: rate_lower(-1, 1, level=0.95), "events = -1", "it must be finite and not negative"),
    (lambda: rate_lower(1, math.inf, level=0.95), "exposure = inf", POSITIVE),
    (lambda: rate_upper(1, 1, level=1), "level = 1", LEVEL),
    (lambda: rate_lower(1, 1, level=0), "level = 0", LEVEL),
    (lambda: normal_quantile(1.5), "p = 1.5", PROBABILITY),
    (lambda: student_quantile(-0.1, 3), "p = -0.1", PROBABILITY),
    (lambda: student_quantile(0.9, 0), "df = 0", POSITIVE),
    (lambda: beta_cdf(1.5, 1, 1), "p = 1.5", PROBABILITY),
    (lambda: beta_cdf(0.5, 0, 1), "a = 0", POSITIVE),
    (lambda: beta_quantile(0.5, 1, 0), "b = 0", POSITIVE),
    (lambda: beta_quantile(0.5, 0, 1), "a = 0", POSITIVE),
    (lambda: beta_cdf(0.5, 1, 0), "b = 0", POSITIVE),
    (lambda: beta_quantile(2, 1, 1), "p = 2", PROBABILITY),
    (lambda: gamma_cdf(math.nan, 1), "x = nan", "it must be a number"),
    (lambda: gamma_cdf(1, 0), "shape = 0", POSITIVE),
    (lambda: gamma_quantile(0.5, 0), "shape = 0", POSITIVE),
    (lambda: gamma_quantile(2, 1), "p = 2", PROBABILITY),
    (lambda: binomial_tail(1, 2, 2), "p = 2", PROBABILITY),
    (lambda: binomial_tail(1, -1, 0.5), "k = 1, n = -1", BINOMIAL),
    (lambda: binomial_tail(math.nan, 1, 0.5), "k = nan, n = 1", BINOMIAL),
    (lambda: poisson_tail(1, -1), "k = 1, mu = -1", POISSON),
    (lambda: poisson_tail(math.nan, 1), "k = nan, mu = 1", POISSON),
    (lambda: poisson_tail(1, math.inf), "k = 1, mu = inf", POISSON),
    (lambda: level_bounds(1, -0.1, level=0.95), "value = 1, se = -0.1", VALUE),
    (lambda: level_bounds(1, math.nan, level=0.95), "value = 1, se = nan", VALUE),
    (lambda: level_bounds(math.nan, 1, level=0.95), "value = nan, se = 1", VALUE),
    (lambda: level_bounds(1, 1, level=1), "level = 1", LEVEL),
    (lambda: mean_bounds(Moments.of([1.0]), level=1), "level = 1", LEVEL),
    (lambda: mean_bounds(Moments.of([1.0, math.nan]), level=0.95), "value = nan, se = nan", VALUE),
    (lambda: effective_n([Slice(n=1, good=1)], seconds=0), "seconds = 0", POSITIVE),
    (lambda: effective_n([Slice(n=0, good=0)], seconds=10), "1 slices without a single event", "nothing was observed"),
    (lambda: effective_n([Slice(n=1, good=2)], seconds=10), "Slice(n=1, good=2)", "counts need 0 <= good <= n and a finite n"),
    (lambda: effective_n([Slice(n=math.inf, good=2)], seconds=10), "Slice(n=inf, good=2)", "counts need 0 <= good <= n and a finite n"),
    (lambda: cluster_effective_n([]), "0 slices without a single event", "nothing was observed"),
    (lambda: shortest_run(0, 0.9, level=0.95, bad_share=0), "rate = 0", POSITIVE),
    (lambda: shortest_run(1, 1, level=0.95, bad_share=0), "target = 1", INSIDE),
    (lambda: shortest_run(1, 0.9, level=1, bad_share=0), "level = 1", LEVEL),
    (lambda: shortest_run(1, 0.9, level=0.95, bad_share=2), "p = 2", PROBABILITY),
    (lambda: needed_all_good(1, level=0.95), "target = 1", INSIDE),
    (lambda: needed_all_good(0.9, level=1), "level = 1", LEVEL),
    (lambda: needed_all_good_anytime(1, alpha=0.05), "target = 1", INSIDE),
    (lambda: needed_all_good_anytime(0.9, alpha=0), "alpha = 0", ALPHA),
    (lambda: needed_more(3, 2, 0.9, level=0.95), "good = 3 of n = 2", COUNTS),
    (lambda: needed_more(1, 2, 1, level=0.95), "target = 1", INSIDE),
    (lambda: needed_more(1, 2, 0.9, level=1), "level = 1", LEVEL),
    (lambda: share_e_above(3, 2, 0.9), "good = 3 of n = 2", COUNTS),
    (lambda: share_e_below(1, 2, 0), "target = 0", INSIDE),
    (lambda: share_e_above(1, 0, 0.9), "good = 1 of n = 0", COUNTS),
    (lambda: share_lower(10.000001, 10, level=0.95), "good = 10.000001 of n = 10", COUNTS),
    (lambda: wilson(11, 10, level=0.95), "good = 11 of n = 10", COUNTS),
    (lambda: needed_more(0, -1, 0.9, level=0.95), "good = 0 of n = -1", COUNTS),
    (lambda: share_e_below(3, 2, 0.9), "good = 3 of n = 2", COUNTS),
    (lambda: anytime_share_bounds(1, 0, alpha=0.05), "good = 1 of n = 0", COUNTS),
    (lambda: anytime_share_bounds(3, 2, alpha=0.05), "good = 3 of n = 2", COUNTS),
    (lambda: anytime_share_bounds(1, 2, alpha=0), "alpha = 0", ALPHA),
    (lambda: rerun_level(0.95, 0), "attempt = 0", "attempts count from 1"),
    (lambda: rerun_level(1, 1), "level = 1", LEVEL),
    (lambda: per_member_level(0.95, 0), "members = 0", "there must be at least one"),
    (lambda: per_member_level(1, 1), "level = 1", LEVEL),
    (lambda: auc([1, 2], [1, 2, 3]), "2 cells of positives, 3 of negatives", "they share one grid"),
    (lambda: auc([1, -1], [1, 1]), "", "a count is negative or not finite"),
    (lambda: auc([0, 0], [1, 1]), "0 positives, 2 negatives", "the area needs both"),
    (lambda: auc([1, 0], [0, 0]), "1 positives, 0 negatives", "the area needs both"),
    (lambda: nps(0, 0, 0), "counts 0, 0, 0", THREE),
    (lambda: apdex(3, -1, 3), "counts 3, -1, 3", THREE),
    (lambda: apdex(3, math.inf, 3), "counts 3, inf, 3", THREE),
    (lambda: safety_floor(1, 2, 1), "limit = 1", "an allowed share of bad events lies from 0 to below 1"),
    (lambda: safety_floor(1, 2, -0.1), "limit = -0.1", "an allowed share of bad events lies from 0 to below 1"),
    (lambda: safety_floor(3, 2, 0.1), "good = 3 of n = 2", COUNTS),
    (lambda: safety_floor(3, 0, 0.1), "good = 3 of n = 0", COUNTS),
    (lambda: burn_guard(-1, 2, 0.1), "bad = -1 of n = 2", "they must not be negative, and n must be finite"),
    (lambda: burn_guard(1, math.inf, 0.1), "bad = 1 of n = inf", "they must not be negative, and n must be finite"),
    (lambda: burn_guard(1, 2, 2), "objective_bad_share = 2", "a share lies from 0 to 1"),
    (lambda: e_bh([-1], alpha=0.05), "e-values [-1]", "none may be negative or missing"),
    (lambda: e_bh([math.nan], alpha=0.05), "e-values [nan]", "none may be negative or missing"),
    (lambda: e_bh([1], alpha=0), "alpha = 0", INSIDE),
    (lambda: binomial_tail(1, math.inf, 0.5), "k = 1, n = inf", BINOMIAL),
    (lambda: nps(3, 3, -1), "counts 3, 3, -1", THREE),
    (lambda: nps(-1, 3, 3), "counts -1, 3, 3", THREE),
    (lambda: rate_lower(math.inf, 1, level=0.95), "events = inf", "it must be finite and not negative"),
    (lambda: beta_quantile(0.5, math.inf, 1), "a = inf", POSITIVE),
    (lambda: beta_quantile(0.5, 1, math.inf), "b = inf", POSITIVE),
    (lambda: gamma_quantile(-0.1, 1), "p = -0.1", PROBABILITY),
    (lambda: beta_cdf(-0.5, 1, 1), "p = -0.5", PROBABILITY),
    (lambda: needed_all_good(0, level=0.95), "target = 0", INSIDE),
    (lambda: needed_all_good_anytime(0.9, alpha=0.6), "alpha = 0.6", ALPHA),
    (lambda: e_bh([1], alpha=1), "alpha = 1", INSIDE),
    (lambda: auc([1, math.inf], [1, 1]), "", "a count is negative or not finite"),
    (lambda: burn_guard(1, -1, 0.1), "bad = 1 of n = -1", "they must not be negative, and n must be finite"),
    (lambda: burn_guard(1, 1, -0.1), "objective_bad_share = -0.1", "a share lies from 0 to 1"),
    (lambda: rerun_level(0.4, 1), "level = 0.4", LEVEL),
    (lambda: effective_n([Slice(n=1, good=1)], seconds=math.inf), "seconds = inf", POSITIVE),
    (lambda: student_quantile(0.9, -1), "df = -1", POSITIVE),
    (lambda: level_bounds(math.inf, 1, level=0.95), "value = inf, se = 1", VALUE),
    (lambda: level_bounds(1, 1, level=0.95, df=0), "df = 0", POSITIVE),
]  # fmt: skip


@pytest.mark.parametrize(("call", "value", "right"), REFUSALS)
def test_a_refusal_says_which_value_is_wrong_and_what_would_be_right(call, value, right):
    with pytest.raises(ValueError, match=r"\S") as caught:
        call()
    assert str(caught.value) == (f"{value}: {right}" if value else right)


def test_two_cases_in_a_group_have_a_finite_error():
    assert auc([1, 1], [40, 40]).se < math.inf
    assert auc([40, 40], [1, 1]).se < math.inf


def test_one_case_in_a_group_still_has_an_area():
    assert auc([0, 1], [3, 1]).value == pytest.approx(7 / 8)


def test_in_a_group_of_less_than_six_the_guard_is_the_error_of_an_area_of_one_half():
    m, n = 4.0, 50.0
    q = 1 / 3  # both of Hanley and McNeil's probabilities at an area of one half
    expected = math.sqrt((0.25 + (m - 1) * (q - 0.25) + (n - 1) * (q - 0.25)) / (m * n))
    assert auc([0, m], [n, 0]).se == pytest.approx(expected, rel=1e-12)
