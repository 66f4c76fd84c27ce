"""Reports that other projects published, with labels made by hand from their content: good, executed, state."""

from pathlib import Path

import pytest

from upheld.core.evidence import Rate, Share
from upheld.ports import Reading, Request
from upheld.readers import read

pytestmark = pytest.mark.upheld("REQ-EVI-002.c1")

# JUnit: (passed, executed, skipped), or why it cannot be read.
JUNIT = {
    "TEST-JUnitResults-noTimeAttribute.xml": (4, 4, 0),
    "TEST-JUnitResults-relative-thrashould.xml": (1, 1, 0),
    "TEST-JUnitResults.xml": (4, 5, 0),
    "empty__java-junit.xml": "holds no test case",
    "empty__jest-junit-empty-testsuite.xml": "holds no test case",
    "empty__jest-junit.xml": "holds no test case",
    "empty__phpunit-empty.xml": "holds no test case",
    "external__java__TEST-org.apache.pulsar.AddMissingPatchVersionTest.xml": (0, 1, 1),
    "external__java__empty_failures.xml": (2, 3, 0),
    "external__java__junit4-basic.xml": (5, 6, 0),
    "external__java__junit4-complete.xml": (5, 7, 1),
    "external__java__pulsar-test-report.xml": (793, 794, 14),
    "external__jest__jest-react-component-test-results.xml": (1, 1, 0),
    "external__jest__jest-test-results.xml": (4207, 4209, 30),
    "external__phpunit__junit-basic.xml": (8, 9, 0),
    "external__phpunit__phpcheckstyle-phpunit.xml": (28, 30, 0),
    "jest-junit-eslint.xml": (1, 1, 0),
    "jest-junit.xml": (1, 5, 1),
    "junit-with-message.xml": "announces more tests than it holds",
    "nette-tester__BootstrapFormRenderer-report.xml": (4, 4, 0),
    "nette-tester__tester-v1.7-report.xml": (61, 62, 3),
    "phpunit__phpunit-paths.xml": (0, 6, 0),
    "phpunit__phpunit.xml": (10, 12, 0),
    "python-xunit-pytest.xml": (6, 8, 2),
    "python-xunit-unittest.xml": (4, 6, 2),
    "swift-xunit.xml": (2, 3, 0),
    "test-errors__jest__jest-test-results.xml": (0, 2, 0),
}
# SARIF: (errors, warnings, notes, all), or why it cannot be read.
SARIF = {
    "1-Introduction__simple-example.sarif": (1, 0, 0, 1),
    "2-Basics__empty-log.sarif.json": (0, 0, 0, 0),
    "3-Beyond-basics__automation-details.sarif": (0, 0, 0, 0),
    "3-Beyond-basics__bad-eval-related-locations.sarif": (0, 1, 0, 1),
    "3-Beyond-basics__bad-eval-with-code-flow.sarif": (0, 1, 0, 1),
    "3-Beyond-basics__bad-eval.sarif": (0, 1, 0, 1),
    "3-Beyond-basics__link-to-location.sarif": (0, 1, 0, 1),
    "3-Beyond-basics__message-from-metadata.sarif": (0, 1, 0, 1),
    "3-Beyond-basics__message-with-arguments.sarif": (0, 1, 0, 1),
    "3-Beyond-basics__standard-taxonomy.sarif": (0, 1, 0, 1),
    "Baseline.sarif": (0, 3, 0, 3),
    "CodeFlows.sarif": (0, 1, 0, 1),
    "ContextRegion.sarif": (0, 1, 0, 1),
    "DefaultRuleConfiguration.sarif": (1, 1, 0, 2),
    "EmbeddedBinaryContent.sarif": (0, 1, 0, 1),
    "EmbeddedTextContent.sarif": (0, 2, 0, 2),
    "ExceptionalConditions__Catastrophic configuration error.sarif": "says that its tool failed",
    "ExceptionalConditions__Catastrophic execution error.sarif": "says that its tool failed",
    "ExceptionalConditions__Empty runs.sarif": "holds no runs",
    "ExceptionalConditions__No runs.sarif": "holds no runs",
    "ExceptionalConditions__One run empty results.sarif": (0, 0, 0, 0),
    "ExceptionalConditions__One run no results.sarif": "has no results",
    "ExceptionalConditions__One run with results.sarif": (0, 1, 0, 1),
    "Notifications.sarif": "says that its tool failed",
    "OriginalUriBaseIds.sarif": (0, 3, 0, 3),
    "RegionVariants.sarif": (0, 18, 0, 18),
    "ResultStacks.sarif": (0, 1, 0, 1),
    "RuleMetadata.sarif": (1, 0, 0, 1),
    "Suppressions.sarif": (0, 6, 0, 6),
    "Taxonomies.sarif": (1, 1, 0, 2),
    "_template.sarif": (0, 1, 0, 1),
}
# JMeter: (answered, requests) in all.
JMETER = {
    "JENKINS-16627_CSV_instead_of_XML.jtl": (3, 3),
    "JMeterCsvResults2.csv": (3, 3),
    "JMeterPublisher.csv": (2, 3),
    "JMeterResults.jtl": (8, 8),
    "JMeterResultsMultiThread.jtl": (5, 5),
    "JMeterResultsRandomUri.jtl": (4, 4),
    "JMeterResultsThreeSamples.jtl": (3, 3),
    "filewithtransactions.csv": (210, 210),
    "single_result__nested__res.jtl": (1, 2),
    "../junit/constraint-test.xml": (1010, 1010),
}
# Cucumber JSON: (passed, executed, skipped).
CUCUMBER = {
    "CucumberJSONSupportPluginIT__featureFail.json": (0, 1, 0),
    "CucumberJSONSupportPluginIT__featurePass.json": (1, 1, 0),
    "CucumberJSONSupportPluginIT__passWithEmbeddedItem.json": (1, 1, 0),
    "ScenarioResultTest__backgroundFailure.json": (7, 8, 0),
    "ScenarioResultTest__cucumber-embedded-item.json": (0, 1, 0),
    "ScenarioResultTest__cucumber-jvm_examples_java-calculator__cucumber-report.json": (1, 1, 0),
    "ScenarioResultTest__pending.json": (0, 1, 0),
    "ScenarioResultTest__undefinedStep.json": (7, 8, 0),
}
# CycloneDX: (parts, identified, licensed), (affected or None for "nobody knows", under investigation); or why not.
CYCLONEDX = {
    "CBOM__Algorithm__bom.json": ((2, 0, 0), None),
    "CBOM__Example-With-Dependencies__bom.json": ((3, 0, 0), None),
    "CBOM__Protocol__bom.json": ((8, 0, 0), None),
    "OBOM__Example-1-Decoupled__obom.json": ((1, 1, 0), None),
    "SBOM__cern-lhc-vdm-editor-e564943__bom.xml": ((43, 43, 43), None),
    "SBOM__laravel-7.12.0__bom.1.2.json": ((62, 62, 62), None),
    "SBOM__laravel-7.12.0__bom.1.3.json": ((62, 62, 62), None),
    "SBOM__laravel-7.12.0__bom.1.4.json": ((62, 62, 62), None),
    "SaaSBOM__apigateway-microservices-datastores__bom.json": "lists neither parts nor vulnerabilities",
    "VEX__CISA-Use-Cases__Case-1__vex-fixed.json": (None, (0, 0)),
    "VEX__CISA-Use-Cases__Case-1__vex-under_investigation.json": (None, (None, 1)),
    "VEX__CISA-Use-Cases__Case-3__vex.json": (None, (None, 5)),
    "VEX__CISA-Use-Cases__Case-5__vex.json": (None, (None, 1)),
    "VEX__CISA-Use-Cases__Case-7__bom-1.json": "lists neither parts nor vulnerabilities",
    "VEX__CISA-Use-Cases__Case-7__vex.json": (None, (1, 0)),
    "VEX__CISA-Use-Cases__Case-8__bom-2.json": "lists neither parts nor vulnerabilities",
    "VEX__Use-Cases__Case-10__vex.json": (None, (0, 0)),
    "VEX__Use-Cases__Case-12__vex.json": (None, (1, 0)),
    "VEX__Use-Cases__Case-13__bom-2.json": "lists neither parts nor vulnerabilities",
    "VEX__Use-Cases__Case-13__vex.json": (None, (1, 0)),
}
# Formats of which one is read: (passed, executed, skipped), or that no reader takes them.
OTHERS = {
    "dart-json.json": "no reader takes it",
    "empty__dart-json.json": "no reader takes it",
    "empty__mocha-json.json": "no reader takes it",
    "empty__rspec-json.json": "no reader takes it",
    "golang-json.json": (5, 11, 1),
    "mocha-json.json": "no reader takes it",
    "rspec-json.json": "no reader takes it",
}


