"""`upheld predict`: what assessments say of the promises, before anything is built."""

import math
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from upheld.cli import options, show
from upheld.core import quantity
from upheld.core.report import exit_status, verdict_json
from upheld.core.verdict import worst
from upheld.errors import UsageError

if TYPE_CHECKING:
    from upheld.core.availability import Forecast as Availability
    from upheld.core.evidence import Prediction
    from upheld.core.forecast import BackTest
    from upheld.core.latency import Forecast
    from upheld.core.profile import Complexity
    from upheld.predicting import Told
    from upheld.stages.predict import Predicted

PREDICTION = "upheld/prediction/v1"
PER_SECOND = quantity.UNITS["/s"]
LEVERS = 3
MATTERS = 0.97  # what moves the number by less is noise


@click.command()
@click.argument("names", nargs=-1, metavar="[ASSESSMENT]...")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Compare a variant: workers=84. Nothing is written."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same prediction.")
@click.option("--keep/--no-keep", default=True, show_default=True, help="Write the predictions to predictions/.")
@click.option("--draw", type=click.Path(dir_okay=False, path_type=Path), help="Write pictures to this HTML file.")
@click.option("--at", "at_text", help="The time of the prediction instead of now.")
@options.project
@options.form()
def predict(
    names: tuple[str, ...],
    settings: tuple[str, ...],
    seed: int,
    keep: bool,
    draw: Path | None,
    at_text: str | None,
    start: Path,
    form: str,
) -> None:
    """Predict what every assessment is about, or only those named; judge it by the same criterion as later the run.

    \b
    upheld predict                              all of assessments/
    upheld predict two-tier --set workers=84    a variant, beside what is written

    Commit predictions/ before the run: then it can be scored. Exit codes: 0 met, 1 not met, 3 inconclusive.
    """  # noqa: D301  click reads a backspace as "keep these lines"
    from upheld.predicting import run

    at = show.moment(at_text)
    done = run(start, names, settings=settings, seed=seed, keep=keep and not settings, at=at, tell=_tell(form))
    if not done:
        raise UsageError("no assessment yet; start with: upheld new assessment")
    if draw is not None:
        from upheld.render import assessment

        drawn = [
            (
                p.assessment.title or p.assessment.id,
                f"{p.criterion.sentence}: {p.verdict.state.value}. " + " · ".join(_details(p)),
                assessment.picture(p.criterion, p.verdict, p.forecast),
            )
            for p in done
        ]
        draw.write_text(assessment.page("What is predicted", drawn), encoding="utf-8")
    if form == "json":
        show.echo_json({"schema": PREDICTION, "seed": seed, "predictions": [_json(p) for p in done]})
    else:
        click.echo("\n\n".join(_text(p) for p in done))
    sys.exit(exit_status(worst([p.verdict.state for p in done if not p.aside])))


def _tell(form: str) -> "Told":
    """Say how far a prediction is once it has taken a second, on a terminal only."""
    started = time.monotonic()
    quiet = form != "text" or not sys.stderr.isatty()

    def tell(name: str, done: int, of: int) -> None:
        if not quiet and time.monotonic() - started > 1:
            click.echo(f"\r{name}: {done} of {of} simulations", nl=done == of, err=True)

    return tell


def _text(p: "Predicted") -> str:
    head = f"{p.assessment.id}: {p.criterion.sentence}"
    lines = [show.verdict_lines(p.criterion, p.verdict, title=head)]
    lines += [show.INDENT + line for line in _details(p)]
    if p.aside:
        lines.append(f"{show.INDENT}not the chosen option: the thread does not show it")
    return "\n".join(lines)


def _details(p: "Predicted") -> list[str]:
    from upheld.core import availability, forecast, latency, profile

    match p.forecast:
        case latency.Forecast():
            return _latency(p.forecast)
        case availability.Forecast():
            return _availability(p.forecast)
        case forecast.Forecast():
            return _estimate(p)
        case profile.Complexity():
            return _integration(p.forecast)
        case _:
            return []


