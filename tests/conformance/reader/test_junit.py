"""JUnit XML: every trap that writers of this format are known to set."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.reader.reports import BY_NAME, SAMPLES, count, found, read, share
from upheld.ports import Request
from upheld.readers import intake

pytestmark = pytest.mark.upheld("REQ-EVI-002.c1")

PASS = '<testcase classname="a.B" name="one" time="0.1"/>'
FAIL = '<testcase classname="a.B" name="two"><failure message="no">trace</failure></testcase>'


def suite(*cases: str, attributes: str = 'name="s"') -> str:
    return f"<testsuites><testsuite {attributes}>{''.join(cases)}</testsuite></testsuites>"


def case(inside: str = "", attributes: str = 'classname="a.B" name="one"') -> str:
    return f"<testcase {attributes}>{inside}</testcase>"


# What stands in a file: (passed, executed), failed, flaky, skipped.
OUTCOMES = {
    "one case that passes": (suite(PASS), (1, 1), 0, 0, 0),
    "a failure": (suite(PASS, FAIL), (1, 2), 1, 0, 0),
    "an error": (suite(case("<error/>")), (0, 1), 1, 0, 0),
    "a pass that breaks in teardown": (
        suite(PASS, case('<error message="failed on teardown">x</error>', 'classname="a.B" name="three"')), (1, 2), 1, 0, 0,
    ),
    "a failure and an error in one case count once": (suite(case("<failure/><error/>")), (0, 1), 1, 0, 0),
    "a skipped case was not executed": (suite(PASS, case("<skipped/>", 'name="x"')), (1, 1), 0, 0, 1),
    "an expected failure is neither passed nor failed": (
        suite(PASS, case('<skipped type="pytest.xfail" message="known"/>', 'name="x"')), (1, 1), 0, 0, 1,
    ),
    "a strict expected failure that passes is a failure": (
        suite(case('<failure message="[XPASS(strict)] known"/>')), (0, 1), 1, 0, 0,
    ),
    "skipped and failed is failed": (suite(case("<skipped/><failure/>")), (0, 1), 1, 0, 0),
    "failed and skipped is failed": (suite(case("<failure/><skipped/>")), (0, 1), 1, 0, 0),
    "a collection error with an empty class": (
        suite(case('<error message="collection failure"/>', 'classname="" name="tests.test_x"')), (0, 1), 1, 0, 0,
    ),
    "Surefire: passed on the second try": (suite(case("<flakyFailure/>")), (0, 1), 0, 1, 0),
    "Surefire: an error on the first try": (suite(case("<flakyError/><flakyFailure/>")), (0, 1), 0, 1, 0),
    "Surefire: failed on every try": (suite(case("<failure/><rerunFailure/>")), (0, 1), 1, 0, 0),
    "Surefire: a rerun without the failure": (suite(case("<rerunFailure/>")), (0, 1), 0, 1, 0),
    "Surefire: a rerun that broke, without the failure": (suite(case("<rerunError/>")), (0, 1), 0, 1, 0),
    "the same test fails and then passes": (
        suite(case("<failure/>"), PASS, attributes='name="s" tests="2"'), (0, 1), 0, 1, 0,
    ),
    "it fails twice and then passes": (suite(case("<failure/>"), case("<error/>"), PASS), (0, 1), 0, 1, 0),
    "it passes and then fails": (suite(PASS, case("<failure/>")), (1, 2), 1, 0, 0),
    "it fails, passes, and another of its name passes": (suite(case("<failure/>"), PASS, PASS), (1, 2), 0, 1, 0),
    "tests of one name in two classes are two tests": (
        suite(case("<failure/>"), case("", 'classname="a.C" name="one"')), (1, 2), 1, 0, 0,
    ),
    "tests of one name and class in two suites are two tests": (
        f'<testsuites><testsuite name="s">{case("<failure/>")}</testsuite><testsuite name="t">{PASS}</testsuite></testsuites>',
        (1, 2), 1, 0, 0,
    ),
    "the same test passes twice": (suite(PASS, PASS), (2, 2), 0, 0, 0),
    "GoogleTest: a disabled test passed nothing": (
        suite(PASS, case("", 'name="x" status="notrun" result="suppressed"')), (1, 1), 0, 0, 1,
    ),
    "GoogleTest: skipped by result": (suite(PASS, case("", 'name="x" status="run" result="skipped"')), (1, 1), 0, 0, 1),
    "a status says failed and no element does": (suite(case("", 'name="x" status="Failed"')), (0, 1), 1, 0, 0),
    "a status cannot make a failure better": (suite(case("<failure/>", 'name="x" status="skipped"')), (0, 1), 1, 0, 0),
    "a status of passed changes nothing": (suite(case("", 'name="x" classname="c" status="passed"')), (1, 1), 0, 0, 0),
    "one case of many says that it did not run": (
        suite(
            '<testcase classname="c" name="a" time="1"/>', '<testcase classname="c" name="b" result="skipped"/>'
        ), (1, 1), 0, 0, 1,
    ),
    "a failure in the set-up of a suite": (suite("<error/>", PASS), (1, 2), 1, 0, 0),
    "no classname and no time": (suite('<testcase name="x"/>'), (1, 1), 0, 0, 0),
    "no attribute at all": (suite("<testcase/>"), (1, 1), 0, 0, 0),
    "a suite as root": (f'<testsuite name="s">{PASS}{FAIL}</testsuite>', (1, 2), 1, 0, 0),
    "cases directly below testsuites": (f"<testsuites>{PASS}{FAIL}</testsuites>", (1, 2), 1, 0, 0),
    "nested suites": (
        f'<testsuites><testsuite name="a"><testsuite name="b">{PASS}</testsuite>{FAIL}</testsuite></testsuites>', (1, 2), 1, 0, 0,
    ),
    "a default namespace": (f'<testsuite xmlns="https://example.com/junit">{PASS}{FAIL}</testsuite>', (1, 2), 1, 0, 0),
    "a namespace prefix": (
        '<j:testsuite xmlns:j="urn:j"><j:testcase name="x"><j:failure/></j:testcase><j:testcase name="y"/></j:testsuite>',
        (1, 2), 1, 0, 0,
    ),
    "XML inside CDATA is text": (
        suite(case("<system-out><![CDATA[<testcase name='z'><failure/></testcase>]]></system-out>")), (1, 1), 0, 0, 0,
    ),
    "a comment is no case": (suite("<!-- <testcase name='z'/> -->", PASS), (1, 1), 0, 0, 0),
    "attributes that claim other counts": (
        suite(PASS, FAIL, attributes='name="s" tests="1" failures="0" errors="0"'), (1, 2), 1, 0, 0,
    ),
    "all skipped": (suite(case("<skipped/>")), (0, 0), 0, 0, 1),
    "single quotes and entities in names": (suite("<testcase name='a &lt; b' classname='x'/>"), (1, 1), 0, 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("what", OUTCOMES)
def test_outcomes_are_counted_from_elements(what, tmp_path):
    content, passed, failed, flaky, skipped = OUTCOMES[what]

    reading = read("junit", tmp_path, content)

    assert reading.readable, reading.reason
    assert share(reading, "test.passed") == passed
    assert count(reading, "test.skipped") == skipped
    if passed[1]:
        assert (count(reading, "test.failed"), count(reading, "test.flaky")) == (failed, flaky)
    else:
        assert found(reading, "test.flaky").unreadable == "none of 1 tests was executed"


# Files that are no JUnit report, or hold nothing to judge, and why.
REFUSED = {
    "no case in an empty suite": ('<testsuites><testsuite name="s" tests="0"/></testsuites>', "holds no test case"),
    "no case although the counter says three": ('<testsuite tests="3"/>', "holds no test case"),
    "no suite": ("<testsuites/>", "holds no test case"),
    "another root": (
        "<testResults><httpSample/></testResults>", "has the root <testResults>, JUnit has <testsuites> or <testsuite>",
    ),
    "a lone case": ('<testcase name="x"/>', "has the root <testcase>, JUnit has <testsuites> or <testsuite>"),
    "an HTML page that is XML": ("<html><body/></html>", "is HTML, not JUnit: is it an error page?"),
    "an HTML page with its DOCTYPE": ("<!DOCTYPE html><html></html>", "is HTML: is it an error page?"),
    "a DOCTYPE": (
        '<!DOCTYPE testsuites SYSTEM "http://example.com/x.dtd"><testsuites/>',
        "holds a DOCTYPE that names a DTD (http://example.com/x.dtd); such files are refused",
    ),
    "a DOCTYPE with entities": (
        '<!DOCTYPE t [<!ENTITY a "b">]><testsuite><testcase name="&a;"/></testsuite>',
        "holds a DOCTYPE that declares its own entities; such files are refused",
    ),
    "a case in a case": (suite('<testcase name="a"><testcase name="b"/></testcase>'), "holds a test case inside a test case"),
    "a prefixed case in a case": (
        suite('<testcase name="a"><j:testcase xmlns:j="x" name="b"/></testcase>'), "holds a test case inside a test case",
    ),
    "not closed": ("<testsuite><testcase/>", "breaks off at byte 22: is it cut off? (no element found)"),
    "cut off in a tag": ("<testsuite><testcase na", "breaks off at byte 23: is it cut off? (unclosed token)"),
    "not well formed": ("<testsuite></wrong>", "is no XML at byte 13 (line 1): mismatched tag"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_holds_nothing_to_judge_is_refused(what, tmp_path):
    content, reason = REFUSED[what]

    reading = read("junit", tmp_path, content)

    assert not reading.readable
    assert reading.reason == reason
    assert {e.indicator for e in reading.evidence} == {"test.passed", "test.failed", "test.flaky", "test.skipped"}


def test_more_elements_than_anybody_needs_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("upheld.readers.intake.MOST_ELEMENTS", 10)

    assert read("junit", tmp_path, suite(*[PASS] * 8)).readable
    assert read("junit", tmp_path, suite(*[PASS] * 9)).reason == "holds more than 10 elements"


# ── Notes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_counters_that_claim_too_little_are_noted_and_not_believed(tmp_path):
    notes = found(read("junit", tmp_path, suite(PASS, FAIL, attributes='name="s" tests="1"')), "test.passed").notes

    assert notes[0] == 'the counts of suites disagree with their cases, which are counted: "s" says 1, holds 2'


@pytest.mark.upheld("REQ-EVI-001.c1")
@pytest.mark.parametrize("claimed", ["3", "99999999999999"])
def test_a_file_that_announces_more_tests_than_it_holds_shows_nothing(claimed, tmp_path):
    reading = read("junit", tmp_path, suite(PASS, attributes=f'name="s" tests="{claimed}"'))

    assert not reading.readable
    assert {e.statistic for e in reading.evidence} == {None}
    assert reading.reason == (
        f'announces more tests than it holds ("s" says {claimed}, holds 1): is it a part, or cut off?'
    )


SUBTESTS = {
    "subtests that passed leave no element": ('tests="7" failures="0" errors="0"', PASS, (1, 1)),
    "a teardown that broke is counted twice": ('tests="2" failures="0" errors="1"', case("<error/>"), (0, 1)),
    "failures that are not there": ('tests="7" failures="1" errors="0"', PASS, None),
    "errors that are not there": ('tests="7" failures="0" errors="2"', case("<error/>"), None),
    "no word about failures": ('tests="7"', PASS, None),
}


@pytest.mark.parametrize("what", SUBTESTS)
def test_pytest_may_count_subtests_that_it_does_not_write_as_long_as_no_failure_is_missing(what, tmp_path):
    claims, inside, passed = SUBTESTS[what]

    reading = read("junit", tmp_path, suite(inside, attributes=f'name="pytest" {claims}'))

    assert reading.readable == (passed is not None)
    if passed is not None:
        assert share(reading, "test.passed") == passed


@pytest.mark.parametrize("claimed", ["1", "2", "02"])
def test_a_suite_may_count_its_own_cases_or_those_of_nested_suites_too(claimed, tmp_path):
    content = (
        f'<testsuite name="s" tests="{claimed}">{PASS}<testsuite name="t" tests="1">{PASS}</testsuite></testsuite>'
    )

    assert found(read("junit", tmp_path, content), "test.passed").notes == ()


def test_tests_that_did_not_pass_are_named_and_the_rest_is_a_number(tmp_path):
    failures = [case("<failure/>", f'classname="a.B" name="t{i}"') for i in range(7)]

    notes = found(read("junit", tmp_path, suite(*failures)), "test.failed").notes

    assert notes == ("not passed: a.B::t0, a.B::t1, a.B::t2, a.B::t3, a.B::t4 and 2 more",)


def test_what_else_a_person_must_know_is_noted(tmp_path):
    content = suite(
        case("<skipped/>"), "<error/>", case("<flakyFailure/>", 'name="f"'),
        attributes='name="s" timestamp="2026-11-22T07:40:00"',
    )  # fmt: skip

    assert found(read("junit", tmp_path, content), "test.passed").notes == (
        "1 skipped or expected to fail, counted neither as passed nor as failed",
        "the timestamps name no time zone and are left out",
        "1 failures stand outside any test case and count as failed tests",
        "not passed: (outside any test case), f",
        "1 passed only when tried again: flaky, not passed",
    )


def test_a_file_of_skipped_tests_says_that_none_was_executed(tmp_path):
    reading = read("junit", tmp_path, suite(case("<skipped/>")))

    assert found(reading, "test.passed").notes[-1] == "none of 1 tests was executed"
    assert found(reading, "test.failed").unreadable == "none of 1 tests was executed"
    assert reading.summary == "1 tests, 0 passed, 1 skipped"


def test_the_summary_is_one_line_for_a_person(tmp_path):
    assert read("junit", tmp_path, suite(PASS, FAIL)).summary == "2 tests, 1 passed, 1 failed"
    assert read("junit", tmp_path, suite(case("<flakyError/>"))).summary == "1 tests, 0 passed, 1 flaky"


# ── Time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_window_spans_all_suites_that_name_a_time_zone(tmp_path):
    content = (
        '<testsuites><testsuite timestamp="2026-11-22T08:40:00+01:00" time="1,060.5">' + PASS + "</testsuite>"
        '<testsuite timestamp="2026-11-22T07:39:59Z" time="1">' + PASS + "</testsuite></testsuites>"
    )

    e = found(read("junit", tmp_path, content), "test.passed")

    assert e.start == datetime(2026, 11, 22, 7, 39, 59, tzinfo=UTC)
    assert e.end == datetime(2026, 11, 22, 7, 57, 40, 500_000, tzinfo=UTC)
    assert e.observed is None


@pytest.mark.parametrize(
    "attributes",
    [
        'timestamp="2021-03-07T10:36:56 UTC" time="1"', 'timestamp="yesterday"', 'timestamp="" time=""', 'time="3"',
        'timestamp="2026-11-22T07:40:00Z" time="0"', 'timestamp="2026-11-22T07:40:00Z" time="soon"',
        'timestamp="2026-11-22T07:40:00Z" time="1e300"', 'timestamp="2026-11-22T07:40:00Z" time="-5"',
    ],
)  # fmt: skip
def test_a_time_that_says_nothing_is_no_window(attributes, tmp_path):
    e = found(read("junit", tmp_path, suite(PASS, attributes=attributes)), "test.passed")

    assert (e.start, e.end) == (None, None)


# ── Links ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def properties(*pairs: tuple[str, str]) -> str:
    return "<properties>" + "".join(f'<property name="{n}" value="{v}"/>' for n, v in pairs) + "</properties>"


# What stands in a suite, and which address gets (passed, executed).
LINKS = {
    "a property of a case": (
        [case(properties(("requirement", "REQ-1"))), FAIL], {"REQ-1": (1, 1)},
    ),
    "the same property twice": (
        [case(properties(("requirement", "REQ-1"), ("requirement", "REQ-2.c1")))], {"REQ-1": (1, 1), "REQ-2.c1": (1, 1)},
    ),
    "several addresses in one value": (
        [case(properties(("requirement", "REQ-1, REQ-2; REQ-3 REQ-4")))],
        {"REQ-1": (1, 1), "REQ-2": (1, 1), "REQ-3": (1, 1), "REQ-4": (1, 1)},
    ),
    "the other names of the property": (
        [case(properties(("upheld.criterion", "REQ-1.c2"))), case(properties(("test_key", "PROJ-7")), 'name="k"')],
        {"REQ-1.c2": (1, 1), "PROJ-7": (1, 1)},
    ),
    "a property of another name": ([case(properties(("requirements", "REQ-1")))], {}),
    "a value as text": (
        [case('<properties><property name="requirement"> REQ-9 </property></properties>')], {"REQ-9": (1, 1)},
    ),
    "a tag in square brackets": ([case("", 'name="test_x[REQ-LAT-001]"')], {"REQ-LAT-001": (1, 1)}),
    "a tag with an at sign": ([case("", 'name="Insight arrives @REQ-LAT-001.c1"')], {"REQ-LAT-001.c1": (1, 1)}),
    "Gherkin tags in a name": (
        [case("", 'name="@slow @REQ-LAT-001.c1 @REQ-LAT-002"')], {"REQ-LAT-001.c1": (1, 1), "REQ-LAT-002": (1, 1)},
    ),
    "a tag in the class": ([case("", 'classname="Feature [REQ-5]" name="x"')], {"REQ-5": (1, 1)}),
    "a tag and a property of the same address count once": (
        [case(properties(("requirement", "REQ-1")), 'name="x [REQ-1]"')], {"REQ-1": (1, 1)},
    ),
    "what is no address": ([case("", 'name="test_x[case-1][a-1][REQ][utf-8] someone@REQ-1.example.org"')], {}),
    "a property of the suite links all its cases": (
        [properties(("requirement", "REQ-7")), PASS, FAIL], {"REQ-7": (1, 2)},
    ),
    "a property of the suite that stands after its cases": (
        [PASS, FAIL, properties(("requirement", "REQ-7"))], {"REQ-7": (1, 2)},
    ),
    "a property of the suite between its cases": (
        [PASS, properties(("requirement", "REQ-7")), FAIL], {"REQ-7": (1, 2)},
    ),
    "a property of an outer suite links the cases of inner ones": (
        [f'<testsuite name="inner">{PASS}</testsuite>', FAIL, properties(("requirement", "REQ-7"))], {"REQ-7": (1, 2)},
    ),
    "a property of an inner suite links nothing outside": (
        [f'<testsuite name="inner">{properties(("requirement", "REQ-7"))}{PASS}</testsuite>', FAIL], {"REQ-7": (1, 1)},
    ),
    "a skipped test shows nothing": ([case("<skipped/>", 'name="x[REQ-1]"')], {"REQ-1": (0, 0)}),
    "a flaky test does not count as passed": (
        [case("<failure/>", 'name="x[REQ-1]"'), case("", 'name="x[REQ-1]"')], {"REQ-1": (0, 1)},
    ),
    "a failing test": ([case(properties(("requirement", "REQ-1")) + "<failure/>")], {"REQ-1": (0, 1)}),
}  # fmt: skip


@pytest.mark.parametrize("what", LINKS)
def test_tests_are_linked_to_the_addresses_they_name(what, tmp_path):
    inside, expected = LINKS[what]

    reading = read("junit", tmp_path, suite(*inside))

    linked = {e.links: (e.statistic.good, e.statistic.n) for e in reading.evidence if e.links}
    assert linked == {(address,): counts for address, counts in expected.items()}
    assert all(e.indicator == "test.passed" for e in reading.evidence if e.links)


def test_the_names_of_link_properties_are_a_setting(tmp_path):
    content = suite(case(properties(("story", "REQ-1"), ("requirement", "REQ-2"))))

    reading = read("junit", tmp_path, content, link_properties=("story",))

    assert [e.links for e in reading.evidence if e.links] == [("REQ-1",)]


def test_links_reach_over_the_pieces_in_which_a_file_is_read(tmp_path, monkeypatch):
    content = suite(
        case("", 'name="first"'),
        case(properties(("requirement", "REQ-1")) + "<failure/>", 'name="second"'),
        case('<properties><property name="requirement">REQ-2</property></properties>', 'name="third"'),
        properties(("requirement", "REQ-3")),
    )
    whole = read("junit", tmp_path, content)

    for size in (1, 7, 64):
        monkeypatch.setattr("upheld.readers.intake._CHUNK", size)
        assert read("junit", tmp_path, content).evidence == whole.evidence
    assert share(whole, "test.passed", links=("REQ-1",)) == (0, 1)
    assert share(whole, "test.passed", links=("REQ-2",)) == (1, 1)
    assert share(whole, "test.passed", links=("REQ-3",)) == (2, 3)


def test_only_so_many_addresses_are_followed(tmp_path, monkeypatch):
    monkeypatch.setattr("upheld.readers.cases.junit.MOST_LINKS", 3)
    content = suite(*[case("", f'name="x[REQ-{i}]"') for i in range(5)])

    reading = read("junit", tmp_path, content)

    assert [e.links for e in reading.evidence if e.links] == [("REQ-0",), ("REQ-1",), ("REQ-2",)]
    assert "only the first 3 requirement addresses are followed" in found(reading, "test.passed").notes


# ── Retries as pytest-rerunfailures leaves them ──────────────────────────────────────────────────────────────────────


def pytest_suite(*cases: str, tests: int) -> str:
    return suite(*cases, attributes=f'name="pytest" tests="{tests}"')


RERUNS = {
    "a try without a failure, then a pass": (pytest_suite(PASS, PASS, tests=1), (0, 1), 0, 1),
    "two tries, then a pass": (pytest_suite(PASS, PASS, PASS, tests=1), (0, 1), 0, 1),
    "tries, then a failure": (pytest_suite(PASS, PASS, case("<failure/>"), tests=1), (0, 1), 1, 0),
    "tries, then a skip": (pytest_suite(PASS, case("<skipped/>"), FAIL, tests=2), (0, 1), 1, 0),
    "a failure whose teardown breaks too": (pytest_suite(case("<failure/>"), case("<error/>"), tests=1), (0, 1), 1, 0),
    "other tests are not touched": (
        pytest_suite(case("", 'name="other"'), PASS, FAIL, PASS, tests=3), (1, 3), 1, 1,
    ),
    "as many elements as tests: no test ran again": (pytest_suite(PASS, PASS, tests=2), (2, 2), 0, 0),
    "another tool may repeat names": (suite(PASS, PASS, attributes='name="s" tests="1"'), (2, 2), 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("what", RERUNS)
def test_an_element_that_pytest_does_not_count_is_an_earlier_try(what, tmp_path):
    content, passed, failed, flaky = RERUNS[what]

    reading = read("junit", tmp_path, content)

    assert share(reading, "test.passed") == passed
    assert (count(reading, "test.failed"), count(reading, "test.flaky")) == (failed, flaky)


def test_reruns_and_late_links_are_found_in_one_file(tmp_path):
    content = pytest_suite(PASS, PASS, FAIL, properties(("requirement", "REQ-7")), tests=2)

    assert share(read("junit", tmp_path, content), "test.passed", links=("REQ-7",)) == (0, 2)


# ── Forms of the same document ───────────────────────────────────────────────────────────────────────────────────────

PLAIN = [
    '<testcase classname="a.B" name="one" time="0.1"/>',
    '<testcase classname="a.B" name="two" time="0.1"><failure message="a &gt; b">trace</failure></testcase>',
    '<testcase classname="a.B" name="three &amp; four" time="0.1"><skipped/></testcase>',
    '<testcase classname="a.B" name="five" time="0.1"/>',
]
FORMS = {
    "single quotes": lambda text: text.replace('"', "'"),
    "the name first": lambda text: text.replace('classname="a.B" ', "").replace(' time="0.1"', ' classname="a.B" time="0.1"'),
    "more attributes": lambda text: text.replace(' time="0.1"', ' file="a.py" line="3" time="0.1"'),
    "no time": lambda text: text.replace(' time="0.1"', ""),
    "several lines": lambda text: text.replace(" name=", "\n   name=").replace("/>", "\n/>"),
    "open and close tags": lambda text: text.replace(' time="0.1"/>', ' time="0.1"></testcase>'),
    "white space in tags": lambda text: text.replace("</testcase>", "</testcase >").replace("/>", " />"),
    "comments": lambda text: text.replace("<testcase", "<!-- <testcase> --><testcase"),
    "processing instructions": lambda text: text.replace("<testcase", "<?x <testcase?><testcase"),
    "output in CDATA": lambda text: text.replace("</testcase>", "<system-out><![CDATA[<testcase/>&]]></system-out></testcase>"),
    "messages in CDATA": lambda text: text.replace("trace", "<![CDATA[<failure> & ]] > <testcase]]>"),
    "a prefix": lambda text: text.replace("<testcase", "<j:testcase").replace("</testcase", "</j:testcase"),
    "character references": lambda text: text.replace("three", "&#116;hr&#x65;e"),
}  # fmt: skip


@pytest.mark.parametrize("size", [5, 50, 1 << 15])
@pytest.mark.parametrize("form", FORMS)
def test_the_same_cases_in_another_form_are_the_same_report(form, size, tmp_path, monkeypatch):
    content = suite(*PLAIN * 3, attributes='name="s" xmlns:j="urn:j"')
    plain = read("junit", tmp_path, content)
    monkeypatch.setattr("upheld.readers.intake._CHUNK", size)

    other = read("junit", tmp_path, suite(*[FORMS[form](c) for c in PLAIN * 3], attributes='name="s" xmlns:j="urn:j"'))

    assert share(plain, "test.passed") == (6, 9)
    assert [(e.statistic, e.population, e.notes) for e in other.evidence] == [
        (e.statistic, e.population, e.notes) for e in plain.evidence
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_the_same_cases_in_another_encoding_are_the_same_report(encoding, tmp_path):
    text = suite(*[c.replace("five", "fünf") for c in PLAIN * 40])
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'

    plain = read("junit", tmp_path, text)
    other = read("junit", tmp_path, (declared + text).encode(encoding))

    assert [(e.statistic, e.population) for e in other.evidence] == [
        (e.statistic, e.population) for e in plain.evidence
    ]


@pytest.mark.upheld("REQ-EVI-001.c1")
def test_a_tag_of_eight_megabytes_is_handed_to_the_parser_in_pieces_that_grow(tmp_path, monkeypatch):
    # The parser begins anew with an open tag at every piece: with pieces of one size it would scan this tag 240 times.
    scanned = []
    whole = intake.parse_xml

    class Counted:
        def __init__(self, parser):
            self._parser, self._open = parser, 0

        def __getattr__(self, name):
            return getattr(self._parser, name)

        def Parse(self, data, final):
            self._open += len(data)
            scanned.append(self._open)
            before = self._parser.CurrentByteIndex
            self._parser.Parse(data, final)
            if self._parser.CurrentByteIndex > before:
                self._open = 0

    monkeypatch.setattr(intake, "parse_xml", lambda file, parser, after: whole(file, Counted(parser), after))
    content = suite(case(f'<failure message="{"x" * 8_000_000}"/>'))

    assert share(read("junit", tmp_path, content), "test.passed") == (0, 1)
    assert sum(scanned) < 4 * len(content)


# ── Which tests they were ────────────────────────────────────────────────────────────────────────────────────────────


def population_of(folder, content: str) -> str:
    return found(read("junit", folder, content), "test.passed").population["tests"]


def test_the_same_tests_in_another_order_are_the_same_population(tmp_path):
    cases = [case("", f'classname="c{i % 2}" name="t{i}"') for i in range(4)]

    digests = {population_of(tmp_path, suite(*order)) for order in itertools.permutations(cases)}

    assert len(digests) == 1
    assert len(digests.pop()) == 16


def test_outcomes_and_times_do_not_change_the_population(tmp_path):
    assert population_of(tmp_path, suite(PASS)) == population_of(tmp_path, suite(case("<failure/>")))


POPULATIONS = {
    "one test": suite(PASS),
    "the same test twice": suite(PASS, PASS),
    "another name": suite(case("", 'classname="a.B" name="uno"')),
    "another class": suite(case("", 'classname="a.C" name="one"')),
    "another suite": suite(PASS, attributes='name="t"'),
    "name and class exchanged": suite(case("", 'classname="one" name="a.B"')),
    "two tests": suite(PASS, case("", 'classname="a.B" name="two"')),
    "an inner suite": f'<testsuites><testsuite name="s"><testsuite name="t">{PASS}</testsuite></testsuite></testsuites>',
}


def test_other_tests_are_another_population(tmp_path):
    digests = {what: population_of(tmp_path, content) for what, content in POPULATIONS.items()}

    assert len(set(digests.values())) == len(digests), digests


def test_a_retry_is_no_other_population(tmp_path):
    assert population_of(tmp_path, pytest_suite(PASS, tests=1)) == population_of(
        tmp_path, pytest_suite(PASS, PASS, tests=1)
    )


def test_all_evidence_of_a_file_names_its_tests_and_tool(tmp_path):
    reading = read("junit", tmp_path, pytest_suite(PASS, tests=1))

    assert {e.population["tests"] for e in reading.evidence} == {population_of(tmp_path, pytest_suite(PASS, tests=1))}
    assert all(e.producer == {"tool": "pytest"} for e in reading.evidence)
    assert read("junit", tmp_path, suite(PASS)).evidence[0].producer == {}


# ── A second way of counting ─────────────────────────────────────────────────────────────────────────────────────────

CHILDREN = ("", "<failure/>", "<error/>", "<skipped/>", "<failure/><error/>", "<system-out>x</system-out>")


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.sampled_from(CHILDREN)), min_size=1, max_size=60, unique_by=lambda c: c[0]
    ),
    st.integers(1, 400),
)
def test_counts_are_those_of_a_plain_count_however_the_file_is_cut(tmp_path_factory, cases, size):
    content = suite(*[case(inside, f'classname="c{i % 3}" name="t{i}"') for i, inside in cases])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("upheld.readers.intake._CHUNK", size)
        reading = read("junit", tmp_path_factory.getbasetemp(), content)

    failed = sum("failure" in inside or "error" in inside for _, inside in cases)
    skipped = sum(inside == "<skipped/>" for _, inside in cases)
    assert share(reading, "test.passed") == (len(cases) - failed - skipped, len(cases) - skipped)
    assert count(reading, "test.skipped") == skipped
    assert len(cases) == skipped or count(reading, "test.failed") == failed


def test_the_report_of_a_real_pytest_run_is_counted_as_pytest_counted_it():
    reading = BY_NAME["junit"].read(SAMPLES / "junit" / "pytest.xml", Request())

    assert reading.summary == "10 tests, 3 passed, 4 failed, 1 flaky, 2 skipped"
    assert share(reading, "test.passed", links=("REQ-SHOP-001",)) == (1, 1)
    assert share(reading, "test.passed", links=("REQ-SHOP-002.c1",)) == (2, 2)


def test_the_report_of_a_real_node_run_counts_a_todo_that_failed_as_failed():
    assert BY_NAME["junit"].read(SAMPLES / "junit" / "node-test.xml", Request()).summary == (
        "5 tests, 2 passed, 2 failed, 1 skipped"
    )
