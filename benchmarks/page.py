"""Prints docs/benchmarks.md: the committed figures beside what was promised.

python benchmarks/page.py > docs/benchmarks.md
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from upheld.core.catalogue import Catalogue
from upheld.project.load import load
from upheld.wiring import native_indicators

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
INTRODUCTION = """\
# Speed and size

<!-- Written by `make bench` from benchmarks/results; a test keeps it current. -->

Processor time (user and system) and peak memory of whole processes, start included, as the kernel counts them. A figure
is the median of its runs, taken after one run to warm up; memory is the largest of them. What is compared runs in turn in
one go, so that a busy machine slows both; a ratio is the median of the rounds' own ratios. The yardstick is a fixed loop
of Python (four million multiplications) that runs among the rest: it tells how quick the machine was just then.

`make bench` measures all of it anew in about a quarter of an hour, `make bench ONLY=lint` a part. The figures are
[evidence](evidence.md) in `benchmarks/results`, and Upheld's own gates judge them.
"""
PEERS = {"sphinx-needs": "`sphinx-build -q -b needs`", "doorstop": "`doorstop -F`"}
COUNTED = {
    "files": "files",
    "changed": "changed",
    "findings": "findings",
    "cases": "cases",
    "results": "results",
    "promises": "promises",
    "lines": "lines",
}


def page(records: Sequence[Mapping], catalogue: Catalogue) -> str:
    """The whole page, from records and the definitions that promise something about them."""
    rows = [_row(record, catalogue) for record in records]
    lines = [INTRODUCTION, *_table(("what", "measured", "runs", "promised"), rows)]
    compared = [row for record in records if (row := _compared(record))]
    if compared:
        lines += [
            "",
            "## Beside the peers",
            "",
            "The same requirements, checked without anything kept from an earlier run.",
            "",
        ]
        lines += _table(("peer", "theirs", "ours", "memory, ours against theirs"), compared)
    lines += ["", "## What was measured on", "", *(f"- {line}" for line in _conditions(records))]
    return "\n".join(lines) + "\n"


def _row(record: Mapping, catalogue: Catalogue) -> tuple[str, ...]:
    indicator = catalogue.indicators[record["indicator"]]
    unit = record["statistic"].get("unit", "")
    conditions = record["conditions"]
    promised = [
        f"{c.sentence.op.value} {c.sentence.target} ({c.address})"
        for c in catalogue.criteria.values()
        if c.indicator.name == indicator.name
    ]
    low, high = (_number(conditions[key]) for key in ("min", "max"))
    measured = f"**{_number(record['statistic']['value'])}{_spaced(unit)}** ({low} to {high})"
    what = f"`{indicator.name}` {indicator.help}"
    return what, measured, _number(conditions["runs"]), ", ".join(promised)


def _compared(record: Mapping) -> tuple[str, ...] | None:
    peer = record["indicator"].removeprefix("bench.lint-to-")
    if peer not in PEERS:
        return None
    conditions = record["conditions"]
    name = f"{peer} {record['producer'][peer]}, {PEERS[peer]}"
    return name, conditions[peer], conditions["upheld"], conditions["memory"]


def _conditions(records: Sequence[Mapping]) -> Iterable[str]:
    """Machine, day and source of the figures, then what each was taken on."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for record in records:
        made = record["producer"]
        day = datetime.fromisoformat(record["observed"]).date().isoformat()
        key = (day, made["machine"], f"Python {made['python']}", f"commit {made['commit'][:12]}")
        groups.setdefault(key, []).append(record["indicator"].removeprefix("bench."))
    for key, names in groups.items():
        yield f"{', '.join(key)}: {'all' if len(groups) == 1 else ', '.join(names)}."
    for record in records:
        kept = {
            k: v for k, v in record["conditions"].items() if k not in ("runs", "min", "max", "memory", "upheld", *PEERS)
        }
        told = [f"{_number(v)} {COUNTED[k]}" if k in COUNTED else f"{k} {_number(v)}" for k, v in kept.items()]
        yield f"`{record['indicator']}`: {', '.join(told)}."


def _number(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}".replace(",", " ") if value >= 1000 else f"{value:.3g}"


def _spaced(unit: str) -> str:
    return unit if unit.startswith("/") else f" {unit}" if unit else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(row)} |" for row in cells]


def records() -> list[dict]:
    """The committed figures, in the order in which indicators.yaml defines them."""
    order = list(_catalogue().indicators)
    found = [json.loads(path.read_bytes()) for path in sorted(RESULTS.glob("bench.*.json"))]
    return sorted(found, key=lambda record: order.index(record["indicator"]))


def _catalogue() -> Catalogue:
    return load(ROOT, native=native_indicators(), cache=False).catalogue


if __name__ == "__main__":
    print(page(records(), _catalogue()), end="")
