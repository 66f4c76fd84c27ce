"""From an assessment file to predictions: build its model with the samples beside it, ask the stage, keep the answer."""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from upheld import __version__, readers
from upheld.core import evidence as records
from upheld.core.assessment import Assessment
from upheld.core.availability import System
from upheld.core.criterion import Criterion
from upheld.core.evidence import Evidence, Quantile
from upheld.core.latency import Dice
from upheld.core.network import Network, Outcome, is_plain
from upheld.core.network import simulate as plain
from upheld.core.profile import Complexity, complexity
from upheld.core.sampling import Chance, Sample, sample
from upheld.errors import DefinitionError, UsageError
from upheld.ports import Request
from upheld.project import assessments, predictions
from upheld.project.assessments import EstimateModel, IntegrationModel, LatencyModel
from upheld.project.schema import Typing
from upheld.project.text import Document, locate, position, read
from upheld.sources import history, spans
from upheld.stages import predict as stage
from upheld.stages.predict import Circumstances, Predicted
from upheld.wiring import Workspace, open_workspace

COARSE = 1.25  # a cell wider than this says no more than a percentile does
COARSE_SHARE = 0.05
Told = Callable[[str, int, int], object]  # what is done of which assessment


def run(
    start: Path, names: Sequence[str], *, settings: Sequence[str], seed: int, keep: bool, at: datetime, tell: Told
) -> list[Predicted]:
    """Predict what the assessments (all, or those named) are about; `settings` compare a variant, `keep` writes files."""
    workspace = open_workspace(start, store=False)
    known = workspace.catalogue.assessments
    broken = [item for item in workspace.project.items if item.kind == "assessment" and item.id not in known]
    for item in broken:  # one that cannot be read is never passed over
        if not names or item.id in names:
            first = next(f for f in workspace.project.findings if f.file == item.file)
            raise DefinitionError(f"{first.file}:{first.line}:{first.column}: {first.message}; {first.fix}")
    missing = [name for name in names if name not in known]
    if missing:
        raise UsageError(f'no assessment "{missing[0]}"; known: {", ".join(known) or "none yet"}')
    if settings and len(names) != 1:
        raise UsageError("--set changes one assessment; name it: upheld predict NAME --set workers=84")
    done: list[Predicted] = []
    for head in (known[name] for name in names or known):
        found = _one(workspace, head, settings, seed=seed, keep=keep, at=at, tell=partial(tell, head.id))
        if keep:
            _keep(workspace, head, [p.evidence for p in found])
        aside = workspace.catalogue.set_aside(head.id)
        done += [replace(p, aside=aside) for p in found]
    return done


def _one(
    workspace: Workspace, head: Assessment, settings: Sequence[str], *, seed: int, keep: bool, at: datetime,
    tell: Callable[[int, int], object],
) -> list[Predicted]:  # fmt: skip
    path = workspace.root / head.file
    samples = Samples(path.parent)
    raw = path.read_bytes()
    model = model_of(raw, head.file, settings, samples)
    digest = hashlib.sha256(raw + "".join(settings).encode() + b"".join(samples.digests)).hexdigest()
    given = Circumstances(
        at=at, dice=dice(seed), simulate=simulate, tell=tell,
        producer={"tool": "upheld predict", "version": __version__, "seed": str(seed)},
        source={"file": head.file, "digest": f"sha256:{digest}"},
    )  # fmt: skip
    catalogue = workspace.catalogue
    if settings:
        head = replace(head, option=f"{head.option or head.id} with {', '.join(settings)}")
    if isinstance(model, EstimateModel) and not model.work.tasks:
        model = replace(model, work=replace(model.work, finished=_finished(workspace, path.parent, model, at)))
    if isinstance(model, IntegrationModel):
        model = _profiled(workspace, head, path.parent, model, keep=keep)
    chance = random.Random(seed)  # noqa: S311  # simulation, not secrets
    return [_predicted(criterion, head, model, given, chance) for criterion in stage.criteria_of(catalogue, head)]


def _profiled(
    workspace: Workspace, head: Assessment, folder: Path, model: IntegrationModel, *, keep: bool
) -> Complexity:
    """Profile the extracts beside what they were like the last time."""
    try:
        from upheld.engines import extracts  # noqa: PLC0415  # the optional library comes in only with extracts
    except ModuleNotFoundError as error:
        raise UsageError(f"profiling extracts needs {error.name}: pip install 'upheld[predict]'") from None
    wanted = [
        extracts.Extract(source=name, path=folder / s.file, key=s.key, time=s.time, late=s.late)
        for name, s in model.sources.items()
    ]
    profiles = extracts.profile(wanted)
    last = predictions.profiles(workspace.root, head.id)
    if keep:
        predictions.keep_profiles(workspace.root, head.id, profiles)
    return complexity(profiles, last, model.weights)


def _finished(workspace: Workspace, folder: Path, model: EstimateModel, at: datetime) -> tuple[int, ...]:
    """Finished items per week, from git or from an export of the tracker."""
    until = at.date()
    if model.git:
        days = history.commits(workspace.root / model.git, until=at)
    else:
        path = folder / model.csv
        try:
            days = history.table(path.read_text("utf-8"), name=model.csv)
        except (OSError, UnicodeDecodeError) as error:
            raise DefinitionError(f"{model.csv} cannot be read: {error}") from None
        until = min(until, max(days, default=until) + timedelta(days=7))  # what came after the table is not known
    return history.per_week(days, until=until)


