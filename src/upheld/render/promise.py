"""One promise: the same quantity at four stages on one natural axis against one threshold, and what carries each verdict."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from upheld.core import quantity, shown
from upheld.core.criterion import Criterion, Op, Stage
from upheld.core.evidence import Evidence
from upheld.core.gate import Required, SignOffState
from upheld.core.quantity import Dimension, Unit
from upheld.core.report import in_unit
from upheld.core.thread import Thread
from upheld.core.trial import Outcome, Step
from upheld.core.verdict import Group, State, Verdict
from upheld.render.board import Cell, agreed, cell, day, moment, of_member, readable
from upheld.render.drawing import CLASSES, Tick, ticks

if TYPE_CHECKING:
    from datetime import datetime

LEFT, RIGHT = (
    175.0,
    705.0,
)  # of the plot inside a picture 900 wide; left of it stand the stages, right of it the answers
TOP, STAGE_HEIGHT = 54, 56
LANES = (-9, 0, 9, -4, 5)  # dots that would cover each other stand on different heights
FARTHEST = 2.5  # values beyond so many times the distance of the promise stand at the edge
SHOWN_EVIDENCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One customer on the axis."""

    x: float
    y: float
    look: str
    member: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One stage in the picture; positions are None where nothing is known."""

    stage: str
    key: str
    about: str
    y: int
    look: str
    answer: str
    x: float | None = None
    bar: tuple[float, float] | None = None  # left and width
    beyond: str = ""  # ◂ or ▸ where the estimate lies outside the picture
    dots: tuple[Dot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything that is drawn."""

    axis: "Axis"
    height: int
    ticks: tuple[Tick, ...]
    line: float
    promised: str
    broken: tuple[float, float]  # the side of the axis that breaks the promise: left and width
    marks: tuple[Mark, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One stage in the table below the picture."""

    stage: str
    cell: Cell
    verdict: str
    numbers: str
    why: str
    settle: str
    notes: tuple[str, ...]
    attempts: tuple[str, ...]
    evidence: tuple[str, ...]
    more_evidence: int
    members: tuple[tuple[Cell, str, str, str], ...]  # mark, customer, value, number of events


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One promise, ready for its page."""

    thread: Thread
    address: str
    sentence: str
    title: str
    about: str
    picture: Picture | None
    lines: tuple[Line, ...]
    agreed: Cell
    sign_offs: tuple[tuple[str, Cell], ...]
    history: tuple[tuple[str, str], ...]  # day, what happened
    trials: tuple[tuple[str, str], ...]  # other numbers and what each would say, in words, where it says something new
    steps: str  # the same as JSON for the slider; empty where no other number makes sense


def view(thread: Thread, evidence: Sequence[Evidence] = (), steps: Sequence[Step] = ()) -> View:
    """What the page of one promise shows; `evidence` is where provenance is looked up, `steps` are other numbers tried."""
    by_id = {e.id: e for e in evidence if e.id}
    owners = [f"{function} {person}" for function, person in thread.owners.items()]
    picture = _picture(thread)
    return View(
        thread=thread, address=thread.criterion.address, sentence=readable(str(thread.criterion.sentence)), title=thread.title,
        about=" · ".join(w for w in (thread.criterion.address, thread.status, thread.priority, thread.type, *owners) if w),
        picture=picture, lines=tuple(_line(thread, stage, by_id) for stage in Stage), agreed=agreed(thread),
        sign_offs=tuple((_role(r.role), signature(r)) for r in thread.agreed),
        history=tuple(_history(thread, by_id)), trials=tuple(_trials(steps)),
        steps=_as_json(thread, steps, picture) if steps and picture else "",
    )  # fmt: skip


# ── The picture ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Axis:
    """The values at both ends of the plot, in the promise's unit."""

    low: float
    high: float

    def x(self, value: float) -> float:
        """Where a value stands."""
        return round(LEFT + (value - self.low) / (self.high - self.low) * (RIGHT - LEFT), 1)

    def inside(self, value: float) -> float:
        """The value, or the end of the plot that is nearest to it."""
        return min(max(value, self.low), self.high)


def _picture(t: Thread) -> Picture | None:
    unit = t.criterion.sentence.target.unit
    target = in_unit(float(t.criterion.sentence.target), unit)
    verdicts = {stage: v for stage, v in t.stages.items() if v is not None and v.unit.dimension is unit.dimension}
    values = [x for v in verdicts.values() for x in _values(v, unit)]
    if target is None or not values:
        return None
    axis = _axis(target, values, unit, t.criterion.sentence.op)
    op = t.criterion.sentence.op
    line = axis.x(target)
    broken = (line, RIGHT - line) if op.upper else (LEFT, line - LEFT) if op.lower else (LEFT, 0.0)
    marks = tuple(_mark(t, stage, i, axis, unit) for i, stage in enumerate(Stage))
    words = f"{readable(str(t.criterion.sentence))}. " + " ".join(f"{m.stage}: {m.answer}." for m in marks)
    return Picture(
        axis=axis, height=TOP + STAGE_HEIGHT * len(Stage) + 52,
        ticks=tuple(Tick(x=axis.x(v), text=_axis_text(v, unit)) for v in ticks(axis.low, axis.high)),
        line=line, promised=f"promised {readable(f' {op.value} ').strip()} {t.criterion.sentence.target}",
        broken=broken, marks=marks, words=words,
    )  # fmt: skip


def _values(verdict: Verdict, unit: Unit) -> list[float]:
    """Every finite number that a verdict would draw, in the shown unit."""
    raw = [verdict.estimate, *(verdict.interval or ()), *(g.estimate for g in verdict.groups)]
    return [value for x in raw if (value := in_unit(x, unit)) is not None]


def _axis(target: float, values: Sequence[float], unit: Unit, op: Op) -> Axis:
    reach = max(abs(target), 1e-12) * FARTHEST
    near = [v for v in values if abs(v - target) <= reach] or [target]
    low, high = min(target, *near), max(target, *near)
    if unit.dimension is not Dimension.SHARE:  # room for what is broken, and for other numbers to try
        low, high = (low, max(high, target * 1.3)) if op.upper else (min(low, target * 0.75), high)
    if high == low:
        low, high = low - (abs(low) or 1) * 0.1, high + (abs(high) or 1) * 0.1
    room = (high - low) * 0.15
    bottom = 0.0 if low >= 0 and low <= 0.65 * high and unit.dimension is not Dimension.SHARE else low - room
    top = high + max(room, (high - bottom) * 0.08)
    if min(values) >= 0:
        bottom = max(bottom, 0.0)
    if unit.dimension is Dimension.SHARE and high <= 100:
        top = min(top, 100.0)
    return Axis(bottom, top)


def _axis_text(value: float, unit: Unit) -> str:
    return f"{value:g} {unit.name}".strip() if not unit.name.startswith("/") else f"{value:g}{unit.name}"


def _mark(t: Thread, stage: Stage, row: int, axis: Axis, unit: Unit) -> Mark:
    verdict = t.stages[stage]
    y = TOP + STAGE_HEIGHT * row
    shape = cell(t, stage)
    if verdict is None:
        return Mark(stage=stage.shown, key=stage.value, about="", y=y, look="q", answer=shape.text)
    answer = shape.text + (f"  {shape.note}" if shape.note else "")
    drawn = Mark(stage=stage.shown, key=stage.value, about=_about(verdict), y=y, look=shape.look, answer=answer)
    estimate = in_unit(verdict.estimate, unit)
    if estimate is None or verdict.unit.dimension is not unit.dimension:
        return drawn
    dots = _dots(verdict, axis, unit, y)
    if len(dots) > 1:
        return replace(drawn, dots=dots)
    x = axis.x(axis.inside(estimate))
    beyond = "◂" if estimate < axis.low else "▸" if estimate > axis.high else ""
    bar = None
    if verdict.interval is not None:
        low, high = (axis.x(axis.inside(value / float(unit.factor))) for value in verdict.interval)
        bar = (low, round(max(high - low, 0.0), 1))
    return replace(drawn, x=x, bar=bar, beyond=beyond)


def _dots(verdict: Verdict, axis: Axis, unit: Unit, y: int) -> tuple[Dot, ...]:
    placed = sorted(
        ((value, g) for g in verdict.groups if (value := in_unit(g.estimate, unit)) is not None),
        key=lambda pair: pair[0],
    )
    return tuple(
        Dot(x=axis.x(axis.inside(value)), y=y + LANES[i % len(LANES)], look=CLASSES[g.state], member=g.member,
            name=f"{g.member} {quantity.show(g.estimate or 0.0, unit)}")
        for i, (value, g) in enumerate(placed)
    )  # fmt: skip


def _about(verdict: Verdict) -> str:
    n = f"{verdict.n:,}".replace(",", " ")
    parts = [f"n {n}"] if verdict.n > 1 else []
    parts += [shown.short(verdict.subject)] if verdict.subject else []
    if verdict.groups:
        parts = [f"{len(verdict.groups)} customers, each a dot"] if len(verdict.groups) > 1 else parts
    if verdict.stage is Stage.DESIGN and verdict.estimate is not None:
        parts = ["predicted interval"]
    return ", ".join(parts)


# ── What carries each verdict ────────────────────────────────────────────────────────────────────────────────────────


def _line(t: Thread, stage: Stage, by_id: Mapping[str, Evidence]) -> Line:
    verdict = t.stages[stage]
    look = cell(t, stage)
    if verdict is None:
        return Line(stage=stage.shown, cell=look, verdict="not asked", numbers="", why="", settle="", notes=(), attempts=(),
                    evidence=(), more_evidence=0, members=())  # fmt: skip
    evidence = [provenance(by_id[i]) if i in by_id else i[7:19] for i in verdict.evidence]
    unit = shown.shown_unit(t.criterion, verdict)
    return Line(
        stage=stage.shown, cell=look, verdict=verdict.state.value, numbers=shown.carried_by(t.criterion, verdict),
        why=verdict.why, settle=verdict.settle, notes=verdict.notes,
        attempts=tuple(
            f"{shown.SHAPES[a.state]} {a.run or f'attempt {i}'}"
            + ("" if a.estimate is None else f" {quantity.show(a.estimate, unit)}") + (f", void: {a.void}" if a.void else "")
            for i, a in enumerate(verdict.attempts, 1)
        ),
        evidence=tuple(evidence[:SHOWN_EVIDENCE]), more_evidence=max(0, len(evidence) - SHOWN_EVIDENCE),
        members=tuple(_member(t.criterion, verdict, g) for g in verdict.groups),
    )  # fmt: skip


def _member(criterion: Criterion, verdict: Verdict, group: Group) -> tuple[Cell, str, str, str]:
    alone = of_member(verdict, group)
    mark = Cell(look=CLASSES[group.state], text=f"{shown.SHAPES[group.state]} {group.state.value}", state=group.state)
    why = ": ".join(part for part in (group.reason.value, group.detail) if part)
    value = " ".join(part for part in (shown.value(criterion, alone), why) if part)
    return mark, group.member, value, f"{group.n:,}".replace(",", " ") if group.n else ""


def provenance(e: Evidence) -> str:
    """Where a piece of evidence comes from: file, tool, subject, environment, time, and its id."""
    tool = " ".join(w for w in (e.producer.get("tool", ""), e.producer.get("version", "")) if w)
    subject = (shown.short(e.subject) + (" (asserted)" if e.asserted else "")) if e.subject else ""
    when = moment(e.observed) if e.observed else "time unknown"
    words = (e.source.get("file", "") or e.run, tool, subject, e.environment, e.customer, when, f"id {e.id[7:19]}")
    return " · ".join(dict.fromkeys(w for w in words if w)) + (f" · void: {e.void}" if e.void else "")


def _role(role: str) -> str:
    return role.partition(":")[2] or role


def signature(required: Required) -> Cell:
    """One sign-off that is asked for: who gave it when, or what is wrong with it."""
    state, person, detail = required.state, required.person, required.detail
    date = f", {day(required.time)}" if required.time else ""
    if required.stands:
        asserted = " (asserted)" if state is SignOffState.ASSERTED else ""
        return Cell(look="m", text=f"● {person}{date}{asserted}", state=State.MET)
    if state is SignOffState.MISSING:
        return Cell(look="i", text="○ waiting", state=State.INCONCLUSIVE)
    shape = "~" if state is SignOffState.STALE else "✖" if state is SignOffState.INVALID else "○"
    return Cell(
        look="n" if state is SignOffState.INVALID else "i", text=f"{shape} {person}{date}: {detail or state.value}"
    )


def _history(t: Thread, by_id: Mapping[str, Evidence]) -> list[tuple[str, str]]:
    """Sign-offs and evidence in the order of their time, newest first; many records of one moment are one line."""
    events: dict[tuple[datetime, str], int] = {}
    for r in t.agreed:
        if r.time is not None and r.person:
            events[r.time, f"{r.person} signed as {_role(r.role)}"] = 1
    for stage in Stage:
        verdict = t.stages[stage]
        for identity in verdict.evidence if verdict is not None else ():
            e = by_id.get(identity)
            if e is not None and e.observed is not None:
                what = f"{stage.shown.lower()}" + (f" on {shown.short(e.subject)}" if e.subject else "")
                events[e.observed, what] = events.get((e.observed, what), 0) + 1
    return [
        (day(when), what + (f", {count} records" if count > 1 else ""))
        for (when, what), count in sorted(events.items(), key=lambda item: item[0], reverse=True)
    ][:SHOWN_EVIDENCE]


# ── Other numbers ────────────────────────────────────────────────────────────────────────────────────────────────────


def _trials(steps: Sequence[Step]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for step in steps:
        words = " · ".join(_outcome(step, stage) for stage in step.stages)
        if step.promised:
            found.append((f"{step.target} (as promised)", words))
        elif not found or found[-1][1] != words:
            found.append((str(step.target), words))
    return found


def _outcome(step: Step, stage: Stage) -> str:
    outcome = step.stages[stage]
    word = f"{shown.SHAPES[outcome.state]} {stage.shown.lower()}"
    if outcome.members:
        word += f" ({len(outcome.members)}: {', '.join(outcome.members[:3])}{' …' if len(outcome.members) > 3 else ''})"
    return word + (f" ({outcome.reason})" if outcome.state is State.INCONCLUSIVE and outcome.reason else "")


def _short(outcome: Outcome, verdict: Verdict | None) -> str:
    """The outcome as it fits beside the picture."""
    if outcome.members and verdict is not None:
        return f"{shown.SHAPES[outcome.state]} {len(outcome.members)} of {len(verdict.groups)} customers"
    reason = outcome.reason if outcome.state is State.INCONCLUSIVE else ""
    return f"{shown.SHAPES[outcome.state]} {reason or outcome.state.value}"


def _as_json(t: Thread, steps: Sequence[Step], picture: Picture) -> str:
    """The steps for the slider: where each stands in the picture and what each stage says there."""
    axis = picture.axis
    document = {
        "line": picture.line, "left": LEFT, "right": RIGHT, "upper": t.criterion.sentence.op.upper,
        "steps": [
            {
                "target": str(s.target), "x": axis.x(axis.inside(float(s.target.number))), "promised": s.promised,
                "stages": {
                    stage.value: {
                        "look": CLASSES[o.state], "text": _outcome(s, stage), "short": _short(o, t.stages[stage]),
                        "members": o.members, "unsure": o.unsure,
                    }
                    for stage, o in s.stages.items()
                },
            }
            for s in steps
        ],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def suspects(t: Thread) -> str:
    """What else another number would touch: who has signed these words, and the decisions that rest on them."""
    signed = [f"{r.person} ({_role(r.role)})" for r in t.agreed if r.person and r.state is not SignOffState.INVALID]
    parts = [f"the sign-off of {', '.join(signed)} would turn stale"] if signed else []
    parts += (
        [f"{'decision' if len(t.decisions) == 1 else 'decisions'} {', '.join(t.decisions)} would ask for review"]
        if t.decisions
        else []
    )
    return "; ".join(parts)
