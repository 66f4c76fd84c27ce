"""Coverage reports: lines and branches are counted, whatever rates and sums the report states."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.reader.reports import BY_NAME, REAL, found, read, share
from upheld.ports import Request

pytestmark = pytest.mark.upheld("REQ-EVI-002.c1")

FORMATS = ("coverage.py", "cobertura", "lcov")
formats = pytest.mark.parametrize("name", FORMATS)


def report(name: str, files: dict[str, dict[int, int]], *, roots: tuple[str, ...] = ()) -> str:
    """The same coverage (path → line → hits) in one of the formats."""
    if name == "coverage.py":
        known = {
            path: {
                "executed_lines": [n for n, hits in lines.items() if hits],
                "missing_lines": [n for n, hits in lines.items() if not hits],
            }
            for path, lines in files.items()
        }
        return json.dumps({"meta": {"version": "7.1", "branch_coverage": False}, "files": known, "totals": {}})
    if name == "lcov":
        blocks = (
            f"TN:\nSF:{path}\n" + "".join(f"DA:{n},{hits}\n" for n, hits in lines.items()) + "end_of_record\n"
            for path, lines in files.items()
        )
        return "".join(blocks)
    sources = "".join(f"<source>{root}</source>" for root in roots)
    classes = "".join(
        f'<class name="c" filename="{path}"><lines>'
        + "".join(f'<line number="{n}" hits="{hits}"/>' for n, hits in lines.items())
        + "</lines></class>"
        for path, lines in files.items()
    )
    return (
        f'<coverage line-rate="0.99" version="7"><sources>{sources}</sources>'
        f"<packages><package><classes>{classes}</classes></package></packages></coverage>"
    )


@formats
def test_the_same_real_run_gives_the_same_counts_in_every_format(name):
    reading = BY_NAME[name].read(REAL[name], Request())

    assert share(reading, "coverage.lines") == (11, 14)
    assert share(reading, "coverage.branches") == (7, 8)
    assert reading.summary == "11 of 14 lines in 3 files, 7 of 8 branches"
    assert [e.indicator for e in reading.evidence] == ["coverage.lines", "coverage.branches"]


def test_the_tool_and_its_version_are_named_where_the_report_does():
    producers = {name: BY_NAME[name].read(REAL[name], Request()).evidence[0].producer for name in FORMATS}

    assert producers == {
        "coverage.py": {"tool": "coverage.py", "version": "7.17.3"},
        "cobertura": {"tool": "cobertura", "version": "7.17.3"},
        "lcov": {"tool": "lcov"},
    }


@formats
def test_branches_that_were_not_measured_are_not_shown(name, tmp_path):
    reading = read(name, tmp_path, report(name, {"a.py": {1: 1, 2: 0}}))

    assert [e.indicator for e in reading.evidence] == ["coverage.lines"]
    assert share(reading, "coverage.lines") == (1, 2)


@formats
@pytest.mark.parametrize("files", [{}, {"a.py": {}}])
def test_a_report_without_lines_is_refused(name, files, tmp_path):
    reading = read(name, tmp_path, report(name, files) or "# nothing\n")

    assert not reading.readable
    assert reading.reason == "measured no line: was the right source folder measured?"


@formats
def test_the_population_is_which_files_were_measured(name, tmp_path):
    one = read(name, tmp_path, report(name, {"a.py": {1: 1}})).evidence[0].population
    same = read(name, tmp_path, report(name, {"a.py": {1: 0, 2: 1}})).evidence[0].population
    other = read(name, tmp_path, report(name, {"b.py": {1: 1}})).evidence[0].population

    assert one == same != other
    assert len(one["files"]) == 16


@given(
    st.dictionaries(
        st.sampled_from(["a.py", "pkg/b.py", "pkg/sub/c.py"]),
        st.dictionaries(st.integers(1, 50), st.integers(0, 3), max_size=20),
        min_size=1,
    )
)
def test_lines_are_those_of_a_plain_count_in_every_format(tmp_path_factory, files):
    covered = sum(hits > 0 for lines in files.values() for hits in lines.values())
    total = sum(len(lines) for lines in files.values())
    for name in FORMATS:
        reading = read(name, tmp_path_factory.getbasetemp(), report(name, files))
        if total:
            assert share(reading, "coverage.lines") == (covered, total)
        else:
            assert not reading.readable


# ── coverage.py ──────────────────────────────────────────────────────────────────────────────────────────────────────


def coverage_py(files: object, **meta: object) -> str:
    return json.dumps({"meta": {"version": "7.1", **meta}, "files": files})


def test_sums_of_an_older_coverage_py_stand_in_for_its_branches(tmp_path):
    known = {"executed_lines": [1], "missing_lines": [], "summary": {"num_branches": 4, "covered_branches": 3}}

    reading = read("coverage.py", tmp_path, coverage_py({"a.py": known}, branch_coverage=True))

    assert share(reading, "coverage.branches") == (3, 4)


def test_a_branch_that_is_both_taken_and_missing_is_one_branch_taken(tmp_path):
    known = {
        "executed_lines": [1],
        "missing_lines": [],
        "executed_branches": [[1, 2]],
        "missing_branches": [[1, 2], [1, -1]],
    }

    reading = read("coverage.py", tmp_path, coverage_py({"a.py": known}, branch_coverage=True))

    assert share(reading, "coverage.branches") == (1, 2)


COVERAGE_PY_REFUSED = {
    "no files": ('{"meta": {}}', 'holds no "files": is it the report of `coverage json`?'),
    "files is a list": ('{"files": []}', "files is a list, an object is needed"),
    "a file is a number": (coverage_py({"a.py": 1}), "a.py is a number, an object is needed"),
    "lines are missing": (coverage_py({"a.py": {}}), "a.py: executed_lines is missing, a list is needed"),
    "a line is text": (
        coverage_py({"a.py": {"executed_lines": ["1"], "missing_lines": []}}),
        "a.py: executed_lines holds 1, line numbers are needed",
    ),
    "a line is zero": (
        coverage_py({"a.py": {"executed_lines": [], "missing_lines": [0]}}),
        "a.py: missing_lines holds 0, line numbers are needed",
    ),
    "a line is true": (
        coverage_py({"a.py": {"executed_lines": [True], "missing_lines": []}}),
        "a.py: executed_lines holds True, line numbers are needed",
    ),
    "a list at the top": ('[{"files": {}}]', "the report is a list, an object is needed"),
}


@pytest.mark.parametrize("what", COVERAGE_PY_REFUSED)
def test_what_is_no_coverage_py_report_is_refused(what, tmp_path):
    content, reason = COVERAGE_PY_REFUSED[what]

    assert read("coverage.py", tmp_path, content).reason == reason


# ── Cobertura ────────────────────────────────────────────────────────────────────────────────────────────────────────

DTD = '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">\n'


def cobertura(inside: str, *, doctype: str = "", root: str = 'line-rate="1"') -> str:
    return f'<?xml version="1.0"?>\n{doctype}<coverage {root}><packages><package><classes>{inside}</classes></package></packages></coverage>'


def lines_of(*lines: str, filename: str = "a.py") -> str:
    return f'<class name="a" filename="{filename}"><lines>{"".join(lines)}</lines></class>'


LINE = '<line number="1" hits="1"/>'


def test_the_usual_doctype_is_skipped_and_its_dtd_never_fetched(tmp_path):
    assert share(read("cobertura", tmp_path, cobertura(lines_of(LINE), doctype=DTD)), "coverage.lines") == (1, 1)


def test_a_doctype_that_declares_entities_is_refused(tmp_path):
    doctype = '<!DOCTYPE coverage SYSTEM "x.dtd" [<!ENTITY a "b">]>'

    reading = read("cobertura", tmp_path, cobertura(lines_of(LINE), doctype=doctype))

    assert reading.reason == "holds a DOCTYPE that declares its own entities; such files are refused"


# Lines as they stand in the file, and what is (covered, executable) and (taken, all) of branches.
COBERTURA = {
    "a line in a method and in its class is one line": (
        f'<class filename="a.py"><methods><method name="m"><lines>{LINE}</lines></method></methods><lines>{LINE}</lines></class>',
        (1, 1), None,
    ),
    "one file in two classes": (
        lines_of('<line number="1" hits="0"/>', '<line number="2" hits="0"/>') + lines_of('<line number="2" hits="3"/>'),
        (1, 2), None,
    ),
    "the rates of the report are not believed": (lines_of('<line number="1" hits="0"/>'), (0, 1), None),
    "conditions": (
        lines_of('<line number="1" hits="1" branch="true" condition-coverage="50% (1/2)"/>'), (1, 1), (1, 2),
    ),
    "conditions given twice are the better of both": (
        lines_of(
            '<line number="1" hits="1" branch="true" condition-coverage="50% (1/2)"/>',
            '<line number="1" hits="1" branch="true" condition-coverage="75% (3/4)"/>',
        ), (1, 1), (3, 4),
    ),
    "a branch line without conditions has no branches": (
        lines_of('<line number="1" hits="1" branch="true"/>'), (1, 1), None,
    ),
    "hits beyond 32 bits": (lines_of('<line number="1" hits="99999999999"/>'), (1, 1), None),
    "hits as a decimal": (lines_of('<line number="1" hits="2.0"/>', '<line number="2" hits="0.0"/>'), (1, 2), None),
    "backslashes in the path": (
        lines_of(LINE, filename="pkg\\a.py") + lines_of('<line number="1" hits="0"/>', filename="./pkg/a.py"), (1, 1), None,
    ),
    "a namespace prefix": (
        '<c:class xmlns:c="x" filename="a.py"><c:lines><c:line number="1" hits="1"/></c:lines></c:class>', (1, 1), None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", COBERTURA)
def test_cobertura_lines_are_merged_by_file_and_number(what, tmp_path):
    inside, lines, branches = COBERTURA[what]

    reading = read("cobertura", tmp_path, cobertura(inside))

    assert share(reading, "coverage.lines") == lines
    shown = [e for e in reading.evidence if e.indicator == "coverage.branches"]
    assert [(e.statistic.good, e.statistic.n) for e in shown] == ([branches] if branches else [])


COBERTURA_REFUSED = {
    "another root": ("<report/>", "has the root <report>, Cobertura has <coverage>"),
    "an HTML page": ("<html/>", "is HTML, not Cobertura: is it an error page?"),
    "no file name": (cobertura('<class name="a"/>'), 'holds a class without a file name ("a")'),
    "no number": (cobertura(lines_of('<line hits="1"/>')), "holds a line whose number is None"),
    "number zero": (cobertura(lines_of('<line number="0" hits="1"/>')), "holds a line whose number is '0'"),
    "half a line": (cobertura(lines_of('<line number="1.5" hits="1"/>')), "holds a line whose number is '1.5'"),
    "no hits": (cobertura(lines_of('<line number="1"/>')), "holds a line whose hits is None"),
    "negative hits": (cobertura(lines_of('<line number="1" hits="-1"/>')), "holds a line whose hits is '-1'"),
    "hits that are no number": (cobertura(lines_of('<line number="1" hits="NaN"/>')), "holds a line whose hits is 'NaN'"),
    "more branches taken than there are": (
        cobertura(lines_of('<line number="7" hits="1" condition-coverage="150% (3/2)"/>')), "line 7 takes 3 of 2 branches",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", COBERTURA_REFUSED)
def test_what_is_no_cobertura_report_is_refused(what, tmp_path):
    content, reason = COBERTURA_REFUSED[what]

    assert read("cobertura", tmp_path, content).reason == reason


def test_lines_outside_any_class_are_left_out_and_noted(tmp_path):
    reading = read("cobertura", tmp_path, cobertura(LINE + lines_of(LINE) + LINE))

    assert share(reading, "coverage.lines") == (1, 1)
    assert reading.evidence[0].notes == ("2 lines stand outside any class and are left out",)


def test_too_many_elements_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("upheld.readers.intake.MOST_ELEMENTS", 8)

    assert read("cobertura", tmp_path, cobertura(lines_of(LINE, LINE))).readable
    assert read("cobertura", tmp_path, cobertura(lines_of(LINE, LINE, LINE))).reason == "holds more than 8 elements"


def test_clover_calls_its_root_coverage_too_and_is_not_taken():
    assert BY_NAME["cobertura"].recognise("c.xml", b'<coverage generated="1"><project/></coverage>') == ""
    assert BY_NAME["cobertura"].recognise("c.xml", b"<coverage><packages/></coverage>")


# ── LCOV ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

LCOV = {
    "a file in two blocks": ("SF:a\nDA:1,0\nDA:2,1\nend_of_record\nSF:a\nDA:1,4\nDA:2,0\nend_of_record\n", (2, 2), None),
    "checksums": ("SF:a\nDA:1,1,c0ffee\nend_of_record\n", (1, 1), None),
    "negative counts of an overflowed counter": ("SF:a\nDA:1,-3\nend_of_record\n", (0, 1), None),
    "the sums of the report are not believed": ("SF:a\nDA:1,0\nLF:9\nLH:9\nend_of_record\n", (0, 1), None),
    "functions and versions say nothing about lines": (
        "TN:t\nSF:a\nVER:1\nFN:1,f\nFNL:0,1\nFNA:0,1,f\nFNDA:1,f\nFNF:1\nFNH:1\nDA:1,1\nend_of_record\n", (1, 1), None,
    ),
    "branches, one never reached and one not taken": (
        "SF:a\nDA:1,1\nBRDA:1,0,0,1\nBRDA:1,0,1,0\nBRDA:2,0,0,-\nBRF:9\nBRH:9\nend_of_record\n", (1, 1), (1, 3),
    ),
    "branches taken in another block": (
        "SF:a\nDA:1,1\nBRDA:1,0,0,-\nend_of_record\nSF:a\nBRDA:1,0,0,5\nend_of_record\n", (1, 1), (1, 1),
    ),
    "branches with commas in their names": (
        "SF:a\nDA:1,1\nBRDA:1,0,jump to a,b,1\nBRDA:1,0,jump to c,0\nend_of_record\n", (1, 1), (1, 2),
    ),
    "Windows line ends, comments and empty lines": ("# made by x\r\n\r\nSF:a\r\nDA:1,1\r\nend_of_record\r\n", (1, 1), None),
    "a path with a colon": ("SF:C:\\src\\a.c\nDA:1,1\nend_of_record\n", (1, 1), None),
    "no line end after the last record": ("SF:a\nDA:1,1\nend_of_record", (1, 1), None),
}  # fmt: skip


@pytest.mark.parametrize("what", LCOV)
def test_lcov_blocks_of_one_file_are_merged(what, tmp_path):
    content, lines, branches = LCOV[what]

    reading = read("lcov", tmp_path, content)

    assert share(reading, "coverage.lines") == lines
    shown = [e for e in reading.evidence if e.indicator == "coverage.branches"]
    assert [(e.statistic.good, e.statistic.n) for e in shown] == ([branches] if branches else [])


LCOV_REFUSED = {
    "the last block is not ended": ("SF:a\nDA:1,1\n", "breaks off at byte 12, before end_of_record: is it cut off?"),
    "it ends inside a record": ("SF:a\nDA:1", "breaks off at byte 9, before end_of_record: is it cut off?"),
    "a line outside any file": ("DA:1,1\nSF:a\nend_of_record\n", "line 1 stands outside any SF block: DA:1,1"),
    "a record of another kind": ("SF:a\nXX:1\nend_of_record\n", "line 2 is no LCOV record: XX:1"),
    "a word": ("SF:a\nTN\nend_of_record\n", "line 2 is no LCOV record: TN"),
    "an empty path": ("SF:\nDA:1,1\nend_of_record\n", "line 1 is no LCOV record: SF:"),
    "a count that is no number": ("SF:a\nDA:1,x\nend_of_record\n", "line 2 is no DA record: DA:1,x"),
    "a line without a count": ("SF:a\nDA:1\nend_of_record\n", "line 2 is no DA record: DA:1"),
    "line zero": ("SF:a\nDA:0,1\nend_of_record\n", "line 2 is no DA record: DA:0,1"),
    "a short branch": ("SF:a\nBRDA:1,0,1\nend_of_record\n", "line 2 is no BRDA record: BRDA:1,0,1"),
    "a branch at line zero": ("SF:a\nBRDA:0,0,0,1\nend_of_record\n", "line 2 is no BRDA record: BRDA:0,0,0,1"),
}


@pytest.mark.parametrize("what", LCOV_REFUSED)
def test_what_is_no_lcov_is_refused(what, tmp_path):
    content, reason = LCOV_REFUSED[what]

    assert read("lcov", tmp_path, content).reason == reason


def test_more_records_than_anybody_needs_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("upheld.readers.intake.MOST_ELEMENTS", 3)

    assert read("lcov", tmp_path, "SF:a\nDA:1,1\nend_of_record\n").readable
    assert read("lcov", tmp_path, "SF:a\nDA:1,1\nend_of_record\n\n").reason == "holds more than 3 records"


# ── Changed lines ────────────────────────────────────────────────────────────────────────────────────────────────────

ABSOLUTE = {"/checkout/src/shop/basket.py": {1: 1, 2: 0, 5: 1}}
RELATIVE = {"src/shop/basket.py": {1: 1, 2: 0, 5: 1}}
BELOW = {"shop/basket.py": {1: 1, 2: 0, 5: 1}}
TWO = {"a/shop/basket.py": {1: 1}, "b/shop/basket.py": {1: 0}}

# The report's files, the lines added per path, (covered, counted), and the notes.
CHANGED = {
    "executable added lines": (RELATIVE, {"src/shop/basket.py": {1, 2, 3, 4, 5}}, (2, 3), ()),
    "one line that no test ran": (RELATIVE, {"src/shop/basket.py": {2}}, (0, 1), ()),
    "absolute paths in the report": (ABSOLUTE, {"src/shop/basket.py": {1, 2}}, (1, 2), ()),
    "the report's paths begin below the repository's root": (BELOW, {"src/shop/basket.py": {1, 2}}, (1, 2), ()),
    "only comments were added": (
        RELATIVE, {"src/shop/basket.py": {3, 4}}, (0, 0), ("no executable line was added",),
    ),
    "nothing was added": (RELATIVE, {}, (0, 0), ("no executable line was added",)),
    "a page of documentation": (
        RELATIVE, {"README.md": {1, 2}, "src/shop/data.json": {1}}, (0, 0), ("no executable line was added",),
    ),
    "a new module that no test imports": (
        RELATIVE, {"src/shop/basket.py": {1}, "src/shop/new.py": {1, 2, 3}}, (1, 4),
        ("src/shop/new.py: not in the report, every added line counts as not run",),
    ),
    "a new module in a new folder below what was measured": (
        RELATIVE, {"src/shop/deep/er/new.py": {7}}, (0, 1),
        ("src/shop/deep/er/new.py: not in the report, every added line counts as not run",),
    ),
    "a new module, absolute paths": (
        ABSOLUTE, {"src/shop/new.py": {1}}, (0, 1),
        ("src/shop/new.py: not in the report, every added line counts as not run",),
    ),
    "tests are not measured": (
        RELATIVE, {"tests/test_basket.py": {1}, "src/shop/basket_test.py": {1}, "src/shop/tests/x.py": {1}, "conftest.py": {1}},
        (0, 0), ("no executable line was added",),
    ),
    "a script outside what was measured": (
        RELATIVE, {"scripts/deploy.py": {1, 2}}, (0, 0),
        ("scripts/deploy.py: outside what was measured, not counted", "no executable line was added"),
    ),
    "a script at the root": (
        RELATIVE, {"setup.py": {1}}, (0, 0),
        ("setup.py: outside what was measured, not counted", "no executable line was added"),
    ),
    "a file that two of the report may be": (
        TWO, {"shop/basket.py": {1}}, (0, 1),
        ("shop/basket.py: matches several files of the report, every added line counts as not run",),
    ),
    "the exact path wins": (TWO | {"shop/basket.py": {1: 1}}, {"shop/basket.py": {1}}, (1, 1), ()),
    "the nearest of several relative paths wins": (
        {"basket.py": {1: 0}, "shop/basket.py": {1: 1}}, {"src/shop/basket.py": {1}}, (1, 1), (),
    ),
    "a name that only ends alike is another file": (
        {"src/my_basket.py": {1: 1}}, {"src/basket.py": {1}}, (0, 1),
        ("src/basket.py: not in the report, every added line counts as not run",),
    ),
    "source of another language": (
        {"src/a.ts": {1: 1}}, {"src/a.ts": {1}, "src/b.ts": {1}, "src/c.css": {1}}, (1, 2),
        ("src/b.ts: not in the report, every added line counts as not run",),
    ),
    "many unknown files are shortened": (
        RELATIVE, {f"src/shop/n{i}.py": {1} for i in range(7)}, (0, 7),
        (
            f"{', '.join(f'src/shop/n{i}.py' for i in range(5))} and 2 more: not in the report, every added line counts as not run",
        ),
    ),
}  # fmt: skip


@formats
@pytest.mark.parametrize("what", CHANGED)
def test_changed_lines_are_judged_by_what_the_report_knows(name, what, tmp_path):
    files, added, expected, notes = CHANGED[what]
    added = {path: frozenset(lines) for path, lines in added.items()}

    reading = read(name, tmp_path, report(name, files), changed_lines=added)

    assert share(reading, "coverage.changed-lines") == expected
    assert found(reading, "coverage.changed-lines").notes == notes
    assert reading.summary.endswith(f"{expected[0]} of {expected[1]} changed lines")


@formats
def test_without_a_base_no_changed_lines_are_shown(name, tmp_path):
    reading = read(name, tmp_path, report(name, RELATIVE))

    assert all(e.indicator != "coverage.changed-lines" for e in reading.evidence)


ROOTED = {
    "the root of the report is the repository's": (("/checkout",), "shop/basket.py", "shop/basket.py", (1, 1)),
    "the root of the report lies inside the repository": (
        ("/checkout/src",),
        "shop/basket.py",
        "src/shop/basket.py",
        (1, 1),
    ),
    "a root that ends in a slash": (("/checkout/src/",), "shop/basket.py", "src/shop/basket.py", (1, 1)),
    "one of several roots": (("/elsewhere", "/checkout/src"), "shop/basket.py", "src/shop/basket.py", (1, 1)),
    "another project with the same name below another root": (
        ("/ci/other",),
        "basket.py",
        "src/shop/basket.py",
        (0, 0),
    ),
    "an empty root": ((" ",), "shop/basket.py", "src/shop/basket.py", (1, 1)),
}


@pytest.mark.parametrize("what", ROOTED)
def test_the_source_folders_of_cobertura_say_what_its_paths_begin_at(what, tmp_path):
    roots, measured, changed, expected = ROOTED[what]
    content = report("cobertura", {measured: {1: 1}}, roots=roots)

    reading = read("cobertura", tmp_path, content, changed_lines={changed: frozenset({1})})

    assert share(reading, "coverage.changed-lines") == expected