def _predicted(
    criterion: Criterion, head: Assessment, model: object, given: Circumstances, chance: random.Random
) -> Predicted:
    match model:
        case System():
            return stage.predict_availability(criterion, head, model, given=given)
        case Complexity():
            return stage.predict_integration(criterion, head, model, given=given)
        case EstimateModel():
            return stage.predict_estimate(criterion, head, model.work, start=model.start, chance=chance, given=given)
        case LatencyModel():
            return stage.predict_latency(
                criterion, head, model.network, batch=model.batch, seconds=model.seconds, residual=model.residual,
                given=given,
            )  # fmt: skip
    raise DefinitionError(f"{head.file}: an assessment of kind {head.kind.value} cannot be computed yet")


def model_of(raw: bytes, file: str, settings: Sequence[str], sampler: assessments.Sampler) -> object:
    """The model of an assessment file, with values changed; DefinitionError with the place of the first fault."""
    document = read(raw)
    if document.problems:
        first = document.problems[0]
        line, column = position(document.text, first.offset)
        raise DefinitionError(f"{file}:{line}:{column}: {first.message}; {first.fix}")
    tree = document.tree
    for setting in settings:
        tree, wrong = assessments.changed(tree, setting)
        if wrong:
            raise UsageError(f"--set {setting}: {wrong}")
    typing = Typing()
    _, model = assessments.decode(Document(text=document.text, tree=tree), typing, file=file, sampler=sampler)
    if typing.faults:
        fault = typing.faults[0]
        line, column = locate(document.text, fault.place, offset=fault.offset, key=fault.key)
        raise DefinitionError(f"{file}:{line}:{column}: {fault.message}; {fault.fix}")
    return model


def _keep(workspace: Workspace, head: Assessment, found: Sequence[Evidence]) -> None:
    path = predictions.file_of(workspace.root, head.id)
    kept = readers.read(path, Request()) if path.exists() else None
    if kept is not None and not kept.readable:
        raise DefinitionError(f"{path.name}: {kept.reason}; mend it or take it out of the folder")
    last = {e.links: replace(e, source=dict(e.source)) for e in (kept.evidence if kept else ())}
    new = [e for e in found if e.links not in last or not stage.same(e, last[e.links])]
    if new:
        predictions.append(path, [records.encode(e) for e in new])


def dice(seed: int) -> Dice:
    """Reproducible chance: every number gives its own stream."""
    return lambda i: random.Random(seed * 1_000_003 + i)  # noqa: S311  # simulation, not secrets


def simulate(network: Network, n: int, chance: Chance) -> Outcome:
    """Plain networks station by station; what shares stations, retries or times out on one clock (needs simpy)."""
    if is_plain(network):
        return plain(network, n, chance)
    try:
        from upheld.engines import clock  # noqa: PLC0415  # the optional library comes in only with such a network
    except ModuleNotFoundError as error:
        raise UsageError(
            f"retries, timeouts and shared stations need {error.name}: pip install 'upheld[predict]'"
        ) from None
    return clock.simulate(network, n, chance)


class Samples:
    """The measured durations that lie beside an assessment, read by the readers of evidence."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: list[bytes] = []

    def __call__(self, file: str, request: str) -> Sample:
        """The durations of one request of a file; LookupError says why there are none."""
        path = self.folder / file
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise LookupError(f"{file} cannot be read: {error.strerror}") from None
        self.digests.append(hashlib.sha256(raw).digest())
        if spans.looks_like(raw[:4096].decode(errors="replace")):
            return _of_spans(file, raw, request)
        reading = readers.read(path, Request(unit="s"))
        if reading is None or not reading.readable:
            raise LookupError(f"{file}: {reading.reason if reading else 'no reader knows its format'}")
        found = [e for e in reading.evidence if isinstance(e.statistic, Quantile)]
        named = [e for e in found if e.population.get("request", "") == request]
        if not named:
            have = ", ".join(sorted({e.population.get("request", "") for e in found} - {""})) or "no durations"
            raise LookupError(f'{file} holds no request "{request}"; it holds {have}')
        return _sample(file, named[0].statistic)


def _of_spans(file: str, raw: bytes, name: str) -> Sample:
    try:
        found = spans.durations(raw.decode("utf-8"))
    except LookupError as error:
        raise LookupError(f"{file} {error.args[0]}") from None
    except UnicodeDecodeError:
        raise LookupError(f"{file} is not UTF-8") from None
    if name not in found:
        raise LookupError(f'{file} holds no span "{name}"; it holds {", ".join(sorted(found)) or "none"}')
    return sample((seconds, seconds, 1) for seconds in found[name])


def _sample(file: str, statistic: object) -> Sample:
    assert isinstance(statistic, Quantile)  # noqa: S101  # chosen above
    coarse = sum(c.count for c in statistic.cells if c.upper > COARSE * c.lower and c.lower != c.upper)
    if coarse > COARSE_SHARE * statistic.n:
        raise LookupError(f"{file} gives percentiles, and between them nothing is known: give the durations themselves")
    found = sample((c.lower, c.upper, c.count) for c in statistic.cells)
    if not found.values:
        raise LookupError(f"{file} holds no duration")
    return found
