"""A gate's result as a list of cases: one per criterion and per sign-off, worst first, each with what a person needs.

Every document of a gate is written from these cases, so that JUnit, SARIF, Markdown and annotations agree on what holds
the gate and why. A case `holds` the gate exactly when it keeps an enforced gate from being met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.core import shown
from upheld.core.criterion import Criterion
from upheld.core.gate import Line, Required, Result, Waiver
from upheld.core.verdict import State, Verdict

_ORDER = (State.NOT_MET, State.INCONCLUSIVE, State.MET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is written: a file (from the root of the repository), line and column from 1."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One criterion or sign-off of a gate, as a document tells it."""

    name: str  # REQ-LAT-001.c1, sign-off.product, gate.merge
    requirement: str  # empty for what is the gate's own
    title: str
    sentence: str
    state: State  # the verdict's own, also under a waiver
    holds: bool  # whether it keeps the gate from being met
    note: str = ""  # "waived until …", "advisory", "not enforced"
    waiver: Waiver | None = None
    measured: str = ""  # the estimate: "0.87 s"
    numbers: str = ""  # what carries the verdict, in one line
    reason: str = ""  # the kind of reason: "missing", "too few"
    why: str = ""
    settle: str = ""
    notes: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()  # the members that are not kept, else whom it is promised
    failing: bool = False  # whether `customers` are those that failed, of several that were judged
    evidence: tuple[str, ...] = ()
    place: Place

    @property
    def word(self) -> str:
        """`met`, `not met (waived until 2026-12-04 by lisa)`, `inconclusive (advisory)`."""
        return f"{self.state.value} ({self.note})" if self.note else self.state.value

    @property
    def message(self) -> str:
        """What a person reads when the case is shown alone."""
        who = f"customers: {', '.join(self.customers)}" if self.customers and self.state is not State.MET else ""
        settle = f"would settle it: {self.settle}" if self.settle else ""
        return "; ".join(
            part for part in (f"{self.sentence}: {self.word}", self.numbers, self.why, who, settle) if part
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One gate's result with its cases, worst first, and the time it was judged for."""

    result: Result
    cases: tuple[Case, ...]
    at: datetime

    @property
    def name(self) -> str:
        """The gate's name."""
        return self.result.gate.name

    @property
    def holding(self) -> tuple[Case, ...]:
        """The cases that keep the gate from being met."""
        return tuple(case for case in self.cases if case.holds)


def tell(
    result: Result,
    criteria: Mapping[str, Criterion],
    *,
    at: datetime,
    titles: Mapping[str, str] | None = None,
    places: Mapping[str, Place] | None = None,
) -> Told:
    """A gate's result as cases.

    `criteria` are those of the result by address; `titles` maps requirement ids to titles, `places` case names to where
    they are written; what has no place of its own stands where the gate does.
    """
    known = places or {}
    whole = known.get(f"gate.{result.gate.name}") or Place(file="gates.yaml")
    cases = [
        _criterion(
            line, criteria[line.criterion], titles or {}, known.get(line.criterion, whole), enforced=result.enforced
        )
        for line in result.lines
    ]
    cases += [_sign_off(s, known.get(f"sign-off.{s.role}", whole), enforced=result.enforced) for s in result.sign_offs]
    cases.sort(key=lambda case: (not case.holds, _ORDER.index(case.state)))
    if result.enforced and result.state is not State.MET and not any(case.holds for case in cases):
        empty = Case(
            name=f"gate.{result.gate.name}", requirement="", title=f"gate {result.gate.name}", sentence=result.gate.name,
            state=result.state, holds=True, why=result.reason, place=whole,
        )  # fmt: skip
        cases.insert(0, empty)
    return Told(result=result, cases=tuple(cases), at=at)


def _criterion(line: Line, criterion: Criterion, titles: Mapping[str, str], place: Place, *, enforced: bool) -> Case:
    verdict = line.verdict
    names, failing = customers(criterion, verdict)
    return Case(
        name=line.criterion, requirement=line.requirement, title=titles.get(line.requirement, ""),
        sentence=line.sentence, state=verdict.state,
        holds=line.blocking and enforced and line.state is not State.MET,
        note=_note(line, enforced=enforced), waiver=line.waiver, measured=shown.value(criterion, verdict),
        numbers=shown.carried_by(criterion, verdict), reason=verdict.reason.value,
        why="; ".join(part for part in (verdict.why, line.waiver_note) if part), settle=verdict.settle,
        notes=verdict.notes, customers=names, failing=failing, evidence=verdict.evidence, place=place,
    )  # fmt: skip


def customers(criterion: Criterion, verdict: Verdict) -> tuple[tuple[str, ...], bool]:
    """Whom a verdict is about: the members in its state where members were judged and it is no pass, else all.

    The second value says whether these are members that were judged apart.
    """
    if verdict.state is not State.MET:
        worst = tuple(group.member for group in verdict.groups if group.state is verdict.state)
        if worst:
            return worst, True
    return criterion.customers, False


def _note(line: Line, *, enforced: bool) -> str:
    if line.waiver is not None:
        return f"waived until {line.waiver.until.isoformat()} by {line.waiver.approver}"
    if line.verdict.state is State.MET:
        return ""
    return "" if line.blocking and enforced else "advisory" if enforced else "not enforced"


def _sign_off(required: Required, place: Place, *, enforced: bool) -> Case:
    state = State.MET if required.stands else State.INCONCLUSIVE
    who = f" by {required.person}" if required.person else ""
    return Case(
        name=f"sign-off.{required.role}", requirement="", title=f"sign-off of {required.role}",
        sentence=f"sign-off of {required.role}", state=state, holds=enforced and not required.stands,
        note="" if enforced or required.stands else "not enforced",
        numbers=f"{required.state.value}{who}", reason="" if required.stands else required.state.value,
        why="" if required.stands else required.detail, place=place,
        settle="" if required.stands else f"upheld sign, by somebody with the role {required.role}",
    )  # fmt: skip


def ranked(told: Sequence[Told]) -> list[tuple[Told, Case]]:
    """Every case of every gate, those that hold one first, then by badness."""
    pairs = [(t, case) for t in told for case in t.cases]
    return sorted(pairs, key=lambda pair: (not pair[1].holds, _ORDER.index(pair[1].state)))
