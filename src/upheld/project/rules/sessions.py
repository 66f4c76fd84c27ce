"""What nobody can verify yet, as questions; and sessions that answer them together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from upheld.core.requirement import Requirement, Session
from upheld.project.load import Item
from upheld.project.rules.rule import ADVICE, ERROR, WARNING, Fault, rule
from upheld.project.rules.scope import Scope, nearest

if TYPE_CHECKING:
    from upheld.core.meeting import Review

# upheld.core.questions brings a lexicon that takes 40 ms to import, and most runs have nothing to ask: the checks
# import it (and what rests on it) when they do.


@rule(
    "question",
    WARNING,
    "A requirement without criteria uses words that nobody can verify yet.",
    why="Asked before the work starts, a question costs a meeting; asked by the customer's auditor, it costs the contract.",
    fix="Answer it in a joint session (upheld new session), and write the criterion that follows.",
    bad="quote: sub-second response times",
    good="that: p95 of insight.latency < 1 s at 200/s over 30 d per customer",
)
def question(scope: Scope) -> Iterator[Fault]:
    """Each open question of each requirement that has no criterion; the rule's name ends with the gap."""
    unmeasured = [(r, item) for r, item in scope.requirements if not r.criteria]
    if not unmeasured:
        return
    from upheld.project.joint import Where, open_questions  # noqa: PLC0415

    paths = {Where.QUOTE: ("source", "quote"), Where.BODY: (), Where.TITLE: ("title",)}
    for requirement, item in unmeasured:
        for asked in open_questions(requirement, scope.catalogue.sessions):
            q = asked.question
            yield Fault(
                rule=f"question-{q.gap.value}", item=item, path=paths[asked.where], offset=q.start,
                body=asked.where is Where.BODY, value=q.phrase, message=f"{q.function.value}: {q.question}",
                fix=f"answer it in a session, as a criterion like: {q.suggestion}",
            )  # fmt: skip


@rule(
    "session-not-joint",
    WARNING,
    "A session took place without product, or without engineering.",
    why="What one function agrees alone is either not buildable or not wanted; its answers close no question.",
    fix="Repeat it with both, or add who was there to attendees.",
    bad="attendees: {product: [jake]}",
    good="attendees: {product: [jake], engineering: [lisa], customer: [nb-cto]}",
)
def session_not_joint(scope: Scope) -> Iterator[Fault]:
    """Product or engineering was not there."""
    for session, item in scope.sessions:
        missing = [f for f in ("product", "engineering") if not session.attendees.get(f)]
        if missing:
            given = sum(bool(answer.answer or answer.criterion) for answer in session.answers)
            closes = f", so its {'answer closes' if given == 1 else f'{given} answers close'} nothing" if given else ""
            yield Fault(
                item=item, path=("attendees",), value=session.id, key=True,
                message=f"{session.id} is not joint: nobody spoke for {' or '.join(missing)}{closes}",
                fix=f"add {missing[0]}: [WHO] to attendees, or repeat the session with them",
            )  # fmt: skip


@rule(
    "attendee-unknown",
    ADVICE,
    "Somebody took part who is not among the people of upheld.yaml.",
    why="Whoever answered should be found again when the answer is questioned.",
    fix="Add the person, or correct the name.",
    bad="attendees: {product: [jkae]}",
    good="attendees: {product: [jake]}",
)
def attendee_unknown(scope: Scope) -> Iterator[Fault]:
    """One line per session or review; guests of a customer need not be known."""
    people = scope.catalogue.people
    held: list[tuple[Session | Review, Item]] = [*scope.sessions, *scope.reviews]
    for session, item in held:
        unknown = [p for f, those in session.attendees.items() if f != "customer" for p in those if p not in people]
        if unknown:
            yield Fault(
                item=item, path=("attendees",), key=True, value=", ".join(unknown),
                message=f"{', '.join(unknown)} took part and {'is' if len(unknown) == 1 else 'are'} not in upheld.yaml",
                fix=nearest(unknown[0], people, otherwise="add them under people"),
            )  # fmt: skip


