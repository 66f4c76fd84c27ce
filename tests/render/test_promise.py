"""One promise: one axis for four stages, what carries each verdict, and other numbers from the same judge."""

import json
import re
from datetime import UTC, datetime

import pytest

from upheld.core.criterion import Stage
from upheld.core.trial import trial
from upheld.render.document import environment
from upheld.render.promise import LEFT, RIGHT, suspects, view

AT = datetime(2026, 11, 22, 7, 40, tzinfo=UTC)

pytestmark = pytest.mark.upheld("REQ-PAG-001.c1")


@pytest.fixture(scope="module")
def shown(sample):
    (thread,), known = sample
    return view(thread, known, trial(thread.criterion, known, at=AT))


def test_every_stage_is_drawn_on_one_axis_with_the_promise_as_one_line(shown):
    picture = shown.picture
    assert [m.stage for m in picture.marks] == ["Predicted", "Tested", "Released", "Lived"]
    assert LEFT < picture.line < RIGHT
    tested = picture.marks[1]
    # 0.862 s against 1 s on the same axis
    assert (tested.x - LEFT) / (picture.line - LEFT) == pytest.approx(0.862 / 1, abs=0.002)
    predicted = picture.marks[0]
    assert predicted.bar[0] < predicted.x < predicted.bar[0] + predicted.bar[1]


def test_each_customer_is_a_dot_that_can_be_told_by_name(shown):
    dots = shown.picture.marks[3].dots
    assert len(dots) == 12
    assert max(dots, key=lambda d: d.x).name == "eastcredit 0.952 s"


def test_the_side_that_breaks_the_promise_is_right_of_an_upper_limit_and_left_of_a_lower_one(shown, found, evidence):
    assert shown.picture.broken[0] == shown.picture.line
    other = view(next(t for t in found if t.criterion.address == "REQ-C.c1"), evidence)
    assert other.picture.broken[0] == LEFT
    assert other.picture.marks[1].x < other.picture.line


def test_the_picture_is_told_in_words(shown):
    assert "Tested: ● 0.862 s" in shown.picture.words


def test_without_any_number_there_is_no_picture_but_everything_else(found):
    from dataclasses import replace

    silent = replace(found[0], stages=dict.fromkeys(Stage))
    assert view(silent).picture is None
    assert len(view(silent).lines) == 4


def test_evidence_stands_with_its_provenance(shown):
    (record,) = shown.lines[1].evidence
    for word in ("build-42.json", "sample", "build 42", "staging", "14 Nov 2026, 10:10 UTC"):
        assert word in record


def test_what_would_settle_an_inconclusive_verdict_is_said(found, evidence):
    other = view(next(t for t in found if t.criterion.address == "REQ-E.c1"), evidence)
    assert other.lines[1].verdict == "inconclusive"
    assert "21 more" in other.lines[1].settle


def test_the_slider_holds_what_the_judge_says_and_nothing_to_judge_with(shown, sample):
    (thread,), known = sample
    data = json.loads(shown.steps)
    by_target = {s["target"]: s for s in data["steps"]}
    assert by_target["1 s"]["promised"]
    tighter = by_target["0.8 s"]
    assert tighter["stages"]["production"]["members"] == ["eastcredit", "granitemutual"]
    assert tighter["stages"]["production"]["short"] == "✖ 2 of 12 customers"
    assert tighter["x"] < data["line"]
    steps = trial(thread.criterion, known, at=AT)
    assert [s["target"] for s in data["steps"]] == [str(s.target) for s in steps]


def test_other_numbers_are_also_told_in_words_for_who_has_no_script(shown):
    words = dict(shown.trials)
    assert words["1 s (as promised)"].count("●") == 4
    assert any("✖ tested" in text for text in words.values())


def test_trying_says_what_else_would_turn_suspect(sample):
    text = suspects(sample[0][0])
    assert "okafor (northbank)" in text
    assert "decision 0007 would ask for review" in text


def test_what_people_wrote_cannot_become_markup(found, evidence):
    hostile = view(next(t for t in found if t.criterion.address == "REQ-E.c1"), evidence)
    module = environment().get_template("promise.html").module
    text = str(module.one(hostile, "", "h"))
    assert "<script>alert" not in text
    assert "</script><b>" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert re.search(r"\sstyle=", text) is None