def sample(shared: Path, folder: str, name: str) -> Path:
    path = shared / "samples" / "evidence" / folder / name
    if not path.is_file():
        pytest.skip(f"no sample {folder}/{name} in {shared}")
    return path


def is_unreadable(reading: Reading | None, reason: str) -> bool:
    assert reading is not None
    assert reason in reading.reason
    assert all(e.statistic is None for e in reading.evidence)
    return not reading.readable


def counts(reading: Reading | None, *names: str) -> tuple[int, ...]:
    assert reading is not None
    assert reading.readable, reading.reason
    found = {e.indicator: e.statistic for e in reading.evidence if not e.links}
    return tuple(found[name].events for name in names if isinstance(found[name], Rate))


@pytest.mark.parametrize("name", JUNIT)
def test_junit(name, shared):
    reading = read(sample(shared, "junit", name), Request())

    label = JUNIT[name]
    if isinstance(label, str):
        assert is_unreadable(reading, label)
        return
    good, n, skipped = label
    assert next(e.statistic for e in reading.evidence if e.indicator == "test.passed") == Share(n, good)
    assert counts(reading, "test.failed", "test.flaky", "test.skipped") == (n - good, 0, skipped)


@pytest.mark.parametrize("name", SARIF)
def test_sarif(name, shared):
    reading = read(sample(shared, "sarif", name), Request())

    label = SARIF[name]
    if isinstance(label, str):
        assert is_unreadable(reading, label)
    else:
        assert counts(reading, "sarif.errors", "sarif.warnings", "sarif.notes", "sarif.findings") == label