def _availability(f: "Availability") -> list[str]:
    how = "closed form" if f.exact else "simulated, 200 years"
    word = "feasible" if f.feasible else "infeasible"
    lines = [f"{word}: {_share(f.expected)} on average ({how}); {_share(f.target)} promised"]
    if f.window is not None:
        low, high = _share(f.predicted.low), _share(f.predicted.high)
        lines.append(f"one window of {_s(f.window)} shows between {low} and {high}, nine times of ten")
    needed = "no availability of the parts keeps it" if f.needed is None else f"each part would need {_share(f.needed)}"
    lines.append(f"without old data {needed}, all alike")
    best = [(name, whole) for name, whole in f.parts.items() if whole > f.expected][:LEVERS]
    if best:
        lines.append("attack first: " + ", then ".join(f"{name} (never down gives {_share(w)})" for name, w in best))
    return lines


def _estimate(p: "Predicted") -> list[str]:
    from upheld.core.forecast import Forecast

    f = p.forecast
    if not isinstance(f, Forecast):
        return []
    start = p.start or p.evidence.observed.date() if p.evidence.observed else None
    shown = []
    for name, weeks in (("P50", f.p50), ("P85", f.p85), ("P95", f.p95)):
        day = f" {start + timedelta(weeks=weeks)}" if start and math.isfinite(weeks) else ""
        shown.append(f"{name}{day} ({weeks:.1f} weeks)" if math.isfinite(weeks) else f"{name} not within ten years")
    lines = [" · ".join(shown)]
    if f.wider > 1:
        lines.append(f"stretched by {f.wider:.2f}, because past forecasts were too narrow")
    if f.back_test is not None:
        lines.append(f"back-test on {f.weeks} weeks: {_held(f.back_test, 'p85')} · {_held(f.back_test, 'p50')}")
    return lines


def _integration(c: "Complexity") -> list[str]:
    lines = ["by what they will cost:"]
    for number, rank in enumerate(c.ranks, 1):
        parts = ", ".join(f"{name} {points:.1f}" for name, points in rank.parts.items()) or "nothing found"
        profile = c.profiles[rank.source]
        size = f"{profile.rows} rows, {len(profile.columns)} columns, {profile.encoding}"
        lines.append(f"  {number}. {rank.source} {rank.points:.1f} points: {parts} ({size})")
    return lines + [f"changed since the last profile: {change}" for change in c.changes]


def _held(test: "BackTest", which: str) -> str:
    held, n, low, high = test.held(which)
    if not n:
        return f"{which.upper()} never tried: the history is too short"
    return f"{which.upper()} held {held} of {n} times ({_share(held / n)}; {_share(low)} to {_share(high)} with 90 % confidence)"


def _share(value: float) -> str:
    return quantity.show(value, quantity.SHARE)


def _latency(f: "Forecast") -> list[str]:
    lines = []
    if f.quantiles:
        shown = " · ".join(f"p{100 * q:g} {_between(p)}" for q, p in f.quantiles.items())
        lines.append(f"{shown}  (90 %: inputs, model and the run's own noise)")
    if not f.steady:
        lines.append(
            f"no steady state: {f.bottleneck} saturates at {quantity.show(f.saturation, PER_SECOND)}, and the line grows"
        )
    elif f.bottleneck:
        lines.append(f"saturates at {quantity.show(f.saturation, PER_SECOND)} ({f.bottleneck})")
    lines.append(
        f"in flight {quantity.show(f.in_flight, quantity.NUMBER)} on average"
        + (f" · {quantity.show(f.failing, quantity.SHARE)} fail" if f.failing else "")
    )
    for load in f.loads:
        if load.workers is None:
            if load.station:
                lines.append(
                    f"{load.station}: {quantity.show(load.load, quantity.NUMBER)} at work on average, without a limit"
                )
            continue
        waits = "the line grows" if load.wait == math.inf else f"wait {_s(load.wait)} on average"
        enough = f.workers.get(load.station)
        keep = f"{enough} keep the promise" if enough else "no number keeps the promise"
        lines.append(
            f"{load.station}: {load.workers} workers, {quantity.show(load.use or 0.0, quantity.SHARE)} busy, {waits}; "
            f"{load.fewest} are the fewest, {load.comfortable} at 70 % use, {keep}"
        )
    best = [x for x in f.levers if math.isfinite(x.less) and x.less < MATTERS * x.more][:LEVERS]
    if best:
        lines.append("attack first: " + ", then ".join(f"{x.name} (20 % less gives {_s(x.less)})" for x in best))
    return lines


