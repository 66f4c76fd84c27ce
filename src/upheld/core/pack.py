"""The pack of a design review: what changed since the last one, what is undecided, what got worse, what is due.

Nothing in it is written by hand. Verdicts then and now come from the same evidence, judged as of then and as of now with
the definitions of each moment, so that a promise that was loosened does not look like one that got better.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from upheld.core import shown
from upheld.core.account import Account, Calibration, Role, Standing, Watched, accounts, calibration, watched
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Criterion, Stage
from upheld.core.decision import Status as DecisionStatus
from upheld.core.evidence import Evidence
from upheld.core.gate import SignOff
from upheld.core.meeting import Completion, Pack, Review, completion, held
from upheld.core.nonfunctional import Open, unanswered
from upheld.core.requirement import Status
from upheld.core.standing import end_of, index
from upheld.core.thread import Change, Thread, impact, threads
from upheld.core.verdict import State, Verdict


class Turn(Enum):
    """Which way a verdict went."""

    WORSE = "worse"
    BETTER = "better"


_ORDER = (State.MET, State.INCONCLUSIVE, State.NOT_MET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """One verdict that is not what it was."""

    criterion: str
    sentence: str
    stage: Stage
    before: State
    after: State
    number: str  # what was measured now

    @property
    def turn(self) -> Turn:
        """Worse or better."""
        return Turn.WORSE if _ORDER.index(self.after) > _ORDER.index(self.before) else Turn.BETTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One decision that is new, has another status, or says something else."""

    decision: str
    title: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that nobody has decided yet, and whom it waits for."""

    item: str
    why: str
    whom: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An outcome whose day has come or comes before the next review."""

    decision: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """Everything that one review looks at."""

    pack: Pack
    since: dt.datetime
    at: dt.datetime
    last: str  # the review that the pack starts from; empty when there was none
    changes: tuple[Change, ...] | None  # None: the definitions of then are not known
    decisions: tuple[Moved, ...]
    turned: tuple[Turned, ...]
    undecided: tuple[Waiting, ...]
    reopened: tuple[Account, ...]
    risks: tuple[Watched, ...]
    due: tuple[Due, ...]
    classes: tuple[Open, ...]
    calibration: Calibration
    completion: Completion | None  # None: no rhythm is kept
    reviews: tuple[Review, ...] = ()  # those since the last one that did not count, because they were not joint

    @property
    def worse(self) -> tuple[Turned, ...]:
        """What got worse."""
        return tuple(t for t in self.turned if t.turn is Turn.WORSE)

    @property
    def better(self) -> tuple[Turned, ...]:
        """What got better."""
        return tuple(t for t in self.turned if t.turn is Turn.BETTER)


def start(catalogue: Catalogue, pack: Pack, *, at: dt.datetime) -> tuple[dt.datetime, str]:
    """From when a pack looks back, and the review it starts from: the last joint one, else one period before `at`."""
    before = held(catalogue.reviews.values(), pack, at=at.date() - dt.timedelta(days=1))
    if before and before[-1].date is not None:
        return end_of(before[-1].date), before[-1].id
    return dt.datetime.combine(pack.after(at.date(), -1), at.timetz()), ""


def brief(
    catalogue: Catalogue,
    before: Catalogue | None,
    evidence: Sequence[Evidence],
    *,
    pack: Pack,
    since: dt.datetime,
    at: dt.datetime,
    last: str = "",
    sign_offs: Sequence[SignOff] = (),
) -> Briefing:
    """The pack between two moments; `before` are the definitions of the first one (None: not known)."""
    indexed = index(evidence)
    now = threads(catalogue, evidence, at=at, sign_offs=sign_offs)
    then = threads(before if before is not None else catalogue, evidence, at=since)
    found = accounts(catalogue, indexed, at=at)
    begin = catalogue.config.reviews.get(pack)
    recorded = tuple(catalogue.reviews.values())
    return Briefing(
        pack=pack, since=since, at=at, last=last,
        changes=None if before is None else impact(before, catalogue, evidence, sign_offs, at=at),
        decisions=tuple(_moved(before, catalogue)) if before is not None else (),
        turned=tuple(_turned(then, now)),
        undecided=tuple(_undecided(catalogue, now)),
        reopened=tuple(a for a in found if a.reopened),
        risks=watched(catalogue, indexed, at=at),
        due=tuple(_due(found, pack.after(at.date(), 1))),
        classes=unanswered(catalogue.answers, catalogue.criteria.keys() | _gated(catalogue), at=at.date()),
        calibration=calibration(found, at=at),
        completion=completion(recorded, pack, begin, at=at.date()) if begin else None,
        reviews=tuple(
            r for r in recorded
            if r.pack is pack and not r.joint and r.date is not None and since.date() < r.date <= at.date()
        ),
    )  # fmt: skip


