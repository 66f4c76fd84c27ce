"""JMeter in all its forms, k6's stream of points, JaCoCo: the traps of each."""

import json

import pytest

from tests.conformance.reader.reports import SAMPLES, cells, found, read, share, whole
from upheld.ports import Request
from upheld.readers import read as read_any

pytestmark = pytest.mark.upheld("REQ-EVI-006.c1")

OK, LATENCY = "load.ok", "load.latency"


@pytest.mark.parametrize(
    ("name", "reader"),
    [("with-header.csv", "samples"), ("without-header.jtl", "samples"), ("formatted-times.csv", "samples"),
     ("transactions.jtl", "jmeter"), ("parents.jtl", "jmeter")],
)  # fmt: skip
def test_jmeter_counts_the_same_requests_in_every_form(name, reader):
    reading = read_any(SAMPLES / "jmeter" / name, Request())

    assert reading.reader == reader
    total = whole(reading, OK).statistic
    assert (total.good, total.n) == (40, 80)
    assert {e.population.get("request") for e in reading.evidence} == {None, "Home, sweet home", "Missing"}


def jtl(*samples: str) -> str:
    return f'<testResults version="1.2">{"".join(samples)}</testResults>'


def sample(inside: str = "", *, ok: str = "true", t: str = "100", element: str = "httpSample", **known: str) -> str:
    more = "".join(f' {key}="{value}"' for key, value in known.items())
    return f'<{element} t="{t}" ts="1296846793179" s="{ok}" lb="x"{more}>{inside}</{element}>'


JTL = {
    "images of a page belong to its request": (jtl(sample(sample(ok="false") + sample())), (1, 1)),
    "requests inside a transaction count, and the transaction does not": (
        jtl(sample(sample() + sample(ok="false"), element="sample", ok="false",
                   rm="Number of samples in transaction : 2, number of failing samples : 1")), (1, 2),
    ),
    "an assertion is no sample": (jtl(sample("<assertionResult><failure>true</failure></assertionResult>")), (1, 1)),
}  # fmt: skip


@pytest.mark.parametrize("what", JTL)
def test_jmeter_samples_are_counted(what, tmp_path):
    content, passed = JTL[what]
    reading = read("jmeter", tmp_path, content)
    assert (whole(reading, OK).statistic.good, whole(reading, OK).statistic.n) == passed


JTL_REFUSED = {
    "no sample": (jtl(), "holds no sample"),
    "no word on success": (jtl(sample(ok="")), 's is ""'),
    "no time": (jtl(sample(t="fast")), 't is "fast", milliseconds are needed'),
    "a negative time": (jtl(sample(t="-1")), 't is "-1"'),
}


@pytest.mark.parametrize("what", JTL_REFUSED)
def test_jmeter_samples_that_cannot_be_read_are_refused(what, tmp_path):
    content, reason = JTL_REFUSED[what]
    assert reason in read("jmeter", tmp_path, content).reason


def test_a_csv_without_header_that_jmeter_did_not_write_is_not_taken(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("1393227741256,fast,x,200,OK,t,text,true\n")
    assert not read_any(path, Request()).readable


def point(metric: str, value: float, *, time: str = "2026-11-22T09:00:00Z", **tags: str) -> str:
    data = {"time": time, "value": value, "tags": tags}
    return json.dumps({"type": "Point", "data": data, "metric": metric}, separators=(",", ":")) + "\n"


def test_k6_points_are_requests_by_name_with_their_failures():
    reading = read_any(SAMPLES / "k6-stream" / "points.ndjson", Request())

    assert (whole(reading, OK).statistic.good, whole(reading, OK).statistic.n) == (38, 40)
    assert share(reading, OK, request="/insight") == (18, 20)
    assert cells(reading, LATENCY, request="/health").n == 20
    assert found(reading, LATENCY, request="/health").conditions["seconds"] == pytest.approx(10, abs=0.5)


K6_REFUSED = {
    "failures that the tags do not tell": (
        point("http_req_duration", 5, expected_response="true") + point("http_req_failed", 1),
        "which is right?",
    ),
    "no request": (point("http_reqs", 1), "no HTTP request"),
    "a last line without its end": (point("http_req_duration", 5, expected_response="true")[:-1], "breaks off at byte"),
    "half a line": (point("http_req_duration", 5, expected_response="true") + '{"type":"Po\n', "line 2 is no point"),
    "a time without zone": (
        point("http_req_duration", 5, time="2026-11-22T09:00:00", expected_response="true"),
        "no zone",
    ),
    "a negative time": (point("http_req_duration", -5, expected_response="true"), "took -5 ms"),
}


@pytest.mark.parametrize("what", K6_REFUSED)
def test_a_k6_stream_that_cannot_be_trusted_shows_nothing(what, tmp_path):
    content, reason = K6_REFUSED[what]
    reading = read("k6-stream", tmp_path, content)
    assert not reading.readable
    assert reason in reading.reason


def test_k6_points_without_tags_say_nothing_about_failures(tmp_path):
    reading = read("k6-stream", tmp_path, point("http_req_duration", 5) + point("http_req_duration", 6))
    assert [e.indicator for e in reading.evidence] == [LATENCY]


def test_iterations_that_k6_could_not_start_are_named(tmp_path):
    content = point("http_req_duration", 5, expected_response="true") + point("dropped_iterations", 3)
    assert any("could not start 3 iterations" in note for note in whole(read("k6-stream", tmp_path, content), OK).notes)


# ── JaCoCo ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def jacoco(inside: str, counters: str = "") -> str:
    return f'<report name="x"><package name="shop">{inside}</package>{counters}</report>'


def test_jacoco_lines_count_once_and_counters_do_not_add_up():
    reading = read_any(
        SAMPLES / "jacoco" / "ant.xml", Request(changed_lines={"src/shop/Basket.java": frozenset({5, 6})})
    )

    assert share(reading, "coverage.lines") == (2, 5)
    assert share(reading, "coverage.branches") == (1, 2)
    assert share(reading, "coverage.changed-lines") == (1, 2)


def test_jacoco_without_instructions_per_line_is_read_by_its_counters():
    reading = read_any(SAMPLES / "jacoco" / "gcovr.xml", Request(changed_lines={"basket.c": frozenset({3})}))

    assert share(reading, "coverage.lines") == (4, 6)
    assert share(reading, "coverage.branches") == (1, 2)
    assert found(reading, "coverage.changed-lines").unreadable == "no line of the report says whether it ran"


JACOCO_REFUSED = {
    "nothing measured": (jacoco(""), "measured no line"),
    "counters of nothing": (jacoco("", '<counter type="LINE" missed="0" covered="0"/>'), "measured no line"),
    "a count that is none": (jacoco('<sourcefile name="A"><line nr="1" ci="x"/></sourcefile>'), 'ci of "x"'),
    "a source file without a name": ('<report name="x"><sourcefile/></report>', "without a name"),
}


@pytest.mark.parametrize("what", JACOCO_REFUSED)
def test_jacoco_that_says_nothing_is_refused(what, tmp_path):
    content, reason = JACOCO_REFUSED[what]
    assert reason in read("jacoco", tmp_path, content).reason


def test_a_report_that_is_not_jacocos_is_not_taken(tmp_path):
    path = tmp_path / "report.xml"
    path.write_text("<report><summary/></report>")
    assert not read_any(path, Request()).reader
