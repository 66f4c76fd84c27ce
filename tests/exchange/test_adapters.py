"""Each tool's form of requirements: every item is read or skipped with its reason, and a patch changes nothing else."""

import json

import pytest

from upheld.errors import UpheldError
from upheld.exchange import settings
from upheld.exchange.doorstop import Doorstop
from upheld.exchange.needs import SphinxNeeds
from upheld.exchange.openfasttrace import OpenFastTrace
from upheld.exchange.reqif import ReqIf
from upheld.exchange.table import Table

pytestmark = pytest.mark.upheld("REQ-EXC-001.c1")


def put(folder, **files: str):
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


# ── Doorstop ─────────────────────────────────────────────────────────────────────────────────────────────────────────

SETTINGS = "settings:\n  digits: 3\n  prefix: REQ\n  sep: ''\n"
PARENT = "active: true\nlevel: 1.10\nlinks: []\nnormative: true\nref: ''\ntext: |\n  The basket **shall** cost nothing\n  while it is empty.\n"
CHILD = "active: true\nlinks:\n- REQ001: {seen}\nheader: |\n  Totals\ntext: |\n  Totals shall add up.\nx-team: money\n"


def doorstop(folder, seen: str = "null", **more: str):
    return put(
        folder, _dot_doorstop_dot_yml=SETTINGS, REQ001_dot_yml=PARENT, REQ002_dot_yml=CHILD.format(seen=seen), **more
    )


def by_key(document):
    return {item.key: item for item in document.items}


def test_doorstop_items_keep_their_text_links_and_fingerprints(tmp_path):
    document = Doorstop().read(doorstop(tmp_path), {})

    items = by_key(document)
    assert items["REQ001"].title == "The basket **shall** cost nothing"
    assert items["REQ001"].text == "The basket **shall** cost nothing\nwhile it is empty."
    assert items["REQ002"].title == "Totals"
    assert items["REQ002"].where == "REQ002.yml"
    assert [link.to for link in items["REQ002"].links] == ["REQ001"]
    assert document.left == {"attribute x-team": 1}


def test_the_fingerprint_is_doorstops_own():
    # From Doorstop's own repository, reqs/REQ001.yml: its text and the fingerprint that Doorstop has written beside it.
    from upheld.exchange.doorstop import _Item

    raw = "ref: ''\ntext: |\n  Doorstop **shall** support the storage of external requirements assets.\n"
    assert _Item("REQ001", "REQ001.yml", raw, {}).stamp == "avwblqPimDJ2OgTrRCXxRPN8FQhUBWqPIXm7kSR95C4="


@pytest.mark.parametrize(("seen", "stale"), [("null", False), ("bm90IHRoaXMgb25l=", True)])
def test_a_link_that_has_seen_another_text_is_stale(seen, stale, tmp_path):
    [link] = by_key(Doorstop().read(doorstop(tmp_path, seen), {}))["REQ002"].links
    assert link.stale is stale


def test_a_link_that_has_seen_the_present_text_is_not_stale(tmp_path):
    stamp = by_key(Doorstop().read(doorstop(tmp_path), {}))["REQ001"].kept["stamp"]
    [link] = by_key(Doorstop().read(doorstop(tmp_path, stamp), {}))["REQ002"].links
    assert not link.stale


def test_what_is_no_doorstop_item_is_skipped_with_its_reason(tmp_path):
    folder = doorstop(
        tmp_path, REQ003_dot_yml="active: false\ntext: x\n", REQ004_dot_yml="text: ''\n", notes_dot_md="# notes\n",
        REQ005_dot_yml="text: [\n", sub__dot_doorstop_dot_yml="x",
    )  # fmt: skip
    document = Doorstop().read(folder, {})
    reasons = {s.where: s.reason for s in document.skipped}
    assert reasons["REQ003.yml"] == "is not active"
    assert reasons["REQ004.yml"] == "has neither header nor text"
    assert reasons["notes.md"] == "is not named as an item of REQ"
    assert reasons["REQ005.yml"].startswith("cannot be read:")
    assert len(document.items) == 2


def test_a_patch_of_doorstop_changes_the_text_alone(tmp_path):
    folder = doorstop(tmp_path)
    patched = Doorstop().patch(
        folder, {}, {"REQ001": {"text": "It **shall** cost nothing."}, "REQ002": {"title": "Sums"}}
    )
    before = PARENT.partition("text: |\n")[0]
    assert patched.files["REQ001.yml"].decode() == before + "text: |\n  It **shall** cost nothing.\n"
    assert patched.files["REQ002.yml"].decode() == CHILD.format(seen="null").replace("  Totals\n", "  Sums\n", 1)
    assert patched.lost == ()


