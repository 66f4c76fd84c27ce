"""A risk says what may happen to whom, who looks after it, and which promise tells by itself that it begins."""

from collections.abc import Iterator

from upheld.core.risk import Status
from upheld.project.rules.rule import WARNING, Fault, rule
from upheld.project.rules.scope import Scope


@rule(
    "risk-incomplete",
    WARNING,
    "An open risk does not say what would suffer, for whom, who looks after it, what is done, or what would show it.",
    why="A risk without an owner is everybody's, and one that watches nothing is found out by the customer.",
    fix="Write what the message names; `watch` is the promise whose breach means that it happens.",
    bad="status: open",
    good="kind: integration\nowner: lisa\ncustomer-impact: [{customer: northbank, impact: gaps in their portfolio}]\n"
    "mitigation: the feed is checked on arrival\nwatch: [{id: w1, that: source-3.nulls <= 5 %}]",
)
def risk_incomplete(scope: Scope) -> Iterator[Fault]:
    """One finding per risk, with everything that is lacking; a closed one may lack it."""
    for risk, item in scope.risks:
        fields = {
            "kind": risk.kind, "owner": risk.owner, "customer-impact": risk.impacts, "mitigation": risk.mitigation,
            "watch": risk.watch,
        }  # fmt: skip
        lacking = [name for name, value in fields.items() if not value]
        if lacking and risk.status is not Status.CLOSED:
            yield Fault(
                item=item, path=(lacking[0],), message=f"{risk.id} is {risk.status.value} and has no {', no '.join(lacking)}",
                fix="write it, or close the risk", value=risk.id, key=True,
            )  # fmt: skip


@rule(
    "risk-materialising",
    WARNING,
    "Evidence breaks the promise that a risk watches: it is happening.",
    why="Nobody edits a risk on the day it begins; the measurement that shows it is there already.",
    fix="Act on its mitigation, tell the customers it names; close it when it can no longer happen.",
    bad="watch: [{id: w1, that: source-3.nulls <= 5 %}]   # measured: 7.2 %",
    good="watch: [{id: w1, that: source-3.nulls <= 5 %}]   # measured: 1.1 %",
)
def risk_materialising(scope: Scope) -> Iterator[Fault]:
    """One finding per broken promise of a risk that is not closed."""
    for watched in scope.watched:
        risk = watched.risk
        for standing in watched.materialising:
            who = f"; {risk.owner} looks after it" if risk.owner else ""
            yield Fault(
                item=scope.item("risk", risk.id), path=("watch", standing.statement.id, "that"),
                message=f"{risk.id} is materialising: {standing.statement.that} ({standing.seen}){who}",
                fix=risk.mitigation or "decide what is done about it",
            )  # fmt: skip
