"""An accepted decision says what it touches, what else could have been chosen, whom it changes what for, and when to look again."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from upheld.core import matrix as tradeoff
from upheld.core import quantity
from upheld.core.criterion import expected_unit
from upheld.core.decision import Decision, Status
from upheld.core.gate import Required, SignOff, SignOffState
from upheld.core.risk import Risk
from upheld.core.risk import Status as RiskStatus
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
    "The day to look at a decision or a risk again has passed.",
    why="What was assumed then may no longer hold, and everything built on it stands on it still.",
    fix="Look at its expected outcomes and assumptions; then set the next day, or supersede it.",
    bad="review-by: 2026-06-01   # today is 2026-11-22",
    good="review-by: 2027-06-01",
)
def review_overdue(scope: Scope) -> Iterator[Fault]:
    """An accepted decision or a risk that is not closed, and review-by lies before the day of the run."""
    held: list[tuple[Decision | Risk, Item]] = [(d, i) for d, i in scope.decisions if d.status is Status.ACCEPTED]
    held += [(r, i) for r, i in scope.risks if r.status is not RiskStatus.CLOSED]
    for looked_at, item in held:
        due = looked_at.review_by
        if due is not None and due < scope.at:
            days = (scope.at - due).days
            yield Fault(
                item=item, path=("review-by",), value=due.isoformat(),
                message=f"{looked_at.id} should have been looked at again {days} day{'s' if days > 1 else ''} ago",
                fix="review it, then set the next day or supersede it",
            )  # fmt: skip


@rule(
    "decision-matrix",
    ERROR,
    "A trade-off matrix cannot be computed: weights do not add up to 1, a score is missing or cannot be compared.",
    why="A ranking from an incomplete matrix looks exact and is not; a missing score is not zero.",
    fix="Let the weights add up to 1, and score every option in every row, in one unit.",
    bad="matrix: [{axis: cost, weight: 0.5, hybrid: 3}]",
    good="matrix: [{axis: cost, weight: 1, precompute: 2, hybrid: 3}]",
)
def matrix(scope: Scope) -> Iterator[Fault]:
    """Only where there is a matrix at all; whether what is predicted is there, the trade-off itself asks."""
    for decision, item in scope.decisions:
        if decision.matrix:
            _, gaps = tradeoff.read(decision, scope.catalogue.criteria.get)
            for gap in gaps:
                yield Fault(item=item, path=gap.path, value=gap.value, message=gap.message, fix=gap.fix)


@rule(
    "decision-excluded",
    ERROR,
    "The chosen option breaks a criterion that the matrix calls hard.",
    why="A hard criterion excludes an option whatever its other scores; choosing it anyway means that the criterion is not hard.",
    fix="Choose another option, or take `hard` away and say in the text why the criterion may be broken.",
    bad="chosen: on-demand\nmatrix: [{criterion: REQ-LAT-001.c1, hard: true, weight: 1, precompute: 0.4 s, on-demand: 17 s}]",
    good="chosen: precompute\nmatrix: [{criterion: REQ-LAT-001.c1, hard: true, weight: 1, precompute: 0.4 s, on-demand: 17 s}]",
)
def excluded(scope: Scope) -> Iterator[Fault]:
    """As far as the scores are written; what is predicted, the trade-off itself looks up."""
    for decision, item in scope.decisions:
        computed, _ = tradeoff.read(decision, scope.catalogue.criteria.get) if decision.matrix else (None, ())
        broken = computed.excluded.get(decision.chosen) if computed else None
        if broken:
            yield Fault(
                item=item, path=("chosen",), value=decision.chosen,
                message=f"{decision.chosen} breaks {' and '.join(broken)}, which the matrix calls hard",
                fix="choose another option, or take hard away and say why",
            )  # fmt: skip


@rule(
    "decision-not-first",
    ADVICE,
    "The chosen option is not the one that the matrix puts first.",
    why="Either the matrix leaves out what decided, or the decision was not made by it; a reader should know which.",
    fix="Add the axis that decided, or say in the text why another option was taken.",
    bad="chosen: hybrid\nmatrix: [{axis: cost, weight: 1, precompute: 5, hybrid: 3}]",
    good="chosen: precompute\nmatrix: [{axis: cost, weight: 1, precompute: 5, hybrid: 3}]",
)
def not_first(scope: Scope) -> Iterator[Fault]:
    """Another option has a higher weighted sum."""
    for decision, item in scope.decisions:
        computed, _ = tradeoff.read(decision, scope.catalogue.criteria.get) if decision.matrix else (None, ())
        places = tradeoff.rank(computed) if computed else ()
        values = {place.option: place.value for place in places}
        if decision.chosen in values and values[decision.chosen] < places[0].value:
            yield Fault(
                item=item, path=("chosen",), value=decision.chosen,
                message=f"the matrix puts {places[0].option} before {decision.chosen}",
                fix="add the axis that decided, or say why",
            )  # fmt: skip


@rule(
    "decision-interval",
    ERROR,
    "The interval in which an outcome is expected is no interval of the measured quantity.",
    why="An interval that cannot be compared can be neither right nor wrong, so nothing is learned from it.",
    fix="Write two quantities in the unit of the sentence, the smaller one first.",
    bad="expected: [{id: e1, that: p95 of insight.latency < 1 s, by: 2027-03-01, between: [0.9 s, 0.6 s]}]",
    good="expected: [{id: e1, that: p95 of insight.latency < 1 s, by: 2027-03-01, between: [0.6 s, 0.9 s]}]",
)
def interval(scope: Scope) -> Iterator[Fault]:
    """Not two bounds, the wrong way round, or in another unit."""
    for decision, item in scope.decisions:
        for statement in decision.expected:
            path = ("expected", statement.id, "between")
            criterion = scope.catalogue.outcome(decision, statement)
            if statement.between is None or criterion is None:
                continue
            low, high = statement.between
            unit = expected_unit(criterion.sentence.statistic, criterion.indicator)
            odd = next((q for q in (low, high) if not quantity.compatible(q.unit, unit)), None)
            if odd is not None:
                yield Fault(
                    item=item, path=path, value=str(odd), message=f"{odd} is no value of {criterion.sentence.indicator}",
                    fix=f"write it in {unit.name}" if unit.name else "write a plain number",
                )  # fmt: skip
            elif low.base > high.base:
                yield Fault(
                    item=item,
                    path=path,
                    message=f"{low} to {high} runs backwards",
                    fix=f"write between: [{high}, {low}]",
                )


@rule(
    "decision-reopened",
    WARNING,
    "A decision in force rests on something that evidence contradicts, or its outcome is due and not shown.",
    why="What was decided on this ground must be decided again while it can still be changed; everything built on it stands on it.",
    fix="Decide again: supersede the decision, or write what holds instead and why the choice still stands.",
    bad="assumptions: [{id: a1, that: cache.hits >= 80 %}]   # measured: 62 %",
    good="status: superseded by 0009",
)
def reopened(scope: Scope) -> Iterator[Fault]:
    """One finding per broken assumption or outcome; an overdue review has its own rule."""
    for account in scope.accounts:
        item = scope.item("decision", account.decision.id)
        for standing, text in account.causes:
            if standing is not None:
                key = "expected" if standing.role.value == "outcome" else "assumptions"
                yield Fault(
                    item=item, path=(key, standing.statement.id, "that"), message=f"{account.decision.id} is re-opened: {text}",
                    fix="decide again: supersede it, or write what holds instead",
                )  # fmt: skip


@rule(
    "supersede-cycle",
    ERROR,
    "Decisions supersede each other in a circle.",
    why="Then none of them is in force, and nobody can tell what was decided last.",
    fix="Keep the status of the newest one, and let each older one name its successor.",
    bad="0003: status: superseded by 0007\n0007: status: superseded by 0003",
    good="0003: status: superseded by 0007\n0007: status: accepted",
)
def supersede_cycle(scope: Scope) -> Iterator[Fault]:
    """Statuses and links together, by whatever name they call each other; a circle of links alone is a link-cycle."""
    successors: dict[str, dict[str, bool]] = {}  # decision → who replaced it, and whether its own status says so
    for decision, _ in scope.decisions:
        newer = scope.project.decision(decision.superseded_by) if decision.superseded_by else None
        if newer is not None:
            successors.setdefault(decision.id, {})[newer.id] = True
        for link in decision.links:
            older = scope.project.decision(link.to) if link.relation == "supersedes" else None
            if older is not None:
                successors.setdefault(older.id, {}).setdefault(decision.id, False)
    done: set[str] = set()
    for start in successors:
        way: list[str] = []
        _follow(start, successors, way, done)
        if way and any(successors[a].get(b) for a, b in pairwise(way)):
            yield Fault(
                item=scope.item("decision", way[0]), path=("status",), value=scope.catalogue.decisions[way[0]].raw_status,
                message=f"the decisions supersede each other in a circle: {' → '.join(way)}",
                fix="keep the newest in force",
            )  # fmt: skip


def _follow(start: str, successors: Mapping[str, Mapping[str, bool]], circle: list[str], done: set[str]) -> None:
    """Walk from one decision to those that replaced it; a step back onto the way walked is a circle."""
    way: dict[str, Iterator[str]] = {}
    if start not in done:
        way[start] = iter(successors.get(start, ()))
    while way:
        here = next(reversed(way))
        to = next(way[here], None)
        if to is None:
            del way[here]
            done.add(here)
        elif to in way and not circle:
            names = list(way)
            circle += [*names[names.index(to) :], to]
        elif to not in done and to not in way:
            way[to] = iter(successors.get(to, ()))


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