def test_a_markdown_item_of_doorstop_is_patched_below_its_front_matter(tmp_path):
    item = "---\nactive: true\nlinks: []\nx-own: 1\n---\n\n# Heading\n\nOld text.\n"
    folder = put(tmp_path, _dot_doorstop_dot_yml=SETTINGS, REQ001_dot_md=item)
    read = by_key(Doorstop().read(folder, {}))["REQ001"]
    assert (read.title, read.text) == ("Heading", "Old text.")
    patched = Doorstop().patch(folder, {}, {"REQ001": {"text": "New text."}})
    assert patched.files["REQ001.md"].decode() == item.replace("Old", "New")


# ── sphinx-needs and OpenFastTrace ───────────────────────────────────────────────────────────────────────────────────


def test_a_real_needs_json_is_read_and_patched(repository, tmp_path):
    path = repository / "samples" / "exchange" / "needs.json"
    document = SphinxNeeds().read(path, {})
    items = by_key(document)
    assert list(items) == ["REQ_001", "SPEC_001", "TEST_001"]
    assert items["SPEC_001"].text == "The total is the sum of the prices.\n\nIt is rounded once, at the end."
    assert [link.to for link in items["SPEC_001"].links] == ["REQ_001"]
    assert document.left["field tags"] == 1
    [after] = SphinxNeeds().patch(path, {}, {"REQ_001": {"title": "Nothing", "text": "Free."}}).files.values()
    before = json.loads(path.read_text())
    need = before["versions"]["1.0"]["needs"]["REQ_001"]
    need["title"], need["content"] = "Nothing", "Free."
    assert json.loads(after) == before


def test_needs_of_other_types_and_without_titles_are_skipped(tmp_path):
    needs = {
        "A": {"id": "A", "title": "a", "type": "test"},
        "B": {"id": "B", "type": "req"},
        "C": {"id": "C", "title": "c", "type": "req"},
    }
    path = tmp_path / "needs.json"
    path.write_text(json.dumps({"current_version": "1", "versions": {"1": {"needs": needs}}}))
    document = SphinxNeeds().read(path, {"types": ["req"]})
    assert [item.key for item in document.items] == ["C"]
    assert [s.reason for s in document.skipped] == ["is of the type test, which is not imported", "has no title"]


OFT = """# Spec

Some words.

## First
`req~first~2`

The first text.

Second paragraph.

Rationale: because.

Covers:

* [Feature](#x) `feat~basket~1`

Needs: dsn, utest

### Second
<a id="x"></a>`req~second.one~1`

Text two.

```
`req~in-a-block~1`
```

`dsn~no-heading~1`
Plain.
"""


def test_openfasttrace_items_are_read_with_what_they_cover(tmp_path):
    path = tmp_path / "spec.md"
    path.write_text(OFT)
    document = OpenFastTrace().read(path, {})
    items = by_key(document)
    assert list(items) == ["req~first~2", "req~second.one~1", "dsn~no-heading~1"]
    first = items["req~first~2"]
    assert (first.id, first.title, first.text) == ("req-first", "First", "The first text.\n\nSecond paragraph.")
    assert [link.to for link in first.links] == ["feat~basket~1"]
    assert first.kept["needs"] == "dsn, utest"
    assert items["req~second.one~1"].id == "req-second-one"
    assert [s.reason for s in document.skipped] == ["req~in-a-block~1 stands in a code block"]


def test_a_patch_of_openfasttrace_changes_heading_and_text_alone(tmp_path):
    path = tmp_path / "spec.md"
    path.write_text(OFT)
    patched = OpenFastTrace().patch(
        path, {}, {"req~first~2": {"title": "The First", "text": "One line."}, "x~y~1": {"text": ""}}
    )
    [after] = patched.files.values()
    assert after.decode() == OFT.replace("## First", "## The First").replace(
        "The first text.\n\nSecond paragraph.", "One line."
    )
    assert patched.lost == ("x~y~1: is no longer in the document",)


# ── ReqIF ────────────────────────────────────────────────────────────────────────────────────────────────────────────

