"""Who may do what, and what of a project is narrowed away before anything is judged for them.

Isolation of customers stands here and nowhere else: whoever may see only some customers is given definitions, evidence
and sign-offs that hold nothing of the others, and the same functions judge what is left. What is not there cannot leak.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from upheld.core.catalogue import Catalogue
from upheld.core.evidence import Evidence
from upheld.core.gate import Required, SignOff
from upheld.core.requirement import Source
from upheld.core.signoff import required_of


class Right(Enum):
    """One thing that a caller may do."""

    READ = "read"  # threads, gates, evidence of the customers in scope
    EVIDENCE = "evidence"  # send evidence
    TELEMETRY = "telemetry"  # send telemetry
    SIGN = "sign"  # sign off in one's role
    WAIVE = "waive"  # ask for a waiver
    APPROVE = "approve"  # approve somebody else's waiver
    PROPOSE = "propose"  # propose definitions as a commit
    INSIDE = "inside"  # decisions, sessions and whatever is not written for customers
    AUDIT = "audit"  # the audit trail, its proofs and its export
    METRICS = "metrics"  # the server's own figures
    ADMINISTER = "administer"  # accounts, roles and tokens


class Role(Enum):
    """What somebody is in one product. A person may hold several."""

    PRODUCT = "product"
    ENGINEERING = "engineering"
    OPERATIONS = "operations"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"
    CUSTOMER = "customer"
    ADMINISTRATOR = "administrator"


_INSIDE = {Right.READ, Right.INSIDE}
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.PRODUCT: frozenset({*_INSIDE, Right.SIGN, Right.WAIVE, Right.APPROVE, Right.PROPOSE}),
    Role.ENGINEERING: frozenset(
        {*_INSIDE, Right.SIGN, Right.WAIVE, Right.APPROVE, Right.PROPOSE, Right.EVIDENCE, Right.METRICS}
    ),
    Role.OPERATIONS: frozenset({*_INSIDE, Right.SIGN, Right.WAIVE, Right.EVIDENCE, Right.TELEMETRY, Right.METRICS}),
    Role.EXECUTIVE: frozenset({*_INSIDE, Right.SIGN, Right.APPROVE}),
    Role.AUDITOR: frozenset({*_INSIDE, Right.AUDIT}),
    Role.CUSTOMER: frozenset({Right.READ, Right.SIGN}),
    Role.ADMINISTRATOR: frozenset({Right.ADMINISTER, Right.METRICS}),
}
# What a service token may be given: machines neither sign nor administer.
TOKEN_RIGHTS = frozenset({Right.READ, Right.EVIDENCE, Right.TELEMETRY, Right.AUDIT, Right.METRICS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One role in one product, for one customer or (empty) for all. A customer's own people always name theirs."""

    product: str
    role: Role
    customer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one right reaches in one product: every customer (None), or these."""

    product: str
    customers: frozenset[str] | None
    inside: bool  # whether decisions and what else is not written for customers belong to it

    @property
    def whole(self) -> bool:
        """Whether nothing is narrowed away."""
        return self.customers is None and self.inside

    def covers(self, customer: str) -> bool:
        """Whether something of this customer may be seen; what names none is everybody's."""
        return not customer or self.customers is None or customer in self.customers


def scope_of(grants: Iterable[Grant], product: str, right: Right) -> Scope | None:
    """How far a right reaches in a product; None where no grant gives it."""
    held = [g for g in grants if g.product == product and right in RIGHTS[g.role]]
    if not held:
        return None
    # A customer's grant that names no customer reaches nothing, not everything.
    open_ones = [g for g in held if not g.customer and g.role is not Role.CUSTOMER]
    customers = None if open_ones else frozenset(g.customer for g in held if g.customer)
    return Scope(product=product, customers=customers, inside=any(Right.INSIDE in RIGHTS[g.role] for g in held))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What of a project is in a scope: all that is needed to judge, and nothing of anybody else."""

    catalogue: Catalogue
    evidence: Sequence[Evidence]
    sign_offs: Sequence[SignOff]
    agreed: Mapping[str, tuple[Required, ...]]  # of each requirement; hashes are of the whole promise, not of a part


# What is not written for customers, besides decisions and sessions.
_NOTHING_INSIDE: Mapping[str, Any] = {"risks": {}, "reviews": {}, "assessments": {}, "answers": (), "allocations": ()}


def narrow(catalogue: Catalogue, evidence: Sequence[Evidence], sign_offs: Sequence[SignOff], scope: Scope) -> Seen:
    """The definitions, evidence and sign-offs that a scope reaches."""
    signed: dict[str, list[SignOff]] = {}
    for sign_off in sign_offs:
        signed.setdefault(sign_off.item, []).append(sign_off)
    agreed = {r: required_of(catalogue, r, signed.get(r, ())) for r in catalogue.requirements}
    if scope.whole:
        return Seen(catalogue=catalogue, evidence=evidence, sign_offs=sign_offs, agreed=agreed)
    mine = scope.customers if scope.customers is not None else frozenset(catalogue.customers)
    requirements = {}
    for requirement in catalogue.requirements.values():
        promised = tuple(c for c in catalogue.promised_to(requirement.customers) if c in mine)
        if promised:
            # A contract with somebody else may be named in the source of a promise to several.
            source = requirement.source if scope.inside or requirement.customers == promised else Source()
            requirements[requirement.id] = replace(requirement, customers=promised, source=source)
    narrowed = replace(
        catalogue,
        customers={c: customer for c, customer in catalogue.customers.items() if c in mine},
        people={p: person for p, person in catalogue.people.items() if scope.covers(person.customer)},
        requirements=requirements,
        decisions=catalogue.decisions if scope.inside and scope.customers is None else {},
        sessions=catalogue.sessions if scope.inside and scope.customers is None else (),
        **({} if scope.inside and scope.customers is None else _NOTHING_INSIDE),
        waivers=tuple(w for w in catalogue.waivers if w.criterion.partition(".")[0] in requirements),
        sign_offs=(),
    )
    own = tuple(
        s
        for s in sign_offs
        if scope.covers(_customer(s.role)) and (s.item in requirements or s.item.startswith("gate."))
    )
    return Seen(
        catalogue=narrowed, sign_offs=own,
        # What could not be read is told to the team: nobody knows whose it is.
        evidence=[e for e in evidence if scope.covers(e.customer) and (scope.inside or not e.unreadable)],
        agreed={r: tuple(q for q in agreed[r] if scope.covers(_customer(q.role))) for r in requirements},
    )  # fmt: skip


def _customer(role: str) -> str:
    kind, _, customer = role.partition(":")
    return customer if kind == "customer" else ""
