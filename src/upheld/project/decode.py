"""One definition file to typed items: the tree of its texts becomes the records of the core.

A file never fails as a whole: what can be read is read, everything that cannot is a finding with its place, and a file
of which nothing can be read is still an item, so that it is seen to be there.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from upheld.core import quantity
from upheld.core.allocation import Allocation, Part
from upheld.core.assessment import Assessment
from upheld.core.catalogue import Config, Environment, PathRule
from upheld.core.criterion import Indicator, Kind, Stage
from upheld.core.decision import Decision
from upheld.core.gate import Gate, SignOff, Waiver, WaiverPolicy
from upheld.core.gate import Kind as GateKind
from upheld.core.mapped import is_mapping, mapped
from upheld.core.meeting import Pack, Result, Review
from upheld.core.nonfunctional import Answer as ClassAnswer
from upheld.core.nonfunctional import Class
from upheld.core.requirement import Answer, Customer, Person, Requirement, Session, Source, Status
from upheld.core.risk import Kind as RiskKind
from upheld.core.risk import Risk
from upheld.core.risk import Status as RiskStatus
from upheld.errors import UpheldError
from upheld.project import shapes
from upheld.project.finding import Finding, Severity
from upheld.project.schema import Shape, Typing, suggestion
from upheld.project.schema import date as day
from upheld.project.statement import STAGES, lessons, links, statement, statements
from upheld.project.text import MAX_BYTES, Document, Place, Problem, Tree, excerpt, locate, position, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a file defines, and where in the file it stands."""

    file: str  # relative to the root, with forward slashes
    # requirement, decision, session, waiver, sign-off, gate, indicator, customer, person, environment, project,
    # risk, review, assessment, rollout, contract, scenario, runbook
    kind: str
    id: str
    status: str = ""
    place: Place = ()  # its path inside the file: () for a file of its own, ("merge",) for a gate, (3,) in a list file
    date: dt.date | None = None
    foreign: bool = False  # a decision in another tool's form, read as it is
    adopted: bool = False  # older than the project's `since`: advice only
    extras: Mapping[str, object] = field(default_factory=dict)  # what `x-` keys hold, by dotted path


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one file defines."""

    items: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    decisions: tuple[Decision, ...] = ()
    sessions: tuple[Session, ...] = ()
    risks: tuple[Risk, ...] = ()
    reviews: tuple[Review, ...] = ()
    answers: tuple[ClassAnswer, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    gates: tuple[Gate, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    customers: tuple[Customer, ...] = ()
    people: tuple[Person, ...] = ()
    config: Config | None = None


def decode(kind: str, file: str, raw: bytes, *, folder: str = "") -> Record:
    """Decode one file of a kind; never raises, whatever the file holds.

    `kind` is a key of `KINDS`; `file` and `folder` (the folder of its kind) are relative to the root.
    """
    return KINDS[kind](_File(kind, file, raw, folder))


@dataclass(slots=True)
class _File:
    """A file that is being decoded."""

    kind: str
    file: str
    raw: bytes
    folder: str = ""
    typing: Typing = field(default_factory=Typing)

    @property
    def stem(self) -> str:
        return self.file.rpartition("/")[2].partition(".")[0]

    def read(self) -> Document:
        return read(self.raw, markdown=self.file.endswith((".md", ".markdown")))

    def item(
        self, id: str, status: str = "", *, place: Place = (), kind: str = "", date: dt.date | None = None,  # noqa: A002
        foreign: bool = False,
    ) -> Item:  # fmt: skip
        """An item of this file, with the `x-` keys that stand inside it."""
        extras: Mapping[str, object] = self.typing.extras
        if place and extras:
            prefix = ".".join(map(str, place)) + "."
            extras = {name[len(prefix) :]: value for name, value in extras.items() if name.startswith(prefix)}
        return Item(
            file=self.file,
            kind=kind or self.kind,
            id=id,
            status=status,
            place=place,
            date=date,
            foreign=foreign,
            extras=extras,
        )

    def findings(self, document: Document) -> tuple[Finding, ...]:
        """What was met while reading and typing, with lines and columns."""
        found = [self._of_text(document, problem) for problem in document.problems]
        for fault in self.typing.faults:
            line, column = locate(document.text, fault.place, offset=fault.offset, key=fault.key)
            found.append(
                Finding(
                    rule=fault.rule,
                    severity=fault.severity,
                    file=self.file,
                    line=line,
                    column=column,
                    message=fault.message,
                    fix=fault.fix,
                    value=fault.value,
                    excerpt=excerpt(document.text, line)[:200],
                )
            )
        return tuple(found)

    def _of_text(self, document: Document, problem: Problem) -> Finding:
        line, column = position(document.text, problem.offset)
        return Finding(
            rule=problem.rule, severity=Severity.ERROR, file=self.file, line=line, column=column,
            message=problem.message, fix=problem.fix, value=problem.value[:200],
            excerpt=excerpt(document.text, line)[:200],
        )  # fmt: skip


# ── Requirements, decisions, sessions ────────────────────────────────────────────────────────────────────────────────

_STATUSES = {status.value: status for status in Status}


def _requirement(file: _File) -> Record:
    document = file.read()
    if document.front is None and not document.broken:
        if file.stem.lower() in ("readme", "index"):
            return Record()
        file.typing.fault(
            "front-matter-missing", (), "a requirement starts with front matter",
            "write a line ---, then id: and title:, then a line ---, then the text",
        )  # fmt: skip
    if document.broken or document.front is None:
        return Record(items=(file.item(file.stem),), findings=file.findings(document))
    tree = document.tree
    typed = file.typing.mapping(shapes.REQUIREMENT, tree, ())
    requirement = _one_requirement(file, typed, document.body)
    item = file.item(requirement.id, _written_status(tree, requirement), date=requirement.date)
    return Record(items=(item,), requirements=(requirement,), findings=file.findings(document))


def _requirement_list(file: _File) -> Record:
    document = file.read()
    if document.broken:
        return Record(items=(file.item(file.stem, kind="requirement"),), findings=file.findings(document))
    if document.tree is not None and not isinstance(document.tree, list):
        file.typing.fault(
            "value-shape", (), "a file of requirements is a list", 'start each requirement with "- id: …"'
        )  # fmt: skip
        return Record(items=(file.item(file.stem, kind="requirement"),), findings=file.findings(document))
    found: list[tuple[Requirement, Item]] = []
    for index, tree in enumerate(document.tree or ()):
        typed = file.typing.mapping(shapes.LISTED, tree, (index,))
        requirement = _one_requirement(file, typed, typed.get("text", ""), default=f"{file.stem}-{index + 1}")
        status = _written_status(tree, requirement)
        found.append(
            (requirement, file.item(requirement.id, status, kind="requirement", place=(index,), date=requirement.date))
        )
    return Record(
        items=tuple(item for _, item in found), requirements=tuple(requirement for requirement, _ in found),
        findings=file.findings(document),
    )  # fmt: skip


def _one_requirement(file: _File, typed: Mapping[str, Any], body: str, *, default: str = "") -> Requirement:
    source = typed.get("source", {})
    return Requirement(
        id=typed.get("id") or default or file.stem, title=typed.get("title", ""),
        status=_STATUSES[typed.get("status", "draft")], type=typed.get("type", ""),
        source=Source(document=source.get("document", ""), quote=source.get("quote", "")),
        customers=typed.get("customers", ()), priority=typed.get("priority", ""), owners=typed.get("owners", {}),
        links=links(typed), criteria=statements(typed, "criteria"), body=body.strip(), file=file.file,
        date=typed.get("date"),
    )  # fmt: skip


def _written_status(tree: Tree, requirement: Requirement) -> str:
    """The status as it is written, even where it is none of ours."""
    written = tree.get("status") if isinstance(tree, dict) else None
    return written if isinstance(written, str) and written else requirement.status.value


def _decision(file: _File) -> Record:
    # Imported here because it compiles two dozen patterns, which a run without changed decisions needs not.
    from upheld.project import adr  # noqa: PLC0415

    document = file.read()
    decision = adr.decision(document, file.file, file.folder, file.typing)
    if decision is None:
        return Record()
    foreign = not adr.is_ours(document)
    if foreign:  # read as it is: only what kept us from reading it is worth a word
        problems = document.problems[:1] if document.broken else ()
        document = replace(document, problems=problems)
    status = decision.status.value if decision.status.value != "unknown" else decision.raw_status
    item = file.item(decision.id, status, date=decision.date, foreign=foreign)
    return Record(items=(item,), decisions=(decision,), findings=file.findings(document))


def _session(file: _File) -> Record:
    document = file.read()
    if document.front is None and file.stem.lower() in ("readme", "index"):
        return Record()
    if document.broken:
        return Record(items=(file.item(file.stem),), findings=file.findings(document))
    typed: Mapping[str, Any] = file.typing.mapping(shapes.SESSION, document.tree or {}, ())
    session = Session(
        id=typed.get("id") or file.stem, title=typed.get("title", ""), date=typed.get("date"),
        attendees=typed.get("attendees", {}), body=document.body.strip(), file=file.file,
        answers=tuple(
            Answer(
                requirement=answer.get("requirement", ""), gap=answer.get("gap", ""),
                question=answer.get("question", ""), answer=answer.get("answer", ""), by=answer.get("by", ""),
                criterion=answer["criterion"].text if "criterion" in answer else "",
            )
            for answer in typed.get("answers", ())
        ),
    )  # fmt: skip
    return Record(
        items=(file.item(session.id, date=session.date),), sessions=(session,), findings=file.findings(document)
    )


def _risk(file: _File) -> Record:
    # Imported here because it compiles two dozen patterns, which a run without changed risks needs not.
    from upheld.project import adr  # noqa: PLC0415

    document = file.read()
    if document.front is None and file.stem.lower() in ("readme", "index"):
        return Record()
    if document.broken:
        return Record(items=(file.item(file.stem),), findings=file.findings(document))
    typed: Mapping[str, Any] = file.typing.mapping(shapes.RISK, document.tree or {}, ())
    kind = typed.get("kind")
    risk = Risk(
        id=typed.get("id") or file.stem, title=typed.get("title") or adr.title(document.body) or file.stem,
        kind=RiskKind(kind) if kind else None, status=RiskStatus(typed.get("status", "open")),
        owner=typed.get("owner", ""), impacts=adr.impacts(typed), mitigation=typed.get("mitigation", ""),
        watch=statements(typed, "watch"), review_by=typed.get("review-by"), date=typed.get("date"), links=links(typed),
        body=document.body.strip(), file=file.file,
    )  # fmt: skip
    return Record(
        items=(file.item(risk.id, risk.status.value, date=risk.date),), risks=(risk,), findings=file.findings(document)
    )


def _review(file: _File) -> Record:
    document = file.read()
    if document.front is None and file.stem.lower() in ("readme", "index"):
        return Record()
    if document.broken:
        return Record(items=(file.item(file.stem),), findings=file.findings(document))
    typed: Mapping[str, Any] = file.typing.mapping(shapes.REVIEW, document.tree or {}, ())
    pack = typed.get("pack")
    review = Review(
        id=typed.get("id") or file.stem, title=typed.get("title", ""), pack=Pack(pack) if pack else None,
        date=typed.get("date"), attendees=typed.get("attendees", {}), lessons=lessons(typed),
        outcomes=tuple(
            Result(
                outcome=entry["outcome"], about=entry.get("about", ()), owner=entry.get("owner", ""), by=entry.get("by")
            )
            for entry in typed.get("outcomes", ())
            if entry.get("outcome")
        ),
        body=document.body.strip(), file=file.file,
    )  # fmt: skip
    return Record(items=(file.item(review.id, date=review.date),), reviews=(review,), findings=file.findings(document))


def _waiver(file: _File) -> Record:
    document = file.read()
    name = file.stem
    waivers: tuple[Waiver, ...] = ()
    date = None
    if not document.broken:
        typed: Mapping[str, Any] = file.typing.mapping(shapes.WAIVER, document.tree, ())
        name, date = typed.get("id") or name, typed.get("since")
        if not (
            file.typing.faults or document.problems
        ):  # one with any fault waives nothing: its owner, approver or end may be what is wrong
            waivers = (
                Waiver(
                    criterion=typed["criterion"], owner=typed["owner"], approver=typed["approver"],
                    reason=typed["reason"], until=typed["until"], since=date, gate=typed.get("gate", ""),
                    customers_informed=typed.get("customers-informed", False), file=file.file,
                ),
            )  # fmt: skip
    return Record(items=(file.item(name, date=date),), waivers=waivers, findings=file.findings(document))


# ── Sign-offs ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _sign_off(file: _File) -> Record:
    document = _json(file.raw)
    signed: tuple[SignOff, ...] = ()
    name = file.stem
    date = None
    if not document.broken:
        typed: Mapping[str, Any] = file.typing.mapping(shapes.SIGN_OFF, document.tree, ())
        time = typed.get("time")
        date = time.date() if time else None
        if not (file.typing.faults or document.problems):  # one with any fault signs nothing
            signed = (
                SignOff(
                    item=typed["item"], hash=typed["hash"], role=typed["role"], person=typed["person"],
                    meaning=typed.get("meaning", ""), time=time, signature=typed.get("signature", ""),
                    via=typed.get("via", ""), file=file.file,
                ),
            )  # fmt: skip
    return Record(items=(file.item(name, date=date),), sign_offs=signed, findings=file.findings(document))


class _DuplicateKeyError(ValueError):
    """A key stands twice in one JSON object."""


def _pairs(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _DuplicateKeyError(next(name for name in names if names.count(name) > 1))
    return found


def _json(raw: bytes) -> Document:
    """A JSON file as a document; numbers and truth values stay what they are, and no field of ours takes them."""
    if len(raw) > MAX_BYTES:
        return read(raw)
    try:
        text = raw.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        return read(raw)
    offset, message, value = 0, "", ""
    try:
        return Document(text=text, tree=json.loads(text, object_pairs_hook=_pairs), front=text)
    except json.JSONDecodeError as error:
        offset, message = error.pos, f"this is not JSON: {error.msg}"
    except _DuplicateKeyError as error:
        value = str(error)
        offset, message = text.rfind(json.dumps(value, ensure_ascii=False)), f'"{value}" stands twice'
    except (RecursionError, ValueError):
        message = "this JSON is too deep or has a number that is too long"
    problem = Problem("json-syntax", max(offset, 0), message, "make the file again with upheld sign", value)
    return Document(text=text, problems=(problem,), broken=True)


# ── The files at the root ────────────────────────────────────────────────────────────────────────────────────────────


def _table(file: _File, shape: Shape, document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of a file that is one table of names."""
    if document.tree is None:
        return
    table = file.typing.table(shape, document.tree, ())
    yield from table.items()


