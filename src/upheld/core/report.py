"""Verdicts, gates and threads as data: the JSON that every face shows and that other tools may rely on.

Numbers are in the unit that stands beside them (a share with unit "%" is 68.8, not 0.688).
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

from upheld.core.criterion import Criterion, Stage
from upheld.core.gate import Line, Required, Result
from upheld.core.prediction import Score
from upheld.core.quantity import Unit
from upheld.core.review import Review
from upheld.core.shown import shown_unit
from upheld.core.thread import Change, Thread
from upheld.core.verdict import Attempt, Group, State, Verdict

GATE_RESULT = "upheld/gate-result/v1"
GATE_RESULTS = "upheld/gate-results/v1"
THREAD = "upheld/thread/v1"
JUDGEMENT = "upheld/judgement/v1"
IMPACT = "upheld/impact/v1"
REVIEW = "upheld/review/v1"

Json = dict[str, object]


def in_unit(value: float | None, unit: Unit) -> float | None:
    """A base-unit value in the unit it is shown in; None for what is no number."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value / float(unit.factor):.12g}")  # 12 digits: what a float division leaves over is noise


def interval(bounds: tuple[float, float] | None, unit: Unit) -> list[float | None] | None:
    """Both bounds in the shown unit; an infinite one is null."""
    return None if bounds is None else [in_unit(bounds[0], unit), in_unit(bounds[1], unit)]


def verdict_json(criterion: Criterion, verdict: Verdict) -> Json:
    """One verdict with everything it rests on."""
    unit = shown_unit(criterion, verdict)
    share = verdict.share
    return {
        "criterion": criterion.address,
        "requirement": criterion.requirement or None,
        "sentence": str(criterion.sentence),
        "stage": verdict.stage.value,
        "verdict": verdict.state.value,
        "reason": verdict.why,
        "rule": verdict.rule.value,
        "statistic": criterion.sentence.statistic or criterion.indicator.kind.value,
        "indicator": criterion.indicator.name,
        "unit": unit.name,
        "estimate": in_unit(verdict.estimate, unit),
        "interval": interval(verdict.interval, unit),
        "level": verdict.level,
        "n": verdict.n,
        "n_eff": None if verdict.n_eff is None else round(verdict.n_eff, 3),
        "target": in_unit(verdict.target, unit),
        "margin": in_unit(verdict.margin, unit),
        "share": None
        if share is None
        else {"estimate": share[0], "lower": share[1], "upper": share[2], "needed": verdict.needed},
        "attempts": [_attempt(a, unit) for a in verdict.attempts],
        "evidence": list(verdict.evidence),
        "groups": [_group(g, unit) for g in verdict.groups],
        "settle": verdict.settle,
        "notes": list(verdict.notes),
        "at": _time(verdict.observed),
        "subject": verdict.subject or None,
    }


def _attempt(a: Attempt, unit: Unit) -> Json:
    return {
        "run": a.run, "verdict": a.state.value, "estimate": in_unit(a.estimate, unit), "n": a.n,
        "at": _time(a.observed), "void": a.void,
    }  # fmt: skip


def _group(g: Group, unit: Unit) -> Json:
    return {
        "customer": g.member, "verdict": g.state.value,
        "reason": ": ".join(part for part in (g.reason.value, g.detail) if part),
        "estimate": in_unit(g.estimate, unit), "interval": interval(g.interval, unit), "n": g.n,
    }  # fmt: skip


def gate_json(result: Result, criteria: dict[str, Criterion]) -> Json:
    """The result of one gate (`upheld/gate-result/v1`)."""
    return {
        "schema": GATE_RESULT,
        "gate": result.gate.name,
        "kind": result.gate.kind.value,
        "verdict": result.state.value,
        "reason": result.reason,
        "enforced": result.enforced,
        "subject": result.subject,
        "built_from": result.built_from or None,
        "signoffs": [sign_off_json(s) for s in result.sign_offs],
        "criteria": [_line(line, criteria[line.criterion]) for line in result.lines],
    }


def _line(line: Line, criterion: Criterion) -> Json:
    waiver = line.waiver
    return {
        **verdict_json(criterion, line.verdict),
        "severity": "blocking" if line.blocking else "advisory",
        "waiver": None
        if waiver is None
        else {
            "until": waiver.until.isoformat(), "owner": waiver.owner, "approver": waiver.approver,
            "reason": waiver.reason, "file": waiver.file, "customers_informed": waiver.customers_informed,
        },
        "waiver_note": line.waiver_note,
    }  # fmt: skip


def sign_off_json(required: Required) -> Json:
    """One required sign-off and its state."""
    return {
        "role": required.role, "state": required.state.value, "person": required.person or None,
        "detail": required.detail, "time": _time(required.time),
    }  # fmt: skip


def thread_json(threads: Sequence[Thread], *, project: str, subject: str, at: datetime) -> Json:
    """All threads (`upheld/thread/v1`)."""
    return {
        "schema": THREAD, "project": project, "subject": subject, "at": _time(at),
        "criteria": [_thread(t) for t in threads],
    }  # fmt: skip


