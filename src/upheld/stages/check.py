"""Check: judge the criteria of a gate, or those that a change touches, on the evidence that is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from upheld.core import gate as gates
from upheld.core.catalogue import Catalogue, PathRule, fits
from upheld.core.criterion import Criterion, Stage
from upheld.core.evidence import Evidence
from upheld.core.fingerprint import binding_hash, promise_hash
from upheld.core.gate import Gate, Line, Required, Result, SignOff
from upheld.core.judge import judge
from upheld.core.requirement import Requirement, Status
from upheld.core.review import (
    ITEM,
    Approval,
    File,
    Link,
    Review,
    Touched,
    conclude,
    reach,
    signed_approvals,
)
from upheld.core.review import content_hash as change_hash
from upheld.core.signoff import content_hash, gate_hash, state_of
from upheld.core.thread import impact
from upheld.core.verdict import Reason, Verdict, worst
from upheld.errors import DefinitionError, UsageError


def criteria_of(catalogue: Catalogue, gate: Gate) -> dict[str, Criterion]:
    """The criteria that a gate judges: those of the requirements it selects, then its own.

    Raises DefinitionError when one of them cannot be judged as it is written.
    """
    stage = Stage(gate.stage)
    chosen: dict[str, Criterion] = {}
    for requirement in catalogue.requirements.values():
        if not _selects(catalogue, gate, requirement):
            continue
        for statement in requirement.criteria:
            if stage not in catalogue.needs(requirement, statement):
                continue
            address = f"{requirement.id}.{statement.id}"
            criterion = catalogue.criteria.get(address)
            if criterion is None:
                raise DefinitionError(
                    f'{requirement.file}: {address} "{statement.that}" cannot be judged; run: upheld lint'
                )
            chosen[address] = criterion
    for statement in gate.criteria:
        own = catalogue.gate_criterion(gate, statement)
        if own is None or not fits(own):
            raise DefinitionError(
                f'gates.yaml: {gate.name}.{statement.id} "{statement.that}" cannot be judged; run: upheld lint'
            )
        chosen[own.address] = own
    return chosen


def _selects(catalogue: Catalogue, gate: Gate, requirement: Requirement) -> bool:
    if not gate.select or requirement.status.value == "retired":
        return False
    values = {
        "status": {requirement.status.value},
        "priority": {requirement.priority},
        "type": {requirement.type},
        "customers": set(catalogue.promised_to(requirement.customers)),
        "id": {requirement.id},
    }
    return all(set(wanted) & values.get(key, set()) for key, wanted in gate.select.items())


def check(
    catalogue: Catalogue,
    gate: Gate,
    evidence: Sequence[Evidence],
    *,
    at: datetime,
    subject: str,
    ancestors: frozenset[str] = frozenset(),
    history: Sequence[Evidence] = (),
    sign_offs: Sequence[SignOff] = (),
    built_from: str = "",
) -> Result:
    """Judge one gate on the evidence that is given.

    `history` (earlier evidence from the store) adds attempts and can only make a verdict worse, never a pass.
    `sign_offs` carry whether their signature verified. `built_from` is the source whose evidence counts as the subject's.
    """
    criteria = criteria_of(catalogue, gate)
    stage = Stage(gate.stage)
    roles = catalogue.roles()
    lines = []
    for criterion in criteria.values():
        verdict = _judge(
            criterion, stage, evidence, history, at=at, subject=subject, ancestors=ancestors,
            require_subject=gate.require_subject,
        )  # fmt: skip
        line = Line(
            criterion=criterion.address, requirement=criterion.requirement, sentence=str(criterion.sentence),
            verdict=verdict, blocking=criterion.blocking,
        )  # fmt: skip
        lines.append(gates.waive(line, catalogue.waivers, gate, roles, at))
    agreed = signed(catalogue, gate, criteria, subject, sign_offs)
    return gates.decide(gate, lines, agreed, at=at, subject=subject, built_from=built_from)


def signed(
    catalogue: Catalogue, gate: Gate, criteria: dict[str, Criterion], subject: str, sign_offs: Sequence[SignOff]
) -> tuple[Required, ...]:
    """The state of every sign-off that a gate asks for, on this subject."""
    expected = content_of(gate, criteria, subject)
    mine = [s for s in sign_offs if s.item == f"gate.{gate.name}"]
    return tuple(state_of(catalogue, role, expected, mine) for role in gate.sign_offs)


def content_of(gate: Gate, criteria: dict[str, Criterion], subject: str) -> str:
    """The hash that a sign-off of this gate approves: every promise and how this stage evaluates it, on one subject."""
    stage = Stage(gate.stage)
    return gate_hash(gate, subject, {a: promise_hash(c) + binding_hash(c.binding(stage)) for a, c in criteria.items()})


def content_to_sign(catalogue: Catalogue, item: str, *, subject: str) -> str:
    """The hash that a sign-off of a requirement, a decision or `gate.NAME` (on one subject) approves.

    Raises UsageError when there is no such item.
    """
    if item.startswith("gate."):
        gate = catalogue.gates.get(item.removeprefix("gate."))
        if gate is None:
            raise UsageError(f'no gate "{item.removeprefix("gate.")}"; known: {", ".join(catalogue.gates)}')
        return content_of(gate, criteria_of(catalogue, gate), subject)
    if item not in catalogue.requirements and item not in catalogue.decisions:
        raise UsageError(f'no requirement, decision or gate "{item}"; a gate is signed as gate.NAME')
    return content_hash(catalogue, item)


def _judge(
    criterion: Criterion,
    stage: Stage,
    evidence: Sequence[Evidence],
    history: Sequence[Evidence],
    *,
    at: datetime,
    subject: str,
    ancestors: frozenset[str],
    require_subject: bool = False,
) -> Verdict:
    asked = {"at": at, "subject": subject, "ancestors": ancestors, "require_subject": require_subject}
    given = judge(criterion, stage, evidence, **asked)  # type: ignore[arg-type]  # the keywords of judge
    known = {e.id for e in evidence}
    # Scans and facts follow from their subject and their base; only what may differ from run to run has attempts.
    repeats = criterion.indicator.name.startswith("test.") or not criterion.indicator.census
    earlier = [e for e in history if repeats and e.subject == subject and e.id not in known]
    if given.reason is Reason.MISSING or not earlier:
        return given
    together = judge(criterion, stage, [*evidence, *earlier], **asked)  # type: ignore[arg-type]
    return (
        together
        if worst([given.state, together.state]) is together.state
        else replace(given, attempts=together.attempts)
    )


# ── The review of a change ───────────────────────────────────────────────────────────────────────────────────────────

AGREED = (Status.APPROVED, Status.DELIVERED)  # what is not agreed yet asks for no evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A change between two commits as its sources tell it; paths are from the project's root."""

    base: str
    head: str
    subject: str  # of the source that the change leads to
    files: Sequence[File]
    links: Sequence[Link]
    rules: Mapping[str, Sequence[PathRule]]  # by path
    defined: Mapping[str, Sequence[str]]  # definition file → the requirements and criteria it is about
    authors: Sequence[str]  # people of upheld.yaml
    before: Catalogue
    after: Catalogue


