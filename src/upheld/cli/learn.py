"""`upheld learn`: what became of decisions and risks, one decision with its trade-off, and lessons by criterion."""

from datetime import UTC, datetime
from pathlib import Path

import click

from upheld.cli import options, show
from upheld.core import quantity, reckoning
from upheld.core.account import Account, Calibration, Learned, Standing, Watched
from upheld.core.matrix import Axis, Flip
from upheld.core.tradeoff import Tradeoff
from upheld.core.verdict import State
from upheld.errors import DefinitionError, UsageError
from upheld.stages import learn as stage
from upheld.stages.learn import Learning, Whole
from upheld.wiring import Workspace, open_workspace


@click.command()
@click.argument("items", nargs=-1, metavar="[ID]...")
@options.evidence
@options.at
@options.store
@options.project
@options.form()
@click.option(
    "--draw", type=click.Path(dir_okay=False, path_type=Path), help="Write one decision's trade-off to this SVG file."
)
def learn(
    items: tuple[str, ...],
    paths: tuple[Path, ...],
    at_text: str | None,
    store: bool,
    start: Path,
    form: str,
    draw: Path | None,
) -> None:
    """Hold decisions and risks against what was measured.

    \b
    upheld learn                     every decision and risk, and how well outcomes were foretold
    upheld learn 0001                one decision: its trade-off, what it expected, what came of it
    upheld learn REQ-LAT-001.c1      what was learned about a criterion, a requirement or an indicator
    """  # noqa: D301  click reads a backspace as "keep these lines"
    at = show.moment(at_text)
    workspace = open_workspace(start, store=store, reports=paths)
    catalogue = workspace.catalogue
    evidence = workspace.known(paths, aside=True)
    decisions = [d for item in items if (d := workspace.project.decision(item)) is not None]
    names = [item for item in items if workspace.project.decision(item) is None]
    _check(workspace, names)
    everything = None if items else stage.learn(catalogue, evidence, at=at)
    whole = [stage.of_decision(catalogue, d, evidence, at=at) for d in decisions]
    for one in whole:
        _refuse(workspace, one)
    if draw is not None:
        _draw(whole, draw)
    told = {name: stage.about(catalogue, name, evidence, at=at) for name in names}
    if form == "json":
        show.echo_json(
            reckoning.learn_json(
                everything.accounts if everything else [one.account for one in whole],
                everything.risks if everything else (), everything.calibration if everything else None,
                {one.account.decision.id: one.tradeoff for one in whole if one.tradeoff}, told,
                project=catalogue.config.project, at=at,
            )
        )  # fmt: skip
        return
    blocks = [_overview(catalogue.config.project, everything, at)] if everything is not None else []
    blocks += [_decision(one) for one in whole]
    blocks += [_lessons(name, found) for name, found in told.items()]
    click.echo("\n\n".join(blocks))


def _check(workspace: Workspace, names: list[str]) -> None:
    catalogue = workspace.catalogue
    for name in names:
        if not (name in catalogue.criteria or name in catalogue.requirements or name in catalogue.indicators):
            raise UsageError(f'no decision, criterion, requirement or indicator "{name}"; see: upheld learn')


def _draw(whole: list[Whole], file: Path) -> None:
    from upheld.render.tradeoff import picture

    drawn = [one.tradeoff for one in whole if one.tradeoff is not None]
    if len(drawn) != 1:
        raise UsageError("a picture is of one decision with a matrix: upheld learn 0001 --draw tradeoff.svg")
    show.write_whole(file, picture(drawn[0]) + "\n")


def _refuse(workspace: Workspace, one: Whole) -> None:
    """A trade-off that cannot be computed is refused with the place of the first thing that is missing."""
    if one.gaps:
        decision, first = one.account.decision, one.gaps[0]
        line, column = workspace.project.place("decision", decision.id, first.path)
        more = f" (and {len(one.gaps) - 1} more)" if len(one.gaps) > 1 else ""
        raise DefinitionError(f"{decision.file}:{line}:{column}: {first.message}{more}; {first.fix}")


