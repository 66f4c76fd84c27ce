"""What an assessment predicts, as a picture: a distribution against its threshold, what moves it, a cone, a ranking.

Each picture is one SVG whose colours come from the page around it (light and dark); what it shows is said in its text too.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from upheld.core import availability, forecast, latency, profile, quantity
from upheld.core.criterion import Criterion
from upheld.core.quantity import Unit
from upheld.core.verdict import State, Verdict
from upheld.render.document import policy
from upheld.render.drawing import ticks

WIDTH, LEFT, RIGHT = 720.0, 150.0, 690.0
ROW = 26.0
BARS = 8  # of a tornado or a ranking
STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --quiet: #6b7680; --line: #c9d0d6; --paper: #fff; --met: #1a7f45; --not: #b3261e; --open: #9a6b00; --area: #3d6fb4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --quiet: #98a2ab; --line: #3b444c; --paper: #14181c; --met: #5dc28a; --not: #ff8a80; --open: #e0b354; --area: #7ea9e3; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 760px; margin: 2rem auto; padding: 0 1rem; font-variant-numeric: tabular-nums; }
h2 { font-size: 1rem; margin: 2rem 0 .3rem; } p { margin: .2rem 0; color: var(--quiet); } svg { width: 100%; height: auto; display: block; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } .quiet { fill: var(--quiet); } .line { stroke: var(--line); } .promise { stroke: var(--ink); stroke-width: 2; }
.area { fill: var(--area); fill-opacity: .25; } .edge { stroke: var(--area); fill: none; stroke-width: 1.5; } .bar { fill: var(--area); fill-opacity: .55; }
.met { fill: var(--met); } .not { fill: var(--not); } .open { fill: var(--open); }
"""
_SHAPES = {State.MET: ("●", "met"), State.NOT_MET: ("✖", "not"), State.INCONCLUSIVE: ("○", "open")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Values to places, between two ends."""

    low: float
    high: float
    unit: Unit

    def at(self, value: float) -> float:
        """Where a value stands; what lies outside stands at the edge."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, share))


def page(title: str, drawn: Sequence[tuple[str, str, str]]) -> str:
    """A whole page of (heading, words, picture) that needs nothing else and runs no script."""
    parts = [f"<h2>{escape(head)}</h2>\n<p>{escape(words)}</p>\n{svg}" for head, words, svg in drawn]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy(STYLE, ""))}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n'
        f"<body><h1>{escape(title)}</h1>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def picture(criterion: Criterion, verdict: Verdict, found: object) -> str:
    """The picture of one prediction; empty for what has none."""
    match found:
        case latency.Forecast():
            return _latency(criterion, verdict, found)
        case availability.Forecast():
            return _availability(criterion, verdict, found)
        case forecast.Forecast():
            return _estimate(criterion, verdict, found)
        case profile.Complexity():
            return _ranking(found)
    return ""