def _thread(t: Thread) -> Json:
    sentence = t.criterion.sentence
    asked = next((v for v in t.stages.values() if v is not None), None)
    unit = shown_unit(t.criterion, asked) if asked else t.criterion.indicator.unit
    return {
        "criterion": t.criterion.address,
        "requirement": t.criterion.requirement,
        "title": t.title,
        "status": t.status,
        "priority": t.priority,
        "sentence": str(sentence),
        "statistic": sentence.statistic or t.criterion.indicator.kind.value,
        "indicator": sentence.indicator,
        "objective": in_unit(float(sentence.target), unit),
        "operator": sentence.op.value,
        "unit": unit.name,
        "window": str(sentence.window) if sentence.window else None,
        "load": str(sentence.load) if sentence.load else None,
        "population": sentence.per or "all",
        "rule": {s.value: t.criterion.rule(s).value for s in t.criterion.needs},
        "customers": list(t.criterion.customers),
        "owners": dict(t.owners),
        "agreed": {"verdict": t.agreement.value, "signoffs": [sign_off_json(r) for r in t.agreed]},
        "stages": {stage.value: _stage(t.criterion, t.stages[stage]) for stage in Stage},
        "score": _score(t.score, unit),
        "decisions": list(t.decisions),
        "reopened": [{"decision": decision, "why": why} for decision, why in t.reopened],
        "stale": list(t.stale),
        "missing": list(t.missing),
    }


def _stage(criterion: Criterion, verdict: Verdict | None) -> Json | None:
    if verdict is None:
        return None
    full = verdict_json(criterion, verdict)
    kept = ("verdict", "reason", "rule", "estimate", "unit", "interval", "n", "n_eff", "at", "subject", "groups",
            "attempts", "evidence", "share", "margin", "settle", "notes")  # fmt: skip
    return {key: full[key] for key in kept}


def _score(score: Score | None, unit: Unit) -> Json | None:
    """A prediction against the first valid run after it (rule 14); a run without a finite value is null."""
    if score is None:
        return None
    predicted = score.prediction
    return {
        "hit": score.hit, "points": in_unit(score.points, unit), "level": predicted.level,
        "interval": interval((predicted.low, predicted.high), unit), "estimate": in_unit(predicted.value, unit),
        "predicted": _time(score.predicted), "lived": in_unit(score.lived, unit), "stage": score.stage.value,
        "run": score.run or None, "at": _time(score.observed),
    }  # fmt: skip


def impact_json(changes: Sequence[Change], *, since: str) -> Json:
    """What a change to the definitions does (`upheld/impact/v1`)."""
    return {
        "schema": IMPACT,
        "since": since,
        "changes": [
            {
                "criterion": c.criterion, "direction": c.direction.value, "before": c.before, "after": c.after,
                "decisions": list(c.decisions), "links": list(c.links), "signoffs": list(c.sign_offs),
                "evidence": list(c.evidence), "needs_customers": list(c.needs_customers),
            }
            for c in changes
        ],
    }  # fmt: skip


def review_json(review: Review) -> Json:
    """What a change touches and what it still needs (`upheld/review/v1`)."""
    return {
        "schema": REVIEW,
        "base": review.base, "head": review.head, "subject": review.subject, "stage": review.stage.value,
        "verdict": review.state.value, "reason": review.reason,
        "files": [
            {"path": f.path, "old_path": f.old_path or None, "removed": f.removed, "lines": len(f.lines)}
            for f in review.files
        ],
        "criteria": [
            {
                "criterion": t.criterion.address, "requirement": t.criterion.requirement, "title": t.title,
                "sentence": str(t.criterion.sentence), "customers": list(t.criterion.customers),
                "touched_by": [{"path": touch.path, "how": touch.how} for touch in t.touches],
                "change": None if t.change is None else {
                    "direction": t.change.direction.value, "before": t.change.before, "after": t.change.after,
                },
                "result": None if t.verdict is None else _stage(t.criterion, t.verdict),
            }
            for t in review.touched
        ],
        "reviewers": [
            {
                "role": r.role, "people": list(r.people), "because": r.because, "state": r.standing.value,
                "person": r.person or None, "detail": r.detail,
            }
            for r in review.reviewers
        ],
        "unserved": list(review.unserved),
        "excused": [{"path": path, "because": because} for path, because in review.excused],
        "unknown": [{"path": link.path, "line": link.line, "id": link.to} for link in review.unknown],
        "checklist": [{"text": c.text, "done": c.done, "criterion": c.criterion or None} for c in review.checklist],
    }  # fmt: skip


def exit_status(state: State, *, enforced: bool = True) -> int:
    """0 met or not enforced, 1 not met, 3 inconclusive."""
    if not enforced:
        return 0
    return {State.MET: 0, State.NOT_MET: 1, State.INCONCLUSIVE: 3}[state]


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