def _between(p: "Prediction") -> str:
    return f"{_s(p.value)} ({_s(p.low)} to {_s(p.high)})"


def _s(seconds: float) -> str:
    return quantity.show(seconds if seconds >= 1e-6 else 0.0, quantity.SECOND)


def _json(p: "Predicted") -> dict[str, object]:
    from upheld.core import availability, forecast, latency, profile

    model: dict[str, object] | None = None
    match p.forecast:
        case latency.Forecast():
            model = _model(p.forecast)
        case availability.Forecast() as a:
            model = {
                "expected": a.expected, "exact": a.exact, "feasible": a.feasible, "target": a.target,
                "window": a.window, "each_needed": a.needed, "if_never_down": dict(a.parts),
            }  # fmt: skip
        case forecast.Forecast() as e:
            tests = {} if e.back_test is None else {
                which: dict(zip(("held", "of", "lower", "upper"), e.back_test.held(which), strict=True)) for which in ("p50", "p85")
            }  # fmt: skip
            model = {
                "weeks": {"p50": _finite(e.p50), "p85": _finite(e.p85), "p95": _finite(e.p95)}, "history": e.weeks,
                "unfinished": e.unfinished, "stretched": e.wider, "back_test": tests,
            }  # fmt: skip
        case profile.Complexity() as c:
            model = {
                "ranking": [{"source": r.source, "points": r.points, "parts": dict(r.parts)} for r in c.ranks],
                "changes": list(c.changes),
                "profiles": {
                    name: {
                        "rows": x.rows, "encoding": x.encoding, "duplicates": x.duplicates, "late": x.late,
                        "overlap": dict(x.overlap),
                        "columns": [{"name": k.name, "type": k.type, "nulls": k.nulls, "conflicts": k.conflicts} for k in x.columns],
                    }
                    for name, x in c.profiles.items()
                },
            }  # fmt: skip
    return {
        **verdict_json(p.criterion, p.verdict), "assessment": p.assessment.id, "kind": p.assessment.kind.value,
        "option": p.assessment.option or None, "chosen": not p.aside, "model": model,
    }  # fmt: skip


def _model(f: "Forecast") -> dict[str, object]:
    return {
        "quantiles": {f"p{100 * q:g}": [p.value, p.low, p.high] for q, p in f.quantiles.items()},
        "variance": None if f.spread is None else {"inputs": f.spread.inputs, "run": f.spread.run, "residual": f.spread.residual},
        "failing": f.failing, "in_flight": f.in_flight, "steady": f.steady,
        "saturation": _finite(f.saturation), "bottleneck": f.bottleneck or None,
        "stations": [
            {
                "station": x.station, "workers": x.workers, "load": x.load, "use": x.use, "wait": _finite(x.wait),
                "fewest": x.fewest, "at_70_percent": x.comfortable, "keep_the_promise": f.workers.get(x.station),
            }
            for x in f.loads if x.station
        ],
        "sensitivity": [{"of": x.name, "less": _finite(x.less), "more": _finite(x.more)} for x in f.levers],
        "assumed": list(f.assumed), "simulated": f.requests,
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
