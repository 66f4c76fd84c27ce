"""What a check may look at: the project, the day, and what several checks need of it, worked out once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from upheld.core import criterion as criteria
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Criterion, Indicator, Kind, Stage
from upheld.core.decision import Decision
from upheld.core.decision import Status as DecisionStatus
from upheld.core.gate import SignOff, Waiver
from upheld.core.meeting import Review
from upheld.core.requirement import Link, Requirement, Session, Statement
from upheld.core.requirement import Status as RequirementStatus
from upheld.core.risk import Risk
from upheld.errors import SentenceError
from upheld.project.finding import Severity
from upheld.project.load import Item, Project
from upheld.project.text import Place, Tree, read

if TYPE_CHECKING:
    from upheld.core.account import Account, Watched
    from upheld.core.evidence import Evidence
    from upheld.core.standing import Index

# Items that a link, an `affects` or a waiver may name by their id.
NAMED = ("requirement", "decision", "risk", "review", "assessment", "scenario", "contract", "runbook", "rollout")


class Spot(NamedTuple):
    """Where one criterion sentence is written, and for whom."""

    item: Item
    path: Place  # of the statement inside the item; an entry of a list is named by its id
    statement: Statement
    owner: str  # the requirement, gate or decision; with the statement's id it makes the address
    customers: tuple[str, ...] = ()  # as selectors

    @property
    def address(self) -> str:
        """`REQ-LAT-001.c1`, `gate.merge.coverage`, `ADR-0007.e1`."""
        return f"{self.owner}.{self.statement.id}"

    @property
    def written(self) -> Place:
        """The path of the sentence."""
        return (*self.path, "that")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One sentence with its indicator, stages and bindings, and every spot where exactly that is written.

    Few different ones are written many times, so a rule looks at each once.
    """

    criterion: Criterion  # of the first spot
    indicator: Indicator
    asked: tuple[Stage, ...]  # the stages that must answer
    spots: list[Spot]

    @property
    def that(self) -> str:
        """The sentence as it is written."""
        return self.spots[0].statement.that


def _promise(criterion: Criterion, spot: Spot) -> Promise:
    return Promise(criterion=criterion, indicator=criterion.indicator, asked=criterion.needs, spots=[spot])


