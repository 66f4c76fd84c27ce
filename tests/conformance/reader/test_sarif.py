"""SARIF: the level of a finding is mostly its rule's, and what moved is not new."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.reader.reports import BY_NAME, SAMPLES, count, found, read, write
from upheld.ports import Request

pytestmark = pytest.mark.upheld("REQ-EVI-002.c1")


def result(rule: str = "R1", line: int = 1, uri: str = "src/a.py", text: str = "wrong", **more: object) -> dict:
    place = {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}
    return {"ruleId": rule, "message": {"text": text}, "locations": [{"physicalLocation": place}], **more}


def run(*results: dict, rules: list | None = None, name: str = "lint", **more: object) -> dict:
    driver = {"name": name, "rules": rules or []}
    return {"tool": {"driver": driver} | more.pop("tool", {}), "results": list(results), **more}


def log(*runs: dict, **more: object) -> str:
    return json.dumps({"version": "2.1.0", "runs": list(runs), **more})


def rule(name: str, level: str | None = None, **more: object) -> dict:
    return {"id": name, **({"defaultConfiguration": {"level": level}} if level else {}), **more}


def levels(reading) -> tuple[int, int, int, int]:
    return tuple(count(reading, f"sarif.{name}") for name in ("errors", "warnings", "notes", "findings"))


def bare(**more: object) -> dict:
    return {"ruleId": "R1", "message": {"text": "wrong"}, **more}


EXTENSION = {"tool": {"extensions": [{"name": "plugin", "guid": "g-1", "rules": [rule("X1", "error", guid="g-x1")]}]}}

# What stands in a run, and (errors, warnings, notes, findings).
LEVELS = {
    "a level of its own": (run(bare(level="error"), bare(level="warning"), bare(level="note")), (1, 1, 1, 3)),
    "no level and no rule": (run(bare()), (0, 1, 0, 1)),
    "no rule id at all": (run({"message": {"text": "x"}}), (0, 1, 0, 1)),
    "the level of its rule": (run(bare(), rules=[rule("R1", "error")]), (1, 0, 0, 1)),
    "a rule without a level": (run(bare(), rules=[rule("R1")]), (0, 1, 0, 1)),
    "an empty default configuration": (run(bare(), rules=[rule("R1", defaultConfiguration={})]), (0, 1, 0, 1)),
    "its own level wins over its rule's": (run(bare(level="note"), rules=[rule("R1", "error")]), (0, 0, 1, 1)),
    "the rule by its index": (
        run({"ruleIndex": 1, "message": {"text": "x"}}, rules=[rule("A"), rule("B", "error")]), (1, 0, 0, 1),
    ),
    "an index beyond the rules": (run(bare(ruleIndex=9), rules=[rule("R1", "error")]), (1, 0, 0, 1)),
    "an index that points to another rule": (
        run(bare(ruleIndex=0), rules=[rule("A", "note"), rule("R1", "error")]), (1, 0, 0, 1),
    ),
    "an index, and an id that no rule has": (run(bare(ruleIndex=0), rules=[rule("A", "error")]), (1, 0, 0, 1)),
    "a hierarchical id": (run(bare(ruleId="R1/part/of"), rules=[rule("R1", "error")]), (1, 0, 0, 1)),
    "a hierarchical id with its index": (
        run(bare(ruleId="R1/a", ruleIndex=1), rules=[rule("R1", "note"), rule("R1", "error")]), (1, 0, 0, 1),
    ),
    "the longest part of a hierarchical id": (
        run(bare(ruleId="R1/a"), rules=[rule("R1", "note"), rule("R1/a", "error")]), (1, 0, 0, 1),
    ),
    "a rule of an extension by its id": (run(bare(ruleId="X1"), **EXTENSION), (1, 0, 0, 1)),
    "a rule of an extension by component index": (
        run({"rule": {"index": 0, "toolComponent": {"index": 0}}, "message": {"text": "x"}}, rules=[rule("D", "note")], **EXTENSION),
        (1, 0, 0, 1),
    ),
    "a rule of an extension by component name": (
        run({"rule": {"index": 0, "toolComponent": {"name": "plugin"}}, "message": {"text": "x"}}, **EXTENSION), (1, 0, 0, 1),
    ),
    "a rule of an extension by component guid": (
        run({"rule": {"index": 0, "toolComponent": {"guid": "g-1"}}, "message": {"text": "x"}}, **EXTENSION), (1, 0, 0, 1),
    ),
    "an unknown component is the driver": (
        run({"rule": {"index": 0, "toolComponent": {"name": "?"}}, "message": {"text": "x"}}, rules=[rule("D", "note")], **EXTENSION),
        (0, 0, 1, 1),
    ),
    "a rule by its guid": (run({"rule": {"guid": "g-x1"}, "message": {"text": "x"}}, **EXTENSION), (1, 0, 0, 1)),
    "a rule named in the reference": (
        run({"rule": {"id": "R1"}, "message": {"text": "x"}}, rules=[rule("R1", "error")]), (1, 0, 0, 1),
    ),
    "an override of the invocation": (
        run(
            bare(provenance={"invocationIndex": 0}), rules=[rule("R1", "note")],
            invocations=[{
                "executionSuccessful": True,
                "ruleConfigurationOverrides": [{"descriptor": {"id": "R1"}, "configuration": {"level": "error"}}],
            }],
        ), (1, 0, 0, 1),
    ),
    "an override of another rule": (
        run(
            bare(provenance={"invocationIndex": 0}), rules=[rule("R1", "note"), rule("R2")],
            invocations=[{
                "executionSuccessful": True,
                "ruleConfigurationOverrides": [{"descriptor": {"index": 1}, "configuration": {"level": "error"}}],
            }],
        ), (0, 0, 1, 1),
    ),
    "provenance without an invocation": (
        run(bare(provenance={"invocationIndex": 3}), rules=[rule("R1", "error")]), (1, 0, 0, 1),
    ),
    "level none is a finding without severity": (run(bare(level="none")), (0, 0, 0, 1)),
    "only kind fail is a finding": (
        run(*[bare(kind=kind) for kind in ("fail", "pass", "open", "informational", "notApplicable", "review")]), (0, 1, 0, 1),
    ),
    "no kind is fail": (run(bare(level="error")), (1, 0, 0, 1)),
    "an accepted suppression": (run(bare(suppressions=[{"kind": "inSource", "status": "accepted"}])), (0, 0, 0, 0)),
    "a suppression without a status is accepted": (run(bare(suppressions=[{"kind": "inSource"}])), (0, 0, 0, 0)),
    "a rejected suppression": (run(bare(suppressions=[{"kind": "external", "status": "rejected"}])), (0, 1, 0, 1)),
    "a suppression under review": (run(bare(suppressions=[{"kind": "external", "status": "underReview"}])), (0, 1, 0, 1)),
    "one of two suppressions is rejected": (
        run(bare(suppressions=[{"kind": "inSource"}, {"kind": "external", "status": "rejected"}])), (0, 1, 0, 1),
    ),
    "an empty list of suppressions": (run(bare(suppressions=[])), (0, 1, 0, 1)),
    "absent now, present in the base": (run(bare(baselineState="absent")), (0, 0, 0, 0)),
}  # fmt: skip


@pytest.mark.parametrize("what", LEVELS)
def test_findings_are_counted_by_the_level_that_holds_for_them(what, tmp_path):
    content, expected = LEVELS[what]

    assert levels(read("sarif", tmp_path, log(content))) == expected


def test_all_runs_of_a_log_are_counted_and_their_tools_named(tmp_path):
    reading = read("sarif", tmp_path, log(
        run(bare(level="error"), name="b", automationDetails={"id": "nightly/"}), run(bare(), name="a"),
    ))  # fmt: skip

    assert levels(reading) == (1, 1, 0, 2)
    assert {tuple(e.population.items()) for e in reading.evidence} == {(("tool", "a + b"), ("category", "nightly/"))}
    assert reading.evidence[0].producer == {"tool": "b, a"}
    assert reading.summary == "2 findings, 1 errors, 1 warnings"


@pytest.mark.parametrize("driver", [{"version": "1.2"}, {"semanticVersion": "1.2", "version": "1.2 (abc)"}])
def test_the_version_of_the_tool_is_kept(driver, tmp_path):
    content = {"tool": {"driver": {"name": "lint", **driver}}, "results": []}

    assert read("sarif", tmp_path, log(content)).evidence[0].producer == {"tool": "lint", "version": "1.2"}


REFUSED = {
    "no runs": (json.dumps({"version": "2.1.0"}), "holds no runs: nothing was analysed"),
    "an empty list of runs": (log(), "holds no runs: nothing was analysed"),
    "a run without results": (
        log({"tool": {"driver": {"name": "lint"}}}), "run 1 (lint) has no results: the tool did not scan",
    ),
    "results that are null": (
        log({"tool": {"driver": {"name": "lint"}}, "results": None}), "run 1 (lint) has no results: the tool did not scan",
    ),
    "the second run has no results": (
        log(run(), {"tool": {"driver": {"name": "b"}}}), "run 2 (b) has no results: the tool did not scan",
    ),
    "a failed execution": (
        log(run(bare(), invocations=[{"executionSuccessful": True}, {"executionSuccessful": False}])),
        "run 1 (lint) says that its tool failed: its findings are not complete",
    ),
    "results in other files": (
        log(run(externalPropertyFileReferences={"results": [{"location": {"uri": "r.json"}}]})),
        "run 1 (lint) keeps findings in other files, which are not read",
    ),
    "an older version": (
        json.dumps({"version": "2.0.0", "runs": [run()]}), 'names the SARIF version "2.0.0", 2.1.0 is read',
    ),
    "no version": (json.dumps({"runs": [run()]}), 'names the SARIF version "", 2.1.0 is read'),
    "a level that does not exist": (
        log(run(bare(level="fatal"))), 'holds the level "fatal"; one of error, warning, note, none',
    ),
    "a level of a rule that does not exist": (
        log(run(bare(), rules=[rule("R1", "bad")])), 'holds the level "bad"; one of error, warning, note, none',
    ),
    "a baseline state that does not exist": (log(run(bare(baselineState="old"))), 'holds the baselineState "old"'),
    "results that are no list": (
        json.dumps({"version": "2.1.0", "runs": [{"tool": {"driver": {}}, "results": {}}]}),
        "is not SARIF 2.1.0: Expected `array | null`, got `object` - at `$.runs[0].results`",
    ),
    "broken off": (log(run(bare()))[:100], "breaks off at byte 100: is it cut off?"),
    "no JSON": (log(run())[:-1] + "!", "is no JSON: JSON is malformed: expected ',' or '}' (byte 97)"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_log_of_which_findings_may_be_missing_is_refused(what, tmp_path):
    content, reason = REFUSED[what]

    reading = read("sarif", tmp_path, content)

    assert not reading.readable
    assert reading.reason == reason
    assert {e.indicator for e in reading.evidence} == set(BY_NAME["sarif"].indicators)


def test_a_second_list_of_results_cannot_hide_the_first(tmp_path):
    content = log(run(bare(level="error")))
    hidden = content.replace('"results": [', '"results": [], "results": [', 1)

    assert 'the key "results" twice' in read("sarif", tmp_path, hidden).reason


def test_a_second_list_of_results_is_seen_in_a_large_log_too(tmp_path, monkeypatch):
    monkeypatch.setattr("upheld.readers.sarif.findings._SMALL", 0)
    content = log(run(bare(level="error")))

    assert read("sarif", tmp_path, content).readable
    for key in ("results", "runs"):
        hidden = content.replace(f'"{key}": [', f'"{key}": [], "{key}": [', 1)
        assert f'the key "{key}" twice' in read("sarif", tmp_path, hidden).reason


def test_the_word_results_elsewhere_in_a_large_log_does_no_harm(tmp_path, monkeypatch):
    monkeypatch.setattr("upheld.readers.sarif.findings._SMALL", 0)

    assert read("sarif", tmp_path, log(run(bare(properties={"results": [1]})))).readable


def test_results_that_a_person_must_review_are_noted(tmp_path):
    reading = read("sarif", tmp_path, log(run(bare(kind="review"), bare(kind="open"))))

    assert reading.evidence[0].notes == ("2 results still need a person's review and are no findings",)


@pytest.mark.upheld("REQ-EVI-001.c1")
@pytest.mark.parametrize("key", ["toolExecutionNotifications", "toolConfigurationNotifications"])
def test_a_tool_that_reports_errors_of_its_own_has_not_found_nothing(key, tmp_path):
    broken = {"executionSuccessful": True, key: [{"level": "error"}, {"level": "note"}]}
    well = {"executionSuccessful": True, key: [{"level": "warning"}, {}]}

    reading = read("sarif", tmp_path, log(run(invocations=[broken])))

    assert not reading.readable
    assert {e.statistic for e in reading.evidence} == {None}
    assert reading.reason.endswith("reports 1 error of the tool itself: some of the code may not have been analysed")
    assert read("sarif", tmp_path, log(run(invocations=[well]))).readable


# ── New against the base ─────────────────────────────────────────────────────────────────────────────────────────────


def new(folder: Path, base: str | None, head: str) -> tuple[int, int, tuple[str, ...]] | None:
    """(new errors, new findings, notes), or None where neither is shown."""
    baseline = () if base is None else (write(folder, base, "base.sarif"),)
    reading = read("sarif", folder, head, "head.sarif", baseline=baseline)
    assert reading.readable, reading.reason
    if not any(e.indicator == "sarif.new-errors" for e in reading.evidence):
        return None
    return (
        count(reading, "sarif.new-errors"), count(reading, "sarif.new-findings"),
        found(reading, "sarif.new-findings").notes,
    )  # fmt: skip


def printed(*values: str, **more: object) -> list[dict]:
    return [result(line=i, partialFingerprints={"hash/v1": value}, **more) for i, value in enumerate(values)]


# The base, the head, and (new errors, new findings).
NEW = {
    "the same": (run(result()), run(result()), (0, 0)),
    "moved to another line": (run(result(line=1)), run(result(line=99)), (0, 0)),
    "one more of the same": (run(result()), run(result(), result(line=5)), (0, 1)),
    "one less": (run(result(), result()), run(result()), (0, 0)),
    "another message": (run(result()), run(result(text="worse")), (0, 1)),
    "another rule": (run(result()), run(result("R2")), (0, 1)),
    "another file": (run(result()), run(result(uri="src/b.py")), (0, 1)),
    "a new error beside an old one": (
        run(result(level="error")), run(result(level="error"), result("R2", level="error"), result("R3")), (1, 2),
    ),
    "an empty base": (run(), run(result(level="error")), (1, 1)),
    "nothing now": (run(result()), run(), (0, 0)),
    "suppressed now": (run(result()), run(result("R2", suppressions=[{"kind": "inSource"}])), (0, 0)),
    "suppressed in the base, open now": (
        run(result(suppressions=[{"kind": "inSource"}])), run(result()), (0, 1),
    ),
    "fingerprints tell apart what reads the same": (
        run(*printed("a", "b")), run(*printed("a", "b", "c")), (0, 1),
    ),
    "a fingerprint stays while the message changes": (
        run(*printed("a", "b", text="line 7")), run(*printed("a", "b", text="line 9")), (0, 0),
    ),
    "one fingerprint for all is not trusted": (
        run(*printed("requires login", "requires login")),
        run(*printed("requires login", "requires login"), result(text="other", partialFingerprints={"hash/v1": "requires login"})),
        (0, 1),
    ),
    "a fingerprint that only some findings have is not trusted": (
        run(*printed("a", "b")), run(*printed("x", "y"), result(line=7)), (0, 1),
    ),
    "one finding on each side with the same useless fingerprint": (
        run(*printed("requires login", text="old")), run(*printed("requires login", text="new")), (0, 1),
    ),
    "a message given by id and arguments": (
        run(result(message={"id": "m", "arguments": ["x"]})),
        run(result(message={"id": "m", "arguments": ["x"]}), result(message={"id": "m", "arguments": ["y"]})), (0, 1),
    ),
    "no location and no message": (run({"ruleId": "R1"}), run({"ruleId": "R1"}, {"ruleId": "R1"}), (0, 1)),
    "absolute paths of two checkouts": (
        run(result(uri="file:///ci/base/src/a.py"), result(uri="file:///ci/base/src/b.py")),
        run(result(uri="file:///ci/head/src/a.py"), result(uri="file:///ci/head/src/b.py"), result(uri="file:///ci/head/src/c.py")),
        (0, 1),
    ),
    "absolute paths of one checkout": (
        run(result(uri="/ci/src/a.py")), run(result(uri="/ci/src/a.py"), result(uri="/ci/src/b.py")), (0, 1),
    ),
    "a path that begins with a dot": (run(result(uri="./src/a.py")), run(result(uri="src/a.py")), (0, 0)),
    "a path by its index among the artifacts": (
        run(result(uri="src/a.py")),
        run(
            {"ruleId": "R1", "message": {"text": "wrong"}, "locations": [{"physicalLocation": {"artifactLocation": {"index": 1}}}]},
            artifacts=[{"location": {"uri": "x"}}, {"location": {"uri": "src/a.py"}}],
        ), (0, 0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", NEW)
def test_new_is_what_the_base_had_less_of(what, tmp_path):
    base, head, expected = NEW[what]

    assert new(tmp_path, log(base), log(head))[:2] == expected


def test_without_a_base_nothing_is_said_about_new_findings(tmp_path):
    assert new(tmp_path, None, log(run(bare()))) is None


def test_without_any_finding_none_is_new(tmp_path):
    assert new(tmp_path, None, log(run())) == (0, 0, ())


def test_the_baseline_state_of_a_log_says_what_is_new(tmp_path):
    states = [bare(level="error", baselineState=state) for state in ("new", "unchanged", "updated", "absent")]

    assert new(tmp_path, None, log(run(*states)))[:2] == (1, 1)
    assert new(tmp_path, None, log(run(*states, bare())))[:2] == (1, 2), "a result without a state may be new"


def test_a_base_that_is_given_wins_over_the_baseline_state(tmp_path):
    assert new(tmp_path, log(run(bare())), log(run(bare(baselineState="new"))))[:2] == (0, 0)


def test_a_base_of_several_logs_is_taken_together_and_other_files_are_left_aside(tmp_path):
    baseline = (
        write(tmp_path, log(run(result("R1"))), "one.sarif"),
        write(tmp_path, "<testsuites/>", "junit.xml"),
        write(tmp_path, log(run(result("R2"))), "two.sarif"),
    )

    reading = read("sarif", tmp_path, log(run(result("R1"), result("R2"), result("R3"))), baseline=baseline)

    assert count(reading, "sarif.new-findings") == 1


def test_a_base_without_any_log_is_no_base(tmp_path):
    baseline = (write(tmp_path, "<testsuites/>", "junit.xml"),)

    reading = read("sarif", tmp_path, log(run(bare())), baseline=baseline)

    assert [e.indicator for e in reading.evidence][-1] == "sarif.findings"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"version": "2.1.0", "runs": [', "the base's report base.sarif cannot be compared with: breaks off at byte 30: is it cut off?"),
        (log(), "the base's report base.sarif cannot be compared with: holds no runs: nothing was analysed"),
        ("", "the base's report base.sarif cannot be compared with: is empty"),
        (None, "the base's report base.sarif cannot be compared with: "),
    ],
)  # fmt: skip
def test_a_base_that_cannot_be_read_leaves_open_what_is_new(content, reason, tmp_path):
    base = tmp_path / "base.sarif"
    if content is not None:
        base.write_text(content)

    reading = read("sarif", tmp_path, log(run(bare())), baseline=(base,))

    assert reading.readable
    assert count(reading, "sarif.findings") == 1
    for name in ("sarif.new-errors", "sarif.new-findings"):
        e = found(reading, name)
        assert e.statistic is None
        assert e.unreadable.startswith(reason)
        assert e.source["digest"]


def test_the_first_new_findings_are_named(tmp_path):
    head = run(*[result(f"R{i}", line=i, text=f"it is {i}") for i in range(7)])

    reading = read("sarif", tmp_path, log(head), baseline=(write(tmp_path, log(run()), "base.sarif"),))

    assert found(reading, "sarif.new-findings").notes == tuple(f"new: R{i} src/a.py:{i} it is {i}" for i in range(5))
    assert found(reading, "sarif.new-errors").notes == ()
    assert reading.summary == "7 findings, 0 errors, 7 warnings, 7 new"


def test_two_real_runs_in_two_folders_differ_by_the_one_new_finding():
    folder = SAMPLES / "sarif"

    reading = BY_NAME["sarif"].read(folder / "ruff-head.sarif", Request(baseline=(folder / "ruff-base.sarif",)))

    assert levels(reading) == (9, 0, 0, 9)
    assert count(reading, "sarif.new-errors") == 1
    (note,) = found(reading, "sarif.new-errors").notes
    assert note.startswith("new: S307 file:///ci/head/shop/ugly.py:21 ")


KEYS = st.tuples(st.sampled_from(["R1", "R2"]), st.sampled_from(["a.py", "b.py"]), st.sampled_from(["x", "y"]))


@given(st.lists(KEYS, max_size=12), st.lists(KEYS, max_size=12), st.randoms())
def test_new_findings_are_the_multiset_difference_in_any_order(tmp_path_factory, base, head, random):
    def of(keys):
        return log(run(*[result(r, random.randint(1, 99), uri, text) for r, uri, text in keys]))

    expected = sum(max(0, head.count(key) - base.count(key)) for key in set(head))

    assert new(tmp_path_factory.getbasetemp(), of(base), of(head))[1] == expected


# ── Recognising ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "head", "why"),
    [
        ("x", '{"version": "2.1.0", "runs": []}', "it is JSON with a SARIF version and runs"),
        ("x", '{"$schema": "https://json.schemastore.org/sarif-2.1.0.json"', "it names the SARIF 2.1.0 schema"),
        ("x.sarif", '{"inlineExternalProperties": []', "its name says SARIF"),
        ("x.sarif.json", "{}", "its name says SARIF"),
        ("x.json", '{"version": "2.1.0"}', ""),
        ("x.sarif", "<sarif/>", ""),
    ],
)
def test_a_log_is_recognised_by_version_schema_or_name(name, head, why):
    assert BY_NAME["sarif"].recognise(name, head.encode()) == why