REQIF = """<?xml version="1.0" encoding="UTF-8"?>
<REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd" xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:own="urn:own">
  <CORE-CONTENT><REQ-IF-CONTENT>
    <SPEC-TYPES><SPEC-OBJECT-TYPE IDENTIFIER="t"><SPEC-ATTRIBUTES>
      <ATTRIBUTE-DEFINITION-STRING IDENTIFIER="d1" LONG-NAME="ReqIF.ForeignID"/>
      <ATTRIBUTE-DEFINITION-STRING IDENTIFIER="d2" LONG-NAME="ReqIF.Name"/>
      <ATTRIBUTE-DEFINITION-XHTML IDENTIFIER="d3" LONG-NAME="ReqIF.Text"/>
      <ATTRIBUTE-DEFINITION-STRING IDENTIFIER="d4" LONG-NAME="Team"/>
    </SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE></SPEC-TYPES>
    <SPEC-OBJECTS>
      <SPEC-OBJECT IDENTIFIER="_a"><VALUES>
        <ATTRIBUTE-VALUE-STRING THE-VALUE="REQ-1"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>d1</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
        <ATTRIBUTE-VALUE-STRING THE-VALUE="Free"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>d2</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
        <ATTRIBUTE-VALUE-STRING THE-VALUE="money"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>d4</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
        <ATTRIBUTE-VALUE-XHTML><THE-VALUE><xhtml:div><xhtml:p>An empty
          basket costs <xhtml:b>nothing</xhtml:b>.</xhtml:p><xhtml:ul><xhtml:li>ever</xhtml:li></xhtml:ul></xhtml:div></THE-VALUE><DEFINITION><ATTRIBUTE-DEFINITION-XHTML-REF>d3</ATTRIBUTE-DEFINITION-XHTML-REF></DEFINITION></ATTRIBUTE-VALUE-XHTML>
      </VALUES></SPEC-OBJECT>
      <SPEC-OBJECT IDENTIFIER="_b" LONG-NAME="Second"/>
      <SPEC-OBJECT IDENTIFIER="_c"/>
    </SPEC-OBJECTS>
    <SPEC-RELATIONS>
      <SPEC-RELATION IDENTIFIER="r1"><SOURCE><SPEC-OBJECT-REF>_b</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>_a</SPEC-OBJECT-REF></TARGET></SPEC-RELATION>
      <SPEC-RELATION IDENTIFIER="r2"><SOURCE><SPEC-OBJECT-REF>_b</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>_z</SPEC-OBJECT-REF></TARGET></SPEC-RELATION>
    </SPEC-RELATIONS>
  </REQ-IF-CONTENT></CORE-CONTENT>
  <TOOL-EXTENSIONS><REQ-IF-TOOL-EXTENSION><own:thing deep="1"/></REQ-IF-TOOL-EXTENSION></TOOL-EXTENSIONS>
</REQ-IF>
"""


@pytest.fixture
def reqif(tmp_path):
    path = tmp_path / "spec.reqif"
    path.write_text(REQIF)
    return path


def canonical(data: bytes) -> bytes:
    from lxml import etree

    return etree.tostring(etree.fromstring(data), method="c14n")


def test_reqif_objects_are_read_through_a_guessed_mapping(reqif):
    mapping = ReqIf().guess(reqif)
    assert mapping == {"id": "ReqIF.ForeignID", "title": "ReqIF.Name", "text": "ReqIF.Text"}
    document = ReqIf().read(reqif, mapping)
    items = by_key(document)
    assert (items["_a"].id, items["_a"].title) == ("REQ-1", "Free")
    assert items["_a"].text == "An empty basket costs nothing.\n\never"
    assert (items["_b"].id, items["_b"].title, [link.to for link in items["_b"].links]) == ("b", "Second", ["_a"])
    assert [s.reason for s in document.skipped] == [
        "is a relation whose target is not in the document", "has neither title nor text",
    ]  # fmt: skip
    assert document.left == {"attribute Team": 1, "tool extensions": 1}


def test_a_patch_of_reqif_keeps_everything_foreign(reqif):
    changes = {"_a": {"title": "Costs nothing", "text": "First.\n\nSecond."}, "_b": {"title": "2nd", "text": "x"}}
    patched = ReqIf().patch(reqif, ReqIf().guess(reqif), changes)
    [after] = patched.files.values()
    old = REQIF[REQIF.index("<xhtml:div>") : REQIF.index("</THE-VALUE>")]
    expected = REQIF.replace('THE-VALUE="Free"', 'THE-VALUE="Costs nothing"').replace(
        'LONG-NAME="Second"', 'LONG-NAME="2nd"'
    )
    expected = expected.replace(old, "<xhtml:div><xhtml:p>First.</xhtml:p><xhtml:p>Second.</xhtml:p></xhtml:div>")
    assert canonical(after) == canonical(expected.encode())
    assert patched.lost == ("_b: its text has no attribute there that could hold it",)


