"""A gate judges something, at a stage and with roles that exist; a waiver is dated, owned, and granted by somebody else."""

from collections.abc import Iterator
from datetime import timedelta

from upheld.core.criterion import Stage
from upheld.core.gate import Gate, Waiver
from upheld.core.requirement import Function, Requirement
from upheld.project.load import Item
from upheld.project.rules.rule import ADVICE, ERROR, WARNING, Fault, rule
from upheld.project.rules.scope import Scope, nearest

_STAGES = tuple(stage.value for stage in Stage)
_FUNCTIONS = tuple(function.value for function in Function)
ENDS_SOON = timedelta(days=7)


def _gates(scope: Scope) -> Iterator[tuple[Gate, Item]]:
    return ((gate, scope.item("gate", gate.name)) for gate in scope.catalogue.gates.values())


@rule(
    "gate-empty",
    ERROR,
    "A gate has no criteria and selects none.",
    why="A gate that judges nothing is always inconclusive; whoever waits for it waits for ever.",
    fix="Give it criteria, or let it select requirements.",
    bad="merge: {kind: technical, stage: build}",
    good="merge: {kind: technical, stage: build, select: {status: approved}}",
)
def gate_empty(scope: Scope) -> Iterator[Fault]:
    """Neither criteria nor a selection; a selection that finds nothing today is advice."""
    for gate, item in _gates(scope):
        if gate.criteria:
            continue
        if not gate.select:
            yield Fault(
                item=item, value=gate.name, message=f"the gate {gate.name} has no criteria and selects none",
                fix="add criteria: {NAME: …}, or select: {status: approved}", key=True,
            )  # fmt: skip
        elif (
            scope.requirements
            and gate.stage in _STAGES
            and not any(_selects(scope, gate, r) for r, _ in scope.requirements)
        ):
            yield Fault(
                item=item, path=("select",), value=gate.name, severity=ADVICE,
                message=f"the gate {gate.name} selects no criterion yet, so it stays inconclusive",
                fix="approve a requirement that it selects, or widen select", key=True,
            )  # fmt: skip


def _selects(scope: Scope, gate: Gate, requirement: Requirement) -> bool:
    values = {
        "status": {requirement.status.value}, "priority": {requirement.priority}, "type": {requirement.type},
        "customers": set(scope.catalogue.promised_to(requirement.customers)), "id": {requirement.id},
    }  # fmt: skip
    if not all(set(wanted) & values.get(key, set()) for key, wanted in gate.select.items()):
        return False
    return any(Stage(gate.stage) in scope.catalogue.needs(requirement, s) for s in requirement.criteria)


@rule(
    "gate-stage",
    ERROR,
    "A gate judges at a stage that does not exist.",
    why="Evidence carries one of four stages; at another one there is none.",
    fix="Write design, build, release or production.",
    bad="stage: test",
    good="stage: build",
)
def gate_stage(scope: Scope) -> Iterator[Fault]:
    """The stage is none of the four."""
    for gate, item in _gates(scope):
        if gate.stage not in _STAGES:
            yield Fault(
                item=item, path=("stage",), value=gate.stage, message=f"there is no stage {gate.stage}",
                fix=nearest(gate.stage, _STAGES, otherwise=f"one of: {', '.join(_STAGES)}"),
            )  # fmt: skip