def _customers(file: _File) -> Record:
    document = file.read()
    found = []
    for name, typed in _table(file, shapes.CUSTOMER, document):
        found.append(
            Customer(
                id=name, name=typed.get("name", ""), tier=typed.get("tier", ""), region=typed.get("region", ""),
                time_zone=typed.get("time-zone", "UTC"), contract=typed.get("contract", ""),
                aliases=typed.get("alias", ()),
            )
        )  # fmt: skip
    items = tuple(file.item(customer.id, place=(customer.id,)) for customer in found)
    return Record(items=items, customers=tuple(found), findings=file.findings(document))


def _indicators(file: _File) -> Record:
    document = file.read()
    found = []
    for name, typed in _table(file, shapes.INDICATOR, document):
        if "kind" not in typed:
            continue  # said by the schema; without its kind nothing about it can be judged
        kind = Kind(typed["kind"])
        sources = {stage: _source(typed[key]) for key, stage in STAGES.items() if typed.get(key)}
        indicator = Indicator(
            name=name, kind=kind, unit=typed.get("unit") or _UNITS.get(kind, quantity.NUMBER), sources=sources,
            census=typed.get("census", False), help=typed.get("help", ""),
        )  # fmt: skip
        found.append(indicator)
        for key, stage in STAGES.items():
            _check_mapping(file, indicator, stage, (name, key), typed.get(key))
    items = tuple(file.item(indicator.name, place=(indicator.name,)) for indicator in found)
    return Record(items=items, indicators=tuple(found), findings=file.findings(document))