class Scope:
    """A project as the rules see it on one day."""

    def __init__(self, project: Project, at: date, evidence: "Callable[[], Sequence[Evidence]]" = tuple) -> None:
        self.project = project
        self.at = at
        self._evidence = evidence
        self._fingerprints: dict[str, str] = {}
        self._strangers: list[Spot] = []

    @property
    def catalogue(self) -> Catalogue:
        """All definitions."""
        return self.project.catalogue

    @cached_property
    def root(self) -> Item:
        """The item of upheld.yaml, where what concerns the whole project is said."""
        return next((item for item in self.project.items if item.kind == "project"), Item(
            file="upheld.yaml", kind="project", id="",
        ))  # fmt: skip

    def item(self, kind: str, name: str) -> Item:
        """The item of this kind and id."""
        return self.project.item(kind, name) or self.root

    @cached_property
    def requirements(self) -> tuple[tuple[Requirement, Item], ...]:
        """The requirements that are not retired, each with its item."""
        of, retired = self.project.item, RequirementStatus.RETIRED
        found = [
            (r, of("requirement", r.id) or self.root)
            for r in self.catalogue.requirements.values()
            if r.status is not retired
        ]
        if self.project.repeated:  # what shares its id with another is wrong, and may be wrong in other ways, too
            items = {(item.file, item.id): item for item in self.project.items if item.kind == "requirement"}
            found += [
                (r, items.get((r.file, r.id), self.root)) for r in self.project.repeated if r.status is not retired
            ]
        return tuple(found)

    @cached_property
    def incomplete(self) -> tuple[tuple[Requirement, Item], ...]:
        """The approved requirements that lack a criterion, customers, a source or an owner: few, asked by four rules."""
        binding = (RequirementStatus.APPROVED, RequirementStatus.DELIVERED)
        return tuple(
            (r, item)
            for r, item in self.requirements
            if r.status in binding
            and not (
                r.criteria
                and r.customers
                and (r.source.document or r.source.quote)
                and r.owners.get("product")
                and r.owners.get("engineering")
            )
        )

    @cached_property
    def decisions(self) -> tuple[tuple[Decision, Item], ...]:
        """The decisions, each with its item."""
        return tuple((d, self.item("decision", d.id)) for d in self.catalogue.decisions.values())

    @cached_property
    def sessions(self) -> tuple[tuple[Session, Item], ...]:
        """The joint sessions, each with its item."""
        return tuple((s, self.item("session", s.id)) for s in self.catalogue.sessions)

    @cached_property
    def risks(self) -> tuple[tuple[Risk, Item], ...]:
        """The risks, each with its item."""
        return tuple((r, self.item("risk", r.id)) for r in self.catalogue.risks.values())

    @cached_property
    def reviews(self) -> tuple[tuple[Review, Item], ...]:
        """The design reviews that are recorded, each with its item."""
        return tuple((r, self.item("review", r.id)) for r in self.catalogue.reviews.values())

    # Judging, and reading what is judged, costs more than all other rules together: only where something is watched.

    @cached_property
    def accounts(self) -> "tuple[Account, ...]":
        """What became of the decisions in force, on the evidence that the project keeps."""
        in_force = [d for d in self.catalogue.decisions.values() if d.status is DecisionStatus.ACCEPTED]
        if not any(d.expected or d.assumptions for d in in_force):
            return ()
        from upheld.core.account import account  # noqa: PLC0415
        from upheld.core.standing import end_of  # noqa: PLC0415

        return tuple(account(self.catalogue, d, self._indexed, at=end_of(self.at)) for d in in_force)

    @cached_property
    def watched(self) -> "tuple[Watched, ...]":
        """The risks with what is known of the promises that they watch."""
        if not any(risk.watch for risk in self.catalogue.risks.values()):
            return ()
        from upheld.core.account import watched  # noqa: PLC0415
        from upheld.core.standing import end_of  # noqa: PLC0415

        return watched(self.catalogue, self._indexed, at=end_of(self.at))

    @cached_property
    def _indexed(self) -> "Index":
        from upheld.core.standing import index  # noqa: PLC0415

        return index(self._evidence())

    @cached_property
    def waivers(self) -> tuple[tuple[Waiver, Item], ...]:
        """The waivers, each with its item."""
        return tuple(zip(self.catalogue.waivers, self._in_files("waiver", self.catalogue.waivers), strict=True))

    @cached_property
    def sign_offs(self) -> tuple[tuple[SignOff, Item], ...]:
        """The sign-offs, each with its item."""
        return tuple(zip(self.catalogue.sign_offs, self._in_files("sign-off", self.catalogue.sign_offs), strict=True))

    def _in_files(self, kind: str, things: Iterable[Waiver | SignOff]) -> list[Item]:
        """The items of things that have no id of their own, by the file they stand in."""
        items = {item.file: item for item in self.project.items if item.kind == kind}
        return [items.get(thing.file, self.root) for thing in things]

    @cached_property
    def promised(self) -> tuple[Promise, ...]:
        """The criteria of requirements that can be judged."""
        found: dict[tuple[object, ...], Promise] = {}
        indicators = self.catalogue.indicators
        for requirement, item in self.requirements:
            for statement in requirement.criteria:
                spot = Spot(item, ("criteria", statement.id), statement, requirement.id, requirement.customers)
                if statement.sentence is None or statement.sentence.indicator not in indicators:
                    self._strange(spot)
                    continue
                needs = requirement.priority if statement.needs is None else statement.needs
                # Bindings that are written alike are one object when they come from the cache.
                key = (statement.that, needs, *map(id, statement.bindings.values()))
                known = found.get(key)
                if known is not None:
                    known.spots.append(spot)
                    continue
                criterion = self.catalogue.criterion(requirement, statement)
                if criterion is not None:
                    found[key] = _promise(criterion, spot)
        return tuple(found.values())

    @cached_property
    def gated(self) -> tuple[Promise, ...]:
        """The criteria that gates have of their own."""
        stages = {stage.value for stage in Stage}
        found = []
        for gate in self.catalogue.gates.values():
            item = self.item("gate", gate.name)
            for statement in gate.criteria:
                spot = Spot(item, ("criteria", statement.id), statement, f"gate.{gate.name}")
                criterion = self.catalogue.gate_criterion(gate, statement) if gate.stage in stages else None
                if criterion is not None:
                    found.append(_promise(criterion, spot))
                else:
                    self._strange(spot)
        return tuple(found)

    @cached_property
    def foretold(self) -> tuple[Promise, ...]:
        """The expected outcomes and assumptions of decisions, and what risks watch."""
        found = []
        said: list[tuple[Decision | Risk, Item, str, Sequence[Statement]]] = [
            (decision, item, key, statements)
            for decision, item in self.decisions
            for key, statements in (("expected", decision.expected), ("assumptions", decision.assumptions))
        ]
        said += [(risk, item, "watch", risk.watch) for risk, item in self.risks]
        for owner, item, key, statements in said:
            for statement in statements:
                spot = Spot(item, (key, statement.id), statement, owner.id)
                criterion = self.catalogue.outcome(owner, statement)
                if criterion is not None:
                    found.append(_promise(criterion, spot))
                else:
                    self._strange(spot)
        return tuple(found)

    def _strange(self, spot: Spot) -> None:
        sentence = spot.statement.sentence
        if sentence is not None and sentence.indicator not in self.catalogue.indicators:
            self._strangers.append(spot)

    @property
    def strangers(self) -> tuple[Spot, ...]:
        """Where an indicator is named that nobody defines."""
        _ = self.promised, self.gated, self.foretold
        return tuple(self._strangers)

    @cached_property
    def links(self) -> tuple[tuple[Item, str, int, Link], ...]:
        """Every link of ours: the item that holds it, the item's id, its number, and itself."""
        found = [(item, r.id, i, link) for r, item in self.requirements for i, link in enumerate(r.links)]
        found += [
            (item, d.id, i, link) for d, item in self.decisions if not item.foreign for i, link in enumerate(d.links)
        ]
        found += [(item, r.id, i, link) for r, item in self.risks for i, link in enumerate(r.links)]
        return tuple(found)

    @cached_property
    def misfits(self) -> tuple[tuple[Promise, SentenceError], ...]:
        """The promises that do not fit the indicator they name, and why."""
        found = []
        good: set[tuple[object, ...]] = set()
        for promise in (*self.promised, *self.gated, *self.foretold):
            sentence, indicator = promise.criterion.sentence, promise.indicator
            number = sentence.target.number if indicator.kind is Kind.RATIO else None  # only a share has a range
            key = (sentence.statistic, sentence.op.value, sentence.target.unit.name, number, id(indicator))
            if key in good:
                continue
            try:
                criteria.check(sentence, indicator)
            except SentenceError as error:
                found.append((promise, error))
            else:
                good.add(key)
        return tuple(found)

    @cached_property
    def sound(self) -> tuple[Promise, ...]:
        """The promises of requirements and gates that fit their indicator: only about them is there more to say."""
        odd = {id(promise) for promise, _ in self.misfits}
        return tuple(p for p in (*self.promised, *self.gated) if id(p) not in odd)

    @cached_property
    def asking(self) -> tuple[tuple[str, tuple[Stage, ...], list[Promise]], ...]:
        """The promises of requirements and gates by their indicator and the stages they ask: a handful of groups."""
        found: dict[tuple[str, int], tuple[str, tuple[Stage, ...], list[Promise]]] = {}
        for promise in (*self.promised, *self.gated):
            name, asked = promise.indicator.name, promise.asked
            group = found.get((name, id(asked)))  # the stages of a priority are one object
            if group is None:
                group = found[name, id(asked)] = (name, asked, [])
            group[2].append(promise)
        return tuple(found.values())

    def excuses(self, file: str, name: str, *path: str) -> bool:
        """Whether a name is unknown only because the file that defines it cannot be read, which is said already."""
        if not any(f.file == file and f.severity is Severity.ERROR for f in self.project.findings):
            return False
        tree: Tree = read(self.project.text(file).encode()).tree
        for step in path:
            tree = tree.get(step) if isinstance(tree, dict) else None
        return not isinstance(tree, dict) or name in tree

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Every criterion's address: of requirements (retired ones too), gates and decisions."""
        found = {f"{r.id}.{s.id}" for r in self.catalogue.requirements.values() for s in r.criteria}
        found |= {f"gate.{g.name}.{s.id}" for g in self.catalogue.gates.values() for s in g.criteria}
        for decision in self.catalogue.decisions.values():
            found |= {f"{decision.id}.{s.id}" for s in (*decision.expected, *decision.assumptions)}
        found |= {f"{risk.id}.{s.id}" for risk in self.catalogue.risks.values() for s in risk.watch}
        return frozenset(found)

    @cached_property
    def known(self) -> frozenset[str]:
        """Everything that a link may point to."""
        named = {item.id for item in self.project.items if item.kind in NAMED}
        return self.addresses | named | {f"gate.{name}" for name in self.catalogue.gates}

    @cached_property
    def own_indicators(self) -> frozenset[str]:
        """The indicators that the project defines; the others come with readers, which know where to find them."""
        return frozenset(item.id for item in self.project.items if item.kind == "indicator")

    @cached_property
    def roles(self) -> frozenset[str]:
        """Every role that somebody holds."""
        return frozenset(role for person in self.catalogue.people.values() for role in person.roles)

    def fingerprint(self, name: str) -> str:
        """What a link to this item should have seen."""
        found = self._fingerprints.get(name)
        if found is None:
            found = self._fingerprints[name] = fingerprint(self.project, name)
        return found

    def joint_answers(self) -> Iterator[tuple[Session, Item, int]]:
        """The answers that count: those of sessions where product and engineering both took part."""
        for session, item in self.sessions:
            if session.joint:
                for index, answer in enumerate(session.answers):
                    if answer.answer.strip() or answer.criterion.strip():
                        yield session, item, index


def fingerprint(project: Project, name: str) -> str:
    """The present fingerprint of an item, by any name that people give a decision; empty when there is none."""
    found = project.catalogue.fingerprint(name)
    if found:
        return found
    decision = project.decision(name)
    return project.catalogue.fingerprint(decision.id) if decision else ""


MOST_CANDIDATES = 2000  # beyond that the nearest name is not worth the wait


def nearest(name: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A suggestion for a name that nobody knows; `otherwise` when none is near."""
    length = len(name)
    candidates = [k for k in known if abs(len(k) - length) <= 3]
    if len(candidates) > MOST_CANDIDATES:
        candidates = [k for k in candidates if k[:3] == name[:3] and k[-2:] == name[-2:]][:MOST_CANDIDATES]
    near = get_close_matches(name, sorted(candidates), n=1, cutoff=0.7)
    return f"did you mean {near[0]}?" if near else otherwise
