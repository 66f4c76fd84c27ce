"""An accepted decision says what it touches, what else could have been chosen, whom it changes what for, and when to look again."""

from collections.abc import Iterator

from upheld.core import quantity
from upheld.core.decision import Decision, Status
from upheld.core.gate import Required, SignOff, SignOffState
from upheld.core.signoff import content_hash, state_of
from upheld.errors import SentenceError
from upheld.project.load import Item
from upheld.project.rules.rule import ADVICE, ERROR, WARNING, Fault, rule
from upheld.project.rules.scope import Scope


def _accepted(scope: Scope) -> Iterator[tuple[Decision, Item]]:
    """Accepted decisions that are written for us."""
    return ((d, item) for d, item in scope.decisions if d.status is Status.ACCEPTED and not item.foreign)


@rule(
    "decision-cites-nothing",
    ERROR,
    "An accepted decision names no scenario and no criterion that it serves.",
    why="A decision that touches no promise cannot be right or wrong; when a promise changes, nobody looks at it again.",
    fix="Write the requirements or criteria under affects, or the scenarios it answers.",
    bad="status: accepted",
    good="status: accepted\naffects: [REQ-LAT-001.c1]",
)
def cites_nothing(scope: Scope) -> Iterator[Fault]:
    """Neither affects nor scenarios."""
    for decision, item in _accepted(scope):
        if not decision.affects and not decision.scenarios:
            yield Fault(
                item=item, path=("affects",), message=f"{decision.id} is accepted and names no scenario or criterion",
                fix="write affects: [REQ-….c1], or scenarios: […]",
            )  # fmt: skip


@rule(
    "decision-options",
    ERROR,
    "An accepted decision does not say between which options it decided, or chose something else.",
    why="With one option there was nothing to decide; later nobody can tell whether the other ones were looked at.",
    fix="List at least two options, and name the chosen one as it is listed.",
    bad="chosen: hybrid",
    good="options: [precompute, on-demand, hybrid]\nchosen: hybrid",
)
def options(scope: Scope) -> Iterator[Fault]:
    """Fewer than two options, or a choice that is not among them."""
    for decision, item in _accepted(scope):
        if len(decision.options) < 2:
            yield Fault(
                item=item, path=("options",),
                message=f"{decision.id} is accepted and has {'one option' if decision.options else 'no options'}",
                fix="write options: [one, another]",
            )  # fmt: skip
        elif not decision.chosen:
            yield Fault(
                item=item, path=("options",), message=f"{decision.id} does not say which option was chosen",
                fix=f"write chosen: {decision.options[0]}",
            )  # fmt: skip
        elif decision.chosen not in decision.options:
            yield Fault(
                item=item, path=("chosen",), value=decision.chosen,
                message=f"{decision.chosen} is none of the options of {decision.id}",
                fix=f"one of: {', '.join(decision.options)}",
            )  # fmt: skip


@rule(
    "decision-impact",
    ERROR,
    "An accepted decision does not say what it means for customers.",
    why="An architect's trade-off is a customer's delay, price or risk; they should not learn it from production.",
    fix="Write one line per customer, or `customer: all`.",
    bad="status: accepted",
    good="customer-impact:\n  - {customer: northbank, impact: the first answer may be 5 min old}",
)
def impact(scope: Scope) -> Iterator[Fault]:
    """No customer impact."""
    for decision, item in _accepted(scope):
        if not decision.impacts:
            yield Fault(
                item=item, path=("customer-impact",),
                message=f"{decision.id} is accepted and does not say what it means for customers",
                fix="write customer-impact: [{customer: …, impact: …}]",
            )  # fmt: skip


@rule(
    "decision-expected",
    ERROR,
    "An accepted decision has no expected outcome, or one without a day on which it is looked at.",
    why="Without a number and a day nobody can say afterwards whether the decision was right.",
    fix="Write what will be seen, as a criterion, and by when.",
    bad="status: accepted",
    good="expected:\n  - {id: e1, that: p95 of insight.latency < 0.8 s, by: 2027-03-01}",
)
def expected(scope: Scope) -> Iterator[Fault]:
    """No expected outcome, or no date on one."""
    for decision, item in _accepted(scope):
        if not decision.expected:
            yield Fault(
                item=item, path=("expected",), message=f"{decision.id} is accepted and expects no measurable outcome",
                fix="write expected: [{id: e1, that: …, by: …}]",
            )  # fmt: skip
        for statement in decision.expected:
            if statement.due is None:
                yield Fault(
                    item=item, path=("expected", statement.id), value=statement.that,
                    message=f"{decision.id}.{statement.id} is expected, but on no day", fix="add by: YEAR-MONTH-DAY",
                )  # fmt: skip


@rule(
    "decision-review",
    ERROR,
    "An accepted decision has no day on which it is looked at again.",
    why="Assumptions expire silently; a date that acts brings the decision back while it can still be changed.",
    fix="Write review-by.",
    bad="status: accepted",
    good="review-by: 2027-06-01",
)
def review(scope: Scope) -> Iterator[Fault]:
    """No review date."""
    for decision, item in _accepted(scope):
        if decision.review_by is None:
            yield Fault(
                item=item, path=("review-by",), message=f"{decision.id} is accepted and has no day to look again",
                fix="write review-by: YEAR-MONTH-DAY",
            )  # fmt: skip


