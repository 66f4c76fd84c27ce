"""Bills of materials, VEX and scanners: nothing found is told apart from nothing looked at."""

import json

import pytest
from click.testing import CliRunner

from tests.conformance.reader.reports import SAMPLES, count, found, read, share
from upheld.cli import cli
from upheld.ports import Request
from upheld.readers import read as read_any

pytestmark = pytest.mark.upheld("REQ-EVI-006.c1")


def bom(**known: object) -> str:
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", **known})


PART = {
    "type": "library",
    "name": "a",
    "version": "1",
    "purl": "pkg:pypi/a@1",
    "licenses": [{"license": {"id": "MIT"}}],
}
XML = '<bom xmlns="http://cyclonedx.org/schema/bom/1.5">{}</bom>'


@pytest.mark.parametrize("name", ["small-1.2.xml", "small-1.4.json", "small-1.6.xml", "small-1.6.json"])
def test_a_real_bill_is_read_in_every_version_and_both_forms(name):
    reading = read_any(SAMPLES / "cyclonedx" / name, Request())

    assert count(reading, "sbom.components") == 2
    assert share(reading, "sbom.identified") == (2, 2)
    assert share(reading, "sbom.licensed") == (0, 2)
    assert {e.indicator for e in reading.evidence} == {"sbom.components", "sbom.identified", "sbom.licensed"}


