"""JUnit, SARIF, Markdown, annotations and the badge say what the gate says, and hold to their formats."""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft4Validator, Draft7Validator
from junitparser import Error, Failure, JUnitXml, Skipped

from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.criterion import Criterion, Indicator, Kind, Rule, Stage
from upheld.core.gate import Gate, Line, Required, Result, SignOffState, Waiver, decide
from upheld.core.gate import Kind as GateKind
from upheld.core.verdict import Group, Reason, State, Verdict
from upheld.ports import Request
from upheld.readers.cases.junit import JUnit
from upheld.readers.sarif import Sarif
from upheld.render.annotations import Annotation, Level, github, gitlab
from upheld.render.gate import FORMS, Place, annotations, tell, write
from upheld.render.gate.markdown import MOST_CHARACTERS
from upheld.render.gate.sarif import MOST_RESULTS

pytestmark = pytest.mark.upheld("REQ-OUT-001.c1")

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
RATIO = Indicator(name="task.done", kind=Kind.RATIO, unit=quantity.SHARE)
WAIVER = Waiver(criterion="", owner="jake", approver="lisa", reason="the rig is down", until=date(2026, 12, 4))
STATES = tuple(State)


def criterion(address: str = "REQ-USE-001.c1", *customers: str) -> Criterion:
    return Criterion(
        address=address, sentence=criteria.parse("task.done >= 90 % per customer"), indicator=RATIO,
        requirement=address.rpartition(".")[0], customers=customers or ("eastcredit", "northbank"),
    )  # fmt: skip


def verdict(state: State, **more) -> Verdict:
    known = {
        "state": state, "stage": Stage.BUILD, "rule": Rule.CONFIDENT, "target": 0.9, "unit": quantity.SHARE,
        "reason": Reason.UNPROVEN if state is State.INCONCLUSIVE else Reason.NONE, "estimate": 0.8,
        "share": (0.8, 0.7, 0.9), "needed": 0.9, "n": 40, "n_eff": 40.0,
        "settle": "21 more, all good" if state is State.INCONCLUSIVE else "",
    }  # fmt: skip
    return Verdict(**(known | more))


def line(state: State, address: str = "REQ-USE-001.c1", *, blocking: bool = True, waived: bool = False, **more) -> Line:
    return Line(
        criterion=address, requirement=address.rpartition(".")[0], sentence="task.done >= 90 % per customer",
        verdict=verdict(state, **more), blocking=blocking, waiver=replace(WAIVER, criterion=address) if waived else None,
    )  # fmt: skip


def told(*lines: Line, sign_offs: tuple[Required, ...] = (), enforce_from: date | None = None, **more):
    gate = Gate(name="merge", kind=GateKind.TECHNICAL, stage="build", enforce_from=enforce_from)
    result: Result = decide(gate, lines, sign_offs, at=AT, subject="tree:4f1c9a2")
    known = {entry.criterion: criterion(entry.criterion) for entry in lines}
    return tell(result, known, at=AT, **more)


def cases_of(text: str) -> list:
    return [case for suite in JUnitXml.fromstring(text.encode()) for case in suite]


def holding(text: str) -> list[str]:
    """The names of the cases that a second reader (junitparser) takes for failures or errors."""
    return [c.name for c in cases_of(text) if any(isinstance(r, Failure | Error) for r in c.result)]


SIGNED = Required(role="product", state=SignOffState.ASSERTED, person="jake")
UNSIGNED = Required(role="product", state=SignOffState.MISSING)
LATER = date(2099, 1, 1)
MIXED = told(
    line(State.MET), line(State.NOT_MET, "REQ-USE-002.c1"), line(State.INCONCLUSIVE, "REQ-USE-003.c1"),
    line(State.NOT_MET, "REQ-USE-004.c1", waived=True), line(State.NOT_MET, "REQ-USE-005.c1", blocking=False),
    sign_offs=(UNSIGNED,),
    titles={"REQ-USE-002": "Advisers finish their task"},
    places={"REQ-USE-002.c1": Place(file="requirements/REQ-USE-002 ü.md", line=14, column=11)},
)  # fmt: skip


