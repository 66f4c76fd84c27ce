"""Typed fields to a statement: the sentence, and how each stage evaluates it."""

from collections.abc import Mapping
from typing import Any

from upheld.core.criterion import Binding, Rule, Stage
from upheld.core.quantity import Quantity
from upheld.core.requirement import Lesson, Link, Statement

STAGES = {stage.value: stage for stage in Stage}
_RULES = {rule.value: rule for rule in Rule}


def statement(typed: Mapping[str, Any], *, name: str = "") -> Statement | None:
    """The statement that typed fields hold; None without a name and a sentence."""
    name = name or typed.get("id", "")
    written = typed.get("that")
    if not name or written is None:
        return None
    needs = typed.get("needs")
    return Statement(
        id=name, that=written.text, sentence=written.sentence,
        bindings={stage: binding(stage, typed[key]) for key, stage in STAGES.items() if key in typed},
        needs=None if needs is None else tuple(STAGES[stage] for stage in needs),
        blocking=typed.get("severity") != "advisory" and not typed.get("advisory", False), due=typed.get("by"),
        between=_interval(typed.get("between", ())),
    )  # fmt: skip


def _interval(bounds: tuple[Quantity, ...]) -> tuple[Quantity, Quantity] | None:
    """Two bounds as an interval; lint says what is wrong with any other number of them."""
    return (bounds[0], bounds[1]) if len(bounds) == 2 else None


def binding(stage: Stage, typed: Mapping[str, Any]) -> Binding:
    """How one stage evaluates a criterion."""
    rule = typed.get("rule")
    return Binding(
        stage=stage, rule=_RULES[rule] if rule else None, environment=typed.get("environment", ""),
        duration=typed.get("for"), subject=typed.get("of", "exact"), max_age=typed.get("max-age"),
        at_least=typed.get("at-least"), per=typed.get("per", ""), no_worse_than=typed.get("no-worse-than"),
        confidence=typed.get("confidence"), load=typed.get("at"),
    )  # fmt: skip


def statements(typed: Mapping[str, Any], key: str) -> tuple[Statement, ...]:
    """The statements of a list of criteria, expected outcomes or assumptions."""
    found = (statement(entry) for entry in typed.get(key, ()))
    return tuple(entry for entry in found if entry is not None)


def links(typed: Mapping[str, Any]) -> tuple[Link, ...]:
    """The links of an item."""
    return tuple(Link(relation=relation, to=to, seen=seen) for relation, to, seen in typed.get("links", ()))


def lessons(typed: Mapping[str, Any]) -> tuple[Lesson, ...]:
    """The lessons that a decision or a review has written down."""
    return tuple(
        Lesson(lesson=entry["lesson"], about=entry.get("about", ()))
        for entry in typed.get("lessons", ())
        if entry.get("lesson")
    )
