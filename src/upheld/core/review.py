"""A change, looked at from the promises: what it touches, what must be shown before it, who must agree, what to ask.

A file touches a criterion by a link that stands in it (a test's mark, an id in a comment), by a path rule of
`upheld.yaml`, or because it defines the criterion. An approval counts only where the evidence that the change needs is
there: agreeing to what nobody has measured settles nothing. Nothing selected is inconclusive (rule 8).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from upheld.core.catalogue import Catalogue, PathRule
from upheld.core.criterion import Criterion, Kind, Stage
from upheld.core.fingerprint import binding_hash, promise_hash
from upheld.core.gate import Required, SignOffState
from upheld.core.thread import Change, Direction
from upheld.core.verdict import State, Verdict, worst

ITEM = "change"  # what a sign-off of a change names as its item


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a change, from the project's root."""

    path: str
    old_path: str = ""  # before a rename
    removed: bool = False
    lines: frozenset[int] = frozenset()  # changed lines as they are now; empty: no line in particular


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An id that stands in a changed file, and the lines it speaks for (a test's function, else the whole file)."""

    path: str
    line: int
    to: str
    first: int = 1
    last: int = 10**9
    removed: bool = False  # it stood there before the change and does not now
    explicit: bool = False  # written as a mark, so that an unknown id is a mistake and no accident

    def speaks_for(self, lines: frozenset[int]) -> bool:
        """Whether a change of these lines is one of what the link stands at."""
        return self.removed or not lines or any(self.first <= line <= self.last for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """Why a change reaches a criterion."""

    path: str
    how: str  # "links to it at line 12", "path rule src/insight/**", "its definition is tightened"
    definition: bool = False
    lost: bool = False  # a link to it was taken away


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody's word that the change is good."""

    person: str
    role: str = ""  # empty: every role that the person holds
    signed: bool = False


class Standing(Enum):
    """What is known of a review that must be given."""

    APPROVED = "approved"
    UNSHOWN = "approved without evidence"
    OWN = "approved by its author"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """A role that must look at the change, why, and what came of it."""

    role: str
    people: tuple[str, ...]  # who holds the role; the owners of what is touched stand first
    because: str
    standing: Standing
    person: str = ""
    detail: str = ""

    @property
    def counts(self) -> bool:
        """Whether the review is there and worth something."""
        return self.standing is Standing.APPROVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One criterion that a change reaches; `verdict` is None where the stage is not asked for it."""

    criterion: Criterion
    title: str
    touches: tuple[Touch, ...]
    change: Change | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the checklist; `done` is None for what only a person can say."""

    text: str
    done: bool | None = None
    criterion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a change touches and what it still needs."""

    base: str
    head: str
    subject: str
    stage: Stage
    files: tuple[File, ...]
    touched: tuple[Touched, ...]
    reviewers: tuple[Reviewer, ...]
    unserved: tuple[str, ...]  # files that serve no requirement, and nothing says why they need not
    excused: tuple[tuple[str, str], ...]  # files that need not serve one, and why
    unknown: tuple[Link, ...]  # marks that name what is not there
    checklist: tuple[Check, ...]
    state: State
    reason: str = ""


def reach(
    catalogue: Catalogue,
    *,
    files: Sequence[File],
    links: Sequence[Link],
    rules: Mapping[str, Sequence[PathRule]],
    defined: Mapping[str, Sequence[str]],
    changes: Sequence[Change],
) -> dict[str, list[Touch]]:
    """Criterion → why the change reaches it; in the order of the catalogue, what was removed last.

    `rules` and `defined` (what a definition file is about: requirements or criteria) are by path.
    """
    found: dict[str, list[Touch]] = {}
    lines = {file.path: file.lines for file in files}
    for change in changes:
        owner = change.criterion.rpartition(".")[0]
        path = next((p for p, items in defined.items() if owner in items or change.criterion in items), "")
        touch = Touch(path=path or "definitions", how=f"its definition is {change.direction.value}", definition=True)
        found.setdefault(change.criterion, []).append(touch)
    for link in links:
        if link.path not in defined and link.speaks_for(lines.get(link.path, frozenset())):
            how = "no longer links to it" if link.removed else f"links to it at line {link.line}"
            touch = Touch(path=link.path, how=how, lost=link.removed)
            for address in addresses(catalogue, link.to):
                found.setdefault(address, []).append(touch)
    for path, known in rules.items():
        for rule in known:
            touch = Touch(path=path, how=f"path rule {rule.pattern}")
            for address in {a for name in rule.serves for a in addresses(catalogue, name)}:
                found.setdefault(address, []).append(touch)
    for path, items in defined.items():
        for address in {a for name in items for a in addresses(catalogue, name)}:
            touches = found.setdefault(address, [])
            if not any(touch.definition for touch in touches):
                touches.append(Touch(path=path, how="the text around its definition has changed", definition=True))
    order = {address: i for i, address in enumerate(catalogue.criteria)}
    return dict(sorted(found.items(), key=lambda entry: (order.get(entry[0], len(order)), entry[0])))


def addresses(catalogue: Catalogue, name: str) -> list[str]:
    """The criteria that an id means: itself, or all of a requirement's."""
    if name in catalogue.criteria:
        return [name]
    return [address for address, criterion in catalogue.criteria.items() if criterion.requirement == name]


def content_hash(subject: str, criteria: Iterable[Criterion], stage: Stage) -> str:
    """The hash that an approval of a change signs: the source it leads to, and every promise it touches."""
    promises = sorted([c.address, promise_hash(c), binding_hash(c.binding(stage))] for c in criteria)
    text = json.dumps([ITEM, subject, promises], separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def signed_approvals(found: Sequence[Required]) -> list[Approval]:
    """Sign-offs of the change that still say what they signed, as approvals."""
    return [Approval(person=s.person, role=s.role, signed=s.state is SignOffState.SIGNED) for s in found if s.stands]


def conclude(
    catalogue: Catalogue,
    *,
    base: str,
    head: str,
    subject: str,
    stage: Stage,
    files: Sequence[File],
    links: Sequence[Link],
    rules: Mapping[str, Sequence[PathRule]],
    defined: Mapping[str, Sequence[str]],
    touched: Sequence[Touched],
    approvals: Sequence[Approval],
    authors: Sequence[str],
) -> Review:
    """Put together what was found: who must review, what serves nothing, the checklist and the verdict."""
    reached = {touch.path for entry in touched for touch in entry.touches}
    excused = [(f.path, r.because) for f in files for r in rules.get(f.path, ()) if r.because and f.path not in reached]
    quiet = {path for path, _ in excused} | set(defined)
    unserved = tuple(file.path for file in files if file.path not in reached and file.path not in quiet)
    known = {*catalogue.requirements, *catalogue.criteria}
    unknown = tuple(link for link in links if link.explicit and not link.removed and link.to not in known)
    reviewers = tuple(
        _reviewers(catalogue, touched=touched, rules=rules, unserved=unserved, approvals=approvals, authors=authors)
    )
    state, reason = _state(touched, reviewers, unserved)
    return Review(
        base=base, head=head, subject=subject, stage=stage, files=tuple(files), touched=tuple(touched),
        reviewers=reviewers, unserved=unserved, excused=tuple(excused), unknown=unknown,
        checklist=tuple(_checklist(touched, reviewers, unserved, unknown)), state=state, reason=reason,
    )  # fmt: skip


def _state(touched: Sequence[Touched], reviewers: Sequence[Reviewer], unserved: Sequence[str]) -> tuple[State, str]:
    if not touched and unserved:
        return State.INCONCLUSIVE, "the change serves no requirement, so nothing says what it must keep"
    judged = [t.verdict.state for t in touched if t.verdict is not None and t.criterion.blocking]
    state = worst([State.MET, *judged])
    waiting = [r.role for r in reviewers if not r.counts]
    if waiting:
        return worst([state, State.INCONCLUSIVE]), f"review by {', '.join(waiting)} does not stand"
    return state, ""


# ── Who must review ──────────────────────────────────────────────────────────────────────────────────────────────────


def _reviewers(
    catalogue: Catalogue,
    *,
    touched: Sequence[Touched],
    rules: Mapping[str, Sequence[PathRule]],
    unserved: Sequence[str],
    approvals: Sequence[Approval],
    authors: Sequence[str],
) -> Iterable[Reviewer]:
    """Engineering for what is touched, product where words changed, a customer whose promise was loosened, and path rules."""
    wanted: dict[str, tuple[str, list[Touched]]] = {}
    if touched or unserved:
        wanted["engineering"] = (
            "the change touches promises" if touched else "the change serves no requirement",
            list(touched),
        )
    for entry in touched:
        if entry.change is not None:
            wanted.setdefault("product", ("a promise reads differently", []))[1].append(entry)
            for customer in entry.change.needs_customers:
                weaker = f"{entry.criterion.address} is {entry.change.direction.value}, and {customer} signed it"
                wanted.setdefault(f"customer:{customer}", (weaker, []))[1].append(entry)
    for known in rules.values():
        for rule in known:
            for role in rule.review:
                concerned = [t for t in touched if any(touch.how == f"path rule {rule.pattern}" for touch in t.touches)]
                wanted.setdefault(role, (f"path rule {rule.pattern}", concerned))
    for role, (because, concerned) in wanted.items():
        yield _standing(catalogue, role, because=because, concerned=concerned, approvals=approvals, authors=authors)


def _standing(
    catalogue: Catalogue,
    role: str,
    *,
    because: str,
    concerned: Sequence[Touched],
    approvals: Sequence[Approval],
    authors: Sequence[str],
) -> Reviewer:
    name, _, customer = role.partition(":")
    holders = [p.id for p in catalogue.people.values() if name in p.roles and (not customer or p.customer == customer)]
    requirements = (catalogue.requirements.get(t.criterion.requirement) for t in concerned)
    owners = [r.owners[name] for r in requirements if r is not None and name in r.owners]
    people = tuple(dict.fromkeys([*owners, *holders]))
    theirs = [a for a in approvals if a.person in holders and a.role in ("", role)]
    others = [a for a in theirs if a.person not in authors]

    def found(standing: Standing, person: str = "", detail: str = "") -> Reviewer:
        return Reviewer(role=role, people=people, because=because, standing=standing, person=person, detail=detail)

    if not theirs:
        return found(Standing.MISSING)
    if not others:
        return found(Standing.OWN, theirs[0].person, f"{theirs[0].person} wrote the change; somebody else must agree")
    best = max(others, key=lambda a: a.signed)
    if customer and not best.signed:
        return found(Standing.MISSING, best.person, "a customer's approval must be signed: upheld sign change")
    unshown = [
        f"{t.criterion.address} is {t.verdict.state.value}"
        for t in concerned
        if t.verdict is not None and t.verdict.state is not State.MET and t.criterion.blocking
    ]
    if unshown:
        return found(Standing.UNSHOWN, best.person, f"does not count: {', '.join(unshown)}")
    return found(Standing.APPROVED, best.person, "signed" if best.signed else "")


# ── The checklist ────────────────────────────────────────────────────────────────────────────────────────────────────

# What a reviewer asks of the code, by what the promise measures.
_QUESTIONS: Mapping[Kind, str] = {
    Kind.VALUE: "what does the change add to the slowest {indicator}, and what under the promised load?",
    Kind.RATIO: "which events become bad when what it calls is slow, absent or answers nonsense?",
    Kind.LEVEL: "was {indicator} measured again on exactly this version, on data it was not made from?",
    Kind.COUNT: "which new way is there to cause one more of {indicator}?",
    Kind.AGE: "can the data grow older than before, and who notices?",
}
_TESTED = "does a linked test show the new behaviour, and did it fail before the change?"


def _checklist(
    touched: Sequence[Touched], reviewers: Sequence[Reviewer], unserved: Sequence[str], unknown: Sequence[Link]
) -> Iterable[Check]:
    for entry in touched:
        address, verdict = entry.criterion.address, entry.verdict
        if entry.change is not None and entry.change.direction is not Direction.REMOVED:
            change = entry.change
            yield Check(
                criterion=address,
                text=f"{address} is {change.direction.value}: “{change.before or 'nothing'}” → “{change.after}”",
            )
        if verdict is not None and verdict.state is not State.MET:
            wanted = verdict.settle or verdict.why or "a change that keeps it"
            yield Check(
                criterion=address,
                done=False,
                text=f"{address} {verdict.state.value} at {verdict.stage.value}; needed: {wanted}",
            )
        elif verdict is not None:
            yield Check(criterion=address, done=True, text=f"{address} met at {verdict.stage.value} on this source")
        for touch in entry.touches:
            if touch.lost:
                yield Check(
                    criterion=address, done=False, text=f"{touch.path} no longer shows {address}: what shows it now?"
                )
        indicator = entry.criterion.indicator
        question = _TESTED if indicator.linked else _QUESTIONS[indicator.kind].format(indicator=indicator.name)
        yield Check(criterion=address, text=f"{entry.title or address} ({address}): {question}")
    if unserved:
        names = ", ".join(unserved[:10]) + (f" and {len(unserved) - 10} more" if len(unserved) > 10 else "")
        yield Check(done=False, text=f"link to a requirement, or say under paths in upheld.yaml why not: {names}")
    for link in unknown:
        yield Check(done=False, text=f"{link.path}:{link.line} names {link.to}, which is not there")
    for reviewer in reviewers:
        who = f" ({', '.join(reviewer.people[:5])})" if reviewer.people else " (nobody holds this role)"
        yield Check(done=reviewer.counts, text=f"{reviewer.role}{who} agrees, because {reviewer.because}")