@rule(
    "gate-role",
    ERROR,
    "A gate asks for a role that does not exist.",
    why="Nobody could ever give that sign-off, and the gate would never open.",
    fix=f"Write {', '.join(_FUNCTIONS)}, customer:ID, or a role that somebody holds in upheld.yaml.",
    bad="sign-offs: [produkt]",
    good="sign-offs: [product, engineering, customer:northbank]",
)
def gate_role(scope: Scope) -> Iterator[Fault]:
    """Roles of sign-offs and of whoever grants waivers."""
    known = {*_FUNCTIONS, *scope.roles}
    for gate, item in _gates(scope):
        asked: list[tuple[tuple[str | int, ...], str]] = [(("sign-offs", i), r) for i, r in enumerate(gate.sign_offs)]
        if gate.waivers.approver:
            asked.append((("waivers", "approver"), gate.waivers.approver))
        for path, written in asked:
            role, _, customer = written.partition(":")
            if role not in known:
                yield Fault(
                    item=item, path=path, value=written, message=f"nobody holds the role {role}, and it is none of ours",
                    fix=nearest(role, known, otherwise=f"one of: {', '.join(sorted(known))}"),
                )  # fmt: skip
            elif customer and customer not in scope.catalogue.customers:
                yield Fault(
                    item=item, path=path, value=written, message=f"{customer} is no customer of customers.yaml",
                    fix=nearest(customer, scope.catalogue.customers, otherwise="add the customer there"),
                )  # fmt: skip


@rule(
    "role-unheld",
    ADVICE,
    "A gate asks for the sign-off of a role that nobody holds yet.",
    why="The gate stays inconclusive until somebody holds it; that may be right, and should not be a surprise.",
    fix="Give somebody the role in upheld.yaml, or take the sign-off out of the gate.",
    bad="sign-offs: [executive]   # nobody has role: executive",
    good="people:\n  mara: {role: executive}",
)
def role_unheld(scope: Scope) -> Iterator[Fault]:
    """Known roles without a holder, in one line."""
    lacking = {gate.name: [role for role in gate.sign_offs if not _held(scope, role)] for gate, _ in _gates(scope)}
    lacking = {name: roles for name, roles in lacking.items() if roles}
    if lacking:
        roles = ", ".join(dict.fromkeys(role for found in lacking.values() for role in found))
        names = list(lacking)
        gates = f"the gate {names[0]} waits" if len(names) == 1 else f"the gates {', '.join(names)} wait"
        yield Fault(
            item=scope.item("gate", names[0]), path=("sign-offs",), value=roles, key=True,
            message=f"nobody can sign as {roles}; {gates} for it", fix="give somebody the role under people in upheld.yaml",
        )  # fmt: skip


def _held(scope: Scope, written: str) -> bool:
    role, _, customer = written.partition(":")
    people = scope.catalogue.people.values()
    known = role in {*_FUNCTIONS, *scope.roles} and (not customer or customer in scope.catalogue.customers)
    return not known or any(role in p.roles and (not customer or p.customer == customer) for p in people)


@rule(
    "waiver-unknown",
    ERROR,
    "A waiver names a criterion or a gate that is not there.",
    why="It excuses nothing, and whoever relies on it learns that at the gate.",
    fix="Write the address of the criterion, as lint and thread show it.",
    bad="criterion: REQ-LAT-001.c9",
    good="criterion: REQ-LAT-001.c1",
)
def waiver_unknown(scope: Scope) -> Iterator[Fault]:
    """The address is no criterion, or the gate no gate."""
    for waiver, item in scope.waivers:
        if waiver.criterion not in scope.addresses and not _unread(scope, waiver.criterion):
            yield Fault(
                item=item, path=("criterion",), value=waiver.criterion,
                message=f"no criterion has the address {waiver.criterion}",
                fix=nearest(waiver.criterion, scope.addresses, otherwise="write e.g. REQ-LAT-001.c1"),
            )  # fmt: skip
        unknown = waiver.gate and waiver.gate not in scope.catalogue.gates
        if unknown and not scope.excuses("gates.yaml", waiver.gate):
            yield Fault(
                item=item, path=("gate",), value=waiver.gate, message=f"there is no gate {waiver.gate}",
                fix=nearest(waiver.gate, scope.catalogue.gates, otherwise="see gates.yaml"),
            )  # fmt: skip


def _unread(scope: Scope, address: str) -> bool:
    """Whether the file of a criterion is there and cannot be read, which is said already."""
    owner = address.rpartition(".")[0]
    if owner.startswith("gate."):
        return scope.excuses("gates.yaml", owner.removeprefix("gate."))
    return owner in scope.known and owner not in scope.catalogue.requirements and owner not in scope.catalogue.decisions