class TestWhatHoldsTheGate:
    @pytest.mark.parametrize(
        ("first", "second", "waived", "blocking", "sign_offs", "enforce_from"),
        list(product(STATES, STATES, (False, True), (False, True), ((), (SIGNED,), (UNSIGNED,)), (None, LATER))),
    )
    def test_junit_holds_a_failure_or_error_exactly_when_the_exit_code_is_not_zero(
        self, first, second, waived, blocking, sign_offs, enforce_from
    ):
        gate = told(
            line(first), line(second, "REQ-USE-002.c1", waived=waived and second is not State.MET, blocking=blocking),
            sign_offs=sign_offs, enforce_from=enforce_from,
        )  # fmt: skip
        red = gate.result.enforced and gate.result.state is not State.MET
        assert bool(holding(write("junit", [gate], version="1"))) == red
        assert bool(gate.holding) == red

    @pytest.mark.parametrize("form", FORMS)
    def test_a_gate_that_selects_nothing_is_not_green_in_any_document(self, form):
        text = write(form, [told()], version="1")
        assert "inconclusive" in text
        if form == "junit":
            assert holding(text) == ["gate.merge merge"]

    def test_members_that_fail_are_named_and_those_that_hold_are_not(self):
        groups = (
            Group(member="northbank", state=State.MET, n=20),
            Group(member="eastcredit", state=State.NOT_MET, n=20),
        )
        gate = told(line(State.NOT_MET, groups=groups))
        assert (gate.cases[0].customers, gate.cases[0].failing) == (("eastcredit",), True)
        assert "| **eastcredit** |" in write("markdown", [gate], version="1")

    def test_the_worst_case_stands_first_in_every_document(self):
        assert [case.name for case in MIXED.cases] == [
            "REQ-USE-002.c1", "REQ-USE-003.c1", "sign-off.product", "REQ-USE-004.c1", "REQ-USE-005.c1", "REQ-USE-001.c1"
        ]  # fmt: skip


class TestJunit:
    def test_states_become_failure_error_and_skipped_with_their_words(self):
        found = {c.name.split(" ")[0]: c for c in cases_of(write("junit", [MIXED], version="1"))}
        kinds = {name: [type(r) for r in case.result] for name, case in found.items()}
        assert kinds == {
            "REQ-USE-001.c1": [], "REQ-USE-002.c1": [Failure], "REQ-USE-003.c1": [Error], "REQ-USE-004.c1": [Skipped],
            "REQ-USE-005.c1": [Skipped], "sign-off": [Error],
        }  # fmt: skip
        waived = found["REQ-USE-004.c1"].result[0].message
        assert waived.startswith("not met (waived until 2026-12-04 by lisa): the rig is down")
        assert found["REQ-USE-005.c1"].result[0].message.startswith("not met (advisory)")

    def test_our_own_reader_counts_the_same(self, tmp_path):
        path = tmp_path / "gate.xml"
        path.write_text(write("junit", [MIXED], version="1"), encoding="utf-8")
        reading = JUnit().read(path, Request())
        assert reading.readable
        assert reading.summary.startswith("6 tests, 1 passed")

    def test_what_xml_cannot_carry_is_replaced_and_markup_escaped(self):
        gate = told(line(State.NOT_MET, detail="a\x00b <script>&\"' \ud800 \x1b[31m"))
        text = write("junit", [gate], version="1")
        text.encode()
        [case] = cases_of(text)
        assert "a\ufffdb <script>&\"' \ufffd \ufffd[31m" in case.result[0].text

    def test_it_is_valid_under_the_schema_of_the_jenkins_plug_in(self, schemas):
        lxml = pytest.importorskip("lxml.etree")
        schema = lxml.XMLSchema(lxml.parse(str(schemas / "junit-10.xsd")))
        for gates in ([MIXED], [told()], [told(line(State.MET)), MIXED], []):
            document = lxml.fromstring(write("junit", gates, version="1").encode())
            assert schema.validate(document), schema.error_log


