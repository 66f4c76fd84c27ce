"""What lint says of one thing does not become slower, or other, because there is much of it."""

import random
from datetime import date
from pathlib import Path

import pytest

from upheld.project.lint import lint
from upheld.project.load import Project, load
from upheld.project.text import _careful_mark, _marks, _quick_mark

pytestmark = pytest.mark.upheld("REQ-LNT-002")
TODAY = date(2026, 11, 22)
ROOT = Path(__file__).resolve().parents[2]
HEAD = """\
---
id: REQ-{name}-001
title: An answer in time
status: approved
source: {{document: contract}}
customers: [{customers}]
owners: {{product: jake, engineering: lisa}}
criteria:
"""


def project(folder: Path, *promises: tuple[str, str, str]) -> Project:
    """A project with one requirement per (name, customers, sentence)."""
    files = {
        "upheld.yaml": "project: P\nneeds: {must: [build]}\npeople: {jake: {role: product}, lisa: {role: engineering}}\n",
        "customers.yaml": "a: {tier: gold}\nb: {tier: gold}\nc: {tier: silver}\n",
        "indicators.yaml": "x.latency: {kind: value, unit: s, build: {load: all}}\n",
    }
    for name, customers, sentence in promises:
        text = HEAD.format(name=name, customers=customers) + f"  - id: c1\n    that: {sentence}\n"
        files[f"requirements/REQ-{name}-001.md"] = (
            text + "    build: {for: 2 h}\n---\nThe service shall answer in time.\n"
        )
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return load(folder, native={}, cache=False)


def disorders(made: Project) -> list[str]:
    return [f"{f.file.split('-')[1]}: {f.message}" for f in lint(made, at=TODAY) if f.rule == "percentile-order"]


def test_the_loosest_of_the_lower_percentiles_is_named_so_that_one_change_settles_it(tmp_path):
    made = project(
        tmp_path,
        ("A", "a", "p90 of x.latency < 2 s at 200/s"),
        ("B", "a", "p95 of x.latency < 4 s at 200/s"),
        ("C", "a", "p90 of x.latency < 3 s at 200/s"),
        ("D", "a", "p99 of x.latency < 1 s at 200/s"),
    )
    assert disorders(made) == ["D: p99 < 1 s is tighter than p95 < 4 s of REQ-B-001.c1"]


@pytest.mark.parametrize(
    ("customers", "load", "contradicts"),
    [
        ("a", "at 200/s", True),
        ("a", "at 12000/min", True),
        ("a", "at 100/s", False),
        ("b", "at 200/s", False),
        ('"tier:gold"', "at 200/s", True),
        ('"tier:silver"', "at 200/s", False),
        ("all", "at 200/s", True),
    ],
)
def test_percentiles_contradict_each_other_where_one_customer_holds_both_at_one_load(
    tmp_path, customers, load, contradicts
):
    made = project(
        tmp_path,
        ("A", "a", "p95 of x.latency < 2 s at 200/s"),
        ("B", customers, f"p99 of x.latency < 1 s {load}"),
    )
    assert bool(disorders(made)) is contradicts


def test_which_promises_are_out_of_order_is_what_comparing_each_with_each_finds(tmp_path):
    dice = random.Random(3)
    drawn = [
        (f"{i:02}X".translate(str.maketrans("0123456789", "ABCDEFGHIJ")), dice.choice("abc"), dice.choice((90, 95, 99)),
         dice.randint(1, 60), dice.choice((100, 200)))
        for i in range(60)
    ]  # fmt: skip
    promises = [(n, c, f"p{q} of x.latency < {limit} s at {rate}/s") for n, c, q, limit, rate in drawn]
    expected = {
        name
        for name, customer, quantile, limit, rate in drawn
        if any(
            (c, r) == (customer, rate) and q < quantile and other > limit for _, c, q, other, r in drawn
        )
    }  # fmt: skip
    found = lint(project(tmp_path, *promises), at=TODAY)
    assert {f.file.split("-")[1] for f in found if f.rule == "percentile-order"} == expected
    assert expected


SAMPLES = [
    ROOT / "upheld.yaml",
    ROOT / "gates.yaml",
    ROOT / "indicators.yaml",
    *sorted((ROOT / "requirements").glob("*.md"))[:5],
    *sorted((ROOT / "decisions").glob("*.md"))[:2],
]
ODDITIES = [
    "a: ''\nb:\n  - {c: 1, d: [x, 'y''z', \"q\\n\"]}\n  - - deep\n    -\ne: |\n  block\n\n  text\nf: >-\n  folded\n  text\n",
    "---\nid: R-1\ncriteria:\n  - id: c1\n    that: p95 of x < 1 s\n---\nBody\n",
    "é: ü\nlist: [ä, {ö: ß}]\n",
]


@pytest.mark.parametrize("text", [*ODDITIES, *(path.read_text("utf-8") for path in SAMPLES)])
def test_a_place_found_without_the_careful_reading_is_where_careful_reading_finds_it(text):
    places = [*_marks(text), ("nowhere",), ("criteria", 7, "that"), ("criteria", "that")]
    for place in places:
        quick, careful = _quick_mark(text, place), _careful_mark(text, place)
        assert quick is not None
        assert quick[1] == careful[1]
        assert _told(quick[0]) == _told(careful[0])


@pytest.mark.parametrize(
    "text", ["a: 1\na: 2\n", "a: &x 1\n", "a: {b, c: 1}\n", "a: 1\n---\nb: 2\n", "a:\t1\n", "", "a: [1\n"]
)
def test_what_is_odd_is_left_to_the_careful_reading(text):
    assert _quick_mark(text, ("a",)) is None


def _told(mark):
    """What is used of a mark: of a collection only where it starts."""
    return mark if mark.style != "[" else mark._replace(end=0)