# The unit of an indicator that writes none, where its kind leaves no choice.
_UNITS = {Kind.RATIO: quantity.SHARE, Kind.AGE: quantity.SECOND}


def _check_mapping(file: _File, indicator: Indicator, stage: Stage, place: Place, tree: Tree) -> None:
    """A source that names a file must be a mapping that can be followed."""
    if not isinstance(tree, dict) or not is_mapping(tree):
        return
    try:
        mapped(indicator, stage, tree)
    except UpheldError as error:
        file.typing.fault("indicator-mapping", place, error.message, "see docs/evidence.md, files of any form")


def _source(tree: Tree) -> str:
    """Where a stage finds an indicator, as canonical text: `load: POST /insight`, or compact JSON for more."""
    if isinstance(tree, str):
        return tree
    if isinstance(tree, dict) and len(tree) == 1:
        [(name, value)] = tree.items()
        if isinstance(value, str):
            return f"{name}: {value}"
    return json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _gates(file: _File) -> Record:
    document = file.read()
    found = []
    for name, typed in _table(file, shapes.GATE, document):
        if "kind" not in typed or "stage" not in typed:
            continue  # said by the schema
        policy = typed.get("waivers", {})
        own = (statement(fields, name=key) for key, fields in typed.get("criteria", {}).items())
        found.append(
            Gate(
                name=name, kind=GateKind(typed["kind"]), stage=typed["stage"], select=typed.get("select", {}),
                criteria=tuple(entry for entry in own if entry is not None), sign_offs=typed.get("sign-offs", ()),
                waivers=WaiverPolicy(
                    approver=policy.get("approver", ""), at_most=policy.get("at-most", WaiverPolicy().at_most)
                ),
                enforce_from=typed.get("enforce-from"), require_subject=typed.get("require-subject", False),
            )
        )  # fmt: skip
    items = tuple(file.item(gate.name, place=(gate.name,)) for gate in found)
    return Record(items=items, gates=tuple(found), findings=file.findings(document))


