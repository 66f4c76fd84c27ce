"""`upheld demo`: one promise from the customer's sentence to twelve banks in production; then one number is tightened.

The evidence is the sample that ships with Upheld (see `sample/README.md`); questions, verdicts, staleness and impact
are computed now, by the same functions that a project uses.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import as_file, files

import click

from upheld.cli import show
from upheld.core import criterion as criteria
from upheld.core import quantity, shown
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Criterion, Stage
from upheld.core.evidence import Evidence
from upheld.core.gate import SignOffState
from upheld.core.judge import judge
from upheld.core.questions import questions
from upheld.core.thread import Thread, impact, threads
from upheld.core.verdict import State, Verdict
from upheld.wiring import Workspace, open_workspace

AT = datetime(2026, 11, 22, 7, 40, tzinfo=UTC)
CRITERION = "REQ-LAT-001.c1"
TIGHTER = "0.8 s"


@click.command()
def demo() -> None:
    """See one promise predicted, tested, released and lived; then tighten it by one number."""
    with as_file(files("upheld") / "sample") as folder:
        workspace = open_workspace(folder, store=False)
        evidence = workspace.named(
            [e for r in workspace.read([folder / "evidence"], workspace.request()) for e in r.evidence]
        )
        _tell(workspace, evidence)


def _tell(workspace: Workspace, evidence: Sequence[Evidence]) -> None:
    catalogue = workspace.catalogue
    requirement = catalogue.requirements["REQ-LAT-001"]
    criterion = catalogue.criteria[CRITERION]
    _heading(1, "The customer said")
    click.echo(f"   “{requirement.source.quote.strip()}”\n   {requirement.source.document}\n")
    found = questions(requirement.source.quote)
    click.echo(f"   {_number(len(found))} things nobody can verify yet:")
    rows = [[f"   {q.function}", click.style(q.phrase, bold=True), q.question] for q in found]
    click.echo(show.table(rows))

    _heading(2, "Answered together, it becomes a promise")
    click.echo(f"   {click.style(str(criterion.sentence), bold=True)}")
    before = _thread(catalogue, evidence, workspace)
    click.echo(f"   agreed: {_agreed(before)}")

    _heading(3, "Predicted, tested, released, lived " + click.style("(sample evidence)", dim=True))
    _stages(criterion, evidence)

    tighter = replace(criterion.sentence, target=quantity.parse(TIGHTER))
    _heading(4, f"Now tighten one number: {criterion.sentence.target} → {TIGHTER}")
    changed = _with_sentence(catalogue, tighter)
    after = _thread(changed, evidence, workspace)
    _stages(changed.criteria[CRITERION], evidence, brief=True)
    stale = [r for r in after.agreed if r.state is SignOffState.STALE]
    click.echo(f"   agreed      {show.shape(None, stale=False) if not stale else show.shape(State.MET, stale=True)} "
               + (", ".join(f"{r.person} ({r.role}) signed another version" for r in stale) or "nobody had signed"))  # fmt: skip
    for change in impact(catalogue, changed, evidence, workspace.sign_offs(), at=AT):
        for decision in change.decisions:
            click.echo(f"   decision    {show.shape(State.MET, stale=True)} {decision} rests on it: review")
    click.echo("\nSame evidence, new promise, new verdicts. Make your own:  " + click.style("upheld init", bold=True))


def _heading(number: int, text: str) -> None:
    click.echo(f"\n{click.style(str(number), bold=True)}  {click.style(text, bold=True)}")


def _number(count: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
    return words[count] if count < len(words) else str(count)


def _stages(criterion: Criterion, evidence: Sequence[Evidence], *, brief: bool = False) -> None:
    rows: list[list[str]] = []
    for stage in Stage:
        for label, verdict in _runs(criterion, stage, evidence, newest_only=brief):
            rows.append([f"   {stage.shown if not rows or rows[-1][0].strip() != stage.shown else ''}",
                         f"{show.shape(verdict.state)} {shown.value(criterion, verdict)}", label, _detail(criterion, verdict, brief=brief)])  # fmt: skip
    click.echo(show.table(rows))


def _runs(
    criterion: Criterion, stage: Stage, evidence: Sequence[Evidence], *, newest_only: bool
) -> list[tuple[str, Verdict]]:
    """Every design and build that was tried, oldest first, each judged for itself; production as one."""
    about = [e for e in evidence if e.stage is stage]
    if stage is Stage.PRODUCTION or newest_only:
        return [("", judge(criterion, stage, about, at=AT))]
    tried: dict[str, list[Evidence]] = {}
    for e in sorted(about, key=lambda e: e.observed or AT):
        tried.setdefault(e.run if stage is Stage.DESIGN else e.subject, []).append(e)
    return [(label, judge(criterion, stage, found, at=AT)) for label, found in tried.items()]


def _detail(criterion: Criterion, verdict: Verdict, *, brief: bool) -> str:
    if verdict.groups:
        bad = [g.member for g in verdict.groups if g.state is State.NOT_MET]
        total = len(verdict.groups)
        return f"{len(bad)} of {total} banks not met: {', '.join(bad)}" if bad else f"{total} of {total} banks, 30 days"
    if verdict.stage is Stage.DESIGN:
        return verdict.why if brief else ""
    return shown.carried_by(criterion, verdict)


def _thread(catalogue: Catalogue, evidence: Sequence[Evidence], workspace: Workspace) -> Thread:
    return threads(catalogue, evidence, at=AT, sign_offs=workspace.sign_offs())[0]


def _agreed(thread: Thread) -> str:
    return ", ".join(
        f"{show.shape(State.MET if r.person else State.INCONCLUSIVE)} {r.role} {r.person}" for r in thread.agreed
    )


def _with_sentence(catalogue: Catalogue, sentence: criteria.Sentence) -> Catalogue:
    """The same definitions with one criterion's sentence replaced."""
    requirement = catalogue.requirements["REQ-LAT-001"]
    statement = replace(requirement.criteria[0], sentence=sentence, that=str(sentence))
    edited = replace(requirement, criteria=(statement, *requirement.criteria[1:]))
    return replace(catalogue, requirements={**catalogue.requirements, requirement.id: edited})
