"""Check: judge the criteria of a gate on the evidence that is given, lay waivers over them, count the sign-offs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from upheld.core import gate as gates
from upheld.core.catalogue import Catalogue, fits
from upheld.core.criterion import Criterion, Stage
from upheld.core.evidence import Evidence
from upheld.core.fingerprint import binding_hash, promise_hash
from upheld.core.gate import Gate, Line, Required, Result, SignOff
from upheld.core.judge import judge
from upheld.core.requirement import Requirement
from upheld.core.signoff import gate_hash, state_of
from upheld.core.verdict import Reason, Verdict, worst
from upheld.errors import DefinitionError


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
) -> Result:
    """Judge one gate on the evidence that is given.

    `history` (earlier evidence from the store) adds attempts and can only make a verdict worse, never a pass.
    `sign_offs` carry whether their signature verified.
    """
    criteria = criteria_of(catalogue, gate)
    stage = Stage(gate.stage)
    roles = catalogue.roles()
    lines = []
    for criterion in criteria.values():
        verdict = _judge(criterion, stage, evidence, history, gate, at=at, subject=subject, ancestors=ancestors)
        line = Line(
            criterion=criterion.address, requirement=criterion.requirement, sentence=str(criterion.sentence),
            verdict=verdict, blocking=criterion.blocking,
        )  # fmt: skip
        lines.append(gates.waive(line, catalogue.waivers, gate, roles, at))
    return gates.decide(gate, lines, signed(catalogue, gate, criteria, subject, sign_offs), at=at, subject=subject)


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


def _judge(
    criterion: Criterion,
    stage: Stage,
    evidence: Sequence[Evidence],
    history: Sequence[Evidence],
    gate: Gate,
    *,
    at: datetime,
    subject: str,
    ancestors: frozenset[str],
) -> Verdict:
    asked = {"at": at, "subject": subject, "ancestors": ancestors, "require_subject": gate.require_subject}
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