@pytest.mark.parametrize("name", JMETER)
def test_jmeter(name, shared):
    reading = read(sample(shared, "jmeter", name), Request())

    label = JMETER[name]
    if isinstance(label, str):
        assert is_unreadable(reading, label)
    else:
        total = next(e.statistic for e in reading.evidence if e.indicator == "load.ok" and not e.population)
        assert (total.good, total.n) == label


@pytest.mark.parametrize(
    ("folder", "name", "label"),
    [("cucumber-json", *entry) for entry in CUCUMBER.items()]
    + [("other-test-json", *entry) for entry in OTHERS.items()],
)
def test_other_reports_of_tests(folder, name, label, shared):
    reading = read(sample(shared, folder, name), Request())

    if isinstance(label, str):
        assert is_unreadable(reading, label)
        return
    good, n, skipped = label
    assert next(e.statistic for e in reading.evidence if e.indicator == "test.passed") == Share(n, good)
    assert counts(reading, "test.skipped") == (skipped,)


@pytest.mark.parametrize("name", CYCLONEDX)
def test_cyclonedx(name, shared):
    label = CYCLONEDX[name]

    reading = read(sample(shared, "cyclonedx", name), Request())

    if isinstance(label, str):
        assert is_unreadable(reading, label)
        return
    parts, vex = label
    known = {e.indicator: e.statistic for e in reading.evidence}
    if parts is not None:
        n, identified, licensed = parts
        assert counts(reading, "sbom.components") == (n,)
        assert (known["sbom.identified"], known["sbom.licensed"]) == (Share(n, identified), Share(n, licensed))
    if vex is not None:
        affected, investigated = vex
        assert known["vex.affected"] == (None if affected is None else Rate(affected))
        assert known["vex.under-investigation"] == Rate(investigated)
    assert ("sbom.components" in known, "vex.affected" in known) == (parts is not None, vex is not None)


def test_no_sample_lacks_a_label(shared):
    folder = shared / "samples" / "evidence"
    labels = {
        "junit": {**JUNIT, "constraint-test.xml": "JMeter's, labelled there"}, "sarif": SARIF, "jmeter": {**JMETER, "summary.log": "no evidence by its name"},
        "cucumber-json": CUCUMBER, "cyclonedx": CYCLONEDX, "other-test-json": OTHERS,
    }  # fmt: skip
    for name, known in labels.items():
        assert {file.name for file in (folder / name).glob("*")} <= set(known), name
