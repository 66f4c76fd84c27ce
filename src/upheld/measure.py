"""The path that all stages share: read what tools wrote, give it the project's names, and hand it to the judge."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Indicator, Kind, Stage
from upheld.core.evidence import Evidence, identified
from upheld.core.mapped import Mapped, is_mapping, mapped
from upheld.errors import UpheldError
from upheld.ports import Reading, Request

# A source that is one word names the native indicator which carries it, by the kind of the project's indicator.
NATIVE = {
    ("load", Kind.VALUE): "load.latency",
    ("load", Kind.RATIO): "load.ok",
    ("benchmark", Kind.VALUE): "benchmark.time",
}
# The dimension in which a native indicator tells its parts apart.
PART = {"load": "request", "benchmark": "benchmark"}


def thresholds(catalogue: Catalogue) -> dict[str, frozenset[float]]:
    """The limits (base unit) that readers must count exactly, per native indicator."""
    found: dict[str, set[float]] = {}
    for criterion in catalogue.criteria.values():
        if criterion.sentence.quantile is None:
            continue
        for name in (criterion.indicator.name, *_native_names(criterion.indicator)):
            found.setdefault(name, set()).add(float(criterion.sentence.target))
    return {name: frozenset(limits) for name, limits in found.items()}


def _native_names(indicator: Indicator) -> tuple[str, ...]:
    return tuple(name for name, _ in (_native(indicator, stage) for stage in Stage) if name)


def _native(indicator: Indicator, stage: Stage) -> tuple[str, str]:
    """The native indicator and the part of it that a stage's source names; empty when it names none."""
    key, _, part = indicator.sources.get(stage, "").partition(":")
    native = NATIVE.get((key.strip(), indicator.kind), key.strip() if "." in key else "")
    return native, part.strip()


def mappings(catalogue: Catalogue) -> tuple[Mapped, ...]:
    """Where indicators stand in files that no reader knows; a broken mapping is left out, `lint` says why."""
    found = []
    for indicator in catalogue.indicators.values():
        for stage, source in indicator.sources.items():
            tree = json.loads(source) if source.startswith("{") else {}
            if is_mapping(tree):
                with suppress(UpheldError):
                    found.append(mapped(indicator, stage, tree))
    return tuple(found)


def gather(paths: Iterable[Path], request: Request, read: Callable[[Path, Request], Reading | None]) -> list[Reading]:
    """Read every file below the paths, in order; files that no reader takes are left out of a folder, not of a list.

    `read` gives None for a file that is not evidence at all (a README in an evidence folder).
    """
    readings = []
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            reading = read(file, request)
            if reading is not None:
                readings.append(reading)
    return readings


def named(
    evidence: Iterable[Evidence],
    indicators: Mapping[str, Indicator],
    *,
    subject: str = "",
    same_subject: Sequence[str] = (),
    customers: Mapping[str, str] | None = None,
) -> list[Evidence]:
    """Give evidence the project's names: indicators by their sources, subjects and customers by their aliases.

    A record keeps its native name too, so that a gate may ask for `load.latency` itself.
    """
    aliases = customers or {}
    wanted: dict[tuple[str, Stage], list[tuple[Indicator, str]]] = {}
    for indicator in indicators.values():
        for stage in Stage:
            native, part = _native(indicator, stage)
            if native and native != indicator.name:
                wanted.setdefault((native, stage), []).append((indicator, part))
    found = []
    for given in evidence:
        e = given
        if e.subject in same_subject:
            e = replace(e, subject=subject)
        if e.customer in aliases:
            e = replace(e, population={**e.population, "customer": aliases[e.customer]})
        found.append(e)
        for indicator, part in wanted.get((e.indicator, e.stage), ()):
            dimension = PART.get(e.indicator.partition(".")[0], "part")
            if part in ("", "*") and dimension in e.population:
                continue  # the whole was asked for, this is a part
            if part not in ("", "*") and e.population.get(dimension) != part:
                continue
            population = {k: v for k, v in e.population.items() if k != dimension}
            renamed = replace(e, indicator=indicator.name, population=population)
            found.append(identified(renamed) if renamed.statistic is not None else renamed)
    return found
