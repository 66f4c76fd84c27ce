"""The board: one line a promise, five columns, worst first, with filters and totals over all that match."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from upheld.core import quantity, shown
from upheld.core.criterion import Criterion, Stage
from upheld.core.gate import SignOffState
from upheld.core.scale import Used, used
from upheld.core.thread import Thread
from upheld.core.verdict import Group, State, Verdict
from upheld.render.drawing import CLASSES, mark

PAGE = 200  # lines that a page shows; filters and totals are over all
NEEDS = 5  # promises that stand above the board in a sentence
_ORDER = {State.NOT_MET: 0, State.INCONCLUSIVE: 1, State.MET: 2}
_PRIORITY = {"must": 0, "should": 1, "could": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One stage of one promise."""

    look: str  # m, n, i, or empty: not asked
    text: str  # the shape and the number or reason
    note: str = ""  # whose number it is
    drawing: str = ""  # SVG
    state: State | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One promise on the board. What is drawn is made when it is shown, and kept: a page shows 200 of thousands."""

    thread: Thread
    address: str
    title: str
    state: State
    priority: str
    owners: tuple[str, ...]
    customers: tuple[str, ...]
    type: str

    @property
    def look(self) -> str:
        """The class of the worst stage."""
        return CLASSES[self.state]

    @cached_property
    def promise(self) -> str:
        """The promise without its conditions."""
        return readable(shown.brief(self.thread.criterion))

    @property
    def audience(self) -> str:
        """To whom it was promised, as it fits."""
        named = self.customers
        return ", ".join(named) if len(named) <= 2 else f"{len(named)} customers"

    @cached_property
    def agreed(self) -> Cell:
        """Who has signed."""
        return agreed(self.thread)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The four stages."""
        return tuple(cell(self.thread, stage) for stage in Stage)

    @cached_property
    def found_by(self) -> str:
        """What a search looks through, in small letters."""
        t = self.thread
        words = (self.address, self.title, str(t.criterion.sentence), t.priority, t.status, t.type, *self.owners)
        return " ".join(words).lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What needs somebody, in a sentence."""

    address: str
    sentence: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which lines are asked for; empty fields ask for nothing."""

    text: str = ""
    customer: str = ""
    owner: str = ""
    verdict: str = ""
    type: str = ""

    def takes(self, row: Row) -> bool:
        """Whether a line is asked for; every word of the text must be found."""
        return (
            (not self.verdict or row.state.value == self.verdict)
            and (not self.customer or self.customer in row.customers)
            and (not self.owner or self.owner in row.owners)
            and (not self.type or row.type == self.type)
            and all(word in row.found_by for word in self.text.lower().split())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything a board shows."""

    rows: tuple[Row, ...]
    total: int  # of all promises, whatever is asked for
    matching: int
    states: Mapping[str, int]  # verdict → promises that match everything but the verdict that is asked for
    stages: tuple[Mapping[str, int], ...]  # per stage: verdict → promises that match
    needs: tuple[Need, ...]
    more_needs: int
    customers: tuple[str, ...]
    owners: tuple[str, ...]
    types: tuple[str, ...]
    asked: Filter


def rows(threads: Iterable[Thread]) -> tuple[Row, ...]:
    """The lines of a board, what needs somebody first: not met, inconclusive, met; then by priority, then as written."""
    found = [_row(t) for t in threads]
    return tuple(sorted(found, key=lambda r: (_ORDER[r.state], _PRIORITY.get(r.priority, len(_PRIORITY)))))


def board(found: Sequence[Row], asked: Filter | None = None, *, limit: int | None = None, offset: int = 0) -> Board:
    """The lines that are asked for, with totals over all of them; `limit` lines of them are shown from `offset`."""
    asked = asked or Filter()
    whatever = replace(asked, verdict="")
    alike = [r for r in found if whatever.takes(r)] if whatever != Filter() else list(found)
    matching = [r for r in alike if r.state.value == asked.verdict] if asked.verdict else alike
    stages = tuple(
        Counter(verdict.state.value for r in matching if (verdict := r.thread.stages[stage]) is not None)
        for stage in Stage
    )
    bad = [r for r in matching if r.state is State.NOT_MET]
    return Board(
        rows=tuple(matching[offset : None if limit is None else offset + limit]),
        total=len(found), matching=len(matching), states=Counter(r.state.value for r in alike), stages=stages,
        needs=tuple(need(r) for r in bad[:NEEDS]), more_needs=max(0, len(bad) - NEEDS),
        customers=tuple(sorted({c for r in found for c in r.customers})),
        owners=tuple(sorted({o for r in found for o in r.owners})),
        types=tuple(sorted({r.type for r in found} - {""})), asked=asked,
    )  # fmt: skip


def _row(t: Thread) -> Row:
    return Row(
        thread=t, address=t.criterion.address, title=t.title, state=t.state, priority=t.priority, type=t.type,
        owners=tuple(dict.fromkeys(t.owners.values())), customers=t.criterion.customers,
    )  # fmt: skip


def readable(sentence: str) -> str:
    """A sentence with the signs of print instead of those of a keyboard."""
    return sentence.replace(" >= ", " ≥ ").replace(" <= ", " ≤ ")


def agreed(t: Thread) -> Cell:
    """Who has signed the words as they are now."""
    if any(r.state is SignOffState.STALE for r in t.agreed):
        return Cell(look="i", text="~ stale", state=State.INCONCLUSIVE)
    standing = sum(r.stands for r in t.agreed)
    if t.agreement is State.MET:
        return Cell(look="m", text="● signed", state=State.MET)
    return Cell(look="i", text=f"○ {standing} of {len(t.agreed)}", state=State.INCONCLUSIVE)


def cell(t: Thread, stage: Stage) -> Cell:
    """What one stage shows on the board."""
    verdict = t.stages[stage]
    if verdict is None:
        return Cell(look="", text="· not asked")
    stale = verdict.state is not State.INCONCLUSIVE and any(line.startswith(stage.shown) for line in t.stale)
    position = used(t.criterion, verdict)
    return Cell(
        look=CLASSES[verdict.state], text=f"{shown.SHAPES[verdict.state]}{'~' if stale else ''} {label(t, verdict, position)}",
        note=_note(verdict, position), drawing=mark(verdict.state, position), state=verdict.state,
    )  # fmt: skip


def label(t: Thread, verdict: Verdict, position: Used | None) -> str:
    """The number of the member that decides, else of all together; the reason where nothing is known."""
    if verdict.state is State.INCONCLUSIVE:
        return shown.why_short(verdict)
    if position is not None and position.member:
        deciding = next(g for g in verdict.groups if g.member == position.member)
        return shown.value(t.criterion, of_member(verdict, deciding))
    return shown.value(t.criterion, verdict) or verdict.state.value


def of_member(verdict: Verdict, group: Group) -> Verdict:
    """The verdict as it is for one member alone."""
    return replace(
        verdict, state=group.state, reason=group.reason, detail=group.detail, estimate=group.estimate,
        interval=group.interval, share=group.share, n=group.n, n_eff=group.n_eff, groups=(),
    )  # fmt: skip


def _note(verdict: Verdict, position: Used | None) -> str:
    if not verdict.groups:
        return ""
    bad = [g.member for g in verdict.groups if g.state is State.NOT_MET]
    if verdict.state is State.NOT_MET:
        return bad[0] if len(bad) == 1 else f"{len(bad)} of {len(verdict.groups)}"
    if verdict.state is State.MET and position is not None and position.member:
        return f"worst of {len(verdict.groups)}" if len(verdict.groups) > 1 else position.member
    return ""


def need(row: Row) -> Need:
    """The sentence about a broken promise: whose, where, how much against how much; who owns it stands beside."""
    t = row.thread
    stage = next(s for s in reversed(Stage) if (v := t.stages[s]) is not None and v.state is State.NOT_MET)
    verdict = t.stages[stage]
    assert verdict is not None  # noqa: S101  # chosen by its state, one line above
    bad = [g for g in verdict.groups if g.state is State.NOT_MET]
    position = used(t.criterion, verdict)
    numbers = label(t, verdict, position)
    who = ", ".join(g.member for g in bad[:3]) + (f" and {len(bad) - 3} more" if len(bad) > 3 else "")
    worst = f", {position.member} worst" if position is not None and len(bad) > 1 else ""
    sentence = f"{who + ': ' if who else ''}{stage.shown.lower()} {numbers}{worst}, promised {_target(t.criterion)}"
    people = [f"{function}: {person}" for function, person in t.owners.items()]
    since = [f"as of {day(verdict.observed)}"] if verdict.observed is not None else []
    return Need(address=row.address, sentence=f"{row.promise}: {sentence}", about=" · ".join([*since, *people]))


def _target(criterion: Criterion) -> str:
    return readable(f" {criterion.sentence.op.value} {criterion.sentence.target}").strip()


def day(moment: datetime) -> str:
    """A date as it is written beside a fact."""
    at = moment.astimezone(UTC)
    return f"{at.day} {at:%b %Y}"


def moment(at: datetime) -> str:
    """A point in time as it is written beside a fact."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M} UTC"


def as_csv(found: Iterable[Row]) -> str:
    """The lines that are asked for as a table for a spreadsheet, numbers in the unit that stands beside them."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    stages = [
        f"{stage.shown.lower()}{part}" for stage in Stage for part in ("", " value", " reason", " of allowed used")
    ]
    table.writerow(
        [
            "criterion",
            "title",
            "promise",
            "status",
            "priority",
            "type",
            "owners",
            "customers",
            "verdict",
            "agreed",
            *stages,
        ]
    )
    for row in found:
        t = row.thread
        table.writerow(
            _safe(
                [row.address, row.title, str(t.criterion.sentence), t.status, t.priority, t.type, " ".join(row.owners),
                 " ".join(row.customers), row.state.value, t.agreement.value, *_stage_fields(t)]
            )
        )  # fmt: skip
    return out.getvalue()


def _stage_fields(t: Thread) -> list[str]:
    fields = []
    for stage in Stage:
        verdict = t.stages[stage]
        if verdict is None:
            fields += ["not asked", "", "", ""]
            continue
        position = used(t.criterion, verdict)
        share = "" if position is None else quantity.show(position.estimate, quantity.NUMBER)
        fields += [verdict.state.value, shown.value(t.criterion, verdict), verdict.why, share]
    return fields


def _safe(fields: Sequence[str]) -> list[str]:
    """A spreadsheet takes a field that starts with one of these for a formula; an apostrophe keeps it text."""
    return [f"'{field}" if field.startswith(("=", "+", "-", "@", "\t", "\r")) else field for field in fields]
