"""The conformance suite: every case through our own judge, and every expectation from the oracle anew."""

import importlib.util
import json
import math
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.criterion import Binding, Criterion, Indicator, Kind, Rule, Stage
from upheld.core.evidence import Evidence, decode
from upheld.core.gate import Gate, Line, Waiver, decide, waive
from upheld.core.gate import Kind as GateKind
from upheld.core.judge import judge
from upheld.core.report import verdict_json
from upheld.core.verdict import Reason, State, Verdict

pytestmark = pytest.mark.upheld("REQ-JDG-003.c1")

ROOT = Path(__file__).resolve().parents[2]
SUITE = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "conformance").glob("*.json"))}
CASES = [(topic, case) for topic, cases in SUITE.items() for case in cases]
FIELDS = {
    "name", "rule", "criterion", "stage", "evidence", "at", "subject", "ancestors", "require_subject", "expect",
}  # fmt: skip


def read_criterion(written: dict) -> Criterion:
    sentence = criteria.parse(written["sentence"])
    told = written["indicator"]
    indicator = Indicator(
        name=told["name"], kind=Kind(told["kind"]), unit=quantity.UNITS[told["unit"]], census=told["census"],
        linked=told["linked"],
    )  # fmt: skip
    criteria.check(sentence, indicator)
    return Criterion(
        address=written["address"], sentence=sentence, indicator=indicator, requirement=written["requirement"],
        customers=tuple(written["customers"]),
        bindings={Stage(stage): read_binding(Stage(stage), keys) for stage, keys in written["bindings"].items()},
    )  # fmt: skip


def read_binding(stage: Stage, keys: dict) -> Binding:
    read = {
        "rule": ("rule", Rule),
        "environment": ("environment", str),
        "for": ("duration", quantity.seconds),
        "of": ("subject", str),
        "max-age": ("max_age", quantity.seconds),
        "at-least": ("at_least", int),
        "per": ("per", str),
        "no-worse-than": ("no_worse_than", quantity.parse),
        "confidence": ("confidence", lambda text: Decimal(text.removesuffix("%").strip()) / 100),
        "at": ("load", quantity.parse),
    }
    return Binding(stage=stage, **{read[key][0]: read[key][1](value) for key, value in keys.items()})


def read_evidence(raw: dict) -> Evidence:
    if "unreadable" in raw:
        return Evidence(
            indicator=raw["indicator"], stage=Stage(raw["stage"]), statistic=None, unreadable=raw["unreadable"]
        )  # fmt: skip
    return decode(raw)


def near(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize(
    "case",
    [case for _, case in CASES if "stage" in case],
    ids=[f"{topic}: {case['name']}" for topic, case in CASES if "stage" in case],
)
def test_the_judge_gives_the_stated_verdict(case):
    criterion = read_criterion(case["criterion"])
    verdict = judge(
        criterion, Stage(case["stage"]), [read_evidence(raw) for raw in case["evidence"]],
        at=datetime.fromisoformat(case["at"]), subject=case["subject"], ancestors=frozenset(case["ancestors"]),
        require_subject=case["require_subject"],
    )  # fmt: skip
    expected = case["expect"]
    shown = verdict_json(criterion, verdict)
    assert (verdict.state.value, verdict.reason.value) == (expected["verdict"], expected["reason"]), verdict.why
    if "estimate" in expected:
        assert near(shown["estimate"], expected["estimate"]), (shown["estimate"], expected["estimate"])
    if "interval" in expected:
        pairs = zip(shown["interval"], expected["interval"], strict=True)
        assert all(near(a, b) for a, b in pairs), (shown["interval"], expected["interval"])
    if "n" in expected:
        assert verdict.n == expected["n"]
    if "groups" in expected:
        assert {g.member: g.state.value for g in verdict.groups} == {
            g["customer"]: g["verdict"] for g in expected["groups"]
        }


@pytest.mark.parametrize("case", SUITE["rule-08-gates"], ids=[case["name"] for case in SUITE["rule-08-gates"]])
def test_a_gate_gives_the_stated_verdict(case):
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    gate = Gate(name="merge", kind=GateKind.TECHNICAL, stage="build")
    lines, waivers = [], []
    for i, given in enumerate(case["criteria"]):
        address = f"REQ-A-001.c{i}"
        state = State(given["verdict"])
        verdict = Verdict(
            state=state, stage=Stage.BUILD, rule=Rule.CENSUS, target=1.0, unit=quantity.SHARE,
            reason=Reason.MISSING if state is State.INCONCLUSIVE else Reason.NONE,
        )  # fmt: skip
        blocking = given["severity"] == "blocking"
        lines.append(Line(criterion=address, requirement="", sentence="", verdict=verdict, blocking=blocking))
        if given["waived"]:
            waivers.append(
                Waiver(criterion=address, owner="a", approver="b", reason="r", since=at.date(), until=at.date())
            )
    laid = [waive(line, waivers, gate, {}, at) for line in lines]
    assert decide(gate, laid, [], at=at, subject="").state.value == case["expect"]["verdict"]


def test_the_suite_holds_enough_cases_and_each_says_what_it_shows():
    assert len(CASES) >= 300
    for topic, cases in SUITE.items():
        names = [case["name"] for case in cases]
        assert len(set(names)) == len(names), topic
        assert all(len(name) > 15 and name.endswith(".") for name in names), topic


def test_every_case_has_the_fields_that_the_documentation_names():
    for topic, case in CASES:
        if topic == "rule-08-gates":
            assert set(case) == {"name", "rule", "criteria", "expect"}
        else:
            assert set(case) == FIELDS
            assert (
                {"verdict", "reason"}
                <= set(case["expect"])
                <= {"verdict", "reason", "estimate", "interval", "n", "groups"}
            )


def test_every_rule_and_every_verdict_is_shown():
    rules = {case["rule"] for _, case in CASES}
    assert {str(n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12)} <= rules
    verdicts = [case["expect"]["verdict"] for _, case in CASES]
    assert min(verdicts.count(v) for v in ("met", "not met", "inconclusive")) >= 60


@pytest.mark.slow
def test_the_committed_suite_is_what_the_oracle_computes():
    pytest.importorskip("scipy")
    specification = importlib.util.spec_from_file_location("conformance", ROOT / "scripts" / "conformance.py")
    assert specification is not None
    assert specification.loader is not None
    script = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(script)
    built = script.built()
    assert sorted(built) == sorted(f"{topic}.json" for topic in SUITE)
    for name, text in built.items():
        assert (ROOT / "conformance" / name).read_text("utf-8") == text, f"{name}: run scripts/conformance.py"
