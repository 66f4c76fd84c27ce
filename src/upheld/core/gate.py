"""A gate: named criteria, sign-offs and a waiver policy, combined into one verdict.

All blocking criteria must be met, each at its own level (rule 8). An empty selection is inconclusive, an inconclusive
criterion never passes, and a waiver never hides what is beneath it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum

from upheld.core.requirement import Statement
from upheld.core.verdict import Reason, State, Verdict, worst


class Kind(Enum):
    """The three kinds of gate."""

    CUSTOMER = "customer"
    TECHNICAL = "technical"
    READINESS = "readiness"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverPolicy:
    """Who may approve a waiver of this gate, and for how long at most."""

    approver: str = ""  # a role
    at_most: float = 14 * 86400.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One gate of `gates.yaml`."""

    name: str
    kind: Kind
    stage: str
    select: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # status, priority, customers, type
    criteria: tuple[Statement, ...] = ()
    sign_offs: tuple[str, ...] = ()  # roles
    waivers: WaiverPolicy = WaiverPolicy()
    enforce_from: date | None = None
    require_subject: bool = False  # evidence that only asserts its subject does not count


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A dated, owned exception; the requester is not the approver; it ends by itself."""

    criterion: str
    owner: str
    approver: str
    reason: str
    until: date  # inclusive, UTC
    since: date | None = None
    gate: str = ""  # empty: every gate
    customers_informed: bool = False
    file: str = ""

    def runs(self, at: datetime) -> bool:
        """Whether the waiver is in force: from `since` to the end of the day `until`, UTC."""
        return (self.since is None or self.since <= at.date()) and at.date() <= self.until


MISSING_AT_MOST = timedelta(hours=72)  # a dead test rig does not stop a hotfix, but not for longer


class SignOffState(Enum):
    """What a required sign-off is worth now."""

    SIGNED = "signed"  # by a key of that person
    ASSERTED = "asserted"  # a file without a signature: a draft's worth
    STALE = "stale"  # the content has changed since
    INVALID = "invalid"  # the signature does not verify, or the person does not hold the role
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """A role-bound approval of one content hash."""

    item: str
    hash: str
    role: str
    person: str
    meaning: str = ""
    time: datetime | None = None
    signature: str = ""
    via: str = ""  # "server": the person signed in there, and the server's key says so
    file: str = ""
    valid: bool | None = None  # None: unsigned


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """One sign-off that an item or gate asks for, with what was found."""

    role: str
    state: SignOffState
    person: str = ""
    detail: str = ""
    time: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it counts: without a signature only inside the house, not for a customer or an executive."""
        outside = self.role.partition(":")[0] in ("customer", "executive")
        return self.state is SignOffState.SIGNED or (self.state is SignOffState.ASSERTED and not outside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One criterion in a gate's result."""

    criterion: str
    requirement: str
    sentence: str
    verdict: Verdict
    blocking: bool
    waiver: Waiver | None = None
    waiver_note: str = ""  # why a waiver that names this criterion does not count

    @property
    def state(self) -> State:
        """The state that decides: met when a waiver is in force, the verdict's own otherwise."""
        return State.MET if self.waiver is not None else self.verdict.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer of one gate."""

    gate: Gate
    state: State
    enforced: bool
    lines: tuple[Line, ...]
    sign_offs: tuple[Required, ...]
    subject: str
    reason: str = ""
    built_from: str = ""  # the source that the subject was built from, as the caller says


def waive(line: Line, waivers: Sequence[Waiver], gate: Gate, roles: Mapping[str, Sequence[str]], at: datetime) -> Line:
    """Lay the waiver in force over a line, or say why one that names it does not count.

    `roles` maps a person to the roles they hold.
    """
    if line.verdict.state is State.MET:
        return line
    note = ""
    for waiver in waivers:
        if waiver.criterion != line.criterion or (waiver.gate and waiver.gate != gate.name):
            continue
        note = _refusal(waiver, line.verdict, gate, roles, at)
        if not note:
            return Line(
                criterion=line.criterion, requirement=line.requirement, sentence=line.sentence,
                verdict=line.verdict, blocking=line.blocking, waiver=waiver,
            )  # fmt: skip
    return Line(
        criterion=line.criterion, requirement=line.requirement, sentence=line.sentence, verdict=line.verdict,
        blocking=line.blocking, waiver_note=note,
    )  # fmt: skip


def _refusal(waiver: Waiver, verdict: Verdict, gate: Gate, roles: Mapping[str, Sequence[str]], at: datetime) -> str:
    if waiver.owner == waiver.approver:
        return f"{waiver.owner} asked for the waiver and approved it"
    if roles and waiver.approver not in roles:
        return f"{waiver.approver} approved the waiver and is nobody in upheld.yaml"
    if at.date() > waiver.until:
        return f"the waiver ended on {waiver.until.isoformat()}"
    if waiver.since is not None and at.date() < waiver.since:
        return f"the waiver starts on {waiver.since.isoformat()}"
    approver = gate.waivers.approver
    if approver and approver not in roles.get(waiver.approver, ()):
        return f"{waiver.approver} does not hold the role {approver}"
    start = waiver.since
    if start is not None and timedelta(days=(waiver.until - start).days) > timedelta(seconds=gate.waivers.at_most):
        return f"the waiver runs longer than {gate.waivers.at_most / 86400:g} d"
    if start is None and timedelta(days=(waiver.until - at.date()).days) > timedelta(seconds=gate.waivers.at_most):
        return f"the waiver ends more than {gate.waivers.at_most / 86400:g} d from now"
    if verdict.state is State.INCONCLUSIVE:
        if verdict.reason is not Reason.MISSING:
            return f"an inconclusive verdict ({verdict.reason.value}) cannot be waived"
        if start is None or timedelta(days=(waiver.until - start).days) > MISSING_AT_MOST:
            return "missing evidence is waived for at most 72 h; give `since` and `until`"
    return ""


def decide(
    gate: Gate,
    lines: Sequence[Line],
    sign_offs: Sequence[Required],
    *,
    at: datetime,
    subject: str,
    built_from: str = "",
) -> Result:
    """Combine the lines and sign-offs of a gate into its result (rule 8).

    A sign-off without a signature is enough inside the house, not for a customer or an executive.
    """
    blocking = [line for line in lines if line.blocking]
    state = worst([line.state for line in blocking])
    reason = "" if blocking else "the gate selects no blocking criterion"
    for required in sign_offs:
        if not required.stands:
            state = worst([state, State.INCONCLUSIVE])
            reason = reason or f"sign-off of {required.role} is {required.state.value}"
    enforced = gate.enforce_from is None or at.date() >= gate.enforce_from
    return Result(
        gate=gate, state=state, enforced=enforced, lines=tuple(lines), sign_offs=tuple(sign_offs), subject=subject,
        reason=reason, built_from=built_from,
    )  # fmt: skip