@rule(
    "waiver-own",
    ERROR,
    "The person who asks for a waiver grants it.",
    why="An exception that one person can make for themselves is no exception but a switch.",
    fix="Let another person grant it, who holds the role that the gate names.",
    bad="owner: lisa\napprover: lisa",
    good="owner: lisa\napprover: jake",
)
def waiver_own(scope: Scope) -> Iterator[Fault]:
    """Owner and approver are one person."""
    for waiver, item in scope.waivers:
        if waiver.owner and waiver.owner == waiver.approver:
            yield Fault(
                item=item, path=("approver",), value=waiver.approver,
                message=f"{waiver.owner} asks for this waiver and grants it", fix="let another person grant it",
            )  # fmt: skip


@rule(
    "waiver-policy",
    WARNING,
    "A waiver does not fit the policy of its gate, which will not count it.",
    why="The gate refuses it when it is judged; better to learn it now.",
    fix="Shorten it, or let somebody of the named role grant it.",
    bad="until: 2027-11-22   # the gate allows 14 d",
    good="until: 2026-12-06",
)
def waiver_policy(scope: Scope) -> Iterator[Fault]:
    """Longer than the gate allows, or granted in another role than it asks for."""
    roles = scope.catalogue.roles()
    for waiver, item in scope.waivers:
        for gate in scope.catalogue.gates.values():
            if waiver.gate not in ("", gate.name) or not _judges(scope, gate, waiver):
                continue
            limit = timedelta(seconds=gate.waivers.at_most)
            if waiver.until - (waiver.since or scope.at) > limit:
                yield Fault(
                    item=item, path=("until",), value=waiver.until.isoformat(),
                    message=f"the gate {gate.name} allows waivers of at most {limit.days} d",
                    fix=f"end it by {((waiver.since or scope.at) + limit).isoformat()}",
                )  # fmt: skip
            role = gate.waivers.approver
            if role and waiver.approver in roles and role not in roles[waiver.approver]:
                yield Fault(
                    item=item, path=("approver",), value=waiver.approver,
                    message=f"the gate {gate.name} wants {role} to grant it; {waiver.approver} does not hold that role",
                    fix=f"let somebody of {role} grant it",
                )  # fmt: skip


def _judges(scope: Scope, gate: Gate, waiver: Waiver) -> bool:
    if waiver.criterion.startswith("gate."):
        return waiver.criterion.startswith(f"gate.{gate.name}.")
    requirement = scope.catalogue.requirements.get(waiver.criterion.rpartition(".")[0])
    return (
        requirement is not None and bool(gate.select) and gate.stage in _STAGES and _selects(scope, gate, requirement)
    )


@rule(
    "waiver-ending",
    WARNING,
    "A waiver ends within a week.",
    why="It ends by itself; the day after, its criterion decides the gate again.",
    fix="Mend what it excuses, or ask again.",
    bad="until: 2026-11-25   # today is 2026-11-22",
    good="until: 2026-12-10",
)
def waiver_ending(scope: Scope) -> Iterator[Fault]:
    """In force today, and not for long; one that has ended is advice."""
    for waiver, item in scope.waivers:
        left = waiver.until - scope.at
        if left < timedelta(0):
            yield Fault(
                item=item, path=("until",), value=waiver.until.isoformat(), severity=ADVICE,
                message=f"the waiver of {waiver.criterion} ended on {waiver.until.isoformat()}",
                fix="remove the file when its history is in git",
            )  # fmt: skip
        elif left <= ENDS_SOON:
            when = "today" if not left.days else f"in {left.days} day{'s' if left.days > 1 else ''}"
            yield Fault(
                item=item, path=("until",), value=waiver.until.isoformat(),
                message=f"the waiver of {waiver.criterion} ends {when}", fix="mend what it excuses, or ask again",
            )  # fmt: skip
