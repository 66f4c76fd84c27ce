"""All definitions of a project, indexed, with statements joined to their indicators and customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from upheld.core.allocation import Allocation
from upheld.core.assessment import Assessment
from upheld.core.criterion import Criterion, Indicator, Stage, check
from upheld.core.decision import Decision
from upheld.core.fingerprint import promise_hash, text_hash
from upheld.core.gate import Gate, SignOff, Waiver
from upheld.core.meeting import Pack, Review
from upheld.core.nonfunctional import Answer
from upheld.core.requirement import Customer, Person, Requirement, Session, Statement
from upheld.core.risk import Risk
from upheld.errors import SentenceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where a stage runs, and how to reach its telemetry (values as written, `$NAME` unresolved)."""

    name: str
    stage: Stage
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRule:
    """What the files of a pattern are for: whom a change of them must be shown to, or why it serves no requirement."""

    pattern: str
    serves: tuple[str, ...] = ()  # requirements or criteria
    review: tuple[str, ...] = ()  # roles that must look at a change
    because: str = ""  # why these files serve no requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`upheld.yaml`."""

    project: str = ""
    since: date | None = None
    folders: Mapping[str, str] = field(default_factory=dict)  # kind → folder, where it is not the default
    needs: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict)  # priority → stages that are asked for
    environments: Mapping[str, Environment] = field(default_factory=dict)
    paths: tuple[PathRule, ...] = ()
    server_keys: tuple[str, ...] = ()  # OpenSSH public keys of the server that people sign in to
    cost_limit: str = ""  # above it a decision needs an executive's sign-off
    reviews: Mapping[Pack, date] = field(default_factory=dict)  # from which day each rhythm of reviews is kept


ALL_STAGES = tuple(Stage)


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything a project defines. Duplicates and dangling references are lint's business, not an error here."""

    config: Config = Config()
    customers: Mapping[str, Customer] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)  # the project's own and the readers'
    gates: Mapping[str, Gate] = field(default_factory=dict)
    requirements: Mapping[str, Requirement] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    sessions: Sequence[Session] = ()
    risks: Mapping[str, Risk] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)
    answers: Sequence[Answer] = ()  # to the classes of non-functional requirements
    allocations: Sequence[Allocation] = ()
    waivers: Sequence[Waiver] = ()
    sign_offs: Sequence[SignOff] = ()
    assessments: Mapping[str, Assessment] = field(default_factory=dict)

    def promised_to(self, selectors: Sequence[str]) -> tuple[str, ...]:
        """The customers that selectors name: ids, `tier:…`, `region:…`; `all` gives every customer, sorted."""
        chosen: set[str] = set()
        for selector in selectors:
            kind, colon, value = selector.partition(":")
            if selector == "all":
                chosen |= set(self.customers)
            elif colon:
                chosen |= {c.id for c in self.customers.values() if getattr(c, kind, None) == value}
            else:
                chosen.add(selector)
        return tuple(sorted(chosen))

    def indicator(self, name: str) -> Indicator | None:
        """The indicator of this name."""
        return self.indicators.get(name)

    def needs(self, requirement: Requirement, statement: Statement) -> tuple[Stage, ...]:
        """The stages that are asked: the statement's own, else the project's for this priority, else all four."""
        if statement.needs is not None:
            return statement.needs
        return tuple(self.config.needs.get(requirement.priority, ALL_STAGES))

    def criterion(self, requirement: Requirement, statement: Statement) -> Criterion | None:
        """The statement joined with its indicator and customers; None while it cannot be judged (lint says why)."""
        indicator = self.indicators.get(statement.sentence.indicator) if statement.sentence else None
        if statement.sentence is None or indicator is None:
            return None
        return Criterion(
            address=f"{requirement.id}.{statement.id}", sentence=statement.sentence, indicator=indicator,
            bindings=statement.bindings, needs=self.needs(requirement, statement), requirement=requirement.id,
            customers=self.promised_to(requirement.customers), blocking=statement.blocking,
            owner=requirement.owners.get("engineering", ""),
        )  # fmt: skip

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """Every criterion of every requirement that is not retired and that can be judged as written, in file order."""
        found = {}
        for requirement in self.requirements.values():
            if requirement.status.value == "retired":
                continue
            for statement in requirement.criteria:
                criterion = self.criterion(requirement, statement)
                if criterion is not None and fits(criterion):
                    found[criterion.address] = criterion
        return found

    def gate_criterion(self, gate: Gate, statement: Statement) -> Criterion | None:
        """A gate's own criterion, addressed `gate.NAME.ID`."""
        return self._free(statement, f"gate.{gate.name}.{statement.id}", Stage(gate.stage))

    def outcome(self, owner: Decision | Risk, statement: Statement) -> Criterion | None:
        """A decision's expected outcome or assumption, or what a risk watches; addressed `OWNER.ID`."""
        return self._free(statement, f"{owner.id}.{statement.id}", Stage.PRODUCTION)

    def _free(self, statement: Statement, address: str, stage: Stage) -> Criterion | None:
        indicator = self.indicators.get(statement.sentence.indicator) if statement.sentence else None
        if statement.sentence is None or indicator is None:
            return None
        return Criterion(
            address=address, sentence=statement.sentence, indicator=indicator, bindings=statement.bindings,
            needs=(stage,), blocking=statement.blocking,
        )  # fmt: skip

    def fingerprint(self, item: str) -> str:
        """What a link to a requirement, criterion or decision has `seen`: 8 hex digits; empty when there is none."""
        if item in self.criteria:
            return promise_hash(self.criteria[item])[:8]
        words = self.words(item)
        return text_hash(*words) if words else ""

    def words(self, item: str) -> tuple[str, str, list[str]] | None:
        """The normative part of a requirement or decision: title, text, and its promises; None when there is none."""
        if item in self.requirements:
            requirement = self.requirements[item]
            return requirement.title, requirement.body, self._promises(requirement)
        decision = self.decisions.get(item)
        if decision is None:
            return None
        content = [decision.chosen, *decision.options, *decision.affects]
        # A day that is moved moves the goal: it is part of what was agreed.
        content += [
            f"{s.id} {s.that}" + (f" by {s.due}" if s.due else "") + (f" between {s.between}" if s.between else "")
            for s in (*decision.expected, *decision.assumptions)
        ]
        content += [f"{impact.customer} {impact.impact}" for impact in decision.impacts]
        for row in decision.matrix:
            marks = " hard" * row.hard + " less" * row.less
            content.append(f"{row.axis} {row.weight}{marks} {sorted(row.scores.items())}")
        return decision.title, decision.body, content

    def _promises(self, requirement: Requirement) -> list[str]:
        promises = []
        for statement in requirement.criteria:
            criterion = self.criteria.get(f"{requirement.id}.{statement.id}")
            promises.append(f"{statement.id} {promise_hash(criterion) if criterion else statement.that}")
        return promises

    def set_aside(self, assessment: str) -> bool:
        """Whether an assessment models an option that its decision did not choose: the thread does not show it."""
        head = self.assessments.get(assessment)
        decision = self.decisions.get(head.decision) if head and head.option else None
        return bool(head and decision and decision.chosen and decision.chosen != head.option)

    def roles(self) -> dict[str, tuple[str, ...]]:
        """The roles each person holds."""
        return {person.id: person.roles for person in self.people.values()}


def fits(criterion: Criterion) -> bool:
    """Whether the sentence fits its indicator; a target without its unit, say, is nothing to judge by."""
    try:
        check(criterion.sentence, criterion.indicator)
    except SentenceError:
        return False
    return True
