"""Templates of new definitions: every field is one that is read, and its comment says what it means.

A template lints clean, or with nothing but the findings that ask for what is left empty. Nothing is ever overwritten:
an item of its own gets a new file, a customer, an indicator or a gate is added at the end of its table.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Protocol

from upheld.core import requirement as requirements
from upheld.core.matrix import TENSIONS
from upheld.core.meeting import Pack
from upheld.core.nonfunctional import Class
from upheld.core.requirement import Requirement, Session
from upheld.errors import UsageError
from upheld.project import adr, assessments, shapes
from upheld.project.joint import Draft, asked, draft, open_questions
from upheld.project.load import Project
from upheld.project.schema import Field, Shape
from upheld.project.text import Tree, read

KINDS = (
    "requirement", "decision", "session", "waiver", "gate", "risk", "review", "nonfunctional", "runbook", "assessment", "customer",
    "indicator",
)  # fmt: skip
LONGEST_TITLE = 60
WAIVER_DAYS = 14
REVIEW_DAYS = 182
ENFORCE_DAYS = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """One file as it shall be written, or what shall be added at its end."""

    file: str  # relative to the root
    id: str
    text: str
    append: bool = False
    by_hand: bool = False  # for a person to put into the file, which is there already
    note: str = ""  # what to do next


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the caller already knows of the new item."""

    name: str = ""  # an id, the beginning of one, or a name
    title: str = ""
    text: str = ""  # the raw sentence of a customer
    about: tuple[str, ...] = ()  # the requirements of a session


class _Template(Protocol):
    def __call__(self, project: Project, wish: Wish, at: date) -> Proposed: ...


def scaffold(project: Project, kind: str, wish: Wish, *, at: date) -> Proposed:
    """The template of a kind, with the next free id and what the caller knows filled in.

    Raises UsageError for a kind that has no template and for a name that is taken.
    """
    template = _TEMPLATES.get(kind)
    if template is None:
        raise UsageError(f'no template for "{kind}"; known: {", ".join(KINDS)}')
    proposed = template(project, wish, at)
    if not (proposed.append or proposed.by_hand) and (project.root / proposed.file).exists():
        raise UsageError(f"{proposed.file} is there already; nothing was written")
    return proposed


def from_session(project: Project, session: Session, *, at: date, quote: str = "") -> tuple[Proposed, ...]:
    """The criteria that a session's answers yield: new files for requirements that do not exist, else the text to add.

    `quote` is what the customer said, word for word, where the session is about it.

    Raises UsageError when the session is not joint, or its answers yield no criterion that is not there yet.
    """
    if not session.joint:
        raise UsageError(f"{session.file}: nobody spoke for product or for engineering, so its answers close nothing")
    found = []
    for name in dict.fromkeys(answer.requirement for answer in session.answers):
        existing = project.catalogue.requirements.get(name)
        drafted = draft(existing or Requirement(id=name, title=name), [session])
        if not drafted.sentences:
            continue
        if existing is not None:
            note = f"put this under criteria: in {existing.file}"
            found.append(Proposed(file=existing.file, id=name, text=drafted.text + "\n", by_hand=True, note=note))
        else:
            wish = Wish(name=name, title=session.title or name, text=quote)
            found.append(_requirement(project, wish, at, drafted=drafted, session=session))
    if not found:
        raise UsageError(f"{session.file} yields no criterion that is not there yet; write criterion: … in its answers")
    return tuple(found)


# ── Fields with their meaning beside them ────────────────────────────────────────────────────────────────────────────

_COMMENT_AT = 34


def _field(shape: Shape, name: str, value: str = "", *, indent: str = "", note: str = "") -> str:
    """`name: value   # what it means, e.g. an example`; the comment stands above a long value."""
    known = shape.fields[name]
    start, comment = f"{indent}{name}:{f' {value}' if value else ''}", f"# {note or _help(known)}"
    return f"{start:<{_COMMENT_AT}} {comment}" if len(start) <= LONGEST_TITLE else f"{indent}{comment}\n{start}"


def _help(known: Field) -> str:
    if known.choices:
        return f"{known.help}: {' | '.join(known.choices)}"
    return f"{known.help}, e.g. {known.example}" if known.example else known.help