@rule(
    "review-overdue",
    WARNING,
    "The day to look at a decision again has passed.",
    why="What was assumed then may no longer hold, and everything built on it stands on it still.",
    fix="Look at its expected outcomes and assumptions; then set the next day, or supersede it.",
    bad="review-by: 2026-06-01   # today is 2026-11-22",
    good="review-by: 2027-06-01",
)
def review_overdue(scope: Scope) -> Iterator[Fault]:
    """Accepted, and review-by lies before the day of the run."""
    for decision, item in scope.decisions:
        due = decision.review_by
        if decision.status is Status.ACCEPTED and due is not None and due < scope.at:
            days = (scope.at - due).days
            yield Fault(
                item=item, path=("review-by",), value=due.isoformat(),
                message=f"{decision.id} should have been looked at again {days} day{'s' if days > 1 else ''} ago",
                fix="review it, then set the next day or supersede it",
            )  # fmt: skip


@rule(
    "decision-matrix",
    WARNING,
    "A trade-off matrix cannot be computed: weights do not add up to 1, or an option has no score.",
    why="A ranking from an incomplete matrix looks exact and is not.",
    fix="Let the weights add up to 1, and score every option in every row.",
    bad="matrix: [{axis: cost, weight: 0.5, hybrid: 3}]",
    good="matrix: [{axis: cost, weight: 1, precompute: 2, hybrid: 3}]",
)
def matrix(scope: Scope) -> Iterator[Fault]:
    """Only where there is a matrix at all."""
    for decision, item in scope.decisions:
        total = 0.0
        for i, row in enumerate(decision.matrix):
            missing = [option for option in decision.options if option not in row.scores]
            strange = [name for name in row.scores if name not in decision.options]
            if missing or strange:
                yield Fault(
                    item=item, path=("matrix", i), value=row.axis,
                    message=f'the row "{row.axis}" '
                    + (f"has no score for {', '.join(missing)}" if missing else f"scores {', '.join(strange)}, no option"),
                    fix="score every option in every row",
                )  # fmt: skip
            total += _number(row.weight)
        if decision.matrix and abs(total - 1) > 0.005:
            yield Fault(
                item=item, path=("matrix",), message=f"the weights of {decision.id} add up to {total:g}, not 1",
                fix="let them add up to 1",
            )  # fmt: skip


def _number(text: str) -> float:
    try:
        return float(quantity.parse(text))
    except SentenceError:
        return 0.0


@rule(
    "decision-sign-off",
    WARNING,
    "An accepted decision is not signed off by product, engineering and a customer (above the cost limit: an executive).",
    why="Accepted by whom? A status is a word in a file; a sign-off names a person, a role and the exact content.",
    fix="Let each role sign: upheld sign ID --role ROLE --person WHO.",
    bad="status: accepted   # and no file under signoffs/",
    good="signoffs/ADR-0007.product.jake.….json",
)
def sign_off(scope: Scope) -> Iterator[Fault]:
    """One finding per decision: who has not signed its present content."""
    for decision, item in _accepted(scope):
        if item.adopted:
            continue
        found = [s for s in scope.catalogue.sign_offs if s.item == decision.id]
        lacking = [r for r in _asked(scope, decision, found) if r.state not in _COUNTS]
        if not lacking:
            continue
        said = [f"{r.role} ({r.state.value})" if r.state is not SignOffState.MISSING else r.role for r in lacking]
        yield Fault(
            item=item, path=("status",), value="accepted",
            message=f"{decision.id} is accepted without the sign-off of {', '.join(said)}",
            fix=f"upheld sign {decision.id} --role {lacking[0].role} --person WHO",
        )  # fmt: skip


_COUNTS = (SignOffState.SIGNED, SignOffState.ASSERTED)


def _asked(scope: Scope, decision: Decision, found: list[SignOff]) -> Iterator[Required]:
    catalogue = scope.catalogue
    content = content_hash(catalogue, decision.id)
    for role in ("product", "engineering"):
        yield state_of(catalogue, role, content, found)
    customers = {s.role for s in found if s.role.startswith("customer")} or {"customer"}
    states = [state_of(catalogue, role, content, found) for role in sorted(customers)]
    yield next((s for s in states if s.state in _COUNTS), states[0])
    if _above(decision.cost, catalogue.config.cost_limit):
        yield state_of(catalogue, "executive", content, found)


def _above(cost: str, limit: str) -> bool:
    """Whether a cost exceeds the project's limit; costs of another currency are above it, because nobody compared."""
    if not cost or not limit:
        return False
    try:
        spent, allowed = quantity.parse(cost), quantity.parse(limit)
    except SentenceError:
        return False
    return not quantity.compatible(spent.unit, allowed.unit) or spent.base > allowed.base


@rule(
    "decision-plain",
    ADVICE,
    "Decisions in another tool's form are read as they are; they name no requirement, no expected outcome, no review date.",
    why="They join the thread when somebody touches them and adds what they affect; nothing has to be converted at once.",
    fix="Add affects, options, chosen, customer-impact, expected and review-by to a decision when you next change it.",
    bad="status: accepted   # and the text says the rest",
    good="affects: [REQ-LAT-001.c1]\nreview-by: 2027-06-01",
)
def plain(scope: Scope) -> Iterator[Fault]:
    """One line for the whole folder, whether it holds one decision or four hundred."""
    foreign = [item for d, item in scope.decisions if item.foreign and d.status is Status.ACCEPTED]
    if foreign:
        first = foreign[0]
        count = f"{len(foreign)} accepted decisions are" if len(foreign) > 1 else f"{first.id} is"
        yield Fault(
            item=first, message=f"{count} not tied to a requirement yet, e.g. {first.file}",
            fix="when you next touch one, add affects, expected and review-by (upheld lint --explain decision-plain)",
        )  # fmt: skip
