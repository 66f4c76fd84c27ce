"""The mapping reader: numbers of any JSON, CSV or XML file, where indicators.yaml says they stand."""

import json
import random
import re

import pytest

from tests.conformance.reader.test_mutations import mutate
from upheld.core import quantity
from upheld.core.criterion import Indicator, Kind, Stage
from upheld.core.evidence import Level, Rate, Share, decode, encode
from upheld.core.mapped import is_mapping, mapped
from upheld.errors import UpheldError
from upheld.ports import Request
from upheld.readers import read
from upheld.sources import repository

pytestmark = pytest.mark.upheld("REQ-EVI-007.c1")

# Excerpts with the names and nesting that each tool documents.
LIGHTHOUSE = {
    "lighthouseVersion": "12.0.0",
    "categories": {"performance": {"score": 0.93}},
    "audits": {"interactive": {"numericValue": 2310.5}},
}
AXE = {
    "testEngine": {"name": "axe-core"},
    "violations": [{"id": "color-contrast", "impact": "serious"}],
    "incomplete": [],
}
DBT = {"metadata": {"dbt_schema_version": "v6"}, "results": [{"status": s} for s in ("pass", "pass", "warn", "fail")]}
GX = {
    "success": True,
    "statistics": {"evaluated_expectations": 12, "successful_expectations": 11},
    "results": [{"success": True, "exception_info": {"raised_exception": False}}],
}
MUTATION = {
    "schemaVersion": "1",
    "files": {
        "a.js": {"mutants": [{"status": s} for s in ("Killed", "Survived", "Timeout")]},
        "b.js": {"mutants": [{"status": "Killed"}]},
    },
}
PLAN = {
    "format_version": "1.2",
    "resource_changes": [{"change": {"actions": a}} for a in (["no-op"], ["delete", "create"], ["update"])],
}
XML = '<report xmlns="urn:x"><summary score="41" of="50"/><mutant detected="true"/><mutant detected="false"/><p95>0.25</p95></report>'
CSV = "name;value;se;status\nall;0.82;0.035;ok\nother;0.5;0.01;bad\n"

# kind, unit, what the file holds, the mapping, and what is read.
READ = {
    "Lighthouse: a score": (Kind.LEVEL, "", LIGHTHOUSE, {"value": "/categories/performance/score"}, Level(0.93)),
    "Lighthouse: a time in ms": (Kind.VALUE, "s", LIGHTHOUSE, {"value": "/audits/interactive/numericValue", "unit": "ms"}, Level(2.3105)),
    "axe: serious violations": (
        Kind.COUNT, "", AXE, {"value": "count(/violations/*/impact = serious|critical)", "inconclusive-if": "/incomplete/*"}, Rate(1),
    ),
    "dbt: passed tests": (
        Kind.RATIO, "%", DBT, {"n": "count(/results/*)", "good": "count(/results/*/status = pass)"}, Share(4, 2),
    ),
    "Great Expectations": (
        Kind.RATIO, "%", GX,
        {"n": "/statistics/evaluated_expectations", "good": "/statistics/successful_expectations",
         "inconclusive-if": "/results/*/exception_info/raised_exception"}, Share(12, 11),
    ),
    "mutation testing: killed of all": (
        Kind.RATIO, "%", MUTATION,
        {"n": "count(/files/*/mutants/*)", "bad": "count(/files/*/mutants/*/status = Survived|NoCoverage)"}, Share(4, 3),
    ),
    "Terraform: resources that are destroyed": (
        Kind.COUNT, "", PLAN, {"value": "count(/resource_changes/*/change/actions/* = delete)"}, Rate(1),
    ),
    "XML: attributes": (Kind.RATIO, "%", XML, {"n": "summary/@of", "good": "summary/@score"}, Share(50, 41)),
    "XML: elements with a condition": (
        Kind.RATIO, "%", XML, {"n": "count(.//mutant)", "good": "count(.//mutant[@detected='true'])"}, Share(2, 1),
    ),
    "XML: the text of an element": (Kind.VALUE, "s", XML, {"value": "p95"}, Level(0.25)),
    "CSV: one row by its name": (
        Kind.VALUE, "", CSV, {"value": "value", "se": "se", "where": "name = all"}, Level(0.82, 0.035),
    ),
    "CSV: rows by a word": (Kind.RATIO, "%", CSV, {"n": "count(status)", "good": "count(status = ok)"}, Share(2, 1)),
    "a pointer through a key with a slash": (Kind.VALUE, "", {"a/b": {"~": [3, 4]}}, {"value": "/a~1b/~0/1"}, Level(4.0)),
}  # fmt: skip


