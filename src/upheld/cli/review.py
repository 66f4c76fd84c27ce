"""`upheld check review`: which promises a change touches, what must be shown before it, who must agree, what to ask."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from upheld.cli import options, show
from upheld.core import report, shown
from upheld.core.criterion import Stage
from upheld.core.review import Approval, Review, Touched
from upheld.core.verdict import State
from upheld.errors import UsageError
from upheld.render.gate.markdown import plain
from upheld.stages import check as stage_check
from upheld.wiring import Workspace, both_ends, change_between, open_workspace

BOXES = {True: "[x]", False: "[ ]", None: "[?]"}


@click.command()
@click.option("--diff", "diff", required=True, metavar="BASE..HEAD", help="The change, e.g. origin/main..HEAD.")
@options.evidence
@click.option(
    "--approved",
    multiple=True,
    metavar="PERSON[:ROLE]",
    help="Who has approved, as the forge tells it; may be repeated.",
)
@click.option(
    "--stage", type=click.Choice(["design", "build"]), default="build", show_default=True,
    help="The stage that must answer before the change is merged.",
)  # fmt: skip
@click.option("--at", "at_text", help="Evaluate as of this date or time instead of now.")
@options.store
@options.project
@options.form("markdown", help="Text for people, data for other tools, or a comment for a pull request.")
def review(
    diff: str,
    paths: tuple[Path, ...],
    approved: tuple[str, ...],
    stage: str,
    at_text: str | None,
    store: bool,
    start: Path,
    form: str,
) -> None:
    """Review a change from the promises: what it touches, the evidence each needs, who must agree, what to ask.

    A file touches a promise by a link in it (a test's mark, an id in a comment), by a rule under `paths` in
    upheld.yaml, or because it defines the promise. An approval counts only where the needed evidence is there.
    Exit codes: 0 nothing is missing, 1 a touched promise is not met, 3 evidence or a review is missing.
    """
    base, head = both_ends(diff)
    at = show.moment(at_text)
    workspace = open_workspace(start, store=store, reports=paths)
    change = change_between(workspace, base, head)
    approvals = [_approval(workspace, words) for words in approved]
    readings = workspace.read(
        paths, workspace.request(base=base) if change.subject == workspace.subject else workspace.request()
    )
    facts = workspace.facts(list(change.after.criteria.values()), at=at, base=base)
    evidence = workspace.named([*(e for r in readings for e in r.evidence), *facts], subject=change.subject)
    sign_offs = workspace.sign_offs()
    touched = stage_check.touched_by(
        change, evidence, stage=Stage(stage), at=at, ancestors=workspace.ancestors(change.subject),
        history=workspace.history(), sign_offs=sign_offs,
    )  # fmt: skip
    found = stage_check.review(change, touched, stage=Stage(stage), approvals=approvals, sign_offs=sign_offs)
    if form == "json":
        show.echo_json(report.review_json(found))
    else:
        click.echo("\n".join(_text(found) if form == "text" else _markdown(found)))
    sys.exit(report.exit_status(found.state))


def _approval(workspace: Workspace, words: str) -> Approval:
    person, _, role = words.partition(":")
    if person not in workspace.catalogue.people:
        raise UsageError(f'--approved "{person}" is nobody in upheld.yaml; add them under people')
    return Approval(person=person, role=role)


def _text(found: Review) -> Iterator[str]:
    yield f"{show.shape(found.state)} {found.state.value:<12} review of {_head(found)}"
    if found.reason:
        yield f"  {found.reason}"
    width = max((len(t.criterion.address) for t in found.touched), default=0)
    for t in found.touched:
        state = t.verdict.state if t.verdict is not None else None
        number = shown.value(t.criterion, t.verdict) if t.verdict is not None else "not asked here"
        yield f"  {show.shape(state)} {t.criterion.address:<{width}}  {t.criterion.sentence}  {number}".rstrip()
        yield f"      {_because(t)}"
        if t.verdict is not None and t.verdict.state is not State.MET:
            yield from (f"      {line}" for line in (t.verdict.why,) if line)
            if t.verdict.settle:
                yield f"      would settle it: {t.verdict.settle}"
    for r in found.reviewers:
        mark = show.shape(State.MET if r.counts else State.INCONCLUSIVE)
        who = f" by {r.person}" if r.person else f" ({', '.join(r.people[:5])})" if r.people else ""
        yield f"  {mark} review by {r.role}: {r.standing.value}{who}" + (f"; {r.detail}" if r.detail else "")
    if found.unserved:
        yield f"  ○ serves no requirement: {_few(found.unserved)}"
    if found.excused:
        yield f"  · need not serve one: {_few([f'{path} ({why})' for path, why in found.excused])}"
    for c in found.checklist:
        yield f"  {BOXES[c.done]} {c.text}"


def _markdown(found: Review) -> Iterator[str]:
    yield "<!-- upheld: review -->"
    yield f"## {shown.SHAPES[found.state]} review: {found.state.value}"
    yield ""
    yield plain(_head(found)) + (f": {plain(found.reason)}" if found.reason else "")
    yield ""
    yield "| | criterion | promise | customers | touched by |"
    yield "|---|---|---|---|---|"
    for t in found.touched:
        mark = shown.SHAPES[t.verdict.state] if t.verdict is not None else "·"
        who = ", ".join(t.criterion.customers[:12])
        yield f"| {mark} | {plain(t.criterion.address)} | {plain(str(t.criterion.sentence))} | {plain(who)} | {plain(_because(t))} |"
    yield ""
    for c in found.checklist:
        yield f"- [{'x' if c.done else ' '}] {plain(c.text)}"


def _head(found: Review) -> str:
    files = "1 file" if len(found.files) == 1 else f"{len(found.files)} files"
    return f"{found.base[:7]}..{found.head[:7]} · {files} · {shown.short(found.subject)}"


def _because(t: Touched) -> str:
    return _few([f"{touch.path} ({touch.how})" for touch in t.touches])


def _few(names: list[str] | tuple[str, ...], most: int = 4) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
