"""Trade-offs: the weighted sum against pymcdm, hard criteria, flips that flip, and wins over all weightings."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymcdm.methods import WSM
from pymcdm.normalizations import minmax_normalization

from upheld.core.criterion import Criterion, Indicator, Kind, parse
from upheld.core.decision import Decision, Row, Status
from upheld.core.matrix import Axis, Matrix, courses, flips, rank, read, wins
from upheld.core.quantity import SECOND

pytestmark = pytest.mark.upheld("REQ-DEC-001.c1")
LATENCY = Indicator(name="insight.latency", kind=Kind.VALUE, unit=SECOND)
PROMISE = Criterion(address="R-1.c1", sentence=parse("p95 of insight.latency < 1 s"), indicator=LATENCY)


def row(
    axis: str, weight: str, *, criterion: bool = False, hard: bool = False, less: bool = False, **scores: str
) -> Row:
    return Row(axis=axis, weight=weight, scores=scores, criterion=criterion, hard=hard, less=less)


def decision(*rows: Row, options: tuple[str, ...] = ("one", "two", "three")) -> Decision:
    return Decision(id="0001", title="T", status=Status.ACCEPTED, options=options, matrix=rows)


def computed(*rows: Row, options: tuple[str, ...] = ("one", "two", "three")) -> Matrix:
    matrix, gaps = read(decision(*rows, options=options), {"R-1.c1": PROMISE}.get, lambda *_: None)
    assert matrix is not None, gaps
    return matrix


def numbers(scores: list[list[int]], weights: list[int], less: list[bool]) -> Matrix:
    """A matrix of plain numbers; weights in proportion."""
    total = sum(weights)
    axes = tuple(
        Axis(name=f"a{j}", weight=Fraction(w, total), less=cost, scores=tuple(Fraction(line[j]) for line in scores))
        for j, (w, cost) in enumerate(zip(weights, less, strict=True))
    )
    return Matrix(options=tuple(f"o{i}" for i in range(len(scores))), axes=axes)


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    axes = draw(st.integers(1, 6))
    scores = draw(st.lists(st.lists(st.integers(-20, 20), min_size=axes, max_size=axes), min_size=2, max_size=6))
    weights = draw(st.lists(st.integers(1, 50), min_size=axes, max_size=axes))
    return numbers(scores, weights, draw(st.lists(st.booleans(), min_size=axes, max_size=axes)))


@given(matrices())
def test_the_weighted_sum_equals_that_of_pymcdm_with_the_same_normalisation(matrix: Matrix) -> None:
    body = np.array([[float(axis.scores[i]) for axis in matrix.axes] for i in range(len(matrix.options))])
    weights = np.array([float(axis.weight) for axis in matrix.axes])
    types = np.array([-1 if axis.less else 1 for axis in matrix.axes])
    theirs = dict(zip(matrix.options, WSM(minmax_normalization)._method(body, weights, types)[2], strict=True))
    ours = {place.option: float(place.value) for place in rank(matrix)}
    assert ours.keys() == theirs.keys()
    assert all(abs(ours[option] - theirs[option]) < 1e-9 for option in ours)
    assert all(a.value >= b.value for a, b in pairwise(rank(matrix)))


@given(matrices())
def test_every_printed_flip_weight_does_flip_the_ranking_and_one_step_before_does_not(matrix: Matrix) -> None:
    first = rank(matrix)[0].option
    for flip in flips(matrix):
        index = [axis.name for axis in matrix.axes].index(flip.axis)
        beyond, before = with_weight(matrix, index, flip.shown), with_weight(matrix, index, (flip.weight + flip.at) / 2)
        assert value_of(beyond, first) < value_of(beyond, flip.winner)
        assert rank(beyond)[0].option != first
        assert value_of(with_weight(matrix, index, flip.at), first) == value_of(
            with_weight(matrix, index, flip.at), flip.winner
        )
        assert value_of(before, first) == rank(before)[0].value


@given(matrices(), st.integers(0, 1000))
def test_between_the_flips_of_an_axis_the_first_stays_first(matrix: Matrix, at: int) -> None:
    first = rank(matrix)[0].option
    weight = Fraction(at, 1000)
    for j, axis in enumerate(matrix.axes):
        mine = [flip for flip in flips(matrix) if flip.axis == axis.name]
        low = max((flip.at for flip in mine if not flip.up), default=Fraction(0))
        high = min((flip.at for flip in mine if flip.up), default=Fraction(1))
        if low <= weight <= high and len(matrix.axes) > 1:
            moved = with_weight(matrix, j, weight)
            assert value_of(moved, first) == rank(moved)[0].value


@given(matrices(), st.integers(0, 1000))
def test_on_its_course_an_option_has_the_value_that_it_has_at_that_weight(matrix: Matrix, at: int) -> None:
    weight = Fraction(at, 1000)
    for j, course in enumerate(courses(matrix)):
        if len(matrix.axes) > 1:
            moved = with_weight(matrix, j, weight)
            for option, (low, high) in course.ends.items():
                assert low + (high - low) * weight == value_of(moved, option)


def with_weight(matrix: Matrix, index: int, weight: Fraction) -> Matrix:
    """One weight set, the others in proportion (equal where they were nothing), straight from the definition."""
    rest = sum((a.weight for k, a in enumerate(matrix.axes) if k != index), Fraction())
    share = lambda a: a.weight / rest if rest else Fraction(1, max(len(matrix.axes) - 1, 1))  # noqa: E731
    axes = [replace(a, weight=weight if k == index else (1 - weight) * share(a)) for k, a in enumerate(matrix.axes)]
    return Matrix(options=matrix.options, axes=tuple(axes))


def value_of(matrix: Matrix, option: str) -> Fraction:
    """The weighted sum on the normalised scores; a weight of nothing adds nothing."""
    total = Fraction()
    for axis in matrix.axes:
        low, high = min(axis.scores), max(axis.scores)
        score = axis.scores[matrix.options.index(option)]
        part = Fraction(1) if low == high else (high - score if axis.less else score - low) / (high - low)
        total += axis.weight * part
    return total


def test_an_option_that_breaks_a_hard_criterion_never_wins_and_stretches_no_axis() -> None:
    matrix = computed(
        row("R-1.c1", "0.2", criterion=True, hard=True, one="16.5 s", two="0.8 s", three="0.5 s"),
        row("cost", "0.8", less=True, one="0 EUR", two="2 EUR", three="4 EUR"),
    )
    assert matrix.excluded == {"one": ("R-1.c1",)}
    assert [(p.option, p.value) for p in rank(matrix)] == [("two", Fraction(4, 5)), ("three", Fraction(1, 5))]
    assert wins(matrix, random.Random(1).random, draws=500).keys() == {"two", "three"}
    assert {flip.winner for flip in flips(matrix)} == {"three"}


def test_when_every_option_is_excluded_nobody_wins() -> None:
    matrix = computed(row("R-1.c1", "1", criterion=True, hard=True, one="3 s", two="2 s", three="1 s"))
    assert (rank(matrix), flips(matrix), wins(matrix, random.Random(1).random)) == ((), (), {})


def test_a_row_without_a_weight_only_excludes() -> None:
    matrix = computed(
        row("R-1.c1", "", criterion=True, hard=True, one="0.9 s", two="0.8 s", three="2 s"),
        row("value", "1", one="3", two="1", three="5"),
    )
    assert [place.option for place in rank(matrix)] == ["one", "two"]
    assert [axis.name for axis in matrix.weighed] == ["value"]


def test_the_shares_of_two_axes_are_the_lengths_of_the_weights_in_which_each_option_is_first() -> None:
    # On axis a the options reach 1, 0.6, 0 and on b 0, 0.7, 1: with weight w on a, one leads from 7/11, three up to 1/3.
    matrix = numbers([[10, 0], [6, 7], [0, 10]], [1, 1], [False, False])
    shares = wins(matrix, random.Random(7).random, draws=20_000)
    exact = {"o0": 1 - 7 / 11, "o1": 7 / 11 - 1 / 3, "o2": 1 / 3}
    assert all(abs(shares[option] - exact[option]) < 4 * (0.25 / 20_000) ** 0.5 for option in exact)


def test_the_shares_of_three_axes_equal_those_of_a_fine_grid_of_weights() -> None:
    matrix = numbers([[9, 2, 4], [3, 9, 1], [5, 5, 9], [6, 6, 4]], [1, 1, 1], [False] * 3)
    utilities = np.array([[float(u) for u in line] for line in matrix.utilities()])
    steps = 400
    grid = np.array([[i + 1 / 3, j + 1 / 3, steps - i - j - 2 / 3] for i in range(steps) for j in range(steps - i)])
    best = (grid @ utilities.T).argmax(axis=1)
    shares = wins(matrix, random.Random(11).random, draws=20_000)
    assert all(abs(shares[f"o{i}"] - (best == i).mean()) < 0.015 for i in range(4))


def test_options_that_score_the_same_share_their_wins_and_a_dominated_one_has_none() -> None:
    matrix = numbers([[5, 5], [5, 5], [4, 5]], [1, 2], [False, False])
    assert wins(matrix, random.Random(1).random) == {"o0": 0.5, "o1": 0.5, "o2": 0.0}


def test_the_same_seed_gives_the_same_shares() -> None:
    matrix = numbers([[10, 0], [6, 7], [0, 10]], [1, 1], [False, False])
    assert wins(matrix, random.Random(3).random, draws=2000) == wins(matrix, random.Random(3).random, draws=2000)


GOOD = row("cost", "1", one="1", two="2", three="3")
GAPS = {
    "a missing score": ([replace(GOOD, scores={"one": "1", "two": "2"})], ("matrix", 0), "has no score for three"),
    "a score that is empty": ([replace(GOOD, scores={**GOOD.scores, "two": ""})], ("matrix", 0), "has no score for two"),
    "a score of no option": ([replace(GOOD, scores={**GOOD.scores, "four": "1"})], ("matrix", 0), "scores four, no option"),
    "a score that is a word": ([replace(GOOD, scores={**GOOD.scores, "two": "much"})], ("matrix", 0, "two"), "no score"),
    "a predicted score on an axis of no criterion": (
        [replace(GOOD, scores={**GOOD.scores, "two": "predicted"})], ("matrix", 0, "two"), "no score"),
    "a score in another unit": (
        [replace(GOOD, scores={**GOOD.scores, "two": "2 EUR"})], ("matrix", 0, "two"), "cannot be compared"),
    "a prediction that is not there": (
        [row("R-1.c1", "1", criterion=True, one="predicted", two="1 s", three="2 s")], ("matrix", 0, "one"), "nothing is predicted"),
    "weights above 1": ([replace(GOOD, weight="0.5"), replace(GOOD, weight="0.6")], ("matrix",), "add up to 1.1"),
    "weights below 1": ([replace(GOOD, weight="0.99")], ("matrix",), "add up to 0.99"),
    "a negative weight": ([replace(GOOD, weight="-1")], ("matrix", 0, "weight"), '"-1" is no weight'),
    "a weight in seconds": ([replace(GOOD, weight="1 s")], ("matrix", 0, "weight"), "is no weight"),
    "no weight": ([replace(GOOD, weight="")], ("matrix", 0), "has no weight"),
    "no axis": ([replace(GOOD, axis="")], ("matrix", 0), "compares nothing"),
    "a hard axis of no criterion": ([replace(GOOD, hard=True)], ("matrix", 0, "hard"), "names no criterion"),
    "a criterion that nobody defines": (
        [row("R-9.c1", "1", criterion=True, one="1 s", two="1 s", three="1 s")], ("matrix", 0, "criterion"), "no criterion R-9.c1"),
}  # fmt: skip


@pytest.mark.parametrize("case", GAPS)
def test_what_cannot_be_computed_is_refused_at_its_place(case: str) -> None:
    rows, path, message = GAPS[case]
    matrix, gaps = read(decision(*rows), {"R-1.c1": PROMISE}.get, lambda *_: None)
    assert matrix is None
    assert any(gap.path == path and message in gap.message and gap.fix for gap in gaps), gaps


def test_a_matrix_of_one_option_compares_nothing() -> None:
    matrix, gaps = read(decision(replace(GOOD, scores={"one": "1"}), options=("one",)), {}.get)
    assert matrix is None
    assert "compares no options" in gaps[0].message


def test_three_weights_of_a_third_are_brought_to_one() -> None:
    matrix = computed(*(replace(GOOD, axis=f"a{i}", weight="0.333") for i in range(3)))
    assert sum(matrix.weights()) == 1


def test_a_predicted_score_is_looked_up_by_criterion_and_option() -> None:
    asked = []

    def predicted(address: str, option: str) -> float:
        asked.append((address, option))
        return 0.62 if option == "one" else 17.0

    predictions = row("R-1.c1", "1", criterion=True, hard=True, one="predicted", two="predicted", three="2 s")
    matrix, _ = read(decision(predictions), {"R-1.c1": PROMISE}.get, predicted)
    assert matrix is not None
    assert asked == [("R-1.c1", "one"), ("R-1.c1", "two")]
    assert matrix.admissible == ("one",)
    assert read(decision(predictions), {"R-1.c1": PROMISE}.get) == (None, ())


def test_quantities_of_one_dimension_are_compared_whatever_their_unit() -> None:
    matrix = computed(row("time", "1", less=True, one="900 ms", two="1 s", three="0.5 min"))
    assert [place.option for place in rank(matrix)] == ["one", "two", "three"]
