"""From the sentence a customer said to criteria: questions, a session that closes them, the criteria that follow."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.project.definitions import FILES, linted, loaded, written
from tests.project.test_lint import FOUR, RAW
from upheld.cli.definitions import lint as lint_command
from upheld.core.criterion import parse
from upheld.core.requirement import Answer, Requirement, Session, Source, Statement
from upheld.project.joint import Where, asked, closed, draft, open_questions

pytestmark = pytest.mark.upheld("REQ-LNT-001.c1")

REQ = "requirements/REQ-INS-001.md"
RAW_REQUIREMENT = f"---\nid: REQ-INS-001\ntitle: Insights\nsource: {{quote: {RAW}}}\n---\n"
INDICATORS = (
    FILES["indicators.yaml"]
    + """\
feed.age: {kind: age, production: {latest: feed_seconds}}
insight.accuracy: {kind: ratio, build: {evidence: evaluation}, production: {good: right_total, total: answers_total}}
"""
)
SENTENCES = {
    "freshness": "feed.age < 5 min over 30 d per customer",
    "accuracy": "insight.accuracy >= 95 % over 30 d per customer",
    "availability-window": "insight.availability >= 99.5 % over calendar month per customer excluding maintenance",
    "latency-condition": "p95 of insight.latency < 900 ms at 200/s over 30 d per customer",
}


def session(attendees: str = "{product: [jake], engineering: [lisa]}", **sentences: str) -> str:
    answers = "".join(
        f"  - requirement: REQ-INS-001\n    gap: {gap}\n    answer: as agreed\n    criterion: {that}\n"
        for gap, that in (sentences or SENTENCES).items()
    )
    return f"---\ndate: 2026-11-22\nattendees: {attendees}\nanswers:\n{answers}---\n"


def project(**more: str) -> dict[str, str]:
    return {**FILES, "indicators.yaml": INDICATORS, REQ: RAW_REQUIREMENT, **more}


def test_a_joint_session_closes_every_question_it_answers(tmp_path: Path) -> None:
    before = [f.rule for f in linted(written(tmp_path / "before", project()))]
    assert sorted(before) == FOUR
    after = linted(written(tmp_path / "after", project(**{"sessions/s1.md": session()})))
    assert [f.rule for f in after] == ["answer-without-criterion"]


def test_what_no_session_answered_stays_open(tmp_path: Path) -> None:
    some = {gap: that for gap, that in SENTENCES.items() if gap != "freshness"}
    text = session(**{gap.replace("_", "-"): that for gap, that in some.items()})
    found = linted(written(tmp_path, project(**{"sessions/s1.md": text})))
    assert sorted(f.rule for f in found) == ["answer-without-criterion", "question-freshness"]


@pytest.mark.parametrize("attendees", ["{product: [jake]}", "{engineering: [lisa]}", "{customer: [nb-cto]}"])
def test_a_session_that_is_not_joint_closes_nothing_and_says_so(attendees: str, tmp_path: Path) -> None:
    found = linted(written(tmp_path, project(**{"sessions/s1.md": session(attendees)})))
    assert sorted(f.rule for f in found) == [*FOUR, "session-not-joint"]
    [said] = [f.message for f in found if f.rule == "session-not-joint"]
    assert "so its 4 answers close nothing" in said


def test_the_drafted_criteria_lint_clean_and_say_everything_a_machine_needs(tmp_path: Path) -> None:
    root = written(tmp_path, project(**{"sessions/s1.md": session()}))
    [finding] = linted(root)
    drafted = finding.fix.removeprefix("put under criteria:\n")
    drafted = drafted.replace(
        "insight.accuracy >= 95 % over 30 d per customer",
        "insight.accuracy >= 95 % over 30 d per customer\n    needs: [build, production]",
    )
    drafted = drafted.replace("excluding maintenance", "excluding maintenance\n    needs: [production]")
    drafted = drafted.replace(
        "feed.age < 5 min over 30 d per customer", "feed.age < 5 min over 30 d per customer\n    needs: [production]"
    )
    drafted = drafted.replace(
        "at 200/s over 30 d per customer", "at 200/s over 30 d per customer\n    build: {for: 4 min}"
    )
    complete = RAW_REQUIREMENT.replace(
        "---\n", "---\nstatus: approved\ncustomers: [all]\nowners: {product: jake, engineering: lisa}\n", 1
    )
    written(root, {REQ: complete.replace("}\n---\n", f"}}\ncriteria:\n{drafted}\n---\n")})
    assert linted(root) == ()
    answer = CliRunner().invoke(lint_command, ["--project", str(root), "--format", "json", "--at", "2026-11-22"])
    document = json.loads(answer.output)
    assert answer.exit_code == 0
    criteria = {c["criterion"]: c for c in document["criteria"] if c["requirement"] == "REQ-INS-001"}
    assert len(criteria) == 4
    latency = next(c for c in criteria.values() if c["indicator"] == "insight.latency")
    assert latency == {
        "criterion": latency["criterion"], "requirement": "REQ-INS-001", "sentence": SENTENCES["latency-condition"],
        "statistic": "p95", "indicator": "insight.latency", "operator": "<", "objective": 900.0, "unit": "ms",
        "window": "30 d", "load": "200/s", "population": "customer",
        "rule": {"design": "confident", "build": "confident", "release": "sequential", "production": "census"},
        "customers": ["eastcredit", "northbank"],
    }  # fmt: skip
    assert {c["statistic"] for c in criteria.values()} == {"p95", "ratio", "age"}


def test_a_question_is_asked_once_though_quote_body_and_title_repeat_it() -> None:
    requirement = Requirement(id="R", title="Real-time insights", body=RAW, source=Source(quote="in real-time"))
    gaps = [a.question.gap.value for a in asked(requirement)]
    assert sorted(gaps) == ["accuracy", "availability-window", "freshness", "latency-condition"]
    assert asked(requirement)[0].where is Where.QUOTE


def test_the_last_answer_to_a_question_wins() -> None:
    first = Session(
        id="a", attendees={"product": ("p",), "engineering": ("e",)},
        answers=(Answer(requirement="R", gap="accuracy", criterion="a.b >= 90 % over 30 d"),),
    )  # fmt: skip
    second = Session(
        id="b", attendees={"product": ("p",), "engineering": ("e",)},
        answers=(Answer(requirement="R", gap="accuracy", criterion="a.b >= 95 % over 30 d"),),
    )  # fmt: skip
    assert draft(Requirement(id="R", title="t"), [first, second]).sentences == (("c1", "a.b >= 95 % over 30 d"),)


def test_a_criterion_that_was_tightened_since_is_not_asked_for_again() -> None:
    joint = Session(
        id="a", attendees={"product": ("p",), "engineering": ("e",)},
        answers=(Answer(requirement="R", gap="accuracy", criterion="a.b >= 90 % over 30 d"),),
    )  # fmt: skip
    have = Statement(id="c1", that="a.b >= 99 % over 30 d", sentence=parse("a.b >= 99 % over 30 d"))
    assert draft(Requirement(id="R", title="t", criteria=(have,)), [joint]).sentences == ()


def test_new_criteria_get_ids_that_are_free() -> None:
    joint = Session(
        id="a", attendees={"product": ("p",), "engineering": ("e",)},
        answers=(
            Answer(requirement="R", gap="accuracy", criterion="a.b >= 90 % over 30 d"),
            Answer(requirement="R", gap="freshness", criterion="age of c.d < 5 min"),
            Answer(requirement="S", gap="freshness", criterion="age of e.f < 5 min"),
        ),
    )  # fmt: skip
    have = Statement(id="c2", that="x.y >= 1 %", sentence=parse("x.y >= 1 %"))
    drafted = draft(Requirement(id="R", title="t", criteria=(have,)), [joint])
    assert drafted.text == "  - id: c1\n    that: a.b >= 90 % over 30 d\n  - id: c3\n    that: age of c.d < 5 min"


def test_an_answer_in_words_is_kept_beside_the_criteria(tmp_path: Path) -> None:
    text = session().replace(f"    criterion: {SENTENCES['freshness']}\n", "")
    root = written(tmp_path, project(**{"sessions/s1.md": text}))
    drafted = draft(loaded(root).catalogue.requirements["REQ-INS-001"], loaded(root).catalogue.sessions)
    assert "# freshness: as agreed" in drafted.text
    assert len(drafted.sentences) == 3


def test_an_empty_answer_closes_nothing() -> None:
    joint = Session(
        id="a", attendees={"product": ("p",), "engineering": ("e",)}, answers=(Answer(requirement="R", gap="accuracy"),)
    )
    assert closed("R", [joint]) == frozenset()
    requirement = Requirement(id="R", title="Predictive insights")
    assert len(open_questions(requirement, [joint])) == 1
