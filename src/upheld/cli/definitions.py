"""`upheld init`, `new`, `lint`, `ack`: start a project, write its definitions, and hear what is wrong with them."""

import gc
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from upheld.cli import options
from upheld.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from upheld.core.criterion import Indicator
    from upheld.core.evidence import Evidence
    from upheld.core.requirement import Session
    from upheld.project.finding import Finding
    from upheld.project.load import Project
    from upheld.project.scaffold import Proposed
    from upheld.render.annotations import Annotation

COLOURS = {"error": "red", "warning": "yellow", "advice": "cyan"}
LONGEST_PLACE = 60
ADVICE_SHOWN = 1  # of each rule, unless all is asked for
_KINDS = (
    "requirement", "decision", "session", "waiver", "gate", "risk", "review", "nonfunctional", "runbook", "assessment", "customer",
    "indicator",
)  # fmt: skip
_at = click.option("--at", "at_text", help="Take this day as today, e.g. 2026-11-22.")


def _day(text: str | None) -> date:
    if not text:
        return datetime.now(UTC).date()
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise click.BadParameter(f'"{text}" is no day; write e.g. 2026-11-22', param_hint="--at") from None


def _open(start: Path) -> "Project":
    from upheld.project.age import first_commits
    from upheld.project.load import find_root, load
    from upheld.project.native import remembered

    gc.disable()  # a short run over many records that all stay alive
    root = find_root(start)
    native = remembered(root, _native)
    return load(root, native=native, first_commit=lambda files: first_commits(root, files))


def _kept(project: "Project") -> "Sequence[Evidence]":
    from upheld.store import SqliteStore
    from upheld.wiring import STORE, Workspace

    return Workspace(project=project, store=SqliteStore(project.root / STORE)).kept()


def _native() -> "Mapping[str, Indicator]":
    from upheld.wiring import native_indicators

    return native_indicators()


# ── lint ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@click.command()
@click.option("--explain", metavar="RULE", help="Say what a rule means; all prints the page of every rule.")
@options.form("github", "sarif", help="Text for people, or data for other tools.")
@click.option(
    "--all", "everything", is_flag=True, help="Show every piece of advice in full, not one line of each kind."
)
@_at
@options.project
def lint(explain: str | None, form: str, everything: bool, at_text: str | None, start: Path) -> None:
    """Check every definition, and say what nobody can verify yet.

    Exit code 1 when there is an error, else 0. Writes nothing but .upheld/cache.
    """
    if explain:
        from upheld.project.lint import explain as explained
        from upheld.project.lint import page

        click.echo(page() if explain == "all" else explained(explain), nl=explain != "all")
        return
    started = time.perf_counter()
    from upheld.project.lint import lint as check

    project = _open(start)
    findings = check(project, at=_day(at_text), evidence=lambda: _kept(project))
    if form == "text":
        _print_findings(findings, everything=everything)
        if not everything and any(f.severity.value == "advice" for f in findings):
            click.echo("advice in full, with what to do: upheld lint --all")
        click.echo(_summary(findings, len(project.items), time.perf_counter() - started))
    else:
        _print_for_machines(project, findings, form)
    sys.exit(1 if any(f.severity.value == "error" for f in findings) else 0)


def _print_for_machines(project: "Project", findings: "Sequence[Finding]", form: str) -> None:
    from upheld import __version__
    from upheld.cli import show
    from upheld.project import formats
    from upheld.render import annotations

    prefix = show.prefix(project.root)
    if form == "json":
        show.echo_json(formats.document(project, findings))
    elif form == "sarif":
        show.echo_json(formats.sarif(findings, version=__version__, prefix=prefix))
    elif findings:
        click.echo(annotations.github([_annotation(f, prefix) for f in findings], more="run: upheld lint"))


def _annotation(finding: "Finding", prefix: str) -> "Annotation":
    from upheld.render.annotations import Annotation, Level

    level = {"error": Level.ERROR, "warning": Level.WARNING, "advice": Level.NOTICE}[finding.severity.value]
    return Annotation(
        level=level, title=finding.rule, message=f"{finding.message}; {finding.fix}" if finding.fix else finding.message,
        file=prefix + finding.file, line=finding.line, column=finding.column,
    )  # fmt: skip


