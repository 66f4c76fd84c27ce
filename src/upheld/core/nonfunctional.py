"""The classes of requirements that nobody asks for until they are missing, and what answers each of them.

The twelve follow the quality characteristics of ISO/IEC 25010, with those that a product of data and models adds.
A class is answered by a criterion that is judged, or by a waiver with an owner and an end; silence is no answer.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum


class Class(Enum):
    """One class, with the question that it asks."""

    PERFORMANCE = "performance"
    SCALABILITY = "scalability"
    AVAILABILITY = "availability"
    RELIABILITY = "reliability"
    SECURITY = "security"
    PRIVACY = "privacy"
    FRESHNESS = "freshness"
    MODEL = "model-quality"
    EXPLAINABILITY = "explainability"
    OPERABILITY = "operability"
    COST = "cost"
    ACCESSIBILITY = "accessibility"

    @property
    def question(self) -> str:
        """What a product without an answer does not know."""
        return _QUESTIONS[self]


_QUESTIONS = {
    Class.PERFORMANCE: "how long may an answer take, at which percentile?",
    Class.SCALABILITY: "up to which load does that hold, and what when it doubles?",
    Class.AVAILABILITY: "how much of the time must it answer at all?",
    Class.RELIABILITY: "what must still be right when a part fails?",
    Class.SECURITY: "which weakness may never be shipped, and who looks?",
    Class.PRIVACY: "whose data is kept, why, for how long, under which rules?",
    Class.FRESHNESS: "how old may the data behind an answer be?",
    Class.MODEL: "how good must a prediction be, measured how?",
    Class.EXPLAINABILITY: "can the reasons of an answer be shown to whom it concerns?",
    Class.OPERABILITY: "how fast is a fault noticed, named and turned back?",
    Class.COST: "what may one answer, or one month, cost?",
    Class.ACCESSIBILITY: "who cannot use it as it is?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a product says to one class: the criteria that answer it, or who lives without them until when."""

    kind: Class
    criteria: tuple[str, ...] = ()
    owner: str = ""
    reason: str = ""
    until: dt.date | None = None
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A class that is not answered, and why what was written does not count."""

    kind: Class
    why: str


def unanswered(answers: Iterable[Answer], known: Collection[str], *, at: dt.date) -> tuple[Open, ...]:
    """The classes without an answer that counts on a day; `known` are the addresses of criteria that are judged."""
    written = {answer.kind: answer for answer in answers}
    found = []
    for kind in Class:
        why = _lacking(written.get(kind), known, at)
        if why:
            found.append(Open(kind=kind, why=why))
    return tuple(found)


def _lacking(answer: Answer | None, known: Collection[str], at: dt.date) -> str:
    if answer is None or not (answer.criteria or answer.owner or answer.reason or answer.until):
        return "no criterion and no waiver"
    if any(address in known for address in answer.criteria):
        return ""
    if answer.criteria:
        return f"{', '.join(answer.criteria)} is no criterion that is judged"
    if not answer.owner or answer.until is None or not answer.reason:
        lacking = [n for n, v in (("owner", answer.owner), ("reason", answer.reason), ("until", answer.until)) if not v]
        return f"its waiver has no {' and no '.join(lacking)}"
    return f"its waiver ended on {answer.until.isoformat()}" if at > answer.until else ""
