"""YAML and front matter are read so that nothing bites: texts stay texts, oddities are refused, places are exact."""

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from upheld.project import text
from upheld.project.text import MAX_BYTES, MAX_DEPTH, MAX_PROBLEMS, excerpt, locate, position, read

pytestmark = pytest.mark.upheld("REQ-LNT-001.c1")


def problems(source: str | bytes, *, markdown: bool = False) -> list[tuple[str, int, int]]:
    document = read(source.encode() if isinstance(source, str) else source, markdown=markdown)
    return [(problem.rule, *position(document.text, problem.offset)) for problem in document.problems]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1.10", "1.10"),
        ("no", "no"),
        ("012", "012"),
        ("12:30:45", "12:30:45"),
        ("1e3", "1e3"),
        ("2026-11-22", "2026-11-22"),
        ("~", "~"),
        ("null", "null"),
        ("''", ""),
        ('"a\\tb"', "a\tb"),
        ("", None),
    ],
)
def test_a_scalar_stays_the_text_that_was_written_and_an_empty_one_is_nothing(written, kept):
    assert read(f"key: {written}\n".encode()).tree == {"key": kept}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", [("yaml-duplicate-key", 3, 1)], id="a key that stands twice"),
        pytest.param("a: {b: 1, b: 2}\n", [("yaml-duplicate-key", 1, 11)], id="a key that stands twice in braces"),
        pytest.param("a: &x 1\n", [("yaml-anchor", 1, 4)], id="an anchor"),
        pytest.param(
            "a: &x 1\nb: *x\n", [("yaml-anchor", 1, 4), ("yaml-anchor", 2, 4)], id="an anchor and what refers to it"
        ),
        pytest.param("a: !!str 1\n", [("yaml-tag", 1, 4)], id="a tag"),
        pytest.param("a: !secret 1\n", [("yaml-tag", 1, 4)], id="a tag of somebody's own"),
        pytest.param("<<: {a: 1}\nb: 2\n", [("yaml-merge", 1, 1)], id="a merge key"),
        pytest.param("a: 1\n---\nb: 2\n", [("yaml-documents", 2, 1)], id="a second document"),
        pytest.param("a:\n\tb: 1\n", [("yaml-syntax", 2, 1)], id="a tab as indentation"),
        pytest.param("a:\tb\n", [("yaml-tab", 1, 3)], id="a tab as a space"),
        pytest.param("? [a, b]\n: c\n", [("yaml-key", 1, 3)], id="a list as a key"),
        pytest.param("{? : c}\n", [("yaml-key", 1, 4)], id="no key at all"),
        pytest.param("a: b: c\n", [("yaml-syntax", 1, 5)], id="a colon in a plain value"),
        pytest.param("a: 'b\n", [("yaml-syntax", 2, 1)], id="a quotation that does not end"),
        pytest.param("a: [1, 2\n", [("yaml-syntax", 2, 1)], id="a bracket that does not close"),
        pytest.param("a: \x01\n", [("yaml-syntax", 1, 4)], id="a control character"),
        pytest.param(b"a: \xff\n", [("encoding", 1, 4)], id="a byte that is not UTF-8"),
        pytest.param("a: b\n".encode("utf-16"), [("encoding", 1, 1)], id="UTF-16"),
    ],
)
def test_what_makes_yaml_surprising_is_refused_with_its_place(source, expected):
    assert problems(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('a: "*x & !y <<"\n', id="signs in quotes"),
        pytest.param("a: R&D !important <<\n", id="signs inside a word"),
        pytest.param('good: http_requests_total{code!~"5.."}\n', id="a query"),
        pytest.param("a: {b: , c: }\n", id="values that are empty on purpose"),
        pytest.param("---\na: 1\n", id="one document with its mark"),
        pytest.param("# only a comment\n", id="nothing but a comment"),
        pytest.param("", id="nothing at all"),
    ],
)
def test_what_only_looks_odd_is_no_problem(source):
    assert problems(source) == []


@pytest.mark.parametrize(
    ("source", "expected", "tree"),
    [
        ("{that: p95 of x < 1, 5 s}", ("comma-split", 1, 22), {"that": "p95 of x < 1, 5 s"}),
        ("{id: c1, that: x < 1,5 s, needs: build}", ("comma-split", 1, 22), None),
        ("c:\n  - {reason: late, but fine, until: x}", ("comma-split", 2, 20), None),
        ("{jake, lisa}", ("no-value", 1, 2), None),
    ],
)
def test_a_value_that_a_comma_cuts_inside_braces_is_found_and_put_together(source, expected, tree):
    assert problems(source)[0] == expected
    assert tree is None or read(source.encode()).tree == tree