def _print_findings(findings: "Sequence[Finding]", *, everything: bool) -> None:
    shown, left = _shown(findings, everything=everything)
    places = [f"{f.file}:{f.line}:{f.column}" for f in shown]
    width = min(max((len(p) for p in places), default=0), LONGEST_PLACE)
    rule_width = max((len(f.rule) for f in shown), default=0)
    for place, finding in zip(places, shown, strict=True):
        severity = click.style(f"{finding.severity.value:<7}", fg=COLOURS[finding.severity.value])
        head = f"{place:<{width}}  {severity}  {finding.rule:<{rule_width}}  "
        indent = " " * len(click.unstyle(head))
        if finding.severity.value == "advice" and not everything:
            more = f" (and {left[finding.rule]} more like it)" if left[finding.rule] else ""
            click.echo(f"{head}{finding.message}{more}")
            continue
        first, *rest = _told(finding)
        click.echo(head + first)
        for line in rest:
            click.echo((indent + line).rstrip())


def _shown(findings: "Sequence[Finding]", *, everything: bool) -> "tuple[list[Finding], Counter[str]]":
    """What is printed, and how many of each rule are left out: of advice the first of each rule is enough."""
    shown, left, seen = [], Counter[str](), Counter[str]()
    for finding in findings:
        if finding.severity.value == "advice" and not everything:
            seen[finding.rule] += 1
            if seen[finding.rule] > ADVICE_SHOWN:
                left[finding.rule] += 1
                continue
        shown.append(finding)
    return shown, left


def _told(finding: "Finding") -> list[str]:
    """The sentence with a caret below the place that is meant, or the message; then what to do."""
    told = f"{finding.message}: {finding.fix}" if finding.fix else finding.message
    start = finding.excerpt.find(finding.value) if " " in finding.value else -1
    if start < 0 or finding.value in finding.message:
        return [finding.message, *finding.fix.split("\n")] if finding.fix else [finding.message]
    caret = finding.column - 1 - start
    if 0 < caret <= len(finding.value):
        return [finding.value, " " * caret + "^ " + told]
    return [finding.value, told]


def _summary(findings: "Sequence[Finding]", items: int, seconds: float) -> str:
    from upheld.project.finding import Severity

    counts = Counter(f.severity for f in findings)
    words = {
        Severity.ERROR: ("error", "errors"),
        Severity.WARNING: ("warning", "warnings"),
        Severity.ADVICE: ("advice",),
    }
    parts = [
        click.style(f"{counts[s]} {words[s][0 if counts[s] == 1 else -1]}", fg=COLOURS[s.value])
        for s in Severity
        if counts[s]
    ]
    things = "1 item" if items == 1 else f"{items} items"
    return f"{', '.join(parts) or 'nothing to say'} in {things} ({seconds:.2f} s)"


# ── init ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
@_at
def init(folder: Path, dry_run: bool, at_text: str | None) -> None:
    """Start a project in FOLDER: adopts the decisions, interfaces, scenarios and reports it finds, changes nothing.

    What is there already stays byte for byte as it is; what is older than today gets advice only.
    """
    from upheld.project.adopt import plan, write
    from upheld.project.pipelines import proposals

    made = plan(folder, at=_day(at_text))
    if made.already:
        click.echo(f"{folder / 'upheld.yaml'}: this is a project already; next: upheld lint")
        return
    if not dry_run:
        write(made)
    click.echo(f"{'would start' if dry_run else 'started'} {made.project} in {made.root}")
    for line in made.lines:
        click.echo(f"  {line}")
    for file, content in made.files:
        click.echo(f"  {'would write' if dry_run else 'wrote'} {file}")
        if dry_run and not file.startswith(".upheld/"):
            click.echo("".join(f"    | {line}\n" for line in content.splitlines()), nl=False)
    for proposal in proposals(folder):
        click.echo(f"  for {proposal.file}, which stays as it is:" if proposal.file else "  for your pipeline:")
        click.echo("".join(f"    {line}\n" for line in proposal.steps.splitlines()), nl=False)
    click.echo(
        "next: name people and customers in upheld.yaml and customers.yaml; then write down what a customer said:\n"
        '      upheld new requirement --text "sub-second response times with 99.5 % uptime"\n'
        "      upheld lint"
    )


