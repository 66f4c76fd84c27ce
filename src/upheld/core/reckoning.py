"""Decisions, risks, lessons and packs as data: the JSON of `upheld learn` and `upheld report`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from upheld.core.account import Account, Calibration, Learned, Standing, Watched
from upheld.core.matrix import Axis, Flip
from upheld.core.meeting import Completion
from upheld.core.pack import Briefing
from upheld.core.report import Json, impact_json, in_unit, interval
from upheld.core.shown import shown_unit
from upheld.core.tradeoff import Tradeoff

LEARN = "upheld/learn/v1"
PACK = "upheld/pack/v1"


def learn_json(
    accounts: Sequence[Account],
    risks: Sequence[Watched],
    calibration: Calibration | None,
    tradeoffs: Mapping[str, Tradeoff],
    told: Mapping[str, Sequence[Learned]],
    *,
    project: str,
    at: datetime,
) -> Json:
    """What became of decisions and risks, and what was learned (`upheld/learn/v1`)."""
    return {
        "schema": LEARN, "project": project, "at": _time(at),
        "decisions": [account_json(a, tradeoffs.get(a.decision.id)) for a in accounts],
        "risks": [risk_json(w) for w in risks],
        "calibration": None if calibration is None else calibration_json(calibration),
        "lessons": [{"about": name, **_lesson(entry)} for name, found in told.items() for entry in found],
    }  # fmt: skip


def account_json(a: Account, tradeoff: Tradeoff | None = None) -> Json:
    """One decision with what became of it."""
    decision = a.decision
    return {
        "decision": decision.id, "title": decision.title, "status": decision.status.value, "chosen": decision.chosen,
        "affects": list(decision.affects), "reopened": list(a.reasons),
        "standings": [standing_json(s) for s in a.standings],
        "tradeoff": None if tradeoff is None else tradeoff_json(tradeoff),
    }  # fmt: skip


def standing_json(s: Standing) -> Json:
    """One outcome, assumption or watched promise; numbers in the unit that stands beside them."""
    unit = shown_unit(s.criterion, s.verdict) if s.criterion and s.verdict else None
    between = s.statement.between
    return {
        "id": s.address, "role": s.role.value, "sentence": s.statement.that, "verdict": s.state.value,
        "stage": s.verdict.stage.value if s.verdict else None, "reason": s.verdict.why if s.verdict else s.seen,
        "estimate": in_unit(s.verdict.estimate, unit) if s.verdict and unit else None,
        "unit": unit.name if unit else "", "by": s.statement.due.isoformat() if s.statement.due else None, "due": s.due,
        "between": None if between is None or unit is None else interval((float(between[0]), float(between[1])), unit),
        "inside": s.inside,
    }  # fmt: skip


def tradeoff_json(t: Tradeoff) -> Json:
    """A computed trade-off: axes, ranking, exclusions, flips and wins."""
    return {
        "normalisation": "min-max over the admissible options, 1 is best",
        "axes": [_axis(axis, t.matrix.options) for axis in t.matrix.axes],
        "ranking": [{"option": p.option, "value": float(p.value), "wins": t.wins[p.option]} for p in t.places],
        "excluded": {option: list(axes) for option, axes in t.matrix.excluded.items()},
        "flips": [_flip(flip) for flip in t.flips],
        "draws": t.draws,
    }


def _axis(axis: Axis, options: Sequence[str]) -> Json:
    return {
        "axis": axis.name, "weight": float(axis.weight), "better": "less" if axis.less else "more",
        "hard": axis.holds is not None, "unit": axis.unit.name,
        "scores": {o: in_unit(float(score), axis.unit) for o, score in zip(options, axis.scores, strict=True)},
    }  # fmt: skip


def _flip(flip: Flip) -> Json:
    return {
        "axis": flip.axis, "weight": float(flip.weight), "at": float(flip.at), "flips_at": float(flip.shown),
        "direction": "up" if flip.up else "down", "winner": flip.winner,
    }  # fmt: skip


def risk_json(w: Watched) -> Json:
    """One risk with the state of what it watches."""
    risk = w.risk
    return {
        "risk": risk.id, "title": risk.title, "kind": risk.kind.value if risk.kind else None,
        "status": risk.status.value, "owner": risk.owner, "materialising": bool(w.materialising),
        "unwatched": w.unwatched, "watch": [standing_json(s) for s in w.standings],
    }  # fmt: skip


def calibration_json(c: Calibration) -> Json:
    """How many outcomes came out inside their stated interval."""
    bounds = c.verdict.interval
    return {
        "inside": c.inside, "outside": c.outside, "waiting": c.waiting, "enough": c.enough,
        "verdict": c.verdict.state.value, "interval": None if bounds is None else [bounds[0], bounds[1]],
    }  # fmt: skip


def _lesson(entry: Learned) -> Json:
    return {
        "source": entry.source, "lesson": entry.text, "verdict": entry.state.value if entry.state else None,
        "date": entry.date.isoformat() if entry.date else None, "file": entry.file,
    }  # fmt: skip


def pack_json(b: Briefing, *, project: str) -> Json:
    """The pack of one review (`upheld/pack/v1`)."""
    since = _time(b.since)
    return {
        "schema": PACK, "project": project, "pack": b.pack.value, "since": since, "at": _time(b.at),
        "last": b.last or None,
        "changes": None if b.changes is None else impact_json(b.changes, since=since)["changes"],
        "decisions": [{"decision": m.decision, "title": m.title, "what": m.what} for m in b.decisions],
        "verdicts": [
            {
                "criterion": t.criterion, "sentence": t.sentence, "stage": t.stage.value, "before": t.before.value,
                "after": t.after.value, "turn": t.turn.value, "number": t.number,
            }
            for t in b.turned
        ],
        "undecided": [{"item": w.item, "why": w.why, "whom": list(w.whom)} for w in b.undecided],
        "reopened": [{"decision": a.decision.id, "why": list(a.reasons)} for a in b.reopened],
        "risks": [risk_json(w) for w in b.risks],
        "due": [{"decision": d.decision, **standing_json(d.standing)} for d in b.due],
        "classes": [{"class": c.kind.value, "why": c.why, "question": c.kind.question} for c in b.classes],
        "calibration": calibration_json(b.calibration),
        "completion": None if b.completion is None else _completion(b.completion),
        "not_joint": [r.id for r in b.reviews],
    }  # fmt: skip


def _completion(c: Completion) -> Json:
    return {"planned": c.planned, "held": c.held, "missed": [day.isoformat() for day in c.missed]}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
