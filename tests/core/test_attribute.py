"""The shapes in which a named quality is promised, and which of two gaps a wish leaves open."""

import json
from pathlib import Path

import pytest

from upheld.core.attribute import NAMES, Attribute, promise
from upheld.core.gap import Gap
from upheld.core.questions import questions
from upheld.core.wording import tokenise

pytestmark = pytest.mark.upheld("REQ-QUE-001.c1")


def promised(sentence: str, name: str, gap: Gap, wanted: bool) -> str | None:
    """The words of the promise about a name in a sentence."""
    text = tokenise(sentence)
    first = text.words.index(name)
    found = promise(text, Attribute(gap, wanted), first, first)
    return found and sentence[text.starts[found[0]] : text.ends[found[1]]]


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("High throughput is expected.", "High throughput"),
        ("A good and high throughput is planned.", "high throughput"),
        ("Good is what the throughput is called.", None),
        ("The plant ensures that throughput.", "ensures that throughput"),
        ("The plant ensures that we all know throughput.", None),
        ("The throughput of the plant must be good.", "throughput of the plant must be good"),
        ("The throughput must be as we think it good.", None),
        ("The throughput shall be guaranteed.", "throughput shall be guaranteed"),
        ("It runs without hurting throughput.", "hurting throughput"),
        ("It runs by hurting throughput.", None),
        ("The throughput must not suffer.", "throughput must not suffer"),
        ("The throughput may be seen to suffer.", None),
        ("The throughput is printed.", None),
        ("It is good: throughput is printed.", None),
        ("The throughput is printed, good or bad.", None),
        ("Low throughput is printed.", None),
        ("No throughput is printed.", None),
        ("throughput", None),
    ],
)
def test_a_wanted_quality_is_promised_by_much_of_it_by_care_or_by_no_harm_to_it(sentence, phrase):
    assert promised(sentence, "throughput", Gap.THROUGHPUT, wanted=True) == phrase


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("Few outages are planned.", "Few outages"),
        ("No outages are planned.", "No outages"),
        ("It avoids longer outages.", "avoids longer outages"),
        ("The outages of a line must be rare.", "outages of a line must be rare"),
        ("The outages must be kept to a minimum.", "outages must be kept to a minimum"),
        ("The outages must be prevented.", "outages must be prevented"),
        ("Keep outages rare.", "outages rare"),
        ("It is outages free.", "outages free"),
        ("Free the outages list.", "Free the outages"),
        ("The outages are listed.", None),
        ("The outages are listed and shown to be rare.", None),
        ("High outages are listed.", None),
    ],
)
def test_an_unwanted_quality_is_promised_by_little_of_it_or_by_none(sentence, phrase):
    assert promised(sentence, "outages", Gap.AVAILABILITY_TARGET, wanted=False) == phrase


@pytest.mark.parametrize("gap", [Gap.COST, Gap.EFFICIENCY])
def test_no_cost_is_a_statement_and_low_cost_a_wish(gap):
    assert promised("There is no cost.", "cost", gap, wanted=False) is None
    assert promised("It is at low cost.", "cost", gap, wanted=False) == "low cost"


def test_a_promise_is_found_up_to_fourteen_words_behind_its_name():
    assert promised("The outages " + "of " * 12 + "be rare.", "outages", Gap.RELIABILITY, wanted=False)
    assert not promised("The outages " + "of " * 13 + "be rare.", "outages", Gap.RELIABILITY, wanted=False)


def test_every_word_that_speaks_of_a_quality_speaks_of_one_gap_only():
    words = [word for block in NAMES[None].values() for line in block.split("\n") for word in line.strip().split("|")]

    assert sorted({word for word in words if word and words.count(word) > 1}) == []


# --------------------------------------------------------------------------------------------------- told by the rest