def test_the_fix_of_a_cut_value_is_the_line_to_write():
    [problem] = read(b"{that: p95 of x < 1, 5 s}").problems
    assert problem.fix == 'quote the whole value: that: "p95 of x < 1, 5 s"'


def test_several_problems_of_one_file_are_all_told():
    assert [rule for rule, *_ in problems("a: 1\na: 2\nb: &x 3\nc: {d: e, f}\n")] == [
        "yaml-duplicate-key", "yaml-anchor", "comma-split",
    ]  # fmt: skip


def test_a_byte_order_mark_and_line_ends_of_windows_are_read():
    document = read(b"\xef\xbb\xbf---\r\nid: \xc3\xa9\r\n---\r\nBody\r\n", markdown=True)
    assert (document.tree, document.body, document.problems) == ({"id": "é"}, "Body\r\n", ())


@pytest.mark.parametrize(
    ("source", "front", "body", "rules"),
    [
        ("---\nid: x\n---\nBody\n", "id: x\n", "Body\n", []),
        ("---\nid: x\n...\nBody\n", "id: x\n", "Body\n", []),
        ("---\nid: x\n---", "id: x\n", "", []),
        ("---\n---\nBody\n", "", "Body\n", []),
        ("# Title\n\n---\n\ntext\n", None, "# Title\n\n---\n\ntext\n", []),
        ("---\nid: x\n", "---\nid: x\n", "---\nid: x\n", ["front-matter-open"]),
    ],
)
def test_front_matter_is_what_stands_between_two_lines_of_dashes_at_the_top(source, front, body, rules):
    document = read(source.encode(), markdown=True)
    assert (document.front, document.body, [problem.rule for problem in document.problems]) == (front, body, rules)


def test_problems_of_front_matter_count_lines_from_the_top_of_the_file():
    assert problems("---\na: 1\na: 2\n---\n", markdown=True) == [("yaml-duplicate-key", 3, 1)]


# ── Places ──


@pytest.mark.parametrize(
    ("place", "options", "expected"),
    [
        pytest.param(("id",), {}, (2, 5), id="a value"),
        pytest.param(("id",), {"key": True}, (2, 1), id="its key"),
        pytest.param(("empty",), {}, (3, 1), id="the key of an empty value"),
        pytest.param(("criteria", 1, "that"), {}, (8, 11), id="a value in a list"),
        pytest.param(("criteria", 1, "that"), {"offset": 0}, (8, 12), id="its first character, behind the quote"),
        pytest.param(("criteria", 1, "that"), {"offset": 7}, (8, 19), id="a character inside quotes"),
        pytest.param(("criteria", 0, "that"), {"offset": 6}, (6, 17), id="a character of a plain value"),
        pytest.param(("criteria", 1, "build", "for"), {}, (9, 18), id="a value in braces"),
        pytest.param(
            ("criteria", 1, "nothing", "here"), {}, (7, 5), id="a place that is not there: the nearest parent"
        ),
        pytest.param((), {}, (2, 1), id="the whole"),
    ],
)
def test_a_place_has_a_line_and_a_column(place, options, expected):
    source = (
        "---\nid: x\nempty:\ncriteria:\n  - id: c1\n    that: a < 1 s\n"
        "  - id: c2\n    that: 'p95 of x < 1'\n    build: {for: 10 min}\n---\nBody\n"
    )
    assert locate(source, place, **options) == expected


@pytest.mark.parametrize("style", ["", "'", '"', "|", ">"])
@given(value=st.text(st.sampled_from("abc '\"\\é🎉:#-<\n"), min_size=1, max_size=60))
def test_every_character_of_a_value_is_found_where_it_stands(style, value):
    source = yaml.dump(
        {"key": value}, Dumper=yaml.CSafeDumper, default_style=style or None, allow_unicode=True, width=20
    )
    document = read(source.encode())
    tree = document.tree
    assert isinstance(tree, dict)
    [(key, read_value)] = tree.items()
    assert read_value == value
    if style in ("|", ">") and source[source.index(":") + 2] in "|>" and (style == ">" or value != value.strip()):
        return  # folding and trimming inside blocks is followed to the line, not to the character
    for offset, character in enumerate(value):
        line, column = locate(source, (key,), offset=offset)
        found = excerpt(source, line)[column - 1 : column]
        if character not in " \n" and not ("\\" in source and '"' in source):
            assert found == character