@rule(
    "session-requirement",
    ERROR,
    "A session answers for a requirement that is not there.",
    why="The answer is lost: nothing is closed by it.",
    fix="Correct the id, or write the requirement.",
    bad="answers: [{requirement: REQ-LAT-010, gap: freshness, answer: …}]",
    good="answers: [{requirement: REQ-LAT-001, gap: freshness, answer: …}]",
)
def session_requirement(scope: Scope) -> Iterator[Fault]:
    """The id of an answer's requirement is unknown."""
    known = scope.catalogue.requirements
    for item, i, name in _answered(scope):
        if name not in known and name not in scope.known:
            yield Fault(
                item=item, path=("answers", i, "requirement"), value=name, message=f"there is no requirement {name}",
                fix=nearest(name, known, otherwise="correct the id, or write that requirement"),
            )  # fmt: skip


def _answered(scope: Scope) -> Iterator[tuple[Item, int, str]]:
    for session, item in scope.sessions:
        for i, answer in enumerate(session.answers):
            yield item, i, answer.requirement


@rule(
    "session-gap",
    ERROR,
    "A session answers a question that does not exist.",
    why="The answer closes nothing, and the real question stays open.",
    fix="Write the gap as lint names it: question-freshness is the gap freshness.",
    bad="gap: real-time",
    good="gap: freshness",
)
def session_gap(scope: Scope) -> Iterator[Fault]:
    """The gap is none of the closed set."""
    if not any(session.answers for session in scope.catalogue.sessions):
        return
    from upheld.core.questions import Gap  # noqa: PLC0415

    known = [gap.value for gap in Gap]
    for session, item in scope.sessions:
        for i, answer in enumerate(session.answers):
            if answer.gap not in known:
                yield Fault(
                    item=item, path=("answers", i, "gap"), value=answer.gap, message=f"there is no gap {answer.gap}",
                    fix=nearest(answer.gap, known, otherwise=f"one of: {', '.join(known)}"),
                )  # fmt: skip


@rule(
    "answer-without-criterion",
    WARNING,
    "A question is answered, and the requirement does not say so yet.",
    why="An answer in the minutes of a meeting is judged by nobody; a criterion is judged on every run.",
    fix="Put the criteria of the message under `criteria:` of the requirement.",
    bad="answers: [{requirement: REQ-LAT-001, gap: latency-condition, criterion: p95 of insight.latency < 1 s at 200/s}]",
    good="criteria:\n  - id: c1\n    that: p95 of insight.latency < 1 s at 200/s over 30 d per customer",
)
def answer_without_criterion(scope: Scope) -> Iterator[Fault]:
    """One finding per requirement; its fix is the text to put under `criteria:`."""
    answered = dict.fromkeys(a.requirement for s, _ in scope.sessions if s.joint for a in s.answers)
    present: list[tuple[Requirement, Item]] = [(r, item) for r, item in scope.requirements if r.id in answered]
    if not present:
        return
    from upheld.project.joint import draft  # noqa: PLC0415

    for requirement, item in present:
        if any(s.sentence and s.sentence.indicator not in scope.catalogue.indicators for s in requirement.criteria):
            continue  # a misspelt indicator may be the one that was agreed
        drafted = draft(requirement, scope.catalogue.sessions)
        if drafted.sentences:
            count = len(drafted.sentences)
            yield Fault(
                item=item, path=("criteria",), value=requirement.id, key=True,
                message=f"{requirement.id} lacks {count} criteri{'on' if count == 1 else 'a'} that"
                f" {_names(scope.catalogue.sessions, requirement.id)} agreed",
                fix="put under criteria:\n" + drafted.text,
            )  # fmt: skip
        elif drafted.unmeasured:
            gaps = ", ".join(dict.fromkeys(a.gap for a in drafted.unmeasured))
            yield Fault(
                item=item, path=("criteria",), value=requirement.id, key=True,
                message=f"{requirement.id} has answers ({gaps}) and no criterion that follows from them",
                fix="write each answer as criterion: … in the session, or under criteria of the requirement",
            )  # fmt: skip


def _names(sessions: object, requirement: str) -> str:
    assert isinstance(sessions, tuple | list)  # noqa: S101
    found = [s.id for s in sessions if isinstance(s, Session) and any(a.requirement == requirement for a in s.answers)]
    return " and ".join(found[:2]) if len(found) <= 2 else f"{found[0]} and {len(found) - 1} other sessions"
