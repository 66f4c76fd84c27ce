"""Evidence gets the project's names: indicators by their sources, customers and subjects by their aliases."""

from pathlib import Path

import pytest

from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Indicator, Kind, Stage
from upheld.core.evidence import Evidence, Share
from upheld.core.requirement import Requirement, Statement
from upheld.measure import gather, named, thresholds
from upheld.ports import Reading, Request

pytestmark = pytest.mark.upheld("REQ-JDG-001.c1")


def native(name: str, stage: Stage = Stage.BUILD, **population: str) -> Evidence:
    return Evidence(indicator=name, stage=stage, statistic=Share(5, 5), population=population, subject="git:1")


def indicator(name: str, kind: Kind, source: str, stage: Stage = Stage.BUILD) -> Indicator:
    return Indicator(name=name, kind=kind, unit=quantity.SECOND, sources={stage: source})


def names(evidence: list[Evidence]) -> list[tuple[str, dict[str, str]]]:
    return [(e.indicator, dict(e.population)) for e in evidence]


@pytest.mark.parametrize(
    ("kind", "source", "given", "expected"),
    [
        (Kind.VALUE, "load: POST /a", native("load.latency", request="POST /a"), [("x", {})]),
        (Kind.VALUE, "load: POST /a", native("load.latency", request="POST /b"), []),
        (Kind.VALUE, "load: POST /a", native("load.latency"), []),
        (Kind.VALUE, "load: *", native("load.latency"), [("x", {})]),
        (Kind.VALUE, "load: *", native("load.latency", request="POST /a"), []),
        (
            Kind.VALUE,
            "load: POST /a",
            native("load.latency", request="POST /a", customer="n"),
            [("x", {"customer": "n"})],
        ),
        (Kind.RATIO, "load: POST /a", native("load.ok", request="POST /a"), [("x", {})]),
        (Kind.RATIO, "load: POST /a", native("load.latency", request="POST /a"), []),
        (Kind.VALUE, "benchmark: test_fast", native("benchmark.time", benchmark="test_fast"), [("x", {})]),
        (Kind.RATIO, "coverage.lines", native("coverage.lines"), [("x", {})]),
        (Kind.RATIO, "evidence: by hand", native("load.ok", request="by hand"), []),
        (Kind.VALUE, "load: POST /a", native("load.latency", stage=Stage.PRODUCTION, request="POST /a"), []),
    ],
)
def test_a_source_names_the_part_of_a_report_that_an_indicator_takes(kind, source, given, expected):
    found = named([given], {"x": indicator("x", kind, source)})
    assert found[0] is given
    assert names(found[1:]) == expected
    assert all(e.id for e in found[1:])


def test_an_unreadable_part_stays_unreadable_under_its_new_name():
    broken = Evidence(indicator="coverage.lines", stage=Stage.BUILD, statistic=None, unreadable="ends early")
    found = named([broken], {"x": indicator("x", Kind.RATIO, "coverage.lines")})
    assert [(e.indicator, e.unreadable) for e in found] == [("coverage.lines", "ends early"), ("x", "ends early")]


def test_customers_and_subjects_are_known_by_their_aliases():
    found = named(
        [native("y", customer="nb-0017")],
        {},
        subject="tree:2",
        same_subject=["git:1"],
        customers={"nb-0017": "northbank"},
    )
    assert (found[0].customer, found[0].subject) == ("northbank", "tree:2")


def test_readers_are_asked_to_count_exactly_at_every_promised_limit():
    value = indicator("x", Kind.VALUE, "load: POST /a")
    statements = tuple(
        Statement(id=f"c{i}", that=text, sentence=criteria.parse(text))
        for i, text in enumerate(("p95 of x < 1 s", "p99 of x < 1500 ms", "mean of x < 3 s"))
    )
    requirement = Requirement(id="REQ-A-001", title="t", criteria=statements)
    catalogue = Catalogue(indicators={"x": value}, requirements={requirement.id: requirement})
    assert thresholds(catalogue) == {"x": {1.0, 1.5}, "load.latency": {1.0, 1.5}}


def test_a_folder_is_read_file_by_file_in_order_and_what_is_no_evidence_is_left_out(tmp_path):
    for name in ("b.xml", "a.xml", "deep/c.xml", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")

    def read(path: Path, request: Request) -> Reading | None:
        return None if path.suffix == ".md" else Reading(reader="r", evidence=(), summary=path.name)

    found = gather([tmp_path, tmp_path / "a.xml"], Request(), read)
    assert [r.summary for r in found] == ["a.xml", "b.xml", "c.xml", "a.xml"]
