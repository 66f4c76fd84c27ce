"""`upheld offer`: the tightest promise that the evidence supports, for all and for each customer."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from upheld.cli import options, show
from upheld.core import criterion as criteria
from upheld.core import quantity, shown
from upheld.core.criterion import Criterion, Indicator, Kind, Stage
from upheld.core.offer import Offer
from upheld.core.offer import offer as find_offers
from upheld.core.report import in_unit
from upheld.errors import UsageError
from upheld.wiring import open_workspace

SCHEMA = "upheld/offer/v1"


@click.command()
@click.argument("indicator")
@click.option("--statistic", default="", help="Quantile or statistic of a value indicator (default: p95).")
@click.option(
    "--stage",
    type=click.Choice([s.value for s in Stage]),
    default="production",
    show_default=True,
    help="Stage whose evidence counts.",
)
@click.option("--over", default="", help="Window of the promise, e.g. 30 d (default: that of its criteria).")
@options.evidence
@options.at
@options.store
@options.project
@options.form()
def offer(
    indicator: str,
    statistic: str,
    stage: str,
    over: str,
    paths: tuple[Path, ...],
    at_text: str | None,
    store: bool,
    start: Path,
    form: str,
) -> None:
    """Turn the judge round: the tightest promise on INDICATOR that the evidence supports."""
    at = show.moment(at_text)
    workspace = open_workspace(start, store=store)
    known = workspace.catalogue.indicator(indicator)
    if known is None:
        raise UsageError(f'no indicator "{indicator}" in indicators.yaml')
    readings = workspace.read(paths, workspace.request())
    evidence = [*workspace.named([e for r in readings for e in r.evidence]), *workspace.history()]
    template = _template(known, statistic, over or _window(workspace.catalogue.criteria.values(), indicator, stage))
    sentence = criteria.parse(template)
    criteria.check(sentence, known)
    criterion = Criterion(address=f"offer.{indicator}", sentence=sentence, indicator=known)
    offers = find_offers(sentence, criterion, Stage(stage), evidence, at=at)
    unit = criteria.expected_unit(sentence.statistic, known)
    if form == "json":
        show.echo_json({"schema": SCHEMA, "indicator": indicator, "stage": stage, "unit": unit.name,
                        "offers": [_json(o, template, unit) for o in offers]})  # fmt: skip
    else:
        for o in offers:
            click.echo(_line(o, sentence, unit, many=len(offers) - 1))
    sys.exit(0 if offers and offers[0].target is not None else 3)


def _template(known: Indicator, statistic: str, window: str) -> str:
    if known.kind is Kind.VALUE:
        sentence = f"{statistic or 'p95'} of {known.name} <= 1 {known.unit.name}"
    elif known.kind is Kind.RATIO:
        sentence = f"{known.name} >= 50 %"
    elif known.kind is Kind.LEVEL:
        sentence = f"{statistic + ' of ' if statistic else ''}{known.name} >= 0 {known.unit.name}"
    elif known.kind is Kind.AGE:
        sentence = f"age of {known.name} <= 1 h"
    else:
        sentence = f"{statistic + ' of ' if statistic else ''}{known.name} <= 1 {known.unit.name}"
    return sentence.strip() + (f" over {window}" if window else "")


def _window(found: Iterable[Criterion], indicator: str, stage: str) -> str:
    if stage != Stage.PRODUCTION.value:
        return ""
    windows = [c.sentence.window for c in found if c.indicator.name == indicator and c.sentence.window]
    return str(windows[0]) if windows else ""


def _line(o: Offer, sentence: criteria.Sentence, unit: quantity.Unit, *, many: int) -> str:
    who = o.member or (f"all {many}" if many > 0 else "all")
    name = f"{sentence.statistic} of {sentence.indicator}" if sentence.statistic else sentence.indicator
    if o.target is None:
        return f"{who:<16} no promise is supported ({o.n} events)"
    return f"{who:<16} {name} {sentence.op.value} {shown.limit(o.target, sentence.op, unit)}   from {o.n} events"


def _json(o: Offer, template: str, unit: quantity.Unit) -> dict[str, object]:
    return {
        "customer": o.member or None, "target": in_unit(o.target, unit), "tighter": in_unit(o.tighter, unit),
        "n": o.n, "sentence": template, "verdict": o.verdict.state.value if o.verdict else None,
    }  # fmt: skip