def _inner(shape: Shape, *names: str) -> Shape:
    """The shape of a mapping (or of a list's entries) inside a shape."""
    for name in names:
        known = shape.fields[name]
        known = known.of or known
        assert known.shape is not None  # noqa: S101  # our own tables
        shape = known.shape
    return shape


def _quoted(text: str) -> str:
    """A text as YAML reads it back unchanged."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _slug(text: str) -> str:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "-".join(words[:6])


def _next(used: Iterable[str], name: str, *, start: str, width: int = 3) -> str:
    """A free id: the name itself when it ends with a number, else the next number behind it."""
    taken = set(used)
    name = name or start
    if re.search(r"\d$", name):
        if name in taken:
            raise UsageError(f"{name} is taken; an id is never used twice, give another one or only its beginning")
        return name
    stem = name.rstrip("-") + "-"
    numbers = [int(n[len(stem) :]) for n in taken if n.startswith(stem) and n[len(stem) :].isdigit()]
    return f"{stem}{max(numbers, default=0) + 1:0{width}d}"


def _folder(project: Project, kind: str) -> str:
    return {**shapes.FOLDERS, **project.catalogue.config.folders, **project.folders}[kind].rstrip("/")


def _ids(project: Project, kind: str) -> list[str]:
    return [item.id for item in project.items if item.kind == kind]


def _person(project: Project, role: str) -> str:
    """The only person who holds a role; nobody when there are several to choose from."""
    holders = [p.id for p in project.catalogue.people.values() if role in p.roles]
    return holders[0] if len(holders) == 1 else ""


# ── Items with a file of their own ───────────────────────────────────────────────────────────────────────────────────


def _requirement(
    project: Project, wish: Wish, at: date, *, drafted: Draft | None = None, session: Session | None = None
) -> Proposed:
    name = _next(_ids(project, "requirement"), wish.name, start="REQ")
    shape = shapes.REQUIREMENT
    sentence = " ".join(wish.text.split())
    title = wish.title or _shortened(sentence) or "What the customer gains, in one line"
    source, owners = _inner(shape, "source"), _inner(shape, "owners")
    document = f"session {session.id}" if session else ""
    lines = [
        "---",
        _field(shape, "id", name),
        _field(shape, "title", _quoted(title)),
        _field(shape, "status", "draft"),
        _field(shape, "type", "quality"),
        "source:",
        _field(source, "document", _quoted(document) if document else "", indent="  "),
        _field(source, "quote", _quoted(sentence) if sentence else "", indent="  "),
        _field(shape, "customers", "[]"),
        _field(shape, "priority", "must"),
        "owners:",
        _field(owners, "product", _person(project, "product"), indent="  "),
        _field(owners, "engineering", _person(project, "engineering"), indent="  "),
        _field(shape, "links", "[]"),
        _field(shape, "date", at.isoformat()),
    ]
    if drafted is not None and drafted.sentences:
        lines += ["criteria:", drafted.text]
    else:
        lines += [
            _field(shape, "criteria"),
            "#  - id: c1",
            "#    that: p95 of insight.latency < 1 s at 200/s over 30 d per customer",
            "#    needs: [build, production]      # where not every stage of the priority must answer",
            "#    build: {for: 4 min, environment: staging, max-age: 7 d}",
        ]
    lines += ["---", sentence or "When TRIGGER, the SYSTEM shall RESPONSE.", ""]
    note = _open_note(Requirement(id=name, title=title, body=sentence), drafted) if sentence else ""
    return Proposed(
        file=f"{_folder(project, 'requirements')}/{name}.md", id=name, text="\n".join(lines),
        note=note or "upheld lint asks what is missing",
    )  # fmt: skip


def _shortened(sentence: str) -> str:
    if len(sentence) <= LONGEST_TITLE:
        return sentence.rstrip(".")
    return sentence[:LONGEST_TITLE].rpartition(" ")[0].rstrip(",;") + " …"


def _open_note(requirement: Requirement, drafted: Draft | None) -> str:
    count = 0 if drafted else len(asked(requirement))
    if not count:
        return ""
    questions = "1 question" if count == 1 else f"{count} questions"
    return f"{questions} open: upheld lint, then answer them together: upheld new session {requirement.id}"


def _decision(project: Project, wish: Wish, at: date) -> Proposed:
    shape = shapes.DECISION
    numbers = [int(digits) for d in project.catalogue.decisions if (digits := adr.number(d))]
    number = f"{max(numbers, default=0) + 1:04d}"
    if wish.name:
        digits = adr.number(wish.name)
        if not digits or int(digits) in numbers:
            raise UsageError(f"{wish.name} is {'taken' if digits else 'no number'}; leave it out to get {number}")
        number = f"{int(digits):04d}"
    title = wish.title or "What was decided, in one line"
    impact = _inner(shape, "customer-impact")
    body = [
        f"# {title}", "", "## Context and Problem Statement", "", "## Decision Drivers", "", "## Considered Options", "",
        "* one", "* another", "", "## Decision Outcome", "", "### Consequences", "", "### Confirmation", "",
        "## Pros and Cons of the Options", "", "## More Information", "",
    ]  # fmt: skip
    lines = [
        "---",
        _field(shape, "status", "proposed", note="proposed | accepted | rejected | deprecated | superseded by 0000"),
        _field(shape, "date", at.isoformat()),
        _field(shape, "decision-makers", "[]"),
        _field(shape, "consulted", "[]"),
        _field(shape, "informed", "[]"),
        _field(shape, "affects", "[]"),
        _field(shape, "scenarios", "[]"),
        _field(shape, "options", "[one, another]"),
        _field(shape, "chosen", "one"),
        _field(
            shape,
            "matrix",
            note="scores of 1 to 5, quantities (better: less), or a criterion's values (hard: true excludes)",
        ),
        *(f"#  - {{axis: {tension}, weight: {1 / len(TENSIONS):g}, one: 3, another: 3}}" for tension in TENSIONS),
        _field(
            shape,
            "customer-impact",
            "",
            note=f"{shape.fields['customer-impact'].help}; {_help(impact.fields['impact'])}",
        ),
        "#  - {customer: northbank, impact: the first answer may be 5 min old, accepted-by: nb-cto}",
        _field(shape, "expected", "", note=shape.fields["expected"].help),
        "#  - {id: e1, that: p95 of insight.latency < 0.8 s, by: 2027-03-01, between: [0.5 s, 0.8 s]}",
        _field(shape, "assumptions", "", note=shape.fields["assumptions"].help),
        "#  - {id: a1, that: cache.hits >= 80 %}",
        _field(shape, "cost"),
        _field(shape, "lessons"),
        "#  - {about: [REQ-LAT-001.c1], lesson: warm the cache before the load test}",
        _field(shape, "review-by", (at + timedelta(days=REVIEW_DAYS)).isoformat()),
        _field(shape, "links", "[]"),
        "---",
        *body,
    ]
    slug = _slug(wish.title)
    return Proposed(
        file=f"{_folder(project, 'decisions')}/{number}{f'-{slug}' if slug else ''}.md", id=number,
        text="\n".join(lines), note="once accepted it needs affects, customer-impact, expected and sign-offs",
    )  # fmt: skip


def _session(project: Project, wish: Wish, at: date) -> Proposed:
    shape = shapes.SESSION
    about = _asked_about(project, (*((wish.name,) if wish.name else ()), *wish.about))
    attendees, answer = _inner(shape, "attendees"), _inner(shape, "answers")
    title = wish.title or (
        f"Questions on {', '.join(r.id for r in about[:3])}" if about else "Joint requirements session"
    )
    base = f"{at.isoformat()}-{_slug(wish.title) or (about[0].id if len(about) == 1 else 'joint')}"
    folder = _folder(project, "sessions")
    names = (base if i == 1 else f"{base}-{i}" for i in range(1, 1000))
    name = next(n for n in names if not (project.root / folder / f"{n}.md").exists())
    lines = ["---", _field(shape, "title", _quoted(title)), _field(shape, "date", at.isoformat()), "attendees:"]
    for function in ("product", "engineering", "customer"):
        person = _person(project, function)
        lines.append(_field(attendees, function, f"[{person}]" if person else "[]", indent="  "))
    lines.append(_field(shape, "answers"))
    count = 0
    for requirement in about:
        for open_question in open_questions(requirement, project.catalogue.sessions):
            question = open_question.question
            count += 1
            lines += [
                f"  - requirement: {requirement.id}",
                f"    gap: {question.gap.value:<27} # owned by {question.function.value}",
                f"    question: {_quoted(question.question)}",
                _field(answer, "answer", indent="    "),
                _field(answer, "by", indent="    "),
                _field(answer, "criterion", indent="    ", note=f"e.g. {question.suggestion}"),
            ]
    if not count:
        lines += [
            "#  - requirement: REQ-LAT-001",
            "#    gap: latency-bound              # as lint names it: question-latency-bound",
            '#    question: "which operation, at which percentile, under which load?"',
            "#    answer: a client's insights, for 95 of 100 openings, in the morning peak",
            "#    by: lisa",
            "#    criterion: p95 of insight.latency < 1 s at 200/s over 30 d per customer",
        ]
    lines += ["---", "What was said beside the answers: alternatives, doubts, who checks what until when.", ""]
    return Proposed(
        file=f"{folder}/{name}.md", id=name, text="\n".join(lines),
        note="a session counts when product and engineering were both there",
    )  # fmt: skip


def _asked_about(project: Project, names: Sequence[str]) -> list[Requirement]:
    known = project.catalogue.requirements
    missing = [name for name in names if name not in known]
    if missing:
        raise UsageError(f"there is no requirement {missing[0]}; write upheld new session REQ-…")
    if names:
        return [known[name] for name in names]
    sessions = project.catalogue.sessions
    waiting = [r for r in known.values() if not r.criteria and r.status is not requirements.Status.RETIRED]
    return [r for r in waiting if open_questions(r, sessions)][:20]


def _waiver(project: Project, wish: Wish, at: date) -> Proposed:
    shape = shapes.WAIVER
    if not wish.name:
        raise UsageError("say what is waived: upheld new waiver REQ-LAT-001.c1")
    known = _addresses(project)
    if wish.name not in known:
        near = get_close_matches(wish.name, known, n=1)
        raise UsageError(
            f"no criterion is called {wish.name}; " + (f"did you mean {near[0]}?" if near else "see upheld lint")
        )
    policies = [gate.waivers.at_most for gate in project.catalogue.gates.values()]
    days = min([WAIVER_DAYS, *(int(seconds // 86400) for seconds in policies if seconds >= 86400)])
    name = f"{at.isoformat()}-{re.sub(r'[^A-Za-z0-9-]+', '-', wish.name)}"
    lines = [
        _field(shape, "criterion", wish.name),
        _field(shape, "gate"),
        _field(shape, "owner"),
        _field(shape, "approver"),
        _field(shape, "reason", _quoted(wish.text) if wish.text else ""),
        _field(shape, "since", at.isoformat()),
        _field(shape, "until", (at + timedelta(days=days)).isoformat(), note="the last day; it ends by itself"),
        _field(shape, "customers-informed", "false"),
        "",
    ]
    return Proposed(
        file=f"{_folder(project, 'waivers')}/{name}.yaml", id=name, text="\n".join(lines),
        note="owner and approver are two people; the gate says which role grants it",
    )  # fmt: skip


def _addresses(project: Project) -> list[str]:
    catalogue = project.catalogue
    found = [f"{r.id}.{s.id}" for r in catalogue.requirements.values() for s in r.criteria]
    return found + [f"gate.{g.name}.{s.id}" for g in catalogue.gates.values() for s in g.criteria]


def _risk(project: Project, wish: Wish, at: date) -> Proposed:
    shape = shapes.RISK
    name = _next(_ids(project, "risk"), wish.name, start="RISK")
    lines = [
        "---",
        _field(shape, "id", name),
        _field(shape, "kind", "technical"),
        _field(shape, "status", "open"),
        _field(shape, "date", at.isoformat()),
        _field(shape, "owner"),
        _field(shape, "customer-impact"),
        "#  - {customer: northbank, impact: gaps in their portfolio}",
        _field(shape, "mitigation"),
        _field(shape, "watch"),
        "#  - {id: w1, that: source-3.nulls <= 5 %}",
        _field(shape, "review-by", (at + timedelta(days=REVIEW_DAYS)).isoformat()),
        _field(shape, "links", "[]"),
        "---",
        f"# {wish.title or 'What may happen, in one line'}",
        "",
        "How it would begin, and how likely that is.",
        "",
    ]
    return Proposed(
        file=f"{_folder(project, 'risks')}/{name}.md", id=name, text="\n".join(lines),
        note="the watched promise says by itself when it begins: upheld lint",
    )  # fmt: skip


def _review(project: Project, wish: Wish, at: date) -> Proposed:
    shape = shapes.REVIEW
    packs = [pack.value for pack in Pack]
    pack = wish.name or Pack.WEEKLY.value
    if pack not in packs:
        raise UsageError(f'no rhythm is called "{pack}"; write upheld new review {"|".join(packs)}')
    attendees = _inner(shape, "attendees")
    lines = [
        "---",
        _field(shape, "title", _quoted(wish.title or f"{pack.capitalize()} design review")),
        _field(shape, "pack", pack),
        _field(shape, "date", at.isoformat()),
        "attendees:",
    ]
    for function in ("product", "engineering", "customer", "operations"):
        person = _person(project, function)
        lines.append(_field(attendees, function, f"[{person}]" if person else "[]", indent="  "))
    lines += [
        _field(shape, "outcomes"),
        "#  - {outcome: measure again with 200/s, about: [REQ-LAT-001.c1], owner: lisa, by: 2026-12-04}",
        _field(shape, "lessons"),
        "#  - {about: [REQ-LAT-001.c1], lesson: warm the cache before the load test}",
        "---",
        f"The pack of this review: upheld report --pack {pack} --at {at.isoformat()}",
        "",
    ]
    name = f"{at.isoformat()}-{pack}"
    return Proposed(
        file=f"{_folder(project, 'reviews')}/{name}.md", id=name, text="\n".join(lines),
        note="it counts as held when product and engineering were both there",
    )  # fmt: skip


def _nonfunctional(project: Project, wish: Wish, at: date) -> Proposed:
    del project, wish
    shape = shapes.ANSWER
    end = (at + timedelta(days=REVIEW_DAYS)).isoformat()
    lines = [
        "# What answers each class of non-functional requirements: a criterion, or who does without until when.",
        f"#   {Class.SECURITY.value}: {{criteria: [gate.merge.findings]}}       {_help(shape.fields['criteria'])}",
        f"#   {Class.COST.value}: {{owner: jake, reason: nobody pays per use yet, until: {end}}}",
    ]
    lines += [f"{f'{kind.value}: {{criteria: []}}':<{_COMMENT_AT}} # {kind.question}" for kind in Class]
    return Proposed(
        file="nonfunctional.yaml", id=Class.PERFORMANCE.value, text="\n".join([*lines, ""]),
        note="upheld lint asks for each class that is still open",
    )  # fmt: skip


def _runbook(project: Project, wish: Wish, at: date) -> Proposed:
    del at  # a runbook is known by its name alone
    name = _slug(wish.name or wish.title) or "runbook"
    if name in _ids(project, "runbook"):
        raise UsageError(f"there is a runbook {name} already; give another name")
    text = "\n".join([
        f"# {wish.title or wish.name or 'What this runbook is for'}", "", "## Signs", "", "What an alert or a customer shows.", "",
        "## First five minutes", "", "1. …", "", "## Way back", "", "How to return to the last good state, and how to see that it worked.", "",
        "## Who must know", "",
    ])  # fmt: skip
    return Proposed(file=f"{_folder(project, 'runbooks')}/{name}.md", id=name, text=text)


def _assessment(project: Project, wish: Wish, at: date) -> Proposed:
    """A latency assessment of the first promise on a duration; the other kinds are shown in docs/predict.md."""
    shape, step = assessments.LATENCY, assessments.STEP
    name = _slug(wish.name or wish.title) or "design"
    if name in _ids(project, "assessment"):
        raise UsageError(f"there is an assessment {name} already; give another name")
    known = [a for a, c in project.catalogue.criteria.items() if c.sentence.quantile is not None]
    lines = [
        _field(shape, "kind", "latency"),
        _field(shape, "title", _quoted(wish.title) if wish.title else ""),
        _field(shape, "predicts", f"[{known[0] if known else 'REQ-LAT-001.c1'}]"),
        _field(shape, "decision"),
        _field(shape, "option"),
        _field(shape, "date", at.isoformat()),
        _field(shape, "arrivals", "200/s"),
        _field(shape, "process", "poisson"),
        _field(shape, "for", "10 min"),
        _field(shape, "stations"),
        "  api: {workers: 8}",
        _field(shape, "steps"),
        f"  # {'; '.join(f'{field}: {known_.help}' for field, known_ in step.fields.items() if field in ('at', 'time', 'cached', 'parallel'))}",
        "  - {id: answer, at: api, time: {lognormal: {p50: 20 ms, p95: 60 ms}, give-or-take: 30 %}}",
        "",
    ]
    return Proposed(
        file=f"{_folder(project, 'assessments')}/{name}.yaml", id=name, text="\n".join(lines),
        note="replace what is stated by what was measured: time: {sample: steps.csv, request: answer}; then: upheld predict",
    )  # fmt: skip


# ── Entries of a table ───────────────────────────────────────────────────────────────────────────────────────────────


def _entry(project: Project, file: str, name: str, lines: Sequence[str], *, note: str) -> Proposed:
    """An entry for the end of a table; it must read back as one more entry, or the writer is told to place it."""
    addition = "\n".join([f"{name}:", *lines, ""])
    path = project.root / file
    try:
        before = path.read_bytes()
    except FileNotFoundError:
        before = b""
    if before and not before.endswith(b"\n"):
        addition = "\n" + addition
    old, new = read(before), read(before + addition.encode())
    tree: Tree = old.tree if old.tree is not None else {}
    if isinstance(tree, dict) and name in tree:
        raise UsageError(f"{file} has {name} already; nothing was written")
    grown = isinstance(new.tree, dict) and isinstance(tree, dict) and set(new.tree) == {*tree, name}
    if not grown or new.problems:
        raise UsageError(f"{file} is written in a way that takes no entry at its end; add it by hand:\n{addition}")
    return Proposed(file=file, id=name, text=addition, append=True, note=note)


def _customer(project: Project, wish: Wish, at: date) -> Proposed:
    del at
    if not wish.name:
        raise UsageError("give the customer an id: upheld new customer northbank")
    shape = shapes.CUSTOMER
    lines = [
        _field(shape, "name", _quoted(wish.title) if wish.title else "", indent="  "),
        _field(shape, "tier", indent="  "),
        _field(shape, "region", indent="  "),
        _field(shape, "time-zone", "UTC", indent="  "),
        _field(shape, "contract", indent="  "),
        _field(shape, "alias", "[]", indent="  "),
    ]
    return _entry(project, "customers.yaml", wish.name, lines, note=f"promise it something: customers: [{wish.name}]")


def _indicator(project: Project, wish: Wish, at: date) -> Proposed:
    del at
    if not wish.name:
        raise UsageError("give the indicator a name: upheld new indicator insight.latency")
    shape = shapes.INDICATOR
    lines = [
        _field(shape, "kind", "value", indent="  "),
        _field(shape, "unit", "s", indent="  "),
        _field(shape, "help", _quoted(wish.title) if wish.title else "", indent="  "),
        _field(shape, "census", "false", indent="  "),
        _field(shape, "build", indent="  ", note="where a load report has it, e.g. {load: POST /insight}"),
        _field(shape, "production", indent="  ", note="where telemetry has it, e.g. {histogram: http_request_duration_seconds}"),
    ]  # fmt: skip
    return _entry(project, "indicators.yaml", wish.name, lines, note=f"use it: p95 of {wish.name} < 1 s")


def _gate(project: Project, wish: Wish, at: date) -> Proposed:
    if not wish.name:
        raise UsageError("give the gate a name: upheld new gate merge")
    shape = shapes.GATE
    waivers = _inner(shape, "waivers")
    lines = [
        _field(shape, "kind", "technical", indent="  "),
        _field(shape, "stage", "build", indent="  "),
        _field(shape, "select", "{status: [approved]}", indent="  "),
        "  criteria:",
        "    tests: test.passed = 100 %",
        _field(shape, "sign-offs", "[]", indent="  "),
        "  waivers:",
        _field(waivers, "approver", "engineering", indent="    "),
        _field(waivers, "at-most", "14 d", indent="    "),
        _field(shape, "require-subject", "false", indent="  "),
        _field(shape, "enforce-from", (at + timedelta(days=ENFORCE_DAYS)).isoformat(), indent="  "),
    ]
    return _entry(project, "gates.yaml", wish.name, lines, note=f"judge it: upheld check {wish.name} --evidence …")


_TEMPLATES: Mapping[str, _Template] = {
    "requirement": _requirement,
    "decision": _decision,
    "session": _session,
    "waiver": _waiver,
    "gate": _gate,
    "risk": _risk,
    "review": _review,
    "nonfunctional": _nonfunctional,
    "runbook": _runbook,
    "assessment": _assessment,
    "customer": _customer,
    "indicator": _indicator,
}
