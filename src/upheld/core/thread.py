"""Everything known about one criterion, in stage order, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from upheld.core.account import Account, accounts, by_item
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Criterion, Op, Stage
from upheld.core.evidence import Evidence
from upheld.core.gate import Required, SignOff, SignOffState
from upheld.core.judge import judge
from upheld.core.prediction import Score, score
from upheld.core.requirement import Source
from upheld.core.signoff import required_of
from upheld.core.verdict import Reason, State, Verdict, worst


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One promise from what the customer said to what production shows."""

    criterion: Criterion
    title: str
    status: str
    priority: str
    owners: Mapping[str, str]
    agreed: tuple[Required, ...]
    stages: Mapping[Stage, Verdict | None]  # None: not asked
    stale: tuple[str, ...]
    missing: tuple[str, ...]
    decisions: tuple[str, ...]
    reopened: tuple[tuple[str, str], ...]  # of these the re-opened ones, each with why
    type: str  # what sort of requirement it is, as written; may be empty
    source: Source  # what the customer said, and where
    score: Score | None = None  # of the prediction against the first valid run after it (rule 14)

    @property
    def agreement(self) -> State:
        """Met when every required role has signed the present content."""
        return State.MET if self.agreed and all(r.stands for r in self.agreed) else State.INCONCLUSIVE

    @property
    def state(self) -> State:
        """The worst of the stages that are asked."""
        return worst([v.state for v in self.stages.values() if v is not None])


def threads(
    catalogue: Catalogue,
    evidence: Sequence[Evidence],
    *,
    at: datetime,
    subject: str = "",
    ancestors: frozenset[str] = frozenset(),
    sign_offs: Sequence[SignOff] = (),
    only: Sequence[str] = (),
    agreed: Mapping[str, tuple[Required, ...]] | None = None,
) -> tuple[Thread, ...]:
    """The threads of all criteria, or of those whose address or requirement is named in `only`.

    `agreed` gives what is known of each requirement's sign-offs where only a part of the promises is at hand.
    """
    index: dict[tuple[str, Stage], list[Evidence]] = {}
    for e in evidence:
        index.setdefault((e.indicator, e.stage), []).append(e)
    affected: dict[str, list[str]] = {}
    for decision in catalogue.decisions.values():
        for item in decision.affects:
            affected.setdefault(item, []).append(decision.id)
    if agreed is None:
        signed: dict[str, list[SignOff]] = {}
        for sign_off in sign_offs:
            signed.setdefault(sign_off.item, []).append(sign_off)
        agreed = {r.id: required_of(catalogue, r.id, signed.get(r.id, ())) for r in catalogue.requirements.values()}
    open_again = by_item(accounts(catalogue, index, at=at))
    found = []
    for criterion in catalogue.criteria.values():
        if only and criterion.address not in only and criterion.requirement not in only:
            continue
        stages: dict[Stage, Verdict | None] = {}
        for stage in Stage:
            about = index.get((criterion.indicator.name, stage), [])
            asked = stage in criterion.needs
            here = subject if stage is Stage.BUILD and any(e.subject == subject for e in about) else ""
            stages[stage] = judge(criterion, stage, about, at=at, subject=here, ancestors=ancestors) if asked else None
        known = [e for stage in Stage for e in index.get((criterion.indicator.name, stage), ())]
        known = [e for e in known if e.observed is not None and e.observed <= at]
        requirement = catalogue.requirements[criterion.requirement]
        roles = agreed[requirement.id]
        decisions = affected.get(criterion.address, []) + affected.get(criterion.requirement, [])
        found.append(
            Thread(
                criterion=criterion, title=requirement.title, status=requirement.status.value,
                priority=requirement.priority, owners=requirement.owners, agreed=roles,
                stages=stages, stale=tuple(_stale(stages, roles, subject, ancestors)),
                missing=tuple(_missing(stages, roles)), decisions=tuple(dict.fromkeys(decisions)),
                reopened=tuple(
                    (a.decision.id, why)
                    for a in _each_once(open_again, criterion.address, requirement.id)
                    for why in a.reasons
                ),
                type=requirement.type, source=requirement.source, score=score(criterion, known),
            )
        )  # fmt: skip
    return tuple(found)


def _each_once(found: Mapping[str, tuple[Account, ...]], *items: str) -> Sequence[Account]:
    return list({a.decision.id: a for item in items for a in found.get(item, ())}.values())


