"""SVG by hand: the mark of one verdict on the common scale. Positions stand in attributes, looks in the style sheet."""

import math
from dataclasses import dataclass

from markupsafe import Markup

from upheld.core.scale import Used
from upheld.core.verdict import State

WIDTH = 148  # of a mark, in CSS pixels
MOST = 1.5  # the share of the allowed badness at the right end
LINE = round(WIDTH / MOST)  # where the promise stands
CLASSES = {State.MET: "m", State.NOT_MET: "n", State.INCONCLUSIVE: "i"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One labelled line of an axis."""

    x: float
    text: str


def place(share: float) -> float:
    """Where a share of the allowed badness lies, in pixels from the left; what is off the scale stands at its end."""
    return round(min(max(share, 0.0), MOST) / MOST * WIDTH, 1)


def mark(state: State, used: Used | None) -> Markup:
    """The interval as a bar, the estimate as a dot; an arrow where the estimate is off the scale.

    The description says in words what the picture shows, so that it is read aloud.
    """
    if used is None:
        return Markup()
    low, high = place(used.low), place(used.high)
    bar = f"<path d=M{low:g},7H{max(high, low + 0.1):g} />" if high > low else ""
    if used.estimate > MOST:
        dot = f"<path class=o d=M{WIDTH - 6},3l6,4l-6,4z />"
    else:
        dot = f"<circle cx={min(max(place(used.estimate), 3.2), WIDTH - 3.2):g} />"
    return Markup(f'<svg role=img aria-label="{describe(state, used)}">{bar}{dot}</svg>')  # noqa: S704  # numbers and our words


def describe(state: State, used: Used) -> str:
    """The mark in words."""
    if math.isinf(used.estimate):
        return f"{state.value}: bad where nothing may be"
    text = f"{state.value}: {percent(used.estimate)} % of the allowed used"
    if round(used.low, 2) != round(used.high, 2):
        text += f", {percent(used.low)} to {percent(used.high) if math.isfinite(used.high) else 'unlimited'}"
    return text


def percent(share: float) -> str:
    """A share in whole per cent, in two digits where it is small."""
    return f"{share * 100:.0f}" if share >= 0.1 or share == 0 else f"{share * 100:.2g}"


def ticks(low: float, high: float, *, about: int = 7) -> list[float]:
    """Round numbers between two values: steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    if not span > 0:
        return [low]
    raw = span / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(d * power for d in (1, 2, 5, 10) if d * power >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [float(f"{i * step:.12g}") for i in range(first, math.floor(high / step + 1e-9) + 1)]
