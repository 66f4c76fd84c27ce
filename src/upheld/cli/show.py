"""How a verdict looks in a terminal: a shape, a colour beside it, the number that carries it, what to do next."""

import json
import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from upheld.core import quantity, shown
from upheld.core.criterion import Criterion
from upheld.core.gate import Line, Result
from upheld.core.verdict import Reason, State, Verdict
from upheld.errors import UsageError

COLOURS = {State.MET: "green", State.NOT_MET: "red", State.INCONCLUSIVE: "yellow"}
INDENT = " " * 9


def prefix(root: Path) -> str:
    """The way from here to the project, as annotations want it; empty when the project is here or elsewhere."""
    try:
        inside = root.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return ""
    return "" if inside == "." else f"{inside}/"


def shape(state: State | None, *, stale: bool = False) -> str:
    """●, ✖ or ○ in its colour, · for what is not asked, ~ for what is stale."""
    if state is None:
        return click.style("·", dim=True)
    if stale:
        return click.style("~", fg="yellow")
    return click.style(shown.SHAPES[state], fg=COLOURS[state])


def echo_json(document: object) -> None:
    """Print one JSON document."""
    click.echo(json_text(document), nl=False)


def json_text(document: object) -> str:
    """One JSON document as it is printed and written."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all: what was there stays until the new text is on the disk."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file")
    if path.exists() and not path.is_file():  # /dev/stdout, a pipe: nothing to keep
        path.write_text(click.unstyle(text), encoding="utf-8")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(click.unstyle(text))
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def deliver(text: str, output: Path | None) -> None:
    """Print an answer, or write it to a file."""
    whole = text if text.endswith("\n") else text + "\n"
    if output is None:
        click.echo(whole, nl=False)
    else:
        write_whole(output, whole)


def moment(text: str | None) -> datetime:
    """The time an evaluation is for: `--at`, a date (end of that day, UTC) or a time with zone; now without it."""
    if not text:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f'"{text}" is no time; write 2026-11-22 or 2026-11-22T07:40:00Z', param_hint="--at"
        ) from None
    if len(text) <= len("2026-11-22"):
        found = found.replace(hour=23, minute=59, second=59)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def verdict_lines(criterion: Criterion, verdict: Verdict, *, title: str = "", tip: str = "") -> str:
    """The block that `judge` and one promise of `thread` print."""
    head = f"{shape(verdict.state)} {verdict.state.value:<{max(6, len(verdict.state.value))}} {title or criterion.sentence}"
    lines = [head]
    numbers = shown.carried_by(criterion, verdict)
    if numbers:
        lines.append(INDENT + numbers)
    if verdict.state is State.INCONCLUSIVE:
        lines.append(INDENT + click.style(verdict.why, fg="yellow"))
        if verdict.settle:
            lines.append(f"{INDENT}would settle it: {verdict.settle}")
    elif verdict.why:
        lines.append(INDENT + verdict.why)
    number = shown.value(criterion, verdict)
    if criterion.sentence.quantile is not None and verdict.estimate is not None and not title:
        tip = f"{criterion.sentence.statistic} {number}" + (f" · {tip}" if tip else "")
    if tip:
        lines.append(INDENT + tip)
    lines += [f"{INDENT}{_attempt_line(criterion, verdict)}"] if verdict.attempts else []
    lines += [f"{INDENT}note: {note}" for note in verdict.notes[:6]]
    return "\n".join(lines)


def _attempt_line(criterion: Criterion, verdict: Verdict) -> str:
    unit = shown.shown_unit(criterion, verdict)
    tried = []
    for i, attempt in enumerate(verdict.attempts, 1):
        estimate = "" if attempt.estimate is None else f" {quantity.show(attempt.estimate, unit)}"
        void = f" void: {attempt.void}" if attempt.void else ""
        tried.append(f"{i} {shape(attempt.state)}{estimate}{void}")
    return f"{len(verdict.attempts)} attempts, judged together: " + " · ".join(tried)


def gate_lines(result: Result, criteria: dict[str, Criterion]) -> str:
    """The block that `check` prints: what needs somebody first."""
    enforced = "" if result.enforced else click.style("  not enforced yet", dim=True)
    subject = f" · {shown.short(result.subject)}" if result.subject else ""
    subject += f", built from {shown.short(result.built_from)}" if result.built_from else ""
    head = f"{shape(result.state)} {result.state.value:<12} gate {click.style(result.gate.name, bold=True)}"
    lines = [f"{head} ({result.gate.kind.value}){subject}{enforced}"]
    order = {State.NOT_MET: 0, State.INCONCLUSIVE: 1, State.MET: 2}
    width = max((len(line.criterion) for line in result.lines), default=0)
    missing: dict[str, list[str]] = {}
    for line in sorted(result.lines, key=lambda item: order[item.verdict.state]):
        if line.verdict.reason is Reason.MISSING and not line.waiver and not line.waiver_note:
            missing.setdefault(line.verdict.settle or line.verdict.detail, []).append(line.criterion)
            continue
        lines.append("  " + gate_line(line, criteria[line.criterion], width))
        if line.verdict.state is not State.MET:
            lines += [f"      {note}" for note in (line.verdict.why, *line.verdict.notes[:5]) if note]
            if line.verdict.settle:
                lines.append(f"      would settle it: {line.verdict.settle}")
        if line.waiver_note:
            lines.append(f"      {line.waiver_note}")
    for settle, names in missing.items():  # thirty criteria that wait for one report are one thing to do
        lines.append(f"  {shape(State.INCONCLUSIVE)} missing: {', '.join(names)}")
        lines.append(f"      would settle {'it' if len(names) == 1 else 'them'}: {settle}")
    for sign_off in result.sign_offs:
        mark = shape(State.MET if sign_off.stands else State.INCONCLUSIVE)
        who = f", {sign_off.detail}" if sign_off.detail else f" by {sign_off.person}" if sign_off.person else ""
        lines.append(f"  {mark} sign-off of {sign_off.role}: {sign_off.state.value}{who}")
    if result.reason:
        lines.append(f"  {result.reason}")
    return "\n".join(lines)


def gate_line(line: Line, criterion: Criterion, width: int) -> str:
    """One criterion of a gate."""
    number = shown.value(criterion, line.verdict)
    waived = ""
    if line.waiver is not None:
        waived = f"{line.verdict.state.value} (waived until {line.waiver.until.isoformat()} by {line.waiver.approver}) "
    advisory = "" if line.blocking else "advisory "
    return (
        f"{shape(line.verdict.state)} {line.criterion:<{width}}  {line.sentence}  {waived}{advisory}{number}".rstrip()
    )


def table(rows: Sequence[Sequence[str]], *, indent: str = "") -> str:
    """Columns aligned by what is visible, colours left aside."""
    if not rows:
        return ""
    widths = [max(len(click.unstyle(row[i])) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell + " " * (width - len(click.unstyle(cell))) for cell, width in zip(row, widths, strict=True)]
        lines.append((indent + "  ".join(cells)).rstrip())
    return "\n".join(lines)