def _paths(rules: Mapping[str, Mapping[str, Any]]) -> tuple[PathRule, ...]:
    return tuple(
        PathRule(
            pattern=pattern, serves=typed.get("serves", ()), review=typed.get("review", ()),
            because=typed.get("because", ""),
        )
        for pattern, typed in rules.items()
    )  # fmt: skip


_CLASSES = {kind.value: kind for kind in Class}


def _nonfunctional(file: _File) -> Record:
    document = file.read()
    found = []
    for name, typed in _table(file, shapes.ANSWER, document):
        kind = _CLASSES.get(name)
        if kind is None:
            near = suggestion(name, tuple(_CLASSES)) or f"one of: {', '.join(_CLASSES)}"
            file.typing.fault(
                "unknown-key", (name,), f'there is no class "{name[:60]}" of requirements', near, value=name, key=True
            )
            continue
        found.append(
            ClassAnswer(
                kind=kind, criteria=typed.get("criteria", ()), owner=typed.get("owner", ""),
                reason=typed.get("reason", ""), until=typed.get("until"), file=file.file,
            )
        )  # fmt: skip
    items = tuple(file.item(answer.kind.value, kind="nonfunctional", place=(answer.kind.value,)) for answer in found)
    return Record(items=items, answers=tuple(found), findings=file.findings(document))


