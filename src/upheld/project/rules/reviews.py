"""A design review counts when product and engineering were both there, and when what came out of it is about something."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from upheld.project.load import Item
from upheld.project.rules.rule import ERROR, WARNING, Fault, rule
from upheld.project.rules.scope import Scope, nearest

if TYPE_CHECKING:
    from upheld.core.decision import Decision
    from upheld.core.meeting import Review


@rule(
    "review-not-joint",
    WARNING,
    "A review took place without product, or without engineering.",
    why="It does not count as held: what one function reviews alone, the other one has not seen.",
    fix="Repeat it with both, or add who was there to attendees.",
    bad="attendees: {engineering: [lisa]}",
    good="attendees: {product: [jake], engineering: [lisa]}",
)
def review_not_joint(scope: Scope) -> Iterator[Fault]:
    """Product or engineering was not there on a day that has passed."""
    for review, item in scope.reviews:
        missing = [f for f in ("product", "engineering") if not review.attendees.get(f)]
        if missing and (review.date is None or review.date <= scope.at):
            yield Fault(
                item=item, path=("attendees",), value=review.id, key=True,
                message=f"{review.id} is not joint: nobody spoke for {' or '.join(missing)}, so it does not count as held",
                fix=f"add {missing[0]}: [WHO] to attendees, or repeat it with them",
            )  # fmt: skip


@rule(
    "review-incomplete",
    WARNING,
    "A review has no day, no rhythm, or an outcome that is about nothing.",
    why="Without its day and rhythm it cannot be counted as held; an outcome about nothing is found by nobody who needs it.",
    fix="Write date and pack, and name the criteria, requirements, decisions or risks of each outcome.",
    bad="outcomes: [{outcome: look at it again}]",
    good="pack: weekly\ndate: 2026-11-27\noutcomes: [{outcome: look at it again, about: [REQ-LAT-001.c1], owner: lisa, by: 2026-12-04}]",
)
def review_about(scope: Scope) -> Iterator[Fault]:
    """Each field that is missing, at its place."""
    for review, item in scope.reviews:
        lacking = [name for name, value in (("date", review.date), ("pack", review.pack)) if value is None]
        if lacking:
            yield Fault(
                item=item, path=(lacking[0],), value=review.id, key=True,
                message=f"{review.id} has no {' and no '.join(lacking)}", fix=f"write {lacking[0]}: …",
            )  # fmt: skip
        for i, outcome in enumerate(review.outcomes):
            if not outcome.about:
                yield Fault(
                    item=item, path=("outcomes", i, "outcome"), value=outcome.outcome,
                    message=f'"{outcome.outcome[:60]}" is about no criterion', fix="write about: [REQ-….c1]",
                )  # fmt: skip


@rule(
    "about-unknown",
    ERROR,
    "A lesson, or the outcome of a review, is about something that is not there.",
    why="Whoever promises the same again looks for lessons by its criterion and will not find this one.",
    fix="Correct the name: a criterion, requirement, decision, risk or indicator.",
    bad="lessons: [{about: [REQ-LAT-010], lesson: …}]",
    good="lessons: [{about: [REQ-LAT-001.c1], lesson: …}]",
)
def about_unknown(scope: Scope) -> Iterator[Fault]:
    """The name is no item, no criterion and no indicator."""
    known = scope.known
    for item, place, i, name in _named(scope):
        if name not in known and name not in scope.catalogue.indicators and scope.project.decision(name) is None:
            yield Fault(
                item=item, path=(*place, "about", i), value=name, message=f"nothing here is called {name}",
                fix=nearest(name, known, otherwise="name a criterion, requirement, decision, risk or indicator"),
            )  # fmt: skip


def _named(scope: Scope) -> Iterator[tuple[Item, tuple[str | int, ...], int, str]]:
    for review, item in scope.reviews:
        for n, outcome in enumerate(review.outcomes):
            for i, name in enumerate(outcome.about):
                yield item, ("outcomes", n), i, name
    sources: list[tuple[Review | Decision, Item]] = [*scope.reviews, *scope.decisions]
    for source, item in sources:
        for n, lesson in enumerate(source.lessons):
            for i, name in enumerate(lesson.about):
                yield item, ("lessons", n), i, name