def touched_by(
    change: Difference,
    evidence: Sequence[Evidence],
    *,
    stage: Stage,
    at: datetime,
    ancestors: frozenset[str] = frozenset(),
    history: Sequence[Evidence] = (),
    sign_offs: Sequence[SignOff] = (),
) -> list[Touched]:
    """The criteria that a change reaches, each judged on the source that it leads to where the stage must answer."""
    changes = {c.criterion: c for c in impact(change.before, change.after, (), sign_offs, at=at)}
    reached = reach(
        change.after, files=change.files, links=change.links, rules=change.rules, defined=change.defined,
        changes=list(changes.values()),
    )  # fmt: skip
    found = []
    for address, touches in reached.items():
        criterion = change.after.criteria.get(address) or change.before.criteria.get(address)
        if criterion is None:
            continue
        requirement = change.after.requirements.get(criterion.requirement)
        asked = address in change.after.criteria and stage in criterion.needs
        verdict = None
        if asked and requirement is not None and requirement.status in AGREED:
            verdict = _judge(criterion, stage, evidence, history, at=at, subject=change.subject, ancestors=ancestors)
        found.append(
            Touched(
                criterion=criterion, title=requirement.title if requirement else "", touches=tuple(touches),
                change=changes.get(address), verdict=verdict,
            )
        )  # fmt: skip
    return found


def review(
    change: Difference,
    touched: Sequence[Touched],
    *,
    stage: Stage,
    approvals: Sequence[Approval] = (),
    sign_offs: Sequence[SignOff] = (),
) -> Review:
    """What the change still needs: evidence, reviews that stand, and the questions that its promises ask.

    `approvals` are asserted by whoever calls; `sign_offs` carry whether their signature verified.
    """
    expected = change_hash(change.subject, [t.criterion for t in touched], stage)
    mine = [s for s in sign_offs if s.item == ITEM]
    signed = [state_of(change.after, role, expected, mine) for role in dict.fromkeys(s.role for s in mine)]
    return conclude(
        change.after, base=change.base, head=change.head, subject=change.subject, stage=stage, files=change.files,
        links=change.links, rules=change.rules, defined=change.defined, touched=touched,
        approvals=[*signed_approvals(signed), *approvals], authors=change.authors,
    )  # fmt: skip
