"""`upheld judge`: a promise, a file, a verdict. No project stands between a person and the first verdict."""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from upheld.cli import options, show
from upheld.core import criterion as criteria
from upheld.core import evidence as records
from upheld.core import quantity, shown
from upheld.core.criterion import Binding, Criterion, Indicator, Kind, Rule, Sentence, Stage
from upheld.core.evidence import Evidence
from upheld.core.judge import judge as judge_criterion
from upheld.core.offer import offer
from upheld.core.report import JUDGEMENT, exit_status, verdict_json
from upheld.core.verdict import Verdict
from upheld.errors import SentenceError
from upheld.measure import gather
from upheld.ports import Reading, Request
from upheld.readers import read


@click.command()
@click.argument("sentence")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--rule", type=click.Choice([r.value for r in Rule]), help="Decision rule (default: confident for samples)."
)
@click.option("--unit", default="", help="Unit of values whose file names none, e.g. ms.")
@click.option("--stage", type=click.Choice([s.value for s in Stage]), help="Stage to judge (default: the files' own).")
@click.option("--at", "at_text", help="Evaluate as of this time instead of now.")
@options.form()
def judge(
    sentence: str,
    files: tuple[Path, ...],
    rule: str | None,
    unit: str,
    stage: str | None,
    at_text: str | None,
    form: str,
) -> None:
    """Judge SENTENCE on report FILES, without any project.

    \b
    upheld judge "p95 of latency < 1 s" report.csv
    upheld judge "task.done >= 90 %" pilot.json
    upheld judge "test.passed = 100 %" junit.xml

    Exit codes: 0 met, 1 not met, 2 the sentence is broken, 3 inconclusive.
    """  # noqa: D301  click reads a backspace as "keep these lines"
    at = show.moment(at_text)
    promise = parse_or_exit(sentence)
    if unit:
        quantity.find_unit(unit)
    readings = gather(files, _request(promise, unit), read)
    evidence = _chosen([e for r in readings for e in r.evidence], promise)
    shown_stage = Stage(stage) if stage else _stage(evidence)
    criterion = _criterion(promise, evidence, shown_stage, rule)
    try:
        criteria.check(promise, criterion.indicator)
    except SentenceError as error:
        _explain(str(promise), error)
    verdict = judge_criterion(criterion, shown_stage, evidence, at=at)
    if form == "json":
        files_json = [
            {"file": _file(r), "reader": r.reader, "summary": r.summary, "reason": r.reason} for r in readings
        ]
        show.echo_json({"schema": JUDGEMENT, **verdict_json(criterion, verdict), "files": files_json})
    else:
        click.echo(
            show.verdict_lines(
                criterion, verdict, tip=_tip(promise, criterion, shown_stage, evidence, verdict, at_text)
            )
        )
        for line in _unread(readings, evidence):
            if line not in verdict.detail:
                click.echo(f"{show.INDENT}{line}")
    sys.exit(exit_status(verdict.state))


def parse_or_exit(sentence: str) -> Sentence:
    """Parse a sentence; a broken one is shown with a caret under the place, exit 2."""
    try:
        return criteria.parse(sentence)
    except SentenceError as error:
        _explain(sentence, error)


def _explain(sentence: str, error: SentenceError) -> NoReturn:
    click.echo(f"upheld: {error.message}", err=True)
    click.echo(f"  {sentence}\n  {' ' * (error.column - 1)}^ {error.fix}".rstrip(), err=True)
    sys.exit(error.exit_status)


def _request(promise: Sentence, unit: str) -> Request:
    names = (promise.indicator, "load.latency", "benchmark.time")
    limit = frozenset({float(promise.target)} if promise.quantile is not None else ())
    return Request(thresholds=dict.fromkeys(names, limit), unit=unit)


def _chosen(evidence: list[Evidence], promise: Sentence) -> list[Evidence]:
    """The evidence that the sentence speaks of: by its indicator's name, else the only thing the files can mean."""
    own = [e for e in evidence if e.indicator == promise.indicator]
    if own:
        return [e for e in own if not e.links]
    wanted = {"load.latency", "benchmark.time"} if _is_value(promise) else {"load.ok"}
    native = [e for e in evidence if e.indicator in wanted]
    whole = [e for e in native if not e.population.keys() & {"request", "benchmark"}]
    last = promise.indicator.rpartition(".")[2]
    part = [e for e in native if last in (e.population.get("request", ""), e.population.get("benchmark", ""))]
    return [_renamed(e, promise.indicator) for e in (part or whole or native)]


def _renamed(e: Evidence, name: str) -> Evidence:
    population = {k: v for k, v in e.population.items() if k not in ("request", "benchmark")}
    return replace(e, indicator=name, population=population)


def _is_value(promise: Sentence) -> bool:
    return promise.quantile is not None or promise.statistic in ("mean", "max")


def _stage(evidence: list[Evidence]) -> Stage:
    counted = Counter(e.stage for e in evidence)
    return counted.most_common(1)[0][0] if counted else Stage.BUILD


_COUNTED = ("test", "coverage", "sarif", "sbom", "vex", "scan")  # families of indicators that count everything


def _criterion(promise: Sentence, evidence: list[Evidence], stage: Stage, rule: str | None) -> Criterion:
    """A criterion around the bare sentence: the indicator's kind and unit follow from the files and the target."""
    statistic = next((e.statistic for e in evidence if e.statistic is not None), None)
    kind = Kind.VALUE if _is_value(promise) else Kind.RATIO
    if statistic is None and promise.statistic in criteria.STATISTICS:  # nothing readable: the sentence itself says it
        kind = min(criteria.STATISTICS[promise.statistic][0], key=lambda k: k.value)
    elif not _is_value(promise):
        if isinstance(statistic, records.Rate):
            kind = Kind.COUNT
        elif isinstance(statistic, records.Age):
            kind = Kind.AGE
        elif (not isinstance(statistic, records.Share | records.Slices) and statistic is not None) or (
            statistic is None and promise.target.unit.dimension is not quantity.Dimension.SHARE
        ):
            kind = Kind.LEVEL
    census = promise.indicator.partition(".")[0] in _COUNTED or rule == Rule.CENSUS.value
    indicator = Indicator(name=promise.indicator, kind=kind, unit=promise.target.unit, census=census)
    bindings = {stage: Binding(stage=stage, rule=Rule(rule))} if rule else {}
    return Criterion(address="judge", sentence=promise, indicator=indicator, bindings=bindings)


def _tip(
    promise: Sentence,
    criterion: Criterion,
    stage: Stage,
    evidence: list[Evidence],
    verdict: Verdict,
    at_text: str | None,
) -> str:
    if promise.quantile is None or verdict.n == 0:
        return ""
    best = offer(promise, criterion, stage, evidence, at=show.moment(at_text))[0]
    if best.target is None:
        return ""
    return f"the tightest promise this evidence supports: {shown.limit(best.target, promise.op, promise.target.unit)}"


def _file(reading: Reading) -> str:
    return next((e.source.get("file", "") for e in reading.evidence), "") or reading.summary


def _unread(readings: list[Reading], evidence: list[Evidence]) -> list[str]:
    lines = [r.reason for r in readings if not r.readable]
    if not evidence and not lines:
        found = sorted({e.indicator for r in readings for e in r.evidence})
        lines.append("the files hold: " + (", ".join(found) or "nothing that a reader knows"))
    return lines
