"""The table of readers: content decides, two claims are an error, and nothing is passed over in silence."""

from dataclasses import replace

import pytest

from tests.conformance.reader.reports import REAL, write
from upheld import readers
from upheld.core.evidence import Share
from upheld.ports import Request
from upheld.readers import READERS, read, recognise
from upheld.readers.cases.junit import JUnit

pytestmark = pytest.mark.upheld("REQ-EVI-001.c1")

HTML = "<!doctype html><html><body>502 Bad Gateway</body></html>"


def test_content_decides_and_the_name_does_not(tmp_path):
    path = write(tmp_path, REAL["sarif"].read_bytes(), "junit.xml")

    reading = read(path, Request())

    assert reading.reader == "sarif"
    assert reading.reason == "it is JSON with a SARIF version and runs"


def test_two_readers_that_claim_one_file_are_both_named(tmp_path, monkeypatch):
    class Twin(JUnit):
        name, title = "twin", "Twin of JUnit"

    monkeypatch.setattr(readers, "READERS", (*READERS, Twin()))
    path = write(tmp_path, "<testsuites/>", "report.xml")

    reading = read(path, Request())

    assert not reading.readable
    assert reading.reason == (
        "could be JUnit XML test report (the root element is <testsuites>) or Twin of JUnit (the root element is <testsuites>)"
    )


def test_what_no_reader_takes_says_what_it_looks_like_and_what_was_tried(tmp_path):
    reader, why = recognise(write(tmp_path, '{"spdxVersion": "SPDX-2.3", "version": 1}'))

    assert reader is None
    assert why == (
        "looks like JSON with spdxVersion, version; no reader takes it "
        "(tried: native, junit, trx, nunit, xunit.net, robot, go, jest, cucumber, cucumber-messages, coverage.py, "
        "cobertura, jacoco, lcov, sarif, cyclonedx, openvex, trivy, grype, pip-audit, locust, k6, k6-stream, jmeter, "
        "samples, pytest-benchmark)"
    )


LOOKS = {
    "XML": ("<?xml version='1.0'?><!-- x --><a:bom/>", "XML with the root <bom>"),
    "HTML": (HTML, "HTML: is it an error page?"),
    "HTML below a comment": ("<!-- x --><html></html>", "HTML: is it an error page?"),
    "text": ("hello\nworld", 'text that begins with "hello world"'),
    "JSON without keys": ("[1, 2]", "JSON"),
    "white space": (" \n", "nothing but white space"),
    "bytes": (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00", "binary"),
    "XML in UTF-16": ("<bom/>".encode("utf-16"), "XML with the root <bom>"),
    "XML in UTF-16 without a mark": ("<bom/>".encode("utf-16-le"), "XML with the root <bom>"),
    "XML in UTF-16, the other way round": ("<bom/>".encode("utf-16-be"), "XML with the root <bom>"),
    "only a comment": ("<!-- <testsuites/> -->", 'text that begins with "<!-- <testsuites/> -->"'),
    "a DOCTYPE": ("<!DOCTYPE bom [<!ENTITY a 'b'>]><bom/>", "XML with the root <bom>"),
}


@pytest.mark.parametrize("what", LOOKS)
def test_a_file_is_described_in_words(what, tmp_path):
    content, words = LOOKS[what]

    assert recognise(write(tmp_path, content))[1].startswith(f"looks like {words}; no reader takes it")


NAMED = {
    "junit.xml": "JUnit XML test report", "TEST-a.B.xml": "JUnit XML test report", "results.sarif": "SARIF 2.1.0 log",
    "coverage.xml": "Cobertura XML coverage report", "coverage.json": "coverage.py JSON report",
    "lcov.info": "LCOV tracefile", "run_stats.csv": "Locust load test statistics", "k6-summary.json": "k6 summary",
    "latency-samples.csv": "CSV of load test samples", "benchmark.json": "pytest-benchmark JSON",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_an_error_page_with_the_name_of_a_report_leaves_its_indicators_unreadable(name, tmp_path):
    reading = read(write(tmp_path, HTML, name), Request())

    assert not reading.readable
    assert reading.reason.startswith(
        f"is named like {NAMED[name]}, but looks like HTML: is it an error page?; no reader"
    )
    assert reading.evidence
    assert {e.statistic for e in reading.evidence} == {None}
    assert {e.source["file"] for e in reading.evidence} == {name}
    assert all(e.asserted for e in reading.evidence)


@pytest.mark.parametrize(("content", "reason"), [(b"", "is empty"), (None, "does not exist")])
def test_an_empty_or_missing_file_with_the_name_of_a_report_is_unreadable_too(content, reason, tmp_path):
    path = tmp_path / "junit.xml"
    if content is not None:
        path.write_bytes(content)

    reading = read(path, Request())

    assert reading.reason == f"is named like JUnit XML test report, but {reason}"
    assert {e.indicator for e in reading.evidence} == {"test.passed", "test.failed", "test.flaky", "test.skipped"}


def test_a_file_that_is_too_large_is_unreadable_by_its_name(tmp_path):
    path = write(tmp_path, "<testsuites/>", "junit.xml")

    reading = read(path, Request(max_bytes=5))

    assert reading.evidence[0].unreadable == (
        "is named like JUnit XML test report, but has 13 bytes, at most 5 bytes are read: split the report or raise the limit"
    )


def test_a_name_that_several_formats_use_leaves_all_of_them_unreadable(tmp_path):
    reading = read(write(tmp_path, HTML, "locust-latencies.csv"), Request())

    assert reading.reason.startswith("is named like Locust load test statistics or CSV of load test samples, but")
    assert sorted(e.indicator for e in reading.evidence) == ["load.latency", "load.ok"]


def test_a_file_of_no_known_name_has_a_reason_and_no_evidence(tmp_path):
    reading = read(write(tmp_path, "hello", "notes"), Request())

    assert (reading.reader, reading.evidence, reading.readable) == ("", (), False)
    assert reading.summary == "not readable"


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "run.log",
        "junit.xml.upheld.json",
        "index.html",
        "a_stats_history.csv",
        "a_failures.csv",
        "a_exceptions.csv",
    ],
)
def test_what_lies_beside_evidence_is_no_evidence(name, tmp_path):
    assert read(write(tmp_path, "x", name), Request()) is None


def test_a_report_below_a_long_comment_is_recognised(tmp_path):
    path = write(tmp_path, f"<?xml version='1.0'?>\n<!-- {'licence ' * 5_000} -->\n<testsuite><testcase/></testsuite>")

    assert read(path, Request()).evidence[0].statistic == Share(1, 1)


def test_every_indicator_of_every_reader_means_the_same_thing_everywhere():
    known: dict[str, object] = {}
    for reader in READERS:
        for name, indicator in reader.indicators.items():
            assert known.setdefault(name, indicator) == indicator


def test_a_readable_file_says_why_its_reader_took_it():
    for name, path in REAL.items():
        reading = read(path, Request())
        assert reading.readable
        assert replace(reading, reason="") != reading, name


def test_a_record_of_ours_that_speaks_of_sarif_and_runs_is_still_ours(tmp_path):
    record = (
        b'{"schema": "upheld/evidence/v1", "indicator": "bench.sarif-cpu", "stage": "build", "conditions": {"runs": 3},'
        b' "producer": {"version": "2.1.0"}, "statistic": {"kind": "level", "value": 0.8, "unit": "s"}}'
    )
    assert read(write(tmp_path, record, "bench.sarif-cpu.json"), Request()).reader == "native"