def _budgets(file: _File) -> Record:
    document = file.read()
    found = []
    for name, typed in _table(file, shapes.BUDGET, document):
        parts = tuple(
            Part(component=component, limit=entry["limit"], misses=entry.get("misses"))
            for component, entry in typed.get("parts", {}).items()
            if "limit" in entry
        )
        found.append(Allocation(name=name, criterion=typed.get("criterion", ""), parts=parts, file=file.file))
    items = tuple(file.item(budget.name, kind="budget", place=(budget.name,)) for budget in found)
    return Record(items=items, allocations=tuple(found), findings=file.findings(document))


def _config(file: _File) -> Record:
    document = file.read()
    typed: Mapping[str, Any] = {}
    if document.tree is not None:
        typed = file.typing.mapping(shapes.CONFIG, document.tree, ())
    environments = {
        name: Environment(
            name=name, stage=STAGES[fields["stage"]],
            settings={key: value for key, value in fields.items() if key != "stage"},
        )
        for name, fields in typed.get("environments", {}).items()
        if "stage" in fields
    }  # fmt: skip
    people = tuple(
        Person(
            id=name, roles=fields.get("role", ()), name=fields.get("name", ""), email=fields.get("email", ""),
            customer=fields.get("customer", ""), keys=fields.get("keys", ()),
        )
        for name, fields in typed.get("people", {}).items()
    )  # fmt: skip
    config = Config(
        project=typed.get("project", ""), since=typed.get("since"), folders=typed.get("folders", {}),
        needs={
            priority: tuple(STAGES[stage] for stage in stages) for priority, stages in typed.get("needs", {}).items()
        },
        environments=environments, paths=_paths(typed.get("paths", {})), cost_limit=str(typed.get("cost-limit", "")),
        reviews={Pack(name): day for name, day in typed.get("reviews", {}).items()},
        server_keys=tuple(typed.get("server-keys", ())),
    )  # fmt: skip
    items = (
        file.item(config.project),
        *(file.item(person.id, kind="person", place=("people", person.id)) for person in people),
        *(file.item(name, kind="environment", place=("environments", name)) for name in environments),
    )
    return Record(items=items, config=config, people=people, findings=file.findings(document))


