"""Assessments: what they predict, and whose option they model."""

from collections.abc import Iterator

from upheld.project.rules.rule import ERROR, WARNING, Fault, rule
from upheld.project.rules.scope import Scope, nearest


@rule(
    "assessment-criterion",
    ERROR,
    "An assessment predicts a criterion that is not there.",
    why="A prediction that no promise asks for is judged by nothing, and scored by no run.",
    fix="Correct the address, or write the criterion.",
    bad="predicts: [REQ-LAT-01.c1]",
    good="predicts: [REQ-LAT-001.c1]",
)
def assessment_criterion(scope: Scope) -> Iterator[Fault]:
    """Addresses that no requirement has."""
    written = {f"{r.id}.{s.id}" for r in scope.catalogue.requirements.values() for s in r.criteria}
    for head in scope.catalogue.assessments.values():
        for i, address in enumerate(head.predicts):
            if address not in written:
                yield Fault(
                    item=scope.item("assessment", head.id), path=("predicts", i), value=address,
                    message=f"no requirement has a criterion {address}",
                    fix=nearest(address, written) or "write REQUIREMENT.CRITERION, e.g. REQ-LAT-001.c1",
                )  # fmt: skip


@rule(
    "assessment-option",
    WARNING,
    "An assessment models an option that its decision does not have.",
    why="The thread shows the predictions of the chosen option; one of an unknown option is never shown.",
    fix="Name a decision that is there, and one of its options.",
    bad='decision: "0001", option: twotier',
    good='decision: "0001", option: two-tier',
)
def assessment_option(scope: Scope) -> Iterator[Fault]:
    """A decision that is not there, or an option that it does not list."""
    for head in scope.catalogue.assessments.values():
        decision = scope.catalogue.decisions.get(head.decision)
        item = scope.item("assessment", head.id)
        if head.decision and decision is None:
            known = list(scope.catalogue.decisions)
            yield Fault(
                item=item, path=("decision",), value=head.decision, message=f"there is no decision {head.decision}",
                fix=nearest(head.decision, known) or "name it by its id, e.g. 0001",
            )  # fmt: skip
        elif decision is not None and decision.options and head.option not in decision.options:
            yield Fault(
                item=item, path=("option",), value=head.option,
                message=f"{decision.id} has no option {head.option}" if head.option else f"which option of {decision.id} is modelled is not said",
                fix=f"one of: {', '.join(decision.options)}",
            )  # fmt: skip