BOMS = {
    "parts inside parts count": (bom(components=[PART | {"components": [PART, {"name": "b"}]}]), (3, 2, 2)),
    "parts inside parts count in XML": (
        XML.format(
            "<metadata><tools><components><component><name>tool</name></component></components></tools>"
            "<component><name>shop</name></component></metadata><components><component><name>a</name><purl>pkg:a</purl>"
            "<licenses><license><id>MIT</id></license></licenses><components><component><name>b</name></component>"
            "</components></component></components>"
        ), (2, 1, 1),
    ),
    "an expression is a licence": (
        XML.format("<components><component><name>a</name><licenses><expression>MIT OR Apache-2.0</expression></licenses>"
                   "</component></components>"), (1, 0, 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BOMS)
def test_parts_are_counted(what, tmp_path):
    content, (parts, identified, licensed) = BOMS[what]
    reading = read("cyclonedx", tmp_path, content)
    assert count(reading, "sbom.components") == parts
    assert share(reading, "sbom.identified") == (identified, parts)
    assert share(reading, "sbom.licensed") == (licensed, parts)


def vulnerability(name: str, state: str = "", **known: object) -> dict:
    return {"id": name} | ({"analysis": {"state": state}} if state else {}) | known


VEX = {
    "no analysis: it may matter": ([vulnerability("A")], 1, 0),
    "settled in every way": (
        [vulnerability(s, s) for s in ("resolved", "resolved_with_pedigree", "false_positive", "not_affected")], 0, 0,
    ),
    "exploitable": ([vulnerability("A", "exploitable"), vulnerability("B", "resolved")], 1, 0),
    "one id in two states: the worse": ([vulnerability("A", "resolved"), vulnerability("A", "exploitable")], 1, 0),
    "under investigation: nobody knows": ([vulnerability("A", "in_triage"), vulnerability("B")], None, 1),
    "no version of ours is affected": (
        [vulnerability("A", affects=[{"ref": "x", "versions": [{"version": "1", "status": "unaffected"}]}])], 0, 0,
    ),
    "a version may be affected": (
        [vulnerability("A", affects=[{"ref": "x", "versions": [{"status": "unaffected"}, {"status": "unknown"}]}])], 1, 0,
    ),
    "none, beside parts": ([], 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("what", VEX)
def test_vulnerabilities_count_by_what_is_said_about_them(what, tmp_path):
    entries, affected, investigated = VEX[what]
    reading = read("cyclonedx", tmp_path, bom(components=[PART], vulnerabilities=entries))
    if affected is None:
        assert found(reading, "vex.affected").statistic is None
        assert "still under investigation (A)" in found(reading, "vex.affected").unreadable
    else:
        assert count(reading, "vex.affected") == affected
    assert count(reading, "vex.under-investigation") == investigated


def test_vulnerabilities_in_xml_count_the_same_way(tmp_path):
    content = XML.format(
        "<vulnerabilities><vulnerability><id>A</id><analysis><state>exploitable</state></analysis></vulnerability>"
        "<vulnerability><id>B</id><affects><target><ref>x</ref><versions><version><version>1</version>"
        "<status>unaffected</status></version></versions></target></affects></vulnerability></vulnerabilities>"
    )
    reading = read("cyclonedx", tmp_path, content)
    assert count(reading, "vex.affected") == 1
    assert reading.summary == "2 vulnerabilities, 1 affected"


REFUSED = {
    "neither parts nor vulnerabilities": ("cyclonedx", bom(components=[]), "lists neither parts nor vulnerabilities"),
    "a version that is not read": ("cyclonedx", bom(components=[PART]).replace("1.5", "2.0"), '"2.0"; 1.2 to 1.6'),
    "a state that does not exist": (
        "cyclonedx", bom(vulnerabilities=[vulnerability("A", "fine")]), '"fine", which is none of CycloneDX',
    ),
    "VEX without statements": (
        "openvex", json.dumps({"@context": "https://openvex.dev/ns/v0.2.0", "statements": []}), "holds no statement",
    ),
    "Trivy looked at nothing": ("trivy", json.dumps({"SchemaVersion": 2, "ArtifactName": "x"}), "holds no results"),
    "Trivy in another version": ("trivy", json.dumps({"SchemaVersion": 3, "ArtifactName": "x"}), "schema version 3"),
    "a system out of support": (
        "trivy",
        json.dumps({"SchemaVersion": 2, "ArtifactName": "x", "Metadata": {"OS": {"Family": "alpine", "Name": "3.10", "EOSL": True}},
                    "Results": [{"Target": "x"}]}), "alpine 3.10, out of support",
    ),
    "Grype without a source": (
        "grype", json.dumps({"matches": [], "descriptor": {"name": "grype"}}), "names no source",
    ),
    "Grype with a broken database": (
        "grype", json.dumps({"matches": [], "source": {"target": "/"},
                             "descriptor": {"name": "grype", "db": {"status": {"valid": False, "error": "too old"}}}}),
        "database that is not valid (too old)",
    ),
    "pip-audit without packages": ("pip-audit", '{"dependencies": []}', "holds no package"),
    "pip-audit that skipped one": (
        "pip-audit", '{"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "no"}]}',
        "could not audit 1 of 2 packages: b (no)",
    ),
}  # fmt: skip


@pytest.mark.upheld("REQ-EVI-001.c1")
@pytest.mark.parametrize("what", REFUSED)
def test_what_saw_nothing_shows_nothing(what, tmp_path):
    reader, content, reason = REFUSED[what]
    reading = read(reader, tmp_path, content)
    assert not reading.readable
    assert reason in reading.reason
    assert {e.statistic for e in reading.evidence} == {None}


def openvex(*statements: tuple[str, str, str], **known: object) -> str:
    return json.dumps(
        {"@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2026-11-22T00:00:00Z", "statements": [
            {"vulnerability": {"name": name}, "products": [{"@id": "p"}], "status": status, "timestamp": when, **known}
            for name, status, when in statements]}
    )  # fmt: skip


OPENVEX = {
    "the later statement stands": ((("A", "affected", "2026-11-22T00:00:00Z"), ("A", "fixed", "2026-11-23T00:00:00Z")), 0),
    "whatever stands first in the file": (
        (("A", "fixed", "2026-11-23T00:00:00Z"), ("A", "affected", "2026-11-22T00:00:00Z")), 0,
    ),
    "not affected without a reason is still open": ((("A", "not_affected", "2026-11-22T00:00:00Z"),), None),
    "under investigation": ((("A", "under_investigation", "2026-11-22T00:00:00Z"),), None),
}  # fmt: skip


@pytest.mark.parametrize("what", OPENVEX)
def test_openvex_statements_count_by_the_last_word(what, tmp_path):
    statements, affected = OPENVEX[what]
    reading = read("openvex", tmp_path, openvex(*statements))
    if affected is None:
        assert found(reading, "vex.affected").statistic is None
    else:
        assert count(reading, "vex.affected") == affected


SCANS = {
    "trivy/image.json": (2, 2, 0, 0, 1, 5, 1),
    "grype/image.json": (1, 1, 1, 0, 1, 4, 2),
}
SCAN = tuple(f"scan.{name}" for name in ("critical", "high", "medium", "low", "unrated", "findings", "fixable"))


@pytest.mark.parametrize("name", SCANS)
def test_findings_are_counted_by_severity(name):
    reading = read_any(SAMPLES / name, Request())
    assert tuple(count(reading, indicator) for indicator in SCAN) == SCANS[name]


def test_pip_audit_rates_nothing_so_no_severity_is_known():
    reading = read_any(SAMPLES / "pip-audit" / "found.json", Request())
    assert (count(reading, "scan.findings"), count(reading, "scan.fixable")) == (3, 2)
    assert all(found(reading, f"scan.{level}").statistic is None for level in ("critical", "high", "medium", "low"))


def test_an_audit_without_findings_has_none_of_any_severity(tmp_path):
    reading = read("pip-audit", tmp_path, '{"dependencies": [{"name": "a", "version": "1", "vulns": []}], "fixes": []}')
    assert {count(reading, indicator) for indicator in SCAN} == {0}


def test_the_older_list_of_pip_audit_is_read_too(tmp_path):
    content = '[{"name": "a", "version": "1", "vulns": [{"id": "X", "fix_versions": []}]}]'
    path = tmp_path / "old.json"
    path.write_text(content)
    assert count(read_any(path, Request()), "scan.findings") == 1


@pytest.mark.parametrize(
    ("sentence", "file", "status"),
    [("scan.critical = 0", "pip-audit/found.json", 3), ("scan.findings = 0", "pip-audit/found.json", 1),
     ("vex.affected <= 1", "openvex/shop.json", 0), ("sbom.licensed = 100 %", "cyclonedx/npm.json", 0),
     ("sbom.licensed = 100 %", "cyclonedx/small-1.6.json", 1), ("scan.critical = 0", "trivy/image.json", 1)],
)  # fmt: skip
def test_bills_and_scans_are_judged_as_complete_counts(sentence, file, status):
    assert CliRunner().invoke(cli, ["judge", sentence, str(SAMPLES / file)]).exit_code == status
