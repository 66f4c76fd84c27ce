"""Decisions held to account: what was expected, what was assumed, what evidence says now, and what must be decided again.

Nobody types whether a decision was right. An outcome is judged on its day (later only where that day could not tell), an
assumption at any time; a decision in force is re-opened by an assumption that no longer holds, by an outcome that is due
and not shown, and by a review that is overdue. A risk materialises when the promise that it watches is not met.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from upheld.core import quantity
from upheld.core.assessment import Model
from upheld.core.catalogue import Catalogue, fits
from upheld.core.criterion import Criterion, Indicator, Kind, Stage, parse
from upheld.core.decision import Decision, Status
from upheld.core.evidence import Evidence, Share
from upheld.core.judge import judge
from upheld.core.requirement import Statement
from upheld.core.risk import Risk
from upheld.core.risk import Status as RiskStatus
from upheld.core.shown import value
from upheld.core.standing import Index, end_of, stand
from upheld.core.verdict import Reason, State, Verdict

if TYPE_CHECKING:
    from upheld.core.meeting import Review

CALIBRATED = "decisions.calibration >= 90 %"  # rule 14: stated intervals are 90 % intervals
ENOUGH = 10  # outcomes before a share of them is worth showing


class Role(Enum):
    """What a statement is to its decision or risk."""

    OUTCOME = "outcome"
    ASSUMPTION = "assumption"
    WATCH = "watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One statement of a decision or risk, and what evidence says of it."""

    role: Role
    statement: Statement
    address: str
    criterion: Criterion | None  # None: it cannot be judged as written; lint says why
    verdict: Verdict | None
    due: bool = False  # its day has come

    @property
    def state(self) -> State:
        """Met, not met or inconclusive; what cannot be judged is inconclusive."""
        return self.verdict.state if self.verdict else State.INCONCLUSIVE

    @property
    def watched(self) -> bool:
        """Whether there is evidence at all; what is not watched is no comfort."""
        return self.verdict is not None and self.verdict.reason is not Reason.MISSING

    @property
    def seen(self) -> str:
        """What was measured, in words; why nothing was, else."""
        if self.criterion is None or self.verdict is None:
            return "cannot be judged as written"
        number = value(self.criterion, self.verdict)
        where = "profiled" if self.verdict.stage is Stage.DESIGN else self.verdict.stage.shown.lower()
        if self.state is State.INCONCLUSIVE:
            return f"{where} {number}".rstrip() + f": {self.verdict.why}" if self.watched else "unwatched: no evidence"
        return f"{where} {number}".rstrip()

    @property
    def inside(self) -> bool | None:
        """Whether what was measured lies in the stated interval; None when it cannot be said yet."""
        between = self.statement.between
        if not self.due or between is None or self.verdict is None or self.verdict.estimate is None:
            return None
        if self.verdict.reason in _NO_MEASUREMENT:
            return None
        return float(between[0]) <= self.verdict.estimate <= float(between[1])


