"""Joint requirements analysis: what a requirement leaves open, which answers close it, and the criteria they yield.

A question is closed by an answer of a session where product and engineering both took part; an answer that one function
gave alone stays a wish or a guess.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from upheld.core import criterion as criteria
from upheld.core.criterion import Sentence
from upheld.core.questions import Gap, Question, questions
from upheld.core.requirement import Answer, Requirement, Session
from upheld.errors import SentenceError


class Where(Enum):
    """The text of a requirement that raises a question, in the order in which they are read."""

    QUOTE = "quote"  # the customer's own words
    BODY = "body"
    TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and the text that raises it."""

    question: Question
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the answers of joint sessions amount to for one requirement."""

    requirement: str
    sentences: tuple[tuple[str, str], ...]  # criterion id, sentence
    unmeasured: tuple[Answer, ...]  # answered in words that name no criterion

    @property
    def text(self) -> str:
        """The entries to put under `criteria:`."""
        lines = [f"  - id: {name}\n    that: {that}" for name, that in self.sentences]
        lines += [f"  # {a.gap}: {' '.join(a.answer.split())}" for a in self.unmeasured]
        return "\n".join(lines)


def asked(requirement: Requirement) -> tuple[Asked, ...]:
    """The questions that the words of a requirement raise, each kind once: quote, body and title repeat each other."""
    texts = ((Where.QUOTE, requirement.source.quote), (Where.BODY, requirement.body), (Where.TITLE, requirement.title))
    seen: set[Gap] = set()
    found: list[Asked] = []
    for where, text in texts:
        here = [Asked(question=q, where=where) for q in questions(text) if q.gap not in seen] if text else []
        found += here
        seen |= {a.question.gap for a in here}
    return tuple(found)


def closed(requirement: str, sessions: Iterable[Session]) -> frozenset[str]:
    """The gaps of one requirement that joint sessions have answered."""
    return frozenset(a.gap for a in answers(requirement, sessions))


def answers(requirement: str, sessions: Iterable[Session]) -> tuple[Answer, ...]:
    """The answers of joint sessions about one requirement, the oldest session first."""
    joint = sorted((s for s in sessions if s.joint), key=lambda s: s.date.isoformat() if s.date else "")
    return tuple(a for s in joint for a in s.answers if a.requirement == requirement and (a.answer or a.criterion))


def open_questions(requirement: Requirement, sessions: Iterable[Session]) -> tuple[Asked, ...]:
    """What nobody can verify yet: the questions that no joint session has answered."""
    done = closed(requirement.id, sessions)
    return tuple(a for a in asked(requirement) if a.question.gap.value not in done)


def draft(requirement: Requirement, sessions: Sequence[Session]) -> Draft:
    """The criteria that the answers yield and the requirement does not have yet, with the next free ids.

    A criterion counts as taken over when the requirement has one with the same statistic of the same indicator, so that
    a target that was tightened later is not asked for again. The last answer to a question wins.
    """
    have = [s.sentence for s in requirement.criteria]
    wanted: dict[tuple[str, str], Sentence] = {}
    unmeasured = []
    for answer in answers(requirement.id, sessions):
        sentence = _parsed(answer.criterion)
        if sentence is not None:
            wanted[_measure(sentence)] = sentence
        elif not answer.criterion and not requirement.criteria:
            unmeasured.append(answer)
    used = {s.id for s in requirement.criteria}
    free = (name for i in range(1, 10_000) if (name := f"c{i}") not in used)
    sentences = [str(sentence) for sentence in wanted.values() if not any(_covers(h, sentence) for h in have)]
    return Draft(
        requirement=requirement.id, sentences=tuple(zip(free, sentences, strict=False)), unmeasured=tuple(unmeasured)
    )


def _measure(sentence: Sentence) -> tuple[str, str]:
    return sentence.statistic, sentence.indicator


def _covers(present: Sentence | None, sentence: Sentence) -> bool:
    """Whether a criterion may be the one that was agreed; one that does not parse, or lacks its statistic, may be."""
    if present is None:
        return True
    return present.indicator == sentence.indicator and present.statistic in ("", sentence.statistic)


def _parsed(that: str) -> Sentence | None:
    try:
        return criteria.parse(that) if that.strip() else None
    except SentenceError:
        return None  # reading has said why, with its column
