"""The machinery of the distributions, piece by piece, and the edges of what each function accepts."""

import math

import pytest

from upheld.core import distributions
from upheld.core.statistics import (
    anytime_share_bounds,
    burn_guard,
    e_bh,
    needed_all_good_anytime,
    per_member_level,
    rerun_level,
    safety_floor,
    share_e_above,
    shortest_run,
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