class TestSarif:
    def results(self, *gates):
        return json.loads(write("sarif", gates, version="1.2"))["runs"][0]["results"]

    def test_kinds_and_levels_follow_the_standard(self):
        found = {r["ruleId"]: (r["kind"], r["level"]) for r in self.results(MIXED)}
        assert found == {
            "REQ-USE-001.c1": ("pass", "none"), "REQ-USE-002.c1": ("fail", "error"), "REQ-USE-003.c1": ("open", "none"),
            "REQ-USE-004.c1": ("fail", "warning"), "REQ-USE-005.c1": ("fail", "warning"), "sign-off.product": ("review", "none"),
        }  # fmt: skip

    def test_a_waiver_is_an_accepted_suppression_with_its_reason(self):
        waived = next(r for r in self.results(MIXED) if r["ruleId"] == "REQ-USE-004.c1")
        assert waived["suppressions"] == [
            {"kind": "external", "status": "accepted",
             "justification": "the rig is down (owner jake, approved by lisa, until 2026-12-04)"}
        ]  # fmt: skip

    def test_a_result_stands_at_its_line_with_an_escaped_path(self):
        place = self.results(MIXED)[0]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "requirements/REQ-USE-002%20%C3%BC.md"
        assert place["region"] == {"startLine": 14, "startColumn": 11}

    def test_one_criterion_in_two_gates_is_two_results_of_one_rule(self):
        other = replace(MIXED, result=replace(MIXED.result, gate=replace(MIXED.result.gate, name="release")))
        both = [r for r in self.results(MIXED, other) if r["ruleId"] == "REQ-USE-002.c1"]
        assert len({r["partialFingerprints"]["upheldCriterion/v1"] for r in both}) == 2
        assert len({r["ruleIndex"] for r in both}) == 1

    def test_beyond_what_github_shows_the_least_bad_are_left_out_and_counted(self):
        many = [line(State.MET, f"REQ-M-{i:05}.c1") for i in range(MOST_RESULTS + 3)]
        log = json.loads(write("sarif", [told(*many, line(State.NOT_MET, "REQ-Z-001.c1"))], version="1"))["runs"][0]
        assert len(log["results"]) == MOST_RESULTS
        assert log["results"][0]["ruleId"] == "REQ-Z-001.c1"
        [note] = log["invocations"][0]["toolExecutionNotifications"]
        assert note["message"]["text"].startswith("4 further criteria")

    def test_our_own_reader_finds_the_one_that_fails(self, tmp_path):
        path = tmp_path / "gate.sarif"
        path.write_text(write("sarif", [MIXED], version="1"), encoding="utf-8")
        reading = Sarif().read(path, Request())
        counts = {e.indicator: e.statistic.n for e in reading.evidence if e.statistic is not None}
        assert (reading.readable, counts["sarif.errors"]) == (True, 1)

    def test_it_is_valid_under_the_schema_of_oasis(self, schemas):
        schema = json.loads((schemas / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
        validator = (Draft7Validator if "draft-07" in schema["$schema"] else Draft4Validator)(schema)
        for gates in ([MIXED], [told()], [told(line(State.MET)), MIXED], []):
            found = list(validator.iter_errors(json.loads(write("sarif", gates, version="1"))))
            assert found == []


class TestMarkdown:
    def test_the_table_comes_first_and_names_what_each_row_is(self):
        lines = write("markdown", [MIXED], version="1").splitlines()
        assert lines[0] == "<!-- upheld: merge -->"
        assert lines[2] == "## ✖ gate merge: not met"
        assert lines[4] == "1 of 5 criteria met, 1 waived · `tree:4f1c9a2` · 2026-11-22 12:00 UTC"
        head = lines.index("| | criterion | promise | verdict | measured | customers |")
        assert lines[head + 2].startswith("| ✖ | REQ-USE-002.c1 | task.done \\>= 90 % per customer | not met |")

    def test_a_sign_off_is_no_criterion_and_a_gates_own_criterion_is_one(self):
        text = write("markdown", [told(line(State.MET, "gate.merge.tests"), sign_offs=(UNSIGNED,))], version="1")
        assert "1 of 1 criteria met" in text

    def test_text_of_a_file_is_shown_and_never_obeyed(self):
        hostile = "![x](https://evil.example/p.png) <img src=x> @everyone #1 | `a` **b** [c](d)\n# big"
        text = write("markdown", [told(line(State.NOT_MET, detail=hostile))], version="1")
        why = next(row for row in text.splitlines() if "evil" in row)
        assert "](" not in why.replace("\\]\\(", "").replace("\\](", "")
        assert "<img" not in why.replace("\\<img", "")
        assert "@everyone" not in why
        assert not any(row.startswith("# big") for row in text.splitlines())

    def test_thousands_of_criteria_stay_within_a_comment_and_the_bad_ones_are_in_it(self):
        many = [line(State.MET, f"REQ-M-{i:05}.c1") for i in range(4000)]
        text = write("markdown", [told(*many, line(State.NOT_MET, "REQ-Z-001.c1"))], version="1")
        assert len(text) <= MOST_CHARACTERS
        assert "REQ-Z-001.c1" in text
        assert "more rows are left out" in text

    def test_what_waits_for_one_missing_report_is_one_thing_to_do(self):
        absent = {
            "reason": Reason.MISSING,
            "settle": "evidence of task.done at stage build",
            "estimate": None,
            "share": None,
        }
        lines = [line(State.INCONCLUSIVE, f"REQ-USE-00{i}.c1", **absent) for i in (1, 2, 3)]
        text = write("markdown", [told(*lines)], version="1")
        assert text.count("would settle") == 1
        assert "missing**: REQ-USE-001.c1, REQ-USE-002.c1, REQ-USE-003.c1" in text


class TestAnnotations:
    def test_what_fails_is_an_error_what_is_open_a_warning_and_the_rest_a_notice(self):
        found = {a.title: a.level for a in annotations([MIXED])}
        assert found == {
            "REQ-USE-002.c1 not met": Level.ERROR, "REQ-USE-003.c1 inconclusive": Level.WARNING,
            "sign-off.product inconclusive": Level.WARNING,
            "REQ-USE-004.c1 not met (waived until 2026-12-04 by lisa)": Level.NOTICE,
            "REQ-USE-005.c1 not met (advisory)": Level.NOTICE,
        }  # fmt: skip

    def test_what_the_runner_would_read_is_escaped(self):
        found = github([Annotation(level=Level.ERROR, title="t,u", message="50 % of\r\nit: a, b", file="a,b:c%.md", line=3, column=7)], more="")  # fmt: skip
        assert found == "::error file=a%2Cb%3Ac%25.md,line=3,col=7,title=t%2Cu::50 %25 of%0D%0Ait: a, b"

    def test_ten_of_each_level_are_annotated_and_the_rest_is_counted(self):
        many = [Annotation(level=Level.ERROR, title="t", message="m", file="a", line=i) for i in range(1, 14)]
        many += [Annotation(level=Level.WARNING, title="t", message="m", file="a", line=i) for i in range(1, 11)]
        lines = github(many, more="run: upheld check").splitlines()
        assert len(lines) == 21
        assert lines[-1] == "3 more errors not annotated here; run: upheld check"

    def test_an_issue_keeps_its_fingerprint_when_the_text_above_it_grows(self):
        before, after = (
            gitlab([Annotation(level=Level.ERROR, title="t", message="m", file="a", line=i)]) for i in (3, 9)
        )
        assert before[0]["fingerprint"] == after[0]["fingerprint"]
        assert after[0]["location"] == {"path": "a", "lines": {"begin": 9}}

    def test_gitlab_gets_every_issue_once_and_with_the_fields_it_needs(self):
        twice = [Annotation(level=Level.NOTICE, title="t", message="m", file="a")] * 2
        [issue] = gitlab(twice)
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] == "info"


class TestBadge:
    @pytest.mark.parametrize(
        ("gates", "label"),
        [
            ([told(line(State.MET))], "upheld merge: met"), ([MIXED], "upheld merge: not met"),
            ([told(line(State.MET)), MIXED], "upheld: not met"), ([], "upheld: inconclusive"),
            ([told(line(State.NOT_MET), enforce_from=LATER)], "upheld merge: not met, not enforced"),
            ([told(line(State.MET)), told(line(State.NOT_MET), enforce_from=LATER)], "upheld: met"),
        ],
    )  # fmt: skip
    def test_it_says_in_words_the_worst_that_is_enforced(self, gates, label):
        root = ET.fromstring(write("badge", gates, version="1"))
        assert root.get("aria-label") == label
        assert root.findtext("{http://www.w3.org/2000/svg}title") == label


@pytest.fixture(scope="module")
def schemas() -> Path:
    """Official schemas of others, which we do not carry: junit-10.xsd (Jenkins xUnit plug-in), sarif-schema-2.1.0.json (OASIS)."""
    shared = os.environ.get("UPHELD_SHARED") or Path(__file__).parents[3] / "shared"
    folder = Path(os.environ.get("UPHELD_SCHEMAS") or Path(shared) / "schemas")
    if not folder.is_dir():
        pytest.skip(f"no folder of official schemas at {folder}; set UPHELD_SCHEMAS to where they are")
    return folder