def _svg(height: float, words: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" aria-label="{escape(words)}">'
        + "".join(parts)
        + "</svg>"
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start", look: str = "") -> str:
    css = f' class="{look}"' if look else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{css}>{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, look: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{look}"/>'


def _bar(x1: float, x2: float, y: float, height: float, look: str) -> str:
    left, width = min(x1, x2), max(1.0, abs(x2 - x1))
    return f'<rect x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{look}"/>'


def _scale(axis: Axis, y: float) -> list[str]:
    parts = [_line(LEFT, y, RIGHT, y, "line")]
    factor = float(axis.unit.factor)
    for tick in ticks(axis.low / factor, axis.high / factor):
        x = axis.at(tick * factor)
        parts += [
            _line(x, y, x, y + 4, "line"),
            _text(x, y + 17, f"{tick:g} {axis.unit.name}", anchor="middle", look="quiet"),
        ]
    return parts


def _promise(criterion: Criterion, axis: Axis, top: float, bottom: float) -> list[str]:
    """The promise as one upright line through the whole picture."""
    x = axis.at(float(criterion.sentence.target))
    anchor = "end" if x > (LEFT + RIGHT) / 2 else "start"
    label = f"{criterion.sentence.op.value} {criterion.sentence.target}"
    return [
        _line(x, top, x, bottom, "promise"),
        _text(x + (-5 if anchor == "end" else 5), top + 4, label, anchor=anchor),
    ]


def _interval(verdict: Verdict, axis: Axis, y: float, label: str) -> list[str]:
    shape, look = _SHAPES[verdict.state]
    parts = [_text(LEFT - 12, y + 4, label, anchor="end")]
    if verdict.interval is None or verdict.estimate is None:
        return [*parts, _text(LEFT, y + 4, f"{shape} {verdict.why}", look=look)]
    low, high = (axis.at(bound) for bound in verdict.interval)
    return [
        *parts,
        _bar(low, high, y - 4, 8, look),
        _text(axis.at(verdict.estimate), y - 8, shape, anchor="middle", look=look),
    ]


def _unit(criterion: Criterion) -> Unit:
    return criterion.sentence.target.unit


def _latency(criterion: Criterion, verdict: Verdict, f: latency.Forecast) -> str:
    finite = [value for value in f.shape if math.isfinite(value)]
    ends = [*finite[-1:], float(criterion.sentence.target), *((verdict.interval or ())[1:])]
    axis = Axis(low=0.0, high=1.08 * max(ends), unit=_unit(criterion))
    top, floor = 26.0, 150.0
    parts = _promise(criterion, axis, top - 8, floor + 46)
    if len(finite) > 2:
        edge = _density(finite, axis, top, floor)
        parts.append(
            f'<path d="M{LEFT:.1f} {floor:.1f} {edge} L{axis.at(finite[-1]):.1f} {floor:.1f} Z" class="area"/>'
        )
    parts += [_text(LEFT - 12, floor - 40, "all requests", anchor="end", look="quiet")]
    name = criterion.sentence.statistic
    parts += _interval(verdict, axis, floor + 28, name)
    parts += _scale(axis, floor + 46)
    base = float("nan") if verdict.estimate is None else verdict.estimate
    levers = [(x.name, x.less, x.more) for x in f.levers if math.isfinite(x.less) and math.isfinite(x.more)][:BARS]
    below, height = _tornado(levers, axis, base, floor + 90, f"{name} when 20 % less or more of")
    words = f"{criterion.sentence}: {verdict.state.value}"
    return _svg(height, words, parts + below)


def _density(values: Sequence[float], axis: Axis, top: float, floor: float) -> str:
    """The path of a density from evenly spaced quantiles: where they lie close, many requests lie."""
    steps = 90
    span = axis.high - axis.low
    counts = [0.0] * (steps + 1)
    for a, b in itertools.pairwise(values):
        first, last = (min(steps, int((v - axis.low) / span * steps)) for v in (a, b))
        for i in range(first, last + 1):
            counts[i] += 1 / (last - first + 1)
    most = max(counts) or 1.0
    points = (
        f"L{axis.at(axis.low + span * (i + 0.5) / steps):.1f} {floor - (floor - top) * count / most:.1f}"
        for i, count in enumerate(counts)
        if axis.low + span * i / steps <= values[-1]
    )
    return " ".join(points)


def _tornado(
    levers: Sequence[tuple[str, float, float]], axis: Axis, base: float, top: float, title: str
) -> tuple[list[str], float]:
    if not levers or not math.isfinite(base):
        return [], top
    # Its own axis: what a fifth more or less changes is often too small to be seen beside the promise.
    ends = [base, *(end for _, *both in levers for end in both)]
    margin = 0.08 * (max(ends) - min(ends)) or 0.5 * abs(base) or 1.0
    axis = Axis(low=min(ends) - margin, high=max(ends) + margin, unit=axis.unit)
    parts = [_text(LEFT, top, title, look="quiet")]
    y = top + 14
    for name, less, more in levers:
        parts += [_text(LEFT - 12, y + 11, name, anchor="end"), _bar(axis.at(less), axis.at(more), y, 14, "bar")]
        y += ROW
    parts += [_line(axis.at(base), top + 8, axis.at(base), y - 6, "promise"), *_scale(axis, y)]
    return parts, y + 26


def _availability(criterion: Criterion, verdict: Verdict, f: availability.Forecast) -> str:
    values = [f.target, f.predicted.low, f.predicted.high, *f.parts.values()]
    low, high = min(values), max(values)
    margin = max(0.15 * (high - low), 1e-5)
    axis = Axis(low=max(0.0, low - margin), high=min(1.0, high + margin), unit=quantity.SHARE)
    parts = _promise(criterion, axis, 18.0, 66.0) + _interval(verdict, axis, 46.0, "predicted") + _scale(axis, 66.0)
    levers = [(name, f.expected, whole) for name, whole in f.parts.items()][:BARS]
    below, height = _tornado(levers, axis, f.expected, 112.0, "on average, if this never failed")
    return _svg(height, f"{criterion.sentence}: {verdict.state.value}", parts + below)


def _estimate(criterion: Criterion, verdict: Verdict, f: forecast.Forecast) -> str:
    if not f.curve:
        return _svg(40, "no end within ten years", [_text(LEFT, 24, "most futures do not end within ten years")])
    weeks = len(f.curve) - 1
    end = max(float(weeks) * forecast.WEEK, float(criterion.sentence.target))
    axis = Axis(low=0.0, high=1.05 * end, unit=quantity.UNITS["w"])
    top, floor = 24.0, 190.0

    def path(which: int, rows: Sequence[tuple[int, tuple[float, float, float]]]) -> str:
        return " ".join(
            f"{axis.at(w * forecast.WEEK):.1f},{floor - (floor - top) * done[which]:.1f}" for w, done in rows
        )

    rows = list(enumerate(f.curve))
    cone = path(2, rows) + " " + path(0, rows[::-1])
    parts = [
        f'<polygon points="{cone}" class="area"/>', f'<polyline points="{path(1, rows)}" class="edge"/>',
        _text(LEFT - 12, top + 4, "all done", anchor="end", look="quiet"), _text(LEFT - 12, floor + 4, "start", anchor="end", look="quiet"),
    ]  # fmt: skip
    parts += _promise(criterion, axis, top - 8, floor) + _scale(axis, floor)
    for name, value in (("P50", f.p50), ("P85", f.p85), ("P95", f.p95)):
        if math.isfinite(value):
            x = axis.at(value * forecast.WEEK)
            parts += [_line(x, top, x, top + 8, "edge"), _text(x, top - 4, name, anchor="middle", look="quiet")]
    return _svg(floor + 26, f"{criterion.sentence}: {verdict.state.value}", parts)


def _ranking(found: profile.Complexity) -> str:
    most = max((rank.points for rank in found.ranks), default=0.0) or 1.0
    parts = []
    y = 12.0
    for rank in found.ranks[:BARS]:
        reach = LEFT + (RIGHT - LEFT - 180) * rank.points / most
        told = ", ".join(f"{name} {points:.3g}" for name, points in _first(rank.parts))
        parts += [
            _text(LEFT - 12, y + 11, rank.source, anchor="end"), _bar(LEFT, reach, y, 14, "bar"),
            _text(reach + 6, y + 11, f"{rank.points:.1f} points" + (f": {told}" if told else ""), look="quiet"),
        ]  # fmt: skip
        y += ROW
    return _svg(y + 4, "sources by what they will cost", parts)


def _first(parts: Mapping[str, float]) -> list[tuple[str, float]]:
    return list(parts.items())[:2]
