"""A customer's sentence, pasted: its questions, answered together, become a joint session and a draft requirement."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from upheld.core import criterion as criteria
from upheld.core.questions import Question, questions
from upheld.core.requirement import Answer, Session
from upheld.errors import SentenceError, UsageError
from upheld.project.load import Project
from upheld.project.scaffold import Proposed, Wish, from_session, scaffold

LONGEST = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One answer as it was typed; empty ones leave their question open."""

    gap: str
    answer: str = ""
    by: str = ""
    criterion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paste:
    """Everything that was filled in together."""

    sentence: str
    title: str = ""
    customers: tuple[str, ...] = ()
    attendees: Mapping[str, str] | None = None  # function → person
    answers: tuple[Given, ...] = ()


def asked(sentence: str) -> tuple[Question, ...]:
    """The questions that a sentence raises, each kind once; UsageError for one that is no sentence."""
    text = " ".join(sentence.split())
    if not text:
        raise UsageError("paste what the customer said")
    if len(text) > LONGEST:
        raise UsageError(f"a sentence has at most {LONGEST} characters; paste one promise at a time")
    found: dict[str, Question] = {}
    for question in questions(text):
        found.setdefault(question.gap.value, question)
    return tuple(found.values())


def faults(paste: Paste, project: Project) -> dict[str, str]:
    """What must be put right before anything is written: field → what is wrong with it, and what to do."""
    found = {}
    people = project.catalogue.people
    for function in ("product", "engineering"):
        who = (paste.attendees or {}).get(function, "")
        if not who:
            found[function] = f"name who speaks for {function}; a session counts when both were there"
        elif who not in people:
            found[function] = f"{who} is nobody under people in upheld.yaml"
    known = {question.gap.value for question in asked(paste.sentence)}
    for given in paste.answers:
        if given.gap not in known:
            found[given.gap] = "the sentence does not raise this question"
        elif given.by and given.by not in people:
            found[given.gap] = f"{given.by} is nobody under people in upheld.yaml"
        elif given.criterion.strip():
            fault = _unfit(given.criterion, project)
            if fault:
                found[given.gap] = fault
    if not any(g.answer.strip() or g.criterion.strip() for g in paste.answers):
        found["answers"] = "answer at least one question"
    unknown = [c for c in paste.customers if c not in project.catalogue.customers]
    if unknown:
        found["customers"] = f"{unknown[0]} is nobody in customers.yaml"
    return found


def _unfit(that: str, project: Project) -> str:
    """Why a criterion cannot stand, with its column; an indicator that is not defined yet is lint's to ask for."""
    try:
        sentence = criteria.parse(that.strip())
        indicator = project.catalogue.indicators.get(sentence.indicator)
        if indicator is not None:
            criteria.check(sentence, indicator)
    except SentenceError as error:
        fix = f"; {error.fix}" if error.fix else ""
        return f"column {error.column}: {error.message}{fix}" if error.column else f"{error.message}{fix}"
    return ""


def files(project: Project, paste: Paste, *, at: date) -> tuple[Proposed, Proposed]:
    """The session and the draft requirement; UsageError when something is not filled in as it must be."""
    wrong = faults(paste, project)
    if wrong:
        raise UsageError("; ".join(f"{field}: {fault}" for field, fault in wrong.items()))
    sentence = " ".join(paste.sentence.split())
    wish = Wish(title=" ".join(paste.title.split()), text=sentence)
    requirement = scaffold(project, "requirement", wish, at=at)
    texts = {question.gap.value: question.question for question in asked(sentence)}
    answers = tuple(
        Answer(requirement=requirement.id, gap=g.gap, question=texts[g.gap], answer=" ".join(g.answer.split()), by=g.by,
               criterion=g.criterion.strip())
        for g in paste.answers if g.answer.strip() or g.criterion.strip()
    )  # fmt: skip
    attendees = {function: ((paste.attendees or {})[function],) for function in ("product", "engineering")}
    session = Session(
        id=_session_name(project, requirement.id, at), title=wish.title, date=at, attendees=attendees, answers=answers
    )
    if any(a.criterion for a in answers):
        (requirement,) = from_session(project, session, at=at, quote=sentence)
    text = _to(requirement.text, paste.customers)
    return _session_file(project, session), Proposed(file=requirement.file, id=requirement.id, text=text)


def _to(text: str, customers: Sequence[str]) -> str:
    """The requirement with the customers it is promised to."""
    return re.sub(r"(?m)^customers: \[\]", f"customers: [{', '.join(customers)}]", text, count=1)


def _session_name(project: Project, requirement: str, at: date) -> str:
    folder = project.root / project.folders.get("sessions", "sessions")
    base = f"{at.isoformat()}-{requirement}"
    names = (base if i == 1 else f"{base}-{i}" for i in range(1, 1000))
    return next(name for name in names if not (folder / f"{name}.md").exists())


def _session_file(project: Project, session: Session) -> Proposed:
    lines = ["---", f"title: {_text(session.title or session.id)}", f"date: {session.date}", "attendees:"]
    lines += [f"  {function}: [{', '.join(people)}]" for function, people in session.attendees.items()]
    lines.append("answers:")
    for a in session.answers:
        lines += [f"  - requirement: {a.requirement}", f"    gap: {a.gap}", f"    question: {_text(a.question)}"]
        lines += [
            f"    {name}: {_text(value)}"
            for name, value in (("answer", a.answer), ("by", a.by), ("criterion", a.criterion))
            if value
        ]
    lines += ["---", "Answered together in the browser.", ""]
    folder = project.folders.get("sessions", "sessions")
    return Proposed(file=f"{folder}/{session.id}.md", id=session.id, text="\n".join(lines))


def _text(value: str) -> str:
    """One YAML scalar; JSON's strings are YAML's."""
    return json.dumps(value, ensure_ascii=False)