# A number that was measured on something else, or too long ago, is no outcome.
_NO_MEASUREMENT = (Reason.MISSING, Reason.SUBJECT, Reason.OLD, Reason.STALE, Reason.ENVIRONMENT, Reason.UNIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One decision with everything that was said to follow from it."""

    decision: Decision
    standings: tuple[Standing, ...]
    overdue: int = 0  # days since the day on which it should have been looked at again

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is re-opened; none when it is not. Only a decision in force can be."""
        return tuple(text for _, text in self.causes)

    @property
    def causes(self) -> tuple[tuple[Standing | None, str], ...]:
        """The statements that re-open it, each with the reason in words; None stands for the review."""
        if self.decision.status is not Status.ACCEPTED:
            return ()
        found: list[tuple[Standing | None, str]] = [(s, text) for s in self.standings if (text := _broken(s))]
        if self.overdue > 0:
            days = "1 day" if self.overdue == 1 else f"{self.overdue} days"
            found.append((None, f"its review is {days} overdue"))
        return tuple(found)

    @property
    def reopened(self) -> bool:
        """Whether it must be decided again."""
        return bool(self.causes)


def _broken(s: Standing) -> str:
    what = f"{s.role.value} {s.statement.id}"
    if s.state is State.NOT_MET and (s.role is Role.ASSUMPTION or s.due):
        return f"{what} is not met: {s.statement.that} ({s.seen})"
    if s.due and s.state is State.INCONCLUSIVE:
        return f"{what} was due on {s.statement.due} and is not shown: {s.statement.that} ({s.seen})"
    return ""


def account(catalogue: Catalogue, decision: Decision, evidence: Index, *, at: dt.datetime) -> Account:
    """What became of one decision, on the evidence observed until `at`."""
    standing = _View(catalogue, evidence, at).standing
    standings = [standing(decision, Role.OUTCOME, s) for s in decision.expected]
    standings += [standing(decision, Role.ASSUMPTION, s) for s in decision.assumptions]
    overdue = (at.date() - decision.review_by).days if decision.review_by else 0
    return Account(decision=decision, standings=tuple(standings), overdue=max(overdue, 0))


def accounts(catalogue: Catalogue, evidence: Index, *, at: dt.datetime) -> tuple[Account, ...]:
    """The accounts of all decisions that expect, assume or are to be looked at again."""
    held = [d for d in catalogue.decisions.values() if d.expected or d.assumptions or d.review_by]
    return tuple(account(catalogue, d, evidence, at=at) for d in held)


@dataclass(frozen=True, slots=True)
class _View:
    """What is known at one moment."""

    catalogue: Catalogue
    evidence: Index
    at: dt.datetime

    def standing(self, owner: Decision | Risk, role: Role, statement: Statement) -> Standing:
        """One statement, judged."""
        criterion = self.catalogue.outcome(owner, statement)
        due = statement.due is not None and self.at.date() >= statement.due
        judged = criterion is not None and fits(criterion)
        return Standing(
            role=role, statement=statement, address=f"{owner.id}.{statement.id}", criterion=criterion, due=due,
            verdict=self._verdict(criterion, statement.due if due else None) if criterion and judged else None,
        )  # fmt: skip

    def _verdict(self, criterion: Criterion, due: dt.date | None) -> Verdict:
        """As of its day once that has come, so that the answer stays what it was; as of now where that day cannot tell."""
        if due is not None and end_of(due) < self.at:
            then = stand(criterion, self.evidence, at=end_of(due), profiles=self._profiles)
            if then.state is not State.INCONCLUSIVE:
                return then
        return stand(criterion, self.evidence, at=self.at, profiles=self._profiles)

    @property
    def _profiles(self) -> frozenset[str]:
        return frozenset(a.id for a in self.catalogue.assessments.values() if a.kind is Model.INTEGRATION)


# ── Risks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A risk and what evidence says of the promises that it watches."""

    risk: Risk
    standings: tuple[Standing, ...]

    @property
    def materialising(self) -> tuple[Standing, ...]:
        """The promises whose breach says that it happens; a closed risk no longer can."""
        if self.risk.status is RiskStatus.CLOSED:
            return ()
        return tuple(s for s in self.standings if s.state is State.NOT_MET)

    @property
    def unwatched(self) -> bool:
        """Whether nothing would tell that it happens: no promise, or one without evidence."""
        return self.risk.status is not RiskStatus.CLOSED and not any(s.watched for s in self.standings)


def watched(catalogue: Catalogue, evidence: Index, *, at: dt.datetime) -> tuple[Watched, ...]:
    """Every risk with the state of what it watches."""
    standing = _View(catalogue, evidence, at).standing
    return tuple(
        Watched(risk=risk, standings=tuple(standing(risk, Role.WATCH, s) for s in risk.watch))
        for risk in catalogue.risks.values()
    )


# ── Calibration ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How many outcomes came out inside the interval that was stated for them, and whether that shows calibration."""

    inside: int
    outside: int
    waiting: int  # stated, and not due or not measured yet
    verdict: Verdict

    @property
    def n(self) -> int:
        """The outcomes that count."""
        return self.inside + self.outside

    @property
    def enough(self) -> bool:
        """Whether there are so many that the share is worth showing."""
        return self.n >= ENOUGH


def calibration(found: Iterable[Account], *, at: dt.datetime) -> Calibration:
    """The outcomes inside their stated interval, judged like any other promise (rules 2 and 14)."""
    answers = [
        s.inside for a in found for s in a.standings if s.role is Role.OUTCOME and s.statement.between is not None
    ]
    inside, outside = answers.count(True), answers.count(False)
    sentence = parse(CALIBRATED)
    indicator = Indicator(name=sentence.indicator, kind=Kind.RATIO, unit=quantity.SHARE)
    criterion = Criterion(address=sentence.indicator, sentence=sentence, indicator=indicator)
    counted = Evidence(
        indicator=indicator.name, stage=Stage.PRODUCTION, statistic=Share(inside + outside, inside), observed=at
    )
    verdict = judge(criterion, Stage.PRODUCTION, [counted] if inside + outside else [], at=at)
    return Calibration(inside=inside, outside=outside, waiting=answers.count(None), verdict=verdict)


# ── Lessons ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One thing that is known about a criterion: written down by people, or computed from what a decision expected."""

    source: str  # the decision or review
    text: str
    state: State | None = None  # of a computed one
    date: dt.date | None = None
    file: str = ""


def lessons(catalogue: Catalogue, name: str, found: Sequence[Account]) -> tuple[Learned, ...]:
    """Everything learned about a criterion, a requirement or an indicator; the newest first, the undated last."""
    told = [*_written(catalogue, name), *_computed(catalogue, name, found)]
    return tuple(sorted(told, key=lambda entry: entry.date or dt.date.min, reverse=True))


def subjects(catalogue: Catalogue, name: str) -> frozenset[str]:
    """What a search for one name covers: a criterion with its requirement and indicator, a requirement with its criteria."""
    found = {name}
    for address, criterion in catalogue.criteria.items():
        if name in (address, criterion.requirement, criterion.indicator.name):
            found |= {address, criterion.requirement, criterion.indicator.name}
    return frozenset(found)


def _written(catalogue: Catalogue, name: str) -> Iterator[Learned]:
    wanted = subjects(catalogue, name)
    sources: list[Decision | Review] = [*catalogue.decisions.values(), *catalogue.reviews.values()]
    for source in sources:
        for lesson in source.lessons:
            if wanted & set(lesson.about) or name == source.id:
                yield Learned(source=source.id, text=lesson.lesson, date=source.date, file=source.file)


def _computed(catalogue: Catalogue, name: str, found: Sequence[Account]) -> Iterator[Learned]:
    wanted = subjects(catalogue, name)
    indicators = {catalogue.criteria[a].indicator.name for a in wanted & catalogue.criteria.keys()} | {name}
    for a in found:
        affected = bool(wanted & set(a.decision.affects)) or name == a.decision.id
        for s in a.standings:
            measures = s.criterion is not None and s.criterion.indicator.name in indicators
            if not (affected or measures) or s.verdict is None or not (s.due or s.state is State.NOT_MET):
                continue
            came = {State.MET: "came true", State.NOT_MET: "did not hold"}.get(s.state, "was never shown")
            stated = ""
            if s.inside is not None:
                stated = ", inside its interval" if s.inside else ", outside its interval"
            text = f"{a.decision.chosen or a.decision.title}: {s.statement.that} {came} ({s.seen}{stated})"
            yield Learned(
                source=a.decision.id,
                text=text,
                state=s.state,
                date=s.statement.due or a.decision.date,
                file=a.decision.file,
            )


def by_item(found: Sequence[Account]) -> Mapping[str, tuple[Account, ...]]:
    """The re-opened decisions by the requirement or criterion that they affect."""
    ordered: dict[str, list[Account]] = {}
    for a in found:
        if a.reopened:
            for item in a.decision.affects:
                ordered.setdefault(item, []).append(a)
    return {item: tuple(those) for item, those in ordered.items()}