# ── new ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@click.command()
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--title", default="", help="One line that says what it is.")
@click.option("--text", default="", help="A requirement's raw sentence, as the customer said it; a waiver's reason.")
@click.option("--from-session", "session", default="", help="Take the criteria that this session agreed (id or file).")
@click.option("--dry-run", is_flag=True, help="Print the file, and write nothing.")
@_at
@options.project
def new(
    kind: str,
    names: tuple[str, ...],
    title: str,
    text: str,
    session: str,
    dry_run: bool,
    at_text: str | None,
    start: Path,
) -> None:
    """Write a new definition of KIND from a template in which every field is read; never overwrites.

    NAME is an id or its beginning (REQ-LAT gives the next free REQ-LAT-…), a name, the requirements that a session
    is about, or the criterion that a waiver excuses.
    """
    from upheld.project import scaffold

    project = _open(start)
    at = _day(at_text)
    if session:
        if kind != "requirement":
            raise UsageError("--from-session yields requirements; write: upheld new requirement --from-session FILE")
        proposals = scaffold.from_session(project, _session(project, session), at=at)
    else:
        wish = scaffold.Wish(name=names[0] if names else "", title=title, text=text, about=names[1:])
        proposals = (scaffold.scaffold(project, kind, wish, at=at),)
    for proposed in proposals:
        _write(project.root, proposed, dry_run=dry_run)


def _session(project: "Project", name: str) -> "Session":
    wanted = Path(name).name
    for session in project.catalogue.sessions:
        if name in (session.id, session.file) or wanted == Path(session.file).name:
            return session
    known = ", ".join(s.id for s in project.catalogue.sessions) or "none yet"
    raise UsageError(f'no session "{name}"; known: {known}')


def _write(root: Path, proposed: "Proposed", *, dry_run: bool) -> None:
    if dry_run or proposed.by_hand:
        click.echo(f"{proposed.file}: {proposed.note}" if proposed.by_hand else f"{proposed.file}:")
        click.echo(proposed.text, nl=not proposed.text.endswith("\n"))
        return
    path = root / proposed.file
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("a" if proposed.append else "x", encoding="utf-8", newline="\n") as file:
            file.write(proposed.text)
    except FileExistsError:
        raise UsageError(f"{proposed.file} is there already; nothing was written") from None
    click.echo(f"{proposed.file} {'has a new entry ' + proposed.id if proposed.append else 'written'}")
    if proposed.note:
        click.echo(f"  {proposed.note}")


# ── ack ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--by", required=True, help="Who has read the other end and accepts it: somebody of upheld.yaml.")
@click.option("--why", required=True, help="Why what follows from it still holds.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--at", "at_text", help="Time of the acknowledgement instead of now.")
@options.project
def ack(source: str, target: str, by: str, why: str, dry_run: bool, at_text: str | None, start: Path) -> None:
    """Accept that TO has changed since FROM was linked to it: the link's `seen` gets the present fingerprint.

    Nothing else in the file changes. Who accepted it and why is kept in .upheld/records.db.
    """
    from upheld.cli import show
    from upheld.project.acknowledge import acknowledge
    from upheld.store import SqliteStore
    from upheld.wiring import STORE

    project = _open(start)
    if by not in project.catalogue.people:
        raise UsageError(f'"{by}" is nobody in upheld.yaml; add them under people')
    if not why.strip():
        raise UsageError("say why what follows from it still holds: --why TEXT")
    done = acknowledge(project, source, target)
    before = done.before or "nothing"
    if not done.changed:
        click.echo(f"{done.link}: seen is {done.after} already; nothing to accept")
        return
    if dry_run:
        click.echo(f"{done.file}: would set seen of {done.link} from {before} to {done.after}")
        return
    (project.root / done.file).write_bytes(done.text.encode())
    SqliteStore(project.root / STORE).record(
        "ack",
        [
            {
                "schema": "upheld/ack/v1", "from": source, "to": target, "before": done.before, "seen": done.after,
                "by": by, "why": why, "at": show.moment(at_text).isoformat(),
            }
        ],
    )  # fmt: skip
    click.echo(f"{done.file}: {done.link} has seen {done.after} (was {before}); commit it so that others see it")
