"""`upheld report`: what a design review looks at, from the thread."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from upheld.cli import options, show
from upheld.core import quantity, reckoning
from upheld.core.account import Calibration
from upheld.core.meeting import Pack
from upheld.core.pack import Briefing, Turned
from upheld.core.thread import Direction
from upheld.core.verdict import State
from upheld.stages.report import pack_of
from upheld.wiring import definitions_then, open_workspace

MOST_ADDED = 12
Section = tuple[str, list[str]]


@click.command()
@click.option(
    "--pack",
    type=click.Choice([pack.value for pack in Pack]),
    default=Pack.WEEKLY.value,
    show_default=True,
    help="The rhythm of the review.",
)
@click.option("--since", "since_text", help="Look back to this date or time instead of the last joint review.")
@options.evidence
@options.at
@options.store
@options.project
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Text for a terminal, Markdown for a page, or data for other tools.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
def report(
    pack: str,
    since_text: str | None,
    paths: tuple[Path, ...],
    at_text: str | None,
    store: bool,
    start: Path,
    form: str,
    output: Path | None,
) -> None:
    """Tell what changed since the last review, what is undecided, what got worse, what is due.

    A review counts as held when product and engineering were both there (upheld new review weekly).
    """
    at = show.moment(at_text)
    workspace = open_workspace(start, store=store, reports=paths)
    found = pack_of(
        workspace.catalogue, workspace.known(paths), Pack(pack), at=at, definitions_at=partial(definitions_then, workspace),
        since=show.moment(since_text) if since_text else None, sign_offs=workspace.sign_offs(),
    )  # fmt: skip
    project = workspace.catalogue.config.project
    if form == "json":
        text = show.json_text(reckoning.pack_json(found, project=project))
    elif form == "markdown":
        text = _markdown(found, project)
    else:
        text = _text(found, project)
    show.deliver(text, output)


def _title(b: Briefing, project: str) -> str:
    since = _moment(b.since) + (f", review {b.last}" if b.last else "")
    return f"{project} · {b.pack.value} design review · {_moment(b.at)} · since {since}"


def _text(b: Briefing, project: str) -> str:
    lines = [_title(b, project)]
    for title, found in _sections(b):
        lines += ["", click.style(title, bold=True), *(f"  {line}" for line in found)]
    return "\n".join(lines)


def _markdown(b: Briefing, project: str) -> str:
    lines = [f"# {_title(b, project)}"]
    for title, found in _sections(b):
        lines += ["", f"## {title}", "", *(f"- {_escaped(click.unstyle(line))}" for line in found)]
    return "\n".join(lines)


def _escaped(line: str) -> str:
    """What people wrote shows as they wrote it: no mark-up, no tag, no mention that tells somebody."""
    kept = line.replace("\\", "\\\\")
    for mark in "`*_[]<>|#@":
        kept = kept.replace(mark, f"\\{mark}" if mark != "@" else "@\u200b")
    return kept


def _sections(b: Briefing) -> Iterator[Section]:
    """The parts of a pack, what needs somebody first; one that has nothing to say is left out."""
    yield from _said(
        "Re-opened", (f"~ {a.decision.id} {a.decision.title}: {why}" for a in b.reopened for why in a.reasons)
    )
    yield from _said("Got worse", map(_turned, b.worse))
    yield from _said("Risks", _risks(b))
    yield from _said("Outcomes due", _due(b))
    yield from _said(
        "Undecided", (f"{w.item}  {w.why}" + (f" ({', '.join(w.whom)})" if w.whom else "") for w in b.undecided)
    )
    yield from _said("Changed", _changed(b))
    yield from _said("Got better", map(_turned, b.better))
    yield from _said("Not answered yet", (f"{c.kind.value}: {c.kind.question} ({c.why})" for c in b.classes))
    yield "Reviews and foresight", list(_kept(b))


def _said(title: str, lines: Iterable[str]) -> Iterator[Section]:
    found = list(lines)
    if found:
        yield title, found


def _turned(t: Turned) -> str:
    return (
        f"{show.shape(t.after)} {t.criterion} {t.stage.shown.lower()}: {t.before.value} → {t.after.value}  "
        f"{t.sentence}  {t.number}".rstrip()
    )


def _risks(b: Briefing) -> Iterator[str]:
    for w in sorted(b.risks, key=lambda w: (not w.materialising, w.risk.id)):
        owner = f" ({w.risk.owner})" if w.risk.owner else ""
        for s in w.materialising:
            yield f"{show.shape(State.NOT_MET)} {w.risk.id} {w.risk.title} is materialising: {s.statement.that}, {s.seen}{owner}"
        if w.unwatched:
            yield f"{show.shape(State.INCONCLUSIVE)} {w.risk.id} {w.risk.title} is unwatched{owner}"


def _due(b: Briefing) -> Iterator[str]:
    for d in b.due:
        s = d.standing
        word = "was due" if s.due else "is due"
        yield f"{show.shape(s.state)} {d.decision}.{s.statement.id} {word} {s.statement.due}: {s.statement.that}  {s.seen}"


def _changed(b: Briefing) -> Iterator[str]:
    if b.changes is None:
        yield "what was defined then is not known here: no commit is that old"
        return
    added = [c for c in b.changes if c.direction is Direction.ADDED]
    left_out = added[MOST_ADDED:]  # the first pack of a product would be nothing but its definitions
    for c in (change for change in b.changes if change not in left_out):
        touched = [f"review {d}" for d in c.decisions] + [f"stale sign-off {s}" for s in c.sign_offs]
        words = f": {c.before} → {c.after}" if c.before and c.after else f": {c.before or c.after}"
        yield f"{c.criterion} {c.direction.value}{words}" + (f" ({'; '.join(touched)})" if touched else "")
    if left_out:
        yield f"and {len(left_out)} more added: upheld thread"
    for m in b.decisions:
        yield f"decision {m.decision} {m.what}: {m.title}"


def _kept(b: Briefing) -> Iterator[str]:
    if b.completion is None:
        yield f"no rhythm is kept: write reviews: {{{b.pack.value}: YEAR-MONTH-DAY}} in upheld.yaml"
    else:
        c = b.completion
        share = f" ({100 * c.held / c.planned:.0f} %)" if c.planned else ""
        missed = f"; none in the period from {', '.join(day.isoformat() for day in c.missed[-3:])}" if c.missed else ""
        yield f"{c.held} of {c.planned} planned reviews held{share}{missed}"
    for review in b.reviews:
        yield f"{review.id} does not count: product and engineering were not both there"
    yield _foresight(b.calibration)


def _foresight(c: Calibration) -> str:
    if not c.enough:
        return f"{c.n} outcomes with a stated interval have been measured; from 10 on their calibration is shown"
    low, high = c.verdict.interval or (0.0, 1.0)
    return (
        f"{show.shape(c.verdict.state)} {c.inside} of {c.n} outcomes inside their stated interval "
        f"({quantity.show(low, quantity.SHARE)} to {quantity.show(high, quantity.SHARE)}); 90 % expected: {c.verdict.state.value}"
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