def _stale(
    stages: Mapping[Stage, Verdict | None], agreed: Sequence[Required], subject: str, ancestors: frozenset[str]
) -> list[str]:
    stale = [f"sign-off of {r.role}: {r.detail}" for r in agreed if r.state is SignOffState.STALE]
    for stage, verdict in stages.items():
        if verdict is None:
            continue
        if verdict.reason is Reason.STALE:
            stale.append(f"{stage.shown}: {verdict.detail}")
        elif stage is Stage.BUILD and subject and verdict.subject and verdict.subject != subject:
            older = "an earlier commit" if verdict.subject in ancestors else "another tree"
            stale.append(f"{stage.shown}: measured on {older} ({verdict.subject[:17]})")
    return stale


def _missing(stages: Mapping[Stage, Verdict | None], agreed: Sequence[Required]) -> list[str]:
    missing = [f"sign-off of {r.role}" for r in agreed if r.state is SignOffState.MISSING]
    for stage, verdict in stages.items():
        if verdict is not None and verdict.reason in (Reason.MISSING, Reason.NO_TRAFFIC):
            missing.append(f"{stage.shown}: {verdict.settle or verdict.detail or 'evidence'}")
    return missing


# ── What a change to the definitions does ────────────────────────────────────────────────────────────────────────────


class Direction(Enum):
    """What happened to a promise."""

    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One promise that changed, and exactly what turns suspect or stale with it."""

    criterion: str
    direction: Direction
    before: str
    after: str
    decisions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()  # items whose link saw the old promise
    sign_offs: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()  # evidence that can no longer be judged; what can is judged again
    needs_customers: tuple[str, ...] = ()  # who must sign because a promise they signed was loosened


def impact(
    before: Catalogue, after: Catalogue, evidence: Sequence[Evidence], sign_offs: Sequence[SignOff], *, at: datetime
) -> tuple[Change, ...]:
    """What changed between two states of the definitions, promise by promise."""
    changes = []
    for address in sorted(before.criteria.keys() | after.criteria.keys()):
        old, new = before.criteria.get(address), after.criteria.get(address)
        direction = _direction(old, new)
        if direction is None:
            continue
        criterion = new or old
        if criterion is None:
            continue
        requirement = criterion.requirement
        signed = [s for s in sign_offs if s.item in (address, requirement)]
        changes.append(
            Change(
                criterion=address, direction=direction,
                before=str(old.sentence) if old else "", after=str(new.sentence) if new else "",
                decisions=tuple(
                    d.id for d in after.decisions.values() if address in d.affects or requirement in d.affects
                ),
                links=tuple(
                    r.id for r in after.requirements.values() for link in r.links if link.to in (address, requirement)
                ),
                sign_offs=tuple(f"{s.item} by {s.person} ({s.role})" for s in signed),
                evidence=tuple(_lost(new, evidence, at)) if new else (),
                needs_customers=tuple(
                    s.role.partition(":")[2] for s in signed if s.role.startswith("customer:")
                ) if direction in (Direction.LOOSENED, Direction.REMOVED) else (),
            )
        )  # fmt: skip
    return tuple(changes)


def _lost(criterion: Criterion, evidence: Sequence[Evidence], at: datetime) -> list[str]:
    lost = []
    for stage in Stage:
        about = [e for e in evidence if e.indicator == criterion.indicator.name and e.stage is stage]
        for e in about:
            verdict = judge(criterion, stage, [e], at=at)
            if verdict.reason is Reason.STALE:
                lost.append(f"{stage.shown}: {e.source.get('file') or e.run or e.id[:19]} ({verdict.detail})")
    return lost


def _direction(old: Criterion | None, new: Criterion | None) -> Direction | None:
    if old is None or new is None:
        return Direction.ADDED if old is None else Direction.REMOVED
    a, b = old.sentence, new.sentence
    same_but_target = replace(a, target=b.target) == b and a.target.base != b.target.base
    if a == b:
        if set(old.customers) == set(new.customers) and old.indicator == new.indicator:
            return None
        if old.indicator == new.indicator and set(old.customers) < set(new.customers):
            return Direction.TIGHTENED
        if old.indicator == new.indicator and set(new.customers) < set(old.customers):
            return Direction.LOOSENED
        return Direction.CHANGED
    if same_but_target and a.target.unit.dimension is b.target.unit.dimension and a.op is not Op.EQ:
        tighter = (b.target.base < a.target.base) == a.op.upper
        return Direction.TIGHTENED if tighter else Direction.LOOSENED
    return Direction.CHANGED