@pytest.mark.parametrize(
    ("sentence", "gap"),
    [
        ("The doctor shall be alerted immediately.", Gap.DEADLINE),
        ("The page shall open immediately.", Gap.LATENCY_BOUND),
        ("The doctor shall be alerted by a fast page.", Gap.LATENCY_BOUND),
        ("Refunds shall be quick.", Gap.DEADLINE),
        ("The system shall minimise the risk of injury.", Gap.SAFETY),
        ("The system shall minimise the risk of delays.", Gap.IMPROVEMENT),
        ("The brake shall be reliable.", Gap.SAFETY),
        ("The lamp shall be reliable.", Gap.RELIABILITY),
        ("The shop is up and running after a crash.", Gap.RECOVERY),
        ("The shop is up and running.", Gap.AVAILABILITY_TARGET),
        ("The queue shall absorb bursts of events.", Gap.THROUGHPUT),
        ("The shop shall absorb bursts.", Gap.SCALE),
        ("Historical data must remain available.", Gap.RETENTION),
        ("The shop must remain available.", Gap.AVAILABILITY_TARGET),
        ("The app should feel smooth.", Gap.LATENCY_BOUND),
        ("The form should feel smooth.", Gap.USABILITY),
        ("Balances are shown with little delay.", Gap.FRESHNESS),
        ("Pages are shown with little delay.", Gap.LATENCY_BOUND),
        ("Modules can be replaced with little effort.", Gap.MAINTAINABILITY),
        ("Forms can be filled with little effort.", Gap.USABILITY),
        ("It shall meet all applicable accessibility rules.", Gap.ACCESSIBILITY),
        ("It shall meet all applicable data protection rules.", Gap.PRIVACY),
        ("It shall meet all applicable cyber rules.", Gap.SECURITY),
        ("It shall meet all applicable hazard rules.", Gap.SAFETY),
        ("It shall meet all applicable rules.", Gap.COMPLIANCE),
        ("Documents are stored safely.", Gap.SECURITY),
        ("Documents are stored safely by the robot.", Gap.SAFETY),
        ("The register shall be accurate.", Gap.DATA_QUALITY),
        ("The detector shall be accurate.", Gap.ACCURACY),
        ("The estimates shall be robust.", Gap.ACCURACY),
        ("Health reports are kept in an appropriate way.", Gap.PRIVACY),
        ("Passwords are chosen in an appropriate way.", Gap.SECURITY),
        ("Colours are chosen in an appropriate way.", Gap.SUBJECTIVE),
    ],
)
def test_a_wish_of_two_readings_is_told_apart_by_what_its_clause_speaks_of(sentence, gap):
    assert [question.gap for question in questions(sentence)] == [gap]


# ------------------------------------------------------------------------------------------------ words that only hint


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("Hallucinations should be the exception.", [(Gap.ACCURACY, "Hallucinations")]),
        ("The fees need to stay within reason.", [(Gap.COST, "fees")]),
        ("The fees are listed on the invoice.", []),  # nobody is obliged
        ("When hallucinations occur, the editor shall open.", []),  # a trigger promises nothing
        ("The fees need to stay below 3 %.", []),  # a measure, whatever it is of
        ("The editor shall open.", []),
        ("The fees shall stay within reason. The editor shall open.", [(Gap.COST, "fees")]),
        ("The editor shall open. The fees shall stay within reason.", [(Gap.COST, "fees")]),
        ("The page before the visitor shall follow before he loses patience.", [(Gap.LATENCY_BOUND, "loses patience")]),
        ("Our developers want to release often.", [(Gap.DEADLINE, "often")]),
        ("The reader gets a good overview.", [(Gap.USABILITY, "good")]),
        ("The reader gets a good pen and then he may sit down and look at the overview.", [(Gap.SUBJECTIVE, "good")]),
        (
            "Onboarding should be fast, simple and compliant.",
            [(Gap.LATENCY_BOUND, "fast"), (Gap.USABILITY, "simple"), (Gap.COMPLIANCE, "compliant")],
        ),
        ("Onboarding should be fast for all beginners.", [(Gap.LATENCY_BOUND, "fast")]),
    ],
)
def test_a_word_that_speaks_of_a_quality_counts_where_something_is_owed_and_nothing_measured(sentence, asked):
    assert [(question.gap, question.phrase) for question in questions(sentence)] == asked


def test_a_wish_between_the_words_of_another_is_asked_for_itself():
    assert [question.gap for question in questions("Anomalous logins are promptly detected.")] == [
        Gap.ACCURACY,
        Gap.DEADLINE,
    ]
    assert [question.gap for question in questions("It shall restore the data promptly after a crash.")] == [
        Gap.RECOVERY
    ]


def test_a_typographic_apostrophe_joins_words_as_a_plain_one_does():
    assert [question.gap for question in questions("The screen mustn’t freeze.")] == [Gap.LATENCY_BOUND]


def test_the_documented_first_runs_are_those_of_the_corpus():
    """A set's first run is history: the page and the corpus tell the same one, and sum up what they tell."""
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs" / "files.md").read_text(encoding="utf-8")
    runs = json.loads(Path(__file__).with_name("questions_corpus.json").read_text(encoding="utf-8"))["first-run"]
    last = [runs[name] for name in ("blind-9", "blind-10", "blind-11", "blind-12")]
    found, gaps = sum(run["found"] for run in last), sum(run["gaps"] for run in last)

    for name, run in runs.items():
        share = f"{run['found']} ({100 * run['found'] / run['gaps']:.0f} %)"
        row = f"| {name} | {run['gaps']} | {share} | {run['quiet']} | {run['needless']} |"
        assert name == "held" or row in page
    assert f"{found} of {gaps} ({100 * found / gaps:.0f} %)" in page
