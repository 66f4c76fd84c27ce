"""No class of requirements is forgotten silently, and what a promise allows is given away only once."""

from collections.abc import Iterator
from fractions import Fraction

from upheld.core import allocation, quantity
from upheld.core.nonfunctional import unanswered
from upheld.core.requirement import Status
from upheld.project.load import Item
from upheld.project.rules.rule import ADVICE, ERROR, WARNING, Fault, rule
from upheld.project.rules.scope import Scope, nearest

FILE = "nonfunctional.yaml"
# Requirements of these types say that a product has begun to state how good it shall be.
_TYPES = frozenset({"quality", "constraint", "compliance", "data", "model"})


@rule(
    "nonfunctional-open",
    WARNING,
    "A class of non-functional requirements has no criterion, and nobody has said until when the product does without.",
    why="Nobody asks for accessibility or cost until it is missing in front of a customer; silence is no answer.",
    fix="Name a criterion of the class in nonfunctional.yaml, or an owner, a reason and an end.",
    bad="security: {}",
    good="security: {criteria: [gate.merge.findings]}\naccessibility: {owner: jake, reason: no screens yet, until: 2027-06-01}",
)
def nonfunctional_open(scope: Scope) -> Iterator[Fault]:
    """One finding per class where the file is there; else one piece of advice, once qualities are promised at all."""
    answers = scope.catalogue.answers
    if not answers and not (scope.project.root / FILE).is_file():
        approved = [r for r, _ in scope.requirements if r.status is not Status.DRAFT and r.type in _TYPES]
        if approved:
            lacking = ", ".join(entry.kind.value for entry in unanswered((), (), at=scope.at))
            yield Fault(
                item=scope.root, severity=ADVICE, message=f"no answer yet to these classes of requirements: {lacking}",
                fix="upheld new nonfunctional writes a file with a line for each",
            )  # fmt: skip
        return
    top = Item(file=FILE, kind="nonfunctional", id="")
    written = {answer.kind for answer in answers}
    for entry in unanswered(answers, scope.addresses, at=scope.at):
        name = entry.kind.value
        yield Fault(
            item=scope.item("nonfunctional", name) if entry.kind in written else top, value=name, key=True,
            message=f"{name}: {entry.why}: {entry.kind.question}",
            fix=f"write {name}: {{criteria: […]}}, or {{owner: …, reason: …, until: …}}",
        )  # fmt: skip


@rule(
    "nonfunctional-unknown",
    ERROR,
    "A class of requirements is answered by a criterion that is not there.",
    why="The class looks answered and is not.",
    fix="Correct the address.",
    bad="security: {criteria: [gate.merge.finding]}",
    good="security: {criteria: [gate.merge.findings]}",
)
def nonfunctional_unknown(scope: Scope) -> Iterator[Fault]:
    """The address is no criterion of a requirement, gate, decision or risk."""
    for answer in scope.catalogue.answers:
        for i, name in enumerate(answer.criteria):
            if name not in scope.addresses:
                yield Fault(
                    item=scope.item("nonfunctional", answer.kind.value), path=("criteria", i), value=name,
                    message=f"there is no criterion {name}",
                    fix=nearest(name, scope.addresses, otherwise="write an address, e.g. REQ-LAT-001.c1"),
                )  # fmt: skip


@rule(
    "budget-part",
    ERROR,
    "A part of a budget cannot be added to the others.",
    why="Seconds and percent do not add, and a promise without an upper limit has nothing to share out.",
    fix="Give each component a quantity of the promise's own kind.",
    bad="answer: {criterion: REQ-LAT-001.c1, parts: {model: 3 %}}",
    good="answer: {criterion: REQ-LAT-001.c1, parts: {model: 300 ms}}",
)
def budget_part(scope: Scope) -> Iterator[Fault]:
    """An unknown criterion, and every part of another kind."""
    for budget in scope.catalogue.allocations:
        item = scope.item("budget", budget.name)
        criterion = scope.catalogue.criteria.get(budget.criterion)
        if criterion is None:
            yield Fault(
                item=item, path=("criterion",), value=budget.criterion,
                message=f"there is no criterion {budget.criterion} to share out",
                fix=nearest(budget.criterion, scope.catalogue.criteria, otherwise="write an address, e.g. REQ-LAT-001.c1"),
            )  # fmt: skip
            continue
        for component, why in allocation.misfits(budget, criterion):
            path = ("parts", component) if component else ("criterion",)
            yield Fault(
                item=item, path=path, message=why, fix=f"compare with: {criterion.sentence}", key=bool(component)
            )


@rule(
    "budget-exceeded",
    ERROR,
    "The parts of a budget add up to more than the promise allows.",
    why="If every component keeps its part, the customer is still let down.",
    fix="Take something away from a component, or renegotiate the promise.",
    bad="answer: {criterion: REQ-LAT-001.c1, parts: {gateway: 200 ms, model: 900 ms}}   # p95 < 1 s",
    good="answer: {criterion: REQ-LAT-001.c1, parts: {gateway: 200 ms, model: 700 ms}}",
)
def budget_exceeded(scope: Scope) -> Iterator[Fault]:
    """Limits add, and so do the shares of requests that may exceed them."""
    for budget in scope.catalogue.allocations:
        criterion = scope.catalogue.criteria.get(budget.criterion)
        if criterion is None or any(allocation.misfits(budget, criterion)):
            continue
        for total in allocation.sums(budget, criterion):
            if total.exceeded:
                used, allowed = (_exact(v, total.unit) for v in (total.used, total.allowed))
                yield Fault(
                    item=scope.item("budget", budget.name), path=("parts",), key=True,
                    message=f"the parts of {budget.name} take {used} of {total.what}, {budget.criterion} allows {allowed}",
                    fix=f"give away at most {allowed}: {criterion.sentence}",
                )  # fmt: skip


def _exact(value: Fraction, unit: quantity.Unit) -> str:
    """With six digits: what exceeds a promise by a thousandth must not look equal to it."""
    return f"{float(value / unit.factor):.6g} {unit.name}".strip()