def _gated(catalogue: Catalogue) -> set[str]:
    return {f"gate.{gate.name}.{s.id}" for gate in catalogue.gates.values() for s in gate.criteria}


def _moved(before: Catalogue, after: Catalogue) -> list[Moved]:
    found = []
    for decision in after.decisions.values():
        old = before.decisions.get(decision.id)
        what = ""
        if old is None:
            what = f"new, {decision.status.value}"
        elif old.status is not decision.status:
            what = f"{old.status.value} → {decision.status.value}"
        elif old.chosen != decision.chosen:
            what = f"chooses {decision.chosen or 'nothing'} instead of {old.chosen or 'nothing'}"
        elif before.fingerprint(decision.id) != after.fingerprint(decision.id):
            what = "says something else"
        if what:
            found.append(Moved(decision=decision.id, title=decision.title, what=what))
    gone = [d for name, d in before.decisions.items() if name not in after.decisions]
    return found + [Moved(decision=d.id, title=d.title, what="is gone") for d in gone]


def _turned(then: Sequence[Thread], now: Sequence[Thread]) -> list[Turned]:
    old = {t.criterion.address: t.stages for t in then}
    found = []
    for t in now:
        stages: Mapping[Stage, Verdict | None] = old.get(t.criterion.address, {})
        for stage in Stage:
            before, after = stages.get(stage), t.stages[stage]
            if before is not None and after is not None and before.state is not after.state:
                found.append(_turn(t.criterion, stage, before, after))
    return sorted(found, key=lambda turned: (turned.turn.value != "worse", -_ORDER.index(turned.after)))


def _turn(criterion: Criterion, stage: Stage, before: Verdict, after: Verdict) -> Turned:
    number = shown.value(criterion, after) if after.state is not State.INCONCLUSIVE else after.why
    return Turned(
        criterion=criterion.address, sentence=str(criterion.sentence), stage=stage, before=before.state,
        after=after.state, number=number,
    )  # fmt: skip


def _undecided(catalogue: Catalogue, now: Sequence[Thread]) -> list[Waiting]:
    """Proposed decisions, requirements without a criterion or an approval, and sign-offs that approved ones lack."""
    found = [
        Waiting(item=d.id, why=f"proposed: {d.title}", whom=d.deciders)
        for d in catalogue.decisions.values()
        if d.status is DecisionStatus.PROPOSED
    ]
    for r in catalogue.requirements.values():
        whom = tuple(r.owners[f] for f in ("product", "engineering") if f in r.owners)
        if r.status in (Status.DRAFT, Status.PROPOSED):
            lacking = "" if r.criteria else ", no criterion yet"
            found.append(Waiting(item=r.id, why=f"{r.status.value}{lacking}: {r.title}", whom=whom))
    seen: set[str] = set()
    for t in now:
        lacking = ", ".join(r.role for r in t.agreed if not r.stands)
        if lacking and t.status == Status.APPROVED.value and t.criterion.requirement not in seen:
            seen.add(t.criterion.requirement)
            found.append(Waiting(item=t.criterion.requirement, why=f"approved, not signed off by {lacking}"))
    return found


def _due(found: Sequence[Account], until: dt.date) -> list[Due]:
    """Outcomes of decisions in force that are due before the next review, or were and are not shown; soonest first."""
    outcomes = [
        Due(decision=a.decision.id, standing=s)
        for a in found
        for s in a.standings
        if a.decision.status is DecisionStatus.ACCEPTED and s.role is Role.OUTCOME and s.statement.due is not None
        and s.statement.due < until and not (s.due and s.state is State.MET)
    ]  # fmt: skip
    return sorted(outcomes, key=lambda d: (d.standing.statement.due or until, d.decision, d.standing.statement.id))