def test_a_file_alone_is_a_fact_of_the_repository_and_no_mapping():
    assert not is_mapping({"file": ["LICENSE", "README.md"]})
    assert not is_mapping({"file": "docs/*.md", "contains": "draft"})
    assert is_mapping({"file": "lhr.json", "valu": "/x"})


def test_the_repository_does_not_answer_for_a_mapped_file():
    for tree, answers in (({"file": "lhr.json", "value": "/x"}, False), ({"file": "LICENSE"}, True)):
        source = json.dumps(tree) if len(tree) > 1 else "file: LICENSE"
        indicator = Indicator(name="x.y", kind=Kind.RATIO, sources={Stage.BUILD: source})
        assert repository.brings(indicator) is answers


def looked(folder, kind, unit, content, mapping, name="out/report.txt", pattern="report.txt"):
    indicator = Indicator(name="x.y", kind=kind, unit=quantity.find_unit(unit) if unit else quantity.NUMBER)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return read(path, Request(mapped=(mapped(indicator, Stage.BUILD, {"file": pattern, **mapping}),)))


@pytest.mark.parametrize("what", READ)
def test_numbers_are_read_where_the_mapping_says_they_stand(what, tmp_path):
    kind, unit, content, mapping, expected = READ[what]

    reading = looked(tmp_path, kind, unit, content, mapping)

    [e] = reading.evidence
    assert reading.readable, reading.reason
    assert (e.indicator, e.stage, e.statistic) == ("x.y", Stage.BUILD, expected), e.unreadable
    assert e.source["digest"].startswith("sha256:")
    assert decode(json.loads(json.dumps(encode(e)))).statistic == expected


UNREADABLE = {
    "nothing stands there": (Kind.VALUE, LIGHTHOUSE, {"value": "/categories/speed/score"}, "holds nothing at /categories/speed/score"),
    "several things stand there": (Kind.VALUE, DBT, {"value": "/results/*/status"}, "holds 4 things at /results/*/status"),
    "a word stands there": (Kind.VALUE, DBT, {"value": "/results/0/status"}, 'holds "pass" at /results/0/status, a finite number'),
    "true is no number": (Kind.VALUE, GX, {"value": "/success"}, "a finite number is needed"),
    "NaN as a text": (Kind.VALUE, {"a": "NaN"}, {"value": "/a"}, "a finite number is needed"),
    "null": (Kind.VALUE, {"a": None}, {"value": "/a"}, "a finite number is needed"),
    "more good than all": (Kind.RATIO, {"n": 3, "g": 4}, {"n": "/n", "good": "/g"}, "holds 4 good at /g of 3 at /n"),
    "none of none": (Kind.RATIO, {"r": []}, {"n": "count(/r/*)", "good": "count(/r/* = ok)"}, "0 of 0 is no result"),
    "half a test": (Kind.COUNT, {"n": 1.5}, {"value": "/n"}, "a count is needed"),
    "a negative error": (Kind.VALUE, {"v": 1, "s": -1}, {"value": "/v", "se": "/s"}, "a standard error of -1"),
    "axe could not tell": (
        Kind.COUNT, AXE | {"incomplete": [{"id": "x"}]}, {"value": "count(/violations/*)", "inconclusive-if": "/incomplete/*"},
        "holds 1 at /incomplete/*, of which the mapping says: inconclusive",
    ),
    "an expectation broke": (
        Kind.COUNT, {"r": [{"raised": True}, {"raised": False}]}, {"value": "count(/r/*)", "inconclusive-if": "/r/*/raised"}, "holds 1 at",
    ),
    "no pointer": (Kind.VALUE, LIGHTHOUSE, {"value": "score"}, "is no JSON pointer"),
    "no path": (Kind.VALUE, XML, {"value": "a[[["}, "is no path in it"),
    "no such column": (Kind.VALUE, CSV, {"value": "p95"}, 'has no column "p95"; it has name, value, se, status'),
    "two rows": (Kind.VALUE, CSV, {"value": "value"}, "holds 2 things at value"),
    "rows that break off": (Kind.VALUE, CSV + "x;1", {"value": "value", "where": "name = all"}, "shorter or longer"),
    "an error page": (Kind.VALUE, "<html><body>502</body></html>", {"value": "p"}, "is HTML"),
    "broken JSON": (Kind.VALUE, '{"a": ', {"value": "/a"}, "breaks off"),
    "an empty file": (Kind.VALUE, "", {"value": "/a"}, "is empty"),
    "entities": (Kind.VALUE, '<!DOCTYPE a [<!ENTITY b "1">]><a>&b;</a>', {"value": "."}, "declares its own entities"),
}  # fmt: skip


