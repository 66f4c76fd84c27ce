"""pytest-benchmark JSON: the time of each benchmark, from its raw data where the file holds it, else from its quartiles."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from upheld.core import quantity
from upheld.core.criterion import Indicator, Kind
from upheld.core.evidence import Evidence, Quantile, distribution
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.timing import Mark, summarised

TIME = "benchmark.time"
INDICATORS: Mapping[str, Indicator] = {
    TIME: Indicator(
        name=TIME,
        kind=Kind.VALUE,
        unit=quantity.SECOND,
        help="time of one call in a benchmark (the mean of its iterations where a round has several); "
        "population: benchmark",
    )
}


class Benchmark:
    """pytest-benchmark JSON (`--benchmark-json`, `--benchmark-save`)."""

    name = "pytest-benchmark"
    title = "pytest-benchmark JSON"
    help = "Rounds of every benchmark; without their data only what the statistics bracket."
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*benchmark*.json",)

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the machine that it describes first, or its benchmarks' statistics."""
        text = intake.head_text(head)
        if not text.lstrip().startswith("{"):
            return ""
        if '"benchmarks"' in text and ('"machine_info"' in text or '"rounds"' in text):
            return "its keys are pytest-benchmark's"
        return (
            "it begins with machine_info and commit_info"
            if '"machine_info"' in text and '"commit_info"' in text
            else ""
        )

    def read(self, path: Path, request: Request) -> Reading:
        """Read every benchmark; one evidence each."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    report = intake.mapping(file.json(), "the report")
    if "benchmarks" not in report:
        raise Unreadable('holds no "benchmarks": is it the JSON of pytest-benchmark?')
    benchmarks = [intake.mapping(b, "a benchmark") for b in intake.sequence(report["benchmarks"], "benchmarks")]
    if not benchmarks:
        raise Unreadable("holds no benchmark")
    file.producer.update(tool="pytest-benchmark", version=str(report.get("version", "")))
    names = Counter(_text(b, "name") for b in benchmarks)
    found = []
    for benchmark in benchmarks:
        name = _text(benchmark, "name")
        shown = name if names[name] == 1 else _text(benchmark, "fullname")
        found.append(_evidence(file, benchmark, shown))
    if len({tuple(e.population.items()) for e in found}) < len(found):
        raise Unreadable("holds two benchmarks of one name: their times cannot be told apart")
    return found, f"{len(found)} benchmarks"


def _text(benchmark: Mapping[str, object], key: str) -> str:
    value = benchmark.get(key)
    if not isinstance(value, str) or not value:
        raise Unreadable(f'holds a benchmark whose "{key}" is no text')
    return value


def _evidence(file: Intake, benchmark: Mapping[str, object], name: str) -> Evidence:
    what = intake.shorten(name, 60)
    stats = intake.mapping(benchmark.get("stats"), f"{what}: stats")
    rounds = intake.count(stats.get("rounds"), f"{what}: rounds")
    if not rounds:
        raise Unreadable(f"{what}: was never run")
    notes = []
    iterations = intake.count(stats.get("iterations", 1), f"{what}: iterations")
    if iterations > 1:
        notes.append(f"each value is the mean of {iterations} calls")
    if stats.get("data"):
        statistic = _from_data(file, intake.sequence(stats["data"], f"{what}: data"), rounds, what)
    else:
        statistic = _from_quartiles(stats, rounds, what)
        notes.append("only extremes and quartiles are known; run with --benchmark-save-data for all values")
    return file.evidence(
        TIME,
        statistic,
        unit="s",
        population={"benchmark": name},
        notes=tuple(notes),
    )


def _from_data(file: Intake, data: Sequence[object], rounds: int, what: str) -> Quantile:
    values = [_time(value, f"{what}: data") for value in data]
    if len(values) != rounds:
        raise Unreadable(f"{what}: {rounds} rounds and {len(values)} values: which is right?")
    return distribution(values, thresholds=file.request.thresholds.get(TIME, ()))


def _from_quartiles(stats: Mapping[str, object], n: int, what: str) -> Quantile:
    """Cells between extremes, quartiles and median.

    Quartiles are defined in several ways; each lies between the ranks on both sides of a quarter, one rank more each way.
    """
    fastest, slowest = (_time(stats.get(key), f"{what}: {key}") for key in ("min", "max"))
    marks = [Mark(1, 1, fastest, fastest), Mark(n, n, slowest, slowest)]
    for key, q in (("q1", Fraction(1, 4)), ("median", Fraction(1, 2)), ("q3", Fraction(3, 4))):
        value = _time(stats.get(key), f"{what}: {key}")
        first, last = max(1, math.floor(q * n) - 1), min(n, math.ceil(q * n) + 2)
        marks.append(Mark(first, last, value, value))
    return summarised(marks, n)


def _time(value: object, what: str) -> float:
    seconds = intake.number(value, what)
    if seconds < 0:
        raise Unreadable(f"{what} is {seconds:g} s, a time is needed")
    return seconds