# ── Everything ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _overview(project: str, found: Learning, at: datetime) -> str:
    again = sum(a.reopened for a in found.accounts)
    head = [project, f"{len(found.accounts)} decisions", f"{again} re-opened", f"{len(found.risks)} risks"]
    lines = [" · ".join([*head, at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")])]
    for a in sorted(found.accounts, key=lambda a: not a.reopened):
        lines += ["", *_account(a)]
    for w in sorted(found.risks, key=lambda w: not w.materialising):
        lines += ["", *_risk(w)]
    lines += ["", _calibration(found.calibration)]
    return "\n".join(lines)


def _account(a: Account) -> list[str]:
    decision = a.decision
    state = "re-opened" if a.reopened else decision.status.value
    mark = click.style("~", fg="yellow") if a.reopened else " "
    lines = [f"{mark} {click.style(decision.id, bold=True)} {decision.title}  ({state})"]
    lines += [f"    {_standing(s)}" for s in a.standings]
    lines += [f"    {click.style('~', fg='yellow')} {why}" for standing, why in a.causes if standing is None]
    return lines


def _standing(s: Standing) -> str:
    day = ""
    if s.statement.due is not None:
        day = f"  {'due since' if s.due else 'due'} {s.statement.due.isoformat()}"
    interval = ""
    if s.statement.between is not None:
        low, high = s.statement.between
        where = {True: ", inside", False: ", outside"}.get(s.inside, "") if s.inside is not None else ""
        interval = f"  (expected {low} to {high}{where})"
    return f"{show.shape(s.state)} {s.role.value} {s.statement.id}  {s.statement.that}  {s.seen}{interval}{day}"


def _risk(w: Watched) -> list[str]:
    risk = w.risk
    state = "materialising" if w.materialising else "unwatched" if w.unwatched else risk.status.value
    mark = show.shape(State.NOT_MET) if w.materialising else " "
    return [
        f"{mark} {click.style(risk.id, bold=True)} {risk.title}  ({state})",
        *(f"    {_standing(s)}" for s in w.standings),
        *([f"    {risk.owner}: {risk.mitigation}"] if w.materialising and risk.mitigation else []),
    ]


def _calibration(c: Calibration) -> str:
    waiting = f"; {c.waiting} not due or not measured yet" if c.waiting else ""
    if not c.enough:
        return f"calibration: {c.n} outcomes with a stated interval have been measured, 10 are needed{waiting}"
    low, high = c.verdict.interval or (0.0, 1.0)
    return (
        f"calibration: {c.inside} of {c.n} outcomes inside their interval "
        f"({quantity.show(low, quantity.SHARE)} to {quantity.show(high, quantity.SHARE)}); 90 % expected: "
        f"{show.shape(c.verdict.state)} {c.verdict.state.value}{waiting}"
    )


# ── One decision ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _decision(one: Whole) -> str:
    a = one.account
    decision = a.decision
    state = "re-opened" if a.reopened else decision.status.value
    about = [decision.id, state, f"chose {decision.chosen}" if decision.chosen else "", ", ".join(decision.affects)]
    lines = [click.style(decision.title, bold=True), "  " + " · ".join(part for part in about if part)]
    lines += _tradeoff(one.tradeoff, decision.chosen) if one.tradeoff else []
    if a.standings:
        lines += ["", *(f"  {_standing(s)}" for s in a.standings)]
    lines += [f"  {click.style('~', fg='yellow')} {why}" for why in a.reasons]
    lines += [f"  lesson: {entry.text}" for entry in one.lessons]
    return "\n".join(lines)


def _tradeoff(t: Tradeoff, chosen: str) -> list[str]:
    options = [place.option for place in t.places]
    rows = [["", "weight", *options, *t.matrix.excluded]]
    columns = [t.matrix.options.index(option) for option in rows[0][2:]]
    rows += [
        [axis.name + _mark(axis), _weight(axis), *(_score(axis, i) for i in columns)] for axis in t.matrix.axes
    ]  # fmt: skip
    rows.append(
        ["weighted sum", "", *(f"{float(p.value):.3f}" for p in t.places), *("excluded" for _ in t.matrix.excluded)]
    )
    rows.append(
        [
            "first of all weightings",
            "",
            *(f"{100 * t.wins[o]:.1f} %" for o in options),
            *("" for _ in t.matrix.excluded),
        ]
    )
    lines = ["", show.table(rows, indent="  ")]
    for option, axes in t.matrix.excluded.items():
        lines.append(f"  {show.shape(State.NOT_MET)} {option} breaks {' and '.join(axes)}")
    if not t.places:
        return [*lines, "  no option keeps what is hard"]
    first = t.places[0].option
    if chosen and chosen != first:
        lines.append(f"  the matrix puts {first} first, {chosen} was chosen")
    if not t.flips and len(t.places) > 1:
        lines.append(f"  {first} is first whatever a single axis weighs")
    lines += [f"  {_flip(flip)}" for flip in t.flips[:4]]
    return lines


def _mark(axis: Axis) -> str:
    hard = " (hard)" if axis.holds is not None else ""
    return f"{' ↓' if axis.less else ''}{hard}"


def _weight(axis: Axis) -> str:
    return f"{float(axis.weight):.3g}" if axis.weight else "·"


def _score(axis: Axis, index: int) -> str:
    mark = "" if axis.holds is None else f"{show.shape(State.MET if axis.holds[index] else State.NOT_MET)} "
    return mark + quantity.show(float(axis.scores[index]), axis.unit)


def _flip(flip: Flip) -> str:
    word = "or more" if flip.up else "or less"
    return (
        f"{flip.winner} is first when {flip.axis} weighs {float(flip.shown):.12g} {word} "
        f"instead of {float(flip.weight):.3g}, the others in proportion"
    )


# ── Lessons ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _lessons(name: str, found: tuple[Learned, ...]) -> str:
    if not found:
        return f"{name}: nothing learned yet; decisions that affect it teach by their expected outcomes"
    lines = [f"{click.style(name, bold=True)} · {len(found)} lesson{'' if len(found) == 1 else 's'}"]
    for entry in found:
        mark = show.shape(entry.state) if entry.state is not None else " "
        day = f"  {entry.date.isoformat()}" if entry.date else ""
        lines.append(f"  {mark} {entry.text}  → {entry.source}{day}")
    return "\n".join(lines)
