"""What a lint rule is: its name, its meaning, why it matters, what to do, and the check that finds its faults."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from upheld.project.finding import Severity
from upheld.project.text import Place

if TYPE_CHECKING:
    from upheld.project.load import Item
    from upheld.project.rules.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One place where a rule is broken; line and column are looked up only now that they are needed."""

    item: "Item"
    path: Place = ()
    message: str
    fix: str
    value: str = ""  # as it is written; printed instead of the message's first words
    offset: int = 0  # characters into the value
    key: bool = False  # the key is meant, not its value
    rule: str = ""  # where one check serves several rules
    severity: Severity | None = None  # where it differs from the rule's
    body: bool = False  # the offset counts from the start of the Markdown body, and the path is not used


Check = Callable[["Scope"], Iterable[Fault]]


def _nothing(_: "Scope") -> Iterator[Fault]:
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of `upheld lint`."""

    id: str
    severity: Severity
    meaning: str  # one sentence
    why: str
    fix: str
    bad: str = ""
    good: str = ""
    check: Check = _nothing  # rules of reading, and those that another rule's check tells, have none of their own


def rule(
    id: str,  # noqa: A002
    severity: Severity,
    meaning: str,
    *,
    why: str,
    fix: str,
    bad: str = "",
    good: str = "",
) -> Callable[[Check], Rule]:
    """Make a rule of a check."""

    def made(check: Check) -> Rule:
        return Rule(id=id, severity=severity, meaning=meaning, why=why, fix=fix, bad=bad, good=good, check=check)

    return made


ERROR, WARNING, ADVICE = Severity.ERROR, Severity.WARNING, Severity.ADVICE
