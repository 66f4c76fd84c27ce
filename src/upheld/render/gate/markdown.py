"""A gate as Markdown, for a job's summary and for a comment in a pull request: the table first, then what needs somebody.

A comment of GitHub holds 65 536 characters (a job summary 1 MiB), so what is met is left out before anything else is.
Text from files is shown, never obeyed: no markup, no mention of a person, no image of somebody else's server.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC

from upheld.core.shown import SHAPES
from upheld.core.verdict import Reason, State
from upheld.render.gate.case import Case, Told

MOST_CHARACTERS = 65_000
MOST_CUSTOMERS = 12
_HEAD = "| | criterion | promise | verdict | measured | customers |\n|---|---|---|---|---|---|"
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#!$])")
_MENTION = re.compile(r"(?<![\w`])([@#])(?=\w)")


def markdown(told: Sequence[Told]) -> str:
    """The document; the first line is a comment by which a bot finds its earlier one."""
    names = " ".join(t.name for t in told)
    parts = [f"<!-- upheld: {_comment(names)} -->"]
    room = MOST_CHARACTERS - len(parts[0])
    for gate in told:
        share = room // len(told)
        parts.append(_gate(gate, share))
    return "\n\n".join(parts) + "\n"


def _comment(text: str) -> str:
    return text.replace("--", "- -").replace(">", "")


def _gate(told: Told, room: int) -> str:
    result = told.result
    enforced = "" if result.enforced else ", not enforced yet"
    subject = f" · `{result.subject[:19].replace('`', '')}`" if result.subject else ""
    at = told.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    head = f"## {SHAPES[result.state]} gate {plain(told.name)}: {result.state.value}{enforced}\n\n"
    head += f"{plain(_counted(told))}{subject} · {at}"
    if result.reason:
        head += f"\n\n{plain(result.reason)}"
    rows, left = _rows(told.cases, room // 2)
    table = f"{_HEAD}\n" + "\n".join(rows) if rows else ""
    if left:
        table += f"\n\n{left} more rows are left out, the least bad ones; `upheld check {told.name}` shows all."
    details = _details(told, room - len(head) - len(table))
    return "\n\n".join(part for part in (head, table, details) if part)


def _counted(told: Told) -> str:
    both = [case for case in told.cases if not case.name.startswith("sign-off.")]
    met = sum(case.state is State.MET for case in both)
    waived = sum(case.waiver is not None for case in both)
    return f"{met} of {len(both)} criteria met" + (f", {waived} waived" if waived else "")


def _rows(cases: Sequence[Case], room: int) -> tuple[list[str], int]:
    rows: list[str] = []
    for i, case in enumerate(cases):
        row = _row(case)
        room -= len(row) + 1
        if room < 0:
            return rows, len(cases) - i
        rows.append(row)
    return rows, 0


def _row(case: Case) -> str:
    names = list(case.customers[:MOST_CUSTOMERS])
    more = len(case.customers) - len(names)
    who = ", ".join(plain(name) for name in names) + (f" and {more} more" if more else "")
    if case.failing:
        who = f"**{who}**"
    cells = (SHAPES[case.state], plain(case.name), plain(case.sentence), plain(case.word),
             plain(case.measured), who)  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _details(told: Told, room: int) -> str:
    blocks: list[str] = []
    waiting = list(_together([case for case in told.cases if case.state is not State.MET]))
    for i, cases in enumerate(waiting):
        block = "\n".join(_block(cases))
        room -= len(block) + 2
        if room < 0:
            blocks.append(f"{sum(map(len, waiting[i:]))} more are not met or inconclusive.")
            break
        blocks.append(block)
    return "\n\n".join(blocks)


def _together(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """Each case alone, but those that wait for the same missing report as one: it is one thing to do."""
    waiting: dict[str, list[Case]] = {}
    for case in cases:
        if case.reason == Reason.MISSING.value and case.waiver is None and case.settle:
            waiting.setdefault(case.settle, []).append(case)
    for case in cases:
        group = waiting.get(case.settle, [case])
        if case not in group:
            yield [case]
        elif case is group[0]:
            yield group


def _block(cases: Sequence[Case]) -> Iterator[str]:
    case, others = cases[0], cases[1:]
    if others:
        yield f"**{SHAPES[case.state]} {plain(case.reason)}**: {', '.join(plain(c.name) for c in cases)}"
        yield f"- would settle them: {plain(case.settle)}"
        return
    title = f" · {plain(case.title)}" if case.title else ""
    yield f"**{SHAPES[case.state]} {plain(case.name)}**{title}"
    lines = [case.numbers, case.why, f"would settle it: {case.settle}" if case.settle else ""]
    if case.waiver is not None:
        informed = "customers know" if case.waiver.customers_informed else "customers not informed"
        lines.append(f"{case.note}: {case.waiver.reason} ({informed})")
    lines.append(f"{case.place.file}:{case.place.line}")
    for line in [*lines, *case.notes[:5]]:
        if line:
            yield f"- {plain(line)}"


def plain(text: str) -> str:
    """Text of ours or of a file as Markdown that shows exactly these characters on one line."""
    one_line = " ".join(text.split())
    return _MENTION.sub("\\1\u200b", _SPECIAL.sub(r"\\\1", one_line))
