"""The board: one line a promise, worst first, filters with totals over all, one scale, and a table for spreadsheets."""

import csv
import io
import re

import pytest

from upheld.core.scale import used
from upheld.core.verdict import State
from upheld.render.board import Filter, as_csv, board, rows
from upheld.render.drawing import LINE, MOST, WIDTH, describe, mark, place, ticks

pytestmark = pytest.mark.upheld("REQ-PAG-001.c1")


def addresses(found) -> list[str]:
    return [row.address for row in found]


def test_the_worst_stand_first_then_by_priority(found):
    assert addresses(rows(found)) == ["REQ-A.c1", "REQ-C.c1", "REQ-D.c1", "REQ-E.c1", "REQ-B.c1"]
    assert [r.state for r in rows(found)] == [State.NOT_MET] * 3 + [State.INCONCLUSIVE] * 2


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Filter(), "ACDEB"),
        (Filter(verdict="not met"), "ACD"),
        (Filter(verdict="met"), ""),
        (Filter(owner="omar"), "C"),
        (Filter(customer="east"), "ADEB"),
        (Filter(type="quality"), "B"),
        (Filter(text="WAIT"), "B"),
        (Filter(text="what req-a"), "A"),
        (Filter(text="nowhere"), ""),
        (Filter(customer="east", verdict="inconclusive"), "EB"),
    ],
)
def test_every_filter_takes_the_lines_that_it_names(found, asked, expected):
    shown = board(rows(found), asked)
    assert addresses(shown.rows) == [f"REQ-{letter}.c1" for letter in expected]
    assert shown.matching == len(expected)
    assert shown.total == 5


def test_totals_are_over_all_that_match_and_not_over_the_page(found):
    shown = board(rows(found), limit=2)
    assert len(shown.rows) == 2
    assert dict(shown.states) == {"not met": 3, "inconclusive": 2}
    assert dict(shown.stages[1]) == {"not met": 2, "inconclusive": 2, "met": 1}
    assert shown.stages[0]["met"] == 1


def test_the_counts_on_the_verdicts_say_what_choosing_another_verdict_would_show(found):
    shown = board(rows(found), Filter(verdict="not met", customer="east"))
    assert dict(shown.states) == {"not met": 2, "inconclusive": 2}


def test_what_needs_somebody_is_said_with_the_number_the_customer_and_the_person(found):
    need = board(rows(found)).needs[0]
    assert need.address == "REQ-A.c1"
    assert "east: lived 98 %, promised ≥ 99 %" in need.sentence
    assert "engineering: lisa" in need.about


def test_every_verdict_has_a_shape_beside_its_colour(found):
    shapes = {"m": "●", "n": "✖", "i": "○", "": "·"}
    for row in rows(found):
        for cell in (*row.cells, row.agreed):
            assert cell.text.startswith((shapes[cell.look], "~"))


def test_a_promise_per_customer_shows_the_customer_that_decides(found):
    lived = rows(found)[0].cells[3]
    assert (lived.text, lived.note) == ("✖ 98 %", "east")
    assert "200 % of the allowed used" in lived.drawing


def test_the_line_is_where_the_whole_allowance_is_used():
    assert place(1.0) == pytest.approx(LINE, abs=0.5)
    assert place(0) == 0
    assert place(9) == WIDTH


def test_what_is_off_the_scale_is_an_arrow_and_says_its_number(found):
    thread = next(t for t in found if t.criterion.address == "REQ-A.c1")
    verdict = thread.stages[list(thread.stages)[3]]
    position = used(thread.criterion, verdict)
    assert position.estimate > MOST
    drawn = mark(verdict.state, position)
    assert "class=o" in drawn
    assert "circle" not in drawn
    assert describe(verdict.state, position).startswith("not met: 200 %")


def test_the_drawing_carries_no_style_that_a_strict_policy_would_refuse(found):
    drawn = "".join(cell.drawing for row in rows(found) for cell in row.cells)
    assert drawn.count("<svg") >= 5
    assert "style=" not in drawn
    assert re.search(r"\son\w+=", drawn) is None


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 1.4, [0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4]), (98.6, 100, [98.6, 98.8, 99, 99.2, 99.4, 99.6, 99.8, 100]), (3, 3, [3])],
)  # fmt: skip
def test_an_axis_has_round_numbers(low, high, expected):
    assert ticks(low, high) == pytest.approx(expected)


def test_the_table_for_spreadsheets_holds_every_line_and_starts_no_formula(found):
    lines = list(csv.DictReader(io.StringIO(as_csv(rows(found)))))
    assert [line["criterion"] for line in lines] == addresses(rows(found))
    assert lines[0]["lived"] == "not met"
    assert lines[0]["lived of allowed used"] == "2"
    assert lines[0]["predicted"] == "not asked"
    hostile = next(line for line in lines if line["criterion"] == "REQ-E.c1")
    assert hostile["title"] == "<script>alert(1)</script> & 'quotes'"


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_title_that_a_spreadsheet_would_run_stays_text(found, title):
    from dataclasses import replace

    hostile = replace(rows(found)[0], title=title)
    (line,) = csv.DictReader(io.StringIO(as_csv([hostile])))
    assert line["title"] == f"'{title}"