def test_a_mapping_to_an_attribute_that_is_not_there_is_refused(reqif):
    with pytest.raises(UpheldError, match=r'no attribute "Statement" for text; it has ReqIF.ForeignID'):
        ReqIf().read(reqif, {"text": "Statement"})


@pytest.mark.parametrize(
    ("content", "reason"),
    [("<REQ-IF", "is no XML"), ("", "is no XML"), ("<html/>", "has the root <html>"),
     ('<!DOCTYPE REQ-IF [<!ENTITY a "b">]><REQ-IF>&a;</REQ-IF>', "declares a document type")],
)  # fmt: skip
def test_what_is_no_reqif_is_refused(content, reason, tmp_path):
    path = tmp_path / "x.reqif"
    path.write_text(content)
    with pytest.raises(UpheldError, match=reason):
        ReqIf().read(path, {})


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────

CSV = 'Key;Summary;Description;Parent;Team\nR-1;Free;"Costs; nothing\nat all";;money\nR-2;Sums;;R-1, R-9;\n;No key;;;\nR-1;Twice;;;\nR-3;;;;\n'


def workbook(folder):
    import csv

    import openpyxl

    book = openpyxl.Workbook()
    for row in csv.reader(CSV.splitlines(keepends=True), delimiter=";"):
        book.active.append(row)
    book.active["A2"].comment = None
    path = folder / "t.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_tables_are_read_by_a_guessed_mapping(form, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(CSV)
    path = path if form == "csv" else workbook(tmp_path)
    mapping = Table().guess(path)
    assert mapping == {"id": "Key", "title": "Summary", "text": "Description", "links": "Parent"}
    document = Table().read(path, mapping)
    items = by_key(document)
    assert (items["R-1"].title, items["R-1"].text) == ("Free", "Costs; nothing\nat all")
    assert [link.to for link in items["R-2"].links] == ["R-1", "R-9"]
    assert [s.reason.split(" of ")[0] for s in document.skipped] == ["has no id", "has the id R-1", "R-3 has no title"]
    assert document.left == {"column Team": 1}


def test_a_patch_of_a_csv_changes_its_cell_alone(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(CSV)
    patched = Table().patch(path, Table().guess(path), {"R-2": {"title": "Totals", "status": "x"}})
    assert patched.files[""].decode() == CSV.replace("R-2;Sums", "R-2;Totals")
    assert patched.lost == ("R-2: its status has no column in the mapping",)


def test_a_patch_of_a_workbook_changes_its_cell_alone(tmp_path):
    path = workbook(tmp_path)
    patched = Table().patch(path, Table().guess(path), {"R-2": {"title": "Totals"}})
    path.write_bytes(patched.files[""])
    assert by_key(Table().read(path, Table().guess(path)))["R-2"].title == "Totals"


TABLES_REFUSED = {
    "no header that tells": ("a,b\n1,2\n", "which columns are id and title"),
    "an empty file": ("", "has no header"),
    "a quote that does not end": ('id,title\n1,"x\n', "is no CSV"),
}


@pytest.mark.parametrize("what", TABLES_REFUSED)
def test_a_table_that_cannot_be_read_says_why(what, tmp_path):
    content, reason = TABLES_REFUSED[what]
    path = tmp_path / "t.csv"
    path.write_text(content)
    with pytest.raises(UpheldError, match=reason):
        Table().read(path, Table().guess(path))


def test_a_workbook_that_is_none_is_refused(tmp_path):
    path = tmp_path / "t.xlsx"
    path.write_text("no zip")
    with pytest.raises(UpheldError, match="is no workbook"):
        Table().guess(path)


# ── Which form it is ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_forms_that_claim_a_document_are_both_named(tmp_path):
    doorstop(tmp_path, spec_dot_md=OFT)
    with pytest.raises(UpheldError, match=r"could be Doorstop documents .* or OpenFastTrace Markdown .*; give --as"):
        settings.adapter(tmp_path)
    assert settings.adapter(tmp_path, "doorstop").name == "doorstop"


def test_what_is_no_document_of_any_tool_says_what_was_tried(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("x")
    with pytest.raises(UpheldError, match="is none of Doorstop documents, ReqIF document"):
        settings.adapter(path)
