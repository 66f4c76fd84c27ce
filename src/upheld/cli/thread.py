"""`upheld thread`: every promise in stage order, one promise with what carries it, and what a change would touch."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from upheld.cli import options, show
from upheld.core import quantity, report, shown
from upheld.core.criterion import Stage
from upheld.core.evidence import Evidence
from upheld.core.fingerprint import promise_hash
from upheld.core.gate import SignOffState
from upheld.core.prediction import Score
from upheld.core.thread import Change, Thread, impact, threads
from upheld.core.verdict import State, Verdict
from upheld.errors import UsageError
from upheld.wiring import Workspace, definitions_at, open_workspace


@click.command()
@click.argument("items", nargs=-1, metavar="[ID]...")
@options.evidence
@click.option(
    "--impact", "show_impact", is_flag=True, help="What turns suspect or stale by a change of the definitions."
)
@click.option("--since", default="HEAD", show_default=True, help="With --impact: the commit to compare with.")
@options.at
@options.store
@options.project
@options.form("html", help="Text for people, data for other tools, or one HTML file that opens anywhere.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
def thread(
    items: tuple[str, ...],
    paths: tuple[Path, ...],
    show_impact: bool,
    since: str,
    at_text: str | None,
    store: bool,
    start: Path,
    form: str,
    output: Path | None,
) -> None:
    """Show every promise: agreed, predicted, tested, released, lived; with ID, one promise and what carries it."""
    at = show.moment(at_text)
    workspace = open_workspace(start, store=store, reports=paths)
    readings = workspace.read(paths, workspace.request())
    given = workspace.named([e for r in readings for e in r.evidence])
    facts = workspace.named(workspace.facts(list(workspace.catalogue.criteria.values()), at=at))
    known = {e.id for e in (*given, *facts)}
    evidence = [*given, *facts, *(e for e in workspace.kept() if e.id not in known)]
    if show_impact:
        changes = impact(definitions_at(workspace, since), workspace.catalogue, evidence, workspace.sign_offs(), at=at)
        if form == "html":
            raise UsageError("--impact is shown as text or json")
        show.deliver(
            show.json_text(report.impact_json(changes, since=since))
            if form == "json"
            else _impact_text(changes, since),
            output,
        )
        return
    _check_items(workspace, items)
    ancestors = frozenset(workspace.ancestors(workspace.subject))
    found = threads(
        workspace.catalogue, evidence, at=at, subject=workspace.subject, ancestors=ancestors,
        sign_offs=workspace.sign_offs(), only=items,
    )  # fmt: skip
    if form == "html":
        text = _page(workspace, found, evidence, at=at, ancestors=ancestors, whole=not items)
    elif form == "json":
        project = workspace.catalogue.config.project
        text = show.json_text(report.thread_json(found, project=project, subject=workspace.subject, at=at))
    elif items:
        text = "\n\n".join(_one(t, evidence) for t in found)
    else:
        text = _matrix(workspace, found, at)
    show.deliver(text, output)


def _page(
    workspace: Workspace,
    found: Sequence[Thread],
    evidence: Sequence[Evidence],
    *,
    at: datetime,
    ancestors: frozenset[str],
    whole: bool,
) -> str:
    from upheld.core.trial import trial  # only for a page
    from upheld.render.document import report as as_page

    index: dict[str, list[Evidence]] = {}
    for e in evidence:
        index.setdefault(e.indicator, []).append(e)
    return as_page(
        found, evidence, project=workspace.catalogue.config.project, subject=workspace.subject, at=at, whole=whole,
        steps=lambda t: trial(
            t.criterion, index.get(t.criterion.indicator.name, ()), at=at, subject=workspace.subject, ancestors=ancestors
        ),
        written=_written(workspace) if whole else None,
    )  # fmt: skip


def _written(workspace: Workspace) -> int:
    return sum(len(r.criteria) for r in workspace.catalogue.requirements.values() if r.status.value != "retired")


def _check_items(workspace: Workspace, items: Sequence[str]) -> None:
    for item in items:
        if item not in workspace.catalogue.criteria and item not in workspace.catalogue.requirements:
            if workspace.project.decision(item) is not None:
                raise UsageError(f"{item} is a decision: upheld learn {item}")
            raise UsageError(f'no requirement or criterion "{item}"; see: upheld thread')


def _matrix(workspace: Workspace, found: Sequence[Thread], at: datetime) -> str:
    catalogue = workspace.catalogue
    head = [
        catalogue.config.project,
        _counted(len(found), "criterion", "criteria"),
        _counted(len(catalogue.customers), "customer", "customers"),
    ]
    head += [shown.short(workspace.subject)] if workspace.subject else []
    head.append(at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"))
    if not found:
        return f"{' · '.join(head)}\n\nno criterion yet; start with: upheld new requirement"
    rows = [["", "", "agreed", *(stage.shown.lower() for stage in Stage)]]
    for t in found:
        agreed = show.shape(t.agreement, stale=any(r.state is SignOffState.STALE for r in t.agreed))
        rows.append([t.criterion.address, shown.brief(t.criterion), agreed, *(_cell(t, stage) for stage in Stage)])
    lines = [" · ".join(head), "", show.table(rows, indent=" ")]
    written = _written(workspace)
    if written > len(catalogue.criteria):
        broken = _counted(written - len(catalogue.criteria), "criterion", "criteria")
        lines += ["", f" {broken} cannot be judged as written and not shown: upheld lint"]
    need = [t for t in found if t.state is State.NOT_MET]
    if need:
        lines += ["", f" {len(need)} need{'s' if len(need) == 1 else ''} you:"]
        lines += [f"   {t.criterion.address}  {_worst_line(t)} → upheld thread {t.criterion.address}" for t in need]
    reopened = dict.fromkeys((d, why) for t in found for d, why in t.reopened)
    if reopened:
        names = _counted(len({d for d, _ in reopened}), "decision is", "decisions are")
        lines += ["", f" {names} re-opened:"]
        lines += [f"   {click.style('~', fg='yellow')} {d}  {why} → upheld learn {d}" for d, why in reopened]
    return "\n".join(lines)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _cell(t: Thread, stage: Stage) -> str:
    verdict = t.stages[stage]
    if verdict is None:
        return show.shape(None)
    stale = any(line.startswith(stage.shown) for line in t.stale)
    mark = show.shape(verdict.state) + ("~" if stale and verdict.state is not State.INCONCLUSIVE else "")
    worst_member = next((g.member for g in verdict.groups if g.state is verdict.state), "")
    detail = shown.value(t.criterion, verdict) if verdict.state is not State.INCONCLUSIVE else shown.why_short(verdict)
    member = worst_member if verdict.state is State.NOT_MET else ""
    return " ".join(part for part in (mark, detail, member) if part)


def _worst_line(t: Thread) -> str:
    for stage in reversed(Stage):
        verdict = t.stages[stage]
        if verdict is not None and verdict.state is State.NOT_MET:
            who = f" ({t.owners['engineering']})" if t.owners.get("engineering") else ""
            return f"{stage.shown.lower()} not met: {shown.value(t.criterion, verdict)} {verdict.detail}".rstrip() + who
    return ""


def _one(t: Thread, evidence: Sequence[Evidence]) -> str:
    criterion = t.criterion
    owners = " · ".join(f"{function} {person}" for function, person in t.owners.items())
    about = [criterion.address, t.status, t.priority, owners, f"promise {promise_hash(criterion)[:8]}"]
    lines = [click.style(f"{t.title}", bold=True), f"  {criterion.sentence}", "  " + " · ".join(a for a in about if a)]
    customers = ", ".join(criterion.customers[:8]) + (" …" if len(criterion.customers) > 8 else "")
    lines += [f"  promised to {customers}"] if customers else []
    lines += ["", f"  Agreed      {show.shape(t.agreement)} {_agreed(t)}"]
    for stage in Stage:
        lines += [
            f"  {stage.shown:<11} {line}" if i == 0 else f"    {line}"
            for i, line in enumerate(_stage(t, stage, evidence))
        ]
    lines += [f"  Scored      {_scored(t, t.score)}"] if t.score else []
    lines += [f"  decisions   {', '.join(t.decisions)}"] if t.decisions else []
    lines += [f"  {click.style('~', fg='yellow')} {d} is re-opened: {why} → upheld learn {d}" for d, why in t.reopened]
    lines += [f"  {click.style('~', fg='yellow')} {line}" for line in t.stale]
    lines += [f"  missing     {line}" for line in t.missing]
    return "\n".join(lines)


def _scored(t: Thread, score: Score) -> str:
    """What became of the prediction: scored once, against the first valid run after it."""
    unit = t.criterion.sentence.target.unit
    low, high, lived, points = (
        quantity.show(v, unit) for v in (score.prediction.low, score.prediction.high, score.lived, score.points)
    )
    when = (
        f"predicted {score.predicted:%Y-%m-%d %H:%M}, {score.stage.shown.lower()} {score.observed:%Y-%m-%d %H:%M} UTC"
    )
    word = "inside" if score.hit else "outside"
    shown = lived if math.isfinite(score.lived) else "beyond every time-out"
    told = f"; interval score {points}" if math.isfinite(score.points) else ""
    return f"{show.shape(State.MET if score.hit else State.NOT_MET)} {shown} {word} {low} to {high}{told} ({when})"


def _agreed(t: Thread) -> str:
    return (
        " · ".join(f"{r.role} {r.state.value}" + (f" ({r.person})" if r.person else "") for r in t.agreed)
        or "nobody is asked"
    )


def _stage(t: Thread, stage: Stage, evidence: Sequence[Evidence]) -> list[str]:
    verdict = t.stages[stage]
    if verdict is None:
        return [f"{show.shape(None)} not asked"]
    text = show.verdict_lines(t.criterion, verdict, title=shown.value(t.criterion, verdict) or " ")
    lines = text.split("\n")
    lines += [
        f"{show.INDENT}{show.shape(g.state)} {g.member}: {_group(t, verdict, i)}" for i, g in enumerate(verdict.groups)
    ]
    by_id = {e.id: e for e in evidence}
    for identity in verdict.evidence[:5]:
        e = by_id.get(identity)
        if e is not None:
            lines.append(f"{show.INDENT}evidence {identity[7:19]} {_provenance(e)}")
    return lines


def _group(t: Thread, verdict: Verdict, i: int) -> str:
    g = verdict.groups[i]
    number = shown.value(t.criterion, Verdict(
        state=g.state, stage=verdict.stage, rule=verdict.rule, target=verdict.target, unit=verdict.unit, estimate=g.estimate,
    ))  # fmt: skip
    return " ".join(part for part in (number, f"n {g.n}" if g.n else "", g.reason.value, g.detail) if part)


def _provenance(e: Evidence) -> str:
    when = e.observed.strftime("%Y-%m-%d %H:%M UTC") if e.observed else "time unknown"
    tool = e.producer.get("tool", "")
    return " · ".join(
        p for p in (e.source.get("file", ""), tool, shown.short(e.subject) if e.subject else "no subject", when) if p
    )


def _impact_text(changes: Sequence[Change], since: str) -> str:
    if not changes:
        return f"no promise has changed since {since}"
    lines = []
    for c in changes:
        lines.append(f"{click.style('~', fg='yellow')} {c.criterion} {c.direction.value}")
        lines += [f"    was  {c.before}"] if c.before else []
        lines += [f"    is   {c.after}"] if c.after else []
        for word, things in (
            ("decision to review", c.decisions), ("suspect link from", c.links), ("stale sign-off", c.sign_offs),
            ("stale evidence", c.evidence), ("must be signed again by", c.needs_customers),
        ):  # fmt: skip
            lines += [f"    {word}: {thing}" for thing in things]
    return "\n".join(lines)
