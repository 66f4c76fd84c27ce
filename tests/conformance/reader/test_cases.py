"""Test reports beside JUnit: every trap that TRX, NUnit, xUnit.net, Robot, go test, Jest and Cucumber set."""

import json

import pytest

from tests.conformance.reader import test_public_samples
from tests.conformance.reader.reports import SAMPLES, count, found, read, share
from upheld.ports import Request
from upheld.readers import read as read_any
from upheld.readers.cases import add_tags

pytestmark = pytest.mark.upheld("REQ-EVI-006.c1")

# What stands in a real file, read by a person: (passed, executed), flaky, skipped; or why it shows nothing.
SAMPLES_MADE_HERE = {
    "trx/jest.trx": ((3, 5), 0, 2),
    "trx/mocha.trx": ((3, 4), 0, 2),
    "nunit/nunit-console.xml": ((3, 6), 0, 2),
    "nunit/pytest-nunit.xml": ((2, 4), 0, 1),
    "xunit.net/mocha-xunit-reporter.xml": ((3, 5), 0, 0),
    "robot/output.xml": ((3, 5), 0, 2),
    "robot/dry-run.xml": ((0, 0), 0, 5),
    "robot/legacy.xml": ((3, 4), 0, 1),
    "go-test/shop.ndjson": ((2, 4), 0, 1),
    "go-test/with-build-failure.ndjson": ((3, 7), 0, 1),
    "go-test/passes.ndjson": ((1, 1), 0, 1),
    "go-test/no-tests.ndjson": "holds no test case",
    "jest/jest.json": ((2, 5), 1, 2),
    "jest/vitest.json": ((2, 4), 1, 2),
    "jest/jest-none.json": "holds no test case",
    "cucumber/behave.json": ((3, 5), 0, 0),
    "cucumber/cucumber-js.json": ((3, 6), 0, 2),
    "cucumber/pytest-bdd.json": "leaves out steps that are not defined",
    "cucumber-messages/cucumber-js.ndjson": ((2, 6), 1, 2),
    "junit/jest-junit.xml": ((4, 5), 0, 1),
    "junit/vitest-junit.xml": ((3, 4), 0, 2),
    "junit/ant-junit.xml": ((1, 2), 0, 1),
    "junit/cucumber-js-junit.xml": ((4, 7), 0, 1),
    "junit/mocha-xunit.xml": ((3, 5), 0, 2),
}


@pytest.mark.parametrize("name", SAMPLES_MADE_HERE)
def test_a_real_file_is_read_as_a_person_reads_it(name):
    label = SAMPLES_MADE_HERE[name]

    reading = read_any(SAMPLES / name, Request())

    if isinstance(label, str):
        assert not reading.readable
        assert label in reading.reason
        return
    assert reading.readable, reading.reason
    (good, n), flaky, skipped = label
    assert share(reading, "test.passed") == (good, n)
    assert count(reading, "test.skipped") == skipped
    if n:
        assert (count(reading, "test.failed"), count(reading, "test.flaky")) == (n - good - flaky, flaky)


# What stands in the other files that were made here: an indicator, and (good, n) or a count of it.
ALSO_MADE_HERE = {
    "junit/pytest.xml": ("test.passed", (3, 8)),
    "coverage-py/coverage.json": ("coverage.lines", (11, 14)),
    "cobertura/coverage.xml": ("coverage.lines", (11, 14)),
    "lcov/coverage.lcov": ("coverage.lines", (11, 14)),
    "jacoco/ant.xml": ("coverage.lines", (2, 5)),
    "jacoco/gcovr.xml": ("coverage.lines", (4, 6)),
    "sarif/bandit.sarif": ("sarif.errors", 1),
    "sarif/ruff-base.sarif": ("sarif.errors", 8),
    "sarif/ruff-head.sarif": ("sarif.errors", 9),
    "locust/advisers_stats.csv": ("load.ok", (371, 376)),
    "k6/summary-export.json": ("load.ok", (1176, 1200)),
    "k6/handle-summary.json": ("load.ok", (1176, 1200)),
    "k6-stream/points.ndjson": ("load.ok", (38, 40)),
    "load-samples/samples.csv": ("load.ok", (353, 360)),
    "jmeter/with-header.csv": ("load.ok", (40, 80)),
    "jmeter/without-header.jtl": ("load.ok", (40, 80)),
    "jmeter/formatted-times.csv": ("load.ok", (40, 80)),
    "jmeter/transactions.jtl": ("load.ok", (40, 80)),
    "jmeter/parents.jtl": ("load.ok", (40, 80)),
    "cyclonedx/small-1.2.xml": ("sbom.components", 2),
    "cyclonedx/small-1.4.json": ("sbom.components", 2),
    "cyclonedx/small-1.6.xml": ("sbom.components", 2),
    "cyclonedx/small-1.6.json": ("sbom.components", 2),
    "cyclonedx/npm.json": ("sbom.components", 1),
    "openvex/shop.json": ("vex.affected", 1),
    "trivy/image.json": ("scan.critical", 2),
    "grype/image.json": ("scan.critical", 1),
    "pip-audit/found.json": ("scan.findings", 3),
    "pip-audit/skipped.json": "could not audit 1 of 1 packages",
}