# ── Assessments ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _assessment(file: _File) -> Record:
    """The head of an assessment; its model is typed too, so that lint tells its faults, and built when it is asked."""
    from upheld.project import assessments  # noqa: PLC0415  # brings the models, which most runs do not need

    document = file.read()
    if document.broken:
        return Record(items=(file.item(file.stem),), findings=file.findings(document))
    head, _ = assessments.decode(document, file.typing, file=file.file, sampler=assessments.unseen)
    if head is None:
        name = document.tree.get("id") if isinstance(document.tree, dict) else None
        return Record(
            items=(file.item(name if isinstance(name, str) else file.stem),), findings=file.findings(document)
        )
    return Record(
        items=(file.item(head.id, head.kind.value, date=head.date),),
        assessments=(head,),
        findings=file.findings(document),
    )


# ── What is known to be there, and read by later chapters ────────────────────────────────────────────────────────────


def _seen(file: _File) -> Record:
    """An item of which only the id and status are read."""
    document = file.read()
    front: Mapping[str, Tree] = document.tree if isinstance(document.tree, dict) else {}
    if document.front is None and file.stem.lower() in ("readme", "index"):
        return Record()
    name, status, date = front.get("id"), front.get("status"), front.get("date")
    item = file.item(
        name if isinstance(name, str) and name else file.stem, status if isinstance(status, str) else "",
        date=day(date) if isinstance(date, str) else None,
    )  # fmt: skip
    return Record(items=(item,), findings=file.findings(document))


def _named(file: _File) -> Record:
    """An item that is known by its name alone."""
    return Record(items=(file.item(file.stem),))


KINDS: Mapping[str, Callable[[_File], Record]] = {
    "project": _config,
    "customer": _customers,
    "indicator": _indicators,
    "gate": _gates,
    "requirement": _requirement,
    "requirement-list": _requirement_list,
    "decision": _decision,
    "session": _session,
    "waiver": _waiver,
    "sign-off": _sign_off,
    "risk": _risk,
    "review": _review,
    "nonfunctional": _nonfunctional,
    "budget": _budgets,
    "assessment": _assessment,
    "rollout": _seen,
    "contract": _seen,
    "scenario": _named,
    "runbook": _named,
}
