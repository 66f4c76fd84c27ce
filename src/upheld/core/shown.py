"""A verdict in a person's words: its value, the numbers that carry it, a limit to offer. One wording for every face."""

import math

from upheld.core import quantity
from upheld.core.criterion import Criterion, Kind, Op
from upheld.core.quantity import Unit
from upheld.core.verdict import Reason, State, Verdict

SHAPES = {State.MET: "●", State.NOT_MET: "✖", State.INCONCLUSIVE: "○"}  # beside a colour, never instead of it


def shown_unit(criterion: Criterion, verdict: Verdict) -> Unit:
    """The unit that numbers of a verdict are given in: the target's when it fits, else the indicator's."""
    target = criterion.sentence.target.unit
    return target if target.dimension is verdict.unit.dimension else verdict.unit


def value(criterion: Criterion, verdict: Verdict) -> str:
    """The estimate, or the interval of a prediction, in a readable unit."""
    if verdict.estimate is None:
        if verdict.share is None:
            return ""
        word = "under" if criterion.sentence.op.upper else "over"
        return f"{quantity.show(verdict.share[0], quantity.SHARE)} {word} {criterion.sentence.target}"
    unit = shown_unit(criterion, verdict)
    if verdict.stage.value == "design" and verdict.interval is not None and verdict.interval[0] != verdict.interval[1]:
        low, high = (quantity.show(bound, unit) for bound in verdict.interval)
        return (
            f"{low.rpartition(' ')[0]}–{high}" if low.rpartition(" ")[2] == high.rpartition(" ")[2] else f"{low}–{high}"
        )
    return quantity.show(verdict.estimate, unit)


def why_short(verdict: Verdict) -> str:
    """The reason in two words, for a cell of the matrix."""
    return verdict.reason.value if verdict.reason is not Reason.NONE else ""


def carried_by(criterion: Criterion, verdict: Verdict) -> str:
    """The numbers that carry a verdict, in one line."""
    n = f"{verdict.n:,}".replace(",", " ")
    sentence = criterion.sentence
    if verdict.share is not None and verdict.needed is not None and verdict.n:
        estimate, lower, upper = verdict.share
        what = "of " + n + (" requests" if criterion.indicator.kind is Kind.VALUE else "")
        limit = (
            f" {'under' if sentence.op.upper else 'over'} {sentence.target}" if sentence.quantile is not None else ""
        )
        upper_side = criterion.share_target[0].upper == (verdict.state is not State.NOT_MET)
        side, bound = ("at most", upper) if upper_side else ("at least", lower)
        line = f"{quantity.show(estimate, quantity.SHARE)} {what}{limit}"
        if verdict.rule.value in ("confident", "sequential"):
            n_eff = (
                "" if verdict.n_eff is None or round(verdict.n_eff) == verdict.n else f" (n_eff {verdict.n_eff:,.0f})"
            )
            line += f"; {side} {quantity.show(bound, quantity.SHARE)} with {_percent(verdict.level)} confidence"
            line += n_eff.replace(",", " ")
        return f"{line}; {quantity.show(verdict.needed, quantity.SHARE)} needed"
    if verdict.estimate is None:
        return ""
    unit = shown_unit(criterion, verdict)
    line = quantity.show(verdict.estimate, unit)
    if (
        verdict.interval is not None
        and verdict.interval[0] != verdict.interval[1]
        and all(map(math.isfinite, verdict.interval))
    ):
        low, high = (quantity.show(b, unit) for b in verdict.interval)
        line += f", between {low} and {high}"
        line += (
            " (predicted interval)"
            if verdict.stage.value == "design"
            else f" with {_percent(verdict.level)} confidence each"
        )
    return line + (f" from {n}" if verdict.n > 1 else "")


def _percent(level: float) -> str:
    return quantity.show(level, quantity.SHARE)


def limit(target: float, op: Op, unit: quantity.Unit) -> str:
    """An offered limit in three significant digits, rounded to the safe side."""
    factor = float(unit.factor)
    scaled = target / factor
    if scaled == 0 or not math.isfinite(scaled):
        return quantity.show(target, unit)
    step = 10.0 ** (math.floor(math.log10(abs(scaled))) - 2)
    rounded = math.ceil(scaled / step - 1e-9) * step if op.upper else math.floor(scaled / step + 1e-9) * step
    return quantity.show(rounded * factor, unit)


def brief(criterion: Criterion) -> str:
    """The promise without its conditions: statistic, indicator, comparison, target."""
    sentence = criterion.sentence
    name = f"{sentence.statistic} of {sentence.indicator}" if sentence.statistic else sentence.indicator
    return f"{name} {sentence.op.value} {sentence.target}"


def short(subject: str) -> str:
    """A subject with the first digits of its digest."""
    kind, colon, digest = subject.partition(":")
    return f"{kind} {digest[:7]}" if colon else subject[:16]