@pytest.mark.upheld("REQ-EVI-001.c1")
@pytest.mark.parametrize("what", UNREADABLE)
def test_a_number_is_never_guessed(what, tmp_path):
    kind, content, mapping, reason = UNREADABLE[what]

    reading = looked(tmp_path, kind, "", content, mapping)

    [e] = reading.evidence
    assert e.statistic is None
    assert reason in e.unreadable


def test_a_file_that_a_reader_knows_gives_both(tmp_path):
    content = '<testsuites time="3.5"><testsuite name="s"><testcase name="a"/></testsuite></testsuites>'

    reading = looked(tmp_path, Kind.VALUE, "s", content, {"value": "./@time"}, "junit.xml", "junit.xml")

    assert reading.reader == "junit + mapped"
    assert {e.indicator for e in reading.evidence} >= {"test.passed", "x.y"}
    assert "<testsuites>" in reading.reason
    assert "indicators.yaml maps junit.xml to x.y" in reading.reason


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [("*.json", "a/b.json", True), ("lhr-*.json", "lhr-1.JSON", True), ("out/*.json", "x/out/b.json", True),
     ("out/*.json", "b.json", False), ("a?.json", "abc.json", False), ("[x].json", "x.json", False)],
)  # fmt: skip
def test_a_pattern_fits_the_last_parts_of_a_path(pattern, name, fits):
    mapping = mapped(Indicator(name="x.y", kind=Kind.VALUE), Stage.BUILD, {"file": pattern, "value": "/a"})
    assert mapping.matches(name) is fits


BROKEN = {
    "an unknown key": (Kind.VALUE, {"file": "a", "valu": "/x"}, '"valu" is no part of a mapping'),
    "no file": (Kind.VALUE, {"value": "/x"}, "file is missing"),
    "half a ratio": (Kind.RATIO, {"file": "a", "n": "/x"}, "a ratio is mapped by good and n or bad and n"),
    "a kind that cannot be mapped": (Kind.AGE, {"file": "a", "value": "/x"}, "cannot be mapped"),
    "a count that is not closed": (Kind.COUNT, {"file": "a", "value": "count(/x"}, "is not understood"),
    "a unit of another thing": (Kind.VALUE, {"file": "a", "value": "/x", "unit": "s"}, "measures a duration"),
    "a where without a word": (
        Kind.VALUE,
        {"file": "a", "value": "x", "where": "all"},
        'where is written "column = word"',
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_mapping_that_cannot_be_followed_says_why(what):
    kind, tree, reason = BROKEN[what]
    with pytest.raises(UpheldError, match=re.escape(reason)):
        mapped(Indicator(name="x.y", kind=kind), Stage.BUILD, tree)


@pytest.mark.slow
@pytest.mark.upheld("REQ-EVI-001.c1")
@pytest.mark.parametrize("what", ["mutation testing: killed of all", "XML: attributes", "CSV: one row by its name"])
def test_no_mutation_of_a_mapped_file_raises_or_makes_up_numbers(what, tmp_path):
    kind, unit, content, mapping, expected = READ[what]
    chance = random.Random(what)
    text = (content if isinstance(content, str) else json.dumps(content)).encode()
    indicator = Indicator(name="x.y", kind=kind, unit=quantity.find_unit(unit) if unit else quantity.NUMBER)
    request = Request(mapped=(mapped(indicator, Stage.BUILD, {"file": "m.txt", **mapping}),))
    path = tmp_path / "m.txt"
    same = 0
    for _ in range(3_400):
        path.write_bytes(mutate(text, chance))
        [e] = [e for e in read(path, request).evidence if e.indicator == "x.y"]
        assert e.statistic is not None or e.unreadable
        if isinstance(e.statistic, Share):
            assert 0 <= e.statistic.good <= e.statistic.n
        same += e.statistic == expected
    assert 34 < same < 3_400
