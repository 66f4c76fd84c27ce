"""A requirement that the organisation stands behind says who asked, whom it was promised to, and who answers for it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from upheld.core.requirement import Requirement
from upheld.project.load import Item
from upheld.project.rules.rule import ERROR, WARNING, Fault, rule
from upheld.project.rules.scope import Scope, nearest

if TYPE_CHECKING:
    from upheld.core.decision import Decision
    from upheld.core.risk import Risk


def _approved(scope: Scope) -> Iterable[tuple[Requirement, Item]]:
    return scope.incomplete


@rule(
    "criterion-missing",
    ERROR,
    "An approved requirement has no criterion.",
    why="Without a measurable statement nobody can show that the promise holds, and no gate can judge it.",
    fix="Answer the questions that lint asks about its words, and write the answers as criteria.",
    bad="status: approved",
    good="status: approved\ncriteria:\n  - id: c1\n    that: p95 of insight.latency < 1 s at 200/s over 30 d per customer",
)
def criterion_missing(scope: Scope) -> Iterator[Fault]:
    """Approved or delivered, and nothing to measure."""
    for requirement, item in _approved(scope):
        if not requirement.criteria:
            yield Fault(
                item=item, path=("status",), value=requirement.status.value,
                message=f"{requirement.id} is {requirement.status.value} and has no criterion",
                fix="add one under criteria, or set status: draft until it can be measured",
            )  # fmt: skip


@rule(
    "customers-missing",
    ERROR,
    "An approved requirement names no customer.",
    why="A promise is made to somebody; verdicts, budgets and reports are per customer.",
    fix="Name them by id, by `tier:…` or `region:…`, or write `all`.",
    bad="status: approved",
    good='customers: [northbank, "tier:silver"]',
)
def customers_missing(scope: Scope) -> Iterator[Fault]:
    """Approved or delivered, and promised to nobody."""
    for requirement, item in _approved(scope):
        if not requirement.customers:
            yield Fault(
                item=item, path=("customers",),
                message=f"{requirement.id} is {requirement.status.value} and names no customers",
                fix="write customers: [all], or name them",
            )  # fmt: skip


@rule(
    "source-missing",
    ERROR,
    "An approved requirement does not say where the customer said it.",
    why="In a dispute the customer's own words decide, and in a change they show what was meant.",
    fix="Write the document, or quote the words.",
    bad="status: approved",
    good="source:\n  document: North Bank MSA 3.2\n  quote: sub-second response times",
)
def source_missing(scope: Scope) -> Iterator[Fault]:
    """Approved or delivered, without document and without quote."""
    for requirement, item in _approved(scope):
        if not (requirement.source.document or requirement.source.quote):
            yield Fault(
                item=item, path=("source",),
                message=f"{requirement.id} is {requirement.status.value} and does not say who asked for it",
                fix="write source: {document: …, quote: …}",
            )  # fmt: skip


@rule(
    "owner-missing",
    ERROR,
    "An approved requirement has no owner in product, or none in engineering.",
    why="A promise that one function makes alone is either not wanted or not kept.",
    fix="Name one person of each function under owners.",
    bad="owners: {product: jake}",
    good="owners: {product: jake, engineering: lisa}",
)
def owner_missing(scope: Scope) -> Iterator[Fault]:
    """Approved or delivered, and product or engineering does not stand behind it."""
    for requirement, item in _approved(scope):
        missing = [f for f in ("product", "engineering") if not requirement.owners.get(f)]
        if missing:
            yield Fault(
                item=item, path=("owners",),
                message=f"{requirement.id} is {requirement.status.value} and has no owner in {' and '.join(missing)}",
                fix="write owners: {product: …, engineering: …}",
            )  # fmt: skip


@rule(
    "person-unknown",
    ERROR,
    "Somebody is named who is not among the people of upheld.yaml.",
    why="A misspelt owner owns nothing, and a misspelt approver approves nothing.",
    fix="Correct the name, or add the person under people in upheld.yaml.",
    bad="owners: {product: jkae}",
    good="people:\n  jake: {role: product}",
)
def person_unknown(scope: Scope) -> Iterator[Fault]:
    """Owners, and those who ask for, grant or sign something."""
    people = scope.catalogue.people

    def unknown(item: Item, path: tuple[str | int, ...], name: str) -> Fault:
        return Fault(
            item=item, path=path, value=name, message=f"{name} is nobody in upheld.yaml",
            fix=nearest(name, people, otherwise="add them under people"),
        )  # fmt: skip

    for requirement, item in scope.requirements:
        for function, name in requirement.owners.items():
            if name not in people and not scope.excuses("upheld.yaml", name, "people"):
                yield unknown(item, ("owners", function), name)
    for waiver, item in scope.waivers:
        for key, name in (("owner", waiver.owner), ("approver", waiver.approver)):
            if name not in people and not scope.excuses("upheld.yaml", name, "people"):
                yield unknown(item, (key,), name)
    named = [(item, ("owner",), risk.owner) for risk, item in scope.risks]
    named += [
        (scope.item("nonfunctional", answer.kind.value), ("owner",), answer.owner) for answer in scope.catalogue.answers
    ]
    for item, path, name in named:
        if name and name not in people and not scope.excuses("upheld.yaml", name, "people"):
            yield unknown(item, path, name)
    for review, item in scope.reviews:
        for i, outcome in enumerate(review.outcomes):
            if outcome.owner and outcome.owner not in people:
                yield unknown(item, ("outcomes", i, "owner"), outcome.owner)
    for sign_off, item in scope.sign_offs:
        if sign_off.person not in people and not scope.excuses("upheld.yaml", sign_off.person, "people"):
            yield unknown(item, ("person",), sign_off.person)


@rule(
    "owner-role",
    WARNING,
    "An owner does not hold the role of the function that they are named for.",
    why="Joint ownership means both functions; one person's name in two fields is only a name.",
    fix="Name somebody of that function, or give the person the role in upheld.yaml.",
    bad="owners: {engineering: jake}   # jake: {role: product}",
    good="owners: {engineering: lisa}   # lisa: {role: engineering}",
)
def owner_role(scope: Scope) -> Iterator[Fault]:
    """The owner is known, has roles, and this is none of them."""
    people = scope.catalogue.people
    for requirement, item in scope.requirements:
        for function, name in requirement.owners.items():
            person = people.get(name)
            if person is not None and person.roles and function not in person.roles:
                yield Fault(
                    item=item, path=("owners", function), value=name,
                    message=f"{name} owns the {function} side but holds the role {', '.join(person.roles)}",
                    fix=f"name somebody of {function}, or add the role to {name} in upheld.yaml",
                )  # fmt: skip


@rule(
    "customer-unknown",
    ERROR,
    "A customer is named who is not in customers.yaml, or a group that nobody belongs to.",
    why="The promise would be judged for nobody, and silence would look like success.",
    fix="Correct the name, or add the customer.",
    bad="customers: [nortbank]",
    good="customers: [northbank]",
)
def customer_unknown(scope: Scope) -> Iterator[Fault]:
    """Requirements, impacts of decisions, people who speak for a customer, and the selection of gates."""
    groups = _groups(scope)
    good: set[str] = {"all", *scope.catalogue.customers, *groups}
    if scope.excuses("customers.yaml", ""):
        return

    def unknown(item: Item, path: tuple[str | int, ...], name: str) -> Fault:
        kind, colon, value = name.partition(":")
        if colon and kind in ("tier", "region"):
            message = f"no customer has the {kind} {value}"
            known = [g for g in groups if g.startswith(f"{kind}:")]
            fix = nearest(name, known) or (
                f"known: {', '.join(sorted(known))}" if known else f"give a customer {kind}:"
            )
        elif colon:
            message, fix = f"customers are not grouped by {kind}", "write an id, tier:…, region:… or all"
        else:
            message = f"{name} is no customer of customers.yaml"
            fix = nearest(name, scope.catalogue.customers, otherwise="add the customer there")
        return Fault(item=item, path=path, value=name, message=message, fix=fix)

    for requirement, item in scope.requirements:
        for i, selector in enumerate(requirement.customers):
            if selector not in good:
                yield unknown(item, ("customers", i), selector)
    changing: list[tuple[Decision | Risk, Item]] = [*scope.decisions, *scope.risks]
    for source, item in changing:
        for i, impact in enumerate(source.impacts):
            if impact.customer not in good:
                yield unknown(item, ("customer-impact", i, "customer"), impact.customer)
    for person in scope.catalogue.people.values():
        if person.customer and person.customer not in scope.catalogue.customers:
            yield unknown(scope.item("person", person.id), ("customer",), person.customer)
    for gate in scope.catalogue.gates.values():
        for i, selector in enumerate(gate.select.get("customers", ())):
            if selector not in good:
                yield unknown(scope.item("gate", gate.name), ("select", "customers", i), selector)


def _groups(scope: Scope) -> set[str]:
    customers = scope.catalogue.customers.values()
    return {f"tier:{c.tier}" for c in customers if c.tier} | {f"region:{c.region}" for c in customers if c.region}
