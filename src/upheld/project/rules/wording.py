"""The words of a requirement that has criteria: do they bind, and do they leave a way out.

A requirement without criteria is asked for them first (rules `question-…`); its wording matters less than its measure.
"""

import re
from collections.abc import Iterator
from functools import cache

from upheld.core.requirement import Requirement
from upheld.project.load import Item
from upheld.project.rules.rule import ADVICE, WARNING, Fault, rule
from upheld.project.rules.scope import Scope

# Escape clauses and vague terms that no criterion settles, after the INCOSE Guide to Writing Requirements (rules R7 to
# R9). What is weak in them, and where, is the lexicon's business (`weak_words`); this list says when it is worth asking.
WEAK = (
    "adequate", "adequately", "appropriate", "appropriately", "approximately", "as applicable", "as appropriate",
    "as far as possible", "as needed", "as required", "as soon as possible", "best effort", "efficiently", "etc",
    "flexible", "generally", "if necessary", "if needed", "if possible", "normally", "optimal", "optimally", "quickly",
    "reasonable", "reasonably", "robust", "seamless", "seamlessly", "sufficient", "sufficiently", "suitable",
    "tbc", "tbd", "timely", "to be defined", "to the extent possible", "typically", "user-friendly", "usually", "various",
    "where applicable", "where possible",
)  # fmt: skip
_WORDS = re.compile(r"[a-z]+(?:[/'-][a-z]+)*")
_BINDING = frozenset({"shall", "must", "will"})
_OPEN = ("should", "may", "might", "could")
_FOREIGN = ("x-import", "x-reqif", "x-doorstop", "x-strictdoc", "x-needs", "x-jira", "x-oft")


@cache
def _signs() -> tuple[str, ...]:
    """The longest word of each phrase, without those that contain another: a text with none has no weak word."""
    longest = {max(_WORDS.findall(phrase), key=len) for phrase in WEAK}
    return tuple(sorted(w for w in longest if not any(other in w for other in longest - {w})))


def _written_here(scope: Scope) -> Iterator[tuple[Requirement, Item]]:
    """Requirements with criteria that were written for this project: not adopted, not imported."""
    for requirement, item in scope.requirements:
        if not requirement.criteria or item.adopted or not requirement.body:
            continue
        if item.extras and any(key.startswith(_FOREIGN) for key in item.extras):
            continue
        yield requirement, item


@rule(
    "weak-word",
    WARNING,
    "A requirement uses a word that leaves a way out.",
    why="“As appropriate” is decided afterwards, by whoever is asked; two people will decide differently.",
    fix="Say what exactly, or leave the word out: the criterion carries the measure.",
    bad="The service shall answer quickly where possible.",
    good="When an adviser opens a client, the insight service shall answer within 1 s.",
)
def weak_word(scope: Scope) -> Iterator[Fault]:
    """Each weak word once per requirement."""
    written = [(requirement.body, requirement, item) for requirement, item in _written_here(scope)]
    # Thousands of texts hold some hundred different words: looking for a sign among those is ten times as quick.
    words = "\n".join(set("\n".join(text for text, _, _ in written).lower().split()))
    signs = [sign for sign in _signs() if sign in words]
    for text, requirement, item in written if signs else ():
        if any(map(text.lower().__contains__, signs)):
            yield from _weak_in(requirement, item)


def _weak_in(requirement: Requirement, item: Item) -> Iterator[Fault]:
    # The lexicon takes 40 ms to import, and most projects have nothing to ask it.
    from upheld.core.questions import weak_words  # noqa: PLC0415

    seen: set[str] = set()
    for weak in weak_words(requirement.body):
        word = " ".join(weak.word.lower().split())
        if word in seen or not any(sign in word for sign in _signs()):
            continue
        seen.add(word)
        yield Fault(
            item=item, body=True, offset=weak.start, value=weak.word, message=f"“{word}” leaves open what is meant",
            fix=weak.advice,
        )  # fmt: skip


@rule(
    "ears",
    WARNING,
    "No sentence of a requirement says in a binding form what shall happen.",
    why="“Should” reads as a wish. The EARS patterns (Mavin and others, 2009) keep trigger, system and response apart.",
    fix="Write: When TRIGGER, the SYSTEM shall RESPONSE (or While STATE, If FAULT then, Where FEATURE).",
    bad="Answers should be fast for advisers.",
    good="When an adviser opens a client, the insight service shall answer within 1 s.",
)
def ears(scope: Scope) -> Iterator[Fault]:
    """`should` without a `shall` anywhere; a text with no obligation at all is advice. English texts only."""
    for requirement, item in _written_here(scope):
        if " shall " in requirement.body:
            continue
        words = _WORDS.findall(requirement.body.lower())
        if not _BINDING.isdisjoint(words) or not {"the", "a", "an", "when", "be"} & set(words):
            continue
        wish = next((word for word in _OPEN if word in words), None)
        if wish is None:
            yield Fault(
                item=item, body=True, severity=ADVICE, message=f"no sentence of {requirement.id} says what shall happen",
                fix="write: When …, the … shall …",
            )  # fmt: skip
            continue
        match = re.search(rf"\b{wish}\b", requirement.body, re.IGNORECASE)
        yield Fault(
            item=item, body=True, offset=match.start() if match else 0, value=wish,
            message=f"“{wish}” does not say whether {requirement.id} binds", fix="write: When …, the … shall …",
        )  # fmt: skip