@pytest.mark.parametrize("name", ALSO_MADE_HERE)
def test_any_other_file_made_here_is_read_as_a_person_reads_it(name):
    reading = read_any(SAMPLES / name, Request())

    if isinstance(ALSO_MADE_HERE[name], str):
        assert ALSO_MADE_HERE[name] in reading.reason
        return
    indicator, label = ALSO_MADE_HERE[name]
    statistics = [
        e.statistic
        for e in reading.evidence
        if e.indicator == indicator and not e.links and "request" not in e.population
    ]
    if isinstance(label, int):
        assert [s.events for s in statistics] == [label]
    else:  # customers add up to all
        assert (sum(s.good for s in statistics), sum(s.n for s in statistics)) == label


def test_at_least_150_files_are_labelled_by_hand():
    public = (
        test_public_samples.JUNIT, test_public_samples.SARIF, test_public_samples.JMETER, test_public_samples.CUCUMBER,
        test_public_samples.CYCLONEDX, test_public_samples.OTHERS,
    )  # fmt: skip
    assert sum(map(len, public)) + len({**SAMPLES_MADE_HERE, **ALSO_MADE_HERE}) >= 150


LINKED = {
    "trx/jest.trx": {"REQ-SHOP-001": (1, 1), "REQ-SHOP-002.c1": (1, 1)},
    "nunit/nunit-console.xml": {"REQ-SHOP-001": (3, 5), "REQ-SHOP-002.c1": (0, 1)},
    "robot/output.xml": {"REQ-SHOP-001": (2, 2), "REQ-SHOP-002.c1": (1, 1)},
    "go-test/shop.ndjson": {"REQ-SHOP-002": (0, 1)},
    "jest/jest.json": {"REQ-SHOP-001": (1, 1), "REQ-SHOP-002.c1": (1, 1)},
    "cucumber/behave.json": {"REQ-SHOP-001": (1, 1), "REQ-SHOP-002.c1": (1, 2)},
    "cucumber-messages/cucumber-js.ndjson": {
        "REQ-SHOP-001": (1, 1), "REQ-SHOP-002.c1": (1, 2), "REQ-SHOP-003": (0, 1),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", LINKED)
def test_tests_are_linked_by_tags_categories_properties_and_names(name):
    reading = read_any(SAMPLES / name, Request())

    linked = {e.links[0]: (e.statistic.good, e.statistic.n) for e in reading.evidence if e.links}
    assert linked == LINKED[name]


# ── TRX ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def trx(*results: str, summary: str = "", definitions: str = "") -> str:
    return (
        '<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">'
        f"<Results>{''.join(results)}</Results><TestDefinitions>{definitions}</TestDefinitions>{summary}</TestRun>"
    )


def result(outcome: str, inside: str = "", name: str = "t") -> str:
    return f'<UnitTestResult testId="1" testName="{name}" outcome="{outcome}">{inside}</UnitTestResult>'


def inner(*results: str) -> str:
    return f"<InnerResults>{''.join(results)}</InnerResults>"


TRX = {
    "the rows of a data-driven test count, and the test does not": (
        trx(result("Failed", inner(result("Passed", name="a"), result("Failed", name="b")))), (1, 2),
    ),
    "a data-driven test that failed beside its rows counts too": (
        trx(result("Failed", inner(result("Passed", name="a"), result("Passed", name="b")))), (2, 3),
    ),
    "a test that never ended has failed": (trx(result("InProgress"), result("Passed", name="u")), (1, 2)),
    "inconclusive is neither": (trx(result("Inconclusive"), result("Passed", name="u")), (1, 1)),
    "a time-out is a failure": (trx(result("Timeout")), (0, 1)),
    "a summary that counts fewer": (trx(result("Passed"), summary='<ResultSummary outcome="Completed"><Counters total="0"/></ResultSummary>'), (1, 1)),
}  # fmt: skip


@pytest.mark.parametrize("what", TRX)
def test_trx_results_are_counted(what, tmp_path):
    content, passed = TRX[what]
    assert share(read("trx", tmp_path, content), "test.passed") == passed


TRX_REFUSED = {
    "an aborted run": ('<ResultSummary outcome="Aborted"/>', "says that its run ended with aborted"),
    "a host that crashed": (
        '<ResultSummary outcome="Failed"><RunInfos><RunInfo outcome="Error"/></RunInfos></ResultSummary>', "says that its run broke",
    ),
    "Failed without a failed result": ('<ResultSummary outcome="Failed"/>', "says Failed in its summary"),
    "more results announced than there are": (
        '<ResultSummary outcome="Completed"><Counters total="9"/></ResultSummary>', "announces more tests than it holds",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TRX_REFUSED)
def test_a_trx_run_that_broke_shows_nothing(what, tmp_path):
    summary, reason = TRX_REFUSED[what]
    reading = read("trx", tmp_path, trx(result("Passed"), summary=summary))
    assert not reading.readable
    assert reason in reading.reason


def test_an_outcome_that_trx_does_not_have_is_refused_by_name(tmp_path):
    assert '"Maybe", which is none of TRX' in read("trx", tmp_path, trx(result("Maybe"))).reason


def test_trx_categories_and_properties_link(tmp_path):
    definitions = (
        '<UnitTest id="1" storage="C:\\x\\Shop.dll"><TestCategory><TestCategoryItem TestCategory="REQ-1"/></TestCategory>'
        "<Properties><Property><Key>requirement</Key><Value>REQ-2.c1</Value></Property></Properties>"
        '<TestMethod className="Shop.Tests, Shop"/></UnitTest>'
    )
    reading = read("trx", tmp_path, trx(result("Passed"), definitions=definitions))
    assert [e.links for e in reading.evidence if e.links] == [("REQ-1",), ("REQ-2.c1",)]


# ── NUnit and xUnit.net ──────────────────────────────────────────────────────────────────────────────────────────────


def nunit(inside: str, attributes: str = "") -> str:
    return f'<test-run {attributes}><test-suite name="s" result="Failed">{inside}</test-suite></test-run>'


NUNIT = {
    "a suite that failed without a failed case broke itself": (nunit('<test-case name="a" result="Passed"/>'), (1, 2)),
    "a suite that failed by its case does not count again": (
        nunit('<test-case name="a" result="Failed"/><test-case name="b" result="Passed"/>'), (1, 2),
    ),
    "an outer suite does not count what an inner one has told": (
        nunit('<test-suite name="i" result="Failed"><test-case name="a" result="Passed"/></test-suite>'), (1, 2),
    ),
    "a case that cannot be run has failed": (nunit('<test-case name="a" result="NotRunnable"/>'), (0, 1)),
    "a warning is neither": (nunit('<test-case name="a" result="Warning"/><test-case name="b" result="Failed"/>'), (0, 1)),
    "NUnit 2 before it wrote results": (
        '<test-results><test-case name="a" executed="True" success="False"/><test-case name="b" executed="False"/></test-results>',
        (0, 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", NUNIT)
def test_nunit_cases_are_counted(what, tmp_path):
    content, passed = NUNIT[what]
    assert share(read("nunit", tmp_path, content), "test.passed") == passed


def test_an_nunit_run_that_announces_more_than_it_holds_shows_nothing(tmp_path):
    reading = read("nunit", tmp_path, nunit('<test-case name="a" result="Passed"/>', 'total="7"'))
    assert "announces more tests than it holds (the run says 7" in reading.reason


def xunit(tests: str, *, total: int = 1, errors: str = "") -> str:
    return (
        f'<assemblies><assembly name="C:\\x\\Shop.dll" total="{total}">{errors}<collection name="c">{tests}</collection>'
        "</assembly></assemblies>"
    )


XUNIT = {
    "pass, fail, skip and not run": (
        xunit("".join(f'<test name="{r}" type="T" result="{r}"/>' for r in ("Pass", "Fail", "Skip", "NotRun"))), (1, 2),
    ),
    "an error of the assembly": (
        xunit('<test name="a" result="Pass"/>', errors='<errors><error type="assembly-cleanup"/></errors>'), (1, 2),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", XUNIT)
def test_xunit_tests_are_counted(what, tmp_path):
    content, passed = XUNIT[what]
    assert share(read("xunit.net", tmp_path, content), "test.passed") == passed


def test_an_xunit_assembly_that_announces_more_than_it_holds_shows_nothing(tmp_path):
    reading = read("xunit.net", tmp_path, xunit('<test name="a" result="Pass"/>', total=5))
    assert '("Shop.dll" says 5, holds 1)' in reading.reason


def test_xunit_traits_link(tmp_path):
    traits = '<traits><trait name="requirement" value="REQ-1"/><trait name="Category" value="REQ-2.c1"/></traits>'
    reading = read("xunit.net", tmp_path, xunit(f'<test name="a" result="Pass">{traits}</test>'))
    assert [e.links for e in reading.evidence if e.links] == [("REQ-1",), ("REQ-2.c1",)]


def test_an_assembly_that_is_no_test_run_is_not_taken(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text('<assembly xmlns="urn:schemas-microsoft-com:asm.v1"/>')
    assert not read_any(path, Request()).reader


# ── Robot, go, Jest, Cucumber ────────────────────────────────────────────────────────────────────────────────────────


def test_a_robot_suite_whose_teardown_failed_fails_the_tests_of_inner_suites_too(tmp_path):
    content = (
        '<robot generator="Robot 7"><suite name="a"><suite name="b"><test name="t"><status status="PASS"/></test>'
        '<status status="PASS"/></suite><kw name="x" type="TEARDOWN"><status status="FAIL"/></kw>'
        '<status status="FAIL"/></suite></robot>'
    )
    assert share(read("robot", tmp_path, content), "test.passed") == (0, 1)


def event(action: str, test: str = "", package: str = "p") -> str:
    known = {"Time": "2026-11-22T09:00:00Z", "Action": action, "Package": package} | ({"Test": test} if test else {})
    return json.dumps(known, separators=(",", ":")) + "\n"


GO = {
    "a test without an end has failed": (event("run", "A") + event("fail"), (0, 1)),
    "a package that fails without a failed test": (event("run", "A") + event("pass", "A") + event("fail"), (1, 2)),
    "failed and passed when run again is flaky": (
        event("fail", "A") + event("pass", "A") + event("pass"), (0, 1),
    ),
    "a build failure in words is counted once": ("FAIL\tp [build failed]\n" + event("pass", "A", "q") + event("pass", package="q"), (1, 2)),
    "a build failure in events is counted once": (
        json.dumps({"ImportPath": "p", "Action": "build-fail"}) + "\n" + event("fail"), (0, 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", GO)
def test_go_events_are_counted(what, tmp_path):
    content, passed = GO[what]
    assert share(read("go", tmp_path, content), "test.passed") == passed


GO_REFUSED = {
    "a package without an end": (event("run", "A") + event("pass", "A"), "breaks off: p did not end"),
    "half a line": (event("pass", "A") + '{"Time":"2026', "line 2 is no event"),
    "an action that go does not have": (event("explode", "A"), '"explode", which is none of go test'),
    "no package": ('{"Action":"pass","Package":"","Test":"A"}', "names no package"),
}


@pytest.mark.parametrize("what", GO_REFUSED)
def test_a_go_stream_that_cannot_be_trusted_shows_nothing(what, tmp_path):
    content, reason = GO_REFUSED[what]
    assert reason in read("go", tmp_path, content).reason


def jest(*tests: dict, status: str = "passed", **known: object) -> str:
    entry = {"name": "/a.test.js", "status": status, "assertionResults": list(tests)}
    report = {"numFailedTests": 0, "numTotalTests": len(tests), "success": True, "testResults": [entry]}
    return json.dumps(report | known)


JEST_REFUSED = {
    "an interrupted run": ({"wasInterrupted": True}, "was interrupted"),
    "more tests than it holds": ({"numTotalTests": 3}, "announces more tests than it holds"),
    "no success and no failure": ({"success": False}, "says that its run failed, and no test did"),
}


@pytest.mark.parametrize("what", JEST_REFUSED)
def test_a_jest_run_that_cannot_be_trusted_shows_nothing(what, tmp_path):
    known, reason = JEST_REFUSED[what]
    content = jest({"title": "a", "status": "passed", "ancestorTitles": []}, **known)
    assert reason in read("jest", tmp_path, content).reason


def test_a_nul_in_a_name_does_no_harm(tmp_path):
    test = {"title": "costs\0 nothing [REQ-1]", "status": "passed", "ancestorTitles": ["a-b\0"]}
    assert [e.links for e in read("jest", tmp_path, jest(test)).evidence if e.links] == [("REQ-1",)]


def test_a_jest_status_that_does_not_exist_is_refused_by_name(tmp_path):
    assert '"odd", which is none of Jest' in read("jest", tmp_path, jest({"title": "a", "status": "odd"})).reason


def feature(*statuses: str, **element: object) -> str:
    steps = [{"name": "s", "result": {"status": status}} for status in statuses]
    scenario = {"type": "scenario", "keyword": "Scenario", "name": "x", "steps": steps} | element
    return json.dumps([{"keyword": "Feature", "name": "f", "uri": "f.feature", "elements": [scenario]}])


@pytest.mark.parametrize(
    ("statuses", "passed"),
    [(["passed"], (1, 1)), (["passed", "undefined"], (0, 1)), (["pending"], (0, 1)), (["ambiguous"], (0, 1)),
     (["passed", "skipped"], (0, 0)), ([], (0, 0)), (["failed", "skipped"], (0, 1))],
)  # fmt: skip
def test_a_scenario_is_as_good_as_its_worst_step(statuses, passed, tmp_path):
    assert share(read("cucumber", tmp_path, feature(*statuses)), "test.passed") == passed


def test_a_hook_that_fails_fails_its_scenario(tmp_path):
    content = feature("passed", after=[{"match": {}, "result": {"status": "failed"}}])
    assert share(read("cucumber", tmp_path, content), "test.passed") == (0, 1)


def test_a_background_counts_for_the_scenario_after_it(tmp_path):
    background = {"type": "background", "keyword": "Background", "steps": [{"result": {"status": "failed"}}]}
    document = json.loads(feature("skipped"))
    document[0]["elements"].insert(0, background)
    assert share(read("cucumber", tmp_path, json.dumps(document)), "test.passed") == (0, 1)


def test_messages_without_the_end_of_the_run_show_nothing(tmp_path):
    lines = (SAMPLES / "cucumber-messages" / "cucumber-js.ndjson").read_text().splitlines()
    assert "breaks off" in read("cucumber-messages", tmp_path, "\n".join(lines[:-1])).reason


def test_a_run_that_failed_while_no_scenario_did_shows_nothing(tmp_path):
    lines = [
        {"meta": {"protocolVersion": "32"}}, {"pickle": {"id": "p", "name": "n", "uri": "u"}},
        {"testCase": {"id": "c", "pickleId": "p"}}, {"testCaseStarted": {"id": "s", "testCaseId": "c"}},
        {"testStepFinished": {"testCaseStartedId": "s", "testStepResult": {"status": "PASSED"}}},
        {"testCaseFinished": {"testCaseStartedId": "s"}}, {"testRunFinished": {"success": False}},
    ]  # fmt: skip

    def content(success: bool, upto: int = 6) -> str:
        lines[-1] = {"testRunFinished": {"success": success}}
        return "\n".join(json.dumps(line) for line in (*lines[:upto], lines[-1]))

    assert "a hook of the run may have" in read("cucumber-messages", tmp_path, content(False)).reason
    assert share(read("cucumber-messages", tmp_path, content(True)), "test.passed") == (1, 1)
    assert share(read("cucumber-messages", tmp_path, content(True, 3)), "test.passed") == (0, 1), "it never began"
    assert found(read("cucumber-messages", tmp_path, content(True)), "test.passed").population["tests"]


def test_a_name_that_holds_a_nul_separates_nothing():
    links: dict[int, list[str]] = {}
    add_tags(links, ["a-b\0c", "plain", "opens [REQ-ADV-001]", "d-\0e", "[REQ-ADV-002]"])
    assert links == {2: ["REQ-ADV-001"], 4: ["REQ-ADV-002"]}