def test_a_sentence_that_goes_over_two_lines_has_its_error_on_the_second():
    source = "that: p95 of insight.latency\n  < 1 sx\n"
    assert locate(source, ("that",), offset="p95 of insight.latency < 1 sx".index("sx")) == (2, 7)


# ── One tree, however it is read ──

TREES = st.recursive(
    st.text(st.sampled_from("ab1 ,:{}[]#&*!|>'\"%@`-?\té"), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc-", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(tree=TREES, flow=st.sampled_from([None, True, False]))
def test_what_another_writer_writes_is_read_back_as_it_was(tree, flow):
    source = yaml.dump(tree, Dumper=yaml.CSafeDumper, default_style='"', default_flow_style=flow, allow_unicode=True)
    document = read(source.replace("!!null", "").encode())
    assert (document.tree, document.broken) == (tree, False)


YAML_LIKE = st.lists(
    st.sampled_from(
        ["a", "b: ", "- ", "\n", "  ", "{", "}", "[", "]", ", ", ": ", "'", '"', "#", "? ", "|\n", "x y", "---\n", "1"]
    ),
    max_size=30,
).map("".join)


@given(source=YAML_LIKE)
def test_the_quick_pass_and_the_careful_pass_agree_wherever_nothing_is_wrong(source):
    document = read(source.encode())
    careful = text._careful(source, 0, len(source))
    if not document.problems:
        assert (careful.tree, careful.problems) == (document.tree, [])


@given(source=YAML_LIKE)
def test_the_parser_in_python_gives_the_same_tree_as_the_one_in_c(source):
    fast, pure = text._careful(source, 0, len(source)), text._careful(source, 0, len(source), pure=True)
    if not fast.problems and not pure.problems:
        assert fast.tree == pure.tree
        assert fast.marks.keys() == pure.marks.keys()


def test_without_the_library_in_c_the_parser_in_python_reads(monkeypatch):
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    text._parser.cache_clear()
    try:
        document = read(b"---\nid: x\nlinks: [{refines: a}]\n---\nBody\n", markdown=True)
        assert (document.tree, document.problems) == ({"id": "x", "links": [{"refines": "a"}]}, ())
        assert problems("a: [" + "[" * 2000) == [("too-deep", 1, 53)]
    finally:
        text._parser.cache_clear()


# ── Hostile input ──


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("[" * 100_000, id="brackets"),
        pytest.param("{a: " * 100_000, id="braces"),
        pytest.param("- " * 100_000, id="dashes"),
        pytest.param("? " * 100_000, id="question marks"),
        pytest.param("".join(" " * level + "a:\n" for level in range(900)), id="indentation"),
        pytest.param("- - [" * 30_000, id="a mixture"),
    ],
)
def test_depth_is_refused_quickly(source):
    started = time.process_time()
    assert {"too-deep", "yaml-syntax"} & {rule for rule, *_ in problems(source)}
    assert time.process_time() - started < 2


def test_the_deepest_level_that_is_allowed_is_read():
    source = "[" * MAX_DEPTH + "a" + "]" * MAX_DEPTH
    assert problems(source) == []
    assert problems(f"[{source}]") == [("too-deep", 1, MAX_DEPTH + 1)]


def test_aliases_that_double_each_other_are_never_expanded():
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    document = read(bomb.encode())
    assert document.broken
    assert {problem.rule for problem in document.problems} == {"yaml-anchor"}


def test_a_file_that_is_too_large_is_not_looked_at():
    assert problems(b"a: " + b"b" * MAX_BYTES) == [("too-large", 1, 1)]


def test_ten_thousand_problems_are_the_first_hundred():
    document = read("".join(f"a: {n}\n" for n in range(10_000)).encode())
    assert len(document.problems) == MAX_PROBLEMS


@given(raw=st.binary(max_size=200) | st.text(max_size=80).map(str.encode), markdown=st.booleans())
def test_any_bytes_are_read_without_an_exception_and_every_problem_points_into_the_text(raw, markdown):
    document = read(raw, markdown=markdown)
    lines = document.text.split("\n")
    for problem in document.problems:
        line, column = position(document.text, problem.offset)
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
