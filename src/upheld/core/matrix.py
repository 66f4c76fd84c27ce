"""A trade-off as numbers: options scored on axes, weighed, and how far the winner hangs on the weights.

The score of an option is the weighted sum of its normalised scores (P. C. Fishburn, "Additive utilities with incomplete
product sets", Operations Research 15, 1967). On every axis the best admissible option counts 1 and the worst 0, in
proportion in between; where all are equal each counts 1. What breaks a hard criterion is no option any more: it neither
wins nor stretches an axis. A missing score is refused, because every number that could stand for it would be invented.

All arithmetic is exact (fractions), so that a tie is a tie and the weight at which the ranking flips does flip it.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from upheld.core import quantity
from upheld.core.criterion import Criterion, expected_unit
from upheld.core.decision import Decision, Row
from upheld.core.quantity import Quantity, Unit
from upheld.errors import SentenceError

# The tensions of most architecture decisions, as the template brings them: scored 1 (all price, no gain) to 5.
TENSIONS = ("value-complexity", "performance-cost", "security-usability", "scalability-timeline")
PREDICTED = "predicted"  # a score that is what `upheld predict` says of the option
TOLERANCE = Fraction(5, 1000)  # three weights of 0.333 are meant to add up to 1
DRAWS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Why a matrix cannot be computed, and where: the number of its row (None: the matrix), and the value's key."""

    message: str
    fix: str
    row: int | None = None
    key: str = ""
    value: str = ""

    @property
    def path(self) -> tuple[str | int, ...]:
        """The place inside the front matter."""
        if self.row is None:
            return ("matrix",)
        return ("matrix", self.row, self.key) if self.key else ("matrix", self.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis with the score of every option, in base units and in the order of the options."""

    name: str
    weight: Fraction
    scores: tuple[Fraction, ...]
    unit: Unit = quantity.NUMBER
    less: bool = False  # whether less is better
    holds: tuple[bool, ...] | None = None  # which options keep the criterion, where it is a hard one


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Options, and the axes they are compared on."""

    options: tuple[str, ...]
    axes: tuple[Axis, ...]

    @property
    def excluded(self) -> Mapping[str, tuple[str, ...]]:
        """The options that break a hard criterion, each with the axes that exclude it."""
        found: dict[str, tuple[str, ...]] = {}
        for i, option in enumerate(self.options):
            broken = tuple(axis.name for axis in self.axes if axis.holds is not None and not axis.holds[i])
            if broken:
                found[option] = broken
        return found

    @property
    def admissible(self) -> tuple[str, ...]:
        """The options that no hard criterion excludes."""
        excluded = self.excluded
        return tuple(option for option in self.options if option not in excluded)

    @property
    def weighed(self) -> tuple[Axis, ...]:
        """The axes that count; one without a weight only excludes."""
        return tuple(axis for axis in self.axes if axis.weight > 0)

    def utilities(self) -> tuple[tuple[Fraction, ...], ...]:
        """Per admissible option its score on every axis that counts, normalised to 0 … 1 (1 is best)."""
        kept = [i for i, option in enumerate(self.options) if option in self.admissible]
        columns = []
        for axis in self.weighed:
            scores = [axis.scores[i] for i in kept]
            low, high = min(scores, default=Fraction()), max(scores, default=Fraction())
            if low == high:
                columns.append([Fraction(1)] * len(scores))
            else:
                columns.append([((high - s) if axis.less else (s - low)) / (high - low) for s in scores])
        return tuple(tuple(column[i] for column in columns) for i in range(len(kept)))

    def weights(self) -> tuple[Fraction, ...]:
        """The weights of the axes that count, brought to a sum of exactly 1."""
        total = sum((axis.weight for axis in self.weighed), Fraction())
        return tuple(axis.weight / total for axis in self.weighed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One option in the ranking; `value` is its weighted sum, 0 … 1."""

    option: str
    value: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """The weight of one axis at which another option draws level; beyond it the other one is first.

    The other weights keep their proportions among each other.
    """

    axis: str
    weight: Fraction  # as it is now
    at: Fraction
    winner: str  # who is first beyond it
    up: bool  # whether the axis must count more, not less

    @property
    def shown(self) -> Fraction:
        """The nearest weight of three decimals (more where needed) that does flip the ranking: beyond the tie, not on it."""
        digits = 3
        while True:
            step = Fraction(1, 10**digits)
            steps = self.at / step
            beyond = (math.floor(steps) + 1) * step if self.up else (math.ceil(steps) - 1) * step
            if 0 <= beyond <= 1:
                return beyond
            digits += 1


Find = Callable[[str], Criterion | None]
Predicted = Callable[[str, str], float | None]


def read(
    decision: Decision, criteria: Find, predicted: Predicted | None = None
) -> tuple[Matrix | None, tuple[Gap, ...]]:
    """The matrix of a decision, or every reason why there is none.

    `criteria` finds a criterion by its address; `predicted` gives, for an address and an option, the predicted value in
    the base unit of the criterion. Without it a predicted score is taken to be there and no matrix is given.
    """
    gaps = list(_gaps_of_options(decision))
    axes: list[Axis] = []
    total = Fraction()
    for i, row in enumerate(decision.matrix):
        weight, wrong = _weight(row, i)
        gaps += wrong
        total += weight
        axis, wrong = _Row(row, i, decision.options, criteria, predicted).axis(weight)
        gaps += wrong
        if axis is not None:
            axes.append(axis)
    if decision.matrix and not gaps and abs(total - 1) > TOLERANCE:
        gaps.append(
            Gap(message=f"the weights of {decision.id} add up to {float(total):g}, not 1", fix="let them add up to 1")
        )
    if gaps or not axes or len(axes) < len(decision.matrix):
        return None, tuple(gaps)
    return Matrix(options=decision.options, axes=tuple(axes)), ()


def _gaps_of_options(decision: Decision) -> Iterator[Gap]:
    if decision.matrix and len(decision.options) < 2:
        yield Gap(message=f"the matrix of {decision.id} compares no options", fix="write options: [one, another]")


def _weight(row: Row, index: int) -> tuple[Fraction, list[Gap]]:
    if not row.weight:
        if row.hard:
            return Fraction(), []
        return Fraction(), [
            Gap(message=f'the row "{row.axis}" has no weight', fix="write weight: 0.25", row=index, value=row.axis)
        ]
    try:
        weight = quantity.parse(row.weight)
    except SentenceError:
        weight = None
    if weight is None or weight.unit.dimension not in (quantity.Dimension.NUMBER, quantity.Dimension.SHARE):
        return Fraction(), [_odd_weight(row, index)]
    return (weight.base, []) if 0 <= weight.base <= 1 else (Fraction(), [_odd_weight(row, index)])


def _odd_weight(row: Row, index: int) -> Gap:
    return Gap(
        message=f'"{row.weight}" is no weight', fix="write a share of 1, e.g. 0.25", row=index, key="weight",
        value=row.weight,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """One row as it is read."""

    row: Row
    index: int
    options: tuple[str, ...]
    criteria: Find
    predicted: Predicted | None

    def axis(self, weight: Fraction) -> tuple[Axis | None, list[Gap]]:
        """The row as an axis; None beside its gaps, or without one where a predicted score is not looked up."""
        row = self.row
        if not row.axis:
            return None, [self._gap("a row compares nothing", "write axis: NAME or criterion: ADDRESS")]
        criterion = self.criteria(row.axis) if row.criterion else None
        gaps = list(self._gaps(criterion))
        unit = expected_unit(criterion.sentence.statistic, criterion.indicator) if criterion else None
        scores: list[Fraction] = []
        for option in self.options:
            text = row.scores.get(option, "")
            if text == PREDICTED and criterion is not None:
                score = self._predicted(option)
                if score is not None:
                    scores.append(score)
                elif self.predicted is not None:
                    gaps.append(self._gap(
                        f"nothing is predicted of {row.axis} for {option}",
                        f"predict it as a run named {option}, or write the value", key=option, value=text,
                    ))  # fmt: skip
            elif text:
                given = self._written(text, option, unit)
                if isinstance(given, Gap):
                    gaps.append(given)
                else:
                    unit = unit or given.unit
                    scores.append(given.base)
        if gaps or len(scores) < len(self.options):
            return None, gaps
        less, holds = row.less, None
        if criterion is not None:
            op, target = criterion.sentence.op, criterion.sentence.target.base
            less = op.upper
            holds = tuple(op.holds(score, target) for score in scores) if row.hard else None
        unit = unit or quantity.NUMBER
        return Axis(name=row.axis, weight=weight, scores=tuple(scores), unit=unit, less=less, holds=holds), []

    def _gaps(self, criterion: Criterion | None) -> Iterator[Gap]:
        row = self.row
        missing = [option for option in self.options if not row.scores.get(option)]
        strange = [name for name in row.scores if name not in self.options]
        if missing or strange:
            what = f"has no score for {', '.join(missing)}" if missing else f"scores {', '.join(strange)}, no option"
            yield self._gap(f'the row "{row.axis}" {what}', "score every option in every row", value=row.axis)
        if row.criterion and criterion is None:
            yield self._gap(
                f"there is no criterion {row.axis} to score", "write its address, e.g. REQ-LAT-001.c1", key="criterion",
                value=row.axis,
            )  # fmt: skip
        if row.hard and not row.criterion:
            yield self._gap(
                f'the row "{row.axis}" is hard, but names no criterion that an option could break',
                "write criterion: ADDRESS instead of axis", key="hard",
            )  # fmt: skip

    def _predicted(self, option: str) -> Fraction | None:
        found = self.predicted(self.row.axis, option) if self.predicted is not None else None
        return Fraction(found) if found is not None and math.isfinite(found) else None

    def _written(self, text: str, option: str, unit: Unit | None) -> Quantity | Gap:
        try:
            score = quantity.parse(text)
        except SentenceError:
            return self._gap(f'"{text}" is no score', "write a number or a quantity", key=option, value=text)
        if unit is not None and not quantity.compatible(score.unit, unit):
            wanted = f"in {unit.name}" if unit.name else "as a plain number"
            return self._gap(
                f'"{text}" of {option} cannot be compared: {self.row.axis} is scored {wanted}', f"write it {wanted}",
                key=option, value=text,
            )  # fmt: skip
        return score

    def _gap(self, message: str, fix: str, *, key: str = "", value: str = "") -> Gap:
        return Gap(message=message, fix=fix, row=self.index, key=key, value=value)


# ── What the numbers say ─────────────────────────────────────────────────────────────────────────────────────────────


def rank(matrix: Matrix) -> tuple[Place, ...]:
    """The admissible options, best first; options that are level stand in the order in which they are written."""
    weights = matrix.weights()
    values = [sum((w * u for w, u in zip(weights, row, strict=True)), Fraction()) for row in matrix.utilities()]
    places = [Place(option=o, value=v) for o, v in zip(matrix.admissible, values, strict=True)]
    return tuple(sorted(places, key=lambda place: -place.value))


def flips(matrix: Matrix) -> tuple[Flip, ...]:
    """Per axis, the nearest weight below and above its own at which rank one goes to another option.

    With the others in proportion the value of every option is linear in the weight, so the crossing is exact, and who
    has overtaken stays ahead. None for an axis whose weight changes nothing.
    """
    weights, utilities, options = matrix.weights(), matrix.utilities(), matrix.admissible
    places = rank(matrix)
    if len(places) < 2:
        return ()
    first = options.index(places[0].option)
    found: list[Flip] = []
    for j, axis in enumerate(matrix.weighed):
        alone = [row[j] for row in utilities]
        rest = [_others(row, weights, j) for row in utilities]
        crossings = []
        for i, option in enumerate(options):
            ahead_alone, ahead_rest = alone[first] - alone[i], rest[first] - rest[i]
            if i == first or ahead_alone == ahead_rest:
                continue
            at = ahead_rest / (ahead_rest - ahead_alone)
            rising = ahead_alone < ahead_rest  # the other one gains with the weight
            if 0 < at < 1 and (at >= weights[j] if rising else at <= weights[j]):
                crossings.append((abs(at - weights[j]), rising, option, at))
        for side in (False, True):
            here = [c for c in crossings if c[1] is side]
            if here:
                _, _, option, at = min(here, key=lambda c: (c[0], options.index(c[2])))
                found.append(Flip(axis=axis.name, weight=weights[j], at=at, winner=option, up=side))
    return tuple(sorted(found, key=lambda flip: abs(flip.at - flip.weight)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What each admissible option reaches as one axis weighs from nothing to everything: a straight line between two values."""

    axis: str
    weight: Fraction  # as it is now
    ends: Mapping[str, tuple[Fraction, Fraction]]  # option → its weighted sum at weight 0 and at weight 1


def courses(matrix: Matrix) -> tuple[Course, ...]:
    """Per axis that counts, how the options fare over its weight, the others in proportion."""
    weights, utilities = matrix.weights(), matrix.utilities()
    return tuple(
        Course(
            axis=axis.name, weight=weights[j],
            ends={o: (_others(row, weights, j), row[j]) for o, row in zip(matrix.admissible, utilities, strict=True)},
        )
        for j, axis in enumerate(matrix.weighed)
    )  # fmt: skip


def _others(row: Sequence[Fraction], weights: Sequence[Fraction], left_out: int) -> Fraction:
    """What an option reaches on all axes but one, their weights brought to 1 (equal ones where they are all 0)."""
    rest = [(w, u) for k, (w, u) in enumerate(zip(weights, row, strict=True)) if k != left_out]
    total = sum((w for w, _ in rest), Fraction())
    if not rest:
        return Fraction()
    if not total:
        return sum((u for _, u in rest), Fraction()) / len(rest)
    return sum((w * u for w, u in rest), Fraction()) / total


def wins(matrix: Matrix, chance: Callable[[], float], *, draws: int = DRAWS) -> Mapping[str, float]:
    """The share of all weightings in which each option is first: what remains to be said when nobody agrees on weights.

    Weightings are drawn evenly from all that add up to 1 (exponential variates; the sum need not be divided out, since
    only the order counts). `chance` gives numbers in [0, 1). Options with the same scores share their wins.
    """
    options, utilities = matrix.admissible, matrix.utilities()
    groups: dict[tuple[Fraction, ...], list[str]] = {}
    for option, row in zip(options, utilities, strict=True):
        groups.setdefault(row, []).append(option)
    # Who is nowhere better than another one is never first: leaving them out changes nothing and saves most of the work.
    rivals = [row for row in groups if not any(_dominates(other, row) for other in groups)]
    rows = [tuple(map(float, row)) for row in rivals]
    counts = [0] * len(rows)
    axes = range(len(rows[0]) if rows else 0)
    log = math.log
    for _ in range(draws if len(rows) > 1 else 0):
        weights = [-log(1.0 - chance()) for _ in axes]
        values = [sum([w * u for w, u in zip(weights, row)]) for row in rows]  # noqa: B905  # half the time of strict
        counts[values.index(max(values))] += 1
    if len(rows) == 1:
        counts, draws = [1], 1
    shares = dict.fromkeys(options, 0.0)
    for row, count in zip(rivals, counts, strict=True):
        for option in groups[row]:
            shares[option] = count / draws / len(groups[row])
    return shares


def _dominates(other: Sequence[Fraction], row: Sequence[Fraction]) -> bool:
    return other != row and all(a >= b for a, b in zip(other, row, strict=True))
